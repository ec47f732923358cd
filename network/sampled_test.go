package network_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/stimulus"
)

// driven is a model with an external input of two channels, one of which an auxiliary sees.
func driven() models.Model {
	return models.Model{
		Name:        "driven",
		States:      []models.State{{Name: "v", Initial: 0.2, Lo: -1, Hi: 1}, {Name: "w", Initial: -0.1, Lo: -1, Hi: 1}},
		Params:      []param.Spec{{Name: "k", Default: 0.1}},
		Inputs:      []models.Input{{Name: "delayed", Symbols: []string{"c"}}, {Name: "instant", Instant: true, Symbols: []string{"i"}}},
		External:    []models.Input{{Name: "drive", Symbols: []string{"a", "b"}}},
		Auxiliaries: []string{"h"},
		Equations:   "h = v*tanh(b)\ndv/dt = -k*v**3 + 0.2*a + 0.1*c + 0.02*h\ndw/dt = -0.3*w + v*b + 0.1*i",
	}
}

// sampledCase is a derivative case whose stimulus is sampled, whose normals are recorded, and of which some
// samples are recorded.
func sampledCase(number int, method solver.Solver, between stimulus.Interpolation) *derivativeCase {
	m, channels := models.Generic2dOscillator(), 1
	if number%2 == 0 {
		m, channels = driven(), 2
	}
	couple := couplings()[number/2%len(couplings())]
	if couple == "Message" && method.PerStage() {
		couple = "Linear"
	}
	c := newCase(number, m, couple, method, number%3 > 0)
	c.name = fmt.Sprint(number, " ", m.Name, " ", method.Name(), " ", couple)
	s := stimulus.Samples{Between: between, Outside: stimulus.Extension(number / 4 % 2), Start: 5.3, Interval: 2.9}
	width := c.nodes
	if number%3 == 0 {
		width = 1
	}
	var data [][][]float64
	for range 8 { // times from 5.3 to 25.6 ms, the run from 3 to at least 28 ms
		row := make([][]float64, channels)
		for k := range row {
			row[k] = c.regions(0.01, 0.02)[:width]
		}
		data = append(data, row)
	}
	s.Data = data
	if number%5 == 0 {
		s.Start, s.Interval, s.Times = 0, 0, []float64{4.2, 5, 8.5, 9, 14, 14.5, 20, 26}
	}
	c.net.Stimulus = stimulus.Set{m.External[0].Name: stimulus.Sampled(s)}
	for range c.steps * len(m.States) * c.nodes {
		c.normals = append(c.normals, c.NormFloat64())
	}
	c.sampling = []network.Sampling{{}, network.Every(3), network.Average(4)}[number%3]
	return c
}

// TestSampledDerivatives compares, for every method with two interpolations (all in long checks), the gradient
// by the adjoint with that by tangents and with differences, all leaves freed, among them data and normals; and
// products with the Hessian with differences of the gradient.
func TestSampledDerivatives(t *testing.T) {
	var w worst
	var second worstHessian
	t.Run("all", func(t *testing.T) {
		number := 0
		for i, method := range methods("") {
			for j, between := range []stimulus.Interpolation{stimulus.Linear, stimulus.Previous, stimulus.Nearest, stimulus.Cubic} {
				number++
				if !golden.Long() && (i+j)%2 > 0 {
					continue
				}
				c, again := sampledCase(number, method, between), sampledCase(number, method, between)
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.check(t, &w)
					again.checkHessian(t, &second)
				})
			}
		}
	})
	t.Logf("adjoint = tangents within %.1e, differences within %.1e, of the gradient within %.1e", w.pair, w.difference, second.difference)
}

// integrated is ∫u over each of so many steps by Euler's method, divided by the step: u at the steps' starts.
func integrated(t *testing.T, s stimulus.Stimulus, start, step float64, steps int) []float64 {
	t.Helper()
	m := models.Model{Name: "integrator", States: []models.State{{Name: "x"}}, Equations: "dx/dt = u", External: []models.Input{{Name: "u", Symbols: []string{"u"}}}}
	net := network.Network{Dynamics: m, Graph: graph.FromEdges(1, nil), Stimulus: stimulus.Set{"u": s}}
	y, _ := run(t, prepare(t, net, solver.Euler{}, network.Grid{Start: start, End: start + float64(steps)*step, Step: step}, network.Options{}))
	before := 0.0
	for k, x := range y {
		y[k], before = (x-before)/step, x
	}
	return y
}

// TestSampledValues compares interpolations with values by hand: within, before and after the samples, and
// where rounding puts a step's start a trifle before a jump.
func TestSampledValues(t *testing.T) {
	data := []float64{2, 5, -1, 8}
	// Times −1, −½, 0, … 4½ with samples at 0, 1, 2, 3; then slopes 3, −6, 9 of the pieces.
	cases := []struct {
		between stimulus.Interpolation
		outside stimulus.Extension
		want    []float64
	}{
		{stimulus.Linear, stimulus.Hold, []float64{2, 2, 2, 3.5, 5, 2, -1, 3.5, 8, 8, 8, 8}},
		{stimulus.Linear, stimulus.Continue, []float64{-1, 0.5, 2, 3.5, 5, 2, -1, 3.5, 8, 12.5, 17, 21.5}},
		{stimulus.Previous, stimulus.Hold, []float64{2, 2, 2, 2, 5, 5, -1, -1, 8, 8, 8, 8}},
		{stimulus.Previous, stimulus.Continue, []float64{2, 2, 2, 2, 5, 5, -1, -1, 8, 8, 8, 8}},
		{stimulus.Nearest, stimulus.Continue, []float64{2, 2, 2, 5, 5, -1, -1, 8, 8, 8, 8, 8}},
		// Hermite half-way: the mean of the ends + (slope at the left − slope at the right)/8.
		{stimulus.Cubic, stimulus.Hold, []float64{2, 2, 2, 3.5, 5, 2 + 9./8, -1, 3.5 - 15./8, 8, 8, 8, 8}},
		// After: y₂ + m·u + 2(s − m)·u² + (m − s)·u³ with m = −6, s = 9, u = 3/2, 2, 5/2.
		{stimulus.Cubic, stimulus.Continue, []float64{-1, 0.5, 2, 3.5, 5, 2 + 9./8, -1, 3.5 - 15./8, 8, 6.875, -13, -62.875}},
	}
	for _, c := range cases {
		for _, times := range [][]float64{nil, {0, 1, 2, 3}} {
			s := stimulus.Samples{Data: data, Times: times, Between: c.between, Outside: c.outside}
			if times == nil {
				s.Interval = 1
			}
			got := integrated(t, stimulus.Sampled(s), -1, 0.5, len(c.want))
			for k := range c.want {
				if math.Abs(got[k]-c.want[k]) > 1e-13 {
					t.Errorf("between %d, outside %d: %v, want %v", c.between, c.outside, got, c.want)
					break
				}
			}
		}
	}
	// Steps of 0.1 ms and samples every 0.3 ms: step 3k reads sample k, the two before it the one before.
	count := make([]float64, 70)
	for k := range count {
		count[k] = float64(k)
	}
	for _, c := range []struct {
		between stimulus.Interpolation
		late    int
	}{{stimulus.Previous, 0}, {stimulus.Nearest, 1}} {
		for k, got := range integrated(t, stimulus.Sampled(stimulus.Samples{Data: count, Start: 0.7, Interval: 0.3, Between: c.between}), 0.7, 0.1, 200) {
			if want := float64((k + c.late) / 3); math.Abs(got-want) > 1e-9 {
				t.Errorf("between %d, step %d reads %v, want %v", c.between, k, got, want)
			}
		}
	}
}

// TestSampledStages holds that samples are read at the time of every stage: a sine sampled every half step
// drives a network as the sine does.
func TestSampledStages(t *testing.T) {
	const frequency, step, steps = 0.03, 0.5, 60
	net := network.Network{Dynamics: models.Generic2dOscillator().With(param.Set{"d": 0.1}), Graph: ring(6, false),
		Coupling: coupling.Set{"instant": coupling.Linear("V").With(param.Set{"G": 0.1})}}
	grid := network.Grid{Start: 4, End: 4 + steps*step, Step: step}
	var data []float64
	for k := range 2*steps + 1 {
		data = append(data, math.Sin(2*math.Pi*frequency*(4+float64(k)*step/2)))
	}
	for _, method := range solver.All() {
		drive := func(s stimulus.Stimulus) []float64 {
			net.Stimulus = stimulus.Set{"stimulus": s}
			sim := prepare(t, net, method, grid, network.Options{})
			return mustRun(t, sim, sim.Params())
		}
		sine := drive(stimulus.Sine().With(param.Set{"frequency": frequency}))
		for _, between := range []stimulus.Interpolation{stimulus.Linear, stimulus.Previous, stimulus.Nearest, stimulus.Cubic} {
			sampled := drive(stimulus.Sampled(stimulus.Samples{Data: data, Start: 4, Interval: step / 2, Between: between}))
			for k := range sine {
				if math.Abs(sine[k]-sampled[k]) > 1e-12 {
					t.Fatalf("%s, between %d: number %d is %v, driven by the sine %v", method.Name(), between, k, sampled[k], sine[k])
				}
			}
		}
	}
}

// TestSamplesInEquations holds that equations of one's own can use samples and parameters together.
func TestSamplesInEquations(t *testing.T) {
	s := stimulus.Stimulus{Name: "scaled", Params: []param.Spec{{Name: "gain", Default: 2}}, Equations: "u = gain*s + t", Channels: []string{"u"},
		Samples: &stimulus.Samples{Data: [][]float64{{1}, {3}}, Interval: 4, Symbols: []string{"s"}}}
	for k, got := range integrated(t, s.With(param.Set{"gain": 10}), 0, 1, 6) {
		if want := 10*(1+0.5*min(float64(k), 4)) + float64(k); math.Abs(got-want) > 1e-12 {
			t.Errorf("at %d ms %v, want %v", k, got, want)
		}
	}
}

// sampledNetwork is a delayed network with a sampled stimulus and recorded normals, and what has to be freed.
func sampledNetwork(steps int) (net network.Network, normals []float64, free []string) {
	r := rand.New(rand.NewPCG(12, 5))
	var data [][]float64
	for range 9 {
		row := make([]float64, 6)
		for i := range row {
			row[i] = 0.2 * r.NormFloat64()
		}
		data = append(data, row)
	}
	for range steps * 6 {
		normals = append(normals, r.NormFloat64())
	}
	net = network.Network{
		Dynamics: models.Generic2dOscillator().Initial(param.Set{"V": []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6}}),
		Coupling: coupling.Set{"delayed": coupling.Linear("V").LinearReads().With(param.Set{"G": 0.2})},
		Graph:    ring(6, true),
		Noise:    noise.Additive{Sigma: 0.01, States: []string{"W"}},
		Stimulus: stimulus.Set{"stimulus": stimulus.Sampled(stimulus.Samples{Data: data, Interval: float64(steps) / 18, Between: stimulus.Cubic})},
	}
	return net, normals, []string{"external.stimulus.data", "noise.normals", "dynamics.d", "graph.weights"}
}

// TestSampledMemory holds that gradients of samples have the same bits in little memory, and a tangent alone
// and among others.
func TestSampledMemory(t *testing.T) {
	const steps = 500
	net, normals, free := sampledNetwork(steps)
	for _, sampling := range []network.Sampling{{}, network.Every(7), network.Average(7)} {
		gradient := func(memory int64) []float64 {
			s := prepare(t, net, solver.RK4{}, network.Grid{End: steps * 0.5, Step: 0.5}, network.Options{Normals: normals, Sampling: sampling, Memory: memory})
			return mustGradient(t, s, s.Params().Free(free...), waves{})
		}
		recorded := int64(16 * steps * 12) // samples and their cotangents
		if sampling != (network.Sampling{}) {
			recorded /= 7
		}
		want := gradient(0)
		for _, left := range []int64{60 << 10, 25 << 10} { // all steps take about 94 KiB
			if d := firstDifference(gradient(recorded+left), want); d != "" {
				t.Errorf("%v, %d bytes left: %s", sampling, left, d)
			}
		}
	}
	s := prepare(t, net, solver.RK4{}, network.Grid{End: 40, Step: 0.5}, network.Options{Normals: normals[:80*6]})
	p := s.Params().Free(free...)
	directions := make([][]float64, 9)
	for k := range directions {
		for i := range p.NumFree() {
			directions[k] = append(directions[k], math.Cos(float64(i*(k+1))))
		}
	}
	_, all, err := s.Push(t.Context(), p, waves{}, directions)
	if err != nil {
		t.Fatal(err)
	}
	for k := range directions {
		_, one, err := s.Push(t.Context(), p, waves{}, directions[k:k+1])
		if err != nil {
			t.Fatal(err)
		}
		if d := firstDifference(one, all[k:k+1]); d != "" {
			t.Errorf("lane %d: %s", k, d)
		}
	}
}

// TestSampledWindows compares truncated gradients of samples with those of runs that start at the windows:
// data collect the shares of all windows, normals belong to one each.
func TestSampledWindows(t *testing.T) {
	const steps, window, depth, step = 24, 8, 9, 0.5
	net, normals, free := sampledNetwork(steps)
	prepared := func(net network.Network, from, to int, o network.Options) (*network.Simulation, *param.Tree) {
		o.Normals = normals[from*6 : to*6]
		s := prepare(t, net, solver.Heun{}, network.Grid{Start: float64(from) * step, End: float64(to) * step, Step: step}, o)
		return s, s.Params().Free(free[:2]...)
	}
	sim, p := prepared(net, 0, steps, network.Options{GradientWindow: window})
	_, got, err := sim.GradientByPath(t.Context(), p, waves{})
	if err != nil {
		t.Fatal(err)
	}
	tangents := tangentsByPath(t, sim, p, waves{})
	result, err := sim.Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	states := slices.Repeat([][][]float64{{{0.1, 0.2, 0.3, 0.4, 0.5, 0.6}, make([]float64, 6)}}, depth)
	states = append(states, result.Data...)
	want := map[string][]float64{free[0]: make([]float64, len(got[free[0]]))}
	for from := 0; from < steps; from += window {
		part := net
		part.Dynamics = models.Generic2dOscillator()
		part.History = states[from : from+depth]
		s, q := prepared(part, from, from+window, network.Options{})
		_, g, err := s.GradientByPath(t.Context(), q, waves{first: from})
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range g[free[0]] {
			want[free[0]][k] += v
		}
		want[free[1]] = append(want[free[1]], g[free[1]]...)
	}
	for path := range want {
		for k, w := range want[path] {
			if tolerance := 1e-12 * (1 + math.Abs(w)); math.Abs(got[path][k]-w) > tolerance || math.Abs(tangents[path][k]-w) > tolerance {
				t.Errorf("%s[%d]: truncated %v, by tangents %v, by windows %v", path, k, got[path][k], tangents[path][k], w)
			}
		}
	}
}
