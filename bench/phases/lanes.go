package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/neurograd/neurograd/bench/internal/phase"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
)

// laneSteps is how long the runs side by side are.
const laneSteps = 1000

// lanes are runs side by side.
func lanes() ([]phase.Phase, error) {
	var phases []phase.Phase
	for _, c := range connections {
		sim, err := phase.GetStarted(c.graph(), c.step, laneSteps)
		if err != nil {
			return nil, err
		}
		for _, lanes := range []int{1, 2, 4, 8, 16, 32} {
			phases = append(phases, phase.Phase{Name: fmt.Sprintf("%2d runs side by side: %s", lanes, c.name), Unit: "step and run", Units: laneSteps * lanes, Work: phase.Whole(inLanes(sim, lanes))})
		}
	}
	return phases, nil
}

// sideBySide is inLanes for as many runs as usual.
func sideBySide(sim *network.Simulation) func() error { return inLanes(sim, network.Lanes) }

// inLanes runs a simulation with so many strengths of the coupling, and keeps the last sample of each.
func inLanes(sim *network.Simulation, lanes int) func() error {
	var trees []*param.Tree
	for k := range lanes {
		trees = append(trees, sim.Params().Set("coupling.delayed.G", 0.5+0.01*float64(k)))
	}
	return func() error {
		_, errs, err := sim.RunLanes(context.Background(), trees, network.LaneOptions{From: sim.Samples() - 1, Lanes: lanes})
		return errors.Join(append(errs, err)...)
	}
}
