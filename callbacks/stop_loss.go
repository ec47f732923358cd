package callbacks

import (
	"fmt"
	"math"

	"github.com/neurograd/neurograd/optim"
)

// StopLoss ends a fit at the first step whose loss is below a threshold. The fit then gives the
// parameters that have this loss.
type StopLoss struct {
	Below float64 // in units of the loss; 0 ends a fit at a negative loss
}

var _ optim.Callback = StopLoss{}

// Begin refuses a threshold that is NaN, which no loss is below.
func (c StopLoss) Begin(optim.Plan) error {
	if math.IsNaN(c.Below) {
		return fmt.Errorf("callbacks: StopLoss.Below is %v; wanted a number, the loss at which to stop", c.Below)
	}
	return nil
}

// Step stops where the loss is low enough.
func (c StopLoss) Step(e *optim.Event) error {
	if e.Loss < c.Below {
		return optim.Stop{Reason: fmt.Sprintf("loss %.6g is below %.6g", e.Loss, c.Below)}
	}
	return nil
}

// End does nothing.
func (StopLoss) End(*optim.Result) error { return nil }
