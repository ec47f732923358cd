package param

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// example is a tree like that of a small simulation of three regions.
func example(t testing.TB) *Tree {
	t.Helper()
	tree, err := New(
		Leaf{Path: "dynamics.J_N", Value: []float64{0.2609}, Unit: "nA", Hi: 1, Regions: 3, Meaning: "excitatory recurrence"},
		Leaf{Path: "dynamics.I_o", Shape: []int{3}, Value: []float64{0.32, 1.0 / 3, 0.34}, Unit: "nA", Regions: 3},
		Leaf{Path: "coupling.delayed.G", Value: []float64{0.75}, Hi: math.Inf(1)},
		Leaf{Path: "noise.sigma", Value: []float64{0.002}, Regions: 3, Transform: Log{}},
		Leaf{Path: "graph.weights", Shape: []int{3, 3}, Value: []float64{0, 1, 2, 3, 0, 5, 6, 7, 0}},
		Leaf{Path: "external.drive", Shape: []int{2, 3}, Value: []float64{4, 4, 4, 4, 4, 4}, Regions: 3},
	)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestNewRefuses(t *testing.T) {
	one := []float64{1}
	for _, c := range []struct {
		leaf Leaf
		want string
	}{
		{Leaf{Path: "", Value: one}, `param: path "" is not a dotted name`},
		{Leaf{Path: "a..b", Value: one}, `param: path "a..b" is not a dotted name`},
		{Leaf{Path: "a.*", Value: one}, `param: path "a.*" is not a dotted name`},
		{Leaf{Path: "a b", Value: one}, `param: path "a b" is not a dotted name`},
		{Leaf{Path: "x", Value: one}, `param: path "x" is given twice`},
		{Leaf{Path: "a"}, `param: "a" has 0 values but shape scalar; wanted 1 value`},
		{Leaf{Path: "a", Shape: []int{2, 3}, Value: one}, `param: "a" has 1 value but shape [2][3]; wanted 6 values`},
		{Leaf{Path: "a", Shape: []int{-1}, Value: one}, `param: "a": shape [-1] is impossible`},
		{Leaf{Path: "a", Shape: []int{1 << 40, 1 << 40}, Value: one}, `param: "a": shape [1099511627776][1099511627776] is impossible`},
		{Leaf{Path: "a", Shape: []int{2, 2}, Value: []float64{1, 2, 3, math.NaN()}}, `param: a[1][1] is NaN; values must be finite`},
		{Leaf{Path: "a", Value: []float64{math.Inf(-1)}}, `param: a is -Inf; values must be finite`},
		{Leaf{Path: "a", Value: one, Lo: 2, Hi: 1}, `param: "a" has the sensible range [2, 1]`},
		{Leaf{Path: "a", Value: one, Lo: math.NaN()}, `param: "a" has the sensible range [NaN, 0]`},
		{Leaf{Path: "a", Value: one, Regions: -1}, `param: "a" has -1 regions`},
		{Leaf{Path: "a", Value: []float64{0}, Transform: Log{}}, `param: "a" with transform log: value 0, wanted > 0`},
	} {
		tree, err := New(Leaf{Path: "x", Value: one}, c.leaf)
		checkError(t, err, c.want)
		if tree != nil {
			t.Errorf("%s: a tree beside the error", c.want)
		}
	}
}

func TestLookup(t *testing.T) {
	tree := example(t)
	want := []string{"dynamics.J_N", "dynamics.I_o", "coupling.delayed.G", "noise.sigma", "graph.weights", "external.drive"}
	if got := tree.Paths(); !slices.Equal(got, want) {
		t.Errorf("Paths() = %q, want %q", got, want)
	}
	if tree.Len() != len(want) {
		t.Errorf("Len() = %d, want %d", tree.Len(), len(want))
	}
	for i, path := range want {
		if j, ok := tree.Index(path); !ok || j != i || tree.At(i).Path != path || !tree.Has(path) {
			t.Errorf("Index(%q) = %d, %v, want %d", path, j, ok, i)
		}
	}
	if _, ok := tree.Index("dynamics.w"); ok || tree.Has("dynamics") || tree.Values("dynamics.w") != nil {
		t.Error("a path that no leaf has was found")
	}
	leaf, err := tree.Leaf("dynamics.I_o")
	if err != nil || leaf.Unit != "nA" || !slices.Equal(leaf.Shape, []int{3}) {
		t.Errorf("Leaf = %+v, %v", leaf, err)
	}
	leaf.Value[0], leaf.Shape[0] = 9, 9
	tree.Values("dynamics.I_o")[1] = 9
	if got := tree.At(1); got.Value[0] != 0.32 || got.Value[1] != 1.0/3 || got.Shape[0] != 3 {
		t.Errorf("copies share storage with the tree: %+v", got)
	}
}

func TestUnknownPath(t *testing.T) {
	tree := example(t)
	for _, c := range []struct{ path, want string }{
		{"dynamics.J_n", `param: no leaf "dynamics.J_n", did you mean "dynamics.J_N"? Tree.Paths lists all`},
		{"sigma", `param: no leaf "sigma", did you mean "noise.sigma"? Tree.Paths lists all`},
		{"delayed.G", `param: no leaf "delayed.G", did you mean "coupling.delayed.G"? Tree.Paths lists all`},
		{"", `param: no leaf "", known: dynamics.J_N, dynamics.I_o, coupling.delayed.G, noise.sigma, graph.weights, external.drive; Tree.Paths lists all`},
	} {
		_, err := tree.Leaf(c.path)
		checkError(t, err, c.want)
	}
	if tree.Err() != nil {
		t.Errorf("a look-up left the error %v", tree.Err())
	}
}

func TestNewCopies(t *testing.T) {
	value, shape := []float64{1, 2}, []int{2}
	tree, err := New(Leaf{Path: "a", Shape: shape, Value: value}, Leaf{Path: "b", Shape: []int{}, Value: []float64{3}})
	if err != nil {
		t.Fatal(err)
	}
	value[0], shape[0] = 9, 9
	if l := tree.At(0); l.Value[0] != 1 || l.Shape[0] != 2 {
		t.Errorf("the tree shares storage with the leaf it was made of: %+v", l)
	}
	if tree.At(1).Shape != nil {
		t.Error("an empty shape did not become nil")
	}
}

func TestCloneIsIndependent(t *testing.T) {
	tree := example(t).Free("noise.sigma", "dynamics.I_o")
	before := tree.String()
	theta := tree.Theta()
	clone := tree.Clone()
	if clone.String() != before || !slices.Equal(clone.Theta(), theta) {
		t.Errorf("clone differs:\n%s", clone)
	}
	clone.Set("dynamics.I_o", 7).Regional("noise.sigma").Set("noise.sigma", 1, 2, 3).Fix("dynamics.*").Transform("coupling.delayed.G", Log{})
	if err := clone.SetTheta([]float64{1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	if clone.Set("nothing", 1).Err() == nil {
		t.Error("no error for an unknown path")
	}
	if tree.String() != before || !slices.Equal(tree.Theta(), theta) || tree.Err() != nil {
		t.Errorf("changing the clone changed the tree:\n%s", tree)
	}
	if clone.Clone().Err() == nil {
		t.Error("a clone lost the sticky error")
	}
}

// checkError wants an error of at most four lines that begins with the stated text.
func checkError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case err == nil:
		t.Errorf("no error, want %q", want)
	case !strings.HasPrefix(err.Error(), want):
		t.Errorf("error\n%s\nwant it to begin with\n%s", err, want)
	case strings.Count(err.Error(), "\n") > 3:
		t.Errorf("error of more than four lines:\n%s", err)
	}
}
