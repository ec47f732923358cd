package param

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// Weights [N][N] of which the existing edges are fitted: the others keep their bits, −0 and all.
func TestMaskedWeights(t *testing.T) {
	negativeZero := math.Copysign(0, -1)
	weights := []float64{negativeZero, 1, 2, 3, 0, 5, 6, 7, 5e-324}
	mask := make([]bool, len(weights))
	for k, w := range weights {
		mask[k] = w >= 1
	}
	tree := example(t).Set("graph.weights", weights...).
		Transform("graph.weights", Masked{Free: mask, Inner: Log{}}).Free("graph.weights")
	if tree.Err() != nil {
		t.Fatal(tree.Err())
	}
	clear(mask) // the tree has its own
	want := []string{"graph.weights[0][1]", "graph.weights[0][2]", "graph.weights[1][0]", "graph.weights[1][2]", "graph.weights[2][0]", "graph.weights[2][1]"}
	if got := tree.ThetaNames(); !slices.Equal(got, want) || tree.NumFree() != 6 {
		t.Errorf("names %q, want %q", got, want)
	}
	theta := []float64{0, 0.5, -1, 2, 3, -40}
	if err := tree.SetTheta(theta); err != nil {
		t.Fatal(err)
	}
	if got := tree.Theta(); !slices.Equal(got, theta) {
		t.Errorf("Theta() = %v, want %v", got, theta)
	}
	j := 0
	for k, v := range tree.Values("graph.weights") {
		if weights[k] < 1 {
			if math.Float64bits(v) != math.Float64bits(weights[k]) {
				t.Errorf("value %d became %v, want %v", k, v, weights[k])
			}
			continue
		}
		if want := math.Exp(theta[j]); math.Abs(v-want) > 1e-15*want {
			t.Errorf("value %d = %v, want %v", k, v, want)
		}
		j++
	}
	if line := strings.Split(tree.String(), "\n")[5]; !strings.HasSuffix(line, "6 free, masked(6 of 9, log)") {
		t.Errorf("table says %q", line)
	}
}

func TestMaskedRefuses(t *testing.T) {
	for _, c := range []struct {
		set  func(*Tree)
		want string
	}{
		{func(p *Tree) { p.Transform("dynamics.I_o", Masked{Free: []bool{true}}) },
			`param: "dynamics.I_o" with transform masked(1 of 1): mask of length 1 for 3 values, wanted one entry per value; mend it, or remove it with Transform(path, nil)`},
		{func(p *Tree) { p.Transform("dynamics.J_N", Masked{Free: []bool{true, false, true}}) },
			`param: "dynamics.J_N" with transform masked(2 of 3): mask of length 3 for 1 value, wanted one entry per value; call Regional("dynamics.J_N") first for one value per region, mend it, or remove`},
		{func(p *Tree) { p.Transform("dynamics.J_N", Bounded{1, 0}) },
			`param: "dynamics.J_N" with transform bounded(1, 0): bounds 1 and 0, wanted finite bounds with Lo < Hi; mend it, or remove`},
		{func(p *Tree) { p.Transform("dynamics.I_o", Masked{Free: make([]bool, 3)}) },
			`param: "dynamics.I_o" with transform masked(0 of 3): mask that frees none of 3 values, wanted at least one: Tree.Fix`},
		{func(p *Tree) {
			p.Transform("dynamics.I_o", Masked{Free: []bool{false, true, true}, Inner: Bounded{0, 0.334}})
		},
			`param: "dynamics.I_o" with transform masked(2 of 3, bounded(0, 0.334)): value[2] = 0.34, wanted strictly between 0 and 0.334; set other values first, or remove`},
		{func(p *Tree) {
			p.Transform("graph.weights", Masked{Free: []bool{false, true, false, false, true, false, false, false, false}, Inner: Log{}})
		},
			`param: "graph.weights" with transform masked(2 of 9, log): value[1][1] = 0, wanted > 0; set other values first`},
		{func(p *Tree) {
			p.Transform("dynamics.I_o", Masked{Free: []bool{true, false, true}, Inner: Bounded{2, 1}})
		},
			`param: "dynamics.I_o" with transform masked(2 of 3, bounded(2, 1)): bounds 2 and 1, wanted finite bounds`},
	} {
		refuses(t, c.set, c.want)
	}
	tree := example(t).Set("dynamics.I_o", 1).Transform("dynamics.I_o", Masked{Free: []bool{false, true, true}, Inner: Log{}}).Free("dynamics.I_o")
	checkError(t, tree.SetTheta([]float64{0, -800}), `param: free vector: "dynamics.I_o" through transform masked(2 of 3, log): value[2] = 0, wanted > 0; a smaller step`)
	checkError(t, tree.SetTheta([]float64{0, 800}), `param: free vector: dynamics.I_o[2] becomes +Inf through transform masked(2 of 3, log); values must be finite`)
}

// refuses wants the error of a setter, and the tree as it was otherwise.
func refuses(t *testing.T, set func(*Tree), want string) {
	t.Helper()
	tree := example(t)
	before := tree.String()
	set(tree)
	checkError(t, tree.Err(), want)
	tree.err = nil
	if got := tree.String(); got != before {
		t.Errorf("%s: the tree changed all the same:\n%s", want, got)
	}
}
