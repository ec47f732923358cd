package lossgraph

import (
	"hash"
	"hash/fnv"
	"io"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// operation has the methods of gorgonia.Op in which the operations of this package do not differ. Its text
// tells all that the operation does: by it gorgonia tells nodes apart.
type operation struct{ text string }

func (o operation) String() string        { return o.text }
func (o operation) WriteHash(h hash.Hash) { io.WriteString(h, o.text) }
func (o operation) ReturnsPtr() bool      { return true }
func (o operation) CallsExtern() bool     { return false }
func (o operation) OverwritesInput() int  { return -1 }

func (o operation) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

// functionType is the type of an operation on float64 values of these shapes, the last that of the
// result. It is new at each call: gorgonia gives types back to a pool after use.
func functionType(shapes ...[]int) hm.Type {
	types := make([]hm.Type, len(shapes))
	for i, shape := range shapes {
		types[i] = tensor.Float64
		if len(shape) > 0 {
			types[i] = gorgonia.TensorType{Dims: len(shape), Of: tensor.Float64}
		}
	}
	return hm.NewFnType(types...)
}
