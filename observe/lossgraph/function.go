package lossgraph

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorgonia.org/gorgonia"

	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/param"
)

// Function is a loss as a user's own graph from the user's own parameters, usually with a [Trajectory]
// inside. Its methods can be used by several goroutines at once.
//
//	f := lossgraph.NewFunction(func(in lossgraph.Inputs) (*gorgonia.Node, error) {
//		g := gorgonia.Must(gorgonia.Exp(gorgonia.Must(in.Node("log_G"))))
//		y, err := lossgraph.Trajectory(sim, p, sim.Steps()-500, lossgraph.Leaves{"coupling.delayed.G": g})
//		if err != nil {
//			return nil, err
//		}
//		return gorgonia.Mean(gorgonia.Must(gorgonia.Square(y)))
//	})
//	own, err := param.New(param.Leaf{Path: "log_G", Value: []float64{-0.3}, Free: true})
//	fit, err := optim.Minimize(ctx, f, own, optim.Adam{Rate: 0.01}, optim.Options{Steps: 50})
type Function struct{ graphs pool }

// Inputs are the nodes of a function's parameters.
type Inputs struct {
	inputs []input
	nodes  gorgonia.Nodes
}

// Graph is the graph that is being built, for [Data].
func (in Inputs) Graph() *gorgonia.ExprGraph { return in.nodes[0].Graph() }

// Node is the node of a parameter, of the shape of its leaf; an unknown path is an error with a suggestion.
func (in Inputs) Node(path string) (*gorgonia.Node, error) {
	var paths []string
	for i, declared := range in.inputs {
		if declared.name == path {
			return in.nodes[i], nil
		}
		paths = append(paths, declared.name)
	}
	return nil, fmt.Errorf("lossgraph: no parameter %q%s", path, suggest.Hint(path, paths))
}

// NewFunction is the function whose graph build makes from its parameters; what build must do and not do
// is as for [Loss]. A nil build is an error of the methods.
func NewFunction(build func(in Inputs) (*gorgonia.Node, error)) *Function {
	f := &Function{}
	if build != nil {
		f.graphs.build = func(inputs []input, nodes gorgonia.Nodes) (*gorgonia.Node, error) {
			return build(Inputs{inputs, nodes})
		}
	}
	return f
}

// Value is the loss at parameters, which need not be those of a simulation: any tree of [param.New].
// Errors: those left in the tree, those of [Loss] and, as they are, those of the simulation.
func (f *Function) Value(ctx context.Context, p *param.Tree) (float64, error) {
	value, _, err := f.evaluate(ctx, p, false)
	return value, err
}

// Gradient is the loss and its gradient with respect to the free vector θ of the parameters. Errors:
// those of [Function.Value], a free parameter on which the loss does not depend, a gradient that is not
// finite.
func (f *Function) Gradient(ctx context.Context, p *param.Tree) (float64, []float64, error) {
	if p != nil && p.Err() == nil && p.NumFree() == 0 {
		return 0, nil, errors.New("lossgraph: no parameter is free; wanted at least one: p.Free(\"*\")")
	}
	value, gradients, err := f.evaluate(ctx, p, true)
	if err != nil {
		return 0, nil, err
	}
	next := 0
	return value, p.Pullback(func(int) []float64 { // of the free leaves, in order
		next++
		return gradients[next-1]
	}), nil
}

func (f *Function) evaluate(ctx context.Context, p *param.Tree, gradient bool) (float64, [][]float64, error) {
	if f.graphs.build == nil {
		return 0, nil, errors.New("lossgraph: NewFunction of no function; wanted one that builds the loss from its parameters")
	}
	if p == nil || p.Len() == 0 {
		return 0, nil, errors.New("lossgraph: no parameters; wanted at least one, from param.New")
	}
	if err := p.Err(); err != nil {
		return 0, nil, err
	}
	var inputs []input
	var values [][]float64
	for i := range p.Len() {
		leaf := p.At(i)
		inputs = append(inputs, input{name: leaf.Path, shape: slices.Clone(leaf.Shape), free: leaf.Free})
		values = append(values, leaf.Value)
	}
	return f.graphs.evaluate(ctx, inputs, values, gradient)
}
