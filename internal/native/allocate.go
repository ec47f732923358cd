package native

import (
	"math"
	"slices"

	"github.com/neurograd/neurograd/internal/native/asm"
)

// allocation gives the values of a body registers while it writes the body's code, in one pass: where a register
// is wanted and none is free, the value that is needed again last gives up its own (Belady's rule). What can be
// read again from memory, constants and elements of arrays, is dropped; other values are kept in the spill area.
type allocation struct {
	*body
	target
	*Form
	vectors int       // registers
	uses    [][]int32 // by value: the places where it is read that are still to come, the next one first
	in      []int8    // by value, −1 if it is in none
	slot    []int32   // by value: its place in the spill area, −1 if it has none
	owner   []value   // by register
	slots   *int32    // number of places in the spill area
	pinned  uint64    // registers that the present operation reads
}

// target is where the code goes, and where its memory is.
type target interface {
	assembler() *asm.Assembler
	// memory is where an element or a repeated number can be read as an operand; false if it has to be loaded.
	memory(n *node) (asm.Mem, bool)
	loadElement(dst asm.Reg, array, turn int)
	storeElement(array, turn int, src asm.Reg)
	spill(slot int32) asm.Mem
}

const never = math.MaxInt32

// write writes the code of a body in a form, with so many vector registers.
func (f *Form) write(b *body, t target, vectors int, slots *int32) {
	live := b.live()
	a := &allocation{body: b, target: t, Form: f, vectors: vectors, slots: slots, owner: make([]value, masksTo),
		uses: b.uses(live), in: make([]int8, len(b.nodes)), slot: make([]int32, len(b.nodes))}
	for r := range a.owner {
		a.owner[r] = noValue
	}
	for v := range b.nodes {
		a.in[v], a.slot[v] = -1, -1
	}
	// A value is stored where it is computed; one that is not, at the end.
	at := make([][]store, len(b.nodes))
	for _, s := range b.stores {
		at[s.value] = append(at[s.value], s)
	}
	for v := range b.nodes {
		if !live[v] || b.nodes[v].from != computed {
			continue
		}
		a.compute(value(v))
		for _, s := range at[v] {
			a.storeElement(s.array, s.turn, a.register(int(a.in[v])))
		}
		a.release(value(v))
	}
	for v := range b.nodes {
		if b.nodes[v].from != computed {
			for _, s := range at[v] {
				a.pinned = 0
				a.storeElement(s.array, s.turn, a.inRegister(value(v)))
				a.release(value(v))
			}
		}
	}
}

// uses are by value the live operations that read it, in their order.
func (b *body) uses(live []bool) [][]int32 {
	uses, count := make([][]int32, len(b.nodes)), make([]int, len(b.nodes))
	each := func(do func(s value, v int)) {
		for v := range b.nodes {
			for k, s := range b.nodes[v].src {
				if live[v] && s != noValue && !slices.Contains(b.nodes[v].src[:k], s) {
					do(s, v)
				}
			}
		}
	}
	total := 0
	each(func(s value, _ int) { count[s]++; total++ })
	all := make([]int32, total)
	for v, n := range count {
		uses[v], all = all[:0:n], all[n:]
	}
	each(func(s value, v int) { uses[s] = append(uses[s], int32(v)) })
	return uses
}

// next is where a value is read next.
func (a *allocation) next(v value) int32 {
	if len(a.uses[v]) == 0 {
		return never
	}
	return a.uses[v][0]
}

// release frees the register of a value that is not read any more.
func (a *allocation) release(v value) {
	if r := a.in[v]; r >= 0 && len(a.uses[v]) == 0 {
		a.owner[r], a.in[v] = noValue, -1
	}
}

// take makes a register free that is not pinned, for a value.
func (a *allocation) take(user value) int8 {
	from, to := 0, a.vectors
	if n := &a.nodes[user]; n.from == computed && n.row.truth() {
		from, to = a.truths(a.vectors)
	}
	best, furthest := int8(-1), int32(-1)
	for r := from; r < to; r++ {
		v := a.owner[r]
		if a.pinned>>r&1 == 1 {
			continue
		}
		if v == noValue {
			return int8(r)
		}
		if n := a.next(v); n > furthest {
			best, furthest = int8(r), n
		}
	}
	v := a.owner[best]
	if a.nodes[v].from == computed && a.slot[v] < 0 && furthest != never {
		a.slot[v] = *a.slots
		*a.slots++
		a.move(a.assembler(), int(best), a.spill(a.slot[v]), a.register(int(best)))
	}
	a.owner[best], a.in[v] = noValue, -1
	return best
}

// give puts a value in a register.
func (a *allocation) give(v value, r int8) asm.Reg {
	a.owner[r], a.in[v] = v, r
	a.pinned |= 1 << r
	return a.register(int(r))
}

// inRegister is a value in a register, loaded if it is in none.
func (a *allocation) inRegister(v value) asm.Reg {
	if r := a.in[v]; r >= 0 {
		a.pinned |= 1 << r
		return a.register(int(r))
	}
	r := a.take(v)
	a.load(v, r)
	return a.give(v, r)
}

// load loads a value that is in no register into one.
func (a *allocation) load(v value, r int8) {
	n, dst := &a.nodes[v], a.register(int(r))
	if n.from == constant {
		a.loadSplat(a.assembler(), dst, n.bits)
	} else if mem, ok := a.inMemory(v); ok {
		a.move(a.assembler(), int(r), dst, mem)
	} else {
		a.loadElement(dst, n.array, n.turn)
	}
}

// inMemory is where a value that is in no register can be read as an operand.
func (a *allocation) inMemory(v value) (asm.Mem, bool) {
	switch n := &a.nodes[v]; n.from {
	case constant:
		return a.splat(a.assembler(), n.bits), true
	case computed:
		return a.spill(a.slot[v]), true
	default:
		return a.memory(n)
	}
}

// operand is a value as the operand that may lie in memory. What is read once more soon is loaded.
func (a *allocation) operand(v value) asm.Operand {
	if a.in[v] < 0 && (a.nodes[v].from == constant || len(a.uses[v]) <= 1) {
		if mem, ok := a.inMemory(v); ok {
			return mem
		}
	}
	return a.inRegister(v)
}

// compute writes the operation of a value.
func (a *allocation) compute(v value) {
	n := &a.nodes[v]
	src := n.src
	a.pinned = 0
	if n.row.shape == fused {
		a.fuse(v, src)
		return
	}
	if n.row.commutes && a.in[src[0]] < 0 && a.in[src[1]] >= 0 {
		src[0], src[1] = src[1], src[0]
	}
	ops := make([]asm.Operand, 0, len(src))
	switch n.row.shape {
	case unary, unaryImm:
		ops = append(ops, a.operand(src[0]))
	case shift, classify:
		ops = append(ops, a.inRegister(src[0]))
	case binary, compare:
		ops = append(ops, a.inRegister(src[0]), a.operand(src[1]))
	case choose:
		first, where := a.inRegister(src[0]), a.inRegister(src[2])
		ops = append(ops, first, a.operand(src[1]), where)
	case keep:
		ops = append(ops, a.inRegister(src[0]), a.inRegister(src[1]))
	}
	a.used(v)
	a.pinned = a.read(n)
	a.operation(a.assembler(), n.row, n.imm, a.give(v, a.take(v)), ops)
}

// used takes the present reads off the sources of a value, and frees the registers of those not read any more:
// the destination may be one of them.
func (a *allocation) used(v value) {
	for _, s := range a.nodes[v].src {
		if s != noValue && a.next(s) == int32(v) {
			a.uses[s] = a.uses[s][1:]
			a.release(s)
		}
	}
}

// read are the registers of a node's sources that are still wanted.
func (a *allocation) read(n *node) (pinned uint64) {
	for _, s := range n.src {
		if s != noValue && a.in[s] >= 0 {
			pinned |= 1 << a.in[s]
		}
	}
	return pinned
}
