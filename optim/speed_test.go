package optim_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// ringNetwork is eight regions on a ring, 25 mm apart, that begin far from each other, so that what they send changes all
// the time. Delays of the longest edge are 25 ms at 4 mm/ms, 50 ms at 2.
func ringNetwork(model string, speed float64) network.Network {
	const n = 8
	weights, lengths := make([][]float64, n), make([][]float64, n)
	for i := range n {
		weights[i], lengths[i] = make([]float64, n), make([]float64, n)
		for j := range n {
			if apart := float64(min((i-j+n)%n, (j-i+n)%n)); apart > 0 {
				weights[i][j], lengths[i][j] = 1/apart, 25*apart
			}
		}
	}
	net := network.Network{Graph: graph.FromDense(weights).WithLengths(lengths).Speed(speed)}
	switch model {
	case "ReducedWongWang":
		net.Dynamics = models.ReducedWongWang().Initial(param.Set{"S": []float64{0.9, 0.05, 0.3, 0.6, 0.02, 0.4, 0.1, 0.7}})
		net.Coupling = coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.3}).LinearReads()}
	case "JansenRit":
		net.Dynamics = models.JansenRit().Initial(param.Set{"y1": []float64{10, 2, 5, 3, 8, 1, 6, 4}})
		net.Coupling = coupling.Set{"delayed": coupling.SigmoidalJansenRit("y1", "y2").With(param.Set{"G": 10}).LinearReads()}
	}
	return net
}

// TestConductionSpeed finds the speed that a trajectory was made with, 4 mm/ms, from 2 mm/ms on, to 1 %: the delays of
// every step differ, and with them how many steps are summed at a time. The runs are no longer than the transient,
// where the loss has no other minimum between; the trajectories compared are those of two simulations.
func TestConductionSpeed(t *testing.T) {
	ctx := context.Background()
	grid := network.Grid{End: 100, Step: 1}
	prepare := func(model string, speed, maxDelay float64) *network.Simulation {
		sim, err := network.Prepare(ringNetwork(model, speed), solver.Heun{}, grid, network.Options{MaxDelay: maxDelay})
		if err != nil {
			t.Fatal(err)
		}
		return sim
	}
	for _, c := range []struct {
		model string
		mode  optim.Mode
	}{{"ReducedWongWang", optim.Forward}, {"ReducedWongWang", optim.Adjoint}, {"JansenRit", optim.Forward}} {
		made, sim := prepare(c.model, 4, 0), prepare(c.model, 2, 60)
		truth, err := made.Run(ctx, made.Params())
		if err != nil {
			t.Fatal(err)
		}
		var samples []float64
		for _, row := range truth.Data {
			samples = append(samples, slices.Concat(row...)...)
		}
		loss := observe.All().Then(observe.SquaredErrorTo(samples))
		p := sim.Params().Transform("graph.speed", param.Log{}).Free("graph.speed")
		if v, err := sim.Value(ctx, p.Clone().Set("graph.speed", 4), loss); v != 0 || err != nil {
			t.Errorf("%s: the loss at the true speed is %v (%v)", c.model, v, err)
		}
		var visited []float64
		watch := optim.StepFunc(func(e *optim.Event) error {
			visited = append(visited, e.Params().Values("graph.speed")[0])
			return nil
		})
		fit, err := optim.Fit(ctx, sim, loss, p, optim.Adam{Rate: 0.05}, optim.Options{Steps: 90, Mode: c.mode, Callbacks: watch})
		if err != nil {
			t.Fatal(err)
		}
		got := fit.Params.Values("graph.speed")[0]
		t.Logf("%s, %v: %.4f mm/ms, loss from %.1e to %.1e", c.model, c.mode, got, fit.Losses[0], fit.Losses[89])
		if visited[0] != 2 || math.Abs(got-4) > 0.04 {
			t.Errorf("%s, %v: from %v to %v mm/ms, made with 4", c.model, c.mode, visited[0], got)
		}
		if distinct := slices.Compact(slices.Sorted(slices.Values(visited))); len(distinct) != len(visited) {
			t.Errorf("%s: %d speeds in %d steps: the delays do not change", c.model, len(distinct), len(visited))
		}
	}
	// A bound that the start does not keep is an error of the first step, not a shorter delay.
	p := prepare("ReducedWongWang", 4, 30).Params().Set("graph.speed", 2).Free("graph.speed")
	_, err := optim.Fit(ctx, prepare("ReducedWongWang", 4, 30), observe.All().Mean(observe.OverAll), p, optim.Adam{Rate: 0.05}, optim.Options{Steps: 1})
	if err == nil || !strings.Contains(err.Error(), "longer than Options.MaxDelay, 30 ms") {
		t.Errorf("a delay beyond MaxDelay: %v", err)
	}
}
