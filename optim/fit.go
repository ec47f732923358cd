// Package optim fits the free parameters of a simulation to a loss, by gradients. It holds the
// optimisers and the loop around them; what is computed from a run (package observe) and what is shown
// or kept on the way (package callbacks) is left to others.
package optim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
)

// Simulation is what a fit needs of a [network.Simulation]: the loss and its gradient with respect to
// the free vector of p, by either way. It must not change p.
type Simulation interface {
	Gradient(ctx context.Context, p *param.Tree, loss network.Objective) (value float64, grad []float64, err error)
	TangentGradient(ctx context.Context, p *param.Tree, loss network.Objective) (value float64, grad []float64, err error)
}

var _ Simulation = (*network.Simulation)(nil)

// Fit makes the loss small by changing the free values of p; p itself stays as it is. At step
// k = 0, 1, … it computes the loss and its gradient at θ_k, calls the callbacks, and lets the optimiser
// change θ_k to θ_{k+1}.
//
// A callback that returns [Stop] at step k ends the fit with θ_k, the parameters that have the loss it
// saw. When ctx is cancelled or a step fails (the simulation diverges, the loss or its gradient is not
// finite: [NonFiniteError]), Fit returns an error that wraps the cause, beside a result with the best
// parameters so far; nothing that was computed is lost. The result is nil only if the fit could not
// start: an error left in p by a setter, no free values, settings that cannot be.
func Fit(ctx context.Context, sim Simulation, loss network.Objective, p *param.Tree, opt Optimizer, o Options) (*Result, error) {
	if err := checkArguments(p, opt, o); err != nil {
		return nil, err
	}
	switch {
	case sim == nil:
		return nil, errors.New("optim: no simulation; wanted one from network.Prepare")
	case loss == nil:
		return nil, errors.New("optim: no loss; wanted an observation that gives one number: observe.Last(500).Mean(observe.OverTime).Then(observe.SquaredError(0.5))")
	}
	mode, err := o.Mode.choose(p.NumFree())
	if err != nil {
		return nil, err
	}
	gradient := sim.Gradient
	if mode == Forward {
		gradient = sim.TangentGradient
	}
	return minimize(ctx, func(ctx context.Context, p *param.Tree) (float64, []float64, error) {
		return gradient(ctx, p, loss)
	}, mode, p, opt, o)
}

// gradient gives a value and its gradient with respect to the free vector.
type gradient func(ctx context.Context, p *param.Tree) (float64, []float64, error)

// minimize is the fit of what a gradient belongs to.
func minimize(ctx context.Context, g gradient, mode Mode, p *param.Tree, opt Optimizer, o Options) (*Result, error) {
	f, err := newFit(g, mode, p, opt, o)
	if err != nil {
		return nil, err
	}
	err = f.run(ctx)
	if err = errors.Join(err, f.finish()); err != nil {
		return &f.result, fmt.Errorf("optim: %w", err)
	}
	return &f.result, nil
}

// fit is a fit under way.
type fit struct {
	gradient gradient
	steps    int
	callback Callback
	state    State
	tree     *param.Tree // at θ
	theta    []float64
	best     []float64
	began    time.Time
	result   Result
}

func newFit(g gradient, mode Mode, p *param.Tree, opt Optimizer, o Options) (*fit, error) {
	n := p.NumFree()
	state, err := opt.Start(n)
	if err != nil {
		return nil, err
	}
	f := &fit{gradient: g, steps: o.Steps, callback: o.Callbacks, state: state,
		tree: p.Clone(), theta: p.Theta(), best: p.Theta(), began: time.Now(),
		result: Result{Wanted: o.Steps, Mode: mode, BestStep: -1, BestLoss: math.Inf(1)}}
	if f.callback == nil {
		f.callback = StepFunc(func(*Event) error { return nil })
	}
	if err := f.callback.Begin(Plan{Free: n, Mode: mode, Optimizer: opt.String(), Steps: o.Steps}); err != nil {
		return nil, fmt.Errorf("optim: callback before the first step: %w", err)
	}
	return f, nil
}

// checkArguments refuses what no fit can start with, the sticky error of the tree first.
func checkArguments(p *param.Tree, opt Optimizer, o Options) error {
	if p == nil {
		return errors.New("optim: no parameters; wanted those of the simulation: p := sim.Params()")
	}
	if err := p.Err(); err != nil {
		return err
	}
	switch {
	case opt == nil:
		return errors.New("optim: no optimiser; wanted one such as optim.Adam{Rate: 0.01}")
	case o.Steps < 1:
		return fmt.Errorf("optim: Options.Steps is %d; wanted at least 1: 50 is a start", o.Steps)
	case p.NumFree() == 0:
		return fmt.Errorf("optim: no parameter is free; wanted at least one to fit: p.Free(%q)", examplePath(p))
	}
	return nil
}

// examplePath is a path that could be freed, a parameter of the dynamics if there is one.
func examplePath(p *param.Tree) string {
	paths := p.Paths()
	for _, path := range paths {
		if strings.HasPrefix(path, "dynamics.") {
			return path
		}
	}
	if len(paths) > 0 {
		return paths[0]
	}
	return "dynamics.J_N"
}

// run takes the steps and notes in the result why they ended.
func (f *fit) run(ctx context.Context) error {
	for k := range f.steps {
		err := f.step(ctx, k)
		if err == nil {
			continue
		}
		var stop Stop
		where := fmt.Sprintf("at step %d of %d: ", k, f.steps)
		switch {
		case errors.As(err, &stop):
			f.result.Reason, f.result.Why = Stopped, "stopped "+where+stop.Reason
			return nil
		case isCancelled(ctx, err):
			f.result.Reason, f.result.Why = Cancelled, "cancelled "+where+err.Error()
			return fmt.Errorf("fit cancelled %s%w", where, ctx.Err())
		}
		f.result.Reason, f.result.Why = Failed, "failed "+where+err.Error()
		return fmt.Errorf("fit failed %s%w", where, err)
	}
	f.result.Reason, f.result.Why = Finished, "finished "+counted(f.steps, "step")
	if f.steps > 1 {
		f.result.Why = "finished all " + counted(f.steps, "step")
	}
	return nil
}

// isCancelled reports whether err comes from the context's end.
func isCancelled(ctx context.Context, err error) bool {
	return ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx)))
}

// step computes the loss at θ_k, shows it, and moves to θ_{k+1}.
func (f *fit) step(ctx context.Context, k int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	loss, grad, err := f.gradient(ctx, f.tree)
	if err != nil {
		return err
	}
	if err := f.check(k, loss, grad); err != nil {
		return err
	}
	f.result.Losses = append(f.result.Losses, loss)
	improved := loss < f.result.BestLoss
	if improved {
		f.result.BestLoss, f.result.BestStep = loss, k
		copy(f.best, f.theta)
	}
	err = f.callback.Step(&Event{Step: k, Steps: f.steps, Loss: loss, Improved: improved,
		Gradient: slices.Clone(grad), Elapsed: time.Since(f.began), params: f.tree})
	if err != nil {
		return fmt.Errorf("callback: %w", err)
	}
	if err := f.state.Step(Point{Theta: f.theta, Loss: loss, Grad: grad}); err != nil {
		return err
	}
	if err := f.tree.SetTheta(f.theta); err != nil {
		return err
	}
	f.result.Steps++
	return nil
}

// check refuses a loss or gradient that is not finite.
func (f *fit) check(k int, loss float64, grad []float64) error {
	if !(math.Abs(loss) <= math.MaxFloat64) {
		return &NonFiniteError{Step: k, Value: loss}
	}
	if len(grad) != len(f.theta) {
		return fmt.Errorf("gradient of length %d; wanted %d, one number per free value", len(grad), len(f.theta))
	}
	for i, g := range grad {
		if !(math.Abs(g) <= math.MaxFloat64) {
			return &NonFiniteError{Step: k, Name: f.tree.ThetaNames()[i], Value: g}
		}
	}
	return nil
}

// finish completes the result and shows it to the callbacks.
func (f *fit) finish() error {
	r := &f.result
	r.Best = f.tree.Clone()
	if err := r.Best.SetTheta(f.best); err != nil { // they were set before
		return err
	}
	r.Params = f.tree
	if r.Reason == Cancelled || r.Reason == Failed {
		r.Params = r.Best.Clone()
	}
	r.Elapsed = time.Since(f.began)
	if err := f.callback.End(r); err != nil {
		return fmt.Errorf("callback after the last step: %w", err)
	}
	return nil
}
