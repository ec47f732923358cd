package main

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/sweep"
)

// What is drawn without --as fits the axes of the sweep.
func TestSweepPlotKinds(t *testing.T) {
	inFolder(t)
	for _, c := range []struct {
		name string
		run  []string
		plot []string
		want string
	}{
		{"one", []string{"--axis", "coupling.delayed.G=0.1:1:3", "--repetitions", "3"}, nil, asLines},
		{"seeds", []string{"--axis", "seed=1,2"}, nil, asLines},
		{"two", []string{"--axis", "coupling.delayed.G=0:1:3", "--axis", "dynamics.J_N=0.1:0.3:4"}, nil, asHeat},
		{"two", nil, []string{"--as", "lines"}, asLines},
		{"two", nil, []string{"--as", "scatter"}, asScatter},
		{"drawn", []string{"--axis", "sobol(coupling.delayed.G=uniform:0:1:8 dynamics.J_N=uniform:0.1:0.3:8)"}, nil, asScatter},
		{"three", []string{"--axis", "coupling.delayed.G=0,1", "--axis", "dynamics.J_N=0.1,0.2", "--axis", "dynamics.w=0.5,0.6"}, nil, asScatter},
		{"three", nil, []string{"--x", "dynamics.J_N"}, asHeat},
		{"three", nil, []string{"--as", "scatter", "--x", "dynamics.J_N", "--y", "dynamics.w"}, asScatter},
	} {
		if c.run != nil {
			args := []string{"sweep", "run", "--connectome", "three.npz", "--end", "20", "--step", "2", "--observe", "mean", "--quiet", "--out", c.name}
			succeed(t, append(args, c.run...)...)
		}
		var r struct {
			As    string
			Files []string
		}
		out := strings.Join(append([]string{"out", c.name}, c.plot...), "_")
		text := succeed(t, append([]string{"sweep", "plot", c.name, "--json", "--quiet", "--out", out}, c.plot...)...)
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Fatal(err)
		}
		if r.As != c.want || len(r.Files) != 1 || !exists(r.Files[0]) {
			t.Errorf("%s %v: %+v, want %s", c.name, c.plot, r, c.want)
		}
	}
	for _, c := range []struct{ args, want string }{
		{"one --as heat", "needs two axes that vary; there is only coupling.delayed.G"},
		{"two --as line", `unknown kind of picture, did you mean "lines"?`},
		{"two --x dynamics.JN", `is no axis that varies, did you mean "dynamics.J_N"?`},
		{"two --x dynamics.J_N --y dynamics.J_N", "name two axes"},
	} {
		_, stderr, code := neurograd(t, append([]string{"sweep", "plot"}, strings.Fields(c.args)...)...)
		if code != exitInput || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit code %d, %q; want %q", c.args, code, stderr, c.want)
		}
	}
}

// swept is the table of y = a + b over a logarithmic axis a and another one of the given length, with two repetitions, ±1.
func swept(t *testing.T, n int) (table *sweep.Table, a, b *sweep.Column) {
	t.Helper()
	columns := []sweep.Column{{Name: "dynamics.a", Axis: true, Unit: "nA"}, {Name: "b", Axis: true}, {Name: "repetition", Axis: true}, {Name: "y"}}
	builder, err := sweep.NewBuilder(columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []float64{1, 10, 100} {
		for b := range n {
			builder.Add([]float64{a, float64(b), 0, a + float64(b) - 1}, "")
			builder.Add([]float64{a, float64(b), 1, a + float64(b) + 1}, "")
		}
	}
	return builder.Table(), &columns[0], &columns[1]
}

func TestSweepPictures(t *testing.T) {
	table, a, b := swept(t, 2)
	heat, err := heatMap(table, "y", b, a)
	if err != nil {
		t.Fatal(err)
	}
	if heat.XLabel != "dynamics.a (nA)" || heat.YLabel != "b" || !heat.LogX || heat.LogY || heat.Z[1][2] != 101 {
		t.Errorf("heat map %+v", heat)
	}
	part, err := table.Filter(func(r sweep.Row) bool { return r.Value("b") == 0 })
	if err != nil {
		t.Fatal(err)
	}
	one, err := curve(part, "y", a)
	if err != nil {
		t.Fatal(err)
	}
	c := one.Curves[0]
	if !slices.Equal(c.Y, []float64{1, 10, 100}) || math.Abs(c.High[1]-10-math.Sqrt2) > 1e-12 || math.Abs(c.Low[2]-100+math.Sqrt2) > 1e-12 ||
		c.Name != "mean ± one standard deviation of 2 rows" || !one.LogX {
		t.Errorf("curve %+v", one)
	}
	few, err := curves(table, "y", a, b)
	if err != nil {
		t.Fatal(err)
	}
	if l := few.(plot.Lines); len(l.Curves) != 3 || l.Curves[2].Name != "a = 100 nA" || !slices.Equal(l.Curves[2].Y, []float64{100, 101}) || len(l.Curves[0].Low) != 2 {
		t.Errorf("lines %+v", l)
	}
	table, a, b = swept(t, mostNamed+1)
	many, err := curves(table, "y", b, a)
	if err != nil {
		t.Fatal(err)
	}
	if f := many.(plot.Family); len(f.Y) != 7 || f.Z[6] != 6 || f.Y[6][1] != 16 || !f.LogX || f.Log || f.Label != "b" {
		t.Errorf("family %+v", f)
	}
	m, err := scatterMatrix(table, "y", []sweep.Column{*a, *b})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Columns) != 3 || m.Columns[0].Label != "dynamics.a (nA)" || !m.Columns[0].Log || m.Columns[1].Log || len(m.Z) != 42 || m.Columns[2].Label != "y" {
		t.Errorf("scatter matrix %+v", m)
	}
}

// Of a large grid every place of every axis keeps its share.
func TestSampled(t *testing.T) {
	table, _, _ := swept(t, 4096) // 24576 rows
	part, err := sampled(table)
	if err != nil {
		t.Fatal(err)
	}
	if n := part.Len(); n < mostSamples-50 || n > mostSamples+50 {
		t.Errorf("%d rows, want about %d", n, mostSamples)
	}
	for _, column := range []string{"dynamics.a", "repetition"} {
		values, err := part.Floats(column)
		if err != nil {
			t.Fatal(err)
		}
		count := map[float64]int{}
		for _, v := range values {
			count[v]++
		}
		for v, n := range count {
			if want := len(values) / len(count); n < want*9/10 || n > want*11/10 {
				t.Errorf("%s %g has %d rows, want about %d", column, v, n, want)
			}
		}
	}
}

func TestEqualRatios(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   bool
	}{
		{[]float64{0.001, 0.01, 0.1, 1}, true}, {[]float64{1, 2, 4, 8, 16}, true}, {[]float64{1, 2, 4}, false}, {[]float64{0, 1, 10}, false},
		{[]float64{1, 2, 3, 30}, false}, {[]float64{1, 100}, false},
	} {
		if got := equalRatios(c.values); got != c.want {
			t.Errorf("%v: %v", c.values, got)
		}
	}
}
