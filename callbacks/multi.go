package callbacks

import (
	"errors"
	"fmt"

	"github.com/neurograd/neurograd/optim"
)

// Multi is several callbacks as one, called in order. All see a step at which one of them stops the fit,
// the first reason given being kept; after any other error the rest of that call is left out.
type Multi []optim.Callback

var _ optim.Callback = Multi{}

// Begin begins all; a nil among them is an error.
func (m Multi) Begin(p optim.Plan) error {
	for i, c := range m {
		if c == nil {
			return fmt.Errorf("callbacks: Multi: entry %d is nil; wanted a callback: leave it out", i)
		}
		if err := c.Begin(p); err != nil {
			return err
		}
	}
	return nil
}

// Step calls all, unless one fails.
func (m Multi) Step(e *optim.Event) error {
	var stopped error
	for _, c := range m {
		err := c.Step(e)
		var stop optim.Stop
		switch {
		case err == nil:
		case errors.As(err, &stop):
			if stopped == nil {
				stopped = err
			}
		default:
			return err
		}
	}
	return stopped
}

// End ends all, also after errors, and joins these.
func (m Multi) End(r *optim.Result) error {
	var errs []error
	for _, c := range m {
		errs = append(errs, c.End(r))
	}
	return errors.Join(errs...)
}
