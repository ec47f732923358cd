package elem

import "github.com/neurograd/neurograd/internal/program"

// atanTail is the minimax polynomial of (atan(t) − t)/t³ in t² for |t| ≤ tan(π/8).
var atanTail = []float64{
	-0.3333333333333323,
	0.19999999999961687,
	-0.14285714280883915,
	0.1111111081353526,
	-0.09090898533296399,
	0.07692072798304501,
	-0.06663236143892852,
	0.0584878537660911,
	-0.050430971340194114,
	0.03815561746760598,
	-0.018001920596848107,
}

// Atan is the inverse tangent, in (−π/2, π/2) up to rounding; ±π/2 at ±Inf; the sign of a zero is kept.
// Above tan(π/8) it is π/4 + atan((a−1)/(a+1)), above tan(3π/8) π/2 + atan(−1/a).
func Atan[V any](m program.Machine[V], x V) V {
	const (
		tanEighth  = 0.41421356237309503
		tan3Eighth = 2.414213562373095
		loOverHi   = piMid / piHi
	)
	one, a := m.Const(1), m.Abs(x)
	middle := m.Less(m.Const(tanEighth), a)
	large := m.Less(m.Const(tan3Eighth), a)
	num := m.Select(large, m.Const(-1), m.Select(middle, m.Sub(a, one), a))
	den := m.Select(large, a, m.Select(middle, m.Add(a, one), one))
	base := m.Mul(m.Add(middle, large), m.Const(piHi/4))
	t := m.Div(num, den)
	z := m.Mul(t, t)
	low := m.Mul(base, m.Const(loOverHi))
	y := m.Add(t, m.FMA(m.Mul(z, t), horner(m, z, atanTail), low))
	return m.CopySign(m.Add(base, y), x)
}
