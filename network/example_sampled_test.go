package network_test

import (
	"context"
	"fmt"
	"log"

	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/stimulus"
)

// A protocol given by five samples drives one region, which keeps means over 100 steps only.
func ExampleAverage() {
	protocol := stimulus.Samples{Data: []float64{0, 0, 1, 1, 0}, Interval: 50, Between: stimulus.Linear}
	net := network.Network{
		Dynamics: models.Generic2dOscillator().With(param.Set{"d": 0.1}),
		Graph:    graph.FromEdges(1, nil),
		Stimulus: stimulus.Set{"stimulus": stimulus.Sampled(protocol)},
	}
	sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: 250, Step: 0.5}, network.Options{Record: []string{"V"}, Sampling: network.Average(100)})
	if err != nil {
		log.Fatal(err)
	}
	p := sim.Params()
	fmt.Println("external.stimulus.data:", p.Values("external.stimulus.data")) // p.Free would fit them
	result, err := sim.Run(context.Background(), p)
	if err != nil {
		log.Fatal(err)
	}
	for k, at := range result.Time {
		fmt.Printf("%v ms: V = %.3f\n", at, result.Data[k][0][0])
	}
	// Output:
	// external.stimulus.data: [0 0 1 1 0]
	// 25 ms: V = -0.183
	// 75 ms: V = 0.559
	// 125 ms: V = 1.042
	// 175 ms: V = 0.256
	// 225 ms: V = -0.201
}
