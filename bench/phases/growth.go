package main

import (
	"context"
	"fmt"
	"time"

	"github.com/neurograd/neurograd/graph"
)

// growth prints how long Prepare, and the start of a run with delays, take by the size of the network.
// Neither should grow faster than the number of edges.
func growth(reps int) error {
	fmt.Println("set-up of dense networks with delays (lengths to 150 mm, 3 mm/ms, dt 1 ms), median:")
	for _, n := range []int{84, 200, 400, 800} {
		g := scattered(n)
		sim, err := prepare(g, 1, 1)
		if err != nil {
			return err
		}
		build, err := measure(reps, func() error { _, err := prepare(g, 1, 1); return err })
		if err != nil {
			return err
		}
		p := sim.Params()
		start, err := measure(reps, func() error { _, err := sim.Run(context.Background(), p); return err })
		if err != nil {
			return err
		}
		perEdge := func(times []time.Duration) float64 { return float64(times[len(times)/2].Nanoseconds()) / float64(n*n) }
		fmt.Printf("N = %3d: Prepare %v, %.1f ns per edge; run of one step %v, %.1f ns per edge\n",
			n, build[len(build)/2].Round(time.Microsecond), perEdge(build), start[len(start)/2].Round(time.Microsecond), perEdge(start))
	}
	return nil
}

// scattered is a dense network whose weights and lengths are spread evenly: multiples of two irrational
// steps, mod 1.
func scattered(n int) *graph.Graph {
	weights, lengths := make([][]float64, n), make([][]float64, n)
	for i := range n {
		weights[i], lengths[i] = make([]float64, n), make([]float64, n)
		for j := range n {
			k := uint64(i*n + j + 1)
			weights[i][j] = float64(k*0x9E3779B97F4A7C15>>11) / (1 << 53) / float64(n)
			lengths[i][j] = 150 * float64(k*0xD1B54A32D192ED03>>11) / (1 << 53)
		}
	}
	return graph.FromDense(weights).WithLengths(lengths).Speed(3)
}
