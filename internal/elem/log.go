package elem

import (
	"math"

	"github.com/neurograd/neurograd/internal/program"
)

const sqrt2 = 1.4142135623730951

// logTail is the minimax polynomial of (log((1+s)/(1−s)) − 2s)/s³ in s² for |s| ≤ (√2−1)/(√2+1).
var logTail = []float64{
	0.6666666666666698,
	0.3999999999961443,
	0.2857142870315422,
	0.22222202225477394,
	0.18183389100727249,
	0.15318240164259095,
	0.1475641620280554,
}

// splitPositive returns k and v of u = 2ᵏ·v with √½ ≤ v < √2, for u > 0. At 0 k is −Inf, at +Inf it is +Inf, and v = u; at
// NaN both are NaN.
func splitPositive[V any](m program.Machine[V], u V) (k, v V) {
	mant := m.Mantissa(u)
	up := m.LessEq(m.Const(sqrt2), mant)
	return m.Add(m.Exponent(u), up), m.Select(up, m.Mul(mant, m.Const(0.5)), mant)
}

// splitLog returns k and f = v−1 of splitPositive; f is finite at 0 and +Inf.
func splitLog[V any](m program.Machine[V], u V) (k, f V) {
	k, v := splitPositive(m, u)
	return k, m.Sub(m.Min(v, m.Const(2)), m.Const(1))
}

// joinLog is k·ln2 + log(1+f) + low, with log(1+f) = f − (f²/2 − s(f²/2 + s²R)) and s = f/(2+f).
func joinLog[V any](m program.Machine[V], k, f, low V) V {
	s := m.Div(f, m.Add(f, m.Const(2)))
	z := m.Mul(s, s)
	half := m.Mul(m.Mul(f, m.Const(0.5)), f)
	small := m.FMA(k, m.Const(ln2Lo), low)
	small = m.FMA(s, m.FMA(z, horner(m, z, logTail), half), small)
	return m.FMA(k, m.Const(ln2Hi), m.Add(f, m.Sub(small, half)))
}

// Log is the natural logarithm: −Inf at ±0, NaN below 0, +Inf at +Inf.
func Log[V any](m program.Machine[V], x V) V {
	k, f := splitLog(m, x)
	y := joinLog(m, k, f, m.Const(0))
	return m.Select(m.Less(x, m.Const(0)), m.Const(math.NaN()), y)
}

// LogPositive is Log for finite x > 0: the same bits with fewer operations.
func LogPositive[V any](m program.Machine[V], x V) V {
	k, v := splitPositive(m, x)
	return joinLog(m, k, m.Sub(v, m.Const(1)), m.Const(0))
}

// Log1p is log(1+x) with its relative accuracy kept near 0: −Inf at −1, NaN below −1; the sign of a
// zero is kept.
func Log1p[V any](m program.Machine[V], x V) V {
	one := m.Const(1)
	u := m.Add(one, x)
	k, f := splitLog(m, u)
	// c is what the sum u has lost. log(u+c) ≈ log u + c/u, and 1/(1+f) ≈ 1−f is enough for so small a
	// term. The bound takes away the NaN of x = +Inf.
	c := m.Sub(x, m.Sub(u, one))
	c = m.Min(m.Scale(c, m.Neg(k)), one)
	y := joinLog(m, k, f, m.FMA(m.Neg(f), c, c))
	y = m.Select(m.Less(x, m.Const(-1)), m.Const(math.NaN()), y)
	return m.CopySign(y, x)
}

// Softplus is log(1+e^x) = max(x, 0) + log(1+E) with E = e^−|x|.
func Softplus[V any](m program.Machine[V], x V) V {
	e := Exp(m, m.Neg(m.Abs(x)))
	// 1+E is E+1 or 2·(1 + (E−1)/2): in both cases f is exact.
	k := m.Less(m.Const(sqrt2-1), e)
	f := m.Select(k, m.FMA(e, m.Const(0.5), m.Const(-0.5)), e)
	y := joinLog(m, k, f, m.Const(0))
	return m.Add(m.Max(m.Const(0), x), y)
}
