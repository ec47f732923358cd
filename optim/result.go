package optim

import (
	"fmt"
	"time"

	"github.com/neurograd/neurograd/param"
)

// Result is the outcome of a fit.
type Result struct {
	// Params are the fitted parameters, the caller's own: after all steps, those after the last change;
	// stopped by a callback at step k, θ_k as the callback saw it; cancelled or failed, the best so far.
	Params *param.Tree
	// Losses has the loss at θ_k for each step k, taken before the change to θ_{k+1}. The loss after the
	// last change of a fit that took all steps is not computed, and not here.
	Losses []float64
	// Steps is how often the parameters have changed, Wanted how often they should have.
	Steps, Wanted int
	// Reason is why the fit ended, Why the same as a sentence: "finished all 50 steps".
	Reason Reason
	Why    string
	// Mode is how gradients were taken, never Auto.
	Mode Mode
	// Best are the parameters with the lowest of the losses, the first of them where several are equal;
	// the parameters at the start, with BestStep −1 and BestLoss +Inf, where no loss was computed.
	Best     *param.Tree
	BestStep int
	BestLoss float64
	// Elapsed is how long the fit took.
	Elapsed time.Duration
}

// Reason is why a fit ended.
type Reason int

const (
	Finished  Reason = iota // took all steps
	Stopped                 // a callback returned Stop
	Cancelled               // its context was cancelled
	Failed                  // the simulation, the loss, the optimiser or a callback returned an error
)

// String is "finished", "stopped", "cancelled" or "failed".
func (r Reason) String() string {
	switch r {
	case Finished:
		return "finished"
	case Stopped:
		return "stopped"
	case Cancelled:
		return "cancelled"
	case Failed:
		return "failed"
	}
	return fmt.Sprintf("Reason(%d)", int(r))
}

// NonFiniteError is a loss or an entry of its gradient that is NaN or infinite.
type NonFiniteError struct {
	Step  int
	Name  string // the entry of the free vector, "" for the loss itself
	Value float64
}

func (e *NonFiniteError) Error() string {
	what := "loss"
	if e.Name != "" {
		what = "gradient of " + e.Name
	}
	return fmt.Sprintf("%s is %v; wanted a finite number: lower the rate, keep the values in range (param.Bounded), or mend the loss", what, e.Value)
}
