package space

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/param"
)

// base is a tree like that of a small simulation of three regions.
func base(t *testing.T) *param.Tree {
	t.Helper()
	tree, err := param.New(
		param.Leaf{Path: "coupling.delayed.G", Value: []float64{0.75}},
		param.Leaf{Path: "dynamics.J_N", Value: []float64{0.2609}, Regions: 3},
		param.Leaf{Path: "dynamics.I_o", Shape: []int{3}, Value: []float64{1, 2, 3}, Regions: 3},
		param.Leaf{Path: "noise.sigma", Value: []float64{0.002}, Regions: 3, Transform: param.Log{}},
		param.Leaf{Path: "graph.weights", Shape: []int{2, 2}, Value: []float64{0, 1, 2, 0}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestTree(t *testing.T) {
	tree := base(t)
	before := tree.String()
	s := Zip(
		Axis("coupling.delayed.G", Grid(0, 1, 3)),
		Axis("dynamics.J_N", Uniform(0, 0.5, 3).Each(3)),
		Axis("dynamics.I_o", Data(7, 8, 9)),
		Axis("noise.sigma", LogGrid(1e-4, 1e-2, 3).Broadcast(3)),
		Axis("graph.weights", Data([][]float64{{0, 1}, {1, 0}}, [][]float64{{0, 2}, {2, 0}}, [][]float64{{0, 3}, {3, 0}})),
	)
	if err := s.Check(tree); err != nil {
		t.Fatal(err)
	}
	count := 0
	for got, err := range s.Trees(tree) {
		if err != nil {
			t.Fatal(err)
		}
		p, _ := s.Point(count)
		i := float64(count)
		for path, want := range map[string][]float64{
			"coupling.delayed.G": {i / 2}, "dynamics.J_N": p.Values("dynamics.J_N"), "dynamics.I_o": {7 + i, 7 + i, 7 + i},
			"noise.sigma": p.Values("noise.sigma"), "graph.weights": {0, i + 1, i + 1, 0},
		} {
			if !slices.Equal(got.Values(path), want) || len(want) == 0 {
				t.Errorf("point %d: %s = %v, want %v", count, path, got.Values(path), want)
			}
		}
		if leaf, _ := got.Leaf("dynamics.J_N"); !leaf.IsRegional() || len(got.FreeLeaves()) != 0 {
			t.Errorf("point %d: J_N has shape %v; %d free leaves", count, leaf.Shape, len(got.FreeLeaves()))
		}
		one, err := s.Tree(tree, count-3)
		if err != nil || one.String() != got.String() {
			t.Errorf("Tree(%d) is\n%s, %v; iterated\n%s", count-3, one, err, got)
		}
		count++
	}
	if count != 3 || tree.String() != before {
		t.Errorf("%d trees; the base is\n%s", count, tree)
	}
}

// Wrapped values are where fits start: free, under the transform, whatever the leaf had.
func TestFree(t *testing.T) {
	tree := base(t).Transform("dynamics.J_N", param.Bounded{Lo: 0.26, Hi: 0.27})
	s := Zip(
		Axis("dynamics.J_N", Uniform(0, 0.5, 8).Free(param.Bounded{Lo: -1, Hi: 1})),
		Axis("coupling.delayed.G", Uniform(0, 1, 8).Free(nil)),
		Axis("noise.sigma", Uniform(0.1, 1, 8).Free(nil)),
	)
	if err := s.Check(tree); err != nil {
		t.Fatal(err)
	}
	for p, err := range s.All() {
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Set(tree); err != nil { // the same tree, again and again
			t.Fatal(err)
		}
		j := p.Value("dynamics.J_N")
		want := []float64{p.Value("coupling.delayed.G"), math.Log((j + 1) / (1 - j)), math.Log(p.Value("noise.sigma"))}
		if got := tree.Theta(); !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-12 }) {
			t.Errorf("point %d: θ = %v, want %v", p.Index, got, want)
		}
	}
}

func TestTreeErrors(t *testing.T) {
	for _, c := range []struct {
		s    *Space
		want string
	}{
		{Axis("J_N", Grid(0, 1, 2)), `no leaf "J_N", did you mean "dynamics.J_N"?`},
		{Axis("dynamics.J_M", Grid(0, 1, 2)), `no leaf "dynamics.J_M", did you mean "dynamics.J_N"?`},
		{Axis("seed", Data(1, 2)), `no leaf "seed"`},
		{Axis("dynamics.J_N", Grid(0, 1, 2).Broadcast(4)), `"dynamics.J_N" has shape scalar, got shape [4]`},
		{Axis("graph.weights", Data([]float64{1, 2, 3, 4})), `"graph.weights" has shape [2][2], got shape [4]`},
		{Axis("noise.sigma", Grid(-1, 1, 3)), `"noise.sigma" with transform log: value -1, wanted > 0`},
		{Axis("coupling.delayed.G", Grid(0, 1, 3).Free(param.Bounded{Lo: 0, Hi: 1})), `value 0, wanted strictly between 0 and 1`},
		{Axis("coupling.delayed.G", Grid(0, 1, 3).Free(param.Bounded{Lo: 1, Hi: 0})), `bounds 1 and 0`},
		{Axis("a", Grid(0, 1, 0)), `axis "a": 0 values`},
	} {
		// The error comes at a point, from the check, from a product and from the iterator.
		tree := base(t)
		_, err := c.s.Tree(tree, 0)
		checkMessage(t, "Tree", err, c.want)
		checkMessage(t, "Check", c.s.Check(tree), c.want)
		checkMessage(t, "Check", Product(Axis("dynamics.I_o", Grid(0, 1, 2)), c.s).Seed(3).Check(tree), c.want)
		for _, err := range c.s.Trees(tree) {
			checkMessage(t, "Trees", err, c.want)
			break
		}
		if tree.Err() != nil {
			t.Errorf("the base has the error %v", tree.Err())
		}
	}
	// A bad value far inside is found by Check, not only at its point.
	tree := base(t)
	s := Product(Axis("coupling.delayed.G", Grid(0, 1, 100)), Axis("noise.sigma", Data(1, 2, -3)))
	if _, err := s.Tree(tree, 0); err != nil {
		t.Error(err)
	}
	checkMessage(t, "Check", s.Check(tree), `value 2 along "noise.sigma"`, "wanted > 0")
	if err := s.Slice(0, 2).Check(tree); err != nil {
		t.Errorf("a slice without the bad value: %v", err)
	}
	_, err := s.Tree(tree, -1)
	checkMessage(t, "Tree", err, "point 299: ")
}

func TestErrors(t *testing.T) {
	a, b := Axis("a", Grid(0, 1, 5)), Axis("b", Uniform(0, 1, 3))
	bad := Axis("c", Grid(1, 0, 3))
	for want, s := range map[string]*Space{
		`axis "a b": not a path`:                                    Axis("a b", Grid(0, 1, 2)),
		`axis "": not a path`:                                       Axis("", Grid(0, 1, 2)),
		`axis "a": no values; wanted Grid, Uniform, Data …`:         Axis("a", Values{}),
		`0 values; wanted at least 1`:                               Axis("a", Data[float64]()),
		`-1 values; wanted at least 1`:                              Axis("a", Normal(0, 1, -1)),
		`bounds 1 and 1; wanted finite bounds, the lower one first`: Axis("a", Uniform(1, 1, 3)),
		`bounds NaN and 1`:                                          Axis("a", Grid(math.NaN(), 1, 3)),
		`bounds -1e+308 and 1e+308`:                                 Axis("a", Grid(-1e308, 1e308, 3)),
		`bounds 0 and 1 on a logarithmic scale`:                     Axis("a", LogGrid(0, 1, 3)),
		`bounds -1 and 1 on a logarithmic scale`:                    Axis("a", LogUniform(-1, 1, 3)),
		`mean 0 and standard deviation 0; wanted finite numbers`:    Axis("a", Normal(0, 0, 3)),
		`mean 0 and standard deviation 100; wanted finite numbers`:  Axis("a", LogNormal(0, 100, 3)),
		`mean 2 and standard deviation NaN`:                         Axis("a", LogNormal(2, math.NaN(), 3)),
		`no distribution; wanted a value with a method Quantile`:    Axis("a", Draw(nil, 3)),
		`space.refusing panics: parameter out of bounds; wanted`:    Axis("a", Draw(&refusing{}, 3)),
		`bounds 0 and 1e+308; wanted bounds of ordinary size`:       Axis("a", Grid(0, 1e308, 3)),
		`space.wedge has the quantiles [-0.`:                        Axis("a", Draw(wedge{-1}, 3)),
		`space.wedge has the quantiles [NaN`:                        Axis("a", Draw(wedge{math.NaN()}, 3)),
		`value 1: NaN; wanted finite numbers`:                       Axis("a", Data(1, math.NaN())),
		`value 0: +Inf at [1]; wanted finite numbers`:               Axis("a", Data([]float64{1, math.Inf(1)})),
		`value 1: NaN at [1][0]`:                                    Axis("a", Data([][]float64{{1}, {2}}, [][]float64{{1}, {math.NaN()}})),
		`value 1: shape [3], value 0 has [2]`:                       Axis("a", Data([]float64{1, 2}, []float64{1, 2, 3})),
		`value 0: row 1 has length 1, row 0 has 2`:                  Axis("a", Data([][]float64{{1, 2}, {3}})),
		`value 0: an array without numbers`:                         Axis("a", Data([]float64{})),
		`values of shape [2] cannot be broadcast to [4]`:            Axis("a", Data([]float64{1, 2}).Broadcast(4)),
		`a shape without extents`:                                   Axis("a", Grid(0, 1, 2).Broadcast()),
		`shape [2][0]; wanted extents of at least 1`:                Axis("a", Uniform(0, 1, 2).Each(2, 0)),
		`Each of values that are not drawn`:                         Axis("a", Grid(0, 1, 2).Each(2)),
		`group "a b"; wanted a label without blanks`:                Axis("a", Grid(0, 1, 2).Group("a b")),
		`product of no axes`:                                        Product(),
		`zip: part 1 is nil`:                                        Zip(a, nil),
		`axis "c": bounds 1 and 0`:                                  Product(a, Zip(b, bad)).Seed(1).Slice(0, 2).Every(2),
		`two axes along "a"; wanted one axis per path`:              Product(a, Zip(b, Axis("d", Grid(0, 1, 3))), Axis("a", Grid(0, 1, 2))),
		`zip of unequal lengths: "a" 5, "b" 3`:                      Zip(a, b),
		`zip of unequal lengths: "x" 5, "y" 3`:                      Product(Axis("x", Grid(0, 1, 5).Group("g")), Axis("y", Grid(0, 1, 3).Group("g"))),
		`FirstFastest of what is not a product`:                     a.FirstFastest(),
		`slice from 2 to 9 of 5 points; wanted 0 … 5`:               a.Slice(2, 9),
		`slice from -6 to 3 of 5 points`:                            a.Slice(-6, 3),
		`slice from 3 to 3 of 5 points is empty`:                    a.Slice(3, 3),
		`slice from 4 to 2 of 5 points is empty`:                    a.Slice(4, 2),
		`every 0-th point`:                                          a.Every(0),
		`latin: the values of "a" are not drawn`:                    LatinHypercube(a),
		`sobol: the part with "b" is not one axis`:                  Sobol(Zip(b)),
		`halton of unequal lengths: "b" 3, "d" 4`:                   Halton(b, Axis("d", Uniform(0, 1, 4))),
		`a space without axes`:                                      {},
		`axis "w": bounds 1 and 0 `:                                 Axes{"w": Grid(1, 0, 2)}.Product(),
	} {
		want = strings.TrimSpace(want)
		checkMessage(t, want, s.Err(), want)
		if s.Len() != 0 || s.Paths() != nil || s.Columns() != nil || s.String() != s.Err().Error() {
			t.Errorf("%s: %d points along %q, %q", want, s.Len(), s.Paths(), s)
		}
		_, err := s.Point(0)
		checkMessage(t, want, err, want)
		yielded := 0
		for _, err := range s.All() {
			checkMessage(t, want, err, want)
			yielded++
		}
		if _, hash := s.Hash(); yielded != 1 || hash == nil || s.WriteCSV(&strings.Builder{}) == nil {
			t.Errorf("%s: %d errors iterated, hash error %v", want, yielded, hash)
		}
	}
	_, err := a.Point(5)
	checkMessage(t, "point 5", err, "space: point 5 of 5; wanted 0 … 4, or -5 … -1 from the end")
}

// refusing is a distribution that panics.
type refusing struct{}

func (refusing) Quantile(float64) float64 { panic("parameter out of bounds") }

// gap is a distribution with a hole that its probes do not see.
type gap struct{}

func (gap) Quantile(p float64) float64 {
	if 0.3 < p && p < 0.4 {
		return math.Inf(1)
	}
	return p
}

func TestGap(t *testing.T) {
	s := Axis("a", Draw(gap{}, 200))
	var bad []string
	for p, err := range s.All() {
		if err == nil && !isFinite(p.Value("a")) {
			t.Errorf("point %s is no error", p)
		}
		if err != nil {
			checkMessage(t, "draw", err, fmt.Sprintf(`axis "a", value %d: quantile 0.3`, p.Index), "of space.gap is +Inf; wanted a finite number")
			if p.Values("a") != nil {
				t.Errorf("error %v with the point %s", err, p)
			}
			bad = append(bad, p.String())
		}
	}
	if len(bad) < 10 || len(bad) > 30 {
		t.Errorf("%d of 200 draws fall into a tenth", len(bad))
	}
}
