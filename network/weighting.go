package network

import (
	"fmt"
	"slices"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/param"
)

// weighting is the rule by which a coupling's weights follow from those of the graph: a map from leaves to
// an array by edge, a derived leaf of the engine, which is computed before a run and differentiated after it.
type weighting struct {
	name    string       // of the coupling
	edges   engine.Route // those between its groups
	total   int          // number of edges of the graph
	inputs  []weightInput
	value   *program.Program // inputs → weight
	push    *program.Program // inputs, tangents → tangent of the weight
	pull    *program.Program // inputs, cotangent of the weight → cotangents of the inputs
	bend    *program.Program // inputs, cotangent of the weight, tangents → tangents of the inputs' cotangents
	initial []float64        // weights of the declared values
}

// weightInput is something that the rule reads on every edge.
type weightInput struct {
	symbol string
	from   weightSource
	leaf   int // of the first two sources
}

type weightSource byte

const (
	edgeLeaf  weightSource = iota // one value per edge
	paramLeaf                     // one number or one per edge
	strengths                     // Σ_j W_ij of the edge's target; the leaf is graph.weights
	selfEdges                     // 1 for an edge from a node to itself
)

// derivedLeaf stands for the weights of rule k until all leaves are numbered.
func derivedLeaf(k int) int { return -2 - k }

// leafName is the name of a leaf in symbols.
func (a *assembly) leafName(leaf int) string {
	if leaf < 0 {
		return fmt.Sprintf("weights#%d", derivedLeaf(leaf))
	}
	return a.leaves[leaf].Path
}

// numberDerived gives the derived leaves the numbers after those of the tree.
func (a *assembly) numberDerived() error {
	for k := range a.weightings {
		number, placeholder := len(a.spec.Leaves), derivedLeaf(k)
		a.spec.Leaves = append(a.spec.Leaves, engine.Leaf{Path: a.leafName(placeholder), Rows: 1})
		for i := range a.spec.Routes {
			if a.spec.Routes[i].Weights == placeholder {
				a.spec.Routes[i].Weights = number
			}
		}
		for i := range a.spec.Params {
			if a.spec.Params[i].Leaf == placeholder {
				a.spec.Params[i].Leaf = number
			}
		}
	}
	return nil
}

// addWeighting reads the rule of a coupling's weights, if it has one.
func (a *assembly) addWeighting(c *coupled) error {
	rule := c.Weights()
	if rule.Expression == "" {
		return nil
	}
	w := &weighting{name: c.name, edges: a.edges(c.from.number, c.to.number), total: len(a.net.Graph.Weights())}
	names := []string{"W", "strength", "self"}
	if a.net.Graph.Lengths() != nil {
		names = append(names, "length")
	}
	for _, p := range rule.Params {
		names = append(names, p.Name)
	}
	parsed, err := ad.Parse("weight = "+rule.Expression, names...)
	if err != nil {
		return fmt.Errorf("network: weights of coupling %q: %w", c.name, err)
	}
	arena, known := ad.NewArena(), map[string]ad.Expr{}
	used := parsed.Symbols()
	for _, name := range names {
		known[name] = arena.Symbol(name)
		if slices.Contains(used, name) {
			w.inputs = append(w.inputs, a.weightInput(c, name))
		}
	}
	resolved, err := parsed.Resolve(arena, known)
	if err == nil {
		err = w.compile(arena, resolved.Values["weight"])
	}
	if err == nil {
		err = a.checkSelf(w)
	}
	if err != nil {
		return fmt.Errorf("network: weights of coupling %q: %w", c.name, err)
	}
	declared := make([][]float64, len(a.leaves))
	for i, l := range a.leaves {
		declared[i] = l.Value
	}
	w.initial = w.derive(declared)
	c.weighting = len(a.weightings)
	a.weightings = append(a.weightings, w)
	return nil
}

// weightInput is what a name of a rule stands for.
func (a *assembly) weightInput(c *coupled, name string) weightInput {
	switch name {
	case "W":
		return weightInput{name, edgeLeaf, a.leaf("graph.weights")}
	case "strength":
		return weightInput{name, strengths, a.leaf("graph.weights")}
	case "self":
		return weightInput{name, selfEdges, -1}
	case "length":
		if a.leaf("graph.lengths") < 0 {
			a.addLeaf(param.Leaf{Path: "graph.lengths", Shape: a.edgeShape(), Value: a.net.Graph.Lengths(), Unit: "mm", Meaning: "tract lengths [target][source]"},
				leafCheck{rows: 1, exact: true, sign: notNegative})
		}
		return weightInput{name, edgeLeaf, a.leaf("graph.lengths")}
	}
	return weightInput{name, paramLeaf, a.leaf(c.prefix() + name)}
}

// checkSelf refuses a rule that reads self where some target has no edge to itself.
func (a *assembly) checkSelf(w *weighting) error {
	if !slices.ContainsFunc(w.inputs, func(in weightInput) bool { return in.from == selfEdges }) {
		return nil
	}
	missing := map[int32]bool{}
	for _, e := range a.edgeNumbers(w.edges) {
		missing[a.net.Graph.Targets()[e]] = true
	}
	for _, e := range a.edgeNumbers(w.edges) {
		if g := a.net.Graph; g.Targets()[e] == g.Sources()[e] {
			delete(missing, g.Targets()[e])
		}
	}
	for node, label := range a.net.Graph.Labels() {
		if missing[int32(node)] {
			return fmt.Errorf("the rule reads self, but region %q has no edge to itself; use a dense graph, and a coupling within one group", label)
		}
	}
	return nil
}

// edgeNumbers are the numbers in the graph of a route's edges.
func (a *assembly) edgeNumbers(r engine.Route) []int {
	numbers := make([]int, len(r.Targets))
	for i := range numbers {
		numbers[i] = r.Edge(i)
	}
	return numbers
}

const (
	weightTangent   = "d:" // before a symbol: its tangent
	weightCotangent = "c:weight"
)

// compile compiles the rule and its derivatives.
func (w *weighting) compile(arena *ad.Arena, weight ad.Expr) error {
	var values, tangents []program.Input
	var symbols, directions []ad.Expr
	var cotangents, bends []ad.Output
	for _, in := range w.inputs {
		values = append(values, program.Input{Name: in.symbol, Kind: program.Node, Rate: program.Step})
		if in.from == selfEdges {
			continue
		}
		tangents = append(tangents, program.Input{Name: weightTangent + in.symbol, Kind: program.Node, Rate: program.Step})
		symbols = append(symbols, arena.Symbol(in.symbol))
		directions = append(directions, arena.Symbol(weightTangent+in.symbol))
	}
	outputs := []ad.Expr{weight}
	tangent := ad.Push(outputs, symbols, directions)[0]
	pulled := ad.Pull(outputs, []ad.Expr{arena.Symbol(weightCotangent)}, symbols)
	for _, g := range pulled {
		cotangents = append(cotangents, ad.Output{Expr: g, Kind: program.Node})
	}
	for _, g := range ad.Push(pulled, symbols, directions) {
		bends = append(bends, ad.Output{Expr: g, Kind: program.Node})
	}
	var err error
	if w.value, err = ad.Compile([]ad.Output{{Expr: weight, Kind: program.Node}}, values); err != nil {
		return err
	}
	if w.push, err = ad.Compile([]ad.Output{{Expr: tangent, Kind: program.Node}}, slices.Concat(values, tangents)); err != nil {
		return err
	}
	cotangent := program.Input{Name: weightCotangent, Kind: program.Node, Rate: program.Step}
	if w.pull, err = ad.Compile(cotangents, append(slices.Clone(values), cotangent)); err != nil {
		return err
	}
	w.bend, err = ad.Compile(bends, slices.Concat(values, []program.Input{cotangent}, tangents))
	return err
}
