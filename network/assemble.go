package network

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// assembly writes a network as a schedule of the engine.
//
// Names of the expressions: leaves have their paths; x.S is state S at the start of a step, n.S at its
// end, z.S its unit normal; s.c.k@j and sum.c.k@j are channel k of what coupling c sends and receives at
// stage j; k.S@j is the slope of S at stage j; aux.H is auxiliary H. In a group g it is x.g.S, and so on.
type assembly struct {
	net    Network
	solver solver.Solver
	grid   Grid
	nodes  int

	arena      *ad.Arena
	spec       engine.Spec
	leaves     []param.Leaf
	checks     []leafCheck    // of leaves
	leafNumber map[string]int // by path
	groups     []*group
	links      []link
	couplings  []*coupled
	routes     map[reads]int
	symbols    map[reader]string // of leaves, by who reads them
	weightings []*weighting
	edgeParams map[string]bool // paths of parameters that edges read
	variables  []string        // what is recorded, by name
	absent     bool            // some group lacks a recorded variable
	normals    []float64       // recorded ones
}

// reader is a group that reads a leaf.
type reader struct{ leaf, group int }

// leafCheck says which values a leaf can have.
type leafCheck struct {
	rows, nodes int  // one number, one per node, per row, or both
	exact       bool // or only the shape that it was declared with
	sign        sign
}

type sign byte

const (
	anySign sign = iota
	notNegative
	positive
)

func assemble(net Network, method solver.Solver, grid Grid, opts Options) (*assembly, error) {
	a := &assembly{net: net, solver: method, grid: grid, nodes: net.Graph.N(), arena: ad.NewArena(),
		routes: map[reads]int{}, symbols: map[reader]string{}, edgeParams: map[string]bool{}, leafNumber: map[string]int{}, normals: opts.Normals}
	a.spec = engine.Spec{Arena: a.arena, Start: grid.Start, Step: grid.Step, First: opts.FirstStep, Steps: grid.Steps() - opts.FirstStep}
	for _, build := range []func() error{a.declare, a.readModels, a.checkSolver, a.addStates, a.addGraph, a.addCouplings, a.addStimuli, a.addNoise, a.writeStep, a.numberDerived} {
		if err := build(); err != nil {
			return nil, err
		}
	}
	if err := a.sample(opts.Sampling); err != nil {
		return nil, err
	}
	return a, a.record(opts.Record)
}

// eachGroup calls add for every group until there is an error.
func (a *assembly) eachGroup(add func(*group) error) error {
	for _, g := range a.groups {
		if err := add(g); err != nil {
			return err
		}
	}
	return nil
}

// addLeaf adds a leaf and returns its number.
func (a *assembly) addLeaf(leaf param.Leaf, check leafCheck) int {
	a.leafNumber[leaf.Path] = len(a.leaves)
	a.leaves, a.checks = append(a.leaves, leaf), append(a.checks, check)
	a.spec.Leaves = append(a.spec.Leaves, engine.Leaf{Path: leaf.Path, Rows: check.rows})
	return len(a.leaves) - 1
}

// addParams adds declared parameters as leaves prefix+name, with the values that were set. readBy is the
// group whose regions a parameter may have values for, nil if several groups read it.
func (a *assembly) addParams(owner, prefix string, specs []param.Spec, values param.Set, readBy func(name string) *group) error {
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
		leaf := param.Leaf{Path: prefix + s.Name, Value: []float64{s.Default}, Unit: s.Unit, Meaning: s.Meaning, Lo: s.Lo, Hi: s.Hi}
		check := leafCheck{rows: 1}
		if g := readBy(s.Name); g != nil && !a.edgeParams[leaf.Path] {
			leaf.Regions, check.nodes = len(g.nodes), len(g.nodes)
		}
		if err := a.override(&leaf, values, s.Name, check.nodes); err != nil {
			return err
		}
		a.addLeaf(leaf, check)
	}
	return nil
}

// override puts a value that was set into a leaf of one number or one per region.
func (a *assembly) override(leaf *param.Leaf, values param.Set, name string, nodes int) error {
	if _, given := values[name]; !given {
		return nil
	}
	v, shape, err := values.Value(name)
	if err != nil {
		return fmt.Errorf("network: %s: %w", leaf.Path, err)
	}
	leaf.Value, leaf.Shape = v, shape
	return a.checkShape(leaf.Path, shape, nodes)
}

// checkShape refuses shapes that a parameter cannot have: it is one number or one per region, or, where
// edges read it, one per edge.
func (a *assembly) checkShape(path string, shape []int, nodes int) error {
	switch {
	case !a.edgeParams[path] && nodes > 0:
		return engine.CheckLeaf(path, shape, 1, nodes)
	case !a.edgeParams[path] && len(shape) > 0:
		return fmt.Errorf("network: %s has shape %v; senders and receivers of different groups read it, so it takes one number", path, shape)
	case !a.edgeParams[path]:
		return nil
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

// paramSymbols maps the names of declared parameters to the symbols by which a group reads those that the
// equations use.
func (a *assembly) paramSymbols(known map[string]ad.Expr, equations *ad.Equations, g *group, prefix string, specs []param.Spec) {
	used := equations.Symbols()
	for _, s := range specs {
		known[s.Name] = a.arena.Symbol(prefix + s.Name)
		if slices.Contains(used, s.Name) {
			known[s.Name] = a.param(a.leafNumber[prefix+s.Name], g.number, nil)
		}
	}
}

// param is the symbol by which a group reads a leaf: its path, with a mark if another group does, too.
// elements are as in engine.Param.
func (a *assembly) param(leaf, group int, elements []int32) ad.Expr {
	symbol, ok := a.symbols[reader{leaf, group}]
	if !ok {
		symbol = a.leafName(leaf)
		for r := range a.symbols {
			if r.leaf == leaf {
				symbol = a.leafName(leaf) + "#" + strconv.Itoa(group)
			}
		}
		a.symbols[reader{leaf, group}] = symbol
		a.spec.Params = append(a.spec.Params, engine.Param{Symbol: symbol, Leaf: leaf, Group: group, Elements: elements})
	}
	return a.arena.Symbol(symbol)
}

// addWire adds a wire with one value per node of a group.
func (a *assembly) addWire(name string, group int) int {
	a.spec.Wires = append(a.spec.Wires, engine.Wire{Name: name, Group: group})
	return len(a.spec.Wires) - 1
}

func (a *assembly) addGraph() error {
	g := a.net.Graph
	exact := leafCheck{rows: 1, exact: true}
	a.addLeaf(param.Leaf{Path: "graph.weights", Shape: a.edgeShape(), Value: g.Weights(), Meaning: "weights [target][source]"}, exact)
	exact.sign = notNegative
	switch {
	case g.Delays() != nil:
		a.addLeaf(param.Leaf{Path: "graph.delays", Shape: a.edgeShape(), Value: g.Delays(), Unit: "ms", Meaning: "conduction delays [target][source]"}, exact)
	case g.HasDelays():
		a.addLeaf(param.Leaf{Path: "graph.lengths", Shape: a.edgeShape(), Value: g.Lengths(), Unit: "mm", Meaning: "tract lengths [target][source]"}, exact)
		a.addLeaf(param.Leaf{Path: "graph.speed", Value: []float64{g.SpeedValue()}, Unit: "mm/ms", Lo: 0.1, Hi: 100, Meaning: "conduction speed"},
			leafCheck{rows: 1, exact: true, sign: positive})
	}
	return nil
}

// leaf is the number of a leaf, −1 if there is none.
func (a *assembly) leaf(path string) int {
	if i, ok := a.leafNumber[path]; ok {
		return i
	}
	return -1
}
