package main

import (
	"context"
	"fmt"
	"runtime"

	"github.com/neurograd/neurograd/bench/internal/phase"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
)

const runSteps = 2500

// loss is that of the first tutorial.
var loss = observe.Last(500).Mean(observe.OverTime).Then(observe.SquaredError(0.5))

// connections are the get-started network's ways to be connected.
var connections = []struct {
	name  string
	graph func() *graph.Graph
	step  float64
}{
	{"no delays, dt 4 ms", func() *graph.Graph { return graph.Example().NormalizeMax() }, 4},
	{"3 mm/ms, dt 1 ms", func() *graph.Graph { return graph.Example().NormalizeMax().Speed(3) }, 1},
	{"3 mm/ms, dt 4 ms", func() *graph.Graph { return graph.Example().NormalizeMax().Speed(3) }, 4},
}

// runs are whole runs and gradients; the noise is drawn in the first one and kept.
func runs() ([]phase.Phase, error) {
	var phases []phase.Phase
	for _, c := range connections {
		sim, err := phase.GetStarted(c.graph(), c.step, runSteps)
		if err != nil {
			return nil, err
		}
		add := func(name string, work func() error) {
			phases = append(phases, phase.Phase{Name: name + ": " + c.name, Unit: "step", Units: runSteps, Work: phase.Whole(work)})
		}
		ctx := context.Background()
		fixed, one, all := sim.Params(), sim.Params().Free("dynamics.J_N"), sim.Params().Regional("dynamics.J_N").Free("dynamics.J_N")
		add("run", func() error { _, err := sim.Run(ctx, fixed); return err })
		add("gradient, reverse, 84 values", func() error { _, _, err := sim.Gradient(ctx, all, loss); return err })
		direction := all.Theta()
		add("Hessian-vector product, 84 values", func() error {
			_, _, _, err := sim.HessianVector(ctx, all, loss, direction)
			return err
		})
		add("gradient, forward, 1 value", func() error { _, _, err := sim.TangentGradient(ctx, one, loss); return err })
	}
	return phases, nil
}

// allocations prints how many allocations one more step costs.
func allocations() error {
	for _, c := range connections {
		short, err := phase.GetStarted(c.graph(), c.step, runSteps)
		if err != nil {
			return err
		}
		long, err := phase.GetStarted(c.graph(), c.step, 2*runSteps)
		if err != nil {
			return err
		}
		ctx := context.Background()
		run := func(s *network.Simulation) func() error {
			p := s.Params()
			return func() error { _, err := s.Value(ctx, p, loss); return err }
		}
		gradient := func(s *network.Simulation) func() error {
			p := s.Params().Regional("dynamics.J_N").Free("dynamics.J_N")
			return func() error { _, _, err := s.Gradient(ctx, p, loss); return err }
		}
		product := func(s *network.Simulation) func() error {
			p := s.Params().Regional("dynamics.J_N").Free("dynamics.J_N")
			return func() error { _, _, _, err := s.HessianVector(ctx, p, loss, p.Theta()); return err }
		}
		for _, kind := range []struct {
			name string
			of   func(*network.Simulation) func() error
		}{{"run", run}, {fmt.Sprintf("%d runs side by side", network.Lanes), sideBySide}, {"gradient", gradient}, {"Hessian-vector product", product}} {
			less, err := mallocs(kind.of(short))
			if err != nil {
				return err
			}
			more, err := mallocs(kind.of(long))
			if err != nil {
				return err
			}
			fmt.Printf("allocations, %s, %s: %d in %d steps, %.4f per further step\n", kind.name, c.name, less, runSteps, float64(more-less)/runSteps)
		}
	}
	return nil
}

// mallocs is the number of allocations of the second of two calls.
func mallocs(work func() error) (int, error) {
	if err := work(); err != nil {
		return 0, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := work()
	runtime.ReadMemStats(&after)
	return int(after.Mallocs) - int(before.Mallocs), err
}
