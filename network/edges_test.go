package network_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// onEdges is a coupling with its signal written as a message: the same sums, computed edge by edge.
func onEdges(c coupling.Coupling) coupling.Coupling {
	c.Signal, c.Message = "", c.Signal
	return c
}

// differenceOnEdges is Difference without the factoring out of the receiver's state.
func differenceOnEdges() coupling.Coupling {
	c := coupling.Difference("S")
	c.Signal, c.Message, c.Post = "", "m = x - x_i", "c = G*m"
	return c
}

func ring(n int, delays bool) *graph.Graph {
	weights, tau := make([][]float64, n), make([][]float64, n)
	for i := range weights {
		weights[i], tau[i] = make([]float64, n), make([]float64, n)
		for j := range weights[i] {
			if (i+2*j)%3 != 0 {
				weights[i][j] = 0.1 + float64((3*i+5*j)%7)/10
			}
			tau[i][j] = 0.3 + 0.37*float64((i*5+j*3)%11)
		}
	}
	g := graph.FromDense(weights)
	if delays {
		g = g.WithDelays(tau)
	}
	return g
}

// TestMessagesEqualSignals compares couplings computed on edges with the same ones written as signals:
// values and every gradient agree up to rounding.
func TestMessagesEqualSignals(t *testing.T) {
	jansenRit := func(c coupling.Coupling) network.Network {
		return network.Network{Dynamics: models.JansenRit(), Coupling: coupling.Set{"delayed": c.With(param.Set{"G": 8})}, Noise: noise.Additive{Sigma: 0.001, States: []string{"y4"}}}
	}
	wongWang := func(c coupling.Coupling) network.Network {
		return network.Network{Dynamics: models.ReducedWongWang(), Coupling: coupling.Set{"delayed": c.With(param.Set{"G": 0.2})}, Noise: noise.Additive{Sigma: 0.01}}
	}
	cases := []struct {
		name   string
		signal network.Network
		edges  network.Network
	}{
		{"sigmoid", jansenRit(coupling.SigmoidalJansenRit("y1", "y2")), jansenRit(onEdges(coupling.SigmoidalJansenRit("y1", "y2")))},
		{"linear", wongWang(coupling.Linear("S")), wongWang(onEdges(coupling.Linear("S")))},
		{"linear, linear reads", wongWang(coupling.Linear("S").LinearReads()), wongWang(onEdges(coupling.Linear("S")).LinearReads())},
		{"difference", wongWang(coupling.Difference("S")), wongWang(differenceOnEdges())},
	}
	for _, c := range cases {
		for _, delays := range []bool{false, true} {
			for _, method := range []solver.Solver{solver.Euler{}, solver.Heun{}, solver.RK4{CouplingPerStage: true}} {
				t.Run(fmt.Sprint(c.name, delays, method.Name()), func(t *testing.T) {
					v, g := gradientOf(t, c.signal, method, delays, 0)
					w, h := gradientOf(t, c.edges, method, delays, 0)
					if math.Abs(v-w) > 1e-13*math.Abs(v) {
						t.Errorf("loss %v, on edges %v", v, w)
					}
					for path, want := range g {
						if e := golden.MaxError(h[path], want); e > 1e-11 {
							t.Errorf("%s differs by %.1e", path, e)
						}
					}
				})
			}
		}
	}
}

// gradientOf frees everything that can be.
func gradientOf(t *testing.T, net network.Network, method solver.Solver, delays bool, memory int64) (float64, map[string][]float64) {
	t.Helper()
	net.Graph = ring(6, delays)
	sim, p := freed(t, net, method, memory)
	v, g, err := sim.GradientByPath(context.Background(), p, rateLoss{30, 0.4})
	if err != nil {
		t.Fatal(err)
	}
	return v, g
}

func freed(t *testing.T, net network.Network, method solver.Solver, memory int64) (*network.Simulation, *param.Tree) {
	t.Helper()
	sim, err := network.Prepare(net, method, network.Grid{End: 40, Step: 0.5}, network.Options{Seed: 3, Memory: memory})
	if err != nil {
		t.Fatal(err)
	}
	p := sim.Params().Free("*")
	if p.Has("graph.delays") && !net.Coupling["delayed"].ReadsLinearly() {
		p.Fix("graph.delays")
	}
	return sim, p
}

// TestEdgeDerivatives checks the gradients of couplings on edges against Richardson differences and
// tangents, and that they have the same bits in little memory.
func TestEdgeDerivatives(t *testing.T) {
	ctx := context.Background()
	for _, c := range []coupling.Coupling{coupling.SigmoidalJansenRit("y1", "y2").LinearReads(), onEdges(coupling.SigmoidalJansenRit("y1", "y2"))} {
		net := network.Network{Dynamics: models.JansenRit(), Coupling: coupling.Set{"delayed": c.With(param.Set{"G": 20})}, Graph: ring(6, true)}
		sim, p := freed(t, net, solver.Heun{}, 0)
		loss := rateLoss{30, 0.4}
		_, g, err := sim.Gradient(ctx, p, loss)
		if err != nil {
			t.Fatal(err)
		}
		small, _ := freed(t, net, solver.Heun{}, 40<<10)
		_, again, err := small.Gradient(ctx, p, loss)
		if err != nil {
			t.Fatal(err)
		}
		direction := make([]float64, len(g))
		for k := range g {
			if math.Float64bits(g[k]) != math.Float64bits(again[k]) {
				t.Fatalf("%s: %v in little memory, %v otherwise", p.ThetaNames()[k], again[k], g[k])
			}
			direction[k] = math.Sin(float64(k)) / (1 + math.Abs(g[k]))
		}
		var want float64
		for k := range g {
			want += g[k] * direction[k]
		}
		_, forward, err := sim.Push(ctx, p, loss, [][]float64{direction})
		if err != nil {
			t.Fatal(err)
		}
		if e := math.Abs(forward[0]/want - 1); e > 1e-12 {
			t.Errorf("tangent %v, adjoint %v: %.1e", forward[0], want, e)
		}
		value := func(h float64) float64 {
			q, theta := p.Clone(), p.Theta()
			for k := range theta {
				theta[k] += h * direction[k]
			}
			if err := q.SetTheta(theta); err != nil {
				t.Fatal(err)
			}
			v, err := sim.Value(ctx, q, loss)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		slope := func(h float64) float64 { return (value(h) - value(-h)) / (2 * h) }
		const h = 1e-4
		richardson := (4*slope(h/2) - slope(h)) / 3
		if e := math.Abs(richardson/want - 1); e > 1e-7 {
			t.Errorf("difference %v, adjoint %v: %.1e", richardson, want, e)
		}
	}
}

// TestMessagesWithoutWeight holds that a message that is not finite between a node and itself does no harm
// where there is no such connection, to values and to derivatives.
func TestMessagesWithoutWeight(t *testing.T) {
	inverse, root := differenceOnEdges(), differenceOnEdges()
	inverse.Message, root.Message = "m = 1/(x - x_i)", "m = sqrt(abs(x - x_i))"
	for _, c := range []coupling.Coupling{inverse, root} {
		net := network.Network{
			Dynamics: models.ReducedWongWang().Initial(param.Set{"S": []float64{0.1, 0.3, 0.6}}),
			Coupling: coupling.Set{"delayed": c.With(param.Set{"G": 0.001})},
			Graph:    graph.FromDense([][]float64{{0, 1, 2}, {1, 0, 1}, {2, 1, 0}}),
		}
		sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: 10, Step: 1}, network.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p := sim.Params().Free("*")
		_, g, err := sim.Gradient(context.Background(), p, rateLoss{5, 0.4})
		if err != nil {
			t.Fatal(err)
		}
		_, tangents, err := sim.TangentGradient(context.Background(), p, rateLoss{5, 0.4})
		if err != nil {
			t.Fatal(err)
		}
		for k := range g {
			if g[k]-g[k] != 0 || math.Abs(g[k]-tangents[k]) > 1e-12*(1+math.Abs(g[k])) {
				t.Errorf("%s: %s: adjoint %v, tangent %v", c.Message, p.ThetaNames()[k], g[k], tangents[k])
			}
		}
	}
}
