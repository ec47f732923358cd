package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/neurograd/neurograd/callbacks"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
)

func fitCommand() command {
	return command{
		name:    "fit",
		summary: "fit a network so that all regions have the same mean activity",
		details: `Simulates a network of Reduced Wong-Wang regions and fits the synaptic coupling J_N until the mean
activity of every region is near a target: first one J_N for all regions, then one per region.
Needs no file and no flag. Writes the parameters with the lowest loss (parameters.json, parameters.csv),
the loss of every step (loss.csv) and pictures. Ctrl-C ends the fit and keeps the best so far.`,
		example: "neurograd fit --connectome structural.npz --speed 3 --set coupling.delayed.G=0.6 --out results",
		define: func(f *flags) action {
			c := &fit{experiment: newExperiment(), target: 0.5, window: 500, rate: 0.005, stop: 0.005, stepsScalar: 50, stepsRegional: 201}
			c.experiment.addFlags(f)
			f.number(&c.target, "target", "S", "mean activity that each region should have", "a number, such as 0.5", anyNumber)
			f.count(&c.window, "window", "N", "samples at the end of the run that the mean is taken over", 1)
			f.number(&c.rate, "rate", "R", "learning rate of Adam", "a number above 0, such as 0.005", positive)
			f.number(&c.stop, "stop-loss", "L", "end the fit per region below this loss", "a number not below 0, such as 0.005", notNegative)
			f.count(&c.stepsScalar, "steps-scalar", "N", "steps with one J_N for all regions; 0 leaves this fit out", 0)
			f.count(&c.stepsRegional, "steps-regional", "N", "steps at most with one J_N per region; 0 leaves this fit out", 0)
			c.output.addFlags(f)
			return c.do
		},
	}
}

// fitted is what the fit changes.
const fitted = "dynamics.J_N"

// fit is the work of the command.
type fit struct {
	*experiment
	output
	target, rate, stop         float64
	window                     int
	stepsScalar, stepsRegional int

	*prepared
	loss             observe.Observation
	scalar, regional *stage
}

// stage is one fit with its outcome.
type stage struct {
	result *optim.Result
	params *param.Tree // handed on
	loss   float64     // of params
	step   int         // that params belong to
}

func (f *fit) do(ctx context.Context, stdout, stderr io.Writer) error {
	began := time.Now()
	if err := f.check(); err != nil {
		return err
	}
	var err error
	if f.prepared, err = f.prepare(); err != nil {
		return err
	}
	if err := f.open(stdout, stderr); err != nil {
		return err
	}
	f.loss = observe.Last(f.window).Mean(observe.OverTime).Then(observe.SquaredError(f.target))
	fmt.Fprintf(f.log, "%sloss: %s\n\n", f.describe(), f.loss)
	before, err := f.sim.Value(ctx, f.params, f.loss)
	if err != nil {
		return firstRun(err)
	}
	fmt.Fprintf(f.log, "loss before the fit: %.6g\n\n", before)
	fitErr := f.fit(ctx)
	if fitErr != nil && f.best() == nil {
		return firstRun(fitErr)
	}
	if err := f.write(context.WithoutCancel(ctx), fitErr == nil); err != nil {
		return errors.Join(fitErr, err)
	}
	cancelled := errors.Is(fitErr, context.Canceled)
	if fitErr == nil || cancelled {
		report := f.report(before, cancelled)
		report.Elapsed = time.Since(began).Seconds()
		if err := f.object(report); err != nil {
			return err
		}
	}
	return f.ended(fitErr)
}

// check refuses what no fit can do.
func (f *fit) check() error {
	if f.stepsScalar+f.stepsRegional == 0 {
		return wrong("--steps-scalar 0 and --steps-regional 0 leave nothing to fit; set one of them, or use \"neurograd run\"")
	}
	if f.step > f.end {
		return nil // prepare says what is wrong
	}
	if n := f.grid().Steps(); n < f.window {
		return wrong("the loss looks at the last %d samples, but %v ms in steps of %v ms are only %d\nchoose --end %v or more, a smaller --step, or a smaller --window",
			f.window, f.end, f.step, n, float64(f.window)*f.step)
	}
	return nil
}

// firstRun is an error before there is any result: apart from runs that diverge and interruptions, it is
// about what the flags said.
func firstRun(err error) error {
	var diverged *network.DivergenceError
	switch {
	case errors.Is(err, context.Canceled):
		return interrupted("interrupted before the first step; nothing was written")
	case errors.As(err, &diverged):
		return err
	}
	return inputError{err}
}

// interrupted is the end by Ctrl-C, as a text for the user.
type interrupted string

func (e interrupted) Error() string { return string(e) }
func (interrupted) Unwrap() error   { return context.Canceled }

// fit does both stages: one value for all regions, then one per region from where the first ended.
func (f *fit) fit(ctx context.Context) error {
	p := f.params.Clone().Free(fitted)
	if err := p.Err(); err != nil {
		return inputError{err}
	}
	var err error
	if f.stepsScalar > 0 {
		f.scalar, err = f.stage(ctx, p, f.stepsScalar, progress(f.log))
		if err != nil {
			return err
		}
		p = f.scalar.params.Clone()
		fmt.Fprintf(f.log, "loss with one J_N for all regions: %.6g (J_N = %.4g nA)\n\n", f.scalar.loss, p.Values(fitted)[0])
	}
	if f.stepsRegional == 0 {
		return nil
	}
	f.regional, err = f.stage(ctx, p.Regional(fitted), f.stepsRegional, callbacks.Multi{progress(f.log), callbacks.StopLoss{Below: f.stop}})
	if err != nil {
		return err
	}
	if s := f.regional; s.result.BestLoss < s.loss { // Adam may leave a good place again
		s.params, s.loss, s.step = s.result.Best, s.result.BestLoss, s.result.BestStep
	}
	values := f.regional.params.Values(fitted)
	fmt.Fprintf(f.log, "loss with one J_N per region: %.6g at step %d (J_N from %.4g to %.4g nA)\n\n", f.regional.loss, f.regional.step, slices.Min(values), slices.Max(values))
	if f.regional.loss >= f.stop && f.stop > 0 {
		fmt.Fprintf(f.log, "That is not below --stop-loss %v: near the target regions jump between low and high activity.\nMore --steps-regional, another --rate or another --seed may get there.\n\n", f.stop)
	}
	return nil
}

// stage fits the free values of p. After an error the stage, if there is one, has the best so far.
func (f *fit) stage(ctx context.Context, p *param.Tree, steps int, show optim.Callback) (*stage, error) {
	r, err := optim.Fit(ctx, f.sim, f.loss, p, optim.Adam{Rate: f.rate}, optim.Options{Steps: steps, Callbacks: show})
	if r == nil {
		return nil, err
	}
	s := &stage{result: r, params: r.Best, loss: r.BestLoss, step: r.BestStep}
	if err != nil || r.Reason == optim.Stopped && r.BestStep == r.Steps {
		return s, err
	}
	last, err := f.sim.Value(ctx, r.Params, f.loss)
	if err == nil {
		s.params, s.loss, s.step = r.Params, last, r.Steps
	}
	return s, err
}

// best is the stage with the parameters to keep: the last that computed a loss, nil if none did.
func (f *fit) best() *stage {
	for _, s := range []*stage{f.regional, f.scalar} {
		if s != nil && s.step >= 0 {
			return s
		}
	}
	return nil
}

// ended is the error that the command returns once everything is written.
func (f *fit) ended(err error) error {
	if err == nil {
		return nil
	}
	saved := fmt.Sprintf("the best parameters so far (loss %.6g) are in %s", f.best().loss, f.files[0])
	if errors.Is(err, context.Canceled) {
		return interrupted("interrupted; " + saved)
	}
	return fmt.Errorf("%w\n%s", err, saved)
}
