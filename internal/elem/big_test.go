package elem

import (
	"math"
	"math/big"
)

// The functions of this file are the reference of the reference: Taylor series on 420-bit numbers.
const bigBits = 420

func newBig() *big.Float                { return new(big.Float).SetPrec(bigBits) }
func bigOf(x float64) *big.Float        { return newBig().SetFloat64(x) }
func bigAdd(a, b *big.Float) *big.Float { return newBig().Add(a, b) }
func bigSub(a, b *big.Float) *big.Float { return newBig().Sub(a, b) }
func bigMul(a, b *big.Float) *big.Float { return newBig().Mul(a, b) }
func bigDiv(a, b *big.Float) *big.Float { return newBig().Quo(a, b) }

var (
	bigLn2 = bigMul(bigOf(2), bigAtanhInverse(3))
	// Machin: π = 16·atan(1/5) − 4·atan(1/239).
	bigPi = bigSub(bigMul(bigOf(16), bigAtanInverse(5)), bigMul(bigOf(4), bigAtanInverse(239)))
)

func bigAtanInverse(n float64) *big.Float  { return bigInverseSeries(n, -1) }
func bigAtanhInverse(n float64) *big.Float { return bigInverseSeries(n, 1) }

// bigInverseSeries is Σ signᵏ/((2k+1)·n^(2k+1)).
func bigInverseSeries(n, sign float64) *big.Float {
	power, sum := bigDiv(bigOf(1), bigOf(n)), newBig()
	for k := 0; k < 2*bigBits; k++ {
		term := bigDiv(power, bigOf(float64(2*k+1)))
		if term.Sign() == 0 || term.MantExp(nil) < -bigBits-8 {
			break
		}
		sum.Add(sum, term)
		power = bigDiv(power, bigOf(sign*n*n))
	}
	return sum
}

// bigTaylor is Σ terms where term k+1 = term k · x / (divisor k), from the first term.
func bigTaylor(first, x *big.Float, divisor func(k int) float64) *big.Float {
	sum, term := newBig().Set(first), newBig().Set(first)
	for k := 0; k < 400; k++ {
		term = bigDiv(bigMul(term, x), bigOf(divisor(k)))
		if term.Sign() == 0 || term.MantExp(nil) < sum.MantExp(nil)-bigBits-8 {
			break
		}
		sum.Add(sum, term)
	}
	return sum
}

// bigReduce is x − n·step with the integer n nearest to x/step.
func bigReduce(x, step *big.Float) (int64, *big.Float) {
	q := bigDiv(x, step)
	q.Add(q, bigOf(math.Copysign(0.5, float64(q.Sign()))))
	n, _ := q.Int64()
	return n, bigSub(x, bigMul(newBig().SetInt64(n), step))
}

func bigExp(x *big.Float) *big.Float {
	n, r := bigReduce(x, bigLn2)
	y := bigTaylor(bigOf(1), r, func(k int) float64 { return float64(k + 1) })
	return y.SetMantExp(y, int(n))
}

func bigExpm1(x *big.Float) *big.Float {
	if x.Sign() == 0 {
		return newBig()
	}
	if x.MantExp(nil) > 0 {
		return bigSub(bigExp(x), bigOf(1))
	}
	return bigTaylor(x, x, func(k int) float64 { return float64(k + 2) })
}

// bigLog is Newton's method on bigExp.
func bigLog(x *big.Float) *big.Float {
	e := x.MantExp(nil)
	mant := newBig().SetMantExp(x, -e)
	f, _ := mant.Float64()
	y := bigOf(math.Log(f))
	for range 3 {
		t := bigExp(y)
		step := bigDiv(bigSub(mant, t), bigAdd(mant, t))
		y.Add(y, bigMul(bigOf(2), step))
	}
	return y.Add(y, bigMul(bigOf(float64(e)), bigLn2))
}

// bigLog1p is log(1+x); for tiny x three terms of the series are exact enough.
func bigLog1p(x *big.Float) *big.Float {
	if x.Sign() == 0 || x.MantExp(nil) < -90 {
		x2 := bigMul(x, x)
		y := bigSub(x, bigDiv(x2, bigOf(2)))
		return y.Add(y, bigDiv(bigMul(x2, x), bigOf(3)))
	}
	return bigLog(bigAdd(bigOf(1), x))
}

func bigSinCos(x *big.Float) (sin, cos *big.Float) {
	n, r := bigReduce(x, bigDiv(bigPi, bigOf(2)))
	z := newBig().Neg(bigMul(r, r))
	sin = newBig()
	if r.Sign() != 0 {
		sin = bigTaylor(r, z, func(k int) float64 { return float64((2*k + 2) * (2*k + 3)) })
	}
	cos = bigTaylor(bigOf(1), z, func(k int) float64 { return float64((2*k + 1) * (2*k + 2)) })
	switch n & 3 {
	case 1:
		return cos, sin.Neg(sin)
	case 2:
		return sin.Neg(sin), cos.Neg(cos)
	case 3:
		return cos.Neg(cos), sin
	}
	return sin, cos
}

// bigAtan is Newton's method on bigSinCos, y + (x·cos y − sin y)·cos y, for |x| ≤ 1.
func bigAtan(x *big.Float) *big.Float {
	if f, _ := x.Float64(); math.Abs(f) > 1 {
		right := bigMul(bigPi, bigOf(math.Copysign(0.5, f)))
		return bigSub(right, bigAtan(bigDiv(bigOf(1), x)))
	}
	f, _ := x.Float64()
	y := bigOf(math.Atan(f))
	for range 4 {
		s, c := bigSinCos(y)
		y.Add(y, bigMul(bigSub(bigMul(x, c), s), c))
	}
	return y
}
