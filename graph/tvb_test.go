package graph

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
)

// The three files of a small connectivity, and the same packed by bzip2.
const (
	tvbWeights = "0 2.5\n1.25 0\n"
	tvbLengths = "0 30\n40 0\n"
	tvbCentres = "rA 1 2 3\nlA -1 2 3\n"

	bz2Weights = "QlpoOTFBWSZTWU5BR+YAAAPYAAAQQAFyACAAISmmmQhgHRSyCo/F3JFOFCQTkFH5gA=="
	bz2Lengths = "QlpoOTFBWSZTWWlEsjMAAAPYAAAQQABMACAAIYNBmgqVwacXckU4UJBpRLIz"
	bz2Centres = "QlpoOTFBWSZTWfOz9egAAAldgAAQQAI4ACAAAAQQACAAISgZAgyYhDEMQ5De48XckU4UJDzs/XoA"

	// Three million blanks.
	bz2Blanks = "QlpoOTFBWSZTWTYzv1AAFvoQCMAAQAAACCAAMMwJqmmpAi2pIEXi7kinChIGxnfqAA=="
)

func unpack(t testing.TB, text string) string {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// zipped is an archive of members given as name, text, name, text …
func zipped(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(pairs[i+1]))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unzip(data []byte) (*Graph, error) {
	g, err := fromZip(bytes.NewReader(data), int64(len(data)), "net.zip", newBudget())
	if err == nil {
		err = g.Err()
	}
	return g, err
}

func checkTVB(t *testing.T, what string, g *Graph) {
	t.Helper()
	equal(t, what, g.Labels(), []string{"rA", "lA"})
	equal(t, what, g.Weights(), []float64{0, 2.5, 1.25, 0})
	equal(t, what, g.Lengths(), []float64{0, 30, 40, 0})
	equal(t, what, g.Centres(), [][3]float64{{1, 2, 3}, {-1, 2, 3}})
}

func TestTVBMembers(t *testing.T) {
	for name, pairs := range map[string][]string{
		"plain":                       {"weights.txt", tvbWeights, "tract_lengths.txt", tvbLengths, "centres.txt", tvbCentres},
		"bzip2":                       {"weights.txt.bz2", unpack(t, bz2Weights), "tract_lengths.txt.bz2", unpack(t, bz2Lengths), "centres.txt.bz2", unpack(t, bz2Centres)},
		"by substring":                {"my_weights_v2.txt", tvbWeights, "MY_TRACT_LENGTHS", tvbLengths, "my_centers.txt", tvbCentres},
		"exact name":                  {"log_weights.txt", "x", "weights.txt", tvbWeights, "lengths.csv", "0,30\n40,0", "centres.txt", tvbCentres},
		"one folder":                  {"net/weights.txt", tvbWeights, "net/tract_lengths.txt", tvbLengths, "net/centres.txt", tvbCentres},
		"folder of a misleading name": {"weights/centres.txt", tvbCentres, "weights/weights.txt", tvbWeights, "weights/tract_lengths.txt", tvbLengths},
		"leftovers": {"__MACOSX/._weights.txt", "x", "__MACOSX/weights.txt", "x", ".weights.txt", "x", ".git/weights.txt", "x", "weights.png", "x",
			"weights.npy", "x", "areas.txt", "x", "hemispheres.txt", "x", "cortical.txt", "x", "average_orientations.txt", "x", "info/", "",
			"weights.txt", tvbWeights, "tract_lengths.txt", tvbLengths, "centres.txt", tvbCentres},
		"separate labels":   {"weights.txt", tvbWeights, "tract_lengths.txt", tvbLengths, "centres.txt", "1 2 3\n-1 2 3\n", "region_labels.txt", "rA\nlA\n"},
		"tabs and blanks":   {"weights.txt", " 0\t 2.5 \n1.25 \t0\n", "tract_lengths.txt", "0 \t30\n40\t0", "centres.txt", "rA\t1 2  3\nlA \t-1 2 3\n"},
		"heading":           {"weights.txt", tvbWeights, "tract_lengths.txt", tvbLengths, "centres.txt", "label x y z\n" + tvbCentres},
		"names that climb":  {"../../weights.txt", tvbWeights, "/tract_lengths.txt", tvbLengths, `..\..\centres.txt`, tvbCentres},
		"labels everywhere": {"weights.csv", "rA,lA\n0,2.5\n1.25,0\n", "tract_lengths.txt", tvbLengths, "centres.txt", tvbCentres},
	} {
		g, err := unzip(zipped(t, pairs...))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkTVB(t, name, g)
	}
	for _, path := range []string{"../../weights.txt", "/tract_lengths.txt", "../../centres.txt"} {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s was written to disk", path)
		}
	}
}

func TestLoadZipAndFolder(t *testing.T) {
	files := []string{"weights.txt", tvbWeights, "tract_lengths.txt.bz2", unpack(t, bz2Lengths), "centres.txt", tvbCentres, ".DS_Store", "x"}
	nested := append([]string{}, files...)
	for i := 0; i < len(nested); i += 2 {
		nested[i] = "inside/" + nested[i]
	}
	zipPath := filepath.Join(put(t, "net.zip", string(zipped(t, files...))), "net.zip")
	folder := put(t, files...)
	for _, path := range []string{zipPath, folder, folder + "/", put(t, nested...), put(t, append(nested, ".hidden/x", "")...)} {
		g, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		checkTVB(t, path, g)
		equal(t, "origin", g.origin, filepath.Base(path))
	}
	bad := put(t, "weights.txt", tvbWeights)
	_, err := Load(bad)
	if want := "graph: " + bad + ": no text file \"tract_lengths\"; it holds: \"weights.txt\"\n" +
		"weights, tract_lengths and centres (lines \"label x y z\") are wanted: add it, or load the tables that are there by \"weights.txt,lengths.txt\" or \"weights.txt\""; fmt.Sprint(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	for _, dir := range []string{t.TempDir(), put(t, "a/b/weights.txt", tvbWeights), put(t, "a/weights.txt", tvbWeights, "b/weights.txt", tvbWeights)} {
		if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), `no text file "weights"; it holds: no files`) {
			t.Errorf("%v", err)
		}
	}
}

func TestTVBErrors(t *testing.T) {
	good := []string{"weights.txt", tvbWeights, "tract_lengths.txt", tvbLengths, "centres.txt", tvbCentres}
	with := func(i int, text string) []byte {
		pairs := append([]string{}, good...)
		pairs[2*i+1] = text
		return zipped(t, pairs...)
	}
	const wanted = "\nweights, tract_lengths and centres (lines \"label x y z\") are wanted: "
	const tables = "add it, or load the tables that are there by \"weights.txt,lengths.txt\" or \"weights.txt\""
	whole := zipped(t, good...)
	damaged := bytes.Clone(whole)
	damaged[bytes.Index(damaged, []byte("weights.txt"))+len("weights.txt")+3] ^= 0x55
	locked := bytes.Clone(whole)
	locked[bytes.Index(locked, []byte("PK\x01\x02"))+8] |= 1
	for _, c := range []struct {
		name string
		data []byte
		want string // the beginning
	}{
		{"no archive", []byte("garbage"), "net.zip (7 bytes) is no .zip archive: zip: not a valid zip file\nit may be truncated or of another format: "},
		{"truncated", whole[:len(whole)-30], fmt.Sprintf("net.zip (%d bytes) is no .zip archive: zip: not a valid zip file\n", len(whole)-30)},
		{"empty", zipped(t), `net.zip: no text file "weights"; it holds: no files` + wanted + tables},
		{"damaged", damaged, `net.zip, member "weights.txt", `},
		{"encrypted", locked, `net.zip, member "weights.txt" is encrypted: pack it without a password`},
		{"NumPy", zipped(t, "weights.npy", ""), `net.zip: no text file "weights"; it holds: "weights.npy"` + wanted + `if this is an archive of NumPy, rename it to .npz`},
		{"without weights", zipped(t, good[2:]...), `net.zip: no text file "weights"; it holds: "tract_lengths.txt", "centres.txt"` + wanted},
		{"without centres", zipped(t, good[:4]...), `net.zip: no text file "centres"; it holds: "weights.txt", "tract_lengths.txt"` + wanted},
		{"two folders", zipped(t, "a/weights.txt", "", "b/weights.txt", ""), `net.zip: "a/weights.txt" and "b/weights.txt" could both be "weights"; one is wanted: rename or remove the other`},
		{"two names", zipped(t, "weights_a.txt", "", "weights_b.txt", ""), `net.zip: "weights_a.txt" and "weights_b.txt" could both be "weights"; one is wanted: `},
		{"many members", zipped(t, strings.Split(strings.Repeat("m,,", 20)+"m,", ",")...), `net.zip: no text file "weights"; it holds: "m", "m", "m", "m", "m", "m", "m", "m", …` + wanted},
		{"a cell", with(0, "0 1\n1 x\n"), `net.zip, member "weights.txt", line 2, column 2: "x" is no number; `},
		{"ragged", with(1, "0 1\n1\n"), `net.zip, member "tract_lengths.txt", line 2 has 1 cells, line 1 has 2; `},
		{"not square", with(1, "0 1 2\n1 2 3\n"), `net.zip, member "tract_lengths.txt" holds 2 rows of 3 numbers;`},
		{"NaN", with(0, "0 1\nNaN 1\n"), `graph: weight from "rA" to "lA" is NaN; `},
		{"negative length", with(1, "0 1\n-1 0\n"), `graph: length from "rA" to "lA" is -1 mm; lengths must be finite and ≥ 0: `},
		{"few centres", with(2, "rA 1 2 3\n"), `graph: 1 labels for 2 regions: give one label per region`},
		{"no positions", with(2, "rA\nlA\n"), `net.zip, member "centres.txt" holds no positions; a line "label x y z" (mm) for each region is wanted`},
		{"no bzip2", zipped(t, "weights.txt.bz2", tvbWeights, "lengths", tvbLengths, "centres", tvbCentres), `net.zip, member "weights.txt.bz2", after line 0: bzip2 data invalid: bad magic value`},
	} {
		g, err := unzip(c.data)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Count(err.Error(), "\n") > 3 {
			t.Errorf("%s: %v\ngot  %v\nwant %s", c.name, g, err, c.want)
		}
	}
}

// Small archives that unpack to much stop at the limit, whatever packs them.
func TestTVBBombs(t *testing.T) {
	blanks := strings.Repeat(" ", 3_000_000)
	packed := unpack(t, bz2Blanks)
	for name, weights := range map[string][]string{
		"deflate":             {"weights.txt", blanks},
		"bzip2":               {"weights.txt.bz2", packed},
		"empty bzip2 streams": {"weights.txt.bz2", strings.Repeat("BZh9\x17\x72\x45\x38\x50\x90\x00\x00\x00\x00", 200_000)},
	} {
		data := zipped(t, append(weights, "tract_lengths.txt", tvbLengths, "centres.txt", tvbCentres)...)
		if len(data) > 20_000 {
			t.Errorf("%s: the archive has %d bytes", name, len(data))
		}
		_, err := fromZip(bytes.NewReader(data), int64(len(data)), "net.zip", &budget{1 << 20, 1 << 20})
		if err == nil || !strings.HasSuffix(err.Error(), errTooMuchText.Error()) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What TVB 2.10.0 reads of an archive.
func TestLoadTVBGolden(t *testing.T) {
	path := golden.Path(t, "tvb", "connectivity_random6.zip")
	var want struct {
		Read struct {
			Labels      []string     `json:"region_labels"`
			Connections int          `json:"number_of_connections"`
			Weights     golden.Array `json:"weights"`
			Lengths     golden.Array `json:"tract_lengths"`
			Centres     [][3]float64 `json:"centres"`
			Speed       []float64    `json:"speed"`
			Delays      golden.Array `json:"delays"`
			Scaled      golden.Array `json:"scaled_weights_tract"`
		} `json:"read"`
		Missing map[string]string `json:"missing_member_error"`
	}
	golden.Read(t, &want, "tvb", "connectivity_random6.json")
	g, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "labels", g.Labels(), want.Read.Labels)
	equal(t, "weights", g.Weights(), want.Read.Weights.Data)
	equal(t, "lengths", g.Lengths(), want.Read.Lengths.Data)
	equal(t, "centres", g.Centres(), want.Read.Centres)
	equal(t, "connections", int(math.Round(g.Density()*30)), want.Read.Connections)
	equal(t, "delays", g.Speed(want.Read.Speed[0]).EdgeDelays(), want.Read.Delays.Data)
	equal(t, "scaled weights", g.NormalizeMax().Weights(), want.Read.Scaled.Data)

	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	contents := map[string]string{}
	for _, f := range archive.File {
		var text bytes.Buffer
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text.ReadFrom(r)
		contents[f.Name] = text.String()
	}
	required := map[string]string{}
	for name := range want.Missing {
		required[name] = contents[name]
	}
	only, err := Load(put(t, flat(required, "")...))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "required members only", only.Weights(), g.Weights())
	equal(t, "required members only", only.Labels(), g.Labels())
	for name := range want.Missing {
		stem := strings.TrimSuffix(name, ".txt")
		if _, err := Load(put(t, flat(contents, name)...)); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("no text file %q", stem)) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

// flat lists a map as name, text, name, text …, without one name.
func flat(files map[string]string, without string) []string {
	var pairs []string
	for name, text := range files {
		if name != without {
			pairs = append(pairs, name, text)
		}
	}
	return pairs
}
