// Peers times the get-started network here and in TVB-Optim on the same machine, run by run in turn, and
// prints the ratio.
//
//	bench/peers/setup.sh /tmp/peers
//	go run ./bench/peers -python /tmp/peers/bin/python
//
// Both compute in float64 on the same connectome; both have drawn their noise before the time is taken,
// and the peer has compiled. The means of the last 500 samples are printed to show that both ran the same
// thing; their noise differs.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

func main() {
	python := flag.String("python", "", "the interpreter of an environment made by setup.sh")
	reps := flag.Int("reps", 7, "runs of each side")
	flag.Parse()
	if err := compare(*python, max(*reps, 1)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// benchCase is one way to run the network; the field names are those that getstarted.py reads.
type benchCase struct {
	Name   string  `json:"name"`
	Speed  float64 `json:"speed"` // mm/ms; 0 for no delays
	Step   float64 `json:"step"`  // ms
	End    float64 `json:"end"`   // ms
	Buffer string  `json:"buffer"`
}

var cases = []benchCase{
	{Name: "no delays, dt 4 ms", Step: 4, End: 10_000},
	{Name: "3 mm/ms, dt 4 ms", Speed: 3, Step: 4, End: 10_000, Buffer: "roll"},
	{Name: "3 mm/ms, dt 4 ms", Speed: 3, Step: 4, End: 10_000, Buffer: "circular"},
	{Name: "3 mm/ms, dt 4 ms", Speed: 3, Step: 4, End: 10_000, Buffer: "preallocated"},
	{Name: "3 mm/ms, dt 1 ms", Speed: 3, Step: 1, End: 10_000, Buffer: "roll"},
	{Name: "3 mm/ms, dt 1 ms", Speed: 3, Step: 1, End: 10_000, Buffer: "circular"},
	{Name: "3 mm/ms, dt 1 ms", Speed: 3, Step: 1, End: 10_000, Buffer: "preallocated"},
}

func compare(python string, reps int) error {
	p, err := startPeer(python)
	if err != nil {
		return err
	}
	defer p.stop()
	fmt.Printf("µs per step, medians of %d runs in turn; buffer is the peer's way to keep the past\n\n", reps)
	fmt.Printf("%-20s %-14s %10s %10s %8s   %s\n", "get-started network", "buffer", "ours", "TVB-Optim", "ratio", "mean activity, ours and theirs")
	for k, c := range cases {
		run, err := ours(c)
		if err != nil {
			return err
		}
		var own, theirs []float64
		var ownMean, theirMean float64
		for range reps {
			began := time.Now()
			y, err := run()
			if err != nil {
				return err
			}
			own = append(own, time.Since(began).Seconds())
			ownMean = y
			seconds, mean, err := p.run(k)
			if err != nil {
				return err
			}
			theirs, theirMean = append(theirs, seconds), mean
		}
		steps := c.End / c.Step
		a, b := median(own)/steps*1e6, median(theirs)/steps*1e6
		fmt.Printf("%-20s %-14s %10.2f %10.2f %8.2f   %.4f %.4f\n", c.Name, c.Buffer, a, b, b/a, ownMean, theirMean)
	}
	return nil
}

// ours prepares a case and runs it once, which draws the noise; what it returns runs it again and gives the
// mean of the last 500 samples.
func ours(c benchCase) (func() (float64, error), error) {
	g := connectome()
	if c.Speed > 0 {
		g = g.Speed(c.Speed)
	}
	net := network.Network{
		Dynamics: models.ReducedWongWang().With(param.Set{"w": 0.5, "I_o": 0.32}).Initial(param.Set{"S": 0.3}),
		Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.75})},
		Graph:    g,
		Noise:    noise.Additive{Sigma: 0.002, States: []string{"S"}},
	}
	sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: c.End, Step: c.Step}, network.Options{Seed: 42})
	if err != nil {
		return nil, err
	}
	p := sim.Params()
	mean := observe.Last(500).Mean(observe.OverAll)
	expected, err := sim.Value(context.Background(), p, mean)
	return func() (float64, error) {
		_, err := sim.Run(context.Background(), p)
		return expected, err
	}, err
}

func connectome() *graph.Graph { return graph.Example().NormalizeMax() }

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
