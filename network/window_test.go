package network_test

import (
	"context"
	"math"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// TestTruncatedWindows compares truncated gradients with what they are defined as: the sum over windows of
// the gradients of runs that start at the window from the untruncated run's states and delays.
func TestTruncatedWindows(t *testing.T) {
	ctx := context.Background()
	const steps, window, depth = 24, 8, 9
	for _, c := range []coupling.Coupling{coupling.Linear("S"), coupling.Linear("S").LinearReads(), onEdges(coupling.Linear("S"))} {
		net := network.Network{
			Dynamics: models.ReducedWongWang().Initial(param.Set{"S": []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6}}),
			Coupling: coupling.Set{"delayed": c.With(param.Set{"G": 0.2})},
			Graph:    ring(6, true),
			Noise:    noise.Additive{Sigma: 0.01},
		}
		prepare := func(net network.Network, start, end float64, o network.Options) (*network.Simulation, *param.Tree) {
			sim, err := network.Prepare(net, solver.Heun{}, network.Grid{Start: start, End: end, Step: 0.5}, o)
			if err != nil {
				t.Fatal(err)
			}
			return sim, sim.Params().Free("dynamics.*", "coupling.delayed.G", "graph.weights")
		}
		normals := make([]float64, steps*6)
		for k := range normals {
			normals[k] = math.Sin(float64(3*k + 1))
		}
		sim, p := prepare(net, 0, steps*0.5, network.Options{Normals: normals, GradientWindow: window})
		loss := waves{}
		_, got, err := sim.Gradient(ctx, p, loss)
		if err != nil {
			t.Fatal(err)
		}
		_, tangents, err := sim.TangentGradient(ctx, p, loss)
		if err != nil {
			t.Fatal(err)
		}
		run, err := sim.Run(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		states := [][][]float64{}
		for range depth {
			states = append(states, [][]float64{{0.1, 0.2, 0.3, 0.4, 0.5, 0.6}})
		}
		for _, row := range run.Data {
			states = append(states, row)
		}
		want := make([]float64, len(got))
		for from := 0; from < steps; from += window {
			part := net
			part.Dynamics = models.ReducedWongWang()
			part.History = states[from : from+depth]
			s, q := prepare(part, float64(from)*0.5, float64(from+window)*0.5, network.Options{Normals: normals[from*6 : (from+window)*6]})
			_, g, err := s.Gradient(ctx, q, waves{first: from})
			if err != nil {
				t.Fatal(err)
			}
			for k := range want {
				want[k] += g[k]
			}
		}
		for k := range want {
			if math.Abs(got[k]-want[k]) > 1e-12*(1+math.Abs(want[k])) || math.Abs(tangents[k]-want[k]) > 1e-12*(1+math.Abs(want[k])) {
				t.Errorf("%s: truncated %v, by tangents %v, by windows %v", p.ThetaNames()[k], got[k], tangents[k], want[k])
			}
		}
		p.Free("initial_state.S").Fix("dynamics.*", "coupling.delayed.G", "graph.weights")
		_, zero, err := sim.Gradient(ctx, p, loss)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range zero {
			if g != 0 {
				t.Errorf("gradient %v of the initial state beyond the window", g)
			}
		}
	}
}

// waves is a sum of all samples with weights by their number in a run of so many; first is the number
// of the run's first sample.
type waves struct{ first int }

func (w waves) Window(samples, variables, nodes int) (int, error) { return 0, nil }

func (w waves) weight(k int, y network.Trajectory) float64 {
	return math.Cos(float64(k + w.first*y.Variables*y.Nodes))
}

func (w waves) Value(y network.Trajectory) (sum float64, err error) {
	for k, v := range y.Data {
		sum += v * w.weight(k, y)
	}
	return sum, nil
}

func (w waves) Pull(y network.Trajectory, cotangent []float64) (float64, error) {
	for k := range cotangent {
		cotangent[k] = w.weight(k, y)
	}
	return w.Value(y)
}

func (w waves) Push(y network.Trajectory, tangents []float64, lanes int, dvalue []float64) (float64, error) {
	clear(dvalue)
	for k := range y.Data {
		for lane := range dvalue {
			dvalue[lane] += tangents[k*lanes+lane] * w.weight(k, y)
		}
	}
	return w.Value(y)
}
