package optim_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// The conduction speed is found from how activity spreads: from a recording made at 4 mm/ms, beginning at 2 mm/ms. Delays
// change in every step of the fit, so they are read by linear interpolation, which has a derivative.
func ExampleFit_conductionSpeed() {
	ctx := context.Background()
	net := network.Network{
		Dynamics: models.ReducedWongWang().Initial(param.Set{"S": []float64{0.9, 0.1, 0.4}}), // a transient tells delays apart
		Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.4}).LinearReads()},
		Graph:    graph.FromDense([][]float64{{0, 1, 0.5}, {1, 0, 1}, {0.5, 1, 0}}).WithLengths([][]float64{{0, 40, 90}, {40, 0, 60}, {90, 60, 0}}).Speed(4),
	}
	sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: 100, Step: 1}, network.Options{MaxDelay: 60})
	if err != nil {
		fmt.Println(err)
		return
	}
	recorded, err := sim.Run(ctx, sim.Params())
	if err != nil {
		fmt.Println(err)
		return
	}
	var samples []float64
	for _, sample := range recorded.Data {
		samples = append(samples, slices.Concat(sample...)...)
	}
	p := sim.Params().Set("graph.speed", 2).Transform("graph.speed", param.Log{}).Free("graph.speed")
	fit, err := optim.Fit(ctx, sim, observe.All().Then(observe.SquaredErrorTo(samples)), p, optim.Adam{Rate: 0.05}, optim.Options{Steps: 80})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f mm/ms\n", fit.Params.Values("graph.speed")[0])
	// Output: 4.0 mm/ms
}
