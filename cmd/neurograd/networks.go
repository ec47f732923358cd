package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
)

// defaultNetwork is the network a model is simulated in unless flags say otherwise, without its graph.
// For the Reduced Wong-Wang model it is that of the get-started tutorial.
func defaultNetwork(m models.Model, sigma float64) network.Network {
	first := m.States[0].Name
	net := network.Network{Dynamics: m, Noise: noise.Additive{Sigma: sigma, States: []string{first}}}
	switch m.Name {
	case "ReducedWongWang":
		net.Dynamics = m.With(param.Set{"w": 0.5, "I_o": 0.32}).Initial(param.Set{"S": 0.3})
		net.Coupling = coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.75})}
	case "JansenRit":
		net.Coupling = coupling.Set{"delayed": coupling.SigmoidalJansenRit("y1", "y2")}
		net.Noise.States = []string{"y4"} // where the input from outside enters
	case "Generic2dOscillator":
		net.Coupling = coupling.Set{"delayed": coupling.Difference("V")}
	default:
		net.Coupling = firstStates(m)
	}
	return net
}

// firstStates sends the first states of a model linearly, as many as its first delayed input takes.
func firstStates(m models.Model) coupling.Set {
	at := slices.IndexFunc(m.Inputs, func(in models.Input) bool { return !in.Instant })
	if at < 0 {
		at = 0
	}
	if len(m.Inputs) == 0 || len(m.Inputs[at].Symbols) > len(m.States) {
		return nil
	}
	var states []string
	for k := range m.Inputs[at].Symbols {
		states = append(states, m.States[k].Name)
	}
	return coupling.Set{m.Inputs[at].Name: coupling.Linear(states...)}
}

// describe is the network in a few lines, with the values that differ from the defaults.
func (p *prepared) describe() string {
	var b strings.Builder
	b.WriteString(p.graph.Info())
	m := p.net.Dynamics
	fmt.Fprintf(&b, "model: %s%s\n", m.Name, p.changed("dynamics.", m.Params))
	var initial []param.Spec
	for _, s := range m.States {
		initial = append(initial, param.Spec{Name: s.Name, Default: s.Initial})
	}
	if text := p.changed("initial_state.", initial); text != "" {
		fmt.Fprintf(&b, "initial state: %s\n", text[len(", "):])
	}
	for _, name := range slices.Sorted(maps.Keys(p.net.Coupling)) {
		c := p.net.Coupling[name]
		fmt.Fprintf(&b, "coupling: %s of %s, into input %q%s\n", c.Name, strings.Join(c.Source(), ", "), name, p.changed("coupling."+name+".", c.Params))
	}
	if text := p.changed("noise.", []param.Spec{{Name: "sigma"}}); text == "" {
		b.WriteString("noise: none\n")
	} else {
		fmt.Fprintf(&b, "noise: additive on %s%s per √ms, seed %d\n", strings.Join(p.net.Noise.States, ", "), text, p.seed)
	}
	fmt.Fprintf(&b, "solver: %s, %d steps of %v ms\n", p.method.Name(), p.sim.Steps(), p.step)
	return b.String()
}

// changed lists those values below a prefix that are not the default: ", w = 0.5, I_o = 0.32".
func (p *prepared) changed(prefix string, specs []param.Spec) string {
	var b strings.Builder
	for _, s := range specs {
		switch v := p.params.Values(prefix + s.Name); {
		case len(v) > 1:
			fmt.Fprintf(&b, ", %s = %.4g … %.4g", s.Name, slices.Min(v), slices.Max(v))
		case len(v) == 1 && v[0] != s.Default:
			fmt.Fprintf(&b, ", %s = %.6g", s.Name, v[0])
		}
	}
	return b.String()
}
