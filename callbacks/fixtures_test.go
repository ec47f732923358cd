package callbacks_test

import (
	"context"
	"testing"

	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
)

// bowl stands in for a simulation: its loss is (1 − J_N)².
type bowl struct{}

func (bowl) Gradient(_ context.Context, p *param.Tree, _ network.Objective) (float64, []float64, error) {
	d := p.Theta()[0] - 1
	return d * d, []float64{2 * d}, nil
}

func (b bowl) TangentGradient(ctx context.Context, p *param.Tree, loss network.Objective) (float64, []float64, error) {
	return b.Gradient(ctx, p, loss)
}

func tree() *param.Tree {
	p, err := param.New(param.Leaf{Path: "dynamics.J_N", Value: []float64{0}, Unit: "nA", Free: true},
		param.Leaf{Path: "dynamics.w", Value: []float64{0.5}})
	if err != nil {
		panic(err)
	}
	return p
}

// fit descends so that 1 − J_N halves at each step: the loss of step k is 4⁻ᵏ.
func fit(steps int, c optim.Callback) (*optim.Result, error) {
	return fitBy(optim.GradientDescent{Rate: 0.25}, steps, c)
}

func fitBy(rule optim.Optimizer, steps int, c optim.Callback) (*optim.Result, error) {
	return optim.Fit(context.Background(), bowl{}, observe.All().Mean(observe.OverAll), tree(), rule, optim.Options{Steps: steps, Callbacks: c})
}

func mustFit(t *testing.T, steps int, c optim.Callback) *optim.Result {
	t.Helper()
	r, err := fit(steps, c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
