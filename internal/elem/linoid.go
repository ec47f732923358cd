package elem

import "github.com/neurograd/neurograd/internal/program"

// linoid1Odd is the minimax polynomial of (L′(z) − ½)/z in z² for |z| ≤ 1.
var linoid1Odd = []float64{
	0.16666666666666663,
	-0.005555555555554117,
	0.00019841269839123032,
	-6.61375647342774e-06,
	2.087670886103844e-07,
	-6.340095936032655e-09,
	1.863265325204434e-10,
	-4.815429953592759e-12,
}

// linoid2Even is the minimax polynomial of L″(z) in z² for |z| ≤ 1.5.
var linoid2Even = []float64{
	0.16666666666666666,
	-0.016666666666665664,
	0.0009920634920486937,
	-4.629629621147056e-05,
	1.8789078816854464e-06,
	-6.975089511602435e-08,
	2.4351966143028484e-09,
	-8.108096690403831e-11,
	2.521251607198646e-12,
	-5.89221840819688e-14,
}

// Linoid is L(z) = z/(1−e^−z): 1 at 0, 0 at −Inf, z for large z.
func Linoid[V any](m program.Machine[V], z V) V {
	v := m.Max(m.Const(-760), z)
	_, minusN, _, hi, lo := expm1Parts(m, clamp(m, m.Neg(v), -40, 760))
	y := m.Scale(m.Div(m.Neg(v), m.Add(hi, lo)), minusN)
	return m.Select(m.Equal(z, m.Const(0)), m.Const(1), y)
}

// linoidFar returns the parts of e^−a = 2ⁿ(1+p) = s + s·p, s = 2ⁿ, and 1−e^−a, rounded once.
func linoidFar[V any](m program.Machine[V], a V) (n, p, s, d V) {
	n, _, p = expParts(m, m.Neg(a))
	s = m.Scale(m.Const(1), n)
	return n, p, s, m.FMA(m.Neg(s), p, m.Sub(m.Const(1), s))
}

// Linoid1 is L′(z): ½ at 0, 0 at −Inf, 1 at +Inf. With a = |z|, E = e^−a and v = E(a−1+E)/(1−E)² it is v
// for negative z and 1−v for positive z.
func Linoid1[V any](m program.Machine[V], z V) V {
	one := m.Const(1)
	near := m.FMA(z, horner(m, m.Mul(z, z), linoid1Odd), m.Const(0.5))
	a := m.Min(m.Const(790), m.Abs(z))
	n, p, s, d := linoidFar(m, a)
	v := m.Div(m.FMA(s, p, m.Add(m.Sub(a, one), s)), m.Mul(d, d))
	v = m.Scale(m.FMA(v, p, v), n)
	far := m.Select(m.Less(z, m.Const(0)), v, m.Sub(one, v))
	return m.Select(m.Less(one, a), far, near)
}

// Linoid2 is L″(z), an even function: 1/6 at 0, 0 at ±Inf. With a = |z| and E = e^−a it is
// E((a−2)+(a+2)E)/(1−E)³.
func Linoid2[V any](m program.Machine[V], z V) V {
	near := horner(m, m.Mul(z, z), linoid2Even)
	a, two := m.Min(m.Const(790), m.Abs(z)), m.Const(2)
	n, p, s, d := linoidFar(m, a)
	b := m.Mul(m.Add(a, two), s)
	v := m.FMA(b, p, m.Add(m.Sub(a, two), b))
	v = m.Div(v, m.Mul(m.Mul(d, d), d))
	v = m.Scale(m.FMA(v, p, v), n)
	return m.Select(m.Less(m.Const(1.5), a), v, near)
}
