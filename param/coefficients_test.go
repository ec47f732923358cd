package param

import (
	"math"
	"slices"
	"testing"
)

func TestTransformAt(t *testing.T) {
	ramp := Mapped{Phi: [][]float64{{1, 0}, {1, 1}, {1, 2}}}
	tree := example(t).TransformAt("dynamics.I_o", ramp, 0.25, 0.5).TransformAt("coupling.delayed.G", nil, 3).
		SetCoefficients("coupling.delayed.G", 4).SetCoefficients("noise.sigma", 0)
	if tree.Err() != nil {
		t.Fatal(tree.Err())
	}
	for path, want := range map[string][]float64{
		"dynamics.I_o": {0.25, 0.75, 1.25}, "coupling.delayed.G": {4}, "noise.sigma": {1},
	} {
		if got := tree.Values(path); !slices.Equal(got, want) {
			t.Errorf("%s = %v, want %v", path, got, want)
		}
	}
	ramp.Phi[0][0] = 9 // the tree has its own
	for path, want := range map[string][]float64{
		"dynamics.I_o": {0.25, 0.5}, "coupling.delayed.G": {4}, "noise.sigma": {0}, "nonsense": nil,
	} {
		if got := tree.Coefficients(path); !slices.Equal(got, want) {
			t.Errorf("coefficients of %s are %v, want %v", path, got, want)
		}
	}
	if got := tree.Set("dynamics.I_o", 2, 1.5, 1).Coefficients("dynamics.I_o"); math.Abs(got[0]-2) > 1e-15 || math.Abs(got[1]+0.5) > 1e-15 || tree.Err() != nil {
		t.Errorf("coefficients after Set are %v, want 2, -0.5; %v", got, tree.Err())
	}
	if got := tree.Clone().SetCoefficients("dynamics.I_o", 0, 1).Values("dynamics.I_o"); !slices.Equal(got, []float64{0, 1, 2}) {
		t.Errorf("a clone has other maps: %v", got)
	}
}

func TestTransformAtRefuses(t *testing.T) {
	pair := Tied{Groups: []int{0, 1, 0}, Inner: Log{}}
	for _, c := range []struct {
		set  func(*Tree)
		want string
	}{
		{func(p *Tree) { p.TransformAt("dynamics.I_o", pair, 1) },
			`param: "dynamics.I_o" with transform tied(3 in 2 groups, log): got 1 coefficient; wanted 2, one per free number`},
		{func(p *Tree) { p.TransformAt("dynamics.J_N", pair, 1, 2) },
			`param: "dynamics.J_N" with transform tied(3 in 2 groups, log): 3 group numbers for 1 value, wanted one number per value; call Regional("dynamics.J_N") first`},
		{func(p *Tree) { p.TransformAt("dynamics.I_o", pair, 1, math.NaN()) },
			`param: coefficients: entry dynamics.I_o.group[1] is NaN; entries must be finite numbers: mend them`},
		{func(p *Tree) { p.TransformAt("dynamics.I_o", pair, 800, 0) },
			`param: coefficients: dynamics.I_o[0] becomes +Inf through transform tied(3 in 2 groups, log); values must be finite numbers; give others`},
		{func(p *Tree) { p.TransformAt("dynamics.I_o", pair, 0, -800) },
			`param: coefficients: "dynamics.I_o" through transform tied(3 in 2 groups, log): value[1] = 0, wanted > 0; give others`},
		{func(p *Tree) { p.SetCoefficients("noise.sigma", 1, 2) },
			`param: "noise.sigma" with transform log: got 2 coefficients; wanted 1, one per free number`},
		{func(p *Tree) { p.SetCoefficients("graph.weights", 1) },
			`param: "graph.weights" with transform identity: got 1 coefficient; wanted 9, one per free number`},
		{func(p *Tree) { p.SetCoefficients("I_o", 1) }, `param: no leaf "I_o", did you mean "dynamics.I_o"?`},
	} {
		refuses(t, c.set, c.want)
	}
	sticky := example(t).SetCoefficients("nonsense", 1).TransformAt("dynamics.I_o", pair, 0, 0)
	checkError(t, sticky.Err(), `param: no leaf "nonsense"`)
	if sticky.Values("dynamics.I_o")[0] != 0.32 {
		t.Error("a setter worked after an error")
	}
}
