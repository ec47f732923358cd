// Growth measures how the time of a step and of its gradient grows with the number of regions, the share of edges, the
// length of the run and the number of free values, and the time to set up with the number of regions.
//
//	go run ./bench/growth -picture docs/images/growth.png
//
// It prints Markdown tables. A time per step is the difference between a longer and a shorter run, each from its first step
// on, so that the start of a run is not in it, nor what a gradient sets up; the smallest of the repetitions of each counts.
// On Linux it is the time for which the computing thread had a processor.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/neurograd/neurograd/bench/internal/phase"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/machine"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
)

func main() {
	reps := flag.Int("reps", 5, "repetitions of every measurement")
	picture := flag.String("picture", "", "file for a picture of the growth with the regions")
	flag.Parse()
	if err := report(max(*reps, 1), *picture); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func report(reps int, picture string) error {
	fmt.Printf("%s, %d processors. The get-started network on dense networks with lengths to 150 mm, one run at a time, %s, smallest of %d.\n",
		machine.Read().Processor, runtime.GOMAXPROCS(0), clock, reps)
	runtime.GOMAXPROCS(1) // nobody helps the thread that is timed
	sizes, err := withSize(reps)
	if err != nil {
		return err
	}
	if picture != "" {
		if err := draw(picture, sizes); err != nil {
			return err
		}
	}
	for _, part := range []func(int) error{withDensity, withLength, withFree, withSecondCore, setUp} {
		fmt.Println()
		if err := part(reps); err != nil {
			return err
		}
	}
	return nil
}

// loss is that of the first tutorial.
var loss = observe.Last(20).Mean(observe.OverTime).Then(observe.SquaredError(0.5))

// work is a way to use a simulation.
type work func(ctx context.Context, s *network.Simulation) error

func run(ctx context.Context, s *network.Simulation) error {
	_, err := s.Run(ctx, s.Params())
	return err
}

// adjoint is the gradient by one value per region.
func adjoint(ctx context.Context, s *network.Simulation) error {
	_, _, err := s.Gradient(ctx, s.Params().Regional("dynamics.J_N").Free("dynamics.J_N"), loss)
	return err
}

// stopwatch is a context that notes when it is first asked whether to go on, which a run does when its lists of edges are
// made and the steps begin.
type stopwatch struct {
	context.Context
	began time.Duration
}

// Err is nil.
func (s *stopwatch) Err() error {
	if s.began == 0 {
		s.began = busy()
	}
	return nil
}

// fromFirstStep is what the work takes from its first step on.
func fromFirstStep(w work, s *network.Simulation) (time.Duration, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	watch := stopwatch{Context: context.Background()}
	err := w(&watch, s)
	return busy() - watch.began, err
}

// whole is work that is timed from its beginning to its end.
func whole(do func() error) phase.Timed {
	return func() (time.Duration, error) {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		began := busy()
		err := do()
		return busy() - began, err
	}
}

// perStep is the time of one step of a network, ns.
func perStep(g *graph.Graph, steps, reps int, w work) (float64, error) {
	var least [2]time.Duration
	var sims [2]*network.Simulation
	for k, n := range []int{steps, 3 * steps} {
		var err error
		if sims[k], err = phase.GetStarted(g, 1, n); err != nil {
			return 0, err
		}
		if err := w(context.Background(), sims[k]); err != nil { // compiles, and draws the noise
			return 0, err
		}
	}
	for range reps { // in turn, so that what else the machine does falls on both
		for k, s := range sims {
			t, err := fromFirstStep(w, s)
			if err != nil {
				return 0, err
			}
			least[k] = shortest(least[k], t)
		}
	}
	return float64((least[1] - least[0]).Nanoseconds()) / float64(2*steps), nil
}

// stepsOf is how many steps to time for so many edges, in whole blocks of 32.
func stepsOf(edges int) int { return min(4000, max(64, 40_000_000/edges)) / 32 * 32 }

// write writes a time: µs below a millisecond, else ms.
func write(ns float64) string {
	if ns < 1e6 {
		return fmt.Sprintf("%.3g µs", ns/1e3)
	}
	return fmt.Sprintf("%.3g ms", ns/1e6)
}
