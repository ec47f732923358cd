package network

import (
	"fmt"

	"github.com/neurograd/neurograd/internal/describe"
)

// Describe writes down everything that decides the numbers of a run beside its parameters: network, graph, solver, grid,
// and the options that change results (not Backend and Memory). The keys are paths of fields, such as "network.Dynamics.Name"; what
// holds its zero value is left out, and long arrays are given by their SHA-256. Two simulations with equal descriptions, run with
// equal parameters, give the same bits. An error says what cannot be written down, such as a solver of one's own that holds a function.
func (s *Simulation) Describe() (map[string]string, error) {
	net, opts := s.assembly.net, s.options
	g := net.Graph
	net.Graph, opts.Backend, opts.Memory = nil, 0, 0
	facts := describe.Facts{}
	for _, part := range []struct {
		path  string
		value any
	}{
		{"network", net}, {"graph.regions", g.Labels()}, {"graph.targets", g.Targets()}, {"graph.sources", g.Sources()},
		{"graph.weights", g.Weights()}, {"graph.lengths", g.Lengths()}, {"graph.delays", g.Delays()}, {"graph.speed", g.SpeedValue()},
		{"solver", struct{ Method any }{s.method}}, {"grid", s.grid}, {"options", opts},
	} {
		if err := facts.Add(part.path, part.value); err != nil {
			return nil, fmt.Errorf("network: the simulation cannot be described: %w", err)
		}
	}
	return facts, nil
}
