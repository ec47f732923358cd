package param

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	tree := example(t).Free("dynamics.J_N", "noise.sigma").Transform("dynamics.I_o", Bounded{0, 1})
	const want = `path                value            unit  range   fit
dynamics.J_N        0.2609           nA    [0, 1]  free
dynamics.I_o        [3] 0.32 … 0.34  nA            (bounded(0, 1))
coupling.delayed.G  0.75                   [0, ∞)
noise.sigma         0.002                          free, log
graph.weights       [3][3] 0 … 7
external.drive      [2][3] 4
`
	if got := tree.String(); got != want {
		t.Errorf("table\n%s\nwant\n%s", got, want)
	}
	const free = `path          value   unit  range   fit
dynamics.J_N  0.2609  nA    [0, 1]  free
noise.sigma   0.002                 free, log
`
	var b strings.Builder
	if err := tree.WriteTable(&b, true); err != nil || b.String() != free {
		t.Errorf("table of free leaves, %v\n%s\nwant\n%s", err, b.String(), free)
	}
	tree.Set("dynamics.w", 1)
	if got := tree.String(); got != "error: "+tree.Err().Error()+"\n"+want {
		t.Errorf("table with sticky error\n%s", got)
	}
}

func TestTableOfOddNumbers(t *testing.T) {
	tree, err := New(
		Leaf{Path: "empty", Shape: []int{0}},
		Leaf{Path: "tiny", Value: []float64{-1.23456e-9}, Lo: math.Inf(-1), Hi: 0.5},
		Leaf{Path: "big", Value: []float64{1234567}, Lo: -1, Hi: 12345.678},
	)
	if err != nil {
		t.Fatal(err)
	}
	const want = `path   value       unit  range            fit
empty  [0]
tiny   -1.235e-09        (-∞, 0.5]
big    1.235e+06         [-1, 1.235e+04]
`
	if got := tree.String(); got != want {
		t.Errorf("table\n%s\nwant\n%s", got, want)
	}
}

func TestJSON(t *testing.T) {
	tree := example(t).Free("dynamics.J_N")
	var b bytes.Buffer
	if err := tree.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	const want = `{
"dynamics.J_N": {"value":0.2609,"unit":"nA","free":true},
"dynamics.I_o": {"shape":[3],"value":[0.32,0.3333333333333333,0.34],"unit":"nA","free":false},
"coupling.delayed.G": {"value":0.75,"free":false},
"noise.sigma": {"value":0.002,"free":false,"transform":"log"},
"graph.weights": {"shape":[3,3],"value":[0,1,2,3,0,5,6,7,0],"free":false},
"external.drive": {"shape":[2,3],"value":[4,4,4,4,4,4],"free":false}
}
`
	if b.String() != want {
		t.Errorf("JSON\n%s\nwant\n%s", b.String(), want)
	}
}

func TestJSONRoundTrip(t *testing.T) {
	odd := []float64{math.Copysign(0, -1), 5e-324, math.MaxFloat64, -1.0 / 3, math.Pi * 1e-20, 1 << 60, 0.1 + 0.2, 1e21, 123456789.125}
	tree := example(t).Set("graph.weights", odd...).Regional("noise.sigma").Set("noise.sigma", 1e-3, math.E, 3)
	tree.SetShaped("dynamics.I_o", nil, []float64{0.1})
	var b bytes.Buffer
	if err := tree.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	other := example(t).Free("noise.*")
	if err := other.Apply(&b); err != nil {
		t.Fatal(err)
	}
	for i := range tree.Len() {
		got, want := other.At(i), tree.At(i)
		if !slices.Equal(got.Shape, want.Shape) {
			t.Errorf("%s has shape %v, want %v", got.Path, got.Shape, want.Shape)
		}
		for k, v := range got.Value {
			if math.Float64bits(v) != math.Float64bits(want.Value[k]) {
				t.Errorf("%s, value %d: %v, want %v", got.Path, k, v, want.Value[k])
			}
		}
	}
	if !slices.Equal(other.FreeLeaves(), []int{3}) || other.NumFree() != 3 {
		t.Error("Apply changed which leaves are free, or kept an old free vector")
	}
}

func TestApplyPart(t *testing.T) {
	tree := example(t)
	text := ` {"coupling.delayed.G": {"value": 2}, "noise.sigma": {"value": [1,2,3]}, "dynamics.J_N": {"value": 1, "shape": [], "unit": "nA"}} `
	if err := tree.Apply(strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(tree.Values("noise.sigma"), []float64{1, 2, 3}) || tree.Values("coupling.delayed.G")[0] != 2 || tree.Values("dynamics.I_o")[0] != 0.32 {
		t.Errorf("after Apply:\n%s", tree)
	}
	if err := tree.Apply(strings.NewReader("{}")); err != nil {
		t.Error(err)
	}
}

func TestApplyRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{``, `param: JSON, before byte 0: not one JSON object`},
		{`[1]`, `param: JSON, before byte 1: not one JSON object`},
		{`{"dynamics.J_N": {"value": 1}`, `param: JSON, before byte 29: not one JSON object`},
		{`{"dynamics.J_N": {"value": 1}} {}`, `param: JSON, before byte 32: not one JSON object`},
		{`{1: 2}`, `param: JSON, before byte`},
		{`{"dynamics.J_N": {"value": 1}, "dynamics.J_n": {"value": 1}}`, `param: no leaf "dynamics.J_n", did you mean "dynamics.J_N"?`},
		{`{"dynamics.J_N": {"value": 1}, "dynamics.J_N": {"value": 2}}`, `param: JSON names "dynamics.J_N" twice`},
		{`{"dynamics.J_N": 3}`, `param: JSON of "dynamics.J_N", before byte 18: json: cannot unmarshal number`},
		{`{"dynamics.J_N": {"valeu": 3}}`, `param: JSON of "dynamics.J_N", before byte 29: json: unknown field "valeu"; wanted {"value": …}`},
		{`{"dynamics.J_N": {}}`, `param: JSON of "dynamics.J_N": no "value"; wanted a number or a flat array`},
		{`{"dynamics.J_N": {"value": null}}`, `param: JSON of "dynamics.J_N": no "value"`},
		{`{"dynamics.J_N": {"value": "NaN"}}`, `param: JSON of "dynamics.J_N": value "NaN"; wanted a finite number`},
		{`{"dynamics.J_N": {"value": 1e999}}`, `param: JSON of "dynamics.J_N": value 1e999; wanted a finite number`},
		{`{"dynamics.I_o": {"value": [1, null, 3]}}`, `param: JSON of "dynamics.I_o": value is not a flat array of finite numbers`},
		{`{"dynamics.I_o": {"value": [1, [2], 3]}}`, `param: JSON of "dynamics.I_o": value is not a flat array of finite numbers`},
		{`{"dynamics.I_o": {"value": [1, 2]}}`, `param: "dynamics.I_o" has shape [3], got shape [2]; wanted [3], or scalar`},
		{`{"graph.weights": {"value": [1,2,3,4,5,6,7,8,9]}}`, `param: "graph.weights" has shape [3][3], got shape [9]; wanted [3][3]`},
		{`{"graph.weights": {"shape": [3,3], "value": [1,2]}}`, `param: "graph.weights": got 2 values for shape [3][3]; wanted 9 values`},
		{`{"dynamics.J_N": {"value": 1, "unit": "pA"}}`, `param: JSON gives "dynamics.J_N" in "pA"; wanted "nA"`},
		{`{"noise.sigma": {"value": 0}}`, `param: "noise.sigma" with transform log: value 0, wanted > 0`},
	} {
		tree := example(t)
		before := tree.String()
		err := tree.Apply(strings.NewReader(c.text))
		checkError(t, err, c.want)
		if tree.String() != before || tree.Err() != nil {
			t.Errorf("%s: the tree changed all the same", c.text)
		}
	}
}

func TestCSV(t *testing.T) {
	tree := example(t).Free("graph.weights") // external.drive stays fixed and is left out
	var b bytes.Buffer
	if err := tree.WriteCSV(&b, []string{"lh.V1", `a "b", c`, "rh.V1"}); err != nil {
		t.Fatal(err)
	}
	const begin = `path,region,value
dynamics.J_N,,0.2609
dynamics.I_o,lh.V1,0.32
dynamics.I_o,"a ""b"", c",0.3333333333333333
dynamics.I_o,rh.V1,0.34
coupling.delayed.G,,0.75
noise.sigma,,0.002
graph.weights,[0][0],0
graph.weights,[0][1],1
`
	if !strings.HasPrefix(b.String(), begin) {
		t.Errorf("CSV\n%s\nwant it to begin with\n%s", b.String(), begin)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]float64{}
	for _, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		got[row[0]] = append(got[row[0]], v)
	}
	for _, path := range tree.Paths() {
		want := tree.Values(path)
		if path == "external.drive" {
			want = nil
		}
		if !slices.Equal(got[path], want) {
			t.Errorf("%s read back as %v", path, got[path])
		}
	}
	checkError(t, tree.WriteCSV(&b, []string{"one"}), `param: 1 labels for the 3 regions of "dynamics.I_o"; wanted one label per region, or none`)
	b.Reset()
	if err := tree.WriteCSV(&b, nil); err != nil || !strings.Contains(b.String(), "dynamics.I_o,2,0.34\n") {
		t.Errorf("without labels, %v:\n%s", err, b.String())
	}
}

// Nothing is written from a tree that holds an error, and a writer's error is passed on.
func TestOutputErrors(t *testing.T) {
	bad := example(t).Set("nothing", 1)
	for name, write := range map[string]func(*Tree, *limited) error{
		"table": func(p *Tree, w *limited) error { return p.WriteTable(w, false) },
		"JSON":  func(p *Tree, w *limited) error { return p.WriteJSON(w) },
		"CSV":   func(p *Tree, w *limited) error { return p.WriteCSV(w, nil) },
	} {
		var w limited
		if err := write(bad, &w); err != bad.Err() || w.calls > 0 {
			t.Errorf("%s of a tree with an error: %v, %d writes", name, err, w.calls)
		}
		if err := write(example(t), &w); !errors.Is(err, errFull) {
			t.Errorf("%s to a full disk: %v", name, err)
		}
	}
	if err := bad.Apply(strings.NewReader("{}")); err != bad.Err() {
		t.Errorf("Apply to a tree with an error: %v", err)
	}
}

var errFull = errors.New("disk full")

type limited struct{ calls int }

func (w *limited) Write([]byte) (int, error) { w.calls++; return 0, errFull }
