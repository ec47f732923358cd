package elem

import "github.com/neurograd/neurograd/internal/program"

// Every exponential starts from x = n·ln2 + r with integer n and |r| ≤ ln2/2, and e^r − 1 = r + q with
// q = r²·Q(r). The first fma of the reduction is exact, because x and n·ln2Hi are both multiples of
// 2⁻⁵⁴ or coarser and their difference is below ½; the second one rounds r by at most 2⁻⁵⁵.
const (
	log2E = 1.4426950408889634
	ln2Hi = 0.6931471805599453
	ln2Lo = 2.3190468138462996e-17
)

// expTail is the minimax polynomial of (e^r−1−r)/r² for |r| ≤ ln2/2, the first coefficient held at ½.
var expTail = []float64{
	0.5,
	0.16666666666666677,
	0.04166666666662145,
	0.00833333333331959,
	0.0013888888919928938,
	0.00019841269892961137,
	2.4801517056620466e-05,
	2.755723634219328e-06,
	2.762195296314602e-07,
	2.5111985980642054e-08,
}

// reduceExp returns n, −n and r of x = n·ln2 + r.
func reduceExp[V any](m program.Machine[V], x V) (n, minusN, r V) {
	n = m.Round(m.Mul(x, m.Const(log2E)))
	minusN = m.Neg(n)
	r = m.FMA(minusN, m.Const(ln2Hi), x)
	r = m.FMA(minusN, m.Const(ln2Lo), r)
	return n, minusN, r
}

// expQ is e^r − 1 − r.
func expQ[V any](m program.Machine[V], r V) V {
	return m.Mul(m.Mul(r, r), horner(m, r, expTail))
}

// expParts returns n, −n and p with e^x = 2ⁿ·(1+p) and |p| ≤ 0.42.
func expParts[V any](m program.Machine[V], x V) (n, minusN, p V) {
	n, minusN, r := reduceExp(m, x)
	return n, minusN, m.FMA(m.Mul(r, r), horner(m, r, expTail), r)
}

// expm1Parts returns what e^x − 1 = 2ⁿ·(hi+lo) is made of, w = 2⁻ⁿ and −n; hi+lo keeps its relative
// accuracy when x is small, where n = 0, w = 1 and hi = x.
func expm1Parts[V any](m program.Machine[V], x V) (n, minusN, w, hi, lo V) {
	n, minusN, r := reduceExp(m, x)
	w = m.Scale(m.Const(1), minusN)
	a := m.Sub(m.Const(1), w)
	hi = m.Add(a, r)
	lo = m.Add(m.Sub(a, hi), r)
	lo = m.FMA(m.Mul(r, r), horner(m, r, expTail), lo)
	return n, minusN, w, hi, lo
}

// Exp is e^x: +Inf above 709.782…, subnormal below −708.396…, 0 below −745.133….
func Exp[V any](m program.Machine[V], x V) V {
	n, _, p := expParts(m, clamp(m, x, -746, 710))
	return m.Scale(m.Add(m.Const(1), p), n)
}

// Expm1 is e^x − 1 with its relative accuracy kept near 0; the sign of a zero is kept.
func Expm1[V any](m program.Machine[V], x V) V {
	n, _, _, hi, lo := expm1Parts(m, clamp(m, x, -40, 710))
	return m.CopySign(m.Scale(m.Add(hi, lo), n), x)
}

// Sigmoid is the logistic function 1/(1+e^−x). With e^−x = 2⁻ⁿ·(1+p) it is 2ⁿ/(2ⁿ+1+p). The sum 2ⁿ+1
// is taken with its error, so that only p, one sum and the quotient round.
func Sigmoid[V any](m program.Machine[V], x V) V {
	one := m.Const(1)
	_, n, p := expParts(m, clamp(m, m.Neg(x), -40, 746))
	s := m.Scale(one, n)
	b := fastSum(m, one, s)
	d := m.Add(b.hi, m.Add(b.lo, p))
	return m.Scale(m.Div(one, d), n)
}
