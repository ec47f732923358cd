package network

import (
	"fmt"
	"slices"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/param"
)

// readModels parses the groups' equations and checks that they define the models' states and auxiliaries.
func (a *assembly) readModels() error { return a.eachGroup(a.readModel) }

func (a *assembly) readModel(g *group) error {
	m := g.Dynamics
	if len(m.States) == 0 {
		if g.Name != "" {
			return fmt.Errorf("network: group %q has no model: set Dynamics, for example models.ReducedWongWang()", g.Name)
		}
		return fmt.Errorf("network: no model: set Dynamics, for example models.ReducedWongWang()")
	}
	a.spec.Nodes = append(a.spec.Nodes, len(g.nodes))
	var err error
	if g.equations, err = ad.Parse(m.Equations, g.modelNames()...); err != nil {
		return fmt.Errorf("network: model %s: %w", m.Name, err)
	}
	names := g.states()
	defined := map[string]bool{}
	for _, s := range g.equations.Statements {
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
	return a.addParams("model "+m.Name, g.prefix+"dynamics.", m.Params, m.Values(), func(string) *group { return g })
}

// modelNames are the names that the equations may use without defining them.
func (g *group) modelNames() []string {
	m := g.Dynamics
	names := append(g.states(), engine.TimeSymbol)
	for _, p := range m.Params {
		names = append(names, p.Name)
	}
	for _, in := range slices.Concat(m.Inputs, m.External) {
		names = append(names, in.Symbols...)
	}
	return names
}

func (a *assembly) checkSolver() error {
	var states []string
	for _, g := range a.groups {
		for _, s := range g.states() {
			states = append(states, g.mark+s)
		}
	}
	return a.solver.Check(states)
}

func (a *assembly) addStates() error {
	for _, g := range a.groups {
		if (g.History == nil) != (a.groups[0].History == nil) {
			return fmt.Errorf("network: of groups %q and %q one has a history and one has none; give all groups one, or none", a.groups[0].Name, g.Name)
		}
		if h := a.groups[0].History; len(g.History) != len(h) {
			return fmt.Errorf("network: the history of group %q has %d rows, that of %q has %d; all groups' cover the same steps", g.Name, len(g.History), a.groups[0].Name, len(h))
		}
	}
	return a.eachGroup(a.addGroupStates)
}

func (a *assembly) addGroupStates(g *group) error {
	m, names := g.Dynamics, g.states()
	for _, name := range m.InitialValues().Keys() {
		if !slices.Contains(names, name) {
			return fmt.Errorf("network: model %s has no state %q%s", m.Name, name, suggest.Hint(name, names))
		}
	}
	g.firstX = len(a.spec.State)
	for _, s := range m.States {
		leaf := param.Leaf{Path: g.prefix + "initial_state." + s.Name, Value: []float64{s.Initial}, Unit: s.Unit, Meaning: "initial " + s.Meaning, Lo: s.Lo, Hi: s.Hi, Regions: len(g.nodes)}
		if err := a.override(&leaf, m.InitialValues(), s.Name, len(g.nodes)); err != nil {
			return err
		}
		if g.History == nil {
			a.spec.Initial = append(a.spec.Initial, a.addLeaf(leaf, leafCheck{rows: 1, nodes: len(g.nodes)}))
		}
		a.spec.State = append(a.spec.State, a.addWire(g.x(s.Name), g.number))
		a.spec.Next = append(a.spec.Next, a.addWire(g.n(s.Name), g.number))
	}
	return a.addHistory(g)
}

// addHistory adds the given history of a group as a leaf.
func (a *assembly) addHistory(g *group) error {
	if g.History == nil {
		return nil
	}
	m := g.Dynamics
	if len(m.InitialValues()) > 0 {
		return fmt.Errorf("network: both a history and initial values of model %s are given; the history's last row is the initial state: leave one out", m.Name)
	}
	leaf := param.Leaf{Path: g.prefix + "history", Shape: []int{len(g.History), len(m.States), len(g.nodes)}, Meaning: "states up to the start [row][state][region]"}
	for row, states := range g.History {
		if len(states) != len(m.States) {
			return fmt.Errorf("network: history row %d has %d states, model %s has %d; give all of them in the model's order", row, len(states), m.Name, len(m.States))
		}
		for s, regions := range states {
			if len(regions) != len(g.nodes) {
				return fmt.Errorf("network: history row %d has %d regions for %s, the %s has %d", row, len(regions), m.States[s].Name, g.whole(), len(g.nodes))
			}
			leaf.Value = append(leaf.Value, regions...)
		}
	}
	if len(g.History) == 0 {
		return fmt.Errorf("network: the history is empty; give at least one row, the initial state, or leave History nil")
	}
	a.spec.History = append(a.spec.History, engine.History{Leaf: a.addLeaf(leaf, leafCheck{rows: 1, exact: true}), States: len(m.States)})
	return nil
}

// whole is what the group's regions make up, for errors.
func (g *group) whole() string {
	if g.Name == "" {
		return "graph"
	}
	return "group"
}

// resolveModel is the right-hand side of a group at a stage.
func (a *assembly) resolveModel(g *group, t ad.Expr, x []ad.Expr, inputs map[string][]ad.Expr) (*ad.Resolved, error) {
	m := g.Dynamics
	known := map[string]ad.Expr{engine.TimeSymbol: t}
	for i, s := range g.states() {
		known[s] = x[i]
	}
	a.paramSymbols(known, g.equations, g, g.prefix+"dynamics.", m.Params)
	for _, in := range m.Inputs {
		for k, symbol := range in.Symbols {
			known[symbol] = a.arena.Const(0)
			if channels := inputs[in.Name]; channels != nil {
				known[symbol] = channels[k]
			}
		}
	}
	for _, in := range m.External {
		values, err := a.stimulus(g, in.Name, t)
		if err != nil {
			return nil, err
		}
		for k, symbol := range in.Symbols {
			known[symbol] = a.arena.Const(0)
			if values != nil {
				known[symbol] = values[k]
			}
		}
	}
	resolved, err := g.equations.Resolve(a.arena, known)
	if err != nil {
		return nil, fmt.Errorf("network: model %s: %w", m.Name, err)
	}
	return resolved, nil
}
