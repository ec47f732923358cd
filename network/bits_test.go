package network_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/selfcheck"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/stimulus"
)

// examples are the runs whose bits are held: on the example network, with and without delays, of that many
// steps.
func examples(steps int) map[string]*network.Simulation {
	sims := map[string]*network.Simulation{}
	for _, c := range selfcheck.Cases() {
		s, err := c.Prepare(steps)
		if err != nil {
			panic(err)
		}
		sims[c.Name] = s
	}
	return sims
}

func flat(r *network.Result) []float64 {
	var x []float64
	for _, row := range r.Data {
		for _, variable := range row {
			x = append(x, variable...)
		}
	}
	return x
}

func mustRun(t testing.TB, s *network.Simulation, p *param.Tree) []float64 {
	t.Helper()
	r, err := s.Run(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return flat(r)
}

func mustGradient(t testing.TB, s *network.Simulation, p *param.Tree, loss network.Objective) []float64 {
	t.Helper()
	_, g, err := s.Gradient(context.Background(), p, loss)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func prepare(t testing.TB, net network.Network, method solver.Solver, grid network.Grid, opts network.Options) *network.Simulation {
	t.Helper()
	s, err := network.Prepare(net, method, grid, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func firstDifference(a, b []float64) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%d and %d numbers", len(a), len(b))
	}
	for k := range a {
		if math.Float64bits(a[k]) != math.Float64bits(b[k]) {
			return fmt.Sprintf("number %d is %x and %x", k, a[k], b[k])
		}
	}
	return ""
}

// lossOf is a loss over the second half of a run.
func lossOf(s *network.Simulation) weighted {
	from := s.Steps() / 2
	return newWeighted(rand.New(rand.NewPCG(3, 3)), from, (s.Steps()-from)*len(s.Variables())*len(s.Regions()))
}

// released frees what the examples differentiate with respect to.
func released(s *network.Simulation) *param.Tree { return selfcheck.Free(s) }

// TestCommittedBits holds that runs and gradients have the same bits on every platform.
func TestCommittedBits(t *testing.T) {
	for _, c := range selfcheck.Cases() {
		run, gradient, err := c.Compute(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if run != c.Run || gradient != c.Gradient {
			t.Errorf("%s: run and gradient hash to %#x and %#x, committed are %#x and %#x", c.Name, run, gradient, c.Run, c.Gradient)
		}
	}
}

// TestLanes holds that a tangent has the same bits alone and among 3, 8 or 16 in a run, and the values with
// and without tangents.
func TestLanes(t *testing.T) {
	for name, s := range examples(40) {
		p := s.Params().Free("dynamics.*", "coupling.delayed.G", "noise.sigma", "graph.weights")
		p.Regional("coupling.delayed.G")
		loss := lossOf(s)
		ctx := context.Background()
		r := rand.New(rand.NewPCG(1, 1))
		directions := make([][]float64, 16)
		for k := range directions {
			directions[k] = make([]float64, p.NumFree())
			for i := range directions[k] {
				directions[k][i] = r.NormFloat64()
			}
		}
		value, all, err := s.Push(ctx, p, loss, directions)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := s.Value(ctx, p, loss)
		if err != nil {
			t.Fatal(err)
		}
		adjoint, _, err := s.Gradient(ctx, p, loss)
		if err != nil {
			t.Fatal(err)
		}
		if plain != value || plain != adjoint {
			t.Errorf("%s: value %x alone, %x with tangents, %x with a tape", name, plain, value, adjoint)
		}
		for _, lanes := range [][2]int{{0, 1}, {3, 4}, {15, 16}, {2, 5}, {5, 13}} {
			_, some, err := s.Push(ctx, p, loss, directions[lanes[0]:lanes[1]])
			if err != nil {
				t.Fatal(err)
			}
			if d := firstDifference(some, all[lanes[0]:lanes[1]]); d != "" {
				t.Errorf("%s, lanes %v: %s", name, lanes, d)
			}
		}
	}
}

// TestFreedLeaves holds that what else is free does not change the bits of a gradient, nor of the value.
func TestFreedLeaves(t *testing.T) {
	for name, s := range examples(40) {
		loss := lossOf(s)
		gradients := func(free ...string) (float64, map[string][]float64) {
			v, g, err := s.GradientByPath(context.Background(), s.Params().Free(free...), loss)
			if err != nil {
				t.Fatal(err)
			}
			return v, g
		}
		value, all := gradients("dynamics.*", "coupling.*", "graph.weights", "initial_state.*", "noise.sigma")
		for _, free := range [][]string{{"coupling.delayed.G"}, {"graph.weights"}, {"noise.sigma", "dynamics.*"}, {"initial_state.*"}} {
			v, some := gradients(free...)
			if v != value {
				t.Errorf("%s, %v free: value %x, with all %x", name, free, v, value)
			}
			for path, g := range some {
				if d := firstDifference(g, all[path]); d != "" {
					t.Errorf("%s, %v free: gradient of %s: %s with more leaves freed", name, free, path, d)
				}
			}
		}
	}
}

// TestEqualNetworks holds that networks that are the same have the same bits: dense and sparse, edges of
// weight 0 listed or not, weights that became 0, numbers and arrays of that number, delays in ms or by
// length and speed.
func TestEqualNetworks(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 4))
	const n, step = 13, 2.0
	dense, delays, lengths := make([][]float64, n), make([][]float64, n), make([][]float64, n)
	var edges, withZeros []graph.Edge
	var edgeDelays, withZerosDelays []float64
	for i := range n {
		dense[i], delays[i], lengths[i] = make([]float64, n), make([]float64, n), make([]float64, n)
		for j := range n {
			delays[i][j] = step * float64([]int{0, 1, 3, 8, 12, 17, 40}[r.IntN(7)])
			lengths[i][j] = 4 * delays[i][j]
			if r.IntN(3) > 0 {
				dense[i][j] = 0.3 * r.Float64()
				edges, edgeDelays = append(edges, graph.Edge{Target: i, Source: j, Weight: dense[i][j]}), append(edgeDelays, delays[i][j])
			}
			if dense[i][j] != 0 || r.IntN(2) == 0 {
				withZeros, withZerosDelays = append(withZeros, graph.Edge{Target: i, Source: j, Weight: dense[i][j]}), append(withZerosDelays, delays[i][j])
			}
		}
	}
	run := func(g *graph.Graph, c coupling.Coupling, change func(p *param.Tree)) []float64 {
		net := network.Network{Dynamics: models.ReducedWongWang(), Graph: g, Coupling: coupling.Set{"delayed": c, "instant": coupling.Linear("S")}, Noise: noise.Additive{Sigma: 0.01}}
		s := prepare(t, net, solver.Heun{CouplingPerStage: true}, network.Grid{End: 90 * step, Step: step}, network.Options{Seed: 5})
		p := s.Params()
		if change != nil {
			change(p)
		}
		value := mustRun(t, s, p)
		// The forward run of a gradient is the same.
		loss := lossOf(s)
		plain, err := s.Value(context.Background(), p, loss)
		if err != nil {
			t.Fatal(err)
		}
		p.Free("graph.weights")
		taped, _, err := s.Gradient(context.Background(), p, loss)
		if err != nil {
			t.Fatal(err)
		}
		if plain != taped {
			t.Errorf("value %x, with free weights %x", plain, taped)
		}
		return value
	}
	linear, difference := coupling.Linear("S").With(param.Set{"G": 0.2}), coupling.Difference("S").With(param.Set{"G": 0.2})
	for _, c := range []coupling.Coupling{linear, difference, linear.LinearReads()} {
		want := run(graph.FromDense(dense).WithDelays(delays), c, nil)
		same := map[string][]float64{
			"sparse":                   run(graph.FromEdges(n, edges).WithEdgeDelays(edgeDelays), c, nil),
			"sparse with zero weights": run(graph.FromEdges(n, withZeros).WithEdgeDelays(withZerosDelays), c, nil),
			"lengths and speed":        run(graph.FromDense(dense).WithLengths(lengths).Speed(4), c, nil),
			"regional parameters":      run(graph.FromDense(dense).WithDelays(delays), c, func(p *param.Tree) { p.Regional("dynamics.w").Regional("coupling.delayed.G").Regional("noise.sigma") }),
		}
		for name, got := range same {
			if d := firstDifference(got, want); d != "" {
				t.Errorf("%s, linear reads %v: %s", name, c.ReadsLinearly(), d)
			}
		}
	}
	// Weights that became 0 are the same as weights that are left out of sums, whatever is free: run checks.
	run(graph.FromDense(dense).WithDelays(delays), linear, func(p *param.Tree) {
		w := append([]float64(nil), p.Values("graph.weights")...)
		for k := range w {
			if delays[k/n][k%n] >= 7*step {
				w[k] = 0
			}
		}
		p.Set("graph.weights", w...)
	})
}

// TestStart holds that an autonomous network does not care when a run starts, and that a stimulus does: it
// is a function of absolute time.
func TestStart(t *testing.T) {
	m := models.Generic2dOscillator()
	net := network.Network{Dynamics: m, Graph: graph.Example().NormalizeMax(), Coupling: coupling.Set{"instant": coupling.Linear("V").With(param.Set{"G": 0.05})}, Noise: noise.Additive{Sigma: 0.01}}
	run := func(net network.Network, start float64) *network.Result {
		s := prepare(t, net, solver.RK4{}, network.Grid{Start: start, End: start + 40, Step: 0.5}, network.Options{Seed: 1})
		r, err := s.Run(context.Background(), s.Params())
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	a, b := run(net, 0), run(net, 1000)
	if d := firstDifference(flat(a), flat(b)); d != "" {
		t.Errorf("started at 1000 ms: %s", d)
	}
	if a.Time[0] != 0.5 || b.Time[0] != 1000.5 || b.Time[79] != 1040 {
		t.Errorf("times %v, %v, %v", a.Time[0], b.Time[0], b.Time[79])
	}
	sine := func(phase float64) network.Network {
		driven := net
		driven.Stimulus = stimulus.Set{m.External[0].Name: stimulus.Sine().With(param.Set{"frequency": 0.01, "amplitude": 0.1, "phase": phase})}
		return driven
	}
	late, shifted := flat(run(sine(0), 30)), flat(run(sine(2*math.Pi*0.3), 0))
	for k := range late {
		if math.Abs(late[k]-shifted[k]) > 1e-10 {
			t.Fatalf("a sine from 30 ms on and one of 0.3 cycles more phase differ: %v and %v", late[k], shifted[k])
		}
	}
	if firstDifference(late, flat(a)) == "" {
		t.Error("the stimulus has no effect")
	}
}
