package network_test

import (
	"context"
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

// leaky and resonant are models small enough to be written out as loops.
var (
	leaky = models.Model{
		Name:      "leaky",
		States:    []models.State{{Name: "V", Initial: 0.3}},
		Params:    []param.Spec{{Name: "a", Default: 0.8}},
		Inputs:    []models.Input{{Name: "in", Symbols: []string{"c"}}},
		Equations: "dV/dt = -a*V + c",
	}
	resonant = models.Model{
		Name:      "resonant",
		States:    []models.State{{Name: "W", Initial: 0.1}, {Name: "V", Initial: -0.2}},
		Params:    []param.Spec{{Name: "k", Default: 1.3}},
		Inputs:    []models.Input{{Name: "in", Symbols: []string{"c"}}},
		Equations: "dW/dt = V\ndV/dt = -k*W - V^3 + c",
	}
)

// TestGroupsAgainstLoops compares a network of two models, interleaved in the graph, with routes each way
// and within, with the same written as loops: Euler's method, delays to the nearest step, noise.
func TestGroupsAgainstLoops(t *testing.T) {
	const n, steps, h = 5, 40, 0.25
	r := rand.New(rand.NewPCG(3, 4))
	weights, delays := make([][]float64, n), make([][]float64, n)
	for i := range n {
		weights[i], delays[i] = make([]float64, n), make([]float64, n)
		for j := range n {
			weights[i][j], delays[i][j] = r.Float64(), h*float64(r.IntN(7))
		}
	}
	labels := []string{"R01", "R02", "R03", "R04", "R05"}
	first, second := []int{1, 3}, []int{0, 2, 4}
	pick := func(nodes []int) (regions []string) {
		for _, i := range nodes {
			regions = append(regions, labels[i])
		}
		return regions
	}
	normals := make([]float64, steps*2)
	for i := range normals {
		normals[i] = r.NormFloat64()
	}
	net := network.Network{
		Graph: graph.FromDense(weights).WithDelays(delays),
		Groups: []network.Group{
			{Name: "a", Regions: pick(first), Dynamics: leaky.With(param.Set{"a": []float64{0.8, 1.1}}), Noise: noise.Additive{Sigma: 0.3}},
			{Name: "b", Regions: pick(second), Dynamics: resonant},
		},
		Routes: []network.Route{
			{From: "a", To: "b", Coupling: coupling.Linear("V").Into("in").With(param.Set{"G": 0.5})},
			{From: "b", To: "a", Coupling: coupling.Difference("W").Local("V").Into("in").With(param.Set{"G": 0.3})},
			{From: "b", To: "b", Name: "in", Coupling: coupling.Linear("V").With(param.Set{"G": -0.2}).Instant()},
		},
	}
	sim, err := network.Prepare(net, solver.Euler{}, network.Grid{End: steps * h, Step: h}, network.Options{Normals: normals})
	if err != nil {
		t.Fatal(err)
	}
	got, err := sim.Run(context.Background(), sim.Params())
	if err != nil {
		t.Fatal(err)
	}
	// past[k] is the state k steps ago: V of both groups and W of the second, by node of the graph.
	type state struct{ v, w [n]float64 }
	now := state{}
	for i := range n {
		now.v[i], now.w[i] = 0.3, math.NaN()
		if slices.Contains(second, i) {
			now.v[i], now.w[i] = -0.2, 0.1
		}
	}
	past := slices.Repeat([]state{now}, 8)
	leak := map[int]float64{1: 0.8, 3: 1.1}
	for step := range steps {
		next := now
		ago := func(i, j int) state { return past[int(delays[i][j]/h)] }
		for k, i := range first {
			var c float64
			for _, j := range second {
				c += 0.3 * weights[i][j] * (ago(i, j).w[j] - now.v[i])
			}
			next.v[i] += h*(-leak[i]*now.v[i]+c) + 0.3*math.Sqrt(h)*normals[step*2+k]
		}
		for _, i := range second {
			var c float64
			for _, j := range first {
				c += 0.5 * weights[i][j] * ago(i, j).v[j]
			}
			for _, j := range second {
				c -= 0.2 * weights[i][j] * now.v[j]
			}
			next.w[i] += h * now.v[i]
			next.v[i] += h * (-1.3*now.w[i] - now.v[i]*now.v[i]*now.v[i] + c)
		}
		now = next
		past = append([]state{now}, past[:7]...)
		for i := range n {
			v, w := got.Data[step][0][i], got.Data[step][1][i]
			if math.Abs(v-now.v[i]) > 1e-12 || slices.Contains(second, i) && math.Abs(w-now.w[i]) > 1e-12 {
				t.Fatalf("step %d, region %d: V %v, W %v; loops give %v, %v", step, i, v, w, now.v[i], now.w[i])
			}
			if slices.Contains(first, i) && !math.IsNaN(w) {
				t.Fatalf("region %d has no W, but %v was recorded", i, w)
			}
		}
	}
	if want := []string{"V", "W"}; !slices.Equal(got.Variables, want) {
		t.Errorf("variables %q, want %q", got.Variables, want)
	}
	b := got.Group("b")
	if !slices.Equal(b.Regions, pick(second)) || !slices.Equal(b.Variables, []string{"V", "W"}) || b.Data[9][1][2] != got.Data[9][1][4] {
		t.Errorf("group b has regions %q, variables %q", b.Regions, b.Variables)
	}
	if a := got.Group("a"); !slices.Equal(a.Variables, []string{"V"}) || a.Data[7][0][1] != got.Data[7][0][3] || got.Group("c") != nil {
		t.Errorf("group a has variables %q", a.Variables)
	}
}

// TestOneModelInGroups compares a network of one model with the same network in groups: the noise is that of
// the nodes of the graph and differs by the group's number only, so it is recorded here.
func TestOneModelInGroups(t *testing.T) {
	ctx := context.Background()
	flat := network.Network{Dynamics: models.ReducedWongWang(), Graph: ring(6, true), Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.2})}}
	grid := network.Grid{End: 60, Step: 2}
	sim, err := network.Prepare(flat, solver.Heun{}, grid, network.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := sim.Run(ctx, sim.Params())
	if err != nil {
		t.Fatal(err)
	}
	labels := flat.Graph.Labels()
	grouped := network.Network{Graph: flat.Graph, Groups: []network.Group{
		{Name: "one", Regions: []string{labels[4], labels[1]}, Dynamics: flat.Dynamics},
		{Name: "two", Regions: []string{labels[0], labels[2], labels[3], labels[5]}, Dynamics: flat.Dynamics},
	}}
	for _, from := range []string{"one", "two"} {
		for _, to := range []string{"one", "two"} {
			grouped.Routes = append(grouped.Routes, network.Route{From: from, To: to, Coupling: flat.Coupling["delayed"].Into("delayed")})
		}
	}
	sim, err = network.Prepare(grouped, solver.Heun{}, grid, network.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := sim.Run(ctx, sim.Params())
	if err != nil {
		t.Fatal(err)
	}
	for step, row := range want.Data {
		for i, x := range row[0] {
			if math.Abs(got.Data[step][0][i]-x) > 1e-13 {
				t.Fatalf("step %d, region %d: %v in groups, %v as one", step, i, got.Data[step][0][i], x)
			}
		}
	}
}

// groupCase is a random network of two or three groups.
func groupCase(number int, method solver.Solver, delays bool) *derivativeCase {
	r := rand.New(rand.NewPCG(uint64(number), 17))
	c := &derivativeCase{Rand: r, name: fmt.Sprint(number, " ", method.Name()), nodes: 7 + number%2, steps: 20 + r.IntN(8), delays: delays,
		linear: delays && number%2 == 0, sparse: number%3 == 1, past: delays && number%3 == 0, method: method}
	c.grid = network.Grid{Start: 1, End: 1 + float64(c.steps)*0.5, Step: 0.5}
	c.net.Graph = c.graph(0.5)
	names := []string{"a", "b", "c"}[:2+number%2]
	regions := make([][]string, len(names))
	for i, label := range c.net.Graph.Labels() {
		g := i % len(names)
		if i >= len(names) {
			g = r.IntN(len(names))
		}
		regions[g] = append(regions[g], label)
	}
	of := map[string]models.Model{"a": models.ReducedWongWang(), "b": models.Generic2dOscillator(), "c": models.Generic2dOscillator()}
	for i, name := range names {
		m := of[name]
		n := len(regions[i])
		values := func(mean, spread float64) []float64 {
			x := make([]float64, n)
			for k := range x {
				x[k] = mean + spread*(2*r.Float64()-1)
			}
			return x
		}
		g := network.Group{Name: name, Regions: regions[i], Dynamics: m}
		if r.IntN(3) > 0 {
			g.Noise = noise.Additive{Sigma: values(0.02, 0.01), States: []string{m.States[0].Name}}
		}
		if len(m.External) > 0 && r.IntN(2) == 0 {
			g.Stimulus = stimulus.Set{m.External[0].Name: stimulus.Sine().With(param.Set{"frequency": 0.05, "amplitude": values(0.1, 0.05)})}
		} else if len(m.External) > 0 {
			data := [][]float64{values(0.1, 0.1), values(0.1, 0.1), values(0.1, 0.1)}
			g.Stimulus = stimulus.Set{m.External[0].Name: stimulus.Sampled(stimulus.Samples{Data: data, Interval: 3.3})}
		}
		initial := param.Set{}
		for _, s := range m.States {
			initial[s.Name] = values(0.3, 0.1)
		}
		if c.past {
			for range 14 {
				var row [][]float64
				for range m.States {
					row = append(row, values(0.3, 0.1))
				}
				g.History = append(g.History, row)
			}
		} else {
			g.Dynamics = m.Initial(initial)
		}
		c.net.Groups = append(c.net.Groups, g)
	}
	c.net.Routes = c.groupRoutes(names, of)
	return c
}

// groupRoutes joins every group with itself and the others by couplings of all kinds.
func (c *derivativeCase) groupRoutes(names []string, of map[string]models.Model) []network.Route {
	var routes []network.Route
	for _, from := range names {
		for _, to := range names {
			kinds := couplings()
			kind := kinds[c.IntN(len(kinds))]
			states := stateNames(of[from])
			send := connect[kind](states)
			gain := param.Set{"G": 0.02}
			if kind == "SigmoidalJansenRit" {
				gain = param.Set{"G": 0.05, "cmin": 0.1, "cmax": 1, "midpoint": 0.3, "r": 1.2}
			}
			send = send.With(gain).Into("delayed")
			if len(send.LocalSymbols) > 0 {
				send = send.Local(stateNames(of[to])[0])
			}
			if c.linear {
				send = send.LinearReads()
			}
			if rules := weightRules(); c.IntN(2) == 0 {
				rule := rules[c.IntN(len(rules))]
				send = send.Weighted(rule)
				for _, p := range rule.Params {
					gains := make([]float64, len(c.net.Graph.Weights()))
					for e := range gains {
						gains[e] = p.Default + 0.2*c.Float64()
					}
					send = send.With(param.Set{p.Name: c.edgeArray(gains)})
				}
			}
			routes = append(routes, network.Route{From: from, To: to, Coupling: send})
		}
	}
	return routes
}

// edgeArray is one value per edge in the shape of the graph's weights.
func (c *derivativeCase) edgeArray(values []float64) any {
	if !c.net.Graph.Dense() {
		return values
	}
	rows := make([][]float64, c.nodes)
	for i := range rows {
		rows[i] = values[i*c.nodes:][:c.nodes]
	}
	return rows
}

func stateNames(m models.Model) []string {
	var names []string
	for _, s := range m.States {
		names = append(names, s.Name)
	}
	return names
}

// TestGroupDerivatives compares adjoint, tangents and differences, and products with the Hessian and differences
// of gradients, for networks of several groups, with routes of all kinds each way, all leaves freed at once.
func TestGroupDerivatives(t *testing.T) {
	var w worst
	var second worstHessian
	t.Run("all", func(t *testing.T) {
		number := 0
		for _, method := range solver.All() {
			for _, delays := range []bool{false, true} {
				for range 6 {
					number++
					if !golden.Long() && number%5 != 0 {
						continue
					}
					c, again := groupCase(number, method, delays), groupCase(number, method, delays)
					t.Run(c.name, func(t *testing.T) {
						t.Parallel()
						c.check(t, &w)
						again.checkHessian(t, &second)
					})
				}
			}
		}
	})
	t.Logf("adjoint = tangents within %.1e, differences within %.1e, of the gradient within %.1e", w.pair, w.difference, second.difference)
}

// TestNoiseOfGroups compares the noise of groups with its contract: the stream is addressed by the node of the
// graph, the group and the state.
func TestNoiseOfGroups(t *testing.T) {
	const steps, sigma = 5, 0.3
	still := models.Model{Name: "still", States: []models.State{{Name: "x"}, {Name: "y"}}, Equations: "dx/dt = 0\ndy/dt = 0"}
	nodes := map[string][]int{"a": {0, 3, 4, 6}, "b": {1, 2, 5}}
	net := network.Network{Graph: ring(7, false)}
	for _, name := range []string{"a", "b"} {
		g := network.Group{Name: name, Dynamics: still, Noise: noise.Additive{Sigma: sigma, States: []string{"y"}}}
		for _, node := range nodes[name] {
			g.Regions = append(g.Regions, net.Graph.Labels()[node])
		}
		net.Groups = append(net.Groups, g)
	}
	sim := prepare(t, net, solver.Euler{}, network.Grid{End: steps, Step: 1}, network.Options{Seed: 12, Stream: 3})
	res, err := sim.Run(context.Background(), sim.Params())
	if err != nil {
		t.Fatal(err)
	}
	stream := noise.Stream{Seed: 12, Number: 3}
	for group, name := range []string{"a", "b"} {
		for _, node := range nodes[name] {
			var y float64
			for step := range steps {
				var pair [2][1]float64
				stream.Pair(pair[0][:], pair[1][:], node, group, 1, step/2)
				y = math.FMA(sigma, pair[step%2][0], y)
				if got := res.Data[step][1][node]; math.Abs(got-y) > 1e-14 {
					t.Fatalf("group %s, region %d, step %d: %v, the stream gives %v", name, node, step, got, y)
				}
			}
		}
	}
}
