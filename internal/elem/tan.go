package elem

import "github.com/neurograd/neurograd/internal/program"

// tanSinTail and tanCosTail are the minimax polynomials of (sin(r) − r)/r³ and (cos(r) − 1 + r²/2)/r⁴
// in r² for |r| ≤ π/4.
var (
	tanSinTail = []float64{
		-0.16666666666666638,
		0.008333333333323284,
		-0.00019841269830275484,
		2.755731380035373e-06,
		-2.505076888334543e-08,
		1.58971396131188e-10,
	}
	tanCosTail = []float64{
		0.04166666666666666,
		-0.001388888888888305,
		2.480158729457372e-05,
		-2.755731570270194e-07,
		2.087589261244934e-09,
		-1.136777212710875e-11,
	}
)

// Tan is the tangent of an angle in radians, with r = |x| − n·π/2 the quotient sin r / cos r for even n
// and −cos r / sin r for odd n, numerator and denominator in two parts each; the sign of a zero is kept.
// Beyond |x| = 2⁴⁸ it is 0; NaN at ±Inf.
func Tan[V any](m program.Machine[V], x V) V {
	one, a := m.Const(1), knownAngle(m, x)
	n := m.Round(m.Mul(a, m.Const(2*oneOverPi)))
	hi, lo := reduceAngle(m, a, n, 2)
	z := m.Mul(hi, hi)
	sinLo := m.FMA(m.Mul(z, hi), horner(m, z, tanSinTail), lo)
	cosLo := m.FMA(m.Mul(z, z), horner(m, z, tanCosTail), m.Mul(z, m.Const(-0.5)))
	isEven := even(m, n)
	q := quotient(m,
		m.Select(isEven, hi, one), m.Select(isEven, sinLo, cosLo),
		m.Select(isEven, one, hi), m.Select(isEven, cosLo, sinLo))
	sign := m.FMA(isEven, m.Const(2), m.Const(-1))
	return m.Mul(q, m.Mul(sign, m.CopySign(one, x)))
}

// quotient is (a+aLo)/(b+bLo), the rounded quotient of the rounded sums corrected by its remainder.
func quotient[V any](m program.Machine[V], a, aLo, b, bLo V) V {
	inv := m.Div(m.Const(1), m.Add(b, bLo))
	q := m.Mul(m.Add(a, aLo), inv)
	minusQ := m.Neg(q)
	rest := m.FMA(minusQ, bLo, m.FMA(minusQ, b, a))
	return m.FMA(m.Add(rest, aLo), inv, q)
}
