package elem

import (
	"math"
	"math/big"
)

func refSin(x float64) wide {
	if x-x != 0 || math.Abs(x) < 0x1p-300 {
		return wide{math.Sin(x), 0, 0}
	}
	s, _ := ddSinCos(dd{x, 0})
	return s.wide(0)
}

func refCos(x float64) wide {
	if x-x != 0 || math.Abs(x) < 0x1p-300 {
		return wide{math.Cos(x), 0, 0}
	}
	_, c := ddSinCos(dd{x, 0})
	return c.wide(0)
}

func refTan(x float64) wide {
	if x-x != 0 || math.Abs(x) < 0x1p-300 {
		return wide{math.Tan(x), 0, 0}
	}
	s, c := ddSinCos(dd{x, 0})
	return s.div(c).wide(0)
}

// refAtan is one step of Newton's method from package math's value.
func refAtan(x float64) wide {
	y := math.Atan(x)
	if x-x != 0 || math.Abs(x) < 0x1p-300 {
		return wide{y, 0, 0}
	}
	if math.Abs(x) > 0x1p300 {
		pi := dd{halfPiParts[0], halfPiParts[1]}.scaled(math.Copysign(1, x))
		return pi.addf(-1 / x).wide(0)
	}
	s, c := ddSinCos(dd{y, 0})
	d := c.mulf(x).sub(s).div(c.add(s.mulf(x)))
	cube := d.hi * d.hi * d.hi / 3
	return dd{y, 0}.add(d.addf(-cube)).wide(0)
}

func refSinh(x float64) wide {
	a := math.Abs(x)
	if a < 0x1p-300 || x-x != 0 {
		return wide{x, 0, 0}
	}
	sign := math.Copysign(1, x)
	if a > 80 {
		w := refExp(dd{a, 0})
		return wide{w.hi * sign, w.lo * sign, w.k - 1}
	}
	e := ddExpm1(dd{a, 0})
	return e.add(e.div(e.addf(1))).scaled(0.5 * sign).wide(0)
}

func refCosh(x float64) wide {
	a := math.Abs(x)
	if x-x != 0 {
		return wide{a, 0, 0}
	}
	if a > 80 {
		w := refExp(dd{a, 0})
		w.k--
		return w
	}
	e := ddExp(dd{a, 0})
	return e.add(dd{1, 0}.div(e)).scaled(0.5).wide(0)
}

func refTanh(x float64) wide {
	a := math.Abs(x)
	if a < 0x1p-300 || x != x {
		return wide{x, 0, 0}
	}
	sign := math.Copysign(1, x)
	if a > 40 {
		return wide{sign, -sign * 0x1p-110, 0}
	}
	e := ddExpm1(dd{2 * a, 0})
	return e.div(e.addf(2)).scaled(sign).wide(0)
}

func refSigmoid(x float64) wide {
	switch {
	case x < -80 || x != x:
		return refExp(dd{x, 0})
	case x > 80:
		return wide{1, -0x1p-110, 0}
	}
	e := ddExp(dd{x, 0})
	return e.div(e.addf(1)).wide(0)
}

func refSoftplus(x float64) wide {
	switch {
	case x < -80 || x != x:
		return refExp(dd{x, 0})
	case x > 80:
		return wide{x, 0, 0}
	}
	y := ddLog1p(ddExp(dd{-math.Abs(x), 0}))
	return y.addf(math.Max(x, 0)).wide(0)
}

// refPow is for positive x and moderate y·log x.
func refPow(x, y float64) wide {
	l := refLog(x)
	return refExp(dd{l.hi, l.lo}.mulf(y))
}

func refLinoid(z float64) wide {
	switch {
	case z == 0:
		return wide{1, 0, 0}
	case z > 80 || z != z:
		return wide{z, 0, 0}
	case z < -2000:
		return wide{}
	case z < -80:
		w := refExp(dd{z, 0})
		p := dd{w.hi, w.lo}.mulf(-z)
		return p.wide(w.k)
	case math.Abs(z) < 0x1p-300:
		return wide{1, z / 2, 0}
	}
	return dd{z, 0}.div(ddExpm1(dd{-z, 0}).neg()).wide(0)
}

func bernoulli(n int) []*big.Float {
	b := []*big.Float{bigOf(1)}
	for k := 1; k <= n; k++ {
		sum, c := newBig(), bigOf(1)
		for j := range k {
			sum.Add(sum, bigMul(c, b[j]))
			c = bigDiv(bigMul(c, bigOf(float64(k+1-j))), bigOf(float64(j+1)))
		}
		b = append(b, newBig().Neg(bigDiv(sum, bigOf(float64(k+1)))))
	}
	return b
}

// linoidSeries is the d-th derivative of z/2 + Σ B(2k)/(2k)!·z^2k for |z| ≤ ½.
func linoidSeries(z float64, d int) dd {
	sum, power := dd{}, dd{1, 0}
	first := (d + 1) / 2
	if d%2 == 1 {
		power = dd{z, 0}
	}
	z2 := twoProd(z, z)
	for k := first; k < len(bernoulliOver); k++ {
		falling := 1.0
		for i := 0; i < d; i++ {
			falling *= float64(2*k - i)
		}
		sum = sum.add(bernoulliOver[k].mulf(falling).mul(power))
		power = power.mul(z2)
	}
	if d == 1 {
		sum = sum.addf(0.5)
	}
	return sum
}

// refLinoidFar returns the scaled numerator pieces for |z| > ½: e^−a = (hi+lo)·2ᵏ and 1/(1−e^−a).
func refLinoidFar(a float64) (w wide, e, inv dd) {
	w = refExp(dd{-a, 0})
	e = dd{w.hi, w.lo}.scaled(math.Ldexp(1, w.k))
	return w, e, dd{1, 0}.div(e.neg().addf(1))
}

func refLinoid1(z float64) wide {
	if math.Abs(z) <= 0.5 {
		return linoidSeries(z, 1).wide(0)
	}
	a := math.Abs(z)
	if z != z || a > 2000 {
		return wide{math.Min(1, math.Max(0, z)), 0, 0}
	}
	w, e, inv := refLinoidFar(a)
	v := dd{w.hi, w.lo}.mul(e.addf(-1).addf(a)).mul(inv).mul(inv)
	if z < 0 {
		return v.wide(w.k)
	}
	return v.scaled(math.Ldexp(1, w.k)).neg().addf(1).wide(0)
}

func refLinoid2(z float64) wide {
	if math.Abs(z) <= 0.5 {
		return linoidSeries(z, 2).wide(0)
	}
	a := math.Abs(z)
	if z != z || a > 2000 {
		return wide{z - z, 0, 0}
	}
	w, e, inv := refLinoidFar(a)
	v := e.mul(twoSum(a, 2)).add(twoSum(a, -2))
	return dd{w.hi, w.lo}.mul(v).mul(inv).mul(inv).mul(inv).wide(w.k)
}

// refTurns is the sine and cosine of 2πu for multiples u of 2⁻⁵³ in [0, 1).
func refTurns(u float64) (sin, cos dd) {
	q := math.RoundToEven(4 * u)
	s, c := ddSinCosReduced(pi2DD.mulf(u - q/4))
	switch int(q) & 3 {
	case 1:
		return c, s.neg()
	case 2:
		return s.neg(), c.neg()
	case 3:
		return c.neg(), s
	}
	return s, c
}
