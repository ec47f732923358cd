package lossgraph_test

import (
	"context"
	"fmt"
	"math"

	"gorgonia.org/gorgonia"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/observe/lossgraph"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// A run of three samples of one variable on two nodes.
var run = network.Trajectory{Rows: 3, Variables: 1, Nodes: 2, Data: []float64{
	0.7, 0.3,
	0.5, 0.2,
	0.6, 0.1,
}}

// The mean distance from targets, with a rounded corner: √((y − target)² + 0.01²).
func ExampleLoss() {
	distance := func(y *gorgonia.Node) (*gorgonia.Node, error) {
		target, err := lossgraph.Data(y.Graph(), []float64{0.5, 0.2}, y.Shape()...)
		if err != nil {
			return nil, err
		}
		square := gorgonia.Must(gorgonia.Square(gorgonia.Must(gorgonia.Sub(y, target))))
		return gorgonia.Mean(gorgonia.Must(gorgonia.Sqrt(gorgonia.Must(gorgonia.Add(square, gorgonia.NewConstant(1e-4))))))
	}
	loss := observe.All().Mean(observe.OverTime).Then(lossgraph.Loss(distance))
	gradient := make([]float64, len(run.Data))
	value, err := loss.Pull(run, gradient)
	fmt.Printf("%s: %.4f, gradient %.4f … %v\n", loss, value, gradient[0], err)
	// Output: all samples, mean over time, gorgonia graph: 0.0552, gradient 0.1658 … <nil>
}

// What gorgonia would compute wrongly is an error.
func ExampleLoss_refused() {
	loss := observe.All().Then(lossgraph.Loss(func(y *gorgonia.Node) (*gorgonia.Node, error) {
		return gorgonia.Sum(gorgonia.Must(gorgonia.Log2(y)))
	}))
	_, err := loss.Value(run)
	fmt.Println(err)
	// Output: observe: gorgonia graph: lossgraph: operation log2 of gorgonia; its derivative lacks 1/ln 2: take gorgonia.Log and multiply by 1/ln 2
}

// The coupling G, by its logarithm, that keeps two regions at an activity of 0.75.
func ExampleFunction() {
	sim, err := network.Prepare(network.Network{
		Dynamics: models.ReducedWongWang(),
		Coupling: coupling.Set{"delayed": coupling.Linear("S")},
		Graph:    graph.FromDense([][]float64{{0, 1}, {1, 0}}),
	}, solver.Heun{}, network.Grid{End: 400, Step: 4}, network.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	f := lossgraph.NewFunction(func(in lossgraph.Inputs) (*gorgonia.Node, error) {
		logG, err := in.Node("log_G")
		if err != nil {
			return nil, err
		}
		y, err := lossgraph.Trajectory(sim, sim.Params(), 90, lossgraph.Leaves{"coupling.delayed.G": gorgonia.Must(gorgonia.Exp(logG))})
		if err != nil {
			return nil, err
		}
		return gorgonia.Mean(gorgonia.Must(gorgonia.Square(gorgonia.Must(gorgonia.Sub(y, gorgonia.NewConstant(0.75))))))
	})
	own, err := param.New(param.Leaf{Path: "log_G", Value: []float64{0}, Free: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fit, err := optim.Minimize(context.Background(), f, own, optim.Adam{Rate: 0.05}, optim.Options{Steps: 60})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("loss %.4f → %.4f, G = %.2f\n", fit.Losses[0], fit.BestLoss, math.Exp(fit.Best.Values("log_G")[0]))
	// Output: loss 0.0058 → 0.0000, G = 0.70
}

func ExampleSlice() {
	last := observe.All().Then(lossgraph.Loss(func(y *gorgonia.Node) (*gorgonia.Node, error) {
		samples := y.Shape()[0]
		end, err := lossgraph.Slice(y, 0, samples-1, samples)
		if err != nil {
			return nil, err
		}
		return gorgonia.Sum(end)
	}))
	value, err := last.Value(run)
	fmt.Printf("%.1f %v\n", value, err)
	// Output: 0.7 <nil>
}
