package network

import (
	"fmt"
	"slices"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/models"
)

// coupled is a coupling in its place.
type coupled struct {
	coupling.Coupling
	name      string
	from, to  *group
	input     models.Input
	delayed   bool
	weighting int // as in reads
	route     int
	signal    *ad.Equations
	post      *ad.Equations
	sums      []ad.Expr // received at the start of the step, by channel
	onEdges   bool      // what is sent is computed for every edge
}

// reads says which edges the couplings of a route use, and how they read weights and past.
type reads struct {
	from, to        int // groups
	weighting       int // number of the weights' expression, −1 for the weights as they are
	delayed, linear bool
	shift           float64
}

// reads is how a coupling reads: linear reads are shifted by the stages' mean time, unless the coupling
// also reads the receiver's state and both are held over the step.
func (a *assembly) reads(c *coupled) reads {
	r := reads{from: c.from.number, to: c.to.number, weighting: c.weighting, delayed: c.delayed}
	if !c.delayed || !c.ReadsLinearly() {
		return r
	}
	r.linear, r.shift = true, a.solver.Centroid()
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
	r := a.edges(how.from, how.to)
	r.Weights, r.Delayed, r.Linear, r.Shift = a.leaf("graph.weights"), how.delayed, how.linear, how.shift
	weights := a.net.Graph.Weights()
	if how.weighting >= 0 {
		r.Weights = derivedLeaf(how.weighting)
		weights = a.weightings[how.weighting].initial
	}
	r.Structural = make([]bool, len(r.Targets))
	for i := range r.Targets {
		r.Structural[i] = weights[r.Edge(i)] != 0
	}
	a.spec.Routes = append(a.spec.Routes, r)
	a.routes[how] = len(a.spec.Routes) - 1
	return a.routes[how]
}

// edges are the graph's edges from one group to another.
func (a *assembly) edges(from, to int) engine.Route {
	g, r := a.net.Graph, engine.Route{SourceGroup: from, TargetGroup: to}
	if len(a.groups) == 1 {
		r.Targets, r.Sources = g.Targets(), g.Sources()
		return r
	}
	local, owner := make([]int32, a.nodes), make([]int, a.nodes)
	for _, group := range a.groups {
		for i, node := range group.nodes {
			local[node], owner[node] = int32(i), group.number
		}
	}
	r.Edges = []int32{}
	for e, target := range g.Targets() {
		if source := g.Sources()[e]; owner[source] == from && owner[target] == to {
			r.Targets, r.Sources, r.Edges = append(r.Targets, local[target]), append(r.Sources, local[source]), append(r.Edges, int32(e))
		}
	}
	return r
}

func (a *assembly) addCouplings() error {
	for _, l := range a.links {
		c, err := a.place(l)
		if err != nil {
			return err
		}
		if err := a.addParams("coupling "+c.name, c.prefix(), slices.Concat(c.Params, c.Weights().Params), c.Values(), c.readBy); err != nil {
			return err
		}
		if err := a.addWeighting(c); err != nil {
			return err
		}
		c.route = a.route(a.reads(c))
		a.couplings = append(a.couplings, c)
	}
	return nil
}

// place checks a coupling against the models and reads its texts.
func (a *assembly) place(l link) (*coupled, error) {
	name, c, m := l.name, l.coupling, l.to.Dynamics
	if !isWord(name) {
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
	if len(c.Source()) != len(c.SourceSymbols) {
		return nil, fmt.Errorf("network: coupling %q sends %d states, %s takes %d; name the states to send", name, len(c.Source()), c.Name, len(c.SourceSymbols))
	}
	if len(c.LocalSymbols) > 0 && len(c.LocalStates()) != len(c.LocalSymbols) {
		return nil, fmt.Errorf("network: coupling %q reads %d states of the receiver, %s takes %d; name them by Local", name, len(c.LocalStates()), c.Name, len(c.LocalSymbols))
	}
	if err := checkStates(name, c.Source(), l.from.Dynamics); err != nil {
		return nil, err
	}
	if len(c.LocalSymbols) > 0 {
		if err := checkStates(name, c.LocalStates(), m); err != nil {
			return nil, err
		}
	}
	delayed := a.net.Graph.HasDelays() && (c.Delays() == coupling.Delayed || c.Delays() == coupling.ByInput && !in.Instant)
	placed := &coupled{Coupling: c, name: name, from: l.from, to: l.to, input: in, delayed: delayed, weighting: -1}
	if err := placed.read(); err != nil {
		return nil, err
	}
	// Linear reads interpolate states. Where what is sent is not just a state, that is one value per edge.
	placed.onEdges = c.Message != "" || delayed && c.ReadsLinearly() && !placed.sendsStates()
	return placed, a.placeOnEdges(placed)
}

// readBy is the group that reads a parameter: the senders, the receivers, or nil if both do and differ.
func (c *coupled) readBy(name string) *group {
	switch sent := slices.Contains(c.signal.Symbols(), name); {
	case !sent || c.from == c.to:
		return c.to
	case slices.Contains(c.post.Symbols(), name):
		return nil
	}
	return c.from
}

// checkStates refuses states that a model does not have.
func checkStates(coupling string, used []string, m models.Model) error {
	states := stateNames(m)
	for _, s := range used {
		if !slices.Contains(states, s) {
			return fmt.Errorf("network: coupling %q uses state %q, which model %s does not have%s", coupling, s, m.Name, suggest.Hint(s, states))
		}
	}
	return nil
}

// placeOnEdges notes the parameters that edges read.
func (a *assembly) placeOnEdges(c *coupled) error {
	for _, p := range c.Weights().Params {
		a.edgeParams[c.prefix()+p.Name] = true
	}
	if !c.onEdges {
		return nil
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

// followsStages reports whether the sums change from stage to stage where couplings are recomputed: with
// delays only those of messages that read the receiver.
func (c *coupled) followsStages() bool {
	return !c.delayed || c.Message != "" && len(c.LocalSymbols) > 0
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
