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

// sinTail is the minimax polynomial of (sin(r) − r)/r³ in r² for |r| ≤ 1.003·π/2, each
// coefficient rounded before the next ones were fitted.
var sinTail = []float64{
	-0.16666666666666666,
	0.008333333333333205,
	-0.0001984126984121149,
	2.7557319211357847e-06,
	-2.5052106882166106e-08,
	1.6058939768544388e-10,
	-7.642984784598658e-13,
	2.721033172670881e-15,
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

// sinSum is sin(hi+lo) for |hi| ≤ π/2 and lo of a few ulps of hi, sin(hi) + lo·cos(hi); a parabola
// through 1 and 0 at the ends is near enough to the cosine.
func sinSum[V any](m program.Machine[V], hi, lo V) V {
	const slope = -0.42
	z := m.Mul(hi, hi)
	cos := m.FMA(z, m.Const(slope), m.Const(1))
	rest := m.FMA(m.Mul(z, hi), horner(m, z, sinTail), m.Mul(lo, cos))
	return m.Add(hi, rest)
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
	return m.Mul(sinSum(m, hi, lo), sign)
}

// Cos is the cosine of an angle in radians, (−1)ⁿ·sin(|x| − (n−½)π). Beyond |x| = 2⁴⁸ it is 1; NaN at
// ±Inf.
func Cos[V any](m program.Machine[V], x V) V {
	a, half := knownAngle(m, x), m.Const(0.5)
	n := m.Round(m.FMA(a, m.Const(oneOverPi), half))
	hi, lo := reduceAngle(m, a, m.Sub(n, half), 1)
	return m.Mul(sinSum(m, hi, lo), alternating(m, n))
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
	r := m.Mul(t, m.Const(twoPi))
	z := m.Mul(r, r)
	return m.FMA(m.Mul(z, r), horner(m, z, sinTail), r)
}
