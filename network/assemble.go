package network

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// assembly writes a network as a schedule of the engine.
//
// Names of the expressions: leaves have their paths; x.S is state S at the start of a step, n.S at its
// end, z.S its unit normal; s.c.k@j and sum.c.k@j are channel k of what coupling c sends and receives at
// stage j; k.S@j is the slope of S at stage j; aux.H is auxiliary H.
type assembly struct {
	net    Network
	solver solver.Solver
	grid   Grid
	nodes  int

	arena     *ad.Arena
	spec      engine.Spec
	leaves    []param.Leaf
	equations *ad.Equations
	couplings []*coupled
	routes    map[bool]int // by whether delayed
	stimuli   map[string]*ad.Equations

	pending     []engine.Assign    // of the elementwise operation being written
	auxiliaries map[string]ad.Expr // of the first stage
	noisy       []string           // noisy states, in the order of sigma's rows
	slopes      map[string]ad.Expr // as written, by wire name: for reports
}

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
}

func assemble(net Network, method solver.Solver, grid Grid, opts Options) (*assembly, error) {
	a := &assembly{net: net, solver: method, grid: grid, nodes: net.Graph.N(), arena: ad.NewArena(),
		routes: map[bool]int{}, stimuli: map[string]*ad.Equations{}, slopes: map[string]ad.Expr{}}
	a.spec = engine.Spec{Arena: a.arena, Nodes: []int{a.nodes}, Start: grid.Start, Step: grid.Step, Steps: grid.Steps()}
	for _, build := range []func() error{a.readModel, a.addStates, a.addGraph, a.addCouplings, a.addStimuli, a.addNoise, a.writeStep} {
		if err := build(); err != nil {
			return nil, err
		}
	}
	return a, a.record(opts.Record)
}

// addLeaf adds a leaf and returns its number.
func (a *assembly) addLeaf(leaf param.Leaf, rows int) int {
	a.leaves = append(a.leaves, leaf)
	a.spec.Leaves = append(a.spec.Leaves, engine.Leaf{Path: leaf.Path, Rows: rows})
	return len(a.leaves) - 1
}

// addParams adds declared parameters as leaves prefix+name, with the values that were set.
func (a *assembly) addParams(owner, prefix string, specs []param.Spec, values param.Set) error {
	names := make([]string, len(specs))
	for i, s := range specs {
		names[i] = s.Name
	}
	for _, name := range values.Keys() {
		if !slices.Contains(names, name) {
			return fmt.Errorf("network: %s has no parameter %q%s", owner, name, suggest.Hint(name, names))
		}
	}
	for _, s := range specs {
		leaf := param.Leaf{Path: prefix + s.Name, Value: []float64{s.Default}, Unit: s.Unit, Meaning: s.Meaning, Lo: s.Lo, Hi: s.Hi, Regions: a.nodes}
		if err := a.override(&leaf, values, s.Name); err != nil {
			return err
		}
		a.addParam(leaf)
	}
	return nil
}

// override puts a value that was set into a leaf of one number or one per region.
func (a *assembly) override(leaf *param.Leaf, values param.Set, name string) error {
	if _, given := values[name]; !given {
		return nil
	}
	v, shape, err := values.Value(name)
	if err != nil {
		return fmt.Errorf("network: %s: %w", leaf.Path, err)
	}
	leaf.Value, leaf.Shape = v, shape
	return engine.CheckLeaf(leaf.Path, shape, 1, a.nodes)
}

func (a *assembly) addParam(leaf param.Leaf) {
	i := a.addLeaf(leaf, 1)
	a.spec.Params = append(a.spec.Params, engine.Param{Symbol: leaf.Path, Leaf: i})
}

// paramSymbols maps the names of declared parameters to their symbols.
func (a *assembly) paramSymbols(known map[string]ad.Expr, prefix string, specs []param.Spec) {
	for _, s := range specs {
		known[s.Name] = a.arena.Symbol(prefix + s.Name)
	}
}

func (a *assembly) addWire(name string) int {
	a.spec.Wires = append(a.spec.Wires, engine.Wire{Name: name})
	return len(a.spec.Wires) - 1
}

// readModel parses the equations and checks that they define the model's states and auxiliaries.
func (a *assembly) readModel() error {
	m := a.net.Dynamics
	if len(m.States) == 0 {
		return fmt.Errorf("network: no model: set Dynamics, for example models.ReducedWongWang()")
	}
	var err error
	if a.equations, err = ad.Parse(m.Equations, a.modelNames()...); err != nil {
		return fmt.Errorf("network: model %s: %w", m.Name, err)
	}
	names := stateNames(m)
	defined := map[string]bool{}
	for _, s := range a.equations.Statements {
		if s.Derivative && !slices.Contains(names, s.Target) {
			return fmt.Errorf("network: model %s has an equation for d%s/dt, but no state %q%s", m.Name, s.Target, s.Target, suggest.Hint(s.Target, names))
		}
		defined[s.Target] = true
	}
	for _, name := range append(names, m.Auxiliaries...) {
		if !defined[name] {
			return fmt.Errorf("network: model %s has no equation for %q; add one to Equations", m.Name, name)
		}
	}
	return a.addParams("model "+m.Name, "dynamics.", m.Params, m.Values())
}

func stateNames(m models.Model) []string {
	names := make([]string, len(m.States))
	for i, s := range m.States {
		names[i] = s.Name
	}
	return names
}

// modelNames are the names that the equations may use without defining them.
func (a *assembly) modelNames() []string {
	m := a.net.Dynamics
	names := append(stateNames(m), engine.TimeSymbol)
	for _, p := range m.Params {
		names = append(names, p.Name)
	}
	for _, in := range slices.Concat(m.Inputs, m.External) {
		names = append(names, in.Symbols...)
	}
	return names
}

func (a *assembly) addStates() error {
	m := a.net.Dynamics
	names := stateNames(m)
	for _, name := range m.InitialValues().Keys() {
		if !slices.Contains(names, name) {
			return fmt.Errorf("network: model %s has no state %q%s", m.Name, name, suggest.Hint(name, names))
		}
	}
	for _, s := range m.States {
		leaf := param.Leaf{Path: "initial_state." + s.Name, Value: []float64{s.Initial}, Unit: s.Unit, Meaning: "initial " + s.Meaning, Lo: s.Lo, Hi: s.Hi, Regions: a.nodes}
		if err := a.override(&leaf, m.InitialValues(), s.Name); err != nil {
			return err
		}
		a.spec.Initial = append(a.spec.Initial, a.addLeaf(leaf, 1))
		a.spec.State = append(a.spec.State, a.addWire("x."+s.Name))
		a.spec.Next = append(a.spec.Next, a.addWire("n."+s.Name))
	}
	return nil
}

func (a *assembly) addGraph() error {
	g := a.net.Graph
	shape := func() []int {
		if g.Dense() {
			return []int{a.nodes, a.nodes}
		}
		return []int{len(g.Weights())}
	}
	a.addLeaf(param.Leaf{Path: "graph.weights", Shape: shape(), Value: g.Weights(), Meaning: "weights [target][source]"}, 1)
	switch {
	case g.Delays() != nil:
		a.addLeaf(param.Leaf{Path: "graph.delays", Shape: shape(), Value: g.Delays(), Unit: "ms", Meaning: "conduction delays [target][source]"}, 1)
	case g.HasDelays():
		a.addLeaf(param.Leaf{Path: "graph.lengths", Shape: shape(), Value: g.Lengths(), Unit: "mm", Meaning: "tract lengths [target][source]"}, 1)
		a.addLeaf(param.Leaf{Path: "graph.speed", Value: []float64{g.SpeedValue()}, Unit: "mm/ms", Lo: 0.1, Hi: 100, Meaning: "conduction speed"}, 1)
	}
	return nil
}

// leaf is the number of a leaf, −1 if there is none.
func (a *assembly) leaf(path string) int {
	return slices.IndexFunc(a.leaves, func(l param.Leaf) bool { return l.Path == path })
}

// route is the number of the route with or without delays.
func (a *assembly) route(delayed bool) int {
	if r, ok := a.routes[delayed]; ok {
		return r
	}
	g := a.net.Graph
	r := engine.Route{Targets: g.Targets(), Sources: g.Sources(), Structural: make([]bool, len(g.Weights())), Weights: a.leaf("graph.weights"), Delayed: delayed}
	for e, w := range g.Weights() {
		r.Structural[e] = w != 0
	}
	a.spec.Routes = append(a.spec.Routes, r)
	a.routes[delayed] = len(a.spec.Routes) - 1
	return a.routes[delayed]
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
	placed := &coupled{Coupling: c, name: name, input: in, delayed: delayed, route: a.route(delayed)}
	return placed, placed.read()
}

// read parses the texts of a coupling.
func (c *coupled) read() error {
	names := slices.Concat(c.SourceSymbols, c.LocalSymbols, []string{"strength"})
	for _, p := range c.Params {
		names = append(names, p.Name)
	}
	var err error
	if c.signal, err = ad.Parse(c.Signal, names...); err == nil {
		c.post, err = ad.Parse(c.Post, slices.Concat(names, c.signals())...)
	}
	if err != nil {
		return fmt.Errorf("network: coupling %q: %w", c.name, err)
	}
	return nil
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

func (a *assembly) addStimuli() error {
	m := a.net.Dynamics
	externals := make([]string, len(m.External))
	for i, in := range m.External {
		externals[i] = in.Name
	}
	names := make([]string, 0, len(a.net.Stimulus))
	for name := range a.net.Stimulus {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s, at := a.net.Stimulus[name], slices.Index(externals, name)
		if at < 0 {
			return fmt.Errorf("network: model %s has no external input %q%s", m.Name, name, suggest.Hint(name, externals))
		}
		if len(s.Channels) != len(m.External[at].Symbols) {
			return fmt.Errorf("network: stimulus %q gives %d channels, the external input takes %d", name, len(s.Channels), len(m.External[at].Symbols))
		}
		known := []string{engine.TimeSymbol}
		for _, p := range s.Params {
			known = append(known, p.Name)
		}
		equations, err := ad.Parse(s.Equations, known...)
		if err != nil {
			return fmt.Errorf("network: stimulus %q: %w", name, err)
		}
		a.stimuli[name] = equations
		if err := a.addParams("stimulus "+name, "external."+name+".", s.Params, s.Values()); err != nil {
			return err
		}
	}
	return nil
}

// addNoise adds sigma and the wires of the normals.
func (a *assembly) addNoise() error {
	n, states := a.net.Noise, stateNames(a.net.Dynamics)
	if n.Sigma == nil {
		if len(n.States) > 0 {
			return fmt.Errorf("network: noise on %s without sigma; set Sigma, for example 0.01", strings.Join(n.States, ", "))
		}
		return nil
	}
	a.noisy = n.States
	if len(a.noisy) == 0 {
		a.noisy = states
	}
	for i, s := range a.noisy {
		if !slices.Contains(states, s) {
			return fmt.Errorf("network: noise on state %q, which model %s does not have%s", s, a.net.Dynamics.Name, suggest.Hint(s, states))
		}
		if slices.Contains(a.noisy[:i], s) {
			return fmt.Errorf("network: noise names state %q twice; name it once", s)
		}
	}
	v, shape, err := param.Set{"noise.sigma": n.Sigma}.Value("noise.sigma")
	if err == nil {
		err = engine.CheckLeaf("noise.sigma", shape, len(a.noisy), a.nodes)
	}
	if err != nil {
		return fmt.Errorf("network: noise: %w", err)
	}
	leaf := a.addLeaf(param.Leaf{Path: "noise.sigma", Value: v, Shape: shape, Meaning: "noise per √ms", Regions: a.nodes}, len(a.noisy))
	for row, s := range a.noisy {
		a.spec.Params = append(a.spec.Params, engine.Param{Symbol: sigmaSymbol(row), Leaf: leaf, Row: row})
		a.spec.Noise = append(a.spec.Noise, a.addWire("z."+s))
	}
	return nil
}

func sigmaSymbol(row int) string { return "noise.sigma#" + strconv.Itoa(row) }

// increments are the noise increments σ·√h·z by state.
func (a *assembly) increments() []ad.Expr {
	states := stateNames(a.net.Dynamics)
	xi := make([]ad.Expr, len(states))
	for row, s := range a.noisy {
		sigma := a.arena.Symbol(sigmaSymbol(row)).Mul(a.arena.Const(math.Sqrt(a.grid.Step)))
		xi[slices.Index(states, s)] = sigma.Mul(a.arena.Symbol("z." + s))
	}
	return xi
}

// record selects what is recorded: states first, then auxiliaries.
func (a *assembly) record(names []string) error {
	states := stateNames(a.net.Dynamics)
	if len(names) == 0 {
		names = states
	}
	all := append(slices.Clone(states), a.net.Dynamics.Auxiliaries...)
	for i, name := range names {
		if !slices.Contains(all, name) {
			return fmt.Errorf("network: cannot record %q: model %s has no such state or auxiliary%s", name, a.net.Dynamics.Name, suggest.Hint(name, all))
		}
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("network: %q is to be recorded twice; name it once", name)
		}
	}
	for _, name := range names {
		if i := slices.Index(states, name); i >= 0 {
			a.spec.Record = append(a.spec.Record, a.spec.Next[i])
		}
	}
	first := -1
	for i, op := range a.spec.Ops {
		if op.Sum == nil && len(op.Assign) > 0 && first < 0 && a.isStageOp(op) {
			first = i
		}
	}
	for _, name := range names {
		if slices.Contains(states, name) {
			continue
		}
		wire := a.addWire("aux." + name)
		a.spec.Ops[first].Assign = append(a.spec.Ops[first].Assign, engine.Assign{Wire: wire, Expr: a.auxiliaries[name]})
		a.spec.Record = append(a.spec.Record, wire)
	}
	return nil
}

// isStageOp tells the operation that evaluates the first stage from those that compute signals.
func (a *assembly) isStageOp(op engine.Op) bool {
	name := a.spec.Wires[op.Assign[0].Wire].Name
	return !strings.HasPrefix(name, "s.")
}
