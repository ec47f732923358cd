package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/plot"
)

// The numbers of three.npz, by hand: in-strengths 3, 2.5, 1.5; delays 10, 20, 30 mm at 4 mm/ms, each twice.
func TestGraphShow(t *testing.T) {
	inFolder(t)
	want := `graph of 3 regions, left … right (three.npz)
edges: 9 (dense), density 1, symmetric
weights: 0 to 2; in-strength: mean 2.333, largest 3 (left)
lengths: 10 to 30 mm (apart from 0)
delays: up to 7.5 ms at 4 mm/ms
in-strength: 1.5 to 3, mean 2.333, median 2.5
delays (ms) where the weight is not 0: 2.5 to 7.5, mean 5, median 5
`
	if got := succeed(t, "graph", "show", "three.npz", "--speed", "4", "--no-plots"); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
	if exists("neurograd-out") {
		t.Error("a folder without need")
	}
	var r graphReport
	if err := json.Unmarshal([]byte(succeed(t, "graph", "show", "three.npz", "--speed", "4", "--json", "--quiet", "--out", "out")), &r); err != nil {
		t.Fatal(err)
	}
	if r.Regions != 3 || r.InStrength.Max != 3 || *r.Lengths != (summary{10, 20, 20, 30}) || *r.Delays != (summary{2.5, 5, 5, 7.5}) || !exists("out", "graph.png") {
		t.Errorf("%+v", r)
	}
	for _, name := range []string{"nolengths.npz", "zero.npz"} { // without lengths, without weights
		r = graphReport{}
		if err := json.Unmarshal([]byte(succeed(t, "graph", "show", name, "--json", "--quiet", "--out", name[:4])), &r); err != nil {
			t.Fatal(err)
		}
		if r.Lengths != nil || r.Delays != nil || !exists(name[:4], "graph.png") {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// The matrices hold the edges at [target][source], nothing where there is no connection; weights that span more than two
// decades have logarithmic colours.
func TestGraphPanels(t *testing.T) {
	nan := math.NaN()
	g := graph.FromDense([][]float64{{0, 2000, 1}, {5, 0, 0}, {0.01, 0, 0}}).WithLengths([][]float64{{0, 10, 20}, {30, 0, 50}, {40, 60, 0}}).Speed(10)
	rows := graphPanels(g, connected(g, g.EdgeDelays()))
	if len(rows) != 2 || len(rows[0]) != 2 || len(rows[1]) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	weights, lengths := rows[0][0].(plot.HeatMap), rows[0][1].(plot.HeatMap)
	for name, c := range map[string]struct{ got, want [][]float64 }{
		"weights": {weights.Z, [][]float64{{nan, 2000, 1}, {5, nan, nan}, {0.01, nan, nan}}},
		"lengths": {lengths.Z, [][]float64{{nan, 10, 20}, {30, nan, nan}, {40, nan, nan}}},
	} {
		if fmt.Sprint(c.got) != fmt.Sprint(c.want) {
			t.Errorf("%s %v, want %v", name, c.got, c.want)
		}
	}
	if !weights.Log || weights.Low != 0.2 || weights.High != 2000 || weights.Label != "Weight (log scale)" || lengths.Log || !lengths.Matrix {
		t.Errorf("weights %+v, lengths %+v", weights, lengths)
	}
	if dots := rows[1][0].(plot.Scatter); !dots.LogY || !slices.Equal(dots.X, []float64{10, 20, 30, 40}) || !slices.Equal(dots.Y, []float64{2000, 1, 5, 0.01}) {
		t.Errorf("dots %+v", dots)
	}
	// Negative weights, and no lengths.
	rows = graphPanels(graph.FromDense([][]float64{{0, -1}, {1000, 0}}), nil)
	if weights = rows[0][0].(plot.HeatMap); len(rows) != 1 || len(rows[0]) != 2 || weights.Log || weights.Label != "Weight" {
		t.Errorf("%+v", rows)
	}
}

// To tables and back: the same numbers and names.
func TestGraphConvert(t *testing.T) {
	inFolder(t)
	succeed(t, "graph", "convert", "three.npz", "w.csv,l.csv")
	if got := succeed(t, "graph", "convert", "w.csv,l.csv", "again.npz", "--json", "--quiet"); got != `{"command":"graph convert","edges":9,"from":"w.csv,l.csv","regions":3,"to":"again.npz","version":"`+version()+"\"}\n" {
		t.Error(got)
	}
	first, err := graph.Load("three.npz")
	if err != nil {
		t.Fatal(err)
	}
	again, err := graph.Load("again.npz")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(first.Weights(), again.Weights()) || !slices.Equal(first.Lengths(), again.Lengths()) || !slices.Equal(first.Labels(), again.Labels()) {
		t.Error("not the same graph")
	}
}
