package optim

import (
	"context"
	"errors"
	"fmt"

	"github.com/neurograd/neurograd/param"
)

// Function is a function of the values of p that is not the loss of a simulation, or of more than one: its
// value and its gradient with respect to the free vector of p. It must not change p.
type Function interface {
	Gradient(ctx context.Context, p *param.Tree) (value float64, grad []float64, err error)
}

// Minimize makes a function small by changing the free values of p, in the same way as [Fit] a loss.
// Gradients are taken in the function's own way: Options.Mode must be Auto or Adjoint.
func Minimize(ctx context.Context, f Function, p *param.Tree, opt Optimizer, o Options) (*Result, error) {
	if err := checkArguments(p, opt, o); err != nil {
		return nil, err
	}
	if f == nil {
		return nil, errors.New("optim: no function; wanted one with a gradient, such as a lossgraph.Function")
	}
	if o.Mode != Auto && o.Mode != Adjoint {
		return nil, fmt.Errorf("optim: Options.Mode is %s, but the function takes its own gradient; wanted optim.Auto or optim.Adjoint", o.Mode)
	}
	return minimize(ctx, f.Gradient, Adjoint, p, opt, o)
}
