package space

import (
	"slices"
	"strconv"
	"strings"

	"github.com/neurograd/neurograd/param"
)

// Point is one point of a space: a value for every axis.
type Point struct {
	// Index is the position in the space.
	Index   int
	axes    []*axis
	numbers []float64
}

// Paths are the paths of the axes, in the space's order.
func (p Point) Paths() []string {
	paths := make([]string, len(p.axes))
	for k, a := range p.axes {
		paths[k] = a.path
	}
	return paths
}

// Values is a copy of the value of an axis, in row-major order; nil if there is no axis along that path.
func (p Point) Values(path string) []float64 {
	v, _ := p.find(path)
	return slices.Clone(v)
}

// Numbers are all numbers of the point, in the order of [Space.Columns]: a copy.
func (p Point) Numbers() []float64 { return slices.Clone(p.numbers) }

// Value is the number that an axis takes. It panics if there is no axis along that path or its values are arrays.
func (p Point) Value(path string) float64 {
	v, a := p.find(path)
	switch {
	case a == nil:
		panic("space: Value: no axis along " + strconv.Quote(path) + "; there are " + strings.Join(p.Paths(), ", "))
	case a.shape != nil:
		panic("space: Value: " + strconv.Quote(path) + " has values of shape " + shapeText(a.shape) + "; use Values")
	}
	return v[0]
}

// find is the value of an axis, without a copy.
func (p Point) find(path string) ([]float64, *axis) {
	numbers := p.numbers
	for _, a := range p.axes {
		size := a.size()
		if a.path == path {
			return numbers[:size:size], a
		}
		numbers = numbers[size:]
	}
	return nil, nil
}

// String is the values as "coupling.delayed.G=0.5 dynamics.J_N=[0.2 0.3]"; arrays of more than four numbers are cut.
func (p Point) String() string {
	var list []string
	numbers := p.numbers
	for _, a := range p.axes {
		size := a.size()
		list = append(list, a.path+"="+valueText(numbers[:size], a.shape))
		numbers = numbers[size:]
	}
	return strings.Join(list, " ")
}

func valueText(numbers []float64, shape []int) string {
	if shape == nil {
		return numberText(numbers[0])
	}
	var list []string
	for k, x := range numbers {
		if k == 4 && len(numbers) > 5 {
			list = append(list, "…")
			break
		}
		list = append(list, numberText(x))
	}
	return "[" + strings.Join(list, " ") + "]"
}

// numberText writes a number so that it is read back exactly.
func numberText(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// Set gives the leaves of a tree the values of the point, and makes free those that the axes do. A number fills a leaf that
// is an array; a value with a shape sets a leaf of that shape, or one that can be regional. Errors, which the tree keeps as those of its
// setters ([param.Tree.Err]): a path that the tree does not have, a shape that does not fit, a value that the leaf's transform cannot
// give.
func (p Point) Set(tree *param.Tree) error {
	numbers := p.numbers
	for _, a := range p.axes {
		size := a.size()
		if err := a.set(tree, numbers[:size]); err != nil {
			return err
		}
		numbers = numbers[size:]
	}
	return nil
}
