package lossgraph

import (
	"errors"
	"fmt"
	"strings"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Data is a node of a graph that holds an array of fixed numbers: targets, weights, a map of the brain.
// The values are copied, in row-major order; without a shape it is one number. For one number
// gorgonia.NewConstant does as well.
//
//	target, err := lossgraph.Data(y.Graph(), empirical, 84, 84)
//
// gorgonia's own ways to do this, gorgonia.NewConstant and input nodes with values, take two arrays for
// one if they print alike or are named alike; the graphs of this package refuse them. Errors: no graph, a
// count that does not fit the shape, numbers that are not finite.
func Data(g *gorgonia.ExprGraph, values []float64, shape ...int) (*gorgonia.Node, error) {
	if g == nil {
		return nil, errors.New("lossgraph: Data without a graph; wanted that of the function's input: y.Graph()")
	}
	if len(values) != size(shape) || len(values) == 0 {
		return nil, fmt.Errorf("lossgraph: Data of %d values with shape %v; wanted as many values as the shape has, at least one", len(values), shape)
	}
	for e, x := range values {
		if !finite(x) {
			return nil, fmt.Errorf("lossgraph: Data: value %d is %v; wanted finite numbers", e, x)
		}
	}
	// Unique, since every call adds a node; and with the first input's name, so that the hashes of two
	// graphs of a function differ.
	id := fmt.Sprintf("%s%d", dataMark, len(g.AllNodes()))
	if inputs := g.AllNodes(); len(inputs) > 0 {
		id = inputs[0].Name() + id
	}
	return gorgonia.NewTensor(g, tensor.Float64, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(id), gorgonia.WithValue(newValue(values, shape))), nil
}

const dataMark = ": data "

func isData(n *gorgonia.Node) bool { return strings.Contains(n.Name(), dataMark) }
