package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/models"
)

// coupled is a coupling in its place.
type coupled struct {
	coupling.Coupling
	name    string
	input   models.Input
	delayed bool
	route   int
	signal  *ad.Equations
	post    *ad.Equations
	sums    []ad.Expr // received at the start of the step, by channel
	onEdges bool      // what is sent is computed for every edge
}

// reads says how the couplings of a route read the past.
type reads struct {
	delayed, linear bool
	shift           float64
}

// reads is how a coupling reads: linear reads are shifted by the stages' mean time, unless the coupling
// also reads the receiver's state and both are held over the step.
func (a *assembly) reads(c coupling.Coupling, delayed bool) reads {
	if !delayed || !c.ReadsLinearly() {
		return reads{delayed: delayed}
	}
	r := reads{delayed: true, linear: true, shift: a.solver.Centroid()}
	if len(c.LocalSymbols) > 0 && !a.solver.PerStage() {
		r.shift = 0
	}
	return r
}

// route is the number of the route for a way of reading.
func (a *assembly) route(how reads) int {
	if r, ok := a.routes[how]; ok {
		return r
	}
	g := a.net.Graph
	r := engine.Route{Targets: g.Targets(), Sources: g.Sources(), Structural: make([]bool, len(g.Weights())), Weights: a.leaf("graph.weights"),
		Delayed: how.delayed, Linear: how.linear, Shift: how.shift}
	for e, w := range g.Weights() {
		r.Structural[e] = w != 0
	}
	a.spec.Routes = append(a.spec.Routes, r)
	a.routes[how] = len(a.spec.Routes) - 1
	return a.routes[how]
}

func (a *assembly) addCouplings() error {
	names := make([]string, 0, len(a.net.Coupling))
	for name := range a.net.Coupling {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		c, err := a.place(name, a.net.Coupling[name])
		if err != nil {
			return err
		}
		if err := a.addParams("coupling "+name, "coupling."+name+".", c.Params, c.Values()); err != nil {
			return err
		}
		a.couplings = append(a.couplings, c)
	}
	return nil
}

// place checks a coupling against the model and reads its texts.
func (a *assembly) place(name string, c coupling.Coupling) (*coupled, error) {
	m := a.net.Dynamics
	if name == "" || strings.ContainsAny(name, ".*: \t\n") {
		return nil, fmt.Errorf("network: %q cannot name a coupling; use a word such as \"delayed\"", name)
	}
	inputs := make([]string, len(m.Inputs))
	for i, in := range m.Inputs {
		inputs[i] = in.Name
	}
	at := slices.Index(inputs, c.Input(name))
	if at < 0 {
		return nil, fmt.Errorf("network: model %s has no coupling input %q%s\nname the coupling after an input, or connect it by Into", m.Name, c.Input(name), suggest.Hint(c.Input(name), inputs))
	}
	in := m.Inputs[at]
	if len(c.Channels) != len(in.Symbols) {
		return nil, fmt.Errorf("network: coupling %q gives %d channels, input %q of model %s takes %d; send as many states as the input has channels", name, len(c.Channels), in.Name, m.Name, len(in.Symbols))
	}
	states := stateNames(m)
	if len(c.Source()) != len(c.SourceSymbols) {
		return nil, fmt.Errorf("network: coupling %q sends %d states, %s takes %d; name the states to send", name, len(c.Source()), c.Name, len(c.SourceSymbols))
	}
	if len(c.LocalSymbols) > 0 && len(c.LocalStates()) != len(c.LocalSymbols) {
		return nil, fmt.Errorf("network: coupling %q reads %d states of the receiver, %s takes %d; name them by Local", name, len(c.LocalStates()), c.Name, len(c.LocalSymbols))
	}
	for _, s := range slices.Concat(c.Source(), c.LocalStates()) {
		if !slices.Contains(states, s) {
			return nil, fmt.Errorf("network: coupling %q uses state %q, which model %s does not have%s", name, s, m.Name, suggest.Hint(s, states))
		}
	}
	delayed := a.net.Graph.HasDelays() && (c.Delays() == coupling.Delayed || c.Delays() == coupling.ByInput && !in.Instant)
	placed := &coupled{Coupling: c, name: name, input: in, delayed: delayed, route: a.route(a.reads(c, delayed))}
	if err := placed.read(); err != nil {
		return nil, err
	}
	// Linear reads interpolate states. Where what is sent is not just a state, that is one value per edge.
	placed.onEdges = c.Message != "" || delayed && c.ReadsLinearly() && !placed.sendsStates()
	return placed, a.placeOnEdges(placed)
}

// placeOnEdges notes the parameters that edges read.
func (a *assembly) placeOnEdges(c *coupled) error {
	if !c.onEdges {
		return nil
	}
	if c.delayed && a.solver.PerStage() && c.Message != "" && len(c.LocalSymbols) > 0 {
		return fmt.Errorf("network: coupling %q: a delayed message that reads the receiver's state cannot be recomputed per stage\nuse %s without CouplingPerStage", c.name, a.solver.Name())
	}
	inMessage, inPost := c.signal.Symbols(), c.post.Symbols()
	for _, p := range c.Params {
		if !slices.Contains(inMessage, p.Name) {
			continue
		}
		if slices.Contains(inPost, p.Name) {
			return fmt.Errorf("network: coupling %q uses parameter %q both on edges and in Post; use two parameters", c.name, p.Name)
		}
		a.edgeParams[c.prefix()+p.Name] = true
	}
	return nil
}

// read parses the texts of a coupling.
func (c *coupled) read() error {
	names := slices.Concat(c.SourceSymbols, c.LocalSymbols, []string{"strength"})
	for _, p := range c.Params {
		names = append(names, p.Name)
	}
	var err error
	if c.Signal != "" && c.Message != "" {
		return fmt.Errorf("network: coupling %q has both a Signal and a Message; give one of them", c.name)
	}
	if c.signal, err = ad.Parse(c.Signal+c.Message, names...); err == nil {
		c.post, err = ad.Parse(c.Post, slices.Concat(names, c.signals())...)
	}
	if err != nil {
		return fmt.Errorf("network: coupling %q: %w", c.name, err)
	}
	return nil
}

// sendsStates reports whether every channel is a state as it is.
func (c *coupled) sendsStates() bool {
	for _, s := range c.signal.Statements {
		if s.Expr.Kind != ad.Name || !slices.Contains(c.SourceSymbols, s.Expr.Name) {
			return false
		}
	}
	return true
}

// signals are the names of the channels that are sent.
func (c *coupled) signals() []string {
	names := make([]string, len(c.signal.Statements))
	for i, s := range c.signal.Statements {
		names[i] = s.Target
	}
	return names
}

func (c *coupled) prefix() string { return "coupling." + c.name + "." }
