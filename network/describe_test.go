package network_test

import (
	"maps"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// Everything that decides numbers is in the description, and what does not is not.
func TestDescribe(t *testing.T) {
	type setup struct {
		net    network.Network
		method solver.Solver
		grid   network.Grid
		opts   network.Options
	}
	base := func() setup {
		return setup{network.Network{Dynamics: models.ReducedWongWang(), Coupling: coupling.Set{"delayed": coupling.Linear("S")}, Graph: graph.Example().Speed(3),
			Noise: noise.Additive{Sigma: 0.01}}, solver.Heun{}, network.Grid{End: 100, Step: 1}, network.Options{Seed: 1}}
	}
	describe := func(s setup) map[string]string {
		sim, err := network.Prepare(s.net, s.method, s.grid, s.opts)
		if err != nil {
			t.Fatal(err)
		}
		facts, err := sim.Describe()
		if err != nil {
			t.Fatal(err)
		}
		return facts
	}
	want := describe(base())
	if want["network.Dynamics.Name"] != "ReducedWongWang" || want["grid.Step"] != "1" || want["solver.Method"] != "solver.Heun" || want["graph.speed"] != "3" {
		t.Errorf("description %v", want)
	}
	for name, change := range map[string]func(*setup){
		"backend": func(s *setup) { s.opts.Backend = network.PortableBackend },
		"memory":  func(s *setup) { s.opts.Memory = 1 << 20 },
		"nothing": func(*setup) {},
	} {
		s := base()
		change(&s)
		if !maps.Equal(describe(s), want) {
			t.Errorf("%s: another description", name)
		}
	}
	for name, change := range map[string]func(*setup){
		"model": func(s *setup) {
			s.net.Dynamics = models.Generic2dOscillator()
			s.net.Coupling["delayed"] = coupling.Linear("V")
		},
		"equations": func(s *setup) { s.net.Dynamics.Equations += " " },
		"default":   func(s *setup) { s.net.Dynamics = s.net.Dynamics.With(param.Set{"w": 0.7}) },
		"coupling":  func(s *setup) { s.net.Coupling["delayed"] = coupling.Difference("S") },
		"reads":     func(s *setup) { s.net.Coupling["delayed"] = s.net.Coupling["delayed"].LinearReads() },
		"rule": func(s *setup) {
			s.net.Coupling["delayed"] = s.net.Coupling["delayed"].Weighted(coupling.RowNormalized())
		},
		"graph":    func(s *setup) { s.net.Graph = s.net.Graph.NormalizeMax() },
		"speed":    func(s *setup) { s.net.Graph = s.net.Graph.Speed(4) },
		"noise":    func(s *setup) { s.net.Noise.Sigma = 0.02 },
		"solver":   func(s *setup) { s.method = solver.Euler{} },
		"bounds":   func(s *setup) { s.method = solver.Bounded{Solver: solver.Heun{}, Low: []float64{0}} },
		"step":     func(s *setup) { s.grid.Step = 0.5 },
		"seed":     func(s *setup) { s.opts.Seed = 2 },
		"stream":   func(s *setup) { s.opts.Stream = 2 },
		"record":   func(s *setup) { s.opts.Record = []string{"H"} },
		"sampling": func(s *setup) { s.opts.Sampling = network.Average(2) },
	} {
		s := base()
		change(&s)
		if maps.Equal(describe(s), want) {
			t.Errorf("%s: the same description", name)
		}
	}
}
