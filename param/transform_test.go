package param

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// masked and mapped are transforms whose free numbers are fewer than their values. They show that the
// interface carries such; the tests below treat all kinds alike.

type masked []bool

func (m masked) String() string { return "masked" }
func (m masked) Size(int) int {
	n := 0
	for _, free := range m {
		if free {
			n++
		}
	}
	return n
}
func (m masked) Check(value []float64) error {
	if len(value) != len(m) {
		return fmt.Errorf("mask of length %d for %d values", len(m), len(value))
	}
	return nil
}
func (m masked) each(f func(k, j int)) {
	j := 0
	for k, free := range m {
		if free {
			f(k, j)
			j++
		}
	}
}
func (m masked) Forward(value, theta []float64) { m.each(func(k, j int) { value[k] = theta[j] }) }
func (m masked) Inverse(theta, value []float64) { m.each(func(k, j int) { theta[j] = value[k] }) }
func (m masked) Pullback(gradTheta, _, gradValue []float64) {
	m.each(func(k, j int) { gradTheta[j] = gradValue[k] })
}
func (m masked) Pushforward(tanValue, _, tanTheta []float64) {
	clear(tanValue)
	m.each(func(k, j int) { tanValue[k] = tanTheta[j] })
}

// mapped is value = Φ·θ with two maps over four regions; the first two rows of Φ are the identity, so
// the inverse is plain.
type mapped struct{}

var phi = [4][2]float64{{1, 0}, {0, 1}, {0.5, -2}, {3, 0.25}}

func (mapped) String() string        { return "mapped" }
func (mapped) Size(int) int          { return 2 }
func (mapped) Check([]float64) error { return nil }
func (mapped) Forward(value, theta []float64) {
	for k, row := range phi {
		value[k] = row[0]*theta[0] + row[1]*theta[1]
	}
}
func (mapped) Inverse(theta, value []float64) { copy(theta, value[:2]) }
func (mapped) Pullback(gradTheta, _, gradValue []float64) {
	clear(gradTheta)
	for k, row := range phi {
		gradTheta[0] += row[0] * gradValue[k]
		gradTheta[1] += row[1] * gradValue[k]
	}
}
func (m mapped) Pushforward(tanValue, _, tanTheta []float64) { m.Forward(tanValue, tanTheta) }

var transforms = []struct {
	transform Transform
	value     []float64
}{
	{Log{}, []float64{1e-12, 0.3, 1, 2.5, 4e5}},
	{Bounded{0, 1}, []float64{1e-9, 0.2, 0.5, 0.77, 1 - 1e-9}},
	{Bounded{-3, 8}, []float64{-2.9999, -1, 2.5, 3, 7.99}},
	{Bounded{-1e-3, 0}, []float64{-1e-9, -5e-4, -9.99e-4}},
	{masked{true, false, false, true}, []float64{1, 2, 3, 4}},
	{mapped{}, []float64{1, 2, -3.5, 3.5}},
}

func TestTransformRoundTrip(t *testing.T) {
	for _, c := range transforms {
		f, value := c.transform, c.value
		if err := f.Check(value); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		theta := make([]float64, f.Size(len(value)))
		f.Inverse(theta, value)
		again := slices.Clone(value)
		f.Forward(again, theta)
		for k, v := range again {
			if math.Abs(v-value[k]) > 1e-14*math.Abs(value[k]) {
				t.Errorf("%s: Forward∘Inverse(%v) = %v", f, value[k], v)
			}
		}
		back := make([]float64, len(theta))
		f.Inverse(back, again)
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
		m := f.Size(n)
		theta, dir, tan, gradTheta := make([]float64, m), random(r, m), make([]float64, n), make([]float64, m)
		f.Inverse(theta, c.value)
		for j := range tan {
			tan[j] = math.NaN() // Pushforward has to write every entry
		}
		grad := random(r, n)
		f.Pushforward(tan, theta, dir)
		f.Pullback(gradTheta, theta, grad)
		for k := range n {
			want := richardson(func(h float64) float64 { return forwardAt(f, c.value, theta, dir, h)[k] })
			if math.Abs(tan[k]-want) > 1e-9*(math.Abs(want)+math.Abs(c.value[k])) {
				t.Errorf("%s: tangent of value %v is %v, difference quotient %v", f, c.value[k], tan[k], want)
			}
		}
		for j := range m {
			unit := make([]float64, m)
			unit[j] = 1
			want := richardson(func(h float64) float64 { return dot(grad, forwardAt(f, c.value, theta, unit, h)) })
			if math.Abs(gradTheta[j]-want) > 1e-9*(math.Abs(want)+math.Abs(dot(grad, c.value))) {
				t.Errorf("%s: gradient %v at θ[%d] = %v, difference quotient %v", f, gradTheta[j], j, theta[j], want)
			}
		}
		if a, b := dot(grad, tan), dot(gradTheta, dir); math.Abs(a-b) > 1e-14*(math.Abs(a)+1) {
			t.Errorf("%s: ⟨g, J·d⟩ = %v, ⟨Jᵀ·g, d⟩ = %v", f, a, b)
		}
	}
}

// Closed forms where the logistic function saturates, on both sides.
func TestBoundedFarOut(t *testing.T) {
	b := Bounded{0, 1}
	for _, x := range []float64{30, 36.5, 40, 200, 700, 800, math.MaxFloat64} {
		for _, sign := range []float64{-1, 1} {
			value, grad := []float64{0}, []float64{0}
			b.Forward(value, []float64{sign * x})
			if err := b.Check(value); err != nil {
				t.Errorf("θ = %v: %v", sign*x, err)
			}
			b.Pullback(grad, []float64{sign * x}, []float64{1})
			want := math.Exp(-x) / (1 + math.Exp(-x)) / (1 + math.Exp(-x))
			if math.Abs(grad[0]-want) > 1e-14*want+1e-320 {
				t.Errorf("θ = %v: derivative %v, want %v", sign*x, grad[0], want)
			}
			back := []float64{0}
			if b.Inverse(back, value); !isFinite(back[0]) {
				t.Errorf("θ = %v: inverse %v", sign*x, back[0])
			}
		}
	}
	wide := Bounded{0, 1e308}
	theta := []float64{0}
	want := -1074*math.Ln2 - 308*math.Ln10 // math.Log is wrong for subnormals on amd64
	if wide.Inverse(theta, []float64{math.SmallestNonzeroFloat64}); math.Abs(theta[0]-want) > 1e-9 {
		t.Errorf("smallest value of %s has θ = %v", wide, theta[0])
	}
}

func TestCheckRefuses(t *testing.T) {
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
		checkError(t, c.f.Check(c.value), c.want)
	}
}

func forwardAt(f Transform, value, theta, dir []float64, h float64) []float64 {
	moved, out := slices.Clone(theta), slices.Clone(value)
	for j := range moved {
		moved[j] += h * dir[j]
	}
	f.Forward(out, moved)
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
