package elem

import "github.com/neurograd/neurograd/internal/program"

// Tanh is the hyperbolic tangent: with e^2|x| − 1 = 2ⁿ·S and w = 2⁻ⁿ it is S/(S+2w), the quotient
// corrected once by its remainder; the sign of a zero is kept.
func Tanh[V any](m program.Machine[V], x V) V {
	a := m.Min(m.Const(22), m.Abs(x))
	_, _, w, hi, lo := expm1Parts(m, m.Add(a, a))
	w2 := m.Add(w, w)
	// Either part of the sum hi + 2w may be the larger one.
	b := m.Add(hi, w2)
	large, small := m.Max(hi, w2), m.Min(hi, w2)
	bLo := m.Add(m.Add(m.Sub(large, b), small), lo)
	return m.CopySign(quotient(m, hi, lo, b, bLo), x)
}

// Sinh is the hyperbolic sine, 2ⁿ⁻¹·(1 − w² + p + w²·p/(1+p)) with e^|x| = 2ⁿ(1+p) and w = 2⁻ⁿ; the
// sign of a zero is kept.
func Sinh[V any](m program.Machine[V], x V) V {
	one := m.Const(1)
	n, minusN, r := reduceExp(m, m.Min(m.Const(711), m.Abs(x)))
	w := m.Scale(one, minusN)
	w = m.Mul(w, w)
	q := expQ(m, r)
	p := m.Add(r, q)
	a := m.Sub(one, w)
	hi := m.Add(a, r)
	lo := m.Add(m.Add(m.Sub(a, hi), r), q)
	lo = m.FMA(w, m.Div(p, m.Add(one, p)), lo)
	return m.CopySign(m.Scale(m.Add(hi, lo), m.Sub(n, one)), x)
}

// Cosh is the hyperbolic cosine, 2ⁿ⁻¹·(P + w²/P) with e^|x| = 2ⁿ·P and w = 2⁻ⁿ.
func Cosh[V any](m program.Machine[V], x V) V {
	one := m.Const(1)
	n, minusN, p := expParts(m, m.Min(m.Const(711), m.Abs(x)))
	w := m.Scale(one, minusN)
	e := m.Add(one, p)
	return m.Scale(m.Add(e, m.Div(m.Mul(w, w), e)), m.Sub(n, one))
}
