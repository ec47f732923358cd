package program_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	. "github.com/neurograd/neurograd/internal/program"

	"github.com/neurograd/neurograd/internal/program/programtest"
)

// reference states what each primitive is, by other means than the package's.
var reference = map[Op]func(a, b, c float64) float64{
	Add:  func(a, b, c float64) float64 { return a + b },
	Sub:  func(a, b, c float64) float64 { return a + -b },
	Mul:  func(a, b, c float64) float64 { return float64(a * b) },
	Div:  func(a, b, c float64) float64 { return a / b },
	Sqrt: func(a, b, c float64) float64 { return math.Sqrt(a) },
	FMA:  fmaReference,
	Neg:  func(a, b, c float64) float64 { return math.Float64frombits(math.Float64bits(a) ^ 1<<63) },
	Abs:  func(a, b, c float64) float64 { return math.Float64frombits(math.Float64bits(a) &^ (1 << 63)) },
	CopySign: func(a, b, c float64) float64 {
		return math.Float64frombits(math.Float64bits(a)&^(1<<63) | math.Float64bits(b)&(1<<63))
	},
	Min: func(a, b, c float64) float64 { return pick(a < b, a, b) },
	Max: func(a, b, c float64) float64 { return pick(a > b, a, b) },
	Round: func(a, b, c float64) float64 {
		if !(math.Abs(a) < 0x1p52) {
			return a
		}
		return math.Copysign((math.Abs(a)+0x1p52)-0x1p52, a)
	},
	Less:   func(a, b, c float64) float64 { return pick(a < b, 1, 0) },
	LessEq: func(a, b, c float64) float64 { return pick(a <= b, 1, 0) },
	Equal:  func(a, b, c float64) float64 { return pick(a == b, 1, 0) },
	Select: func(a, b, c float64) float64 { return pick(a == 0, c, b) },
	Exponent: func(a, b, c float64) float64 {
		if a == 0 || math.IsInf(a, 0) || a != a {
			return math.Log(math.Abs(a))
		}
		_, e := math.Frexp(a)
		return float64(e - 1)
	},
	Mantissa: func(a, b, c float64) float64 {
		if a == 0 || math.IsInf(a, 0) || a != a {
			return math.Abs(a)
		}
		m, _ := math.Frexp(a)
		return 2 * math.Abs(m)
	},
}

func pick(cond bool, a, b float64) float64 {
	if cond {
		return a
	}
	return b
}

// fmaReference computes a·b + c exactly and rounds once.
func fmaReference(a, b, c float64) float64 {
	finite := func(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }
	switch {
	case finite(a) && finite(b) && math.IsInf(c, 0):
		return c
	case !finite(a) || !finite(b) || !finite(c) || a == 0 || b == 0:
		return float64(a*b) + c // no product to round
	}
	exact := new(big.Float).SetPrec(5000).Mul(big.NewFloat(a), big.NewFloat(b))
	exact.Add(exact, big.NewFloat(c))
	if exact.Sign() == 0 {
		return 0
	}
	y, _ := exact.Float64()
	return y
}

// TestPrimitives checks every primitive on special values: as a number and as a program of one instruction
// whose inputs are columns.
func TestPrimitives(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	values := append([]float64{}, programtest.Special...)
	for range 20 {
		values = append(values, math.Float64frombits(r.Uint64()), r.NormFloat64())
	}
	for op, n := range programtest.Arity {
		want := reference[op]
		if op == Scale {
			continue
		}
		columns := [3][]float64{}
		for i, a := range values {
			for k, b := range values {
				columns[0], columns[1] = append(columns[0], a), append(columns[1], b)
				columns[2] = append(columns[2], values[(5*i+7*k+i*k)%len(values)])
			}
		}
		build := NewBuilder([]Input{{"a", Node, Step}, {"b", Node, Step}, {"c", Node, Step}})
		p := build.Build([]Output{{build.Apply(op, []Ref{0, 1, 2}[:n]...), Node}})
		x := p.Instance(len(columns[0]), 1)
		out := make([]float64, len(columns[0]))
		copy(x.In, columns[:])
		x.Out[0] = out
		x.Step()
		for k := range out {
			a, b, c := columns[0][k], columns[1][k], columns[2][k]
			w := want(a, b, c)
			if got := Eval(op, a, b, c); !programtest.SameBits(got, w) || !programtest.SameBits(out[k], w) {
				t.Fatalf("op %d of %x, %x, %x: number %x, program %x, want %x", op, a, b, c, got, out[k], w)
			}
		}
	}
}

// TestScale compares with math.Ldexp where Scale is defined to round once: |n| ≤ 1200 and a = 0 or
// ½ ≤ |a| < 4.
func TestScale(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	check := func(a, n float64) {
		t.Helper()
		if got, want := Eval(Scale, a, n, 0), math.Ldexp(a, int(n)); !programtest.SameBits(got, want) {
			t.Fatalf("Scale(%x, %v) = %x, want %x", a, n, got, want)
		}
	}
	for n := -1200; n <= 1200; n++ {
		for _, a := range []float64{0, math.Copysign(0, -1), 0.5, -0.5, 1, 0x1.fffffffffffffp-1, 0x1.fffffffffffffp1, -0x1.8000000000001p0, 0x1.0000000000001p0} {
			check(a, float64(n))
		}
		for range 20 {
			check(math.Copysign(0.5+3.5*r.Float64(), r.NormFloat64()), float64(n))
		}
	}
	for _, a := range programtest.Special { // defined everywhere
		for _, n := range programtest.Special {
			Eval(Scale, a, n, 0)
		}
	}
}

// TestSplitAndJoin holds that Exponent and Mantissa take a number apart without loss.
func TestSplitAndJoin(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100_000 {
		a := math.Float64frombits(r.Uint64() >> uint(r.IntN(60)))
		if a == 0 || a != a || math.IsInf(a, 0) {
			continue
		}
		m, e := Eval(Mantissa, a, 0, 0), Eval(Exponent, a, 0, 0)
		if m < 1 || m >= 2 || !programtest.SameBits(Eval(Scale, m, e, 0), math.Abs(a)) {
			t.Fatalf("%x is %x·2^%v", a, m, e)
		}
	}
}
