// Package solver holds time-stepping methods as transforms: each takes the right-hand side as expressions
// and returns the step as expressions. It runs nothing.
package solver

import "github.com/neurograd/neurograd/ad"

// Solver is a fixed-step explicit method.
type Solver interface {
	// Name is the method's name in reports and errors.
	Name() string
	// Step returns the state at the end of a step.
	Step(s Step) []ad.Expr
	// PerStage reports whether coupling inputs follow the stages of the step; otherwise they are those
	// of its start (frozen), as in The Virtual Brain, which makes coupled networks first order in the
	// coupling term.
	PerStage() bool
	// Centroid is Σ b_i·c_i of the method's tableau: the mean time of its stages within a step. Linear
	// delay reads are shifted by it, because the coupling they feed is held over the step.
	Centroid() float64
	// Check refuses a method that cannot be applied to a model with these states.
	Check(states []string) error
}

// Step is what a method makes a step from.
type Step struct {
	Arena *ad.Arena
	H     float64   // length of the step, ms
	T     ad.Expr   // time at its start
	X     []ad.Expr // state at its start
	Noise []ad.Expr // noise increment by state; the structural zero where there is none
	// Derivative is the right-hand side at a stage. It is called once per stage, in order.
	Derivative func(t ad.Expr, x []ad.Expr) []ad.Expr
	// Limit, if not nil, is applied to the state of every stage and to the result.
	Limit func(x []ad.Expr) []ad.Expr
}

// Euler is the Euler method, with noise Euler–Maruyama (Itô):
//
//	x' = x + h·f(t, x) + ξ
type Euler struct {
	CouplingPerStage bool // see Solver.PerStage; the same for a method of one stage
}

// Heun is Heun's predictor-corrector method; the noise increment enters predictor and result:
//
//	k1 = f(t, x);  k2 = f(t+h, x + h·k1 + ξ);  x' = x + h/2·(k1 + k2) + ξ
type Heun struct {
	CouplingPerStage bool // recompute the coupling for the predictor; see Solver.PerStage
}

// RK4 is the classical fourth-order Runge–Kutta method; the noise increment is added at the end:
//
//	x' = x + h/6·(k1 + 2·k2 + 2·k3 + k4) + ξ
type RK4 struct {
	CouplingPerStage bool // recompute the coupling at every stage; see Solver.PerStage
}

// Name is "Euler".
func (Euler) Name() string { return "Euler" }

// PerStage is the option CouplingPerStage.
func (e Euler) PerStage() bool { return e.CouplingPerStage }

// Check accepts every model.
func (Euler) Check([]string) error { return nil }

// Step is x + h·f(t, x) + ξ.
func (Euler) Step(s Step) []ad.Expr {
	return s.limited(s.sum(s.H, s.Derivative(s.T, s.X), true))
}

// Centroid is 0.
func (Euler) Centroid() float64 { return 0 }

// Name is "Heun".
func (Heun) Name() string { return "Heun" }

// PerStage is the option CouplingPerStage.
func (h Heun) PerStage() bool { return h.CouplingPerStage }

// Check accepts every model.
func (Heun) Check([]string) error { return nil }

// Step is x + h/2·(k1 + k2) + ξ.
func (Heun) Step(s Step) []ad.Expr {
	k1 := s.Derivative(s.T, s.X)
	k2 := s.Derivative(s.after(1), s.limited(s.sum(s.H, k1, true)))
	return s.limited(s.sum(s.H/2, combine(k1, k2, 1), true))
}

// Centroid is ½.
func (Heun) Centroid() float64 { return 0.5 }

// Name is "RK4".
func (RK4) Name() string { return "RK4" }

// PerStage is the option CouplingPerStage.
func (r RK4) PerStage() bool { return r.CouplingPerStage }

// Check accepts every model.
func (RK4) Check([]string) error { return nil }

// Step is x + h/6·(k1 + 2·k2 + 2·k3 + k4) + ξ.
func (RK4) Step(s Step) []ad.Expr {
	k1 := s.Derivative(s.T, s.X)
	k2 := s.Derivative(s.after(0.5), s.limited(s.sum(s.H/2, k1, false)))
	k3 := s.Derivative(s.after(0.5), s.limited(s.sum(s.H/2, k2, false)))
	k4 := s.Derivative(s.after(1), s.limited(s.sum(s.H, k3, false)))
	slope := combine(combine(combine(k1, k2, 2), k3, 2), k4, 1)
	return s.limited(s.sum(s.H/6, slope, true))
}

// Centroid is ½.
func (RK4) Centroid() float64 { return 0.5 }

// after is the time a fraction of the step after its start.
func (s Step) after(fraction float64) ad.Expr {
	return s.T.Add(s.Arena.Const(s.H * fraction))
}

// sum is x + h·k, plus the noise increment if asked for.
func (s Step) sum(h float64, k []ad.Expr, noise bool) []ad.Expr {
	y := make([]ad.Expr, len(s.X))
	for i, x := range s.X {
		y[i] = x.Add(s.Arena.Const(h).Mul(k[i]))
		if noise {
			y[i] = y[i].Add(s.Noise[i])
		}
	}
	return y
}

func (s Step) limited(x []ad.Expr) []ad.Expr {
	if s.Limit == nil {
		return x
	}
	return s.Limit(x)
}

// combine is a + factor·b.
func combine(a, b []ad.Expr, factor float64) []ad.Expr {
	y := make([]ad.Expr, len(a))
	for i := range a {
		if b[i].IsZero() {
			y[i] = a[i]
			continue
		}
		y[i] = a[i].Add(b[i].Mul(b[i].Arena().Const(factor)))
	}
	return y
}

// All lists the methods.
func All() []Solver {
	return []Solver{Euler{}, Heun{}, RK4{}, Heun{CouplingPerStage: true}, RK4{CouplingPerStage: true}}
}
