package param

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// fitted is a tree with free leaves of every kind: plain, log, bounded, masked, mapped.
func fitted(t testing.TB) *Tree {
	t.Helper()
	tree, err := New(
		Leaf{Path: "fixed", Value: []float64{5}},
		Leaf{Path: "plain", Shape: []int{2, 2}, Value: []float64{1, -2, 3, 0}, Free: true},
		Leaf{Path: "scale", Value: []float64{0.002}, Regions: 2, Transform: Log{}, Free: true},
		Leaf{Path: "asleep", Value: []float64{0.5}, Transform: Bounded{0, 1}},
		Leaf{Path: "share", Shape: []int{3}, Value: []float64{0.1, 0.5, 0.8}, Regions: 3, Transform: Bounded{0, 1}, Free: true},
		Leaf{Path: "some", Shape: []int{3}, Value: []float64{7, 8, 9}, Transform: Masked{Free: []bool{false, true, true}}, Free: true},
		Leaf{Path: "maps", Shape: []int{4}, Value: []float64{1, 2, -3.5, 3.5}, Transform: Mapped{Phi: phi}, Free: true},
		Leaf{Path: "pairs", Shape: []int{2, 2}, Value: []float64{3, 4, 4, 3}, Transform: Tied{Groups: []int{6, 1, 1, 6}, Inner: Log{}}, Free: true},
		Leaf{Path: "odd", Shape: []int{2}, Value: []float64{1, -1}, Transform: opposed{}, Free: true},
		Leaf{Path: "none", Shape: []int{0}, Free: true},
	)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestThetaNames(t *testing.T) {
	want := []string{"plain[0][0]", "plain[0][1]", "plain[1][0]", "plain[1][1]", "scale",
		"share[0]", "share[1]", "share[2]", "some[1]", "some[2]", "maps.phi[0]", "maps.phi[1]",
		"pairs.group[1]", "pairs.group[6]", "odd.theta[0]"}
	tree := fitted(t)
	if got := tree.ThetaNames(); !slices.Equal(got, want) {
		t.Errorf("ThetaNames() = %q, want %q", got, want)
	}
	if tree.NumFree() != len(want) || len(tree.Theta()) != len(want) {
		t.Errorf("NumFree() = %d, length of Theta() %d, want %d", tree.NumFree(), len(tree.Theta()), len(want))
	}
	if got := tree.FreeLeaves(); !slices.Equal(got, []int{1, 2, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("FreeLeaves() = %v", got)
	}
}

func TestThetaValues(t *testing.T) {
	tree := fitted(t)
	want := []float64{1, -2, 3, 0, math.Log(0.002), math.Log(0.1 / 0.9), 0, math.Log(0.8 / 0.2), 8, 9, 1, 2, math.Log(4), math.Log(3), 1}
	for j, v := range tree.Theta() {
		if math.Abs(v-want[j]) > 1e-14*math.Abs(want[j]) {
			t.Errorf("Theta()[%d] = %v, want %v", j, v, want[j])
		}
	}
	// 60 saturates the bound: the value cannot tell 60 from 40, the tree can.
	given := []float64{4, 3, 2, 1, -1, 60, -60, 0.25, 10, 11, 2, 4, 0, 1, -5}
	if err := tree.SetTheta(given); err != nil {
		t.Fatal(err)
	}
	if got := tree.Theta(); !slices.Equal(got, given) {
		t.Errorf("Theta() = %v, want what was set, %v", got, given)
	}
	for path, want := range map[string][]float64{
		"fixed": {5}, "asleep": {0.5}, "none": {},
		"plain": {4, 3, 2, 1},
		"scale": {math.Exp(-1)},
		"share": {1, math.Exp(-60), 1 / (1 + math.Exp(-0.25))},
		"some":  {7, 10, 11},
		"maps":  {2, 4, -7, 7},
		"pairs": {math.E, 1, 1, math.E},
		"odd":   {-5, 5},
	} {
		for k, v := range tree.Values(path) {
			if math.Abs(v-want[k]) > 4e-16*math.Abs(want[k]) {
				t.Errorf("%s[%d] = %v, want %v", path, k, v, want[k])
			}
		}
	}
	// A value that is set afterwards takes the place of the kept θ.
	if tree.Set("share", 0.5); !slices.Equal(tree.Theta()[5:8], []float64{0, 0, 0}) {
		t.Errorf("Theta() after Set = %v", tree.Theta())
	}
}

func TestSetThetaRefuses(t *testing.T) {
	for _, c := range []struct {
		entry int
		x     float64
		want  string
	}{
		{1, math.NaN(), `param: free vector: entry plain[0][1] is NaN; entries must be finite`},
		{9, math.Inf(1), `param: free vector: entry some[2] is +Inf; entries must be finite`},
		{4, 800, `param: free vector: scale becomes +Inf through transform log; values must be finite`},
		{4, -800, `param: free vector: "scale" through transform log: value 0, wanted > 0;`},
		{11, math.MaxFloat64, `param: free vector: maps[2] becomes -Inf through transform mapped(4×2); values must be finite`},
	} {
		tree := fitted(t)
		theta := tree.Theta()
		before := tree.String()
		changed := slices.Clone(theta)
		changed[0], changed[c.entry] = 99, c.x
		checkError(t, tree.SetTheta(changed), c.want)
		if tree.String() != before || !slices.Equal(tree.Theta(), theta) {
			t.Errorf("%s: the tree changed all the same", c.want)
		}
		if tree.Err() != nil {
			t.Errorf("%s: the error stuck", c.want)
		}
	}
	checkError(t, fitted(t).SetTheta(make([]float64, 3)), `param: free vector of length 3; wanted 15, the length for the 8 free leaves`)
	if err := example(t).SetTheta(nil); err != nil {
		t.Errorf("no free leaf, no numbers: %v", err)
	}
}

// The whole tree against Richardson's differences of L(θ) = Σ_i Σ_k a_ik·v_ik + b_ik·v_ik²/2.
func TestPullbackPushforward(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	tree := fitted(t)
	var a, b [][]float64
	for i := range tree.Len() {
		n := len(tree.At(i).Value)
		a, b = append(a, random(r, n)), append(b, random(r, n))
	}
	loss := func(theta []float64) float64 {
		p := tree.Clone()
		if err := p.SetTheta(theta); err != nil {
			t.Fatal(err)
		}
		s := 0.0
		for i := range p.Len() {
			for k, v := range p.At(i).Value {
				s += a[i][k]*v + b[i][k]*v*v/2
			}
		}
		return s
	}
	slope := func(i int) []float64 {
		g := slices.Clone(a[i])
		for k, v := range tree.At(i).Value {
			g[k] += b[i][k] * v
		}
		return g
	}
	theta := tree.Theta()
	grad := tree.Pullback(slope)
	along := func(dir []float64) float64 {
		return richardson(func(h float64) float64 {
			moved := slices.Clone(theta)
			for j := range moved {
				moved[j] += h * dir[j]
			}
			return loss(moved)
		})
	}
	for j, name := range tree.ThetaNames() {
		unit := make([]float64, len(theta))
		unit[j] = 1
		if want := along(unit); math.Abs(grad[j]-want) > 1e-9*(math.Abs(want)+1) {
			t.Errorf("gradient at %s is %v, difference quotient %v", name, grad[j], want)
		}
	}
	dir := random(r, len(theta))
	tangent := 0.0
	for i, d := range tree.Pushforward(dir) {
		if (d != nil) != tree.At(i).Free {
			t.Errorf("tangent of %s is %v", tree.At(i).Path, d)
		}
		if d != nil {
			tangent += dot(slope(i), d)
		}
	}
	if want := dot(grad, dir); math.Abs(tangent-want) > 1e-13*math.Abs(want) {
		t.Errorf("⟨g, J·d⟩ = %v, ⟨Jᵀ·g, d⟩ = %v", tangent, want)
	}
	if want := along(dir); math.Abs(tangent-want) > 1e-9*(math.Abs(want)+1) {
		t.Errorf("tangent %v, difference quotient %v", tangent, want)
	}
}

func TestPullbackNil(t *testing.T) {
	tree := fitted(t)
	grad := tree.Pullback(func(i int) []float64 {
		if tree.At(i).Path == "plain" {
			return []float64{1, 2, 3, 4}
		}
		return nil
	})
	if want := []float64{1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}; !slices.Equal(grad, want) {
		t.Errorf("gradient %v, want %v", grad, want)
	}
}

func BenchmarkSetTheta(b *testing.B) {
	value := make([]float64, 84)
	for i := range value {
		value[i] = 0.3
	}
	tree, err := New(Leaf{Path: "x", Shape: []int{84}, Value: value, Regions: 84, Transform: Bounded{0, 1}, Free: true})
	if err != nil {
		b.Fatal(err)
	}
	theta := tree.Theta()
	for b.Loop() {
		if err := tree.SetTheta(theta); err != nil {
			b.Fatal(err)
		}
	}
}
