package optim

import (
	"fmt"
	"time"

	"github.com/neurograd/neurograd/param"
)

// Callback looks on while a fit runs, and may end it. Package callbacks has the usual ones.
type Callback interface {
	// Begin is called before the first step. An error keeps the fit from starting, and End is not called.
	Begin(p Plan) error
	// Step is called at each step, when loss and gradient are known and before the parameters change.
	// [Stop] as the error ends the fit at these parameters; any other error makes it fail.
	Step(e *Event) error
	// End is called once, after the last step, also of a fit that failed or was cancelled. r is to be
	// read only. Fit returns the error beside the result.
	End(r *Result) error
}

// Stop is what a callback returns to end a fit in good order.
type Stop struct{ Reason string }

// Error is the reason.
func (s Stop) Error() string { return s.Reason }

// Plan is what a fit is going to do.
type Plan struct {
	Free      int    // number of free values
	Mode      Mode   // as chosen, never Auto
	Optimizer string // the rule with its settings
	Steps     int
}

// String is, for example, "1 free value: forward mode (tangents); Adam, rate 0.005; 50 steps".
func (p Plan) String() string {
	return fmt.Sprintf("%s: %s; %s; %s", counted(p.Free, "free value"), p.Mode, p.Optimizer, counted(p.Steps, "step"))
}

// counted is "1 step" or "2 steps".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Event is one step of a fit. It holds during the call only.
type Event struct {
	Step     int           // k, from 0: this many times the parameters have changed
	Steps    int           // how many steps are wanted
	Loss     float64       // at θ_k
	Improved bool          // no step before had so low a loss
	Gradient []float64     // at θ_k, a copy
	Elapsed  time.Duration // since the fit began

	params *param.Tree
}

// Params is a copy of the parameters θ_k, those that have this loss and gradient.
func (e *Event) Params() *param.Tree { return e.params.Clone() }

// StepFunc is a callback from a function that is called at each step.
type StepFunc func(e *Event) error

// Begin does nothing.
func (StepFunc) Begin(Plan) error { return nil }

// Step calls the function.
func (f StepFunc) Step(e *Event) error { return f(e) }

// End does nothing.
func (StepFunc) End(*Result) error { return nil }
