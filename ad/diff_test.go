package ad

import (
	"math"
	"testing"
)

// TestRandomDerivatives compares derivatives of random expressions, compiled, with extrapolated differences;
// where the differences do not settle (a kink is near) the point does not count.
func TestRandomDerivatives(t *testing.T) {
	var worst, worstDot float64
	points, skipped := 0, 0
	for seed := range uint64(250) {
		g := newGrower(seed, xyz...)
		exprs := []Expr{g.grow(5), g.grow(5)}
		cotangents := []Expr{g.arena.Symbol("c0"), g.arena.Symbol("c1")}
		tangents := []Expr{g.arena.Symbol("t0"), g.arena.Symbol("t1"), g.arena.Symbol("t2")}
		outputs := append(append(append([]Expr{}, exprs...), Pull(exprs, cotangents, g.symbols)...), Push(exprs, g.symbols, tangents)...)
		names := append(append([]string{}, xyz...), "c0", "c1", "t0", "t1", "t2")
		c := compileFor(t, 1, names, outputs...)
		for range 6 {
			x := append(g.point(), g.NormFloat64(), g.NormFloat64(), g.NormFloat64(), g.NormFloat64(), g.NormFloat64())
			y := append([]float64(nil), c.one(x...)...)
			along := func(h float64) float64 {
				moved := append([]float64(nil), x...)
				for k := range 3 {
					moved[k] += h * x[5+k]
				}
				v := c.one(moved...)
				return x[3]*v[0] + x[4]*v[1]
			}
			points++
			pushed := x[3]*y[5] + x[4]*y[6]
			pulled := x[5]*y[2] + x[6]*y[3] + x[7]*y[4]
			scale := 1.0
			for _, v := range y {
				scale = max(scale, math.Abs(v))
			}
			dot := math.Abs(pushed-pulled) / scale
			worstDot = max(worstDot, dot)
			if !(dot <= 1e-12) {
				t.Errorf("seed %d: %v, %v at %v: pushed %v, pulled %v", seed, exprs[0], exprs[1], x[:3], pushed, pulled)
			}
			want, spread := slope(along, 0.01)
			if !(spread <= 1e-8*scale) {
				skipped++
				continue
			}
			e := math.Abs(pulled-want) / scale
			worst = max(worst, e)
			if !(e <= 1e-7) {
				t.Errorf("seed %d: %v, %v at %v: derivative %v, differences say %v", seed, exprs[0], exprs[1], x[:3], pulled, want)
			}
		}
	}
	t.Logf("%d points, %d near kinks: differences %.1e, forward = reverse %.1e", points, skipped, worst, worstDot)
	if 4*skipped > points {
		t.Errorf("%d of %d points left out", skipped, points)
	}
}

// TestRandomSecondDerivatives compares Hessian-vector products, computed as pull of push, push of pull and
// differences of pull.
func TestRandomSecondDerivatives(t *testing.T) {
	var worst, worstPair float64
	points, skipped := 0, 0
	for seed := range uint64(150) {
		g := newGrower(seed, xyz...)
		e := []Expr{g.grow(4)}
		one := []Expr{g.arena.Const(1)}
		tangents := []Expr{g.arena.Symbol("t0"), g.arena.Symbol("t1"), g.arena.Symbol("t2")}
		pulled := Pull(e, one, g.symbols)
		pushOfPull := Push(pulled, g.symbols, tangents)
		pullOfPush := Pull(Push(e, g.symbols, tangents), one, g.symbols)
		c := compileFor(t, 1, append(append([]string{}, xyz...), "t0", "t1", "t2"), append(append(append([]Expr{}, pulled...), pushOfPull...), pullOfPush...)...)
		for range 4 {
			x := append(g.point(), g.NormFloat64(), g.NormFloat64(), g.NormFloat64())
			y := c.one(x...)
			scale := 1.0
			for _, v := range y {
				scale = max(scale, math.Abs(v))
			}
			for k := range 3 {
				points++
				pair := math.Abs(y[3+k]-y[6+k]) / scale
				worstPair = max(worstPair, pair)
				if !(pair <= 1e-11) {
					t.Errorf("seed %d: %v at %v: push of pull %v, pull of push %v", seed, e[0], x, y[3+k], y[6+k])
				}
				want, spread := slope(func(h float64) float64 {
					moved := append([]float64(nil), x...)
					for i := range 3 {
						moved[i] += h * x[3+i]
					}
					return c.one(moved...)[k]
				}, 0.01)
				if !(spread <= 1e-8*scale) {
					skipped++
					continue
				}
				d := math.Abs(y[3+k]-want) / scale
				worst = max(worst, d)
				if !(d <= 1e-7) {
					t.Errorf("seed %d: %v at %v: second derivative %v, differences say %v", seed, e[0], x, y[3+k], want)
				}
			}
		}
	}
	t.Logf("%d numbers, %d near kinks: differences %.1e, both orders %.1e", points, skipped, worst, worstPair)
	if 4*skipped > points {
		t.Errorf("%d of %d left out", skipped, points)
	}
}

// TestBranchesNotTaken holds that a branch that was not taken contributes exactly 0, though its derivative
// there is infinite or NaN: in value, first and second derivatives, pulled and pushed.
func TestBranchesNotTaken(t *testing.T) {
	a := NewArena()
	x, y := a.Symbol("x"), a.Symbol("y")
	zero, one := a.Const(0), a.Const(1)
	sqrt := func(e Expr) Expr { return a.Call("sqrt", e) }
	positive := a.Call("greater", x, zero)
	cases := []struct {
		name           string
		e              Expr
		x, y           float64
		v, dx, dy, dxx float64
	}{
		{"where(x > 0, sqrt(x), 0)", a.Call("where", positive, sqrt(x), zero), 0, 0, 0, 0, 0, 0},
		{"where(x > 0, sqrt(x), 0)", a.Call("where", positive, sqrt(x), zero), -1, 0, 0, 0, 0, 0},
		{"where(x > 0, sqrt(x), 0)", a.Call("where", positive, sqrt(x), zero), 4, 0, 2, 0.25, 0, -1.0 / 32},
		{"where(x > 0, 3*sqrt(x)*y, x*x)", a.Call("where", positive, a.Const(3).Mul(sqrt(x)).Mul(y), x.Mul(x)), 0, 5, 0, 0, 0, 2},
		{"where(x > 0, 3*sqrt(x)*y, x*x)", a.Call("where", positive, a.Const(3).Mul(sqrt(x)).Mul(y), x.Mul(x)), -1, 5, 1, -2, 0, 2},
		{"where(x > 0, log(x), x)", a.Call("where", positive, a.Call("log", x), x), 0, 0, 0, 1, 0, 0},
		{"where(x > 0, log(x), x)", a.Call("where", positive, a.Call("log", x), x), -1, 0, -1, 1, 0, 0},
		{"where(x > 0, x*log(x), 0)", a.Call("where", positive, x.Mul(a.Call("log", x)), zero), 0, 0, 0, 0, 0, 0},
		{"where(x != 0, sin(x)/x, 1)", a.Call("where", a.Call("notequal", x, zero), a.Call("sin", x).Div(x), one), 0, 0, 1, 0, 0, 0},
		{"where(x > 0, x**y, 0)", a.Call("where", positive, a.Call("pow", x, y), zero), 0, 0.5, 0, 0, 0, 0},
		{"where(x > 0, x**y, 0)", a.Call("where", positive, a.Call("pow", x, y), zero), -1, 0.5, 0, 0, 0, 0},
		{"where(x > 0, 1/x, y)", a.Call("where", positive, one.Div(x), y), 0, 3, 3, 0, 1, 0},
		{"where(x > 0, sqrt(abs(x)), 0)", a.Call("where", positive, sqrt(a.Call("abs", x)), zero), 0, 0, 0, 0, 0, 0},
		{"where(x > 0, exp(1/x), 0)", a.Call("where", positive, a.Call("exp", one.Div(x)), zero), 0, 0, 0, 0, 0, 0},
		{"max(sqrt(x), y)", a.Call("max", sqrt(x), y), 0, 1, 1, 0, 1, 0},
		{"max(y, sqrt(x))", a.Call("max", y, sqrt(x)), 0, 1, 1, 0, 1, 0},
		{"min(sqrt(x), y)", a.Call("min", sqrt(x), y), 0, -1, -1, 0, 1, 0},
		{"min(y, sqrt(x))", a.Call("min", y, sqrt(x)), 0, -1, -1, 0, 1, 0},
		{"clip(sqrt(x), 0.5, 2)", a.Call("clip", sqrt(x), a.Const(0.5), a.Const(2)), 0, 0, 0.5, 0, 0, 0},
		{"clip(1/x, -1, 1)", a.Call("clip", one.Div(x), a.Const(-1), one), 0, 0, 1, 0, 0, 0},
		{"clip(y, 0, sqrt(x))", a.Call("clip", y, a.Const(-9), sqrt(x)), 0, -1, -1, 0, 1, 0},
		{"where inside where", a.Call("where", positive, a.Call("where", a.Call("greater", y, zero), sqrt(x).Mul(sqrt(y)), one), y), 0, 0, 0, 0, 1, 0},
		{"where squared", a.Call("where", positive, sqrt(x), zero).Mul(a.Call("where", positive, sqrt(x), zero)), 0, 0, 0, 0, 0, 0},
	}
	for _, c := range cases {
		s := []Expr{x, y}
		e := []Expr{c.e}
		pulled := Pull(e, []Expr{one}, s)
		pushedX, pushedY := Push(e, s, []Expr{one, {}}), Push(e, s, []Expr{{}, one})
		xx := Pull(pulled[:1], []Expr{one}, s)[0]
		xxMixed := Push(pulled[:1], s, []Expr{one, {}})[0]
		xxMixed2 := Pull(pushedX, []Expr{one}, s)[0]
		xxPushed := Push(pushedX, s, []Expr{one, {}})[0]
		got := compileFor(t, 1, []string{"x", "y"}, c.e, pulled[0], pulled[1], pushedX[0], pushedY[0], xx, xxMixed, xxMixed2, xxPushed).one(c.x, c.y)
		want := []float64{c.v, c.dx, c.dy, c.dx, c.dy, c.dxx, c.dxx, c.dxx, c.dxx}
		for k := range want {
			if got[k] != want[k] {
				t.Errorf("%s at %v, %v: got %v\n%s wants %v\n(value, pulled x y, pushed x y, then xx four ways)", c.name, c.x, c.y, got, c.name, want)
				break
			}
		}
	}
}

// TestStructuralZeros holds that what does not depend on a symbol has no derivative at all.
func TestStructuralZeros(t *testing.T) {
	a := NewArena()
	x, y := a.Symbol("x"), a.Symbol("y")
	e := []Expr{a.Call("sin", x), a.Const(3), {}}
	if p := Pull(e, []Expr{a.Const(1), a.Const(1), a.Const(1)}, []Expr{x, y}); p[0].IsZero() || !p[1].IsZero() {
		t.Errorf("pulled %v", p)
	}
	if p := Push(e, []Expr{x, y}, []Expr{{}, a.Const(1)}); !p[0].IsZero() || !p[1].IsZero() || !p[2].IsZero() {
		t.Errorf("pushed %v", p)
	}
	if p := Pull(e, []Expr{{}, {}, {}}, []Expr{x}); !p[0].IsZero() {
		t.Errorf("pulled without cotangents %v", p)
	}
	if p := Pull(nil, nil, []Expr{x}); !p[0].IsZero() {
		t.Errorf("pulled nothing %v", p)
	}
	for _, name := range []string{"floor", "sign", "not"} {
		if p := Pull([]Expr{a.Call(name, x)}, []Expr{a.Const(1)}, []Expr{x}); !p[0].IsZero() {
			t.Errorf("derivative of %s is %v", name, p[0])
		}
	}
}
