package lossgraph

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	G "gorgonia.org/gorgonia"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// The oracle of this file is the whole trajectory as one graph of gorgonia, step after step, written from
// the formulas of models, couplings and methods: it shares nothing with the simulation but the values of
// the leaves, and takes its gradients by other means. It works for a few steps of small networks.

func add(a, b *G.Node) *G.Node   { return G.Must(G.Add(a, b)) }
func sub(a, b *G.Node) *G.Node   { return G.Must(G.Sub(a, b)) }
func times(a, b *G.Node) *G.Node { return G.Must(G.HadamardProd(a, b)) }
func over(a, b *G.Node) *G.Node  { return G.Must(G.HadamardDiv(a, b)) }
func of(x float64) *G.Node       { return G.NewConstant(x) }

// plus is the sum of several nodes.
func plus(nodes ...*G.Node) *G.Node {
	sum := nodes[0]
	for _, n := range nodes[1:] {
		sum = add(sum, n)
	}
	return sum
}

// unrolled is a trajectory as a graph.
type unrolled struct {
	oracleCase
	graph  *G.ExprGraph
	leaf   map[string]*G.Node
	states [][]*G.Node // [step][state]: at the start of the step
}

// oracleCase is a network both ways.
type oracleCase struct {
	name     string
	model    models.Model
	states   []string
	slopes   func(u *unrolled, x []*G.Node, c *G.Node) []*G.Node // dx/dt at state x with coupling input c
	regions  int
	steps    int
	step     float64 // ms
	heun     bool    // else Euler
	perStage bool
	delays   bool // with linear reads, if linear
	linear   bool
	noise    bool

	delaysOf [][]float64
	recorded []float64 // weights of the samples in the loss
}

// wongWang is dS/dt of the Reduced Wong-Wang model.
func wongWang(u *unrolled, x []*G.Node, c *G.Node) []*G.Node {
	p := func(name string) *G.Node { return u.leaf["dynamics."+name] }
	s := x[0]
	input := plus(times(times(p("w"), p("J_N")), s), p("I_o"), times(p("J_N"), c))
	z := sub(times(p("a"), input), p("b"))
	rate := over(z, sub(of(1), G.Must(G.Exp(G.Must(G.Neg(times(p("d"), z)))))))
	return []*G.Node{add(G.Must(G.Neg(over(s, p("tau_s")))), times(times(sub(of(1), s), rate), p("gamma")))}
}

// oscillator is dV/dt and dW/dt of the Generic 2d oscillator.
func oscillator(u *unrolled, x []*G.Node, c *G.Node) []*G.Node {
	p := func(name string) *G.Node { return u.leaf["dynamics."+name] }
	v, w := x[0], x[1]
	square := G.Must(G.Square(v))
	dv := times(times(p("d"), p("tau")), plus(
		G.Must(G.Neg(times(p("f"), times(v, square)))), times(p("e"), square), times(p("g"), v), times(p("alpha"), w), times(p("gamma"), add(c, p("I")))))
	dw := times(over(p("d"), p("tau")), sub(plus(times(p("b"), v), times(p("c"), square), p("a")), times(p("beta"), w)))
	return []*G.Node{dv, dw}
}

// sent is Σ_j W_ij·x_j(t_n − τ_ij) for the first state, read at the start of step n or, without delays,
// from x.
func (u *unrolled) sent(n int, x *G.Node) *G.Node {
	weights := u.leaf["graph.weights"]
	if !u.delays {
		return G.Must(G.Mul(weights, x))
	}
	if !u.linear {
		return u.delayed(n, func(steps float64) (int, float64) { return int(math.RoundToEven(steps)), 0 }, weights)
	}
	shift := 0.0
	if u.heun {
		shift = 0.5
	}
	younger := func(steps float64) (int, float64) {
		return int(math.Floor(steps - shift)), math.Floor(steps-shift) + shift
	}
	older := func(steps float64) (int, float64) { k, floor := younger(steps); return k + 1, floor }
	// the share of the older sample is τ/h − κ − k
	share := func(read func(float64) (int, float64)) *G.Node {
		floors := make([]float64, 0, u.regions*u.regions)
		for _, row := range u.delaysOf {
			for _, tau := range row {
				_, floor := read(tau / u.step)
				floors = append(floors, floor)
			}
		}
		return sub(over(u.leaf["graph.delays"], of(u.step)), G.Must(Data(u.graph, floors, u.regions, u.regions)))
	}
	return add(u.delayed(n, younger, times(weights, sub(of(1), share(younger)))), u.delayed(n, older, times(weights, share(older))))
}

// delayed adds, for each delay in steps, the weights of the edges with that delay times the states so
// long ago.
func (u *unrolled) delayed(n int, read func(steps float64) (int, float64), weights *G.Node) *G.Node {
	masks := map[int][]float64{}
	longest := 0
	for i, row := range u.delaysOf {
		for j, tau := range row {
			k, _ := read(tau / u.step)
			if masks[k] == nil {
				masks[k] = make([]float64, u.regions*u.regions)
			}
			masks[k][i*u.regions+j] = 1
			longest = max(longest, k)
		}
	}
	var sums []*G.Node
	for k := range longest + 1 {
		if masks[k] != nil {
			past := u.states[max(0, n-k)][0]
			sums = append(sums, G.Must(G.Mul(times(weights, G.Must(Data(u.graph, masks[k], u.regions, u.regions))), past)))
		}
	}
	return plus(sums...)
}

// coupled is the coupling input, linear in what is sent.
func (u *unrolled) coupled(n int, x *G.Node) *G.Node {
	return add(times(u.leaf["coupling.delayed.G"], u.sent(n, x)), u.leaf["coupling.delayed.b"])
}

// advance appends the state after step n.
func (u *unrolled) advance(n int) {
	x := u.states[n]
	c := u.coupled(n, x[0])
	k1 := u.slopes(u, x, c)
	moved := func(h float64, k []*G.Node) []*G.Node {
		y := make([]*G.Node, len(x))
		for s := range x {
			y[s] = add(x[s], times(of(h), k[s]))
			if u.noise {
				row := G.Must(Slice(G.Must(Slice(u.leaf["noise.normals"], 0, n, n+1)), 1, s, s+1))
				z := G.Must(G.Reshape(row, []int{u.regions}))
				y[s] = add(y[s], times(times(u.leaf["noise.sigma"], of(math.Sqrt(u.step))), z))
			}
		}
		return y
	}
	if !u.heun {
		u.states = append(u.states, moved(u.step, k1))
		return
	}
	predicted := moved(u.step, k1)
	if u.perStage {
		c = u.coupled(n, predicted[0])
	}
	k2 := u.slopes(u, predicted, c)
	both := make([]*G.Node, len(x))
	for s := range x {
		both[s] = add(k1[s], k2[s])
	}
	u.states = append(u.states, moved(u.step/2, both))
}

// gradients are those of Σ recorded·trajectory with respect to the free leaves of p, and its value.
func (c oracleCase) gradients(t *testing.T, p *param.Tree) (float64, map[string][]float64) {
	u := &unrolled{oracleCase: c, graph: G.NewGraph(), leaf: map[string]*G.Node{}}
	var wanted G.Nodes
	var paths []string
	for i := range p.Len() {
		leaf := p.At(i)
		n := G.NewTensor(u.graph, G.Float64, len(leaf.Shape), G.WithShape(leaf.Shape...), G.WithName(leaf.Path), G.WithValue(newValue(leaf.Value, leaf.Shape)))
		u.leaf[leaf.Path] = n
		if leaf.Free {
			wanted, paths = append(wanted, n), append(paths, leaf.Path)
		}
	}
	var start []*G.Node
	for _, s := range c.states {
		start = append(start, u.leaf["initial_state."+s])
	}
	u.states = [][]*G.Node{start}
	var terms []*G.Node
	for n := range c.steps {
		u.advance(n)
		for s, x := range u.states[n+1] {
			row := (n*len(start) + s) * c.regions
			terms = append(terms, G.Must(G.Mul(G.Must(Data(u.graph, c.recorded[row:row+c.regions], c.regions)), x)))
		}
	}
	loss := plus(terms...)
	grads, err := G.Grad(loss, wanted...)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(u.graph.AllNodes()); n > maxNodes {
		t.Fatalf("the oracle has %d nodes", n)
	}
	runTape(t, u.graph)
	byPath := map[string][]float64{}
	for i, path := range paths {
		byPath[path] = read(t, grads[i].Value(), size(wanted[i].Shape()))
	}
	return read(t, loss.Value(), 1)[0], byPath
}

// prepared is the simulation, with parameters of which all that have derivatives are free.
func (c *oracleCase) prepared(t *testing.T, r *rand.Rand) (*network.Simulation, *param.Tree) {
	weights, delays := make([][]float64, c.regions), make([][]float64, c.regions)
	for i := range weights {
		weights[i], delays[i] = uniform(r, c.regions, 0.2, 1), uniform(r, c.regions, 0.7*c.step, 2.4*c.step)
		weights[i][i] = 0
	}
	g, link := graph.FromDense(weights), coupling.Linear(c.states[0]).With(param.Set{"G": 0.4, "b": 0.01})
	if c.delays {
		g, c.delaysOf = g.WithDelays(delays), delays
	}
	if c.linear {
		link = link.LinearReads()
	}
	initial := param.Set{}
	for _, s := range c.states {
		initial[s] = uniform(r, c.regions, 0.2, 0.6)
	}
	net := network.Network{Dynamics: c.model.Initial(initial), Coupling: coupling.Set{"delayed": link}, Graph: g}
	options := network.Options{}
	if c.noise {
		options.Normals = normals(r, c.steps*len(c.states)*c.regions)
		net.Noise = noise.Additive{Sigma: 0.05}
	}
	var method solver.Solver = solver.Euler{}
	if c.heun {
		method = solver.Heun{CouplingPerStage: c.perStage}
	}
	sim, err := network.Prepare(net, method, network.Grid{End: c.step * float64(c.steps), Step: c.step}, options)
	if err != nil {
		t.Fatal(err)
	}
	p := sim.Params().Free("*").Regional("dynamics.gamma")
	p.Set("dynamics.gamma", uniform(r, c.regions, 0.5, 0.9)...)
	if c.delays && !c.linear {
		p.Fix("graph.delays")
	}
	c.recorded = normals(r, c.steps*len(c.states)*c.regions)
	return sim, p
}

// The adjoint of a simulation has the gradients of its unrolled graph: parameters, initial state,
// weights, delays and noise.
func TestUnrolledOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, model := range []oracleCase{
		{name: "ReducedWongWang", model: models.ReducedWongWang(), states: []string{"S"}, slopes: wongWang, step: 2},
		{name: "Generic2dOscillator", model: models.Generic2dOscillator(), states: []string{"V", "W"}, slopes: oscillator, step: 0.5},
	} {
		for _, kind := range []oracleCase{
			{name: "no delays"}, {name: "nearest reads", delays: true}, {name: "linear reads", delays: true, linear: true},
			{name: "noise", noise: true}, {name: "noise and linear reads", noise: true, delays: true, linear: true}, {name: "per stage", perStage: true},
		} {
			for _, heun := range []bool{false, true} {
				if kind.perStage && !heun {
					continue // one stage
				}
				c := kind
				c.model, c.states, c.slopes, c.step, c.heun, c.regions, c.steps = model.model, model.states, model.slopes, model.step, heun, 3, 6
				if heun {
					c.steps = 4
				}
				t.Run(fmt.Sprintf("%s, %s, Heun %v", model.name, kind.name, heun), func(t *testing.T) {
					sim, p := c.prepared(t, r)
					value, want := c.gradients(t, p)
					cut := &seam{cotangent: c.recorded}
					_, got, err := sim.GradientByPath(context.Background(), p, cut)
					if err != nil {
						t.Fatal(err)
					}
					if _, err := sim.Value(context.Background(), p, cut); err != nil {
						t.Fatal(err)
					}
					sum := 0.0
					for k, x := range cut.samples {
						sum += x * c.recorded[k]
					}
					if !near(sum, value, 1e-12) {
						t.Errorf("Σ w·y is %v, unrolled %v", sum, value)
					}
					for path := range want {
						if d := furthest(got[path], want[path]); d > 1e-10 {
							t.Errorf("%s: %v, unrolled %v: apart by %.2g", path, got[path], want[path], d)
						}
					}
					if len(got) != len(want) || len(want) < 10 {
						t.Errorf("gradients of %d leaves, unrolled %d", len(got), len(want))
					}
				})
			}
		}
	}
}
