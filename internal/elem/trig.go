package elem

import "github.com/neurograd/neurograd/internal/program"

const (
	piHi       = 3.141592653589793
	piMid      = 1.2246467991473532e-16
	piLo       = -2.9947698097183397e-33
	oneOverPi  = 0.3183098861837907
	twoPi      = 6.283185307179586
	largeAngle = 0x1p48
)

// sinTail is the minimax polynomial of (sin(r) − r)/r³ in r² for |r| ≤ 1.01·π/2.
var sinTail = []float64{
	-0.16666666666666666,
	0.008333333333333174,
	-0.00019841269841201406,
	2.7557319209774844e-06,
	-2.5052106746107174e-08,
	1.6058933248968633e-10,
	-7.642821381615494e-13,
	2.7193641501952874e-15,
}

// knownAngle is |x|, or 0·|x| where that is above 2⁴⁸, which is NaN at ±Inf: so far out, neighbouring
// doubles are a sixteenth and more apart and the reduction begins to lose its meaning.
func knownAngle[V any](m program.Machine[V], x V) V {
	a := m.Abs(x)
	return m.Mul(a, m.LessEq(a, m.Const(largeAngle)))
}

// reduceAngle returns hi + lo = x − n·π/divisor, with π/divisor in three parts. The first fma is exact;
// n·piMid is taken as a rounded product and its rest, so that the difference and its rounding error are
// exact too, also where hi nearly vanishes.
func reduceAngle[V any](m program.Machine[V], x, n V, divisor float64) (hi, lo V) {
	minusN := m.Neg(n)
	mid := m.Const(piMid / divisor)
	r := m.FMA(minusN, m.Const(piHi/divisor), x)
	p := m.Mul(n, mid)
	hi = m.Sub(r, p)
	lo = m.Sub(m.Sub(r, hi), p)
	lo = m.Add(lo, m.FMA(minusN, mid, p))
	return hi, m.FMA(minusN, m.Const(piLo/divisor), lo)
}

// sinKernel is sin(hi+lo) for |hi| ≤ π/2 and small lo.
func sinKernel[V any](m program.Machine[V], hi, lo V) V {
	z := m.Mul(hi, hi)
	return m.Add(hi, m.FMA(m.Mul(z, hi), horner(m, z, sinTail), lo))
}

// even is 1 for even integers, 0 for odd ones.
func even[V any](m program.Machine[V], n V) V {
	half := m.Mul(n, m.Const(0.5))
	return m.Equal(half, m.Round(half))
}

// alternating is (−1)ⁿ for integer n.
func alternating[V any](m program.Machine[V], n V) V {
	return m.FMA(even(m, n), m.Const(2), m.Const(-1))
}

// Sin is the sine of an angle in radians, (−1)ⁿ·sin(x − nπ); the sign of a zero is kept. Beyond
// |x| = 2⁴⁸ it is 0; NaN at ±Inf.
func Sin[V any](m program.Machine[V], x V) V {
	a := knownAngle(m, x)
	n := m.Round(m.Mul(a, m.Const(oneOverPi)))
	hi, lo := reduceAngle(m, a, n, 1)
	sign := m.Mul(alternating(m, n), m.CopySign(m.Const(1), x))
	return m.Mul(sinKernel(m, hi, lo), sign)
}

// Cos is the cosine of an angle in radians, (−1)ⁿ·sin(|x| − (n−½)π). Beyond |x| = 2⁴⁸ it is 1; NaN at
// ±Inf.
func Cos[V any](m program.Machine[V], x V) V {
	a, half := knownAngle(m, x), m.Const(0.5)
	n := m.Round(m.FMA(a, m.Const(oneOverPi), half))
	hi, lo := reduceAngle(m, a, m.Sub(n, half), 1)
	return m.Mul(sinKernel(m, hi, lo), alternating(m, n))
}

// SinCosTurns is sin(2πu) and cos(2πu) for an angle of u turns, 0 ≤ u < 1. The reduction is exact for
// multiples of 2⁻⁵³: with t = |½−u| − ¼ they are sin(2πt) and ±sin(2π(¼−|t|)).
func SinCosTurns[V any](m program.Machine[V], u V) (sin, cos V) {
	quarter := m.Const(0.25)
	w := m.Sub(m.Const(0.5), u)
	t := m.Sub(m.Abs(w), quarter)
	sin = sinTurns(m, m.Sub(quarter, m.Abs(t)))
	return m.CopySign(sin, w), sinTurns(m, t)
}

// sinTurns is sin(2πt) for |t| ≤ ¼.
func sinTurns[V any](m program.Machine[V], t V) V {
	return sinKernel(m, m.Mul(t, m.Const(twoPi)), m.Const(0))
}
