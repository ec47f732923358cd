package elem

import "github.com/neurograd/neurograd/internal/program"

// Floor is the largest integer not above x; ±0, ±Inf and NaN are returned as they are.
func Floor[V any](m program.Machine[V], x V) V {
	r := m.Round(x)
	return m.Sub(r, m.Less(x, r))
}

// Mod is a − b·floor(a/b) with one rounding: in [0, b) for b > 0, in (b, 0] for b < 0, a zero with the
// sign of b. It is exact up to that rounding for |a/b| < 2⁵³ and of no use, though in the same
// interval, beyond; NaN where a is infinite, b is 0 or b is infinite.
func Mod[V any](m program.Machine[V], a, b V) V {
	zero, size := m.Const(0), m.Abs(b)
	q := Floor(m, m.Div(a, b))
	r := m.FMA(m.Neg(q), b, a)
	r = m.Mul(r, m.CopySign(m.Const(1), b))
	// A quotient rounded up to the next integer leaves a small negative rest.
	r = m.Add(r, m.Select(m.Less(r, zero), size, zero))
	r = m.Max(zero, r)
	r = m.Select(m.LessEq(size, r), zero, r)
	return m.CopySign(r, b)
}

// Sign is −1, 0 or 1; ±0 and NaN are returned as they are.
func Sign[V any](m program.Machine[V], x V) V {
	big := m.Const(0x1p1000) // twice, so that subnormals reach 1
	return clamp(m, m.Mul(m.Mul(x, big), big), -1, 1)
}
