package elem

import (
	"math"

	"github.com/neurograd/neurograd/internal/program"
)

// powTail is 2/5 and the minimax polynomial of (log((1+s)/(1−s)) − 2s − ⅔s³ − ⅖s⁵)/s⁷ in s².
var powTail = []float64{
	0.4,
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
	twoThirds   = 0.6666666666666666
	twoThirdsLo = 3.700743415417188e-17
	// ln2 in two parts, the first with 11 trailing zero bits: its products with exponents are exact.
	ln2Short = 0.6931471805598903
	ln2Rest  = 5.497923018708371e-14
)

// mulDouble is a·b to about 2⁻¹⁰³ of its size.
func mulDouble[V any](m program.Machine[V], a, b double[V]) double[V] {
	p := m.Mul(a.hi, b.hi)
	e := m.FMA(a.hi, b.hi, m.Neg(p))
	return double[V]{p, m.FMA(a.lo, b.hi, m.FMA(a.hi, b.lo, e))}
}

// logDouble is the logarithm of |x| to about 2⁻⁶⁵ of its size. At 0 and ±Inf hi is −Inf or +Inf and lo is
// NaN. With s = f/(2+f) in two parts and z = s² it is k·ln2 + 2s + s·q, q = z·(⅔ + z·(⅖ + …)); the inner
// sum needs one part only, as it weighs less than 2⁻¹².
func logDouble[V any](m program.Machine[V], x V) double[V] {
	two := m.Const(2)
	k, f := splitLog(m, x)
	g := fastSum(m, two, f)
	inv := m.Div(m.Const(1), g.hi)
	s := double[V]{hi: m.Mul(f, inv)}
	minusS := m.Neg(s.hi)
	s.lo = m.Mul(m.FMA(minusS, g.lo, m.FMA(minusS, g.hi, f)), inv)
	z := mulDouble(m, s, s)
	p := fastSum(m, m.Const(twoThirds), m.Mul(z.hi, horner(m, z.hi, powTail)))
	p.lo = m.Add(p.lo, m.Const(twoThirdsLo))
	q := mulDouble(m, z, p)

	twoS := m.Add(s.hi, s.hi)
	y := m.FMA(s.hi, q.hi, twoS)
	low := m.FMA(s.hi, q.hi, m.Sub(twoS, y))
	low = m.FMA(s.hi, q.lo, m.FMA(s.lo, m.Add(q.hi, two), low))
	sum := fastSum(m, m.Mul(k, m.Const(ln2Short)), y)
	return double[V]{sum.hi, m.Add(sum.lo, m.FMA(k, m.Const(ln2Rest), low))}
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
	finiteNegative := m.Min(m.Less(x, zero), m.Less(m.Const(math.Inf(-1)), x))
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
