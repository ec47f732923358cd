package solver_test

import (
	"math"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/solver"
)

// rhs is a right-hand side of two states with time, as numbers and as expressions.
func rhs(t, x, y float64) (float64, float64) { return x*y - t, math.Sin(t) - x }

// advance makes one step of a method with expressions and evaluates it.
func advance(t *testing.T, m solver.Solver, h, t0, x, y, noise float64, limit func([]ad.Expr) []ad.Expr) (float64, float64) {
	t.Helper()
	a := ad.NewArena()
	step := solver.Step{
		Arena: a, H: h, T: a.Symbol("t"), X: []ad.Expr{a.Symbol("x"), a.Symbol("y")},
		Noise: []ad.Expr{a.Symbol("xi"), {}}, // no noise on y
		Derivative: func(s ad.Expr, v []ad.Expr) []ad.Expr {
			return []ad.Expr{v[0].Mul(v[1]).Sub(s), a.Call("sin", s).Sub(v[0])}
		},
		Limit: limit,
	}
	next := m.Step(step)
	values := map[string]float64{"t": t0, "x": x, "y": y, "xi": noise}
	var out [2]float64
	for k := range out {
		v, err := ad.Eval(next[k], values)
		if err != nil {
			t.Fatal(err)
		}
		out[k] = v
	}
	return out[0], out[1]
}

// byHand are the steps as formulas of the literature.
var byHand = map[string]func(h, t, x, y, xi float64) (float64, float64){
	"Euler": func(h, t, x, y, xi float64) (float64, float64) {
		dx, dy := rhs(t, x, y)
		return x + h*dx + xi, y + h*dy
	},
	"Heun": func(h, t, x, y, xi float64) (float64, float64) {
		dx, dy := rhs(t, x, y)
		ex, ey := rhs(t+h, x+h*dx+xi, y+h*dy)
		return x + h/2*(dx+ex) + xi, y + h/2*(dy+ey)
	},
	"RK4": func(h, t, x, y, xi float64) (float64, float64) {
		ax, ay := rhs(t, x, y)
		bx, by := rhs(t+h/2, x+h/2*ax, y+h/2*ay)
		cx, cy := rhs(t+h/2, x+h/2*bx, y+h/2*by)
		dx, dy := rhs(t+h, x+h*cx, y+h*cy)
		return x + h/6*(ax+2*bx+2*cx+dx) + xi, y + h/6*(ay+2*by+2*cy+dy)
	},
}

func TestSteps(t *testing.T) {
	for _, m := range solver.All() {
		hand := byHand[m.Name()]
		if hand == nil {
			t.Fatalf("write the step of %s by hand", m.Name())
		}
		for _, c := range [][5]float64{{0.1, 0, 1, 2, 0}, {0.5, 3, -1, 0.3, 0.2}, {2, -1, 0.1, 4, -3}} {
			x, y := advance(t, m, c[0], c[1], c[2], c[3], c[4], nil)
			wx, wy := hand(c[0], c[1], c[2], c[3], c[4])
			if math.Abs(x-wx) > 1e-14*(1+math.Abs(wx)) || math.Abs(y-wy) > 1e-14*(1+math.Abs(wy)) {
				t.Errorf("%s of %v: %v, %v; by hand %v, %v", m.Name(), c, x, y, wx, wy)
			}
		}
	}
}

// TestStages holds that a method evaluates the right-hand side as often as it has stages.
func TestStages(t *testing.T) {
	for name, want := range map[string]int{"Euler": 1, "Heun": 2, "RK4": 4} {
		for _, m := range solver.All() {
			if m.Name() != name {
				continue
			}
			a, stages := ad.NewArena(), 0
			m.Step(solver.Step{Arena: a, H: 0.1, T: a.Symbol("t"), X: []ad.Expr{a.Symbol("x")}, Noise: make([]ad.Expr, 1),
				Derivative: func(_ ad.Expr, x []ad.Expr) []ad.Expr { stages++; return x }})
			if stages != want {
				t.Errorf("%s has %d stages, want %d", name, stages, want)
			}
		}
	}
}

// TestBounded clips after the step, or every stage too.
func TestBounded(t *testing.T) {
	clip := func(v, lo, hi float64) float64 { return math.Min(math.Max(v, lo), hi) }
	const h, t0, x, y = 0.5, 0.2, 1.5, 1.2
	plainX, plainY := byHand["Heun"](h, t0, x, y, 0)
	gotX, gotY := advance(t, solver.Bounded{Solver: solver.Heun{}, Low: []float64{0, -9}, High: []float64{1.6, 1}}, h, t0, x, y, 0, nil)
	if math.Abs(gotX-clip(plainX, 0, 1.6)) > 1e-14 || math.Abs(gotY-clip(plainY, -9, 1)) > 1e-14 {
		t.Errorf("after the step: %v, %v", gotX, gotY)
	}
	dx, dy := rhs(t0, x, y)
	ex, ey := rhs(t0+h, clip(x+h*dx, 0, 1.6), clip(y+h*dy, -9, 1))
	wantX, wantY := clip(x+h/2*(dx+ex), 0, 1.6), clip(y+h/2*(dy+ey), -9, 1)
	gotX, gotY = advance(t, solver.Bounded{Solver: solver.Heun{}, Low: []float64{0, -9}, High: []float64{1.6, 1}, EveryStage: true}, h, t0, x, y, 0, nil)
	if math.Abs(gotX-wantX) > 1e-14 || math.Abs(gotY-wantY) > 1e-14 {
		t.Errorf("every stage: %v, %v; want %v, %v", gotX, gotY, wantX, wantY)
	}
	inf := math.Inf(1)
	gotX, gotY = advance(t, solver.Bounded{Solver: solver.Heun{}, Low: []float64{-inf, -inf}, High: []float64{inf}}, h, t0, x, y, 0, nil)
	if math.Abs(gotX-plainX) > 1e-14 || math.Abs(gotY-plainY) > 1e-14 {
		t.Errorf("infinite bounds: %v, %v; want %v, %v", gotX, gotY, plainX, plainY)
	}
	b := solver.Bounded{Solver: solver.RK4{CouplingPerStage: true}}
	if b.Name() != "Bounded RK4" || !b.PerStage() || (solver.Bounded{Solver: solver.RK4{}}).PerStage() {
		t.Errorf("%q, per stage %v", b.Name(), b.PerStage())
	}
}

func TestBoundedErrors(t *testing.T) {
	nan := math.NaN()
	states := []string{"V", "W"}
	cases := []struct {
		b    solver.Bounded
		want string
	}{
		{solver.Bounded{}, "no method inside"},
		{solver.Bounded{Solver: solver.Heun{}, Low: []float64{1, 2, 3}}, "3 bounds for 2 states"},
		{solver.Bounded{Solver: solver.Heun{}, Low: []float64{1}, High: []float64{2, 0.5}}, "bounds [1, 0.5] of W"},
		{solver.Bounded{Solver: solver.Heun{}, Low: []float64{nan}}, "of V"},
		{solver.Bounded{Solver: solver.Heun{}, High: []float64{1, nan}}, "of W"},
		{solver.Bounded{Solver: solver.Bounded{}}, "no method inside"},
	}
	for _, c := range cases {
		err := c.b.Check(states)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Count(err.Error(), "\n") > 3 {
			t.Errorf("%+v: %v, want %q", c.b, err, c.want)
		}
	}
	for _, ok := range []solver.Bounded{{Solver: solver.Heun{}}, {Solver: solver.Heun{}, Low: []float64{1}, High: []float64{1}}} {
		if err := ok.Check(states); err != nil {
			t.Error(err)
		}
	}
	// Neither may panic on a missing method: errors are the business of Check.
	_ = solver.Bounded{}.Name()
}
