package graph

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/internal/npz"
)

func save(t *testing.T, arrays ...npz.Array) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "net.npz")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := npz.Write(file, arrays...); err != nil {
		t.Fatal(err)
	}
	return path
}

func numbers(name string, rows, columns int, values ...float64) npz.Array {
	return npz.Array{Name: name, Shape: []int{rows, columns}, Floats: values}
}

func words(name string, values ...string) npz.Array {
	return npz.Array{Name: name, Shape: []int{len(values)}, Strings: values}
}

func TestLoad(t *testing.T) {
	weights := npz.Array{Name: "weights", Shape: []int{2, 2}, Ints: []int64{0, 3, 4, 0}}
	for name, files := range map[string][]npz.Array{
		"first names":  {words("region_labels", "a", "b"), numbers("lengths", 2, 2, 0, 30, 40, 0), numbers("centres", 2, 3, 1, 2, 3, 4, 5, 6), words("names", "ignored", "ignored")},
		"second names": {words("labels", "a", "b"), numbers("tract_lengths", 2, 2, 0, 30, 40, 0), numbers("centers", 2, 3, 1, 2, 3, 4, 5, 6)},
		"third names":  {words("names", "a", "b"), numbers("lengths", 2, 2, 0, 30, 40, 0), numbers("positions", 2, 3, 1, 2, 3, 4, 5, 6)},
	} {
		g, err := Load(save(t, append(files, weights)...))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		equal(t, name, g.Labels(), []string{"a", "b"})
		equal(t, name, g.Weights(), []float64{0, 3, 4, 0})
		equal(t, name, g.Lengths(), []float64{0, 30, 40, 0})
		equal(t, name, g.Centres(), [][3]float64{{1, 2, 3}, {4, 5, 6}})
	}
	g, err := Load(save(t, weights))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "default labels", g.Labels(), []string{"R01", "R02"})
	if g.Lengths() != nil || g.Centres() != nil || !strings.HasPrefix(g.Info(), "graph of 2 regions, R01 … R02 (net.npz)\n") {
		t.Errorf("lengths %v, centres %v, %s", g.Lengths(), g.Centres(), g.Info())
	}
}

func TestLoadErrors(t *testing.T) {
	square := numbers("weights", 2, 2, 0, 1, 1, 0)
	for _, c := range []struct {
		arrays []npz.Array
		want   string // PATH stands for the file's path
	}{
		{[]npz.Array{numbers("fc", 1, 1, 0)}, `graph: PATH: no member "weights"; it holds: "fc"`},
		{[]npz.Array{{Name: "weights", Shape: []int{0, 5}, Floats: []float64{}}}, "graph: the weights have no rows; give a square matrix, one row per target, one column per source\n(in PATH)"},
		{[]npz.Array{{Name: "weights", Shape: []int{4}, Floats: []float64{0, 1, 1, 0}}}, `graph: PATH: npz: member "weights" has shape (4,); a matrix is wanted here`},
		{[]npz.Array{words("weights", "a")}, `graph: PATH: npz: member "weights" has shape (1,); a matrix is wanted here`},
		{[]npz.Array{numbers("weights", 2, 2, 0, math.NaN(), 1, 0), words("labels", "V1", "MT")}, "graph: weight from \"MT\" to \"V1\" is NaN; weights must be finite numbers: mend the data or set it to 0\n(in PATH)"},
		{[]npz.Array{square, words("labels", "V1")}, "graph: 1 labels for 2 regions: give one label per region\n(in PATH)"},
		{[]npz.Array{square, words("labels", "V1", "V1")}, "graph: regions 1 and 2 are both labelled \"V1\": labels must differ\n(in PATH)"},
		{[]npz.Array{square, numbers("labels", 1, 2, 1, 2)}, `graph: PATH: member "labels" is of type <f8 with shape [1 2]; a list of strings is wanted: save it with numpy.array(names, dtype=str)`},
		{[]npz.Array{square, numbers("lengths", 1, 1, 0)}, "graph: the matrix of lengths has 1 rows for 2 regions: give one row per target, one column per source\n(in PATH)"},
		{[]npz.Array{square, {Name: "lengths", Shape: []int{0, 5}, Floats: []float64{}}}, "graph: the matrix of lengths has 0 rows for 2 regions: give one row per target, one column per source\n(in PATH)"},
		{[]npz.Array{square, numbers("centres", 2, 2, 0, 1, 2, 3)}, `graph: PATH: the centres have 2 columns; three are wanted: x, y, z in mm`},
		{[]npz.Array{square, numbers("centres", 1, 3, 0, 1, 2)}, "graph: 1 centres for 2 regions: give one position per region\n(in PATH)"},
	} {
		path := save(t, c.arrays...)
		_, err := Load(path)
		if want := strings.ReplaceAll(c.want, "PATH", path); fmt.Sprint(err) != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	_, err := Load("net.mat")
	if want := "graph: net.mat has the extension \".mat\"; read are .npz (NumPy), .zip (The Virtual Brain), a folder, and tables:\n" +
		"weights.csv or \"weights.csv,lengths.csv\" (.csv, .tsv, .txt): save it as one of these"; fmt.Sprint(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, err = Load("absent.npz"); err == nil || !strings.HasPrefix(err.Error(), "graph: npz: open absent.npz") {
		t.Errorf("absent file: %v", err)
	}
	path := filepath.Join(t.TempDir(), "garbage.npz")
	os.WriteFile(path, []byte("garbage"), 0o600)
	_, err = Load(path)
	if want := "graph: npz: garbage.npz (7 bytes) is no .npz archive: zip: not a valid zip file\nit may be truncated or of another format: write it with numpy.savez"; fmt.Sprint(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// A measured connectome in Fortran order; the numbers are those that NumPy 2.4.6 shows.
func TestLoadMeasured(t *testing.T) {
	g, err := Load(golden.Path(t, "data", "dk_average", "structural.npz"))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "N", g.N(), 84)
	equal(t, "label", g.Labels()[1], "L.CACG")
	equal(t, "label", g.Labels()[83], "R.CER")
	for _, c := range []struct {
		target, source int
		weight, length float64
	}{
		{0, 1, 6.955407053270109, 142.4757179211791},
		{3, 50, 3.7041276065827025, 164.1541781190919},
		{83, 2, 198.27939368194828, 171.94403867770538},
	} {
		e := c.target*84 + c.source
		equal(t, "weight", g.Weights()[e], c.weight)
		equal(t, "length", g.Lengths()[e], c.length)
	}
	equal(t, "longest", g.MaxLength(), 224.21620393945554)
	equal(t, "density", g.Density(), 1.0)
	equal(t, "symmetric", g.symmetric(), true)
	mean, most := inStrength(g.NormalizeMax())
	if math.Abs(mean-1.5310) > 1e-4 || math.Abs(most-5.8683) > 1e-4 {
		t.Errorf("in-strength: mean %v, largest %v, want 1.5310, 5.8683", mean, most)
	}
}

// inStrength is the mean and the largest in-strength.
func inStrength(g *Graph) (mean, most float64) {
	for _, s := range g.InStrength() {
		mean += s / float64(g.N())
		most = max(most, s)
	}
	return mean, most
}
