package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/neurograd/neurograd/bench/internal/phase"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/plot"
)

// kinds are what is measured of every size.
var kinds = []struct {
	name   string
	delays bool
	work   work
}{{"run, no delays", false, run}, {"run, delays", true, run}, {"gradient, no delays", false, adjoint}, {"gradient, delays", true, adjoint}}

// size is what was measured of a number of regions.
type size struct {
	regions int
	perEdge []float64 // ns per step and edge, by kind
}

// withSize prints times by the number of regions.
func withSize(reps int) (sizes []size, err error) {
	fmt.Println("\nTime of a step, and in brackets per edge, by the number of regions:")
	fmt.Print("\n| regions | weights |")
	for _, k := range kinds {
		fmt.Printf(" %s |", k.name)
	}
	fmt.Println("\n|---|---|---|---|---|---|")
	for _, n := range []int{84, 200, 400, 1000, 2000} {
		delayed := phase.Scattered(n)
		fmt.Printf("| %d | %s |", n, megabytes(8*n*n))
		s := size{regions: n}
		for _, k := range kinds {
			g := delayed
			if !k.delays {
				g = delayed.WithoutDelays()
			}
			t, err := perStep(g, stepsOf(n*n), reps, k.work)
			if err != nil {
				return nil, err
			}
			s.perEdge = append(s.perEdge, t/float64(n*n))
			fmt.Printf(" %s (%.3f ns) |", write(t), t/float64(n*n))
		}
		fmt.Println()
		sizes = append(sizes, s)
	}
	return sizes, nil
}

func megabytes(bytes int) string { return fmt.Sprintf("%.2g MB", float64(bytes)/1e6) }

// draw draws the time per edge.
func draw(path string, sizes []size) error {
	picture := plot.Lines{Title: "Time per step and edge", XLabel: "regions", YLabel: "ns", LogY: true}
	for k, kind := range kinds {
		c := plot.Curve{Name: kind.name}
		for _, s := range sizes {
			c.X, c.Y = append(c.X, float64(s.regions)), append(c.Y, s.perEdge[k])
		}
		picture.Curves = append(picture.Curves, c)
	}
	return picture.Save(path)
}

// withDensity prints times by the share of edges.
func withDensity(reps int) error {
	const n = 400
	fmt.Printf("Time of a step, and in brackets per edge, of %d regions by the share of edges that there are:\n\n", n)
	fmt.Print("| edges |")
	for _, k := range kinds {
		fmt.Printf(" %s |", k.name)
	}
	fmt.Println("\n|---|---|---|---|---|")
	full := phase.Scattered(n)
	for _, percent := range []int{100, 50, 20, 10, 5, 2} {
		var edges []graph.Edge
		var lengths []float64
		for e, w := range full.Weights() {
			if uint64(e+1)*0xA24BAED4963EE407>>32%100 < uint64(percent) {
				edges = append(edges, graph.Edge{Target: e / n, Source: e % n, Weight: w})
				lengths = append(lengths, full.Lengths()[e])
			}
		}
		g := graph.FromEdges(n, edges)
		fmt.Printf("| %d %% |", percent)
		for _, k := range kinds {
			h := g
			if k.delays {
				h = g.WithEdgeLengths(lengths).Speed(3)
			}
			t, err := perStep(h, stepsOf(len(edges)), reps, k.work)
			if err != nil {
				return err
			}
			fmt.Printf(" %s (%.3f ns) |", write(t), t/float64(len(edges)))
		}
		fmt.Println()
	}
	return nil
}

// withSecondCore prints what a run gains by a second core, and two runs at once over one after the other, as much as it could gain at
// most.
func withSecondCore(reps int) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	fmt.Println("A run on two cores, and two runs at once, as a multiple of one core:")
	fmt.Println("\n| regions | run, no delays | two runs | run, delays | two runs |\n|---|---|---|---|---|")
	for _, n := range []int{84, 200, 400, 1000, 2000} {
		fmt.Printf("| %d |", n)
		for _, delays := range []bool{false, true} {
			g := phase.Scattered(n)
			if !delays {
				g = g.WithoutDelays()
			}
			var sims [2]*network.Simulation
			for k := range sims {
				var err error
				if sims[k], err = phase.GetStarted(g, 1, 3*stepsOf(n*n)); err != nil {
					return err
				}
				if err := run(context.Background(), sims[k]); err != nil {
					return err
				}
			}
			var one, helped, both time.Duration
			for range reps { // in turn, so that what else the machine does falls on all
				runtime.GOMAXPROCS(1)
				one = shortest(one, alone(sims))
				runtime.GOMAXPROCS(2)
				helped, both = shortest(helped, alone(sims)), shortest(both, together(sims))
			}
			fmt.Printf(" %.2f | %.2f |", float64(one)/float64(helped), float64(one)/float64(both))
		}
		fmt.Println()
	}
	return nil
}

func shortest(sofar, t time.Duration) time.Duration {
	if sofar == 0 {
		return t
	}
	return min(sofar, t)
}

func alone(sims [2]*network.Simulation) time.Duration {
	began := time.Now()
	for _, s := range sims {
		_ = run(context.Background(), s) // has run before
	}
	return time.Since(began)
}

func together(sims [2]*network.Simulation) time.Duration {
	began := time.Now()
	var wait sync.WaitGroup
	for _, s := range sims {
		wait.Go(func() { _ = run(context.Background(), s) })
	}
	wait.Wait()
	return time.Since(began)
}
