// Package phase holds the pieces of a step's work that the measurements time: coupling sums, programs, noise, and the
// get-started network that they are parts of. It prints nothing.
package phase

import (
	"fmt"
	"slices"
	"time"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// Phase is work that is timed: Work does Units of it and says how long they took.
type Phase struct {
	Name  string
	Unit  string // what the time is given per
	Units int
	Work  Timed
}

// Timed is work that says how long it took.
type Timed func() (time.Duration, error)

// Whole is work that is timed from its beginning to its end.
func Whole(work func() error) Timed {
	return func() (time.Duration, error) {
		began := time.Now()
		err := work()
		return time.Since(began), err
	}
}

// Times is what repetitions took per unit, ns, sorted, after one to warm up.
func (p Phase) Times(reps int) ([]float64, error) {
	times := make([]float64, 0, reps)
	for k := range reps + 1 {
		t, err := p.Work()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		if k > 0 {
			times = append(times, float64(t.Nanoseconds())/float64(p.Units))
		}
	}
	slices.Sort(times)
	return times, nil
}

// Median is the middle one of sorted numbers.
func Median(sorted []float64) float64 { return sorted[len(sorted)/2] }

// GetStarted is the get-started network, reduced Wong-Wang with linear coupling and noise, on a graph, for so many
// steps of so many ms.
func GetStarted(g *graph.Graph, step float64, steps int) (*network.Simulation, error) {
	net := network.Network{
		Dynamics: models.ReducedWongWang().With(param.Set{"w": 0.5, "I_o": 0.32}).Initial(param.Set{"S": 0.3}),
		Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.75})},
		Graph:    g,
		Noise:    noise.Additive{Sigma: 0.002, States: []string{"S"}},
	}
	return network.Prepare(net, solver.Heun{}, network.Grid{End: float64(steps) * step, Step: step}, network.Options{Seed: 42})
}

// Scattered is a dense network whose weights and lengths, to 150 mm, are spread evenly: multiples of two irrational steps,
// mod 1. Its conduction speed is 3 mm/ms.
func Scattered(n int) *graph.Graph {
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
