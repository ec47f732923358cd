package network_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/stimulus"
)

// farRing has delays of 1 to 44 ms, so that in steps of 1 ms some are summed block by block and some step by step.
func farRing(n int) *graph.Graph {
	weights, lengths := make([][]float64, n), make([][]float64, n)
	for i := range n {
		weights[i], lengths[i] = make([]float64, n), make([]float64, n)
		for j := range n {
			if i != j {
				weights[i][j], lengths[i][j] = 0.1+float64((3*i+5*j)%7)/10, 3.3+float64((7*i+11*j)%13)*10.7
			}
		}
	}
	return graph.FromDense(weights).WithLengths(lengths).Speed(3)
}

// drivenNetwork is the Generic 2d oscillator with noise, a stimulus in time and couplings with and without delays.
func drivenNetwork(linear, onEdges bool) network.Network {
	delayed := coupling.Difference("V").With(param.Set{"G": 0.05})
	if onEdges {
		delayed.Name, delayed.Signal, delayed.Message, delayed.Post = "Message", "", "m = tanh(x - x_i)", "c = G*m"
	}
	if linear {
		delayed = delayed.LinearReads()
	}
	m := models.Generic2dOscillator()
	return network.Network{
		Dynamics: m, Graph: farRing(7), Noise: noise.Additive{Sigma: []float64{0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07}},
		Coupling: coupling.Set{"delayed": delayed, "instant": coupling.Linear("V").With(param.Set{"G": 0.03})},
		Stimulus: stimulus.Set{m.External[0].Name: stimulus.Sine().With(param.Set{"frequency": 0.013, "amplitude": 0.2})},
	}
}

// TestContinue holds that a run in one go, and one that is interrupted and continued, have the same bits in states and
// times: for every method, both ways to read delays, couplings on nodes and on edges, and pieces
// that end after an even or odd number of steps; also where the normals are drawn anew in every pass.
func TestContinue(t *testing.T) {
	ctx := context.Background()
	const start, step, whole = 3.7, 0.1, 131
	methods := append(solver.All(), solver.Heun{CouplingPerStage: true}, solver.Bounded{Solver: solver.Heun{}, Low: []float64{-1, -1}, High: []float64{1, 1}})
	checked := 0
	for _, method := range methods {
		for kind := range 4 {
			linear, onEdges := kind&1 == 1, kind&2 == 2
			net := drivenNetwork(linear, onEdges)
			net.Graph = net.Graph.Speed(30) // delays up to 44 steps of 0.1 ms
			run := func(net network.Network, first, steps int, tight bool) *network.Result {
				var memory int64
				if tight { // room for the samples, not for the normals beside them
					memory = max(8*2*7*int64(steps), 5000)
				}
				end := start + (float64(first+steps)-0.5)*step
				sim := prepare(t, net, method, network.Grid{Start: start, End: end, Step: step}, network.Options{Seed: 11, Stream: 3, FirstStep: first, Memory: memory})
				if sim.Steps() != steps {
					t.Fatalf("%d steps, want %d", sim.Steps(), steps)
				}
				r, err := sim.Run(ctx, sim.Params())
				if err != nil {
					t.Fatal(err)
				}
				return r
			}
			want := run(net, 0, whole, false)
			for _, pieces := range [][]int{{60, 71}, {61, 70}, {55, 53, 23}, {130, 1}} {
				for _, tight := range []bool{false, true} {
					first, part := 0, net
					var times, data []float64
					for _, steps := range pieces {
						r := run(part, first, steps, tight)
						times, data = append(times, r.Time...), append(data, flat(r)...)
						history, err := r.History(net.Graph.MaxDelay())
						if steps < 46 { // shorter than the longest delay: it can only be the last piece
							if err == nil {
								t.Errorf("a history of %d rows from %d steps", len(history), steps)
							}
							break
						}
						if err != nil {
							t.Fatal(err)
						}
						part.History, first = history, r.NextStep()
					}
					name := fmt.Sprintf("%s, linear %v, on edges %v, pieces %v, normals drawn anew %v", method.Name(), linear, onEdges, pieces, tight)
					if d := firstDifference(times, want.Time); d != "" {
						t.Errorf("%s: times: %s", name, d)
					}
					if d := firstDifference(data, flat(want)); d != "" {
						t.Errorf("%s: %s", name, d)
					}
					checked++
				}
			}
		}
	}
	t.Logf("%d runs were cut", checked)
}

// TestContinueGroups holds the same for groups, each with a history of its own.
func TestContinueGroups(t *testing.T) {
	ctx := context.Background()
	const step, whole, cut = 0.5, 90, 47
	c := groupCase(9, solver.Heun{}, true) // with histories, so without initial values
	run := func(net network.Network, first, last int) *network.Result {
		sim := prepare(t, net, solver.Heun{}, network.Grid{End: step * float64(last), Step: step}, network.Options{Seed: 3, FirstStep: first})
		res, err := sim.Run(ctx, sim.Params())
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	net := c.net
	net.Groups = slices.Clone(net.Groups)
	for i := range net.Groups {
		net.Groups[i].History = nil
	}
	want, before := run(net, 0, whole), run(net, 0, cut)
	if _, err := before.History(10); err == nil || !strings.Contains(err.Error(), "Result.Group(name).History") {
		t.Errorf("history of all groups: %v", err)
	}
	for i, g := range net.Groups {
		var err error
		if net.Groups[i].History, err = before.Group(g.Name).History(net.Graph.MaxDelay()); err != nil {
			t.Fatal(err)
		}
	}
	after := run(net, before.NextStep(), whole)
	for n, row := range after.Data {
		for v := range row {
			if !slices.EqualFunc(row[v], want.Data[cut+n][v], func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }) {
				t.Fatalf("step %d: %v, in one go %v", cut+n, row[v], want.Data[cut+n][v])
			}
		}
	}
	if !slices.Equal(after.Time, want.Time[cut:]) {
		t.Error("the times differ")
	}
}

// TestContinueNormals continues a run of recorded normals, and checks the bounds of FirstStep.
func TestContinueNormals(t *testing.T) {
	ctx := context.Background()
	net := drivenNetwork(false, false)
	grid := network.Grid{End: 120, Step: 1}
	normals := make([]float64, 120*2*7)
	for k := range normals {
		normals[k] = float64(k*k%17)/8 - 1
	}
	run := func(net network.Network, opts network.Options, grid network.Grid) *network.Result {
		s := prepare(t, net, solver.Heun{}, grid, opts)
		r, err := s.Run(ctx, s.Params())
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	want := run(net, network.Options{Normals: normals}, grid)
	first := run(net, network.Options{Normals: normals[:61*14]}, network.Grid{End: 61, Step: 1})
	var err error
	if net.History, err = first.History(net.Graph.MaxDelay()); err != nil {
		t.Fatal(err)
	}
	rest := run(net, network.Options{Normals: normals[61*14:], FirstStep: 61}, grid)
	if d := firstDifference(append(flat(first), flat(rest)...), flat(want)); d != "" {
		t.Error(d)
	}
	for _, bad := range []int{-1, 120, 1 << 40} {
		_, err := network.Prepare(net, solver.Heun{}, grid, network.Options{FirstStep: bad})
		if want := fmt.Sprintf("network: Options.FirstStep is %d; the grid has the steps 0 to 119: choose one of these, or a later End", bad); fmt.Sprint(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestContinueGradient checks the derivatives of a continued run with respect to its history, by the adjoint and by tangents,
// against central differences; and that a divergence is reported at its time in the whole run.
func TestContinueGradient(t *testing.T) {
	ctx := context.Background()
	for _, linear := range []bool{false, true} {
		net := drivenNetwork(linear, false)
		first := prepare(t, net, solver.Heun{}, network.Grid{End: 53, Step: 1}, network.Options{Seed: 4})
		r, err := first.Run(ctx, first.Params())
		if err != nil {
			t.Fatal(err)
		}
		if net.History, err = r.History(net.Graph.MaxDelay()); err != nil {
			t.Fatal(err)
		}
		sim := prepare(t, net, solver.Heun{}, network.Grid{End: 100, Step: 1}, network.Options{Seed: 4, FirstStep: r.NextStep()})
		p := sim.Params().Free("history")
		_, gradient, err := sim.Gradient(ctx, p, stateWaves{})
		if err != nil {
			t.Fatal(err)
		}
		theta := p.Theta()
		for round := range 3 {
			direction := make([]float64, len(theta))
			for k := range direction {
				direction[k] = math.Sin(float64((round + 2) * (k + 1)))
			}
			along := func(h float64) float64 {
				moved := slices.Clone(theta)
				for k := range moved {
					moved[k] += h * direction[k]
				}
				q := p.Clone()
				if err := q.SetTheta(moved); err != nil {
					t.Fatal(err)
				}
				v, err := sim.Value(ctx, q, stateWaves{})
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			var got float64
			for k, g := range gradient {
				got += g * direction[k]
			}
			central := func(h float64) float64 { return (along(h) - along(-h)) / (2 * h) }
			const h = 1e-3
			want := (4*central(h/2) - central(h)) / 3
			if math.Abs(got-want) > 1e-8*(1+math.Abs(want)) {
				t.Errorf("linear %v: adjoint %v, differences %v", linear, got, want)
			}
			_, pushed, err := sim.Push(ctx, p, stateWaves{}, [][]float64{direction})
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(pushed[0]-got) > 1e-11*(1+math.Abs(got)) {
				t.Errorf("linear %v: adjoint %v, tangents %v", linear, got, pushed[0])
			}
		}
		_, err = sim.Run(ctx, sim.Params().Set("dynamics.d", 1e300))
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("not finite at %v ms", r.NextStep()+1)) {
			t.Errorf("a run that diverges at once: %v", err)
		}
	}
}

// TestHistoryOf refuses results that do not say how a run goes on, and orders the states as the model does.
func TestHistoryOf(t *testing.T) {
	ctx := context.Background()
	net := network.Network{Dynamics: models.Generic2dOscillator(), Graph: graph.FromDense([][]float64{{0, 1}, {1, 0}})}
	run := func(record network.Record, names ...string) *network.Result {
		s := prepare(t, net, solver.Euler{}, network.Grid{End: 10, Step: 2, Record: record}, network.Options{Record: names})
		r, err := s.Run(ctx, s.Params())
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := run(network.AfterStep, "W", "V")
	h, err := r.History(3)
	if err != nil {
		t.Fatal(err)
	}
	last, before := r.Data[4], r.Data[3]
	if want := fmt.Sprint([][][]float64{{r.Data[2][1], r.Data[2][0]}, {before[1], before[0]}, {last[1], last[0]}}); fmt.Sprint(h) != want {
		t.Errorf("3 ms in steps of 2 ms: %v, want %s", h, want)
	}
	h[2][0][0]++
	if h[2][0][0] == r.Data[4][1][0] {
		t.Error("the history shares the result's memory")
	}
	if h, err = r.History(0); err != nil || len(h) != 1 {
		t.Errorf("without delays %d rows, %v", len(h), err)
	}
	if r.NextStep() != 5 {
		t.Errorf("the next step is %d", r.NextStep())
	}
	thinned := run(network.AfterStep)
	thinned.Data = [][][]float64{thinned.Data[0], thinned.Data[2], thinned.Data[4]}
	for _, c := range []struct {
		r     *network.Result
		delay float64
		want  string
	}{
		{run(network.AfterStep, "W"), 0, "network: the result lacks V; a history takes all states of the model: leave Options.Record empty, or add them to it"},
		{run(network.BeforeStep), 0, "network: the result has the state before each step, not the one at its end; record with Grid.Record network.AfterStep"},
		{thinned, 0, "network: the result holds 3 samples of a run of 5 steps; a history takes the state after every step: record all"},
		{r, 8.1, "network: a delay of 8.1 ms takes 6 rows of history, the run has 5 steps of 2 ms: let it end later"},
		{r, math.NaN(), "network: a history for a delay of NaN ms; give the longest delay, finite and not negative: Graph.MaxDelay()"},
		{r, math.Inf(1), "network: a history for a delay of +Inf ms; give the longest delay, finite and not negative: Graph.MaxDelay()"},
		{&network.Result{}, 0, "network: the result is of no run; a history is made of what Simulation.Run returned"},
	} {
		if _, err := c.r.History(c.delay); fmt.Sprint(err) != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
	if h, err := r.History(8); err != nil || len(h) != 5 {
		t.Errorf("8 ms in steps of 2 ms: %d rows, %v", len(h), err)
	}
}
