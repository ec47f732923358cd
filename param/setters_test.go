package param

import (
	"math"
	"slices"
	"testing"
)

func TestSetters(t *testing.T) {
	tree := example(t).Set("dynamics.J_N", 0.3).Set("graph.weights", 1).Set("dynamics.I_o", 1, 2, 3).
		Regional("dynamics.J_N").Regional("dynamics.I_o").SetShaped("noise.sigma", []int{3}, []float64{4, 5, 6})
	if tree.Err() != nil {
		t.Fatal(tree.Err())
	}
	for path, want := range map[string][]float64{
		"dynamics.J_N":  {0.3, 0.3, 0.3},
		"dynamics.I_o":  {1, 2, 3},
		"noise.sigma":   {4, 5, 6},
		"graph.weights": {1, 1, 1, 1, 1, 1, 1, 1, 1},
	} {
		if got := tree.Values(path); !slices.Equal(got, want) {
			t.Errorf("%s = %v, want %v", path, got, want)
		}
	}
	for _, path := range []string{"dynamics.J_N", "dynamics.I_o", "noise.sigma"} {
		if l, _ := tree.Leaf(path); !l.IsRegional() {
			t.Errorf("%s is not regional: shape %v", path, l.Shape)
		}
	}
	tree.SetShaped("dynamics.I_o", nil, []float64{8})
	if l, _ := tree.Leaf("dynamics.I_o"); tree.Err() != nil || l.Shape != nil || l.Value[0] != 8 {
		t.Errorf("regional to scalar: %+v, %v", l, tree.Err())
	}
}

// A pointer from At stays true when values change in place, which the time loop relies on.
func TestSetInPlace(t *testing.T) {
	tree := example(t).Free("*")
	at := tree.At(1)
	tree.Set("dynamics.I_o", 1, 2, 3)
	if at.Value[2] != 3 {
		t.Error("Set moved the values")
	}
	theta := tree.Theta()
	theta[1] = 5
	if err := tree.SetTheta(theta); err != nil || at.Value[0] != 5 {
		t.Errorf("SetTheta moved the values: %v, %v", at.Value, err)
	}
	theta[1] = 6
	if at.Value[0] != 5 {
		t.Error("the tree keeps the caller's slice")
	}
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		free, fix []string
		want      []int
	}{
		{[]string{"*"}, nil, []int{0, 1, 2, 3, 4, 5}},
		{[]string{"dynamics.*"}, nil, []int{0, 1}},
		{[]string{"coupling.*", "dynamics.J_N", "coupling.*"}, nil, []int{0, 2}},
		{[]string{"*"}, []string{"graph.*", "external.drive"}, []int{0, 1, 2, 3}},
		{nil, nil, nil},
	} {
		tree := example(t).Free(c.free...).Fix(c.fix...)
		if got := tree.FreeLeaves(); !slices.Equal(got, c.want) || tree.Err() != nil {
			t.Errorf("free %q, fix %q: leaves %v, %v, want %v", c.free, c.fix, got, tree.Err(), c.want)
		}
	}
}

func TestSetterErrors(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		set  func(*Tree)
		want string
	}{
		{func(p *Tree) { p.Set("dynamics.JN", 1) }, `param: no leaf "dynamics.JN", did you mean "dynamics.J_N"?`},
		{func(p *Tree) { p.Set("dynamics.J_N") }, `param: "dynamics.J_N" has shape scalar, got 0 values; wanted 1 value`},
		{func(p *Tree) { p.Set("dynamics.J_N", 1, 2) }, `param: "dynamics.J_N" has shape scalar, got 2 values; wanted 1 value`},
		{func(p *Tree) { p.Set("dynamics.J_N", 1, 2, 3) }, `param: "dynamics.J_N" has shape scalar, got 3 values; wanted 1 value: call Regional("dynamics.J_N") first`},
		{func(p *Tree) { p.Set("graph.weights", 1, 2) }, `param: "graph.weights" has shape [3][3], got 2 values; wanted 9 values, or 1 for all`},
		{func(p *Tree) { p.Set("dynamics.I_o", 1, nan, 3) }, `param: dynamics.I_o[1] is NaN; values must be finite`},
		{func(p *Tree) { p.Set("graph.weights", math.Inf(1)) }, `param: graph.weights[0][0] is +Inf; values must be finite`},
		{func(p *Tree) { p.Set("noise.sigma", -1) }, `param: "noise.sigma" with transform log: value -1, wanted > 0; set other values first, or remove it with Transform(path, nil)`},
		{func(p *Tree) { p.SetShaped("dynamics.J_N", []int{2}, []float64{1, 2}) }, `param: "dynamics.J_N" has shape scalar, got shape [2]; wanted scalar, or [3] (one value per region)`},
		{func(p *Tree) { p.SetShaped("dynamics.I_o", []int{2}, []float64{1, 2}) }, `param: "dynamics.I_o" has shape [3], got shape [2]; wanted [3], or scalar`},
		{func(p *Tree) { p.SetShaped("graph.weights", []int{9}, make([]float64, 9)) }, `param: "graph.weights" has shape [3][3], got shape [9]; wanted [3][3]`},
		{func(p *Tree) { p.SetShaped("external.drive", nil, []float64{1}) }, `param: "external.drive" has shape [2][3], got shape scalar; wanted [2][3]`},
		{func(p *Tree) { p.SetShaped("dynamics.J_N", []int{3}, []float64{1, 2}) }, `param: "dynamics.J_N": got 2 values for shape [3]; wanted 3 values`},
		{func(p *Tree) { p.SetShaped("dynamics.J_N", []int{-3}, nil) }, `param: "dynamics.J_N": shape [-3] is impossible`},
		{func(p *Tree) { p.Free("dynamics.J_N", "noise.sgima") }, `param: no leaf "noise.sgima", did you mean "noise.sigma"?`},
		{func(p *Tree) { p.Free("dynamic.*") }, `param: no leaf matches "dynamic.*", did you mean "dynamics.*"? Tree.Paths lists all`},
		{func(p *Tree) { p.Fix("dyn*") }, `param: no leaf "dyn*"`},
		{func(p *Tree) { p.Regional("coupling.delayed.G") }, `param: "coupling.delayed.G" (shape scalar) cannot be regional`},
		{func(p *Tree) { p.Regional("external.drive") }, `param: "external.drive" has shape [2][3] and cannot be regional`},
		{func(p *Tree) { p.Regional("J_N") }, `param: no leaf "J_N", did you mean "dynamics.J_N"?`},
		{func(p *Tree) { p.Transform("graph.weights", Log{}) }, `param: "graph.weights" with transform log: value[0][0] = 0, wanted > 0`},
		{func(p *Tree) { p.Transform("dynamics.J_N", Bounded{0, 0.2}) }, `param: "dynamics.J_N" with transform bounded(0, 0.2): value 0.2609, wanted strictly between 0 and 0.2`},
		{func(p *Tree) { p.Transform("dynamics.J_N", Bounded{1, 0}) }, `param: "dynamics.J_N" with transform bounded(1, 0): bounds 1 and 0, wanted finite bounds with Lo < Hi`},
	} {
		tree := example(t)
		values := tree.Clone()
		c.set(tree)
		checkError(t, tree.Err(), c.want)
		for i := range tree.Len() {
			a, b := tree.At(i), values.At(i)
			if !slices.Equal(a.Value, b.Value) || !slices.Equal(a.Shape, b.Shape) || a.Transform != b.Transform {
				t.Errorf("%s: leaf %q changed all the same", c.want, a.Path)
			}
		}
	}
}

func TestStickyError(t *testing.T) {
	tree := example(t).Set("nonsense.x", 1)
	first := tree.Err()
	table := tree.String()
	tree.Set("dynamics.J_N", 9).SetShaped("dynamics.J_N", nil, []float64{9}).Free("*").Regional("dynamics.J_N").
		Transform("dynamics.J_N", Log{}).Set("other.y", 2).Fix("none.*")
	if tree.Err() != first {
		t.Errorf("error %v, want the first: %v", tree.Err(), first)
	}
	if tree.String() != table || tree.NumFree() != 0 {
		t.Errorf("a setter worked after an error:\n%s", tree)
	}
	if err := tree.SetTheta(nil); err != first {
		t.Errorf("SetTheta = %v, want %v", err, first)
	}
}

func TestTransformHolds(t *testing.T) {
	tree := example(t).Transform("dynamics.J_N", Bounded{0, 1}).Regional("dynamics.J_N").Set("dynamics.J_N", 0.1, 0.2, 0.3)
	if tree.Err() != nil || tree.Free("dynamics.J_N").NumFree() != 3 {
		t.Fatal(tree.Err())
	}
	if tree.Clone().Set("dynamics.J_N", 1).Err() == nil {
		t.Error("a value on the bound was accepted")
	}
	if err := tree.Transform("dynamics.J_N", nil).Set("dynamics.J_N", 2).Err(); err != nil {
		t.Error(err)
	}
	if got := tree.Theta(); !slices.Equal(got, []float64{2, 2, 2}) {
		t.Errorf("free vector without transform %v, want the values", got)
	}
}
