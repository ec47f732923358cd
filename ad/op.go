package ad

import (
	"math"

	"github.com/neurograd/neurograd/internal/elem"
	"github.com/neurograd/neurograd/internal/program"
)

// Op is one row of the table of operations.
type Op struct {
	Name  string
	Arity int
	// LaTeX is a template with the operands #1, #2, #3.
	LaTeX string
	// value computes the operation on Go's package math: the oracle of the tests.
	value func(x [3]float64) float64
	// partials are the derivatives with respect to the operands x of y = op(x). An operation with pull
	// has none.
	partials func(x [3]Expr, y Expr) [3]Expr
	// pull and push replace the partials where a branch must not leak: the cotangents of the operands
	// given y's, and the tangent of y given theirs.
	pull func(x [3]Expr, y, cotangent Expr) [3]Expr
	push func(x [3]Expr, y Expr, tangents [3]Expr) Expr
	// lower records the operation with exact primitives.
	lower func(b *program.Builder, x [3]program.Ref) program.Ref
	// domain is where the tests draw operands from.
	domain [3][2]float64
	hash   uint64 // tells it from others: its place in the table
}

// lookup is the operation of that name, or nil.
func lookup(name string) *Op { return opIndex[name] }

// opNames are the names of all operations in the order of the table.
func opNames() []string {
	names := make([]string, len(Ops))
	for i, op := range Ops {
		names[i] = op.Name
	}
	return names
}

// Ops is the table of operations: one row each, nothing about an operation stands elsewhere.
var Ops []*Op

var opIndex = map[string]*Op{}

func init() {
	Ops = append(arithmeticOps(), functionOps()...)
	for i, op := range Ops {
		op.hash = uint64(i + 1)
		opIndex[op.Name] = op
	}
	for name, op := range map[string]**Op{"add": &opAdd, "sub": &opSub, "mul": &opMul, "div": &opDiv, "neg": &opNeg, "pow": &opPow,
		"where": &opWhere, "mulz": &opMulz, "less": &opLess, "greater": &opGreater, "equal": &opEqual} {
		*op = opIndex[name]
	}
}

// Short forms for the rows.
type (
	args  = [3]Expr
	refs  = [3]program.Ref
	build = *program.Builder
)

var (
	real1    = [3][2]float64{{-3, 3}}
	real2    = [3][2]float64{{-3, 3}, {-3, 3}}
	positive = [3][2]float64{{0.1, 5}}
)

func one(f func(float64) float64) func([3]float64) float64 {
	return func(x [3]float64) float64 { return f(x[0]) }
}

func low1(f func(m program.Machine[program.Ref], x program.Ref) program.Ref) func(build, refs) program.Ref {
	return func(b build, x refs) program.Ref { return f(b, x[0]) }
}

func low2(f func(m program.Machine[program.Ref], x, y program.Ref) program.Ref) func(build, refs) program.Ref {
	return func(b build, x refs) program.Ref { return f(b, x[0], x[1]) }
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// The operations that rules and the compiler refer to; set with the table.
var opAdd, opSub, opMul, opDiv, opNeg, opPow, opWhere, opMulz, opLess, opGreater, opEqual *Op

// arithmeticOps are the rows that rules of other rows use.
func arithmeticOps() []*Op {
	return []*Op{
		{Name: "add", Arity: 2, LaTeX: "#1 + #2", domain: real2,
			value:    func(x [3]float64) float64 { return x[0] + x[1] },
			partials: func(x args, y Expr) args { return args{x[0].num(1), x[0].num(1)} },
			lower:    func(b build, x refs) program.Ref { return b.Add(x[0], x[1]) }},
		{Name: "sub", Arity: 2, LaTeX: "#1 - #2", domain: real2,
			value:    func(x [3]float64) float64 { return x[0] - x[1] },
			partials: func(x args, y Expr) args { return args{x[0].num(1), x[0].num(-1)} },
			lower:    func(b build, x refs) program.Ref { return b.Sub(x[0], x[1]) }},
		{Name: "mul", Arity: 2, LaTeX: `#1 \, #2`, domain: real2,
			value:    func(x [3]float64) float64 { return x[0] * x[1] },
			partials: func(x args, y Expr) args { return args{x[1], x[0]} },
			lower:    func(b build, x refs) program.Ref { return b.Mul(x[0], x[1]) }},
		{Name: "div", Arity: 2, LaTeX: `\frac{#1}{#2}`, domain: [3][2]float64{{-3, 3}, {0.2, 4}},
			value: func(x [3]float64) float64 { return x[0] / x[1] },
			partials: func(x args, y Expr) args {
				inverse := x[1].num(1).div(x[1])
				return args{inverse, y.mul(inverse).neg()}
			},
			lower: func(b build, x refs) program.Ref { return b.Div(x[0], x[1]) }},
		{Name: "neg", Arity: 1, LaTeX: "-#1", domain: real1,
			value:    func(x [3]float64) float64 { return -x[0] },
			partials: func(x args, y Expr) args { return args{x[0].num(-1)} },
			lower:    func(b build, x refs) program.Ref { return b.Neg(x[0]) }},
		{Name: "pow", Arity: 2, LaTeX: "{#1}^{#2}", domain: [3][2]float64{{0.1, 4}, {-3, 3}},
			value:    func(x [3]float64) float64 { return math.Pow(x[0], x[1]) },
			partials: powPartials, lower: lowerPow},
		{Name: "where", Arity: 3, domain: [3][2]float64{{-1, 1}, {-3, 3}, {-3, 3}},
			LaTeX: `\begin{cases} #2 & \text{if } #1 \\ #3 & \text{otherwise} \end{cases}`,
			value: func(x [3]float64) float64 {
				if x[0] != 0 {
					return x[1]
				}
				return x[2]
			},
			pull: func(x args, y, c Expr) args {
				zero := c.num(0)
				return args{{}, c.arena.Apply(opWhere, x[0], c, zero), c.arena.Apply(opWhere, x[0], zero, c)}
			},
			push:  func(x args, y Expr, t args) Expr { return branch(x[0], t[1], t[2]) },
			lower: func(b build, x refs) program.Ref { return b.Select(x[0], x[1], x[2]) }},
		// mulz is a·b, but 0 where a is 0: a cotangent that no branch passed on stays 0 beside an infinite
		// derivative.
		{Name: "mulz", Arity: 2, LaTeX: `#1 \, #2`, domain: real2,
			value: func(x [3]float64) float64 {
				if x[0] == 0 {
					return 0
				}
				return x[0] * x[1]
			},
			pull: func(x args, y, c Expr) args {
				return args{c.arena.Apply(opMulz, c, x[1]), c.arena.Apply(opMulz, x[0], c)}
			},
			push: func(x args, y Expr, t args) Expr {
				var sum Expr
				if !t[0].IsZero() {
					sum = sum.add(y.arena.Apply(opMulz, t[0], x[1]))
				}
				if !t[1].IsZero() {
					sum = sum.add(y.arena.Apply(opMulz, x[0], t[1]))
				}
				return sum
			},
			lower: func(b build, x refs) program.Ref {
				zero := b.Const(0)
				return b.Select(b.Equal(x[0], zero), zero, b.Mul(x[0], x[1]))
			}},
		comparison("less", "#1 < #2", func(a, b float64) bool { return a < b }, build.Less),
		comparison("lesseq", `#1 \le #2`, func(a, b float64) bool { return a <= b }, build.LessEq),
		comparison("greater", "#1 > #2", func(a, b float64) bool { return a > b }, func(b build, x, y program.Ref) program.Ref { return b.Less(y, x) }),
		comparison("greatereq", `#1 \ge #2`, func(a, b float64) bool { return a >= b }, func(b build, x, y program.Ref) program.Ref { return b.LessEq(y, x) }),
		comparison("equal", "#1 = #2", func(a, b float64) bool { return a == b }, build.Equal),
		comparison("notequal", `#1 \ne #2`, func(a, b float64) bool { return a != b }, func(b build, x, y program.Ref) program.Ref {
			return b.Select(b.Equal(x, y), b.Const(0), b.Const(1))
		}),
	}
}

// comparison is an operation with the values 0 and 1, whose derivative is zero.
func comparison(name, latex string, value func(a, b float64) bool, lower func(b build, x, y program.Ref) program.Ref) *Op {
	return &Op{Name: name, Arity: 2, LaTeX: latex, domain: real2,
		value:    func(x [3]float64) float64 { return truth(value(x[0], x[1])) },
		partials: noPartials,
		lower:    func(b build, x refs) program.Ref { return lower(b, x[0], x[1]) }}
}

func noPartials(args, Expr) args { return args{} }

// branch is where(cond, a, b) of tangents that may be structural zeros.
func branch(cond, a, b Expr) Expr {
	if a.IsZero() && b.IsZero() {
		return Expr{}
	}
	zero := cond.num(0)
	if a.IsZero() {
		a = zero
	}
	if b.IsZero() {
		b = zero
	}
	return cond.arena.Apply(opWhere, cond, a, b)
}

// extremum is min or max: the operand that won receives the derivative, the second one on a tie.
func extremum(name string, value func(a, b float64) float64, first string, lower func(b build, x, y program.Ref) program.Ref) *Op {
	return &Op{Name: name, Arity: 2, LaTeX: `\` + name + `\left(#1, #2\right)`, domain: real2,
		value: func(x [3]float64) float64 { return value(x[0], x[1]) },
		pull: func(x args, y, c Expr) args {
			won, zero := c.arena.Call(first, x[0], x[1]), c.num(0)
			return args{c.arena.Apply(opWhere, won, c, zero), c.arena.Apply(opWhere, won, zero, c)}
		},
		push: func(x args, y Expr, t args) Expr {
			return branch(y.arena.Call(first, x[0], x[1]), t[0], t[1])
		},
		lower: func(b build, x refs) program.Ref { return lower(b, x[0], x[1]) }}
}

// powPartials: y·x^(y−1) and x^y·log x; the latter is 0 where x is 0.
func powPartials(x args, y Expr) args {
	a := y.arena
	base := x[1].mul(a.Apply(opPow, x[0], x[1].sub(y.num(1))))
	if _, ok := x[1].constant(); ok {
		return args{base, {}}
	}
	return args{base, a.Apply(opWhere, a.Apply(opEqual, x[0], y.num(0)), y.num(0), y.mul(a.Call("log", x[0])))}
}

// maxIntegerPower is the largest constant exponent computed by multiplications.
const maxIntegerPower = 16

// lowerPow multiplies for small constant integer exponents, takes the root for ½, else calls the real
// power. The choice depends on the exponent alone.
func lowerPow(b build, x refs) program.Ref {
	exponent, isConst := b.Constant(x[1])
	switch {
	case isConst && exponent == math.Trunc(exponent) && math.Abs(exponent) <= maxIntegerPower:
		return elem.PowInt[program.Ref](b, x[0], int(exponent))
	case isConst && exponent == 0.5:
		return b.Sqrt(x[0])
	}
	return elem.Pow[program.Ref](b, x[0], x[1])
}
