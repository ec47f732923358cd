package elem

import (
	"math"
	"math/big"
)

// dd is an unevaluated sum hi+lo of two doubles, about 106 bits: the arithmetic of the reference.
type dd struct{ hi, lo float64 }

// wide is (hi+lo)·2ᵏ, so that a reference result neither over- nor underflows.
type wide struct {
	hi, lo float64
	k      int
}

func twoSum(a, b float64) dd {
	s := a + b
	t := s - a
	return dd{s, (a - (s - t)) + (b - t)}
}

func twoProd(a, b float64) dd {
	p := float64(a * b) // rounded: what follows must not become one operation with it
	return dd{p, math.FMA(a, b, -p)}
}

func quickSum(a, b float64) dd {
	s := a + b
	return dd{s, b - (s - a)}
}

func (a dd) add(b dd) dd {
	s, t := twoSum(a.hi, b.hi), twoSum(a.lo, b.lo)
	s = quickSum(s.hi, s.lo+t.hi)
	return quickSum(s.hi, s.lo+t.lo)
}

func (a dd) addf(b float64) dd {
	s := twoSum(a.hi, b)
	return quickSum(s.hi, s.lo+a.lo)
}

func (a dd) neg() dd     { return dd{-a.hi, -a.lo} }
func (a dd) sub(b dd) dd { return a.add(b.neg()) }

func (a dd) mul(b dd) dd {
	p := twoProd(a.hi, b.hi)
	p.lo += math.FMA(a.hi, b.lo, a.lo*b.hi)
	return quickSum(p.hi, p.lo)
}

func (a dd) mulf(b float64) dd {
	p := twoProd(a.hi, b)
	return quickSum(p.hi, math.FMA(a.lo, b, p.lo))
}

// scaled multiplies by a power of two.
func (a dd) scaled(b float64) dd { return dd{a.hi * b, a.lo * b} }

func (a dd) div(b dd) dd {
	q := a.hi / b.hi
	r := a.sub(b.mulf(q))
	q2 := r.hi / b.hi
	r = r.sub(b.mulf(q2))
	s := quickSum(q, q2)
	return s.addf(r.hi / b.hi)
}

func (a dd) wide(k int) wide { return wide{a.hi, a.lo, k} }

// fromBig rounds to a dd.
func fromBig(x *big.Float) dd {
	hi, _ := x.Float64()
	rest := newBig().Sub(x, newBig().SetFloat64(hi))
	lo, _ := rest.Float64()
	return dd{hi, lo}
}

func (a wide) big() *big.Float {
	s := newBig().Add(newBig().SetFloat64(a.hi), newBig().SetFloat64(a.lo))
	return s.SetMantExp(s, a.k)
}

// float is the double nearest to a, for infinities and where two roundings do not matter.
func (a wide) float() float64 { return math.Ldexp(a.hi+a.lo, a.k) }

// ulps is |got − want| in units in the last place of want, of 2⁻¹⁰⁷⁴ below the normal numbers. Both
// are taken as ±2¹⁰²⁴ where they exceed that; NaN must meet NaN.
func ulps(got float64, want wide) float64 {
	if want.hi == 0 || want.hi-want.hi != 0 {
		if got == want.hi || got != got && want.hi != want.hi {
			return 0
		}
		return math.Inf(1)
	}
	if got != got {
		return math.Inf(1)
	}
	e := math.Ilogb(want.hi) + want.k
	if e >= 1024 {
		e, want = 1023, wide{math.Copysign(1, want.hi), 0, 1024}
	}
	scaled := math.Ldexp(got, -want.k)
	if math.IsInf(got, 0) {
		scaled = math.Ldexp(math.Copysign(1, got), 1024-want.k)
	}
	diff := (scaled - want.hi) - want.lo
	return math.Abs(math.Ldexp(diff, want.k-max(e-52, -1074)))
}
