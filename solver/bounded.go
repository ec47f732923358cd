package solver

import (
	"fmt"
	"math"

	"github.com/neurograd/neurograd/ad"
)

// Bounded clips the state to [Low, High] after each step, and with EveryStage also the state of every
// stage within the step, as The Virtual Brain does. Where a bound is active no derivative passes; exactly
// on it the derivative does. The initial state and a given history are taken as they are.
type Bounded struct {
	Solver Solver
	// Low and High are bounds: none (no bound), one (for all states) or one per state, −Inf and +Inf
	// for no bound.
	Low, High  []float64
	EveryStage bool
}

// Name is "Bounded" with the name of the method inside.
func (b Bounded) Name() string {
	if b.Solver == nil {
		return "Bounded"
	}
	return "Bounded " + b.Solver.Name()
}

// PerStage is that of the method inside.
func (b Bounded) PerStage() bool { return b.Solver.PerStage() }

// Centroid is that of the method inside.
func (b Bounded) Centroid() float64 { return b.Solver.Centroid() }

// Check refuses bounds that are not numbers, cross, or do not match the states in number.
func (b Bounded) Check(states []string) error {
	if b.Solver == nil {
		return fmt.Errorf("solver: Bounded has no method inside; set Solver, for example Bounded{Solver: Heun{}, …}")
	}
	for _, side := range [][]float64{b.Low, b.High} {
		if n := len(side); n > 1 && n != len(states) {
			return fmt.Errorf("solver: Bounded has %d bounds for %d states; give none, one for all, or one per state", n, len(states))
		}
	}
	for i, s := range states {
		low, high := bound(b.Low, i, math.Inf(-1)), bound(b.High, i, math.Inf(1))
		if !(low <= high) {
			return fmt.Errorf("solver: bounds [%g, %g] of %s are empty; the lower one must not exceed the upper one", low, high, s)
		}
	}
	return b.Solver.Check(states)
}

func bound(bounds []float64, i int, none float64) float64 {
	switch len(bounds) {
	case 0:
		return none
	case 1:
		return bounds[0]
	}
	return bounds[i]
}

// Step is the step of the method inside, clipped.
func (b Bounded) Step(s Step) []ad.Expr {
	clip := func(x []ad.Expr) []ad.Expr { return b.clip(s.Arena, x) }
	if b.EveryStage {
		s.Limit = clip
		return b.Solver.Step(s)
	}
	return clip(b.Solver.Step(s))
}

func (b Bounded) clip(a *ad.Arena, x []ad.Expr) []ad.Expr {
	y := make([]ad.Expr, len(x))
	for i, e := range x {
		low, high := bound(b.Low, i, math.Inf(-1)), bound(b.High, i, math.Inf(1))
		y[i] = e
		if !math.IsInf(low, -1) || !math.IsInf(high, 1) {
			y[i] = a.Call("clip", e, a.Const(low), a.Const(high))
		}
	}
	return y
}
