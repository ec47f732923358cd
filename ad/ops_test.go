package ad

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// samples draws operands of an operation from its domain; comparisons get ties and truth values too.
func samples(op *Op, n int) [][3]float64 {
	r := rand.New(rand.NewPCG(uint64(len(op.Name)), uint64(op.Name[0])))
	var x [][3]float64
	for i := range n {
		var v [3]float64
		for k := range op.Arity {
			d := op.domain[k]
			v[k] = d[0] + (d[1]-d[0])*r.Float64()
			if i%5 == 4 {
				v[k] = math.Max(d[0], math.Min(d[1], math.Round(v[k])))
			}
		}
		x = append(x, v)
	}
	return x
}

// exact are the operations that must agree with the oracle in every bit.
var exact = map[string]bool{
	"add": true, "sub": true, "mul": true, "div": true, "neg": true, "where": true, "mulz": true, "less": true, "lesseq": true,
	"greater": true, "greatereq": true, "equal": true, "notequal": true, "sqrt": true, "abs": true, "min": true,
	"max": true, "clip": true, "floor": true, "and": true, "or": true, "not": true,
}

// oracleError is how far the oracle itself may be off, relative to its value: package math is good to an ulp
// or so, the differences in the oracle of linoid's derivatives cancel near 0.
func oracleError(op *Op, x [3]float64, value float64) float64 {
	switch z := math.Abs(x[0]); op.Name {
	case "linoid1":
		return 1e-14 + 1e-15/math.Max(z, 1e-3)
	case "linoid2":
		return 1e-14 + 3e-15/math.Pow(math.Max(z, 0.05), 2)
	case "mod":
		return 1e-15 * (math.Abs(x[0]) + math.Abs(x[1])) / math.Abs(value)
	}
	return 1e-14
}

// TestValues compares every operation of the table, compiled, with its oracle over its domain.
func TestValues(t *testing.T) {
	for _, op := range Ops {
		a := NewArena()
		symbols := make([]Expr, op.Arity)
		for k := range symbols {
			symbols[k] = a.Symbol(xyz[k])
		}
		c := compileFor(t, 1, xyz[:op.Arity], a.Apply(op, symbols...))
		var worst float64
		for _, x := range samples(op, 2000) {
			got, want := c.one(x[:op.Arity]...)[0], op.value(x)
			err := math.Abs(got-want) / math.Abs(want)
			if want == 0 {
				err = math.Abs(got)
			}
			worst = max(worst, err)
			if exact[op.Name] && !equalBits(got, want) || !(err <= oracleError(op, x, want)) {
				t.Fatalf("%s of %v is %x, the oracle says %x (relative %.1e)", op.Name, x[:op.Arity], got, want, err)
			}
		}
		if worst > 4e-16 {
			t.Logf("%-9s differs from the oracle by %.1e", op.Name, worst)
		}
	}
}

// TestSpecialValues compares every operation with its oracle on zeros, infinities, NaN, tiny and huge numbers.
// Signs of zero count only where IEEE 754 settles the operation.
func TestSpecialValues(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	special := []float64{0, math.Copysign(0, -1), 1, -1, 0.5, 2, -2, 3, 700, -700, 1e-300, -1e-300, 5e-324, 1e300, -1e300, inf, -inf, nan}
	unlike := map[string]string{ // operations whose oracle is itself of no use there, checked below
		"mod": "", "linoid": "", "linoid1": "", "linoid2": "", "softplus": "", "sin": "huge", "cos": "huge", "tan": "huge",
	}
	for _, op := range Ops {
		a := NewArena()
		symbols := make([]Expr, op.Arity)
		for k := range symbols {
			symbols[k] = a.Symbol(xyz[k])
		}
		c := compileFor(t, 1, xyz[:op.Arity], a.Apply(op, symbols...))
		for i := range len(special) * len(special) * len(special) {
			x := [3]float64{special[i%len(special)], special[i/len(special)%len(special)], special[i/len(special)/len(special)]}
			if op.Arity == 1 && i >= len(special) || op.Arity == 2 && i >= len(special)*len(special) {
				break
			}
			if how, ok := unlike[op.Name]; ok && (how == "" || math.Abs(x[0]) > 1e9) {
				continue
			}
			got, want := c.one(x[:op.Arity]...)[0], op.value(x)
			if op.Name == "log" && math.Abs(x[0]) < 0x1p-1022 {
				want = math.Log(x[0]*0x1p100) - 100*math.Ln2 // package math is wrong on subnormals on some machines
			}
			switch {
			case exact[op.Name] && equalBits(got, want), !exact[op.Name] && got == want, got != got && want != want:
			case !exact[op.Name] && math.Abs(got-want) <= 1e-14*math.Abs(want)+1e-323:
			default:
				t.Errorf("%s of %v is %v, the oracle says %v", op.Name, x[:op.Arity], got, want)
			}
		}
	}
	limits := []struct {
		op      string
		x, want float64
	}{
		{"linoid", 0, 1}, {"linoid", inf, inf}, {"linoid", -inf, 0}, {"linoid", nan, nan}, {"linoid", 1e300, 1e300}, {"linoid", -1e4, 0},
		{"linoid1", 0, 0.5}, {"linoid1", inf, 1}, {"linoid1", -inf, 0}, {"linoid1", nan, nan}, {"linoid2", 0, 1.0 / 6}, {"linoid2", inf, 0},
		{"linoid2", -inf, 0}, {"linoid2", nan, nan}, {"softplus", inf, inf}, {"softplus", -inf, 0}, {"softplus", nan, nan},
		{"softplus", 1e300, 1e300}, {"softplus", -1e4, 0},
	}
	for _, l := range limits {
		a := NewArena()
		if got := compileFor(t, 1, []string{"x"}, a.Call(l.op, a.Symbol("x"))).one(l.x)[0]; !(math.Abs(got-l.want) < 1e-15) && got != l.want && !(got != got && l.want != l.want) {
			t.Errorf("%s(%v) is %v, want %v", l.op, l.x, got, l.want)
		}
	}
}

// kinked reports whether an operation is not smooth within a margin around its operands.
func kinked(op *Op, x [3]float64) bool {
	const margin = 0.06
	near := func(a, b float64) bool { return math.Abs(a-b) < margin }
	switch op.Name {
	case "less", "lesseq", "greater", "greatereq", "equal", "notequal", "min", "max":
		return near(x[0], x[1])
	case "where", "abs", "sign", "not":
		return near(x[0], 0)
	case "mulz":
		return near(x[0], 0)
	case "and", "or":
		return near(x[0], 0) || near(x[1], 0)
	case "clip":
		return near(x[0], x[1]) || near(x[0], x[2])
	case "floor":
		return near(x[0], math.Round(x[0]))
	case "mod":
		q := x[0] / x[1]
		return math.Abs(q-math.Round(q)) < 0.3
	}
	return false
}

// slope differentiates f at 0 by central differences with steps h, h/2, h/4, h/8, extrapolated three times
// (Richardson); spread is the change that the last extrapolation made.
func slope(f func(h float64) float64, h float64) (d, spread float64) {
	var table [4][4]float64
	for i := range 4 {
		s := h / float64(int(1)<<i)
		table[i][0] = (f(s) - f(-s)) / (2 * s)
		for k, power := 1, 4.0; k <= i; k, power = k+1, power*4 {
			table[i][k] = (power*table[i][k-1] - table[i-1][k-1]) / (power - 1)
		}
	}
	return table[3][3], math.Abs(table[3][3] - table[3][2])
}

// TestDerivatives compares first and second derivatives of every operation, pulled and pushed, with
// differences of the compiled operation and of its compiled first derivative.
func TestDerivatives(t *testing.T) {
	var worst1, worst2 float64
	for _, op := range Ops {
		a := NewArena()
		symbols := make([]Expr, op.Arity)
		for k := range symbols {
			symbols[k] = a.Symbol(xyz[k])
		}
		y := a.Apply(op, symbols...)
		one := a.Const(1)
		first := Pull([]Expr{y}, []Expr{one}, symbols)
		second := make([][]Expr, op.Arity)
		outputs := append([]Expr{y}, first...)
		for i := range first {
			second[i] = Pull([]Expr{first[i]}, []Expr{one}, symbols)
			outputs = append(outputs, second[i]...)
		}
		for k := range symbols { // the same by tangents: y_k, and its derivatives by tangents
			t1 := make([]Expr, op.Arity)
			t1[k] = one
			d := Push([]Expr{y}, symbols, t1)
			outputs = append(outputs, d[0])
			for i := range symbols {
				t2 := make([]Expr, op.Arity)
				t2[i] = one
				outputs = append(outputs, Push(d, symbols, t2)[0])
			}
		}
		c := compileFor(t, 1, xyz[:op.Arity], outputs...)
		n := op.Arity
		checked := 0
		for _, x := range samples(op, 60) {
			if kinked(op, x) {
				continue
			}
			checked++
			at := func(output, k int) func(h float64) float64 {
				return func(h float64) float64 {
					moved := x
					moved[k] += h
					return c.one(moved[:n]...)[output]
				}
			}
			got := c.one(x[:n]...)
			for k := range n {
				want, _ := slope(at(0, k), 0.015)
				e := math.Abs(got[1+k]-want) / max(1, math.Abs(want))
				worst1 = max(worst1, e)
				if !(e <= 1e-7) {
					t.Errorf("∂%s/∂%s at %v is %v, differences say %v", op.Name, xyz[k], x[:n], got[1+k], want)
				}
				pushedAt := 1 + n + n*n + k*(n+1)
				if d := math.Abs(got[pushedAt] - got[1+k]); d > 1e-12*math.Max(1, math.Abs(got[1+k])) {
					t.Errorf("∂%s/∂%s at %v: pushed %v, pulled %v", op.Name, xyz[k], x[:n], got[pushedAt], got[1+k])
				}
				for i := range n {
					want, _ := slope(at(1+k, i), 0.015)
					g := got[1+n+k*n+i]
					e := math.Abs(g-want) / max(1, math.Abs(want))
					worst2 = max(worst2, e)
					if !(e <= 1e-7) {
						t.Errorf("∂²%s/∂%s∂%s at %v is %v, differences say %v", op.Name, xyz[k], xyz[i], x[:n], g, want)
					}
					if p := got[pushedAt+1+i]; math.Abs(p-g) > 1e-11*math.Max(1, math.Abs(g)) {
						t.Errorf("∂²%s/∂%s∂%s at %v: pushed %v, pulled %v", op.Name, xyz[k], xyz[i], x[:n], p, g)
					}
				}
			}
		}
		if checked < 10 {
			t.Errorf("%s: just %d points checked", op.Name, checked)
		}
	}
	t.Logf("largest difference from extrapolated differences: first %.1e, second %.1e", worst1, worst2)
}

// TestConstantPowers checks value and first two derivatives of xⁿ for constant n against their formulas, also
// at x = 0 and for negative x.
func TestConstantPowers(t *testing.T) {
	for n := -6; n <= 20; n++ {
		a := NewArena()
		x := a.Symbol("x")
		y := a.Call("pow", x, a.Const(float64(n)))
		d1 := Pull([]Expr{y}, []Expr{a.Const(1)}, []Expr{x})
		d2 := Pull(d1, []Expr{a.Const(1)}, []Expr{x})
		c := compileFor(t, 1, []string{"x"}, y, d1[0], d2[0])
		f := float64(n)
		for _, v := range []float64{-2.5, -1, -0.3, 0, 0.7, 1, 3} {
			got := c.one(v)
			want := []float64{math.Pow(v, f), f * math.Pow(v, f-1), f * (f - 1) * math.Pow(v, f-2)}
			for k, w := range want {
				if k > 0 && n == 0 || k > 1 && n == 1 {
					w = 0
				}
				if !(math.Abs(got[k]-w) <= 1e-13*math.Abs(w)) && got[k] != w {
					t.Errorf("derivative %d of x^%d at %v is %v, want %v", k, n, v, got[k], w)
				}
			}
		}
	}
}

// TestTies states the derivative at the kinks of the operations that have them.
func TestTies(t *testing.T) {
	a := NewArena()
	x, y := a.Symbol("x"), a.Symbol("y")
	cases := []struct {
		e      Expr
		x, y   float64
		dx, dy float64
	}{
		{a.Call("abs", x), 0, 0, 0, 0},
		{a.Call("min", x, y), 1, 1, 0, 1}, // the second operand on a tie
		{a.Call("max", x, y), 1, 1, 0, 1},
		{a.Call("clip", x, a.Const(-1), a.Const(1)), 1, 0, 1, 0}, // on a bound the derivative passes
		{a.Call("clip", x, a.Const(-1), a.Const(1)), -1, 0, 1, 0},
		{a.Call("clip", x, a.Const(-1), a.Const(1)), 1.5, 0, 0, 0},
		{a.Call("clip", x, y, a.Const(9)), 1, 2, 0, 1},
		{a.Call("clip", x, a.Const(-9), y), 3, 2, 0, 1},
		{a.Call("where", a.Call("greatereq", x, y), x.Mul(x), y), 3, 3, 6, 0},
		{a.Call("where", a.Call("greater", x, y), x.Mul(x), y), 3, 3, 0, 1},
	}
	for _, c := range cases {
		pulled := Pull([]Expr{c.e}, []Expr{a.Const(1)}, []Expr{x, y})
		dx := Push([]Expr{c.e}, []Expr{x, y}, []Expr{a.Const(1), {}})
		dy := Push([]Expr{c.e}, []Expr{x, y}, []Expr{{}, a.Const(1)})
		got := compileFor(t, 1, []string{"x", "y"}, pulled[0], pulled[1], dx[0], dy[0]).one(c.x, c.y)
		if want := []float64{c.dx, c.dy, c.dx, c.dy}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v at %v, %v: derivatives %v, want %v", c.e, c.x, c.y, got, want)
		}
	}
}
