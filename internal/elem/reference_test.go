package elem

import "math"

// The references: every function in double-double arithmetic with tables and Taylor series, accurate to
// about 2⁻⁹⁵ of its size (TestReference measures it against big_test.go). They share neither constants
// nor formulas of reduction with the functions under test.

var (
	ln2Parts, halfPiParts [4]float64
	inverseFactorial      [30]dd
	expTable              [65]dd // e^(j/64), index j+32
	sinTable, cosTable    [65]dd // sin(j/64), index j
	logTable              [128]dd
	logInverse            [128]float64
	pi2DD                 dd
	bernoulliOver         [24]dd // B(2k)/(2k)!
)

func init() {
	l, p := newBig().Set(bigLn2), bigDiv(bigPi, bigOf(2))
	for i := range ln2Parts {
		ln2Parts[i], _ = l.Float64()
		l.Sub(l, bigOf(ln2Parts[i]))
		halfPiParts[i], _ = p.Float64()
		p.Sub(p, bigOf(halfPiParts[i]))
	}
	pi2DD = fromBig(bigMul(bigPi, bigOf(2)))
	f := bigOf(1)
	for k := range inverseFactorial {
		if k > 0 {
			f.Mul(f, bigOf(float64(k)))
		}
		inverseFactorial[k] = fromBig(bigDiv(bigOf(1), f))
	}
	for j := range expTable {
		expTable[j] = fromBig(bigExp(bigOf(float64(j-32) / 64)))
		s, c := bigSinCos(bigOf(float64(j) / 64))
		sinTable[j], cosTable[j] = fromBig(s), fromBig(c)
	}
	for j := 44; j < 93; j++ {
		logInverse[j] = 64 / float64(j)
		logTable[j] = fromBig(newBig().Neg(bigLog(bigOf(logInverse[j]))))
	}
	logTable[64] = dd{}
	// B(2k)/(2k)! = (−1)^(k+1)·2·ζ(2k)/(2π)^2k, from the recurrence Σ C(n+1,j)·B(j) = 0 in big numbers.
	b := bernoulli(2 * len(bernoulliOver))
	for k := range bernoulliOver {
		g := bigOf(1)
		for i := 2; i <= 2*k; i++ {
			g.Mul(g, bigOf(float64(i)))
		}
		bernoulliOver[k] = fromBig(bigDiv(b[2*k], g))
	}
}

// taylor is Σ z^i·c(i), i = 0…terms−1, the first `exact` terms in double-double.
func taylor(z dd, terms, exact int, c func(i int) dd) dd {
	f := 0.0
	for i := terms - 1; i >= exact; i-- {
		f = math.FMA(f, z.hi, c(i).hi)
	}
	p := dd{f, 0}
	for i := exact - 1; i >= 0; i-- {
		p = p.mul(z).add(c(i))
	}
	return p
}

// reduceParts is x − n·(sum of parts).
func reduceParts(x dd, n float64, parts *[4]float64) dd {
	r := twoSum(math.FMA(-n, parts[0], x.hi), 0)
	if x.lo != 0 {
		t := twoProd(n, parts[0])
		r = twoSum(x.hi, -t.hi).add(dd{x.lo, 0}).sub(dd{t.lo, 0})
	}
	for _, p := range parts[1:] {
		r = r.sub(twoProd(n, p))
	}
	return r
}

func expm1Small(r dd) dd {
	return taylor(r, 14, 8, func(i int) dd { return inverseFactorial[i+1] }).mul(r)
}

// refExpParts: e^x = 2ⁿ·t·(1+em).
func refExpParts(x dd) (n int, t, em dd) {
	k := math.RoundToEven(x.hi / math.Ln2)
	r := reduceParts(x, k, &ln2Parts)
	j := math.RoundToEven(r.hi * 64)
	return int(k), expTable[int(j)+32], expm1Small(r.addf(-j / 64))
}

func refExp(x dd) wide {
	if x.hi != x.hi || math.Abs(x.hi) > 2000 {
		return wide{math.Exp(x.hi), 0, 0}
	}
	n, t, em := refExpParts(x)
	return t.add(t.mul(em)).wide(n)
}

// ddExp is e^x for moderate x.
func ddExp(x dd) dd {
	w := refExp(x)
	return dd{w.hi, w.lo}.scaled(math.Ldexp(1, w.k))
}

// ddExpm1 is e^x − 1 for x < 700.
func ddExpm1(x dd) dd {
	if math.Abs(x.hi) < 1.0/128 {
		return expm1Small(x)
	}
	return ddExp(x).addf(-1)
}

func refExpm1(x float64) wide {
	switch {
	case x != x || math.IsInf(x, 1):
		return wide{x, 0, 0}
	case x < -80:
		return wide{-1, 0x1p-110, 0}
	case x > 80:
		return refExp(dd{x, 0})
	}
	return ddExpm1(dd{x, 0}).wide(0)
}

// log1pSmall is log(1+f) for |f| < 1/64.
func log1pSmall(f dd) dd {
	s := f.div(f.addf(2))
	p := taylor(s.mul(s), 9, 4, func(i int) dd { return dd{1, 0}.div(dd{float64(2*i + 1), 0}) })
	return s.mul(p).scaled(2)
}

// ddLog is log(x) for normal x.hi > 0.
func ddLog(x dd) dd {
	mant, e := math.Frexp(x.hi)
	lo := math.Ldexp(x.lo, -e)
	if mant < math.Sqrt2/2 {
		mant, lo, e = mant*2, lo*2, e-1
	}
	j := int(math.RoundToEven(mant * 64))
	p := twoProd(mant, logInverse[j])
	f := dd{p.hi - 1, p.lo}.addf(lo * logInverse[j])
	y := log1pSmall(f).add(logTable[j])
	for _, l := range ln2Parts[:3] {
		y = y.add(twoProd(float64(e), l))
	}
	return y
}

func refLog(x float64) wide {
	if !(x > 0 && x <= math.MaxFloat64) {
		return wide{math.Log(x), 0, 0}
	}
	if x < 0x1p-1000 {
		y := ddLog(dd{x * 0x1p200, 0})
		for _, l := range ln2Parts[:3] {
			y = y.add(twoProd(-200, l))
		}
		return y.wide(0)
	}
	return ddLog(dd{x, 0}).wide(0)
}

func ddLog1p(x dd) dd {
	if math.Abs(x.hi) < 1.0/128 {
		return log1pSmall(x)
	}
	return ddLog(twoSum(1, x.hi).addf(x.lo))
}

func refLog1p(x float64) wide {
	if !(x > -1 && x <= math.MaxFloat64) || math.Abs(x) < 0x1p-300 {
		return wide{math.Log1p(x), 0, 0}
	}
	return ddLog1p(dd{x, 0}).wide(0)
}

// ddSinCos is accurate for |x| up to 2⁴⁸.
func ddSinCos(x dd) (sin, cos dd) {
	n := math.RoundToEven(x.hi * (2 / math.Pi))
	r := reduceParts(x, n, &halfPiParts)
	sin, cos = ddSinCosReduced(r)
	switch int64(n) & 3 {
	case 1:
		return cos, sin.neg()
	case 2:
		return sin.neg(), cos.neg()
	case 3:
		return cos.neg(), sin
	}
	return sin, cos
}

// ddSinCosReduced is for |r| < 1.
func ddSinCosReduced(r dd) (sin, cos dd) {
	sign := math.Copysign(1, r.hi)
	r = r.scaled(sign)
	j := math.RoundToEven(r.hi * 64)
	r = r.addf(-j / 64)
	z := r.mul(r).neg()
	s := taylor(z, 7, 4, func(i int) dd { return inverseFactorial[2*i+1] }).mul(r)
	c := taylor(z, 7, 4, func(i int) dd { return inverseFactorial[2*i] })
	a, b := sinTable[int(j)], cosTable[int(j)]
	sin = a.mul(c).add(b.mul(s))
	cos = b.mul(c).sub(a.mul(s))
	return sin.scaled(sign), cos
}
