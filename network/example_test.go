package network_test

import (
	"context"
	"fmt"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// Slope and curvature of a loss at a parameter, and the step that Newton's method would take.
func ExampleSimulation_HessianVector() {
	net := network.Network{
		Dynamics: models.ReducedWongWang().With(param.Set{"w": 0.5, "I_o": 0.32}),
		Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.3})},
		Graph:    graph.FromDense([][]float64{{0, 1}, {0.5, 0}}).WithLengths([][]float64{{0, 40}, {40, 0}}).Speed(3),
	}
	sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: 500, Step: 4}, network.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	p := sim.Params().Free("dynamics.J_N")
	loss := observe.Last(20).Mean(observe.OverTime).Then(observe.SquaredError(0.05))
	value, g, hv, err := sim.HessianVector(context.Background(), p, loss, []float64{1})
	fmt.Printf("loss %.5f, slope %.4f, curvature %.4f, Newton's step %.4f, %v\n", value, g[0], hv[0], -g[0]/hv[0], err)
	// Output:
	// loss 0.00055, slope 0.0080, curvature 0.1131, Newton's step -0.0705, <nil>
}
