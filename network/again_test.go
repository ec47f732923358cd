package network_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// TestRunsAgain holds that a simulation that has run with other weights and delays gives what a new one gives: what runs
// keep for the next belongs to their values.
func TestRunsAgain(t *testing.T) {
	connectome := graph.Example().NormalizeMax()
	loss := observe.Last(20).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
	for name, net := range map[string]network.Network{
		"no delays":    {Graph: connectome, Coupling: coupling.Set{"instant": coupling.Linear("S")}},
		"delays":       {Graph: connectome.Speed(3), Coupling: coupling.Set{"delayed": coupling.Linear("S")}},
		"linear reads": {Graph: connectome.Speed(3), Coupling: coupling.Set{"delayed": coupling.Linear("S").LinearReads()}},
		"on edges":     {Graph: connectome.Speed(3), Coupling: coupling.Set{"delayed": differenceOnEdges()}},
	} {
		net.Dynamics = models.ReducedWongWang()
		t.Run(name, func(t *testing.T) {
			prepare := func() *network.Simulation {
				sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: 40, Step: 1}, network.Options{Seed: 3})
				if err != nil {
					t.Fatal(err)
				}
				return sim
			}
			sim := prepare()
			p := sim.Params()
			weigh := func(edge int, weight float64) {
				weights := p.Values("graph.weights")
				weights[edge] = weight
				p.Set("graph.weights", weights...)
			}
			weights := p.Values("graph.weights")
			for k, change := range []func(){
				func() {},
				func() { weigh(7, 0.125) },
				func() { weigh(9, 0) },
				func() { p.Set("graph.weights", weights...) },
				func() {
					if net.Graph != connectome {
						p.Set("graph.speed", 2)
					}
				},
				func() { p.Free("graph.weights") },
				func() { weigh(11, 0.25) },
			} {
				change()
				if got, want := everything(t, sim, p, loss), everything(t, prepare(), p, loss); got != want {
					t.Errorf("change %d: %s, a new simulation has %s", k, got, want)
				}
			}
		})
	}
}

// everything are the bits of a run, of runs side by side, and of derivatives.
func everything(t *testing.T, sim *network.Simulation, p *param.Tree, loss network.Objective) string {
	t.Helper()
	ctx := context.Background()
	free := p.Clone().Free("dynamics.J_N")
	r, err := sim.Run(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	_, gradient, err := sim.Gradient(ctx, free, loss)
	if err != nil {
		t.Fatal(err)
	}
	direction := slices.Repeat([]float64{0.01}, free.NumFree())
	_, tangents, err := sim.Push(ctx, free, loss, [][]float64{direction, direction, direction})
	if err != nil {
		t.Fatal(err)
	}
	values, _, err := sim.ValueLanes(ctx, []*param.Tree{p, p.Clone().Set("dynamics.J_N", 0.2)}, loss, network.LaneOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x %x %x %x", r.Data[len(r.Data)-1][0][:3], gradient[:min(3, len(gradient))], tangents, values)
}
