package ad

import (
	"math"
	"testing"

	"github.com/neurograd/neurograd/internal/program"
)

// TestCopy holds that copies are written like the originals and compute the same bits, that equal
// expressions stay one, and that a copy depends on nothing but what is copied.
func TestCopy(t *testing.T) {
	equations, err := Parse("f = where(x > y, tanh(x)*y - x**2.5/3, linoid(x) + 2) + g\ng = (x + y)*(x + y) - 1", "x", "y")
	if err != nil {
		t.Fatal(err)
	}
	from := NewArena()
	x, y := from.Symbol("x"), from.Symbol("y")
	r, err := equations.Resolve(from, map[string]Expr{"x": x, "y": y})
	if err != nil {
		t.Fatal(err)
	}
	f, g := r.Values["f"], r.Values["g"]
	tangents := Push([]Expr{f}, []Expr{x, y}, []Expr{from.Symbol("u"), from.Symbol("v")})
	to := NewArena()
	copies := to.Copy([]Expr{f, g, {}, tangents[0], f})
	if copies[4] != copies[0] || !copies[2].IsZero() || copies[0].Arena() != to {
		t.Error("equal expressions became two, or a structural zero something else")
	}
	for k, original := range []Expr{f, g, {}, tangents[0]} {
		if !original.IsZero() && copies[k].String() != original.String() {
			t.Errorf("copy %q, original %q", copies[k], original)
		}
		for _, at := range [][4]float64{{0.3, -0.7, 1, 2}, {-1.2, 0.4, 0.1, -3}} {
			if a, b := valueAt(t, copies[k], at), valueAt(t, original, at); math.Float64bits(a) != math.Float64bits(b) {
				t.Errorf("%s at %v: %x, the original %x", original, at, a, b)
			}
		}
	}
	again := NewArena().Copy([]Expr{f, g})
	if again[0].id != copies[0].id || again[1].id != copies[1].id {
		t.Error("a copy depends on what is copied after it")
	}
}

// valueAt compiles an expression of x, y, u, v and runs it.
func valueAt(t *testing.T, e Expr, at [4]float64) float64 {
	t.Helper()
	var inputs []program.Input
	for _, name := range []string{"x", "y", "u", "v"} {
		inputs = append(inputs, program.Input{Name: name})
	}
	p, err := Compile([]Output{{Expr: e}}, inputs)
	if err != nil {
		t.Fatal(err)
	}
	run := p.Instance(1, 1)
	for k := range at {
		run.In[k] = at[k : k+1]
	}
	out := make([]float64, 1)
	run.Out[0] = out
	run.Once()
	return out[0]
}
