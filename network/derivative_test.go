package network_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
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

// weighted is Σ w·δ + v·δ², δ = y − centre, over the recorded samples from number from on. With a run's own
// samples as the centre its small changes keep their digits, which differences need.
type weighted struct {
	from         int
	w, v, centre []float64
}

func newWeighted(r *rand.Rand, from, samples int) weighted {
	l := weighted{from: from, centre: make([]float64, samples)}
	for range samples {
		l.w, l.v = append(l.w, r.NormFloat64()), append(l.v, r.NormFloat64())
	}
	return l
}

// centred is the loss with the samples of a result as its centre.
func (l weighted) centred(res *network.Result) weighted {
	l.centre = nil
	for _, row := range res.Data[l.from:] {
		for _, variable := range row {
			l.centre = append(l.centre, variable...)
		}
	}
	return l
}

func (l weighted) Window(samples, variables, nodes int) (int, error) {
	if (samples-l.from)*variables*nodes != len(l.w) {
		return 0, fmt.Errorf("%d weights for %d samples of %d×%d from %d on", len(l.w), samples, variables, nodes, l.from)
	}
	return l.from, nil
}

func (l weighted) Value(y network.Trajectory) (float64, error) {
	var sum float64
	for k, x := range y.Data {
		if d := x - l.centre[k]; d == d { // NaN where a group does not have the variable
			sum += l.w[k]*d + l.v[k]*d*d
		}
	}
	return sum, nil
}

func (l weighted) Pull(y network.Trajectory, cotangent []float64) (float64, error) {
	for k, x := range y.Data {
		cotangent[k] = l.w[k] + 2*l.v[k]*(x-l.centre[k])
	}
	return l.Value(y)
}

func (l weighted) Push(y network.Trajectory, tangents []float64, lanes int, dvalue []float64) (float64, error) {
	clear(dvalue)
	for k, x := range y.Data {
		if x != x {
			continue
		}
		for lane := range dvalue {
			dvalue[lane] += (l.w[k] + 2*l.v[k]*(x-l.centre[k])) * tangents[k*lanes+lane]
		}
	}
	return l.Value(y)
}

// connect makes the couplings of coupling.All between the first states of a model, and one with messages.
var connect = map[string]func(states []string) coupling.Coupling{
	"Linear":             func(s []string) coupling.Coupling { return coupling.Linear(s[0]) },
	"Difference":         func(s []string) coupling.Coupling { return coupling.Difference(s[0]) },
	"SigmoidalJansenRit": func(s []string) coupling.Coupling { return coupling.SigmoidalJansenRit(s[0], s[min(1, len(s)-1)]) },
	"Message": func(s []string) coupling.Coupling {
		c := coupling.Difference(s[0])
		c.Name, c.Signal, c.Message, c.Post = "Message", "", "m = tanh(x - x_i)", "c = G*m"
		return c
	},
}

func couplings() []string {
	names := []string{"Message"}
	for _, c := range coupling.All() {
		names = append(names, c.Name)
	}
	return names
}

// bounds of the states for the bounded methods: some are active in the cases below, not all.
var bounds = map[string][2][]float64{
	"ReducedWongWang":     {{0.02}, {0.36}},
	"JansenRit":           {{-0.02, 3, 1, -1, -0.5, -4}, {0.12, 30, 6.5, 0.01, 2.5, 5}},
	"Generic2dOscillator": {{-0.6, -1}, {0.9, 1.2}},
}

func methods(model string) []solver.Solver {
	b, ok := bounds[model]
	if !ok {
		b = [2][]float64{{-1e3}, {1e3}}
	}
	return append(solver.All(),
		solver.Bounded{Solver: solver.Heun{}, Low: b[0], High: b[1]},
		solver.Bounded{Solver: solver.Heun{CouplingPerStage: true}, Low: b[0], High: b[1], EveryStage: true},
		solver.Bounded{Solver: solver.RK4{}, Low: b[0], High: b[1], EveryStage: true})
}

// derivativeCase is a small random network with as many kinds of leaves as its parts allow.
type derivativeCase struct {
	*rand.Rand
	name   string
	nodes  int
	steps  int
	delays bool
	linear bool // reads of the delays, which are then free
	sparse bool
	past   bool // with a history
	net    network.Network
	method solver.Solver
	grid   network.Grid
	record []string
	// Samples of the stimulus, and those recorded, of cases of their own.
	normals  []float64
	sampling network.Sampling
}

func (c *derivativeCase) regions(mean, spread float64) []float64 {
	x := make([]float64, c.nodes)
	for i := range x {
		x[i] = mean + spread*(2*c.Float64()-1)
	}
	return x
}

// stepLength is a step in ms that suits the model.
func stepLength(m models.Model) float64 {
	if m.Name == "ReducedWongWang" {
		return 4
	}
	return 1
}

func newCase(number int, m models.Model, couple string, method solver.Solver, delays bool) *derivativeCase {
	r := rand.New(rand.NewPCG(uint64(number), 99))
	c := &derivativeCase{Rand: r, name: fmt.Sprint(m.Name, "/", couple, "/", number, " ", method.Name()), nodes: 4 + number%3, steps: 25 + r.IntN(10),
		delays: delays, linear: delays && number%3 == 2, sparse: number%2 == 1, past: delays && number%4 >= 2, method: method}
	step := stepLength(m)
	c.grid = network.Grid{Start: 3, End: 3 + float64(c.steps)*step, Step: step}
	var states []string
	initial, sigma := param.Set{}, [][]float64{}
	for i, s := range m.States {
		states = append(states, s.Name)
		spread := 0.04 * min(s.Hi-s.Lo, 20)
		initial[s.Name] = s.Initial + spread*(2*r.Float64()-1)
		if i%2 == 0 {
			initial[s.Name] = c.regions(s.Initial+spread, spread)
		}
		sigma = append(sigma, c.regions(0.05*spread, 0.03*spread))
	}
	values := param.Set{}
	for _, p := range m.Params {
		values[p.Name] = p.Default * (1 + 0.03*(2*r.Float64()-1))
		if p.Default == 0 {
			values[p.Name] = 0.3 * (2*r.Float64() - 1)
		}
	}
	c.net = network.Network{Dynamics: m.With(values), Graph: c.graph(step), Noise: noise.Additive{Sigma: sigma}}
	strong := param.Set{"G": 0.3 + 0.2*r.Float64()}
	if couple == "SigmoidalJansenRit" {
		strong = param.Set{"G": 0.3, "cmin": 0.1, "cmax": 1, "midpoint": 0.3, "r": 1.2}
	}
	send := connect[couple](states).With(strong)
	if c.linear {
		send = send.LinearReads()
	}
	c.net.Coupling = coupling.Set{"delayed": send}
	if number%3 == 1 { // a second one into the other input
		c.net.Coupling["instant"] = coupling.Linear(states[len(states)-1]).With(param.Set{"G": 0.01, "b": 0.01})
	}
	if len(m.External) > 0 && number%2 == 0 {
		c.net.Stimulus = stimulus.Set{m.External[0].Name: stimulus.Sine().With(param.Set{"frequency": 0.05, "amplitude": 0.01, "phase": 0.3})}
	}
	if c.past {
		for range 24 {
			var row [][]float64
			for _, s := range m.States {
				row = append(row, c.regions(s.Initial, 0.04*min(s.Hi-s.Lo, 20)))
			}
			c.net.History = append(c.net.History, row)
		}
	} else {
		c.net.Dynamics = c.net.Dynamics.Initial(initial)
	}
	if number%2 == 0 {
		c.record = append(append([]string{}, states[:1]...), m.Auxiliaries...)
	}
	return c
}

func (c *derivativeCase) graph(step float64) *graph.Graph {
	var edges []graph.Edge
	var delays []float64
	dense := make([][]float64, c.nodes)
	lengths := make([][]float64, c.nodes)
	for i := range c.nodes {
		dense[i], lengths[i] = make([]float64, c.nodes), make([]float64, c.nodes)
		for j := range c.nodes {
			w := 0.1 + 0.4*c.Float64()
			if c.IntN(4) == 0 {
				w = 0
			}
			d := float64(c.IntN(9)) * step
			if c.linear { // away from whole steps and, for the stage-time shift, from halves
				d += (1.2 + 0.1*c.Float64()) * step
			}
			dense[i][j], lengths[i][j] = w, 5*d
			if w != 0 || c.IntN(2) == 0 {
				edges, delays = append(edges, graph.Edge{Target: i, Source: j, Weight: w}), append(delays, d)
			}
		}
	}
	switch {
	case c.sparse && c.delays:
		return graph.FromEdges(c.nodes, edges).WithEdgeDelays(delays)
	case c.sparse:
		return graph.FromEdges(c.nodes, edges)
	case c.delays:
		return graph.FromDense(dense).WithLengths(lengths).Speed(5)
	}
	return graph.FromDense(dense)
}

// free frees every leaf but delays at nearest reads, makes some regional and gives some a transform.
func (c *derivativeCase) free(p *param.Tree) error {
	p.Free("*")
	for _, path := range []string{"graph.speed", "graph.lengths", "graph.delays"} {
		if p.Has(path) && !c.linear {
			p.Fix(path)
		}
	}
	for i := range p.Len() {
		leaf := p.At(i)
		if leaf.Regions > 0 && len(leaf.Shape) == 0 && c.IntN(3) == 0 {
			p.Regional(leaf.Path)
			x := append([]float64(nil), p.Values(leaf.Path)...)
			for k := range x {
				x[k] *= 1 + 0.02*(2*c.Float64()-1)
			}
			p.Set(leaf.Path, x...)
		}
		lowest, largest := math.Inf(1), math.Inf(-1)
		for _, v := range p.At(i).Value {
			lowest, largest = min(lowest, v), max(largest, v)
		}
		switch c.IntN(4) {
		case 0:
			if lowest > 0 {
				p.Transform(leaf.Path, param.Log{})
			}
		case 1:
			span := max(math.Abs(lowest), math.Abs(largest), 0.1)
			b := param.Bounded{Lo: lowest - span, Hi: largest + span}
			if lowest > 0 {
				b.Lo = lowest / 2
			}
			p.Transform(leaf.Path, b)
		}
	}
	return p.Err()
}

// slope differentiates f at 0 by central differences with steps h, h/2, h/4, extrapolated; spread is the
// change that the last extrapolation made.
func slope(f func(h float64) float64, h float64) (d, spread float64) {
	var table [3][3]float64
	for i := range 3 {
		s := h / float64(int(1)<<i)
		table[i][0] = (f(s) - f(-s)) / (2 * s)
		for k, power := 1, 4.0; k <= i; k, power = k+1, power*4 {
			table[i][k] = (power*table[i][k-1] - table[i-1][k-1]) / (power - 1)
		}
	}
	return table[2][2], math.Abs(table[2][2] - table[2][1])
}

// block is the part of the free vector that belongs to a leaf.
type block struct {
	path     string
	from, to int
}

func blocks(p *param.Tree) []block {
	var list []block
	at := 0
	for _, i := range p.FreeLeaves() {
		path := p.At(i).Path
		size := p.Clone().Fix("*").Free(path).NumFree()
		list = append(list, block{path, at, at + size})
		at += size
	}
	return list
}

// worst are the largest errors found.
type worst struct {
	sync.Mutex
	pair, difference float64
}

func (w *worst) note(pair, difference float64) {
	w.Lock()
	defer w.Unlock()
	w.pair, w.difference = max(w.pair, pair), max(w.difference, difference)
}

// check compares adjoint, tangents and differences leaf by leaf.
func (c *derivativeCase) check(t *testing.T, w *worst) {
	ctx := context.Background()
	sim, err := network.Prepare(c.net, c.method, c.grid, network.Options{Seed: 7, Record: c.record, Normals: c.normals, Sampling: c.sampling})
	if err != nil {
		t.Fatal(err)
	}
	p := sim.Params()
	if err := c.free(p); err != nil {
		t.Fatal(err)
	}
	from := c.IntN(min(5, sim.Samples()))
	loss := newWeighted(c.Rand, from, (sim.Samples()-from)*len(sim.Variables())*c.nodes)
	base, err := sim.Run(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	loss = loss.centred(base)
	value, adjoint, err := sim.Gradient(ctx, p, loss)
	if err != nil {
		t.Fatal(err)
	}
	value2, tangent, err := sim.TangentGradient(ctx, p, loss)
	if err != nil {
		t.Fatal(err)
	}
	if value != value2 {
		t.Errorf("values %v and %v", value, value2)
	}
	theta := p.Theta()
	var global float64 // the largest change of the loss that a value of the free vector can make, about
	for _, b := range blocks(p) {
		for k := b.from; k < b.to; k++ {
			global = max(global, math.Abs(adjoint[k])*scaleOf(b.path, theta[k]))
		}
	}
	for _, b := range blocks(p) {
		var size, apart float64
		for k := b.from; k < b.to; k++ {
			scale := scaleOf(b.path, theta[k])
			size = max(size, math.Abs(adjoint[k])*scale)
			apart = max(apart, math.Abs(adjoint[k]-tangent[k])*scale)
		}
		w.note(apart/max(size, 1e-3*global), 0)
		if !(apart <= 1e-12*max(size, 1e-3*global)) {
			t.Errorf("%s: adjoint and tangent differ by %.1e of %.1e, of %.1e for all leaves", b.path, apart, size, global)
		}
		d := make([]float64, len(theta))
		for k := b.from; k < b.to; k++ {
			d[k] = (2*c.Float64() - 1) * scaleOf(b.path, theta[k])
		}
		floor := max(1e-4*size, 1e-5*global)
		w.note(0, c.differences(t, sim, p, loss, theta, adjoint, b, d, floor))
		if b.to > b.from+1 && c.IntN(2) == 0 {
			single, k := make([]float64, len(theta)), b.from+c.IntN(b.to-b.from)
			single[k] = scaleOf(b.path, theta[k])
			w.note(0, c.differences(t, sim, p, loss, theta, adjoint, b, single, floor))
		}
	}
}

// scaleOf is a change of a leaf's value x that counts; sigma must stay positive.
func scaleOf(path string, x float64) float64 {
	if path == "noise.sigma" && x != 0 {
		return math.Abs(x)
	}
	return max(math.Abs(x), 0.02)
}

// differences compares a gradient along a direction within a leaf with extrapolated differences: with the
// step that agrees best, as small ones suffer from rounding and large ones from curvature and clips.
func (c *derivativeCase) differences(t *testing.T, sim *network.Simulation, p *param.Tree, loss weighted, theta, gradient []float64, b block, d []float64, floor float64) float64 {
	var got, size float64
	for k := b.from; k < b.to; k++ {
		got += gradient[k] * d[k]
		size += math.Abs(gradient[k] * d[k])
	}
	size = max(size, floor)
	moved := append([]float64(nil), theta...)
	along := func(h float64) float64 {
		for k := b.from; k < b.to; k++ {
			moved[k] = theta[k] + h*d[k]
		}
		if err := p.SetTheta(moved); err != nil {
			t.Fatal(err)
		}
		v, err := sim.Value(context.Background(), p, loss)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	least := math.Inf(1)
	smallest := 1e-5
	if _, ok := c.method.(solver.Bounded); ok {
		smallest = 1e-8 // a clip may be that near
	}
	for h := 0.1; h > smallest && least > 5e-8; h /= 3 {
		want, _ := slope(along, h)
		least = min(least, math.Abs(got-want)/size)
	}
	if !(least <= 1e-7) {
		t.Errorf("%s: derivative %.10g of %.1g, differences are off by %.1e", b.path, got, size, least)
	}
	if err := p.SetTheta(theta); err != nil {
		t.Fatal(err)
	}
	return least
}

// TestDerivatives compares, for every model with every coupling and method, with and without delays, the
// gradient by the adjoint with that by tangents and with differences, all leaves freed at once.
func TestDerivatives(t *testing.T) {
	var w worst
	t.Run("all", func(t *testing.T) { everyCase(t, 1, func(t *testing.T, c *derivativeCase) { c.check(t, &w) }) })
	t.Logf("adjoint = tangents within %.1e, differences within %.1e", w.pair, w.difference)
}

// everyCase checks the product of models, couplings, methods and delays, or a part of it: all with
// golden.Long, else one case in 3·part, or in 8·part of many models.
func everyCase(t *testing.T, part int, check func(t *testing.T, c *derivativeCase)) {
	number := 0
	list := models.All()
	for k, m := range list {
		for i, couple := range couplings() {
			if connect[couple] == nil {
				t.Fatalf("add coupling %s to connect", couple)
			}
			for j, method := range methods(m.Name) {
				for _, delays := range []bool{false, true} {
					number++
					// A part of them, so that each model keeps every coupling and every method.
					choice, every := i+j+k, 3*part
					if delays {
						choice++
					}
					if len(list) > 4 {
						every = 8 * part
					}
					if !golden.Long() && choice%every != 0 {
						continue
					}
					net := newCase(number, m, couple, method, delays)
					t.Run(net.name, func(t *testing.T) {
						t.Parallel()
						check(t, net)
					})
				}
			}
		}
	}
}
