package graph

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

// three is a small asymmetric network: region 2 sends to 1, 3 to 1, 1 to 3.
var three = [][]float64{{0, 2, -4}, {0, 0, 0}, {1, 0, 0}}

var threeLengths = [][]float64{{0, 30, 60}, {15, 0, 45}, {90, 75, 0}}

func sound(t *testing.T, g *Graph) *Graph {
	t.Helper()
	if g.Err() != nil {
		t.Fatal(g.Err())
	}
	return g
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestDenseEdgesAreTheMatrixByRows(t *testing.T) {
	g := sound(t, FromDense(three).WithLengths(threeLengths))
	equal(t, "N", g.N(), 3)
	equal(t, "dense", g.Dense(), true)
	equal(t, "targets", g.Targets(), []int32{0, 0, 0, 1, 1, 1, 2, 2, 2})
	equal(t, "sources", g.Sources(), []int32{0, 1, 2, 0, 1, 2, 0, 1, 2})
	equal(t, "weights", g.Weights(), []float64{0, 2, -4, 0, 0, 0, 1, 0, 0})
	equal(t, "lengths", g.Lengths(), []float64{0, 30, 60, 15, 0, 45, 90, 75, 0})
	equal(t, "labels", g.Labels(), []string{"R01", "R02", "R03"})
	equal(t, "in-strength", g.InStrength(), []float64{-2, 0, 1})
	equal(t, "density", g.Density(), 0.5)
	equal(t, "longest", g.MaxLength(), 90.0)
	equal(t, "delays", g.HasDelays(), false)
}

func TestSparseEqualsEdges(t *testing.T) {
	want := sound(t, FromEdges(3, []Edge{{2, 0, 1, 90}, {0, 2, -4, 60}, {0, 1, 2, 30}}))
	got := sound(t, FromDense(three).WithLengths(threeLengths).Sparse(0))
	equal(t, "sparse", got, want)
	equal(t, "targets", got.Targets(), []int32{0, 0, 2})
	equal(t, "sources", got.Sources(), []int32{1, 2, 0})
	equal(t, "weights", got.Weights(), []float64{2, -4, 1})
	equal(t, "lengths", got.Lengths(), []float64{30, 60, 90})

	dense := FromDense(three).WithLengths(threeLengths)
	equal(t, "in-strength", got.InStrength(), dense.InStrength())
	equal(t, "density", got.Density(), dense.Density())
	equal(t, "lengths set late", FromDense(three).Sparse(0).WithLengths(threeLengths), got)
	equal(t, "normalised first", dense.NormalizeMax().Sparse(0.25), got.NormalizeMax().Sparse(0.25))
	equal(t, "normalised", got.NormalizeMax().Weights(), []float64{0.5, -1, 0.25})
	equal(t, "|weight| > threshold", dense.Sparse(2).Weights(), []float64{-4})
	equal(t, "no edge left", sound(t, dense.Sparse(9)).Weights(), []float64{})
	equal(t, "delays", got.Speed(3).EdgeDelays(), []float64{10, 20, 30})
}

func TestEdgesWithoutLengths(t *testing.T) {
	g := sound(t, FromEdges(2, []Edge{{Target: 1, Source: 1, Weight: 0}}))
	if g.Lengths() != nil || g.Density() != 0 || len(g.Weights()) != 1 {
		t.Errorf("got lengths %v, density %v, %d edges", g.Lengths(), g.Density(), len(g.Weights()))
	}
	equal(t, "an edgeless graph", sound(t, FromEdges(2, nil)).InStrength(), []float64{0, 0})
}

func TestDelays(t *testing.T) {
	g := sound(t, FromDense(three).WithLengths(threeLengths).Speed(3))
	want := []float64{0, 10, 20, 5, 0, 15, 30, 25, 0}
	equal(t, "length / speed", g.EdgeDelays(), want)
	equal(t, "longest", g.MaxDelay(), 30.0)
	equal(t, "speed", g.SpeedValue(), 3.0)
	equal(t, "has delays", g.HasDelays(), true)
	if g.Delays() != nil {
		t.Errorf("delays given themselves: %v", g.Delays())
	}

	given := sound(t, g.WithDelays([][]float64{{0, 1, 2}, {3, 0, 4}, {5, 6, 0}}))
	equal(t, "given", given.EdgeDelays(), []float64{0, 1, 2, 3, 0, 4, 5, 6, 0})
	equal(t, "given", given.Delays(), given.EdgeDelays())
	equal(t, "speed forgotten", given.SpeedValue(), 0.0)
	equal(t, "of sparse", given.Sparse(0).Delays(), []float64{1, 2, 5})
	equal(t, "by edge", FromDense(three).Sparse(0).WithEdgeDelays([]float64{1, 2, 5}).Delays(), []float64{1, 2, 5})
	equal(t, "speed again", sound(t, given.Speed(3)).EdgeDelays(), want)

	for name, none := range map[string]*Graph{
		"WithoutDelays": given.WithoutDelays(), "infinite speed": g.Speed(math.Inf(1)), "lengths only": g.WithoutDelays(),
		"infinite speed without lengths": FromDense(three).Speed(math.Inf(1)),
	} {
		if sound(t, none).HasDelays() || none.EdgeDelays() != nil || none.MaxDelay() != 0 {
			t.Errorf("%s: delays %v", name, none.EdgeDelays())
		}
	}
}

// Modifiers must not write to the graph they start from, nor to the slices of the user.
func TestModifiersLeaveTheGraphAsItWas(t *testing.T) {
	labels := []string{"a", "b", "c"}
	centres := [][3]float64{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}
	lengths := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	make3 := func() *Graph {
		return FromDense(three).WithLabels(labels).WithCentres(centres).WithEdgeLengths(lengths).Speed(2)
	}
	g := sound(t, make3())
	g.NormalizeMax()
	g.Sparse(1)
	g.WithLabels([]string{"x", "y", "z"})
	g.WithCentres(make([][3]float64, 3))
	g.WithLengths(threeLengths)
	g.WithEdgeDelays(lengths)
	g.Speed(9)
	g.WithoutDelays()
	g.Speed(-1)
	equal(t, "graph", g, make3())
	labels[0], centres[0][0], lengths[0] = "changed", -1, -1
	equal(t, "label", g.Labels()[0], "a")
	equal(t, "centre", g.Centres()[0], [3]float64{1, 2, 3})
	equal(t, "length", g.Lengths()[0], 1.0)
}

func TestDefaultLabelsAreOfEqualWidth(t *testing.T) {
	labels := FromEdges(100, nil).Labels()
	equal(t, "first", labels[0], "R001")
	equal(t, "last", labels[99], "R100")
}

func TestIndex(t *testing.T) {
	g := FromDense(three).WithLabels([]string{"lh.V1", "lh.MT", "rh.V1"})
	if i, err := g.Index("rh.V1"); i != 2 || err != nil {
		t.Errorf("got %d, %v", i, err)
	}
	_, err := g.Index("lh.V2")
	if want := `graph: no region "lh.V2", did you mean "lh.V1"?`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestInfo(t *testing.T) {
	g := FromDense(three)
	for _, c := range []struct {
		graph *Graph
		want  string
	}{
		{g, `
graph of 3 regions, R01 … R03
edges: 9 (dense), density 0.5, not symmetric
weights: -4 to 2; in-strength: mean -0.3333, largest 1 (R03)
lengths: none
delays: none
`},
		{g.Sparse(0).WithLengths(threeLengths).Speed(4), `
graph of 3 regions, R01 … R03
edges: 3 (sparse), density 0.5, not symmetric
weights: -4 to 2; in-strength: mean -0.3333, largest 1 (R03)
lengths: 30 to 90 mm (apart from 0)
delays: up to 22.5 ms at 4 mm/ms
`},
		{FromEdges(2, []Edge{{0, 1, 3, 0}, {1, 0, 3, 0}}).WithEdgeLengths([]float64{0, 0}).WithEdgeDelays([]float64{1, 2}), `
graph of 2 regions, R01 … R02
edges: 2 (sparse), density 1, symmetric
weights: 3 to 3; in-strength: mean 3, largest 3 (R01)
lengths: all 0 mm
delays: given, up to 2 ms
`},
		{FromEdges(1, nil), `
graph of 1 regions, R01 … R01
edges: 0 (sparse), density 0, symmetric
lengths: none
delays: none
`},
		{g.Speed(3), `
graph with an error: graph: speed 3 mm/ms on a graph without tract lengths: give them by WithLengths, or delays in ms by WithDelays
`},
	} {
		if got := c.graph.Info(); got != strings.TrimPrefix(c.want, "\n") {
			t.Errorf("got\n%s\nwant%s", got, c.want)
		}
	}
}
