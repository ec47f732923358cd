package elem

import (
	"math"

	"github.com/neurograd/neurograd/internal/program"
)

// powTail is the minimax polynomial of (log((1+s)/(1−s)) − 2s − ⅔s³ − ⅖s⁵)/s⁷ in s².
var powTail = []float64{
	0.2857142857142857,
	0.22222222222225604,
	0.1818181818012577,
	0.15384615727842416,
	0.13333297423015755,
	0.117668222620266,
	0.10455436399362361,
	0.10774525693308674,
}

const (
	twoFifths   = 0.4
	twoFifthsLo = -2.2204460492503132e-17
	twoThirds   = 0.6666666666666666
	twoThirdsLo = 3.700743415417188e-17
)

// double is an unevaluated sum hi+lo with |lo| at most about half an ulp of hi.
type double[V any] struct{ hi, lo V }

// fastSum is a+b exactly rounded to a double and its error; |a| ≥ |b| or a = 0.
func fastSum[V any](m program.Machine[V], a, b V) double[V] {
	s := m.Add(a, b)
	return double[V]{s, m.Add(m.Sub(a, s), b)}
}

func mulDouble[V any](m program.Machine[V], a, b double[V]) double[V] {
	p := m.Mul(a.hi, b.hi)
	e := m.FMA(a.hi, b.hi, m.Neg(p))
	return double[V]{p, m.FMA(a.lo, b.hi, m.FMA(a.hi, b.lo, e))}
}

// addConst is (hi+lo) + b, where |hi| ≥ |b.hi|.
func addConst[V any](m program.Machine[V], hi, lo float64, b double[V]) double[V] {
	s := fastSum(m, m.Const(hi), b.hi)
	return double[V]{s.hi, m.Add(s.lo, m.Add(b.lo, m.Const(lo)))}
}

// logDouble is the logarithm of |x| to about 2⁻⁶⁸ of its size: −Inf at 0, +Inf at ±Inf, in hi.
func logDouble[V any](m program.Machine[V], x V) double[V] {
	k, f := splitLog(m, x)
	g := m.Add(f, m.Const(2))
	gLo := m.Add(m.Sub(m.Const(2), g), f)
	inv := m.Div(m.Const(1), g)
	s := double[V]{hi: m.Mul(f, inv)}
	minusS := m.Neg(s.hi)
	s.lo = m.Mul(m.FMA(minusS, gLo, m.FMA(minusS, g, f)), inv)
	z := mulDouble(m, s, s)
	t := horner(m, z.hi, powTail)
	p := mulDouble(m, z, double[V]{t, m.Const(0)})
	p = addConst(m, twoFifths, twoFifthsLo, p)
	p = addConst(m, twoThirds, twoThirdsLo, mulDouble(m, p, z))
	p = mulDouble(m, mulDouble(m, s, z), p)
	two := m.Add(s.hi, s.hi)
	y := fastSum(m, two, p.hi)
	y.lo = m.Add(y.lo, m.FMA(s.lo, m.Const(2), p.lo))
	kHi := m.Mul(k, m.Const(ln2Hi))
	kLo := m.FMA(k, m.Const(ln2Lo), m.FMA(k, m.Const(ln2Hi), m.Neg(kHi)))
	sum := fastSum(m, kHi, y.hi)
	return fastSum(m, sum.hi, m.Add(sum.lo, m.Add(y.lo, kLo)))
}

// Pow is x^y for real y, with the special values of C99: 1 at y = 0 and at x = 1 even where the other
// is NaN; NaN where x is negative and finite and y is not an integer.
func Pow[V any](m program.Machine[V], x, y V) V {
	zero, one, half := m.Const(0), m.Const(1), m.Const(0.5)
	l := logDouble(m, m.Abs(x))
	unit := m.Equal(l.hi, zero) // |x| = 1: no 0·∞
	a := m.Select(unit, zero, m.Mul(y, l.hi))
	size := m.Less(m.Abs(a), m.Const(760))
	low := m.FMA(y, l.lo, m.FMA(y, l.hi, m.Neg(a)))
	low = m.Select(size, m.Select(unit, zero, low), zero)
	n, _, p := expParts(m, clamp(m, a, -760, 720))
	p = m.FMA(low, m.Add(one, p), p)
	v := m.Scale(m.Add(one, p), n)

	whole := m.Equal(m.Round(y), y)
	h := m.Mul(y, half)
	odd := m.Less(m.Equal(m.Round(h), h), whole)
	v = m.Select(odd, m.CopySign(v, x), v)
	finiteNegative := m.Less(m.Abs(m.Add(x, m.Const(math.MaxFloat64))), m.Const(math.MaxFloat64))
	v = m.Select(m.Less(whole, finiteNegative), m.Const(math.NaN()), v)
	v = m.Select(m.Equal(x, one), one, v)
	return m.Select(m.Equal(y, zero), one, v)
}

// PowInt is xⁿ by repeated squaring, the bits of |n| from the lowest up, and the reciprocal of that for
// negative n; 1 for n = 0.
func PowInt[V any](m program.Machine[V], x V, n int) V {
	if n == 0 {
		return m.Const(1)
	}
	k := uint(n)
	if n < 0 {
		k = -k
	}
	var y V
	some := false
	for {
		if k&1 == 1 {
			if some {
				y = m.Mul(y, x)
			} else {
				y, some = x, true
			}
		}
		if k >>= 1; k == 0 {
			break
		}
		x = m.Mul(x, x)
	}
	if n < 0 {
		y = m.Div(m.Const(1), y)
	}
	return y
}
