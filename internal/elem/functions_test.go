package elem

import (
	"math"
	"math/rand/v2"

	"github.com/neurograd/neurograd/internal/program"
)

const promise = 2 // ulp

// multiplesOfHalfPi returns doubles up to 2^top that nearly are multiples of π/2: in each binade the
// convergents p/q of (π/2)·2^(52−e), whose p is a double's integer mantissa there.
func multiplesOfHalfPi(top int) (xs []float64) {
	halfPi := bigDiv(bigPi, bigOf(2))
	for e := 0; e < top; e++ {
		rest := newBig().SetMantExp(halfPi, 52-e)
		p0, p1 := 0.0, 1.0
		for {
			a, _ := rest.Int64()
			p0, p1 = p1, float64(a)*p1+p0
			if p1 >= 0x1p53 {
				break
			}
			for f := 1.0; f < 40 && f*p1 < 0x1p53; f++ {
				if x := math.Ldexp(f*p1, e-52); x < math.Ldexp(1, top) {
					xs = append(xs, x)
				}
			}
			rest = bigDiv(bigOf(1), bigSub(rest, bigOf(float64(a))))
		}
	}
	return xs
}

// angles draws from the binades up to 2^top; every other point is the double nearest to a multiple of
// π/2 or one of its neighbours.
func angles(bottom, top int) func(r *rand.Rand) (x, y float64) {
	base := binades(-math.Ldexp(1, top), math.Ldexp(1, top), bottom, max(bottom, -30))
	return func(r *rand.Rand) (float64, float64) {
		if r.IntN(2) == 0 {
			return base(r)
		}
		k := math.Floor(math.Ldexp(1+r.Float64(), r.IntN(top)))
		x := k * (math.Pi / 2)
		switch r.IntN(4) {
		case 0:
			x = math.Nextafter(x, 0)
		case 1:
			x = math.Nextafter(x, math.Inf(1))
		}
		return min(x, math.Ldexp(1, top)), 0
	}
}

// powers draws a base from all binades or near 1 and an exponent that spans the range of results.
func powers(r *rand.Rand) (x, y float64) {
	switch r.IntN(4) {
	case 0:
		x = 1 + math.Ldexp(2*r.Float64()-1, -r.IntN(52))
	case 1:
		x = math.Ldexp(1+r.Float64(), r.IntN(20)-10)
	default:
		x = math.Ldexp(1+r.Float64(), r.IntN(2098)-1074)
	}
	l := math.Log(x)
	if l == 0 || math.IsInf(l, 0) {
		return powers(r)
	}
	switch r.IntN(3) {
	case 0:
		y = math.Round(r.NormFloat64() * 10)
	case 1:
		y = (r.Float64()*1456 - 746) / l
	default:
		y = math.Ldexp(2*r.Float64()-1, -r.IntN(20)) * 700 / l
	}
	if math.Abs(y*l) > 1000 {
		return powers(r)
	}
	return x, y
}

func functions() []function {
	tiny := -1074
	trig := append(multiplesOfHalfPi(30), 0x1p30, -0x1p30, math.Pi/2, math.Pi, math.Pi/4, 3*math.Pi/4)
	ranges := []float64{-745.1332191019412, -744.4400719213812, -708.3964185322641, 709.782712893384, 709.436, math.Ln2 / 2, -math.Ln2 / 2, math.Ln2, 1, -1}
	turn := func(r *rand.Rand) (float64, float64) { return float64(r.Uint64N(1<<53)) * 0x1p-53, 0 }
	subnormalExp := [2]float64{-746, -708}
	sinTurn := func(x, _ float64) float64 { s, _ := SinCosTurns(program.Scalar{}, x); return s }
	cosTurn := func(x, _ float64) float64 { _, c := SinCosTurns(program.Scalar{}, x); return c }
	all := binades(-math.MaxFloat64, math.MaxFloat64, tiny, -30)
	return []function{
		{"exp", "[−746, 710]", unary(Exp), unaryRef(func(x float64) wide { return refExp(dd{x, 0}) }),
			windows(binades(-746, 710, -60, -30), subnormalExp), ranges, promise},
		{"expm1", "[−60, 710]", unary(Expm1), unaryRef(refExpm1), windows(binades(-60, 710, tiny, -30), [2]float64{-2, 2}, [2]float64{0.3466, 0.37}), append(ranges[3:], -40, -37, -0.6931, -1.0397), promise},
		{"log", "all positive", unary(Log), unaryRef(refLog), windows(binades(0, math.MaxFloat64, tiny, -30), [2]float64{0.5, 2}, [2]float64{0.99, 1.01}),
			[]float64{1, math.Sqrt2, math.Sqrt2 / 2, 2, 0.5, 0x1p-1022, 0x1p-1073, math.MaxFloat64}, promise},
		{"log1p", "x > −1", unary(Log1p), unaryRef(refLog1p), windows(binades(-1, math.MaxFloat64, tiny, -54), [2]float64{-1 + 0x1p-53, 1}, [2]float64{-0.4, 0.6}),
			[]float64{0.4142135623730951, -0.2928932188134525, 1, -0.5, 0x1p-53, 0x1p-52, -0x1p-53, 0x1p53, 0x1p54, math.MaxFloat64}, promise},
		{"tanh", "all", unary(Tanh), unaryRef(refTanh), windows(binades(-30, 30, tiny, -30), [2]float64{-3, 3}, [2]float64{0.17, 0.19}), []float64{math.Ln2 / 4, math.Ln2 * 3 / 4, 22, 18.7, 19.06}, promise},
		{"sigmoid", "[−746, 40]", unary(Sigmoid), unaryRef(refSigmoid), windows(binades(-746, 60, -60, -30), subnormalExp, [2]float64{-40, 40}, [2]float64{-1.2, -1}), append(ranges, 36.7, 37, 40), promise},
		{"pow", "x > 0, all results", func(x, y float64) float64 { return Pow(program.Scalar{}, x, y) }, refPow, powers, nil, promise},
		{"sin", "\\|x\\| ≤ 2³⁰", unary(Sin), unaryRef(refSin), windows(angles(tiny, 30), [2]float64{1.2, 1.9}), trig, promise},
		{"cos", "\\|x\\| ≤ 2³⁰", unary(Cos), unaryRef(refCos), windows(angles(-30, 30), [2]float64{-0.35, 0.35}, [2]float64{6.1, 6.3}), trig, promise},
		{"tan", "\\|x\\| ≤ 2³⁰", unary(Tan), unaryRef(refTan), angles(tiny, 30), trig, promise},
		{"sinh", "[−711, 711]", unary(Sinh), unaryRef(refSinh), windows(binades(-711, 711, tiny, -30), [2]float64{-2, 2}, [2]float64{0.2, 0.3}), []float64{math.Ln2 / 2, 710.4758600739439}, 3},
		{"cosh", "[−711, 711]", unary(Cosh), unaryRef(refCosh), binades(-711, 711, -30, -30), []float64{math.Ln2 / 2, 710.4758600739439}, 2},
		{"atan", "all", unary(Atan), unaryRef(refAtan), windows(all, [2]float64{-4, 4}), []float64{0.4142135623730950, 2.414213562373095, 1}, 2},
		{"softplus", "all", unary(Softplus), unaryRef(refSoftplus), windows(binades(-746, math.MaxFloat64, -60, -30), subnormalExp, [2]float64{-40, 40}), []float64{-0.881373587, 0.881373587, -745.13}, 2},
		{"linoid", "[−760, 10³⁰⁸]", unary(Linoid), unaryRef(refLinoid), windows(binades(-760, math.MaxFloat64, tiny, -30), [2]float64{-760, -700}, [2]float64{-40, 40}, [2]float64{-0.37, -0.35}), []float64{-40, 40, math.Ln2 / 2, -math.Ln2 / 2}, 3},
		{"linoid′", "[−760, 10³⁰⁸]", unary(Linoid1), unaryRef(refLinoid1), windows(binades(-760, math.MaxFloat64, -60, -30), [2]float64{-760, -700}, [2]float64{-40, 40}, [2]float64{-2, 2}), []float64{-1, 1}, 4},
		{"linoid″", "[−760, 760]", unary(Linoid2), unaryRef(refLinoid2), windows(binades(-760, 760, -60, -30), [2]float64{-760, -700}, [2]float64{-40, 40}, [2]float64{1.4, 1.8}), []float64{-1.5, 1.5, 2}, 7},
		{"sin 2πu", "u·2⁵³ integer", sinTurn, unaryRef(func(u float64) wide { s, _ := refTurns(u); return s.wide(0) }), turn, nil, 2},
		{"cos 2πu", "u·2⁵³ integer", cosTurn, unaryRef(func(u float64) wide { _, c := refTurns(u); return c.wide(0) }), turn, nil, 2},
		{"sin beyond", "2³⁰ … 2⁴⁸", unary(Sin), unaryRef(refSin), angles(30, 48), multiplesOfHalfPi(48), 2},
		{"cos beyond", "2³⁰ … 2⁴⁸", unary(Cos), unaryRef(refCos), angles(30, 48), multiplesOfHalfPi(48), 2},
	}
}
