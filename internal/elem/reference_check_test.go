package elem

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
)

// bigFunctions are the functions on 420-bit numbers, by the names of functions().
var bigFunctions = map[string]func(x, y *big.Float) *big.Float{
	"exp":        func(x, _ *big.Float) *big.Float { return bigExp(x) },
	"expm1":      func(x, _ *big.Float) *big.Float { return bigExpm1(x) },
	"log":        func(x, _ *big.Float) *big.Float { return bigLog(x) },
	"log1p":      func(x, _ *big.Float) *big.Float { return bigLog1p(x) },
	"pow":        func(x, y *big.Float) *big.Float { return bigExp(bigMul(y, bigLog(x))) },
	"sin":        func(x, _ *big.Float) *big.Float { s, _ := bigSinCos(x); return s },
	"cos":        func(x, _ *big.Float) *big.Float { _, c := bigSinCos(x); return c },
	"tan":        func(x, _ *big.Float) *big.Float { s, c := bigSinCos(x); return bigDiv(s, c) },
	"atan":       func(x, _ *big.Float) *big.Float { return bigAtan(x) },
	"sin beyond": func(x, _ *big.Float) *big.Float { s, _ := bigSinCos(x); return s },
	"cos beyond": func(x, _ *big.Float) *big.Float { _, c := bigSinCos(x); return c },
	"sin 2πu":    func(u, _ *big.Float) *big.Float { s, _ := bigSinCos(bigTurn(u)); return s },
	"cos 2πu":    func(u, _ *big.Float) *big.Float { _, c := bigSinCos(bigTurn(u)); return c },
	"sinh": func(x, _ *big.Float) *big.Float {
		e := bigExpm1(newBig().Abs(x))
		y := bigDiv(bigAdd(e, bigDiv(e, bigAdd(e, bigOf(1)))), bigOf(2))
		if x.Sign() < 0 {
			y.Neg(y)
		}
		return y
	},
	"cosh": func(x, _ *big.Float) *big.Float {
		e := bigExp(x)
		return bigDiv(bigAdd(e, bigDiv(bigOf(1), e)), bigOf(2))
	},
	"tanh": func(x, _ *big.Float) *big.Float {
		e := bigExpm1(bigMul(bigOf(2), x))
		return bigDiv(e, bigAdd(e, bigOf(2)))
	},
	"sigmoid": func(x, _ *big.Float) *big.Float {
		e := bigExp(x)
		return bigDiv(e, bigAdd(e, bigOf(1)))
	},
	"softplus": func(x, _ *big.Float) *big.Float {
		if x.Sign() > 0 {
			return bigAdd(x, bigLog1p(bigExp(newBig().Neg(x))))
		}
		return bigLog1p(bigExp(x))
	},
	"linoid":  func(z, _ *big.Float) *big.Float { return bigDiv(z, bigMinusExpm1(z)) },
	"linoid′": func(z, _ *big.Float) *big.Float { return bigLinoid1(z) },
	"linoid″": func(z, _ *big.Float) *big.Float { return bigLinoid2(z) },
}

func bigTurn(u *big.Float) *big.Float { return bigMul(bigMul(bigOf(2), bigPi), u) }

// bigMinusExpm1 is d = 1 − e^−z.
func bigMinusExpm1(z *big.Float) *big.Float { return newBig().Neg(bigExpm1(newBig().Neg(z))) }

// bigLinoid1 is (d − z(1−d))/d².
func bigLinoid1(z *big.Float) *big.Float {
	d := bigMinusExpm1(z)
	return bigDiv(bigSub(d, bigMul(z, bigSub(bigOf(1), d))), bigMul(d, d))
}

// bigLinoid2 is (1−d)((z−2) + (z+2)(1−d))/d³, taken at −|z|, where 1−d keeps its bits.
func bigLinoid2(z *big.Float) *big.Float {
	z = newBig().Neg(newBig().Abs(z))
	d := bigMinusExpm1(z)
	e := bigSub(bigOf(1), d)
	n := bigAdd(bigSub(z, bigOf(2)), bigMul(bigAdd(z, bigOf(2)), e))
	return bigDiv(bigMul(e, n), bigMul(bigMul(d, d), d))
}

// TestReference measures the double-double references against 420-bit series.
func TestReference(t *testing.T) {
	points := 100
	if golden.Long() {
		points = 5000
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, fn := range functions() {
		exact := bigFunctions[fn.name]
		if exact == nil {
			continue
		}
		worst, at, n := -1074, 0.0, 0
		check := func(x, y float64) {
			want := exact(bigOf(x), bigOf(y))
			if want.Sign() == 0 || fn.ref(x, y).hi == 0 && want.MantExp(nil) < -bigBits+20 || want.MantExp(nil) < -950 && fn.ref(x, y).k == 0 {
				return // the low part would be subnormal
			}
			n++
			diff := bigSub(fn.ref(x, y).big(), want)
			if diff.Sign() != 0 {
				if e := diff.MantExp(nil) - want.MantExp(nil); e > worst {
					worst, at = e, x
				}
			}
		}
		for n < points {
			check(fn.sample(r))
		}
		for i, x := range fn.hard {
			if i%(1+len(fn.hard)/points) == 0 {
				check(x, 0)
			}
		}
		t.Logf("%-10s 2^%d of the value, at %.17g; %d points", fn.name, worst, at, n)
		if worst > -90 {
			t.Errorf("%s: the reference is off by 2^%d of its value at %.17g", fn.name, worst, at)
		}
	}
}
