// Package callbacks holds what looks on while a fit runs: printing progress, stopping early, keeping the
// best parameters in a file. The fit itself, and the interface these implement, are in package optim.
package callbacks

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/neurograd/neurograd/optim"
)

// Print writes the plan of a fit, a line for every so many steps, the last step, and why the fit ended:
//
//	1 free value: forward mode (tangents); Adam, rate 0.005; 50 steps
//	step  0/50  loss 0.0810371     0.0 s
//	step 10/50  loss 0.0763201     0.3 s
//	…
//	finished all 50 steps
//
// The loss of step k is the one after k changes of the parameters. What cannot be written is lost without
// an error, since progress that nobody sees is no reason to end a fit.
type Print struct {
	Every int       // print the steps divisible by this; 0 means every step
	W     io.Writer // nil means standard error, so that standard output stays free for results
}

var _ optim.Callback = Print{}

// Begin prints the plan. The error is a negative Every.
func (c Print) Begin(p optim.Plan) error {
	if c.Every < 0 {
		return fmt.Errorf("callbacks: Print.Every is %d; wanted a number of steps, or 0 for every step", c.Every)
	}
	fmt.Fprintln(c.writer(), p)
	return nil
}

// Step prints the step if its turn has come.
func (c Print) Step(e *optim.Event) error {
	if c.due(e.Step) {
		c.line(e.Step, e.Steps, e.Loss, e.Elapsed)
	}
	return nil
}

// End prints the last step, if that is still to be done, and why the fit ended.
func (c Print) End(r *optim.Result) error {
	if last := len(r.Losses) - 1; last >= 0 && !c.due(last) {
		c.line(last, r.Wanted, r.Losses[last], r.Elapsed)
	}
	fmt.Fprintln(c.writer(), r.Why)
	return nil
}

func (c Print) due(step int) bool { return step%max(c.Every, 1) == 0 }

func (c Print) line(step, steps int, loss float64, elapsed time.Duration) {
	width := len(strconv.Itoa(steps))
	fmt.Fprintf(c.writer(), "step %*d/%d  loss %-12.6g  %.1f s\n", width, step, steps, loss, elapsed.Seconds())
}

func (c Print) writer() io.Writer {
	if c.W == nil {
		return os.Stderr
	}
	return c.W
}
