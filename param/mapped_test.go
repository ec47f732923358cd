package param

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The oracle is the definition, by plain sums: value = σ-bounded(Bias + Φ·coefficients).
func TestMappedOverTree(t *testing.T) {
	tree, err := New(Leaf{Path: "dynamics.J_N", Value: []float64{0.25}, Regions: 7, Unit: "nA"})
	if err != nil {
		t.Fatal(err)
	}
	f := Mapped{Phi: tall, Bias: bias, Inner: Bounded{0, 2}}
	coefficients := []float64{0.4, -0.8, 1.5}
	tree.Regional("dynamics.J_N").TransformAt("dynamics.J_N", f, coefficients...).Free("*")
	if tree.Err() != nil {
		t.Fatal(tree.Err())
	}
	want := func(c []float64) []float64 {
		out := make([]float64, 7)
		for i := range out {
			out[i] = 2 / (1 + math.Exp(-bias[i]-dot(tall[i], c)))
		}
		return out
	}
	near := func(got, want []float64) {
		t.Helper()
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-15 {
				t.Errorf("value %d = %v, want %v", i, got[i], want[i])
			}
		}
	}
	near(tree.Values("dynamics.J_N"), want(coefficients))
	if got := tree.Theta(); !slices.Equal(got, coefficients) || !slices.Equal(tree.Coefficients("dynamics.J_N"), coefficients) {
		t.Errorf("Theta() = %v, Coefficients = %v, want %v", got, tree.Coefficients("dynamics.J_N"), coefficients)
	}
	if names := []string{"dynamics.J_N.phi[0]", "dynamics.J_N.phi[1]", "dynamics.J_N.phi[2]"}; !slices.Equal(tree.ThetaNames(), names) {
		t.Errorf("names %q", tree.ThetaNames())
	}
	if !strings.Contains(tree.String(), "3 free, mapped(7×3, bounded(0, 2))") {
		t.Errorf("table\n%s", tree)
	}
	other := []float64{-1, 0.25, 0.5}
	near(tree.SetCoefficients("dynamics.J_N", other...).Values("dynamics.J_N"), want(other))
	// What is written is read back: the values are in the span but for rounding.
	var b bytes.Buffer
	if err := tree.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	if err := tree.SetCoefficients("dynamics.J_N", 0, 0, 0).Apply(&b); err != nil {
		t.Fatal(err)
	}
	near(tree.Theta(), other)
	near(tree.Values("dynamics.J_N"), want(other))
}

// Saturated values and a kept θ: what an optimiser sets is what it reads, whether or not it can be had
// from the values.
func TestMappedFarOut(t *testing.T) {
	tree, err := New(Leaf{Path: "x", Shape: []int{4}, Value: make([]float64, 4), Free: true})
	if err != nil {
		t.Fatal(err)
	}
	tree.TransformAt("x", Mapped{Phi: phi, Inner: Bounded{0, 1}}, 0, 0)
	theta := []float64{500, -300}
	if err := tree.SetTheta(theta); err != nil || !slices.Equal(tree.Theta(), theta) {
		t.Errorf("Theta() = %v, want %v; %v", tree.Theta(), theta, err)
	}
}

// Maps in very different units, and values that are differences of large numbers.
func TestMappedScales(t *testing.T) {
	scaled := make([][]float64, len(tall))
	for i, row := range tall {
		scaled[i] = []float64{row[0] * 1e-200, row[1] * 1e180, row[2]}
	}
	f := Mapped{Phi: scaled, Inner: Log{}}
	theta := []float64{0.7e200, -0.4e-180, 1.5}
	for j, got := range inverse(t, f, at(f, 7, theta...)) {
		if math.Abs(got/theta[j]-1) > 1e-13 {
			t.Errorf("coefficient %d = %v, want %v", j, got, theta[j])
		}
	}
	// 1 − 3·(1/3) and the like leave rounding of the bias.
	f = Mapped{Phi: [][]float64{{0.1}, {0.2}, {0.3}}, Bias: []float64{0.7, 1.4, 2.1}}
	if theta := inverse(t, f, []float64{0, 0, 0}); math.Abs(theta[0]+7) > 1e-14 {
		t.Errorf("coefficient %v, want -7", theta[0])
	}
}

// The residual of a least-squares fit is orthogonal to every column.
func TestLeastSquares(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, size := range [][2]int{{1, 1}, {5, 1}, {7, 7}, {84, 10}} {
		rows := make([][]float64, size[0])
		for i := range rows {
			rows[i] = random(r, size[1])
		}
		q, err := factor(rows)
		if err != nil {
			t.Fatal(err)
		}
		b, x := random(r, size[0]), make([]float64, size[1])
		rest := slices.Clone(b)
		q.solve(x, b)
		for i, row := range rows {
			rest[i] -= dot(row, x)
		}
		for j := range x {
			along := 0.0
			for i, row := range rows {
				along += row[j] * rest[i]
			}
			if math.Abs(along) > 1e-12 {
				t.Errorf("%v: residual along column %d is %v", size, j, along)
			}
		}
	}
}

func TestFarthest(t *testing.T) {
	for _, c := range []struct {
		a, b []float64
		at   int
		by   float64
	}{
		{[]float64{1, 2, 3}, []float64{1, 2, 3}, 0, 0},
		{[]float64{1, 2, 3}, []float64{1.5, 4, 2}, 1, 2},
		{[]float64{1, math.NaN(), 3}, []float64{1.5, 4, 9}, 1, math.NaN()},
	} {
		if at, by := farthest(c.a, c.b); at != c.at || by != c.by && !math.IsNaN(c.by) {
			t.Errorf("farthest(%v, %v) = %d, %v", c.a, c.b, at, by)
		}
	}
}

func TestMappedRefuses(t *testing.T) {
	nan, ones := math.NaN(), [][]float64{{1}, {1}, {1}}
	const with, remedy = `param: "dynamics.I_o" with transform `, `; mend it, or remove it with Transform(path, nil)`
	for _, c := range []struct {
		f    Mapped
		want string
	}{
		// The mean of 0.32, 1/3, 0.34 is 0.33111…, and 0.32 is farthest from it, by 0.01111….
		{Mapped{Phi: ones}, with + `mapped(3×1): value[0] = 0.32 is missed by 0.01111 by the best fit of 1 map, wanted values that Phi·coefficients gives; set them from coefficients: TransformAt sets the transform with them, SetCoefficients changes them, or remove`},
		{Mapped{Phi: ones, Inner: Bounded{0, 0.34}}, with + `mapped(3×1, bounded(0, 0.34)): value[2] = 0.34, wanted strictly between 0 and 0.34; set other values first`},
		{Mapped{}, with + `mapped(0×0): Phi has 0 rows for 3 values, wanted one row per value` + remedy},
		{Mapped{Phi: ones[:1]}, with + `mapped(1×1): Phi has 1 row for 3 values, wanted one row per value` + remedy},
		{Mapped{Phi: [][]float64{{}, {}, {}}}, with + `mapped(3×0): Phi has no columns, wanted at least one map` + remedy},
		{Mapped{Phi: [][]float64{{1, 2}, {1}, {1, 2}}}, with + `mapped(3×2): row 1 of Phi has length 1, row 0 has 2, wanted rows of equal length` + remedy},
		{Mapped{Phi: [][]float64{{1}, {1}, {nan}}}, with + `mapped(3×1): Phi[2][0] is NaN, wanted finite numbers` + remedy},
		{Mapped{Phi: ones, Bias: []float64{1}}, with + `mapped(3×1): Bias of length 1 for the 3 rows of Phi, wanted one number per row, or none` + remedy},
		{Mapped{Phi: ones, Bias: []float64{1, math.Inf(1), 2}}, with + `mapped(3×1): Bias[1] is +Inf, wanted finite numbers` + remedy},
		{Mapped{Phi: [][]float64{{1, 2, 3, 4}, {1, 2, 3, 5}, {1, 3, 5, 8}}}, with + `mapped(3×4): Phi has 4 columns for 3 rows, wanted at most one column per row: leave out maps` + remedy},
		{Mapped{Phi: [][]float64{{1, 0}, {1, 0}, {2, 0}}}, with + `mapped(3×2): column 1 of Phi is 0 throughout, wanted linearly independent maps: leave it out` + remedy},
		{Mapped{Phi: [][]float64{{0.1, 1, 1.1}, {0.2, 1, 1.2}, {0.7, 1, 1.7}}}, with + `mapped(3×3): column 2 of Phi is a combination of those before it, wanted linearly independent maps: leave it out` + remedy},
		{Mapped{Phi: [][]float64{{1e-320}, {1e-320}, {1e-320}}}, with + `mapped(3×1): coefficient 0 is out of the range of float64, wanted maps of ordinary magnitude: scale Phi; set`},
		{Mapped{Phi: ones, Inner: Bounded{1, 0}}, with + `mapped(3×1, bounded(1, 0)): bounds 1 and 0, wanted finite bounds`},
	} {
		refuses(t, func(p *Tree) { p.Transform("dynamics.I_o", c.f) }, c.want)
	}
}
