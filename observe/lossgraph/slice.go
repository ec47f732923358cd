package lossgraph

import (
	"fmt"
	"slices"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Slice is part of an array: its elements from number from up to, but not including, number to along an
// axis. The axis stays, with length to − from; gorgonia.Sum over it takes away one of length 1. It stands
// in for gorgonia.Slice, which takes slices for one whose bounds differ by 256. Errors: an axis or bounds
// that the array does not have.
func Slice(n *gorgonia.Node, axis, from, to int) (*gorgonia.Node, error) {
	shape := []int(n.Shape())
	if axis < 0 || axis >= len(shape) {
		return nil, fmt.Errorf("lossgraph: Slice along axis %d of shape %v; wanted an axis from 0 to %d", axis, shape, len(shape)-1)
	}
	if from < 0 || from >= to || to > shape[axis] {
		return nil, fmt.Errorf("lossgraph: Slice from %d up to %d along axis %d of shape %v; wanted 0 ≤ from < to ≤ %d", from, to, axis, shape, shape[axis])
	}
	return gorgonia.ApplyOp(newSlice(shape, axis, from, to), n)
}

// slice copies blocks out of an array or, as its derivative, into an array of zeros.
type slice struct {
	operation
	in, out                  []int // shapes
	inBlock, outBlock, start int   // elements: of a block of either array, before the slice in that of the larger
	into                     bool
}

func newSlice(whole []int, axis, from, to int) slice {
	part := slices.Clone(whole)
	part[axis] = to - from
	inner := size(whole[axis+1:])
	s := slice{in: whole, out: part, inBlock: whole[axis] * inner, outBlock: (to - from) * inner, start: from * inner}
	s.text = fmt.Sprintf("slice [%d, %d) of axis %d of %v", from, to, axis, whole)
	return s
}

func (s slice) Arity() int    { return 1 }
func (s slice) Type() hm.Type { return functionType(s.in, s.out) }

func (s slice) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) {
	return slices.Clone(s.out), nil
}

func (s slice) Do(operands ...gorgonia.Value) (gorgonia.Value, error) {
	in, err := numbers(operands[0], size(s.in))
	if err != nil {
		return nil, err
	}
	out := make([]float64, size(s.out))
	for from, to := 0, 0; from < len(in) && to < len(out); from, to = from+s.inBlock, to+s.outBlock {
		if s.into {
			copy(out[to+s.start:], in[from:from+s.inBlock])
		} else {
			copy(out[to:to+s.outBlock], in[from+s.start:])
		}
	}
	return newValue(out, s.out), nil
}

func (s slice) DiffWRT(int) []bool { return []bool{true} }

func (s slice) SymDiff(_ gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	d := s
	d.in, d.out, d.inBlock, d.outBlock, d.into = s.out, s.in, s.outBlock, s.inBlock, !s.into
	d.text = "transposed " + s.text
	n, err := gorgonia.ApplyOp(d, grad)
	return gorgonia.Nodes{n}, err
}
