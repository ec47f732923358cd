package main

import (
	"context"
	"fmt"

	"github.com/neurograd/neurograd/bench/internal/phase"
)

// setUp prints how long Prepare, and the start of a run with delays, take by the size of the network. Neither should
// grow faster than the number of edges.
func setUp(reps int) error {
	fmt.Print("Setting up dense networks with delays, median:\n\n")
	fmt.Println("| regions | Prepare, ms | ns per edge | run of one step, ms | ns per edge |\n|---|---|---|---|---|")
	for _, n := range []int{84, 200, 400, 800} {
		g := phase.Scattered(n)
		sim, err := phase.GetStarted(g, 1, 1)
		if err != nil {
			return err
		}
		build := phase.Phase{Name: "Prepare", Units: 1, Work: whole(func() error { _, err := phase.GetStarted(g, 1, 1); return err })}
		p := sim.Params()
		start := phase.Phase{Name: "run of one step", Units: 1, Work: whole(func() error { _, err := sim.Run(context.Background(), p); return err })}
		fmt.Printf("| %d |", n)
		for _, w := range []phase.Phase{build, start} {
			times, err := w.Times(reps)
			if err != nil {
				return err
			}
			t := phase.Median(times)
			fmt.Printf(" %.3g | %.0f |", t/1e6, t/float64(n*n))
		}
		fmt.Println()
	}
	return nil
}
