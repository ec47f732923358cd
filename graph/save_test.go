package graph

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sameBits compares what files hold of two graphs.
func sameBits(t testing.TB, what string, got, want *Graph) {
	t.Helper()
	bits := func(values []float64) []uint64 {
		out := make([]uint64, len(values))
		for i, v := range values {
			out[i] = math.Float64bits(v)
		}
		return out
	}
	if !slices.Equal(bits(got.Weights()), bits(want.Weights())) || !slices.Equal(bits(got.Lengths()), bits(want.Lengths())) {
		t.Errorf("%s: weights or lengths differ:\n%v\n%v\n%v\n%v", what, got.Weights(), want.Weights(), got.Lengths(), want.Lengths())
	}
	if (got.Lengths() == nil) != (want.Lengths() == nil) || !slices.Equal(got.Labels(), want.Labels()) {
		t.Errorf("%s: labels %q, want %q, lengths %t, want %t", what, got.Labels(), want.Labels(), got.Lengths() != nil, want.Lengths() != nil)
	}
}

// numeric is a graph whose numbers and labels are hard to keep in text.
func numeric() *Graph {
	third := 1.0 / 3
	return FromDense([][]float64{{0, third, 5e-324}, {math.Copysign(0, -1), 1e300, -2.5}, {math.MaxFloat64, 1 << 60, 0.1}}).
		WithLengths([][]float64{{0, 100 * third, 3}, {1e-9, 0, 4}, {5, 6, 7}}).
		WithCentres([][3]float64{{1, 2, third}, {-1e-7, 5, 6}, {7, 8, 9}}).
		WithLabels([]string{`#a, "b";`, "  left\tV1 ", "7"})
}

func TestSaveAndLoad(t *testing.T) {
	plain := FromDense([][]float64{{0, 2}, {3, 0}})
	digits := plain.WithLabels([]string{"2", "10"})
	one := FromDense([][]float64{{0.5}}).WithLabels([]string{"nan"}).WithLengths([][]float64{{0}})
	noLengths := plain.WithLabels([]string{"label x", "1 2 3"}).WithCentres([][3]float64{{1, 2, 3}, {4, 5, 6}})
	for _, c := range []struct {
		name    string
		graph   *Graph
		path    string
		centres bool
	}{
		{"npz", numeric(), "g.npz", true},
		{"csv", numeric(), "w.csv,l.csv", false},
		{"csv with regions", numeric(), "w.csv, l.csv, r.csv", true},
		{"tsv", numeric(), "w.tsv,l.TSV,r.tsv", true},
		{"text as of TVB", numeric(), "weights.txt,tract_lengths.txt,centres.txt", true},
		{"plain npz", plain, "g.NPZ", false},
		{"plain csv", plain, "w.csv", false},
		{"plain text", plain, "w.txt", false},
		{"labels of digits", digits, "w.csv", false},
		{"labels of digits apart", digits, "w.txt,,r.txt", false},
		{"one region", one, "w.csv,l.tsv", false},
		{"one region apart", one, "w.txt,l.txt,r.txt", false},
		{"labels like comments", plain.WithLabels([]string{"#1", "\ufeff2"}), "w.csv,,r.txt", false},
		{"no lengths", noLengths, "w.csv,,r.csv", true},
		{"no lengths npz", noLengths, "g.npz", true},
		{"example", Example(), "e.csv,l.csv,r.tsv", true},
	} {
		dir := t.TempDir()
		paths := strings.Split(c.path, ",")
		for i, p := range paths {
			if p != "" {
				paths[i] = filepath.Join(dir, strings.TrimSpace(p))
			}
		}
		path := strings.Join(paths, ",")
		if err := c.graph.Save(path); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		g, err := Load(path)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		sameBits(t, c.name, g, c.graph)
		if c.centres {
			equal(t, c.name, g.Centres(), c.graph.Centres())
		}
		if strings.HasPrefix(c.path, "weights.txt") {
			if g, err = Load(dir); err != nil {
				t.Fatal(err)
			}
			sameBits(t, "folder", g, c.graph)
		}
		count := 0
		for _, p := range paths {
			if p == "" {
				continue
			}
			count++
			if info, err := os.Stat(p); err != nil || info.Mode().Perm() != 0o644 {
				t.Errorf("%s: %v %v", c.name, info, err)
			}
		}
		if entries, _ := os.ReadDir(dir); len(entries) != count {
			t.Errorf("%s: files left behind: %v", c.name, entries)
		}
	}
}

func TestSaveSparse(t *testing.T) {
	g := FromEdges(3, []Edge{{2, 0, 0.5, 10}, {0, 1, -4, 20}})
	path := filepath.Join(t.TempDir(), "g.npz")
	if err := g.Save(path); err != nil {
		t.Fatal(err)
	}
	back, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "weights", back.Weights(), []float64{0, -4, 0, 0, 0, 0, 0.5, 0, 0})
	sameBits(t, "sparse again", back.Sparse(0), g)
}

func TestSaveText(t *testing.T) {
	g := FromDense([][]float64{{0, 0.1}, {1e-7, 0}}).WithLabels([]string{"V1", "a b"}).WithCentres([][3]float64{{1, 2, 3}, {4, 5, 6.5}})
	dir := t.TempDir()
	w, r := filepath.Join(dir, "w.csv"), filepath.Join(dir, "r.txt")
	if err := g.Save(w + ",," + r); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{w: ",V1,\"a b\"\nV1,0,0.1\n\"a b\",1e-07,0\n", r: "V1 1 2 3\n\"a b\" 4 5 6.5\n"} {
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v, want %q", path, got, err, want)
		}
	}
}

func TestSaveErrors(t *testing.T) {
	plain := FromDense([][]float64{{0, 2}, {3, 0}})
	long := plain.WithLengths([][]float64{{0, 2}, {3, 0}})
	named := plain.WithLabels([]string{"V1", "MT"})
	dir := put(t, "file", "", "folder.csv/x", "")
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, c := range []struct {
		graph *Graph
		path  string
		want  string
	}{
		{FromDense(nil), "g.npz", "graph: the weights have no rows; give a square matrix, one row per target, one column per source"},
		{plain.WithDelays([][]float64{{0, 1}, {1, 0}}), "g.npz", "graph: Save: the delays were given themselves, and files hold lengths: save WithoutDelays and give them again after Load"},
		{FromEdges(20_000, nil), "g.npz", "graph: Save: 20000 regions make matrices of 400000000 numbers, and Load reads at most 134217728: keep the list of edges in a file of your own, or save parts"},
		{FromEdges(8_000, nil), "g.csv", "graph: Save: 8000 regions make matrices of 64000000 numbers, and Load reads at most 42949672 of text (.npz takes more): keep the list of edges in a file of your own, or save parts"},
		{FromEdges(math.MaxInt32, nil), "g.npz", "graph: Save: 2147483647 regions make matrices of 4611686014132420609 numbers, and Load reads at most 134217728: keep the list of edges in a file of your own, or save parts"},
		{plain, "g.mat", `graph: Save: "g.mat" has the extension ".mat"; .npz, .csv, .tsv or .txt is wanted, as in "net.npz" or "weights.csv,lengths.csv"`},
		{plain, "", `graph: Save: "" has the extension ""; .npz, .csv, .tsv or .txt is wanted, as in "net.npz" or "weights.csv,lengths.csv"`},
		{plain, "w.csv.bz2", `graph: Save: "w.csv.bz2" has the extension ".bz2"; .npz, .csv, .tsv or .txt is wanted, as in "net.npz" or "weights.csv,lengths.csv"`},
		{plain, "w.csv,,r", `graph: Save: "r" has the extension ""; .npz, .csv, .tsv or .txt is wanted, as in "net.npz" or "weights.csv,lengths.csv"`},
		{plain, "w.csv,,,", `graph: Save: "w.csv,,," lists 4 files; at most three are wanted: "weights.csv,lengths.csv,regions.csv"`},
		{plain, "w.csv,,./w.csv", `graph: Save: "./w.csv" stands twice in the list: give each file a name of its own`},
		{plain, "w.csv,l.csv", `graph: Save: the graph has no lengths for "l.csv": write "w.csv" alone, or "weights.csv,,regions.csv"`},
		{long, "w.csv", `graph: Save: "w.csv" has no place for the lengths: write "weights.csv,lengths.csv", or .npz`},
		{named, "w.txt", `graph: Save: a matrix in .txt has no place for labels: write "w.txt,,centres.txt", or .csv`},
		{plain.WithLabels([]string{"V1", "a\nb"}), "w.csv", `graph: Save: label "a\nb" of region 2 holds a line break, which a table has no place for: save as .npz, or rename it by WithLabels`},
		{plain.WithLabels([]string{"V1", "\xff"}), "w.csv", `graph: Save: label "\xff" of region 2 is not UTF-8 text: rename it by WithLabels`},
		{plain.WithLabels([]string{"V1", strings.Repeat("a", 300)}), "w.csv", `graph: Save: label "` + strings.Repeat("a", 40) + `…" of region 2 has 300 bytes; at most 256 fit a table: rename it by WithLabels`},
		{plain.WithLabels([]string{"V1", "\xff"}), at("g.npz"), `graph: Save: ` + at("g.npz") + `: npz: member "region_labels": string 1 is "\xff"; only UTF-8`},
		{plain, at("absent/g.npz"), `graph: Save: cannot write "` + at("absent/g.npz") + `": the folder "` + at("absent") + `" does not exist; create it or choose another path: open `},
		{plain, at("file/w.csv"), `graph: Save: cannot write "` + at("file/w.csv") + `": "` + at("file") + `" is a file, not a folder; choose another path: open `},
		{plain, at("folder.csv"), `graph: Save: cannot write "` + at("folder.csv") + `": it is a folder; add a file name such as connectome.npz: rename `},
	} {
		if err := c.graph.Save(c.path); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("files left behind: %v", entries)
	}
}

// A file that cannot be completed leaves those that were there as they were.
func TestSaveKeepsFormer(t *testing.T) {
	dir := put(t, "a", "former", "b", "former")
	fine := func(w io.Writer) error { _, err := io.Copy(w, bytes.NewReader([]byte("new"))); return err }
	full := errors.New("disk full")
	err := writeFiles([]output{{filepath.Join(dir, "a"), fine}, {filepath.Join(dir, "b"), func(w io.Writer) error { fine(w); return full }}})
	if !errors.Is(err, full) {
		t.Error(err)
	}
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if text, _ := os.ReadFile(filepath.Join(dir, entry.Name())); string(text) != "former" {
			t.Errorf("%s holds %q", entry.Name(), text)
		}
	}
	equal(t, "files", fmt.Sprint(len(entries)), "2")
}
