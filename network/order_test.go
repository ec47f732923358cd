package network_test

import (
	"context"
	"math"
	"math/rand/v2"
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

// final is the state at the end of a run.
func final(t *testing.T, net network.Network, method solver.Solver, end, step float64, normals []float64) []float64 {
	t.Helper()
	s := prepare(t, net, method, network.Grid{End: end, Step: step}, network.Options{Normals: normals})
	r, err := s.Run(context.Background(), s.Params())
	if err != nil {
		t.Fatal(err)
	}
	var x []float64
	for _, variable := range r.Data[len(r.Data)-1] {
		x = append(x, variable...)
	}
	return x
}

func distance(a, b []float64) float64 {
	var sum float64
	for k := range a {
		sum += (a[k] - b[k]) * (a[k] - b[k])
	}
	return math.Sqrt(sum / float64(len(a)))
}

// regression is the slope of log error over log step.
func regression(steps, errors []float64) float64 {
	var mx, my, sxy, sxx float64
	for k := range steps {
		mx += math.Log(steps[k]) / float64(len(steps))
		my += math.Log(errors[k]) / float64(len(steps))
	}
	for k := range steps {
		sxy += (math.Log(steps[k]) - mx) * (math.Log(errors[k]) - my)
		sxx += (math.Log(steps[k]) - mx) * (math.Log(steps[k]) - mx)
	}
	return sxy / sxx
}

// TestOrders measures the order of the methods against RK4 per stage with a much smaller step: 1, 2, 4 for
// uncoupled networks, a stimulus included, and with the coupling per stage; 1 where an instantaneous coupling
// is frozen over the step.
func TestOrders(t *testing.T) {
	weights := [][]float64{{0, 0.4, 0.1}, {0.3, 0, 0.5}, {0.2, 0.6, 0}}
	initial := param.Set{"V": []float64{0.1, -0.4, 0.6}, "W": []float64{0.3, 0.1, -0.2}}
	net := network.Network{Dynamics: models.Generic2dOscillator().With(param.Set{"d": 0.1}).Initial(initial), Graph: graph.FromDense(weights)}
	driven := net
	driven.Stimulus = stimulus.Set{net.Dynamics.External[0].Name: stimulus.Sine().With(param.Set{"frequency": 0.03, "amplitude": 0.2})}
	coupled := net
	coupled.Coupling = coupling.Set{"instant": coupling.Linear("V").With(param.Set{"G": 0.7})}
	difference := net
	difference.Coupling = coupling.Set{"instant": coupling.Difference("V").With(param.Set{"G": 0.7})}
	const end = 16.0
	cases := []struct {
		name   string
		net    network.Network
		method solver.Solver
		order  float64
		steps  []float64
	}{
		{"uncoupled", net, solver.Euler{}, 1, []float64{1. / 4, 1. / 8, 1. / 16, 1. / 32}},
		{"uncoupled", net, solver.Heun{}, 2, []float64{1. / 2, 1. / 4, 1. / 8, 1. / 16}},
		{"uncoupled", net, solver.RK4{}, 4, []float64{1, 1. / 2, 1. / 4, 1. / 8}},
		{"driven", driven, solver.Euler{}, 1, []float64{1. / 4, 1. / 8, 1. / 16, 1. / 32}},
		{"driven", driven, solver.Heun{}, 2, []float64{1. / 2, 1. / 4, 1. / 8, 1. / 16}},
		{"driven", driven, solver.RK4{}, 4, []float64{1, 1. / 2, 1. / 4, 1. / 8}},
		{"per stage", coupled, solver.Euler{CouplingPerStage: true}, 1, []float64{1. / 4, 1. / 8, 1. / 16, 1. / 32}},
		{"per stage", coupled, solver.Heun{CouplingPerStage: true}, 2, []float64{1. / 2, 1. / 4, 1. / 8, 1. / 16}},
		{"per stage", coupled, solver.RK4{CouplingPerStage: true}, 4, []float64{1, 1. / 2, 1. / 4, 1. / 8}},
		{"per stage, difference", difference, solver.RK4{CouplingPerStage: true}, 4, []float64{1, 1. / 2, 1. / 4, 1. / 8}},
		{"frozen", coupled, solver.Heun{}, 1, []float64{1. / 4, 1. / 8, 1. / 16, 1. / 32}},
		{"frozen", coupled, solver.RK4{}, 1, []float64{1. / 4, 1. / 8, 1. / 16, 1. / 32}},
		{"inactive bounds", coupled, solver.Bounded{Solver: solver.RK4{CouplingPerStage: true}, Low: []float64{-99}, EveryStage: true}, 4, []float64{1, 1. / 2, 1. / 4, 1. / 8}},
	}
	for _, c := range cases {
		reference := final(t, c.net, solver.RK4{CouplingPerStage: true}, end, 1./256, nil)
		var errors []float64
		for _, h := range c.steps {
			errors = append(errors, distance(final(t, c.net, c.method, end, h, nil), reference))
		}
		order := regression(c.steps, errors)
		t.Logf("%-21s %-14s order %.3f (wanted %v), errors %.1e … %.1e", c.name, c.method.Name(), order, c.order, errors[0], errors[len(errors)-1])
		if math.Abs(order-c.order) > 0.15 {
			t.Errorf("%s %s: order %.3f, wanted %v", c.name, c.method.Name(), order, c.order)
		}
	}
}

// TestStrongOrder measures the strong order with additive noise, which is 1 for Euler and Heun: the mean
// distance at the end from a run with a much smaller step along the same Wiener path.
func TestStrongOrder(t *testing.T) {
	const end, finest, paths = 8.0, 1. / 512, 200 // the regions are independent paths
	weights := make([][]float64, paths)
	for i := range weights {
		weights[i] = make([]float64, paths)
	}
	net := network.Network{
		Dynamics: models.Generic2dOscillator().With(param.Set{"d": 0.1}).Initial(param.Set{"V": 0.2, "W": 0.1}),
		Graph:    graph.FromDense(weights),
		Noise:    noise.Additive{Sigma: 0.2},
	}
	r := rand.New(rand.NewPCG(2, 9))
	row := 2 * paths
	fine := make([]float64, int(end/finest)*row)
	for k := range fine {
		fine[k] = r.NormFloat64()
	}
	// coarse are the normals of the same path over steps of several fine ones: Σz/√m.
	coarse := func(m int) []float64 {
		z := make([]float64, len(fine)/m)
		for k := range z {
			for i := range m {
				z[k] += fine[((k/row)*m+i)*row+k%row]
			}
			z[k] /= math.Sqrt(float64(m))
		}
		return z
	}
	reference := final(t, net, solver.Heun{}, end, finest, fine)
	for _, c := range []struct {
		method solver.Solver
		order  float64
	}{{solver.Euler{}, 1}, {solver.Heun{}, 1}, {solver.RK4{}, 1}} {
		var steps, errors []float64
		for _, m := range []int{16, 32, 64, 128} {
			steps = append(steps, finest*float64(m))
			errors = append(errors, distance(final(t, net, c.method, end, finest*float64(m), coarse(m)), reference))
		}
		order := regression(steps, errors)
		t.Logf("%-5s strong order %.3f, errors %.1e … %.1e", c.method.Name(), order, errors[0], errors[len(errors)-1])
		if math.Abs(order-c.order) > 0.2 {
			t.Errorf("%s: strong order %.3f, wanted %v", c.method.Name(), order, c.order)
		}
	}
}
