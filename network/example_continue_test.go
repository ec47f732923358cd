package network_test

import (
	"context"
	"fmt"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/solver"
)

// A run of 400 ms, and one of 200 ms that is continued for 200 more, end in the same bits.
func ExampleResult_History() {
	ctx := context.Background()
	net := network.Network{
		Dynamics: models.ReducedWongWang(), Graph: graph.Example().NormalizeMax().Speed(3),
		Coupling: coupling.Set{"delayed": coupling.Linear("S")}, Noise: noise.Additive{Sigma: 0.01},
	}
	run := func(net network.Network, end float64, firstStep int) *network.Result {
		sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: end, Step: 2}, network.Options{Seed: 1, FirstStep: firstStep})
		if err != nil {
			panic(err)
		}
		r, err := sim.Run(ctx, sim.Params())
		if err != nil {
			panic(err)
		}
		return r
	}
	whole := run(net, 400, 0)

	half := run(net, 200, 0)
	var err error
	if net.History, err = half.History(net.Graph.MaxDelay()); err != nil {
		panic(err)
	}
	rest := run(net, 400, half.NextStep())

	fmt.Println(rest.Time[0], whole.Data[199][0][0] == rest.Data[99][0][0])
	// Output: 202 true
}
