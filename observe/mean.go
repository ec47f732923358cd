package observe

import (
	"fmt"
	"slices"
)

// Axis is what a mean runs over.
type Axis uint8

const (
	OverTime      Axis = iota // the samples of the window
	OverVariables             // the recorded variables
	OverNodes                 // the nodes of the network
	OverAll                   // all elements, of an array of any shape
)

// String names the axis.
func (a Axis) String() string {
	switch a {
	case OverTime:
		return "time"
	case OverVariables:
		return "variables"
	case OverNodes:
		return "nodes"
	case OverAll:
		return "all elements"
	}
	return fmt.Sprintf("Axis(%d)", uint8(a))
}

// mean is the mean over an axis, Σ_k in_k / n. The sum is one chain per element of the result, in
// ascending order along the axis, divided at the end.
type mean struct{ over Axis }

func (m mean) String() string { return "mean over " + m.over.String() }

func (m mean) Shape(in []int) ([]int, error) {
	if m.over == OverAll {
		return nil, nil
	}
	if m.over > OverAll {
		return nil, fmt.Errorf("wanted OverTime, OverVariables, OverNodes or OverAll")
	}
	if len(in) != 3 {
		return nil, fmt.Errorf("got %s; wanted the axes [time][variable][node]: take the mean earlier, or over all elements", shapeText(in))
	}
	out := slices.Clone(in)
	out[m.over] = 1
	return out, nil
}

// split is the shape as [outer][n][inner] with the mean's axis in the middle.
func (m mean) split(shape []int) (outer, n, inner int) {
	if m.over == OverAll {
		return 1, elements(shape), 1
	}
	return elements(shape[:m.over]), shape[m.over], elements(shape[m.over+1:])
}

func (m mean) Forward(in, out Array) error {
	outer, n, inner := m.split(in.Shape)
	average(in.Data, out.Data, outer, n, inner)
	return nil
}

// average writes the means over the middle axis of [outer][n][inner].
func average(in, out []float64, outer, n, inner int) {
	for o := range outer {
		sum := out[o*inner:][:inner]
		clear(sum)
		for k := range n {
			row := in[(o*n+k)*inner:][:inner]
			for i, x := range row {
				sum[i] += x
			}
		}
		for i := range sum {
			sum[i] /= float64(n)
		}
	}
}

func (m mean) VJP(in, out Array, cot, cotIn []float64) error {
	outer, n, inner := m.split(in.Shape)
	for o := range outer {
		for k := range n {
			row := cotIn[(o*n+k)*inner:][:inner]
			for i := range row {
				row[i] = cot[o*inner+i] / float64(n)
			}
		}
	}
	return nil
}

// JVP is the mean of the tangents: lanes only lengthen the inner axis.
func (m mean) JVP(in, out Array, tan []float64, lanes int, tanOut []float64) error {
	outer, n, inner := m.split(in.Shape)
	average(tan, tanOut, outer, n, inner*lanes)
	return nil
}

// PushVJP is the VJP of the cotangent's tangent: a mean is linear.
func (m mean) PushVJP(in, out Array, _, _, dcot, dcotIn []float64) error {
	return m.VJP(in, out, dcot, dcotIn)
}
