package sweep_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/space"
	"github.com/neurograd/neurograd/sweep"
)

// By hand: at 1 the numbers 1, 2, 6 and a failed row; at 2 the number 5; at 3 only NaN.
func TestSpread(t *testing.T) {
	b, err := sweep.NewBuilder([]sweep.Column{{Name: "x", Axis: true}, {Name: "y"}, {Name: "array", Shape: []int{2}}})
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	b.Add([]float64{2, 5, 0, 0}, "")
	b.Add([]float64{1, 6, 0, 0}, "")
	b.Add([]float64{1, 1, 0, 0}, "")
	b.Add([]float64{1, nan, nan, nan}, "diverged")
	b.Add([]float64{3, nan, 0, 0}, "")
	b.Add([]float64{1, 2, 0, 0}, "")
	b.Add([]float64{nan, nan, nan, nan}, "missing")
	table := b.Table()
	s, err := table.SpreadOver("y", "x")
	if err != nil {
		t.Fatal(err)
	}
	want := sweep.Spread{X: "x", Xs: []float64{1, 2, 3}, Count: []int{3, 1, 0}, Mean: []float64{3, 5, nan},
		Deviation: []float64{math.Sqrt(7), nan, nan}, Low: []float64{1, 5, nan}, High: []float64{6, 5, nan}}
	if got := fmt.Sprint(*s); got != fmt.Sprint(want) {
		t.Errorf("%s; want %v", got, want)
	}
	g, err := table.GridOver("y", "x", "x")
	if err != nil {
		t.Fatal(err)
	}
	if g.Values[0][0] != s.Mean[0] || g.Values[1][1] != s.Mean[1] {
		t.Errorf("means %v, in the grid %v", s.Mean, g.Values)
	}
	for _, c := range []struct{ column, x, want string }{
		{"yy", "x", `no column "yy", did you mean "y"?`}, {"array", "x", "2 numbers"}, {"y", "array", "2 numbers"},
	} {
		if _, err := table.SpreadOver(c.column, c.x); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s over %s: %v; want %q", c.column, c.x, err, c.want)
		}
	}
}

// Axes have the units of the values that they set, in the table, the store and the formats that keep columns.
func TestUnits(t *testing.T) {
	sim := delayed(t, 7)
	dir := t.TempDir()
	points := space.Zip(space.Axis("coupling.delayed.G", space.Data(1, 2)), space.Axis("graph.speed", space.Data(3.0, 4)), space.Axis("dynamics.J_N", space.Data(0.1, 0.2)))
	table, err := sweep.Run(context.Background(), sim, sim.Params(), points, observed[:1], sweep.Options{Store: dir})
	if err != nil {
		t.Fatal(err)
	}
	stored, err := sweep.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var lines bytes.Buffer
	if err := table.WriteJSONL(&lines); err != nil {
		t.Fatal(err)
	}
	read, err := sweep.ReadJSONL(&lines)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []*sweep.Table{table, stored, read} {
		var units []string
		for _, c := range table.Columns() {
			units = append(units, c.Unit)
		}
		if want := []string{"", "mm/ms", "nA", ""}; !slices.Equal(units, want) {
			t.Errorf("units %q; want %q", units, want)
		}
	}
}
