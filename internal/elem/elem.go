// Package elem holds the elementary functions, each written once against [program.Machine]: the same
// code computes one number with [program.Scalar] and records instructions with [program.Builder], so a
// function has the same bits in every backend. It holds neither derivatives (package ad) nor the
// primitives themselves (package program), and takes no function from package math.
//
// All functions are branch-free: NaN and the infinities go through the same instructions as other
// numbers, mostly by the order of the operands of Min and Max, which return the second one on NaN.
// Accuracies are in units in the last place (ulp) of the exact result, subnormal results included;
// docs/NUMERICS.md has the measured table.
package elem

import "github.com/neurograd/neurograd/internal/program"

// horner is Σ c[i]·zⁱ, the last coefficient first, one FMA per degree.
func horner[V any](m program.Machine[V], z V, c []float64) V {
	p := m.Const(c[len(c)-1])
	for i := len(c) - 2; i >= 0; i-- {
		p = m.FMA(p, z, m.Const(c[i]))
	}
	return p
}

// clamp is x held to [lo, hi]; NaN stays NaN.
func clamp[V any](m program.Machine[V], x V, lo, hi float64) V {
	return m.Min(m.Const(hi), m.Max(m.Const(lo), x))
}

// double is an unevaluated sum hi+lo with |lo| at most about half an ulp of hi.
type double[V any] struct{ hi, lo V }

// fastSum is a+b and the error of its rounding, for |a| ≥ |b| or where the sum is exact.
func fastSum[V any](m program.Machine[V], a, b V) double[V] {
	s := m.Add(a, b)
	return double[V]{s, m.Add(m.Sub(a, s), b)}
}
