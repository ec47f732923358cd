package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
)

// laneSteps is how long the runs side by side are.
const laneSteps = 1000

// laneRows are runs side by side that differ in the strength of the coupling, of which the last sample is kept.
func laneRows() ([]row, error) {
	var rows []row
	for _, c := range connections {
		sim, err := prepare(c.graph(), c.step, laneSteps)
		if err != nil {
			return nil, err
		}
		for _, lanes := range []int{1, 2, 4, 8, 16, 32} {
			var trees []*param.Tree
			for k := range lanes {
				trees = append(trees, sim.Params().Set("coupling.delayed.G", 0.5+0.01*float64(k)))
			}
			rows = append(rows, row{phase: fmt.Sprintf("%d lanes: %s", lanes, c.name), unit: "step and lane", units: laneSteps * lanes, work: func() error {
				_, errs, err := sim.RunLanes(context.Background(), trees, network.LaneOptions{From: laneSteps - 1, Lanes: lanes})
				return errors.Join(append(errs, err)...)
			}})
		}
	}
	return rows, nil
}
