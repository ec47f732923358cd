package network

import (
	"fmt"
	"slices"

	"github.com/neurograd/neurograd/ad"
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

	arena      *ad.Arena
	spec       engine.Spec
	leaves     []param.Leaf
	equations  *ad.Equations
	couplings  []*coupled
	routes     map[reads]int
	edgeParams map[string]bool // paths of parameters that edges read
	stimuli    map[string]*ad.Equations

	pending     []engine.Assign    // of the elementwise operation being written
	auxiliaries map[string]ad.Expr // of the first stage
	firstStage  int                // the operation that evaluates it
	noisy       []string           // noisy states, in the order of sigma's rows
}

func assemble(net Network, method solver.Solver, grid Grid, opts Options) (*assembly, error) {
	a := &assembly{net: net, solver: method, grid: grid, nodes: net.Graph.N(), arena: ad.NewArena(),
		routes: map[reads]int{}, edgeParams: map[string]bool{}, stimuli: map[string]*ad.Equations{}}
	a.spec = engine.Spec{Arena: a.arena, Nodes: []int{a.nodes}, Start: grid.Start, Step: grid.Step, First: opts.FirstStep, Steps: grid.Steps() - opts.FirstStep}
	for _, build := range []func() error{a.readModel, a.checkSolver, a.addStates, a.addGraph, a.addCouplings, a.addStimuli, a.addNoise, a.writeStep} {
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
		if a.edgeParams[leaf.Path] {
			leaf.Regions = 0
		}
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
	return a.checkShape(leaf.Path, shape)
}

// checkShape refuses shapes that a parameter cannot have: it is one number or one per region, or, where
// edges read it, one per edge.
func (a *assembly) checkShape(path string, shape []int) error {
	if !a.edgeParams[path] {
		return engine.CheckLeaf(path, shape, 1, a.nodes)
	}
	if want := a.edgeShape(); len(shape) != 0 && !slices.Equal(shape, want) {
		return fmt.Errorf("network: %s has shape %v; edges read it, so it takes one number, or one per edge %v", path, shape, want)
	}
	return nil
}

// edgeShape is the shape of an array with one value per edge.
func (a *assembly) edgeShape() []int {
	if a.net.Graph.Dense() {
		return []int{a.nodes, a.nodes}
	}
	return []int{len(a.net.Graph.Weights())}
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

func (a *assembly) checkSolver() error { return a.solver.Check(stateNames(a.net.Dynamics)) }

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
		if a.net.History == nil {
			a.spec.Initial = append(a.spec.Initial, a.addLeaf(leaf, 1))
		}
		a.spec.State = append(a.spec.State, a.addWire("x."+s.Name))
		a.spec.Next = append(a.spec.Next, a.addWire("n."+s.Name))
	}
	return a.addHistory()
}

// addHistory adds the given history as a leaf.
func (a *assembly) addHistory() error {
	a.spec.History = -1
	if a.net.History == nil {
		return nil
	}
	m := a.net.Dynamics
	if len(m.InitialValues()) > 0 {
		return fmt.Errorf("network: both a history and initial values of model %s are given; the history's last row is the initial state: leave one out", m.Name)
	}
	leaf := param.Leaf{Path: "history", Shape: []int{len(a.net.History), len(m.States), a.nodes}, Meaning: "states up to the start [row][state][region]"}
	for row, states := range a.net.History {
		if len(states) != len(m.States) {
			return fmt.Errorf("network: history row %d has %d states, model %s has %d; give all of them in the model's order", row, len(states), m.Name, len(m.States))
		}
		for s, regions := range states {
			if len(regions) != a.nodes {
				return fmt.Errorf("network: history row %d has %d regions for %s, the graph has %d", row, len(regions), m.States[s].Name, a.nodes)
			}
			leaf.Value = append(leaf.Value, regions...)
		}
	}
	if len(a.net.History) == 0 {
		return fmt.Errorf("network: the history is empty; give at least one row, the initial state, or leave History nil")
	}
	a.spec.History = a.addLeaf(leaf, 1)
	return nil
}

func (a *assembly) addGraph() error {
	g := a.net.Graph
	a.addLeaf(param.Leaf{Path: "graph.weights", Shape: a.edgeShape(), Value: g.Weights(), Meaning: "weights [target][source]"}, 1)
	switch {
	case g.Delays() != nil:
		a.addLeaf(param.Leaf{Path: "graph.delays", Shape: a.edgeShape(), Value: g.Delays(), Unit: "ms", Meaning: "conduction delays [target][source]"}, 1)
	case g.HasDelays():
		a.addLeaf(param.Leaf{Path: "graph.lengths", Shape: a.edgeShape(), Value: g.Lengths(), Unit: "mm", Meaning: "tract lengths [target][source]"}, 1)
		a.addLeaf(param.Leaf{Path: "graph.speed", Value: []float64{g.SpeedValue()}, Unit: "mm/ms", Lo: 0.1, Hi: 100, Meaning: "conduction speed"}, 1)
	}
	return nil
}

// leaf is the number of a leaf, −1 if there is none.
func (a *assembly) leaf(path string) int {
	return slices.IndexFunc(a.leaves, func(l param.Leaf) bool { return l.Path == path })
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
			wires := a.spec.Next
			if a.grid.Record == BeforeStep {
				wires = a.spec.State
			}
			a.spec.Record = append(a.spec.Record, wires[i])
		}
	}
	first := &a.spec.Ops[a.firstStage]
	for _, name := range names {
		if slices.Contains(states, name) {
			continue
		}
		wire := a.addWire("aux." + name)
		first.Assign = append(first.Assign, engine.Assign{Wire: wire, Expr: a.auxiliaries[name]})
		a.spec.Record = append(a.spec.Record, wire)
	}
	return nil
}
