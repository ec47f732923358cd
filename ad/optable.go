package ad

import (
	"math"

	"github.com/neurograd/neurograd/internal/elem"
	"github.com/neurograd/neurograd/internal/program"
)

// functionOps are the rows of the functions of equation text.
func functionOps() []*Op {
	return []*Op{
		{Name: "exp", Arity: 1, LaTeX: `e^{#1}`, domain: real1, value: one(math.Exp),
			partials: func(x args, y Expr) args { return args{y} },
			lower:    low1(elem.Exp[program.Ref])},
		{Name: "expm1", Arity: 1, LaTeX: `\left(e^{#1} - 1\right)`, domain: real1, value: one(math.Expm1),
			partials: func(x args, y Expr) args { return args{y.add(y.num(1))} },
			lower:    low1(elem.Expm1[program.Ref])},
		{Name: "log", Arity: 1, LaTeX: `\ln\left(#1\right)`, domain: positive, value: one(math.Log),
			partials: func(x args, y Expr) args { return args{y.num(1).div(x[0])} },
			lower:    low1(elem.Log[program.Ref])},
		{Name: "log1p", Arity: 1, LaTeX: `\ln\left(1 + #1\right)`, domain: [3][2]float64{{-0.7, 4}}, value: one(math.Log1p),
			partials: func(x args, y Expr) args { return args{y.num(1).div(y.num(1).add(x[0]))} },
			lower:    low1(elem.Log1p[program.Ref])},
		{Name: "sqrt", Arity: 1, LaTeX: `\sqrt{#1}`, domain: positive, value: one(math.Sqrt),
			partials: func(x args, y Expr) args { return args{y.num(0.5).div(y)} },
			lower:    func(b build, x refs) program.Ref { return b.Sqrt(x[0]) }},
		{Name: "sin", Arity: 1, LaTeX: `\sin\left(#1\right)`, domain: real1, value: one(math.Sin),
			partials: func(x args, y Expr) args { return args{y.arena.Call("cos", x[0])} },
			lower:    low1(elem.Sin[program.Ref])},
		{Name: "cos", Arity: 1, LaTeX: `\cos\left(#1\right)`, domain: real1, value: one(math.Cos),
			partials: func(x args, y Expr) args { return args{y.arena.Call("sin", x[0]).neg()} },
			lower:    low1(elem.Cos[program.Ref])},
		{Name: "tan", Arity: 1, LaTeX: `\tan\left(#1\right)`, domain: [3][2]float64{{-1.2, 1.2}}, value: one(math.Tan),
			partials: func(x args, y Expr) args { return args{y.num(1).add(y.mul(y))} },
			lower:    low1(elem.Tan[program.Ref])},
		{Name: "tanh", Arity: 1, LaTeX: `\tanh\left(#1\right)`, domain: real1, value: one(math.Tanh),
			partials: func(x args, y Expr) args { return args{y.num(1).sub(y).mul(y.num(1).add(y))} },
			lower:    low1(elem.Tanh[program.Ref])},
		{Name: "sinh", Arity: 1, LaTeX: `\sinh\left(#1\right)`, domain: real1, value: one(math.Sinh),
			partials: func(x args, y Expr) args { return args{y.arena.Call("cosh", x[0])} },
			lower:    low1(elem.Sinh[program.Ref])},
		{Name: "cosh", Arity: 1, LaTeX: `\cosh\left(#1\right)`, domain: real1, value: one(math.Cosh),
			partials: func(x args, y Expr) args { return args{y.arena.Call("sinh", x[0])} },
			lower:    low1(elem.Cosh[program.Ref])},
		{Name: "atan", Arity: 1, LaTeX: `\arctan\left(#1\right)`, domain: real1, value: one(math.Atan),
			partials: func(x args, y Expr) args { return args{y.num(1).div(y.num(1).add(x[0].mul(x[0])))} },
			lower:    low1(elem.Atan[program.Ref])},
		{Name: "sigmoid", Arity: 1, LaTeX: `\sigma\left(#1\right)`, domain: real1,
			value: one(func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }),
			// 1 − σ(x) is written σ(−x), which keeps its digits for large x.
			partials: func(x args, y Expr) args { return args{y.mul(y.arena.Call("sigmoid", x[0].neg()))} },
			lower:    low1(elem.Sigmoid[program.Ref])},
		{Name: "softplus", Arity: 1, LaTeX: `\ln\left(1 + e^{#1}\right)`, domain: real1,
			value:    one(func(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }),
			partials: func(x args, y Expr) args { return args{y.arena.Call("sigmoid", x[0])} },
			lower:    low1(elem.Softplus[program.Ref])},
		{Name: "abs", Arity: 1, LaTeX: `\left|#1\right|`, domain: real1, value: one(math.Abs),
			partials: func(x args, y Expr) args { return args{y.arena.Call("sign", x[0])} },
			lower:    func(b build, x refs) program.Ref { return b.Abs(x[0]) }},
		{Name: "sign", Arity: 1, LaTeX: `\operatorname{sgn}\left(#1\right)`, domain: real1,
			value: one(func(x float64) float64 {
				if x != x {
					return x
				}
				return truth(x > 0) - truth(x < 0)
			}),
			partials: noPartials, lower: low1(elem.Sign[program.Ref])},
		extremum("min", func(a, b float64) float64 {
			if a < b {
				return a
			}
			return b
		}, "less", build.Min),
		extremum("max", func(a, b float64) float64 {
			if a > b {
				return a
			}
			return b
		}, "greater", build.Max),
		{Name: "clip", Arity: 3, LaTeX: `\operatorname{clip}\left(#1, #2, #3\right)`, domain: [3][2]float64{{-3, 3}, {-2, -0.5}, {0.5, 2}},
			value: func(x [3]float64) float64 {
				switch {
				case x[1] > x[0]:
					return x[1]
				case x[2] < x[0]:
					return x[2]
				}
				return x[0]
			},
			pull: func(x args, y, c Expr) args {
				a, zero := c.arena, c.num(0)
				low, high := a.Apply(opLess, x[0], x[1]), a.Apply(opGreater, x[0], x[2])
				return args{a.Apply(opWhere, low, zero, a.Apply(opWhere, high, zero, c)),
					a.Apply(opWhere, low, c, zero), a.Apply(opWhere, low, zero, a.Apply(opWhere, high, c, zero))}
			},
			push: func(x args, y Expr, t args) Expr {
				a := y.arena
				return branch(a.Apply(opLess, x[0], x[1]), t[1], branch(a.Apply(opGreater, x[0], x[2]), t[2], t[0]))
			},
			// Max(lo, x) and Min(hi, x) return x on a tie or NaN.
			lower: func(b build, x refs) program.Ref {
				high := b.Min(x[2], x[0])
				return b.Select(b.Less(x[0], x[1]), x[1], high)
			}},
		{Name: "floor", Arity: 1, LaTeX: `\left\lfloor #1 \right\rfloor`, domain: real1, value: one(math.Floor),
			partials: noPartials, lower: low1(elem.Floor[program.Ref])},
		{Name: "mod", Arity: 2, LaTeX: `#1 \bmod #2`, domain: [3][2]float64{{-3, 3}, {0.5, 2}},
			value: func(x [3]float64) float64 { return x[0] - x[1]*math.Floor(x[0]/x[1]) },
			partials: func(x args, y Expr) args {
				return args{y.num(1), y.arena.Call("floor", x[0].div(x[1])).neg()}
			},
			lower: low2(elem.Mod[program.Ref])},
		logical("and", `#1 \wedge #2`, func(a, b bool) bool { return a && b }),
		logical("or", `#1 \vee #2`, func(a, b bool) bool { return a || b }),
		{Name: "not", Arity: 1, LaTeX: `\neg #1`, domain: real1,
			value:    one(func(x float64) float64 { return truth(x == 0) }),
			partials: noPartials,
			lower:    func(b build, x refs) program.Ref { return b.Select(x[0], b.Const(0), b.Const(1)) }},
		{Name: "linoid", Arity: 1, LaTeX: `\frac{#1}{1 - e^{-#1}}`, domain: real1, value: one(linoidValue),
			partials: func(x args, y Expr) args { return args{y.arena.Call("linoid1", x[0])} },
			lower:    low1(elem.Linoid[program.Ref])},
		{Name: "linoid1", Arity: 1, LaTeX: `\operatorname{linoid}'\left(#1\right)`, domain: real1, value: one(linoid1Value),
			partials: func(x args, y Expr) args { return args{y.arena.Call("linoid2", x[0])} },
			lower:    low1(elem.Linoid1[program.Ref])},
		{Name: "linoid2", Arity: 1, LaTeX: `\operatorname{linoid}''\left(#1\right)`, domain: real1, value: one(linoid2Value),
			partials: linoid3, lower: low1(elem.Linoid2[program.Ref])},
	}
}

// logical is an operation on truth values: any number but 0 counts as true.
func logical(name, latex string, value func(a, b bool) bool) *Op {
	return &Op{Name: name, Arity: 2, LaTeX: latex, domain: real2,
		value:    func(x [3]float64) float64 { return truth(value(x[0] != 0, x[1] != 0)) },
		partials: noPartials,
		lower: func(b build, x refs) program.Ref {
			zero, one := b.Const(0), b.Const(1)
			y := b.Select(x[1], one, zero)
			if name == "or" {
				return b.Select(x[0], one, y)
			}
			return b.Select(x[0], y, zero)
		}}
}

// linoid3 is the derivative of linoid2: from f = z/(1−e^−z), which satisfies z·f' = f − f² + z·f,
//
//	f''' = (2f' + (z−1)·f'' − 2f'² − 2f·f'')/z,
//
// and near 0 its series −z/30 + z³/252 − ….
func linoid3(x args, y Expr) args {
	a, z := y.arena, x[0]
	f, f1, two := a.Call("linoid", z), a.Call("linoid1", z), y.num(2)
	numerator := two.mul(f1).add(z.sub(y.num(1)).mul(y)).sub(two.mul(f1.mul(f1))).sub(two.mul(f.mul(y)))
	q := z.mul(z)
	series := y.num(0)
	for k := len(linoidSeries3) - 1; k >= 0; k-- {
		series = series.mul(q).add(y.num(linoidSeries3[k]))
	}
	near := a.Apply(opLess, a.Call("abs", z), y.num(0.5))
	return args{a.Apply(opWhere, near, series.mul(z), numerator.div(z))}
}

// linoidSeries3 holds the coefficients of z, z³, z⁵, … of the third derivative of z/(1−e^−z), that is
// B_2k·2k(2k−1)(2k−2)/(2k)! for k = 2, 3, … with the Bernoulli numbers B.
var linoidSeries3 = []float64{-1.0 / 30, 1.0 / 252, -1.0 / 3600, 1.0 / 66528, -691.0 * 1320 / 1307674368000, 2184.0 / 74724249600, -3617.0 * 3360 / 10670622842880000}

func linoidValue(z float64) float64 {
	if z == 0 {
		return 1
	}
	return -z / math.Expm1(-z)
}

func linoid1Value(z float64) float64 {
	if math.Abs(z) < 1e-3 {
		return 0.5 + z/6 - z*z*z/180
	}
	f := linoidValue(z)
	return f*(1-f)/z + f
}

func linoid2Value(z float64) float64 {
	if math.Abs(z) < 0.05 {
		return 1.0/6 - z*z/60 + z*z*z*z/1008 - z*z*z*z*z*z*56/1209600
	}
	f, f1 := linoidValue(z), linoid1Value(z)
	return f*(1-2*f1)/z + f1
}
