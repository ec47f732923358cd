package optim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
)

// Each loss is the one before the change; the parameters at the end are those after the last.
func TestFitFinishes(t *testing.T) {
	p := tree(t, 2)
	r := &recorder{}
	got, err := Fit(context.Background(), newBowl(), anyLoss, p, GradientDescent{Rate: 0.25}, Options{Steps: 3, Callbacks: r})
	if err != nil {
		t.Fatal(err)
	}
	// 1−θ halves at each step, from 1: the loss is 2·(1−θ)².
	if want := []float64{2, 0.5, 0.125}; !slices.Equal(got.Losses, want) {
		t.Errorf("losses %v, want %v", got.Losses, want)
	}
	if want := []float64{0.875, 0.875}; !slices.Equal(got.Params.Values("dynamics.J_N"), want) {
		t.Errorf("parameters %v, want %v", got.Params.Values("dynamics.J_N"), want)
	}
	if want := []float64{0.75, 0.75}; !slices.Equal(got.Best.Theta(), want) || got.BestStep != 2 || got.BestLoss != 0.125 {
		t.Errorf("best %v at step %d with loss %v, want %v, 2, 0.125", got.Best.Theta(), got.BestStep, got.BestLoss, want)
	}
	if got.Reason != Finished || got.Why != "finished all 3 steps" || got.Steps != 3 || got.Wanted != 3 || got.Mode != Adjoint {
		t.Errorf("%v, %q, steps %d/%d, %v", got.Reason, got.Why, got.Steps, got.Wanted, got.Mode)
	}
	if !slices.Equal(p.Theta(), []float64{0, 0}) {
		t.Errorf("the caller's parameters changed to %v", p.Theta())
	}
	wantLog := []string{"begin 2 free values: reverse mode (adjoint); gradient descent, rate 0.25; 3 steps", "step 0/3", "step 1/3", "step 2/3", "end finished all 3 steps"}
	if !slices.Equal(r.log, wantLog) {
		t.Errorf("callbacks: %q, want %q", r.log, wantLog)
	}
	if want := [][]float64{{0, 0}, {0.5, 0.5}, {0.75, 0.75}}; !reflect.DeepEqual(r.thetas, want) {
		t.Errorf("callbacks see the parameters %v, want %v", r.thetas, want)
	}
	for k, e := range r.events {
		if d := -2 * math.Pow(0.5, float64(k)); e.Loss != got.Losses[k] || !e.Improved || !slices.Equal(e.Gradient, []float64{d, d}) {
			t.Errorf("event %d: %+v", k, e)
		}
	}
	if r.end != got {
		t.Error("callbacks and caller get different results")
	}
}

func TestFitStops(t *testing.T) {
	r := &recorder{step: func(e *Event) error {
		e.Gradient[0] = math.NaN() // a copy: the fit must not notice
		if e.Step == 2 {
			return fmt.Errorf("wrapped: %w", Stop{"low enough"})
		}
		return nil
	}}
	got, err := Fit(context.Background(), newBowl(), anyLoss, tree(t, 1), GradientDescent{Rate: 0.25}, Options{Steps: 9, Callbacks: r})
	if err != nil {
		t.Fatal(err)
	}
	if got.Reason != Stopped || got.Why != "stopped at step 2 of 9: low enough" || got.Steps != 2 || got.Params.Theta()[0] != 0.75 ||
		len(got.Losses) != 3 || got.Losses[2] != 0.0625 {
		t.Errorf("%v, %q, %d steps to %v, losses %v; want θ_2 = 0.75, whose loss the callback saw", got.Reason, got.Why, got.Steps, got.Params.Theta(), got.Losses)
	}
	if r.log[len(r.log)-1] != "end "+got.Why {
		t.Errorf("callbacks: %q", r.log)
	}
}

// Losses that rise again: the best is the lowest, and the first of equals.
func TestFitKeepsBest(t *testing.T) {
	r := &recorder{}
	got, err := Fit(context.Background(), newBowl(), anyLoss, tree(t, 1), jumpy{3, 0.5, 2, 1.5, 7}, Options{Steps: 5, Callbacks: r})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Losses, []float64{1, 4, 0.25, 1, 0.25}) || got.BestStep != 2 || got.BestLoss != 0.25 ||
		got.Best.Theta()[0] != 0.5 || got.Params.Theta()[0] != 7 {
		t.Errorf("losses %v, best step %d, loss %v, parameters %v, last %v", got.Losses, got.BestStep, got.BestLoss, got.Best.Theta(), got.Params.Theta())
	}
	var improved []int
	for _, e := range r.events {
		if e.Improved {
			improved = append(improved, e.Step)
		}
	}
	if !slices.Equal(improved, []int{0, 2}) {
		t.Errorf("improved at steps %v, want 0 and 2", improved)
	}
}

// Whatever goes wrong at step 3, the result holds the best so far, and the error the cause.
func TestFitKeepsBestOnErrors(t *testing.T) {
	diverged := errors.New("network: S diverged")
	nan := math.NaN()
	var notFinite *NonFiniteError
	jumps := jumpy{3, 0.5, 2, 4, 5}
	for _, c := range []struct {
		name   string
		at     func(loss float64, grad []float64) (float64, []float64, error)
		step   error
		opt    Optimizer
		reason Reason
		target error // in the error's chain
		text   string
	}{
		{name: "divergence", at: func(float64, []float64) (float64, []float64, error) { return 0, nil, diverged }, target: diverged,
			text: "optim: fit failed at step 3 of 9: network: S diverged"},
		{name: "NaN loss", at: func(_ float64, g []float64) (float64, []float64, error) { return nan, g, nil },
			text: "optim: fit failed at step 3 of 9: loss is NaN; wanted a finite number: lower the rate, keep the values in range (param.Bounded), or mend the loss"},
		{name: "infinite gradient", at: func(l float64, _ []float64) (float64, []float64, error) {
			return l, []float64{1, math.Inf(-1), nan}, nil
		},
			text: "optim: fit failed at step 3 of 9: gradient of dynamics.J_N[1] is -Inf; wanted a finite number: lower the rate, keep the values in range (param.Bounded), or mend the loss"},
		{name: "short gradient", at: func(l float64, _ []float64) (float64, []float64, error) { return l, []float64{1}, nil },
			text: "optim: fit failed at step 3 of 9: gradient of length 1; wanted 3, one number per free value"},
		{name: "callback", step: errors.New("disk full"), text: "optim: fit failed at step 3 of 9: callback: disk full"},
		{name: "optimiser", opt: jumps[:3], text: "optim: fit failed at step 3 of 9: no more jumps"},
		{name: "update", opt: jumpy{3, 0.5, 2, nan}, text: "optim: fit failed at step 3 of 9: param: free vector: entry dynamics.J_N[0] is NaN; entries must be finite numbers: a smaller step of the optimiser may help"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBowl()
			b.at = func(call int, loss float64, grad []float64) (float64, []float64, error) {
				if call == 3 && c.at != nil {
					return c.at(loss, grad)
				}
				return loss, grad, nil
			}
			r := &recorder{step: func(e *Event) error {
				if e.Step == 3 {
					return c.step
				}
				return nil
			}}
			if c.opt == nil {
				c.opt = jumps
			}
			got, err := Fit(context.Background(), b, anyLoss, tree(t, 3), c.opt, Options{Steps: 9, Callbacks: r})
			if err == nil || err.Error() != c.text || c.target != nil && !errors.Is(err, c.target) {
				t.Fatalf("error %v\nwant  %s", err, c.text)
			}
			if got == nil || got.Reason != Failed || got.Params.Theta()[0] != 0.5 || got.BestStep != 2 || got.Steps != 3 {
				t.Errorf("result %+v; want the parameters 0.5 of step 2", got)
			}
			if r.end != got || "optim: fit "+got.Why != err.Error() {
				t.Errorf("callbacks end with %+v, the caller gets %+v", r.end, got)
			}
			if errors.As(err, &notFinite) && notFinite.Step != 3 {
				t.Errorf("%+v; want step 3", notFinite)
			}
		})
	}
	if notFinite == nil || notFinite.Name != "dynamics.J_N[1]" {
		t.Errorf("last NonFiniteError %+v, want one of dynamics.J_N[1]", notFinite)
	}
}

func TestFitCancelled(t *testing.T) {
	for _, inside := range []bool{false, true} { // between two steps, and within a simulation
		ctx, cancel := context.WithCancelCause(context.Background())
		b := newBowl()
		b.at = func(call int, loss float64, grad []float64) (float64, []float64, error) {
			if call == 3 {
				cancel(errors.New("Ctrl-C"))
				if inside {
					return 0, nil, fmt.Errorf("network: interrupted: %w", context.Cause(ctx))
				}
			}
			return loss, grad, nil
		}
		got, err := Fit(ctx, b, anyLoss, tree(t, 1), jumpy{3, 0.5, 2, 4, 5, 6}, Options{Steps: 6})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v, want context.Canceled", err)
		}
		if got == nil || got.Reason != Cancelled || got.Params.Theta()[0] != 0.5 || got.BestLoss != 0.25 {
			t.Errorf("inside %v: result %+v, want the parameters 0.5", inside, got)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	got, err := Fit(ctx, newBowl(), anyLoss, tree(t, 1), jumpy{3}, Options{Steps: 1})
	if !errors.Is(err, context.Canceled) || got == nil || got.Params.Theta()[0] != 0 || got.BestStep != -1 || !math.IsInf(got.BestLoss, 1) || len(got.Losses) != 0 {
		t.Errorf("cancelled before the start: %+v, %v", got, err)
	}
	if want := "optim: fit cancelled at step 0 of 1: context canceled"; err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

func TestMode(t *testing.T) {
	for _, c := range []struct {
		free       int
		asked, got Mode
	}{
		{1, Auto, Forward}, {2, Auto, Adjoint}, {84, Auto, Adjoint},
		{84, Forward, Forward}, {1, Adjoint, Adjoint},
	} {
		b, r := newBowl(), &recorder{}
		got, err := Fit(context.Background(), b, anyLoss, tree(t, c.free), Adam{Rate: 0.1}, Options{Steps: 1, Mode: c.asked, Callbacks: r})
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("begin %s: %s; Adam, rate 0.1; 1 step", counted(c.free, "free value"), c.got)
		if got.Mode != c.got || !slices.Equal(*b.modes, []Mode{c.got}) || r.log[0] != want {
			t.Errorf("%d free, %s: result %s, called %v, told %q; want %s", c.free, c.asked, got.Mode, *b.modes, r.log[0], c.got)
		}
	}
}

func TestFitArguments(t *testing.T) {
	good, adam := tree(t, 1), Adam{Rate: 0.1}
	fixed := tree(t, 1).Fix("dynamics.J_N")
	misspelt := tree(t, 1).Free("dynamics.JN")
	beginning := errors.New("no such folder")
	for _, c := range []struct {
		sim  Simulation
		loss network.Objective
		p    *param.Tree
		opt  Optimizer
		o    Options
		want string
	}{
		{newBowl(), anyLoss, nil, adam, Options{Steps: 1}, "optim: no parameters; wanted those of the simulation: p := sim.Params()"},
		{nil, nil, misspelt, nil, Options{}, misspelt.Err().Error()},
		{nil, anyLoss, good, adam, Options{Steps: 1}, "optim: no simulation; wanted one from network.Prepare"},
		{newBowl(), nil, good, adam, Options{Steps: 1}, "optim: no loss; wanted an observation that gives one number: observe.Last(500).Mean(observe.OverTime).Then(observe.SquaredError(0.5))"},
		{newBowl(), anyLoss, good, nil, Options{Steps: 1}, "optim: no optimiser; wanted one such as optim.Adam{Rate: 0.01}"},
		{newBowl(), anyLoss, good, adam, Options{}, "optim: Options.Steps is 0; wanted at least 1: 50 is a start"},
		{newBowl(), anyLoss, good, adam, Options{Steps: -3}, "optim: Options.Steps is -3; wanted at least 1: 50 is a start"},
		{newBowl(), anyLoss, fixed, adam, Options{Steps: 1}, `optim: no parameter is free; wanted at least one to fit: p.Free("dynamics.J_N")`},
		{newBowl(), anyLoss, good, adam, Options{Steps: 1, Mode: 7}, "optim: Options.Mode is Mode(7); wanted optim.Auto, optim.Forward or optim.Adjoint"},
		{newBowl(), anyLoss, good, Adam{}, Options{Steps: 1}, "optim: Adam: no Rate given; wanted a number above 0: start with 0.01 and lower it if the loss jumps"},
		{newBowl(), anyLoss, good, adam, Options{Steps: 1, Callbacks: &recorder{begin: beginning}}, "optim: callback before the first step: no such folder"},
	} {
		got, err := Fit(context.Background(), c.sim, c.loss, c.p, c.opt, c.o)
		if got != nil || err == nil || err.Error() != c.want {
			t.Errorf("result %v, error %v\nwant %s", got, err, c.want)
		}
	}
}

// alone is a function without a simulation: that of the bowl.
type alone struct{ bowl }

func (a alone) Gradient(ctx context.Context, p *param.Tree) (float64, []float64, error) {
	return a.compute(Adjoint, p)
}

func TestMinimize(t *testing.T) {
	ctx, adam := context.Background(), Adam{Rate: 0.1}
	for _, free := range []int{1, 3} {
		r := &recorder{}
		got, err := Minimize(ctx, alone{newBowl()}, tree(t, free), adam, Options{Steps: 4, Callbacks: r})
		if err != nil {
			t.Fatal(err)
		}
		want, err := Fit(ctx, newBowl(), anyLoss, tree(t, free), adam, Options{Steps: 4, Mode: Adjoint})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Losses, want.Losses) || !slices.Equal(got.Params.Theta(), want.Params.Theta()) || got.Mode != Adjoint || len(r.events) != 4 {
			t.Errorf("%d free: losses %v, θ %v, mode %s, %d events; Fit gives %v, %v", free, got.Losses, got.Params.Theta(), got.Mode, len(r.events), want.Losses, want.Params.Theta())
		}
	}
	for _, c := range []struct {
		f    Function
		p    *param.Tree
		o    Options
		want string
	}{
		{alone{newBowl()}, nil, Options{Steps: 1}, "optim: no parameters; wanted those of the simulation: p := sim.Params()"},
		{nil, tree(t, 1), Options{Steps: 1}, "optim: no function; wanted one with a gradient, such as a lossgraph.Function"},
		{alone{newBowl()}, tree(t, 1), Options{Steps: 1, Mode: Forward}, "optim: Options.Mode is forward mode (tangents), but the function takes its own gradient; wanted optim.Auto or optim.Adjoint"},
	} {
		got, err := Minimize(ctx, c.f, c.p, adam, c.o)
		if got != nil || err == nil || err.Error() != c.want {
			t.Errorf("result %v, error %v\nwant %s", got, err, c.want)
		}
	}
}

func TestFitEndError(t *testing.T) {
	full := errors.New("disk full")
	got, err := Fit(context.Background(), newBowl(), anyLoss, tree(t, 1), jumpy{1}, Options{Steps: 1, Callbacks: &recorder{finish: full}})
	if got == nil || got.Reason != Finished || got.Params.Theta()[0] != 1 || !errors.Is(err, full) {
		t.Errorf("%+v, %v; want a finished fit beside the callback's error", got, err)
	}
}

func TestReasonNames(t *testing.T) {
	names := fmt.Sprint(Finished, Stopped, Cancelled, Failed, Reason(9), Auto)
	if names != "finished stopped cancelled failed Reason(9) auto" {
		t.Error(names)
	}
}
