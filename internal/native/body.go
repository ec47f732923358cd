// Package native translates programs to machine code: one fused loop for each level, values in registers, no
// calls. The primitives become vector operations (lower.go), which get registers in one pass (allocate.go) inside
// a loop over the elements (loop.go). It knows nothing of networks.
package native

import (
	"math"

	"github.com/neurograd/neurograd/internal/intern"
)

// value is the number of a value in a body.
type value int32

const noValue value = -1

// origin says what a value is.
type origin byte

const (
	computed origin = iota // by an operation
	constant
	element  // of an array: number at of the loop
	repeated // the one number of an array
)

// node is a value with how it comes about. Equal nodes are one.
type node struct {
	from  origin
	row   *row     // of computed: the operation,
	src   [3]value // its sources
	imm   uint8    // and its immediate operand
	bits  uint64   // of constant
	array int      // of element and repeated: number of the array
	turn  int      // of element: of which vector, where a loop works on several in turn
}

// body is the straight-line code of a loop: values in an order in which they can be computed, and which of
// them are stored in which arrays.
type body struct {
	nodes  []node
	known  intern.Table
	stores []store
}

type store struct {
	value value
	array int
	turn  int
}

func (b *body) add(n node) value {
	hash := n.hash()
	if v, ok := b.known.Find(hash, func(v int32) bool { return b.nodes[v] == n }); ok {
		return value(v)
	}
	v := value(len(b.nodes))
	b.nodes = append(b.nodes, n)
	b.known.Add(hash, int32(v))
	return v
}

func (n *node) hash() uint64 {
	h := intern.Mix(uint64(n.from)<<8|uint64(n.imm), n.bits)
	h = intern.Mix(h, uint64(n.array)<<32|uint64(n.turn))
	if n.row == nil {
		return h
	}
	h = intern.Mix(h, uint64(n.row.shape)<<32|uint64(n.row.avx2)<<16|uint64(n.row.avx512))
	return intern.Mix(h, uint64(uint32(n.src[0]))<<40^uint64(uint32(n.src[1]))<<20^uint64(uint32(n.src[2])))
}

func (b *body) bits(x uint64) value    { return b.add(node{from: constant, bits: x, src: noSources}) }
func (b *body) number(x float64) value { return b.bits(math.Float64bits(x)) }
func (b *body) load(array int) value   { return b.add(node{from: element, array: array, src: noSources}) }
func (b *body) repeat(array int) value {
	return b.add(node{from: repeated, array: array, src: noSources})
}

var noSources = [3]value{noValue, noValue, noValue}

// apply is the value of an operation.
func (b *body) apply(r *row, imm uint8, src ...value) value {
	n := node{row: r, imm: imm, src: noSources}
	copy(n.src[:], src)
	return b.add(n)
}

// several is the body for so many vectors side by side, in an order that suits the processor.
func (b *body) several(turns int) *body {
	all := &body{nodes: make([]node, 0, turns*len(b.nodes))}
	at := make([]value, turns*len(b.nodes)) // by value and turn
	for v, n := range b.nodes {
		for turn := range turns {
			if turn > 0 && (n.from == constant || n.from == repeated) {
				at[v*turns+turn] = at[v*turns]
				continue
			}
			own := n
			for k, s := range n.src {
				if s != noValue {
					own.src[k] = at[int(s)*turns+turn]
				}
			}
			if n.from == element {
				own.turn = turn
			}
			at[v*turns+turn] = value(len(all.nodes))
			all.nodes = append(all.nodes, own)
		}
	}
	for _, s := range b.stores {
		for turn := range turns {
			all.stores = append(all.stores, store{at[int(s.value)*turns+turn], s.array, turn})
		}
	}
	return all.ordered()
}

// live marks the values that the stores need.
func (b *body) live() []bool {
	live := make([]bool, len(b.nodes))
	for _, s := range b.stores {
		live[s.value] = true
	}
	for v := len(b.nodes) - 1; v >= 0; v-- {
		if live[v] {
			for _, s := range b.nodes[v].src {
				if s != noValue {
					live[s] = true
				}
			}
		}
	}
	return live
}
