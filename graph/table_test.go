package graph

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// memory is a file that holds text.
func memory(name, text string) *textFile {
	return &textFile{name: name, packed: isPacked(name), open: func() (stream, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// put writes files, given as name, text, name, text …, and returns their folder.
func put(t *testing.T, pairs ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(pairs); i += 2 {
		path := filepath.Join(dir, pairs[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(pairs[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestMatrixForms(t *testing.T) {
	none := []string{"R01", "R02"}
	ab := []string{"a", "b"}
	for _, c := range []struct {
		text   string
		labels []string
	}{
		{"0,2.5\n1.25,0", none},
		{"0 2.5\n1.25 0\n", none},
		{"  0.0   2.5e0\t \r\n\r\n# comment\r\n 1.25 0\r\n", none},
		{"0\t2.5\t\n1.25\t0\t\n", none},
		{"0; 2.5\n1.25; -0\n", none},
		{"\ufeff0,2.5\n1.25,0\n", none},
		{`"0","2.5"` + "\n" + `"1.25","0"`, none},
		{"a,b\n0,2.5\n1.25,0\n", ab},
		{"a,0,2.5\nb,1.25,0\n", ab},
		{",a,b\na,0,2.5\nb,1.25,0\n", ab},
		{"region\ta\tb\na\t0\t2.5\nb\t1.25\t0\n", ab},
		{"\ta\tb\na\t0\t2.5\nb\t1.25\t0\n", ab},
		{"a b\na 0 2.5\nb 1.25 0\n", ab},                                  // as R writes
		{`"a" "b"` + "\n" + `"1" 0 2.5` + "\n" + `"2" 1.25 0` + "\n", ab}, // as R writes without row names
		{",a,b\n0,0,2.5\n1,1.25,0\n", ab},                                 // as pandas writes without an index
		{"id,a,b\n1,0,2.5\n2,1.25,0\n", ab},
		{"id,0,1\na,0,2.5\nb,1.25,0\n", ab},
		{",1001,2001\n1001,0,2.5\n2001,1.25,0\n", []string{"1001", "2001"}},
		{`,"lh, ""V1""",b;c` + "\n" + `"lh, ""V1""",0,2.5` + "\nb;c,1.25,0\n", []string{`lh, "V1"`, "b;c"}},
		{`"l V1" "r V1"` + "\n0 2.5\n1.25 0\n", []string{"l V1", "r V1"}},
	} {
		if strings.Contains(c.text, "b;c") { // semicolons come before commas in the first line
			c.text = strings.ReplaceAll(c.text, "b;c", `"b;c"`)
		}
		g, err := fromTables(memory("w.csv", c.text), nil, nil, newBudget())
		if err != nil || g.Err() != nil {
			t.Errorf("%q: %v %v", c.text, err, g.Err())
			continue
		}
		equal(t, c.text, g.Labels(), c.labels)
		if w := g.Weights(); fmt.Sprint(w[0], w[1], w[2]) != "0 2.5 1.25" || w[3] != 0 {
			t.Errorf("%q: weights %v", c.text, w)
		}
	}
	for text, label := range map[string]string{"0": "R01", "V1,0": "V1", "V1\n0": "V1", ",V1\nV1,0": "V1", "\tV1\nV1\t0": "V1"} {
		g, err := fromTables(memory("w.csv", text), nil, nil, newBudget())
		if err != nil || g.Err() != nil || g.N() != 1 || g.Labels()[0] != label {
			t.Errorf("%q: %v, %v", text, g, err)
		}
	}
}

func TestLoadTables(t *testing.T) {
	dir := put(t, "w.csv", ",a,b\na,0,2.5\nb,1.25,0\n", "plain.txt", "0 2.5\n1.25 0\n", "l.tsv", "0\t30\n40\t0\n",
		"labels.txt", "a\nb\n", "centres.txt", "a 1 2 3\nb 4 5 6\n", "places.csv", "name,x,y,z\na,1,2,3\nb,4,5,6\n", "xyz.csv", "1;2;3\n4;5;6\n",
		"spaced.txt", "left V1\nright V1, dorsal\n", "with,comma.csv", "0 2.5\n1.25 0\n")
	at := func(names ...string) string {
		for i, name := range names {
			if name != "" {
				names[i] = filepath.Join(dir, name)
			}
		}
		return strings.Join(names, ",")
	}
	for _, c := range []struct {
		path             string
		labels           string
		lengths, centres bool
		origin           string
	}{
		{at("w.csv"), "[a b]", false, false, "w.csv"},
		{at("plain.txt"), "[R01 R02]", false, false, "plain.txt"},
		{at("with,comma.csv"), "[R01 R02]", false, false, "with,comma.csv"},
		{at("w.csv", "l.tsv"), "[a b]", true, false, "w.csv"},
		{at("plain.txt", "l.tsv", "labels.txt"), "[a b]", true, false, "plain.txt"},
		{at("plain.txt", "", "centres.txt"), "[a b]", false, true, "plain.txt"},
		{at("w.csv", "l.tsv", "places.csv"), "[a b]", true, true, "w.csv"},
		{at("w.csv", "l.tsv", "xyz.csv"), "[a b]", true, true, "w.csv"},
		{at("plain.txt", "", "spaced.txt"), "[left V1 right V1, dorsal]", false, false, "plain.txt"},
	} {
		g, err := Load(c.path)
		if err != nil {
			t.Errorf("%s: %v", c.path, err)
			continue
		}
		equal(t, c.path, fmt.Sprint(g.Labels()), c.labels)
		equal(t, c.path, g.Weights(), []float64{0, 2.5, 1.25, 0})
		equal(t, c.path, g.origin, c.origin)
		if c.lengths {
			equal(t, c.path, g.Lengths(), []float64{0, 30, 40, 0})
		}
		if c.centres {
			equal(t, c.path, g.Centres(), [][3]float64{{1, 2, 3}, {4, 5, 6}})
		}
		if c.lengths != (g.Lengths() != nil) || c.centres != (g.Centres() != nil) {
			t.Errorf("%s: lengths %v, centres %v", c.path, g.Lengths(), g.Centres())
		}
	}
	for _, path := range []string{at("absent.csv"), at("w.csv", "absent.csv"), at("w.csv", "", "absent.csv"), at("absent.zip"), at("absent")} {
		if _, err := Load(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "absent") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestTableErrors(t *testing.T) {
	const square = "0,1\n1,0\n"
	const wanted = "\na square matrix is wanted, one line per target, one column per source (cells are separated by \",\")"
	for _, c := range []struct {
		weights, lengths, regions string
		want                      string
	}{
		{"", "", "", "w.csv holds no numbers; a square matrix is wanted, one line per target, one column per source"},
		{"0,1\n1,x\n", "", "", `w.csv, line 2, column 2: "x" is no number; write it like 0.25 or 1e-3 (cells are separated by ",")`},
		{"# a\n\n0,1\n1,\n", "", "", `w.csv, line 4, column 2: the cell is empty; a number is wanted: write 0 where there is no connection`},
		{"0,1\n1,1e999\n", "", "", `w.csv, line 2, column 2: "1e999" is beyond the range of float64, about ±1.8e308`},
		{"0,1,2\n1,0\n", "", "", `w.csv, line 2 has 2 cells, line 1 has 3; all rows of a matrix must have the same number (cells are separated by ",")`},
		{"0 1\n1 0 2\n2 3 0\n", "", "", `w.csv, line 2 has 3 cells, line 1 has 2; all rows of a matrix must have the same number (cells are separated by blanks)`},
		{"0\t1\n1\t0\t2\n", "", "", `w.csv, line 2 has 3 cells, line 1 has 2; all rows of a matrix must have the same number (cells are separated by tabs)`},
		{"0 1.O\n1 0 2\n2 3 0\n", "", "", `w.csv, line 2 has 3 cells, line 1 has 2; all rows of a matrix must have the same number (cells are separated by blanks)`},
		{"0,1\n1,0\n1,1\n1,1\n", "", "", `w.csv, line 4 is row 4 of a matrix of 2 columns; a square matrix is wanted, one line per target, one column per source`},
		{"0,1\n1,0\n1,1\n", "", "", "w.csv holds 3 rows of 2 numbers;" + wanted},
		{"1,2", "", "", "w.csv holds 1 rows of 2 numbers;" + wanted},
		{"0,1.O\n1,0\n", "", "", `w.csv holds 1 rows of 2 numbers: line 1 was taken for labels, because of "1.O";` + wanted},
		{"0,1,2\n1.O,0,1\n2,1,0", "", "", `w.csv holds 3 rows of 2 numbers: the first column was taken for labels, because of "1.O";` + wanted},
		{"O,1\n1,0\n", "", "", `w.csv, line 1, column 1: "O" is no number; if the first line and column are labels, leave this cell empty`},
		{"0;1,5\n1,5;0\n", "", "", `w.csv, line 1, column 1: the number "0" stands where labels of rows and columns meet ("1,5" is no number): leave this cell empty, or mend the numbers`},
		{"0,0 1,5\n1,5 0,0\n", "", "", `w.csv, line 2, column 2: "5 0" is no number; write it like 0.25 or 1e-3 (cells are separated by ",")`},
		{"0,\"1\n1,0\n", "", "", `w.csv, line 1, column 2: the quotes of "\"1" do not match: write "label", and "" for a quote inside`},
		{"0,\"1\"2\n1,0\n", "", "", `w.csv, line 1, column 2: the quotes of "1" do not match: write "label", and "" for a quote inside`},
		{"\x00\xff\xfe" + strings.Repeat("y", 99), "", "", "w.csv, line 1, column 1: \"\\x00��" + strings.Repeat("y", 37) + "…\" is no number; if the first line and column are labels, leave this cell empty"},
		{",a,b\nb,0,1\na,1,0\n", "", "", `w.csv, first column: label 1 is "b", but "a" in first line: the same regions in the same order are wanted`},
		{"\xff,b\n0,1\n1,0\n", "", "", `w.csv: label "\xff" is not UTF-8 text: save the file as UTF-8`},
		{"a,b\n0,nan\n1,0\n", "", "", `graph: weight from "b" to "a" is NaN; weights must be finite numbers: mend the data or set it to 0`},
		{"a,b\n0,1\n-inf,0\n", "", "", `graph: weight from "a" to "b" is -Inf; weights must be finite numbers: mend the data or set it to 0`},
		{"a,a\n0,1\n1,0\n", "", "", `graph: regions 1 and 2 are both labelled "a": labels must differ`},

		{square, "0,-3\n1,0\n", "lh.V1\nlh.MT\n", `graph: length from "lh.MT" to "lh.V1" is -3 mm; lengths must be finite and ≥ 0: mend the data, or set it to 0 where there is no tract`},
		{square, "0\n", "", `graph: the matrix of lengths has 1 rows for 2 regions: give one row per target, one column per source`},
		{square, "x", "", `l.csv, line 1, column 1: "x" is no number; if the first line and column are labels, leave this cell empty`},
		{"a,b\n" + square, "b,a\n" + square, "", `w.csv: label 1 is "a", but "b" in l.csv: the same regions in the same order are wanted`},
		{"a,b\n" + square, "a\n0\n", "", `w.csv gives labels of 2 regions, l.csv of 1: the same regions in the same order are wanted`},
		{"a,b\n" + square, "", "b\na\n", `r.txt: label 1 is "b", but "a" in w.csv: the same regions in the same order are wanted`},
		{square, "", "a\nb\nc\n", `graph: 3 labels for 2 regions: give one label per region`},
		{square, "", "\n\n", `r.txt holds no regions; a line "label" or "label x y z" for each is wanted`},
		{square, "", "1 2 3\n", `graph: 1 centres for 2 regions: give one position per region`},
		{square, "", "a 1 2 3\nb 1 2\nc 1 2 3\n", `r.txt, line 2 has 3 cells; "label x y z" is wanted, as in the last line (cells are separated by blanks)`},
		{square, "", "a,1,x,3\nb,1,2,3\n", `r.txt, line 1, column 3: y = "x"; a finite number is wanted, in mm`},
		{square, "", "a 1 2 nan\nb 1 2 3\n", `r.txt, line 1, column 4: z = "nan"; a finite number is wanted, in mm`},
		{square, "", "caf\xe9\nb\n", `r.txt, line 1, column 1: label "caf\xe9" is not UTF-8 text: save the file as UTF-8`},
		{square, "", strings.Repeat("a", 2000), `r.txt, line 1 is longer than 1024 bytes; "label" or "label x y z" for one region is wanted`},
		{square, "", "a\na\n", `graph: regions 1 and 2 are both labelled "a": labels must differ`},
	} {
		var lengths, places *textFile
		if c.lengths != "" {
			lengths = memory("l.csv", c.lengths)
		}
		if c.regions != "" {
			places = memory("r.txt", c.regions)
		}
		g, err := fromTables(memory("w.csv", c.weights), lengths, places, newBudget())
		if err == nil {
			err = g.Err()
		}
		if fmt.Sprint(err) != c.want {
			t.Errorf("%q %q %q:\ngot  %v\nwant %s", c.weights, c.lengths, c.regions, err, c.want)
		}
	}
}

func TestLoadListErrors(t *testing.T) {
	dir := put(t, "w.csv", "0 1\n1 nan\n", "w.npz", "")
	w := filepath.Join(dir, "w.csv")
	for path, want := range map[string]string{
		w:                        "graph: weight from \"R02\" to \"R02\" is NaN; weights must be finite numbers: mend the data or set it to 0\n(in " + w + ")",
		w + ",,,":                `graph: "` + w + `,,," lists 4 files; at most three are wanted: "weights.csv,lengths.csv,regions.txt"`,
		"," + w:                  `graph: ",` + w + `" names no file of weights; write "weights.csv,lengths.csv"`,
		w + "," + dir + "/w.npz": `graph: ` + dir + `/w.npz stands in a list of files, which are tables of text: load it on its own`,
		w + "," + dir:            `graph: ` + dir + ` is not a regular file; a table of text is wanted`,
	} {
		if _, err := Load(path); fmt.Sprint(err) != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// What is read is bounded, and so is what is kept of it.
func TestTextBounds(t *testing.T) {
	for _, c := range []struct {
		text   string
		budget budget
		want   string
	}{
		{strings.Repeat("0 1\n", 1000), budget{10, 100}, "w.txt, after line 0: more than 1024 MiB of text, unpacked: store the matrices as .npz"},
		{"0 1 2\n0 1 2\n0 1 2\n", budget{100, 6}, "w.txt, line 3: more than 134217728 numbers: a graph of that size must be built by FromEdges"},
		{strings.Repeat("0 ", maxRegions+2), *newBudget(), "w.txt, line 1 has 16386 cells; at most 16384 regions are read: a larger graph must be built by FromEdges"},
		{"0\n" + strings.Repeat(" ", maxLine+1), *newBudget(), "w.txt, line 2 is longer than 4 MiB; one row of a matrix per line is wanted"},
	} {
		if _, err := readTable(memory("w.txt", c.text), &c.budget, true); fmt.Sprint(err) != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
	_, err := readRegions(memory("r.txt", strings.Repeat("a\n", maxRegions+2)), newBudget())
	if want := "r.txt, line 16386: at most 16384 regions are read"; fmt.Sprint(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
