package param

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// opposed is a transform that somebody else might write: one free number, the values θ and −θ.
type opposed struct{}

func (opposed) String() string        { return "opposed" }
func (opposed) Size(int) (int, error) { return 1, nil }
func (opposed) Inverse(theta, value []float64) error {
	theta[0] = value[0]
	return nil
}
func (opposed) Forward(value, theta []float64) error {
	value[0], value[1] = theta[0], -theta[0]
	return nil
}
func (opposed) Pullback(gradTheta, _, gradValue []float64) {
	gradTheta[0] = gradValue[0] - gradValue[1]
}
func (o opposed) Pushforward(tanValue, _, tanTheta []float64) {
	tanValue[0], tanValue[1] = tanTheta[0], -tanTheta[0]
}

// phi is two maps over four regions; tall is three over seven, of no special form.
var (
	phi  = [][]float64{{1, 0}, {0, 1}, {0.5, -2}, {3, 0.25}}
	tall = [][]float64{{1, 0.3, 0.2}, {1, -0.2, 0.1}, {1, 1.7, -0.4}, {1, 0.9, 0.3}, {1, -1.1, 0}, {1, 0, -0.2}, {1, 0.4, 0.1}}
	bias = []float64{0.1, -0.2, 0.3, 0, 0.5, -0.6, 0.7}
)

// at is the values of a transform of n values at the given θ.
func at(f Transform, n int, theta ...float64) []float64 {
	value := make([]float64, n)
	if err := f.Forward(value, theta); err != nil {
		panic(err)
	}
	return value
}

var (
	twins        = Tied{Groups: []int{5, 2, 5, 9, 2}, Inner: Log{}}
	levels       = Mapped{Phi: tall, Bias: bias}
	positiveMaps = Mapped{Phi: tall, Bias: bias, Inner: Log{}}
	boundedMaps  = Mapped{Phi: tall, Inner: Bounded{-3, 8}}
	tiedMaps     = Mapped{Phi: phi, Inner: Tied{Groups: []int{0, 1, 1, 2, 3, 3, 0}, Inner: Log{}}}
	maskedMaps   = Masked{Free: []bool{true, false, true, true, false, true}, Inner: Mapped{Phi: phi, Inner: Log{}}}
	tiedMask     = Tied{Groups: []int{3, 3, 1, 1, 7}, Inner: Masked{Free: []bool{true, false, true}, Inner: Bounded{0, 1}}}
)

var transforms = []struct {
	transform Transform
	value     []float64
}{
	{Log{}, []float64{1e-12, 0.3, 1, 2.5, 4e5}},
	{Bounded{0, 1}, []float64{1e-9, 0.2, 0.5, 0.77, 1 - 1e-9}},
	{Bounded{-3, 8}, []float64{-2.9999, -1, 2.5, 3, 7.99}},
	{Bounded{-1e-3, 0}, []float64{-1e-9, -5e-4, -9.99e-4}},
	{opposed{}, []float64{0.3, -0.3}},
	{Masked{Free: []bool{true, false, false, true}}, []float64{1, 2, 3, 4}},
	{Masked{Free: []bool{true, false, true}, Inner: Log{}}, []float64{0.02, 0, 3}},
	{Masked{Free: []bool{false, true}, Inner: Bounded{0, 1}}, []float64{7, 0.9}},
	{Tied{Groups: []int{1, 0, 1, 0}}, []float64{-2, 0.5, -2, 0.5}},
	{twins, []float64{3, 0.2, 3, 1e4, 0.2}},
	{Mapped{Phi: phi}, []float64{1, 2, -3.5, 3.5}},
	{levels, at(levels, 7, 0.3, -1.2, 2)},
	{positiveMaps, at(positiveMaps, 7, -0.3, 0.7, -1.5)},
	{boundedMaps, at(boundedMaps, 7, 0.3, -1.2, 2)},
	{tiedMaps, at(tiedMaps, 7, 0.5, -0.25)},
	{maskedMaps, at(maskedMaps, 6, 0.5, -0.25)},
	{tiedMask, []float64{4, 4, 0.2, 0.2, 0.7}},
}

func TestTransformRoundTrip(t *testing.T) {
	for _, c := range transforms {
		f, value := c.transform, c.value
		theta := inverse(t, f, value)
		again := slices.Clone(value)
		if err := f.Forward(again, theta); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		for k, v := range again {
			if math.Abs(v-value[k]) > 1e-14*math.Abs(value[k]) {
				t.Errorf("%s: Forward∘Inverse(%v) = %v", f, value[k], v)
			}
		}
		back := inverse(t, f, again)
		for j := range theta {
			// Near a bound the distance to the farther one has no digits left: 1e-9 keeps 7 of 16.
			if math.Abs(back[j]-theta[j]) > 1e-7 {
				t.Errorf("%s: Inverse∘Forward(%v) = %v", f, theta[j], back[j])
			}
		}
	}
}

// The derivatives against Richardson's extrapolated central differences of Forward, in random
// directions, and each against the other: ⟨g, J·d⟩ = ⟨Jᵀ·g, d⟩.
func TestTransformDerivatives(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range transforms {
		f, n := c.transform, len(c.value)
		theta := inverse(t, f, c.value)
		m := len(theta)
		dir, tan, gradTheta := random(r, m), make([]float64, n), make([]float64, m)
		for j := range tan {
			tan[j] = math.NaN() // every entry has to be written
		}
		for j := range gradTheta {
			gradTheta[j] = math.NaN()
		}
		grad := random(r, n)
		f.Pushforward(tan, theta, dir)
		f.Pullback(gradTheta, theta, grad)
		for k := range n {
			want := richardson(func(h float64) float64 { return forwardAt(f, c.value, theta, dir, h)[k] })
			if !(math.Abs(tan[k]-want) <= 1e-10*(math.Abs(want)+math.Abs(c.value[k]))) {
				t.Errorf("%s: tangent of value %v is %v, difference quotient %v", f, c.value[k], tan[k], want)
			}
		}
		for j := range m {
			unit := make([]float64, m)
			unit[j] = 1
			want := richardson(func(h float64) float64 { return dot(grad, forwardAt(f, c.value, theta, unit, h)) })
			if !(math.Abs(gradTheta[j]-want) <= 1e-10*(math.Abs(want)+math.Abs(dot(grad, c.value)))) {
				t.Errorf("%s: gradient %v at θ[%d] = %v, difference quotient %v", f, gradTheta[j], j, theta[j], want)
			}
		}
		if a, b := dot(grad, tan), dot(gradTheta, dir); !(math.Abs(a-b) <= 1e-14*(math.Abs(a)+1)) {
			t.Errorf("%s: ⟨g, J·d⟩ = %v, ⟨Jᵀ·g, d⟩ = %v", f, a, b)
		}
	}
}

// The tree's transforms do not follow later changes of the caller's slices, at any depth.
func TestTransformOwned(t *testing.T) {
	mask, groups := []bool{true, false}, []int{0, 1, 1}
	rows, shift := [][]float64{{2}, {3}}, []float64{1, 0}
	tree, err := New(
		Leaf{Path: "tied", Shape: []int{3}, Value: []float64{1, 2, 2}, Free: true, Transform: Tied{Groups: groups, Inner: Masked{Free: mask}}},
		Leaf{Path: "maps", Shape: []int{3}, Value: []float64{3, 3, 3}, Free: true,
			Transform: Mapped{Phi: rows, Bias: shift, Inner: Tied{Groups: groups}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	mask[0], groups[1], rows[0][0], shift[1] = false, 0, 7, 7
	if err := tree.SetTheta([]float64{5, 2}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]float64{"tied": {5, 2, 2}, "maps": {5, 6, 6}} {
		if got := tree.Values(path); !slices.Equal(got, want) {
			t.Errorf("%s = %v, want %v", path, got, want)
		}
	}
}

// Closed forms where the logistic function saturates, on both sides.
func TestBoundedFarOut(t *testing.T) {
	b := Bounded{0, 1}
	for _, x := range []float64{30, 36.5, 40, 200, 700, 800, math.MaxFloat64} {
		for _, sign := range []float64{-1, 1} {
			value, grad := []float64{0}, []float64{0}
			if err := b.Forward(value, []float64{sign * x}); err != nil || !(0 < value[0] && value[0] < 1) {
				t.Errorf("θ = %v: value %v, %v", sign*x, value[0], err)
			}
			b.Pullback(grad, []float64{sign * x}, []float64{1})
			want := math.Exp(-x) / (1 + math.Exp(-x)) / (1 + math.Exp(-x))
			if math.Abs(grad[0]-want) > 1e-14*want+1e-320 {
				t.Errorf("θ = %v: derivative %v, want %v", sign*x, grad[0], want)
			}
			back := []float64{0}
			if err := b.Inverse(back, value); err != nil || !isFinite(back[0]) {
				t.Errorf("θ = %v: inverse %v, %v", sign*x, back[0], err)
			}
		}
	}
	wide := Bounded{0, 1e308}
	theta := []float64{0}
	want := -1074*math.Ln2 - 308*math.Ln10 // math.Log is wrong for subnormals on amd64
	if err := wide.Inverse(theta, []float64{math.SmallestNonzeroFloat64}); err != nil || math.Abs(theta[0]-want) > 1e-9 {
		t.Errorf("smallest value of %s has θ = %v, %v", wide, theta[0], err)
	}
}

// What the transform itself or the inverse refuses.
func TestTransformRefuses(t *testing.T) {
	for _, c := range []struct {
		f     Transform
		value []float64
		want  string
	}{
		{Log{}, []float64{1, 0}, "value[1] = 0, wanted > 0"},
		{Log{}, []float64{-2}, "value -2, wanted > 0"},
		{Log{}, []float64{math.NaN()}, "value NaN, wanted > 0"},
		{Bounded{0, 1}, []float64{0.5, 1}, "value[1] = 1, wanted strictly between 0 and 1"},
		{Bounded{0, 1}, []float64{0}, "value 0, wanted strictly between 0 and 1"},
		{Bounded{0, 1}, []float64{math.NaN()}, "value NaN, wanted strictly between"},
		{Bounded{1, 1}, []float64{1}, "bounds 1 and 1, wanted finite bounds with Lo < Hi"},
		{Bounded{0, math.Inf(1)}, []float64{1}, "bounds 0 and +Inf"},
		{Bounded{math.NaN(), 1}, []float64{1}, "bounds NaN and 1"},
		{Bounded{-1e308, 1e308}, []float64{1}, "bounds -1e+308 and 1e+308"},
	} {
		size, err := c.f.Size(len(c.value))
		if err == nil {
			err = c.f.Inverse(make([]float64, size), c.value)
		}
		checkError(t, err, c.want)
	}
}

func inverse(t *testing.T, f Transform, value []float64) []float64 {
	t.Helper()
	size, err := f.Size(len(value))
	if err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	theta := make([]float64, size)
	if err := f.Inverse(theta, value); err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	return theta
}

func forwardAt(f Transform, value, theta, dir []float64, h float64) []float64 {
	moved, out := slices.Clone(theta), slices.Clone(value)
	for j := range moved {
		moved[j] += h * dir[j]
	}
	if err := f.Forward(out, moved); err != nil {
		panic(err)
	}
	return out
}

// richardson is the derivative of f at 0: central differences with steps h, h/2, h/4, extrapolated to
// an error of order h⁶.
func richardson(f func(h float64) float64) float64 {
	var d [3]float64
	for i := range d {
		h := math.Ldexp(1, -5-i)
		d[i] = (f(h) - f(-h)) / (2 * h)
	}
	a, b := (4*d[1]-d[0])/3, (4*d[2]-d[1])/3
	return (16*b - a) / 15
}

func random(r *rand.Rand, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = r.NormFloat64()
	}
	return out
}

func dot(a, b []float64) float64 {
	s := 0.0
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}
