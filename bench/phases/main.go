// Phases measures where the time of a simulation goes: nanoseconds per step of the coupling sums, of the
// step's program and its derivatives, of the noise, and of whole runs and gradients, for the 84 regions of
// the get-started network; then what a step allocates.
//
//	go run ./bench/phases
//
// Figures are medians over repetitions, with the smallest beside them: on a busy machine trust the latter.
package main

import (
	"flag"
	"fmt"
	"math"
	"os"
	"runtime"

	"github.com/neurograd/neurograd/bench/internal/phase"
	"github.com/neurograd/neurograd/graph"
)

func main() {
	reps := flag.Int("reps", 25, "repetitions of every measurement")
	flag.Parse()
	if err := report(max(*reps, 1)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func report(reps int) error {
	fmt.Printf("%s/%s, %s, %d processors; smallest and median of %d\n\n", runtime.GOOS, runtime.GOARCH, runtime.Version(), runtime.GOMAXPROCS(0), reps)
	fmt.Println("| phase | ns, smallest | ns, median | per |\n|---|---|---|---|")
	for _, part := range []func() ([]phase.Phase, error){sums, phase.Programs, draws, runs, lanes} {
		phases, err := part()
		if err != nil {
			return err
		}
		for _, p := range phases {
			times, err := p.Times(reps)
			if err != nil {
				return err
			}
			fmt.Printf("| %s | %.1f | %.1f | %s |\n", p.Name, times[0], phase.Median(times), p.Unit)
		}
	}
	fmt.Println()
	if err := allocations(); err != nil {
		return err
	}
	fmt.Println()
	return compiling(reps)
}

// sums are those of the example network.
func sums() ([]phase.Phase, error) {
	var phases []phase.Phase
	for _, c := range []struct {
		name string
		step float64 // ms; 0 for no delays
	}{
		{"sums: dense matrix by vector", 0},
		{"sums: delayed, 3 mm/ms, dt 1 ms", 1},
		{"sums: delayed, 3 mm/ms, dt 4 ms", 4},
	} {
		g := graph.Example()
		var delays []float64
		if c.step > 0 {
			for _, length := range g.Lengths() {
				delays = append(delays, math.RoundToEven(length/3/c.step))
			}
		}
		p, err := phase.Sums(c.name, g, delays)
		if err != nil {
			return nil, err
		}
		phases = append(phases, p)
	}
	return phases, nil
}

func draws() ([]phase.Phase, error) { return []phase.Phase{phase.Noise()}, nil }
