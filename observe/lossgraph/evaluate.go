package lossgraph

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// compiled is a checked loss with its gradient, as a list of operations on numbered values.
type compiled struct {
	inputs    []input
	given     []int // the value of each input, −1 where the loss does not use it
	steps     []step
	forward   int                    // how many steps give the loss
	loss      int                    // the value of the loss
	gradients []int                  // those of its gradients, one for each free input
	values    []gorgonia.Value       // those that do not change, nil for others
	at        map[*gorgonia.Node]int // the value of a node, while the graph is built
}

// step is one operation: value to = op(value args), of the shape that gorgonia inferred.
type step struct {
	op    gorgonia.Op
	args  []int
	to    int
	shape []int
}

// alike reports whether two steps are the same place of a graph.
func (s step) alike(o step) bool {
	return s.to == o.to && slices.Equal(s.args, o.args) && reflect.TypeOf(s.op) == reflect.TypeOf(o.op)
}

// add appends what gives the value of a node, operands first, and returns the value's number.
func (g *compiled) add(n *gorgonia.Node) int {
	if at, ok := g.at[n]; ok {
		return at
	}
	s := step{op: n.Op(), shape: n.Shape()}
	for operands := n.Graph().From(n.ID()); operands.Next(); {
		s.args = append(s.args, g.add(operands.Node().(*gorgonia.Node)))
	}
	s.to = len(g.values)
	g.at[n] = s.to
	if s.op == nil {
		g.values = append(g.values, n.Value())
		return s.to
	}
	g.values = append(g.values, nil)
	g.steps = append(g.steps, s)
	return s.to
}

// evaluate computes the loss and, if wanted, its gradients with respect to the free inputs, at the given
// numbers of the inputs. All slices it returns are new.
func (g *compiled) evaluate(ctx context.Context, inputs [][]float64, gradient bool) (loss float64, gradients [][]float64, err error) {
	defer recovered(&err)
	values := slices.Clone(g.values)
	for i, at := range g.given {
		if at >= 0 {
			values[at] = newValue(inputs[i], g.inputs[i].shape)
		}
	}
	steps := g.steps
	if !gradient {
		steps = steps[:g.forward]
	}
	for _, s := range steps {
		if values[s.to], err = s.do(ctx, values); err != nil {
			return 0, nil, err
		}
	}
	result, err := numbers(values[g.loss], 1)
	if err != nil {
		return 0, nil, err
	}
	loss = result[0]
	if !finite(loss) {
		return 0, nil, fmt.Errorf("lossgraph: the loss is %v; wanted a finite number: look for a logarithm, root or quotient out of its domain", loss)
	}
	if !gradient {
		return loss, nil, nil
	}
	gradients, err = g.collect(values)
	return loss, gradients, err
}

// collect reads the gradients.
func (g *compiled) collect(values []gorgonia.Value) ([][]float64, error) {
	var gradients [][]float64
	for _, in := range g.inputs {
		if !in.free {
			continue
		}
		d, err := numbers(values[g.gradients[len(gradients)]], size(in.shape))
		if err != nil {
			return nil, err
		}
		for e, x := range d {
			if !finite(x) {
				return nil, fmt.Errorf("lossgraph: the gradient with respect to element %d of %s is %v at a finite loss; wanted a finite number: a root of 0, for example, has no derivative", e, in.name, x)
			}
		}
		gradients = append(gradients, d)
	}
	return gradients, nil
}

// contextual is an operation that can be cancelled.
type contextual interface {
	doContext(ctx context.Context, operands []gorgonia.Value) (gorgonia.Value, error)
}

func (s step) do(ctx context.Context, values []gorgonia.Value) (gorgonia.Value, error) {
	operands := make([]gorgonia.Value, len(s.args))
	for i, at := range s.args {
		operands[i] = values[at]
	}
	if op, ok := s.op.(contextual); ok {
		return op.doContext(ctx, operands)
	}
	v, err := s.op.Do(operands...)
	if err != nil {
		return nil, fmt.Errorf("lossgraph: operation %s: %w", s.op, err)
	}
	return s.conform(v)
}

// conform is a value in the form in which the next operations expect it. A single number comes sometimes
// as a number and sometimes as a tensor of whatever rank.
func (s step) conform(v gorgonia.Value) (gorgonia.Value, error) {
	if size(s.shape) == 1 {
		x, err := numbers(v, 1)
		if err != nil {
			return nil, fmt.Errorf("lossgraph: operation %s: %w", s.op, err)
		}
		return newValue(x, s.shape), nil
	}
	if !v.Shape().Eq(tensor.Shape(s.shape)) {
		return nil, fmt.Errorf("lossgraph: operation %s gave shape %v where gorgonia had inferred %v", s.op, v.Shape(), s.shape)
	}
	return v, nil
}

// newValue is a value of gorgonia with a copy of the numbers: a number of its own type without a shape,
// else a tensor.
func newValue(data []float64, shape []int) gorgonia.Value {
	if len(shape) == 0 {
		return gorgonia.NewF64(data[0])
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(slices.Clone(data)))
}

// numbers are a copy of the numbers of a value, in row-major order.
func numbers(v gorgonia.Value, want int) ([]float64, error) {
	if t, ok := v.(*tensor.Dense); ok && (t.RequiresIterator() || t.IsMaterializable()) {
		v = t.Materialize() // of a view the data are those of the whole
	}
	var data []float64
	switch d := v.Data().(type) {
	case float64:
		data = []float64{d}
	case []float64:
		data = slices.Clone(d)
	}
	if len(data) != want {
		return nil, fmt.Errorf("lossgraph: gorgonia gave a value of shape %v; wanted %d numbers", v.Shape(), want)
	}
	return data, nil
}

func size(shape []int) int {
	n := 1
	for _, extent := range shape {
		n *= extent
	}
	return n
}

func finite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }
