package optim_test

import (
	"context"
	"fmt"

	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
)

// bowl stands in for a simulation from network.Prepare: its loss is (J_N − 0.3)².
type bowl struct{}

func (bowl) Gradient(_ context.Context, p *param.Tree, _ network.Objective) (float64, []float64, error) {
	d := p.Theta()[0] - 0.3
	return d * d, []float64{2 * d}, nil
}

func (b bowl) TangentGradient(ctx context.Context, p *param.Tree, loss network.Objective) (float64, []float64, error) {
	return b.Gradient(ctx, p, loss)
}

func ExampleFit() {
	p, err := param.New(param.Leaf{Path: "dynamics.J_N", Value: []float64{0.26}, Unit: "nA"})
	if err != nil {
		fmt.Println(err)
		return
	}
	p.Free("dynamics.J_N")
	loss := observe.Last(500).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
	fit, err := optim.Fit(context.Background(), bowl{}, loss, p, optim.Adam{Rate: 0.005}, optim.Options{Steps: 50})
	if err != nil {
		fmt.Println(err) // fit still holds the best parameters so far, unless it could not start
		return
	}
	fmt.Printf("%s; J_N %.2f nA; loss %.4f at the start, %.0e at best\n", fit.Why, fit.Params.Values("dynamics.J_N")[0], fit.Losses[0], fit.BestLoss)
	// Output: finished all 50 steps; J_N 0.30 nA; loss 0.0016 at the start, 9e-08 at best
}

func ExampleStepFunc() {
	p, err := param.New(param.Leaf{Path: "dynamics.J_N", Value: []float64{0.26}, Free: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	patience := optim.StepFunc(func(e *optim.Event) error {
		if e.Step == 3 {
			return optim.Stop{Reason: "seen enough"}
		}
		return nil
	})
	fit, err := optim.Fit(context.Background(), bowl{}, observe.All().Mean(observe.OverAll), p,
		optim.GradientDescent{Rate: 0.25}, optim.Options{Steps: 50, Callbacks: patience})
	fmt.Println(fit.Why, err)
	// Output: stopped at step 3 of 50: seen enough <nil>
}

func ExampleAdam() {
	state, err := optim.Adam{Rate: 0.1}.Start(1)
	if err != nil {
		fmt.Println(err)
		return
	}
	theta := []float64{1}
	for range 3 { // minimise θ²
		if err := state.Step(optim.Point{Theta: theta, Grad: []float64{2 * theta[0]}}); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Printf("%.3f\n", theta[0])
	// Output: 0.702
}
