package ad

import (
	"math"
	"strings"
	"testing"
)

func TestHashConsing(t *testing.T) {
	a := NewArena()
	x, y := a.Symbol("x"), a.Symbol("y")
	same := [][2]Expr{
		{x.Add(y), x.Add(y)}, {a.Call("sin", x), a.Call("sin", x)}, {a.Symbol("x"), x}, {a.Const(0.1), a.Const(0.1)},
		{x.Add(a.Const(0)), x}, {a.Const(0).Add(x), x}, {x.Sub(a.Const(0)), x}, {x.Mul(a.Const(1)), x}, {a.Const(1).Mul(x), x},
		{x.Div(a.Const(1)), x}, {a.Call("pow", x, a.Const(1)), x}, {a.Call("mul", x, a.Const(0)), a.Const(0)},
		{a.Call("where", a.Const(2), x, y), x}, {a.Call("where", a.Const(0), x, y), y}, {a.Call("where", x, y, y), y},
		{a.Const(2).Add(a.Const(3)), a.Const(5)}, {Expr{}.Add(x), x}, {x.Add(Expr{}), x}, {x.Sub(Expr{}), x},
	}
	for i, pair := range same {
		if pair[0] != pair[1] {
			t.Errorf("pair %d: %v and %v are two expressions", i, pair[0], pair[1])
		}
	}
	different := [][2]Expr{
		{x.Add(y), y.Add(x)}, {x.Sub(y), y.Sub(x)}, {a.Const(0), a.Const(math.Copysign(0, -1))}, {a.Call("neg", x), x.Mul(a.Const(-1))},
	}
	for i, pair := range different {
		if pair[0] == pair[1] {
			t.Errorf("pair %d: %v and %v are one expression", i, pair[0], pair[1])
		}
	}
	for _, e := range []Expr{x.Mul(Expr{}), Expr{}.Mul(x), x.Mul(a.Const(0)), Expr{}.Div(x), Expr{}.Sub(Expr{})} {
		if !e.IsZero() {
			t.Errorf("%v is no structural zero", e)
		}
	}
}

// TestFolding holds that an operation on constants has the bits of the compiled operation.
func TestFolding(t *testing.T) {
	for _, op := range Ops {
		for _, x := range samples(op, 20) {
			a := NewArena()
			consts, symbols := make([]Expr, op.Arity), make([]Expr, op.Arity)
			for k := range op.Arity {
				consts[k], symbols[k] = a.Const(x[k]), a.Symbol(xyz[k])
			}
			folded, ok := a.Apply(op, consts...).constant()
			computed := compileFor(t, 1, xyz[:op.Arity], a.Apply(op, symbols...)).one(x[:op.Arity]...)[0]
			// A constant exponent may take another way than a variable one; x·0 is 0 whatever the sign.
			if !ok || !equalBits(folded, computed) && op != opPow && folded != 0 {
				t.Errorf("%s of %v folds to %x (constant: %v), computed %x", op.Name, x, folded, ok, computed)
			}
		}
	}
}

func TestEvalNeedsValues(t *testing.T) {
	a := NewArena()
	if _, err := Eval(a.Symbol("x"), nil); err == nil {
		t.Error("a symbol without a value has one")
	}
	if v, err := Eval(Expr{}, nil); v != 0 || err != nil {
		t.Errorf("the structural zero is %v, %v", v, err)
	}
}

// TestCulprit finds the first subexpression that is not finite.
func TestCulprit(t *testing.T) {
	a := NewArena()
	x, y := a.Symbol("x"), a.Symbol("y")
	log := a.Call("log", x)
	exp := a.Call("exp", y)
	whole := x.Add(a.Call("tanh", log.Mul(y))).Sub(exp)
	cases := []struct {
		x, y float64
		want Expr
	}{
		{1, 1, Expr{}}, {-1, 1, log}, {1, 800, exp}, {math.NaN(), 1, Expr{}},
		{0, 1, Expr{}}, // tanh(log 0) = −1 is finite again
	}
	for _, c := range cases {
		got, v := Culprit(whole, map[string]float64{"x": c.x, "y": c.y})
		if got != c.want || !got.IsZero() && finite(v) {
			t.Errorf("at %v, %v: %v = %v, want %v", c.x, c.y, got, v, c.want)
		}
	}
}

// TestShownTree holds that an expression is printed as text that is read as that very expression.
func TestShownTree(t *testing.T) {
	shown := 0
	for seed := range uint64(200) {
		g := newGrower(seed, xyz...)
		e := g.grow(3)
		text := e.String()
		if strings.Contains(text, "…") {
			continue // too deep to be shown
		}
		shown++
		equations, err := Parse("q = "+text, xyz...)
		if err != nil {
			t.Fatalf("seed %d: %s: %v", seed, text, err)
		}
		known := map[string]Expr{}
		for i, n := range xyz {
			known[n] = g.symbols[i]
		}
		r, err := equations.Resolve(g.arena, known)
		if err != nil {
			t.Fatal(err)
		}
		if r.Values["q"] != e {
			t.Errorf("%s is read as %v", text, r.Values["q"])
		}
	}
	if shown < 50 {
		t.Errorf("just %d expressions were shown", shown)
	}
}
