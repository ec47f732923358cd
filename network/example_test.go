package network_test

import (
	"context"
	"fmt"
	"log"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// A cortex of Wong–Wang regions is driven by four oscillating regions and drives them, with the delays of the
// graph. The coupling within the cortex and the current into the thalamus are fitted to a mean activity of the
// cortex.
func Example_groups() {
	conn := graph.Example().NormalizeMax().Speed(3)
	labels := conn.Labels()
	net := network.Network{
		Graph: conn,
		Groups: []network.Group{
			{Name: "thalamus", Regions: []string{labels[40], labels[41], labels[82], labels[83]}, Dynamics: models.Generic2dOscillator()},
			{Name: "cortex", Regions: append(append([]string{}, labels[:40]...), labels[42:82]...), Dynamics: models.ReducedWongWang().Initial(param.Set{"S": 0.3})},
		},
		Routes: []network.Route{
			{Name: "within", From: "cortex", To: "cortex", Coupling: coupling.Linear("S").Into("delayed").With(param.Set{"G": 0.1})},
			{Name: "up", From: "thalamus", To: "cortex", Coupling: coupling.Linear("V").Into("delayed").With(param.Set{"G": 0.02})},
			{Name: "down", From: "cortex", To: "thalamus", Coupling: coupling.Linear("S").Into("delayed").Weighted(coupling.RowNormalized())},
		},
	}
	sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: 400, Step: 1}, network.Options{})
	if err != nil {
		log.Fatal(err)
	}
	p := sim.Params().Free("coupling.within.G", "groups.thalamus.dynamics.I")
	activity := observe.Last(200).Variable(2).Nodes(sim.Nodes("cortex")...).Mean(observe.OverTime).Mean(observe.OverNodes)
	fit, err := optim.Fit(context.Background(), sim, activity.Then(observe.SquaredError(0.3)), p, optim.Adam{Rate: 0.01}, optim.Options{Steps: 30})
	if err != nil {
		log.Fatal(err)
	}
	res, err := sim.Run(context.Background(), fit.Params)
	if err != nil {
		log.Fatal(err)
	}
	cortex := res.Group("cortex")
	fmt.Println(res.Variables, cortex.Variables, len(cortex.Regions))
	fmt.Printf("loss from %.4f to %.4f\n", fit.Losses[0], fit.Losses[len(fit.Losses)-1])
	fmt.Printf("G %.3f, I %.3f\n", fit.Params.Values("coupling.within.G")[0], fit.Params.Values("groups.thalamus.dynamics.I")[0])
	// Output:
	// [V W S] [S] 80
	// loss from 0.0138 to 0.0003
	// G 0.170, I 0.084
}

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
