package native

import (
	"sort"

	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/program"
)

// Registers of a loop. RSP, RBP and R14 belong to Go.
const (
	frame   = asm.RDI // what the caller passes: see kernel.go
	index   = asm.RAX // of the first element of the present vector
	end     = asm.RCX // number of the element after the last
	whole   = asm.RSI // the same for the last whole vector
	scratch = asm.R12 // repeated numbers and spilled values
	free    = asm.R15 // for the address of an array that has no register
)

// addresses are the registers for the addresses of arrays.
var addresses = []asm.Reg{asm.RBX, asm.RDX, asm.R8, asm.R9, asm.R10, asm.R11, asm.R13}

// Where things are in the frame and in the memory that its first entry points to, in bytes.
const (
	frameScratch = 0
	framePart    = 8
	frameArrays  = 16
)

// loop writes the code of a level: whole vectors, then what is left with a mask.
type loop struct {
	asm.Assembler
	*Form
	address map[int]asm.Reg // registers of the addresses of arrays, of those that keep one
	repeats map[int]int32   // by array that is one repeated number: its place in scratch
	slots   int32           // places in scratch, of a vector each
	tail    bool            // the part with a mask is being written
}

// translate writes the loop of a level.
func (f *Form) translate(l *program.Level, repeats func(program.Load) bool) *loop {
	b := lower(l, repeats)
	x := &loop{Form: f, address: map[int]asm.Reg{}, repeats: map[int]int32{}}
	x.enter(b)
	x.Emit(asm.CMP, index, whole)
	rest := x.Label()
	x.Emit(asm.JAE, rest)
	x.Align(32)
	top := x.Here()
	write(b, x, x.registers, &x.slots)
	x.Emit(asm.ADD, index, asm.Imm(x.width))
	x.Emit(asm.CMP, index, whole)
	x.Emit(asm.JB, top)
	x.Bind(rest)
	x.Emit(asm.CMP, index, end)
	done := x.Label()
	x.Emit(asm.JAE, done)
	x.tail = true
	x.setMask()
	write(b, x, x.registers-1, &x.slots)
	x.Bind(done)
	x.Emit(asm.RET)
	return x
}

// enter loads the addresses that keep a register, and writes repeated numbers to scratch.
func (x *loop) enter(b *body) {
	x.Emit(asm.MOV, scratch, asm.At(frame, frameScratch))
	x.Emit(asm.MOV, whole, asm.At(frame, framePart))
	x.Emit(asm.MOV, index, asm.At(whole, 0))
	x.Emit(asm.MOV, end, asm.At(whole, 8))
	used := map[int]int{}
	live := b.live()
	for v, n := range b.nodes {
		switch {
		case !live[v]:
		case n.from == element:
			used[n.array]++
		case n.from == repeated:
			x.repeats[n.array] = x.slots
			x.slots++
			x.Emit(asm.MOV, free, asm.At(frame, frameArrays+8*n.array))
			x.Emit(asm.VBROADCASTSD, x.vector(0), asm.At(free, 0))
			x.Emit(asm.VMOVUPD, x.spill(x.repeats[n.array]), x.vector(0))
		}
	}
	for _, s := range b.stores {
		used[s.array]++
	}
	arrays := make([]int, 0, len(used))
	for array := range used {
		arrays = append(arrays, array)
	}
	sort.Slice(arrays, func(i, j int) bool {
		if used[arrays[i]] != used[arrays[j]] {
			return used[arrays[i]] > used[arrays[j]]
		}
		return arrays[i] < arrays[j]
	})
	for i, array := range arrays[:min(len(arrays), len(addresses))] {
		x.address[array] = addresses[i]
		x.Emit(asm.MOV, addresses[i], asm.At(frame, frameArrays+8*array))
	}
	x.Emit(asm.MOV, whole, end)
	x.Emit(asm.AND, whole, asm.Imm(-x.width))
}

// mask has the elements of the last vector that exist, while the part with a mask is written.
func (x *loop) mask() asm.Reg { return x.vector(x.registers - 1) }

// setMask sets it from the number of elements left: it is part of a row of ones followed by zeros.
func (x *loop) setMask() {
	ones := ^uint64(0)
	row := x.Words(ones, ones, ones, ones, 0, 0, 0, 0)
	x.Emit(asm.SUB, end, index)
	x.Emit(asm.NEG, end)
	x.Emit(asm.LEA, whole, row.Plus(x.bytes()))
	x.Emit(asm.VMOVUPD, x.mask(), asm.At(whole, 0).Index(end, 8))
}

func (x *loop) emit(inst asm.Inst, ops ...asm.Operand) { x.Emit(inst, ops...) }

// element is where the present vector of an array begins.
func (x *loop) element(array int) asm.Mem {
	base, ok := x.address[array]
	if !ok {
		base = free
		x.Emit(asm.MOV, base, asm.At(frame, frameArrays+8*array))
	}
	return asm.At(base, 0).Index(index, 8)
}

func (x *loop) memory(n *node) (asm.Mem, bool) {
	if n.from == repeated {
		return x.spill(x.repeats[n.array]), true
	}
	if x.tail {
		return asm.Mem{}, false
	}
	return x.element(n.array), true
}

func (x *loop) loadElement(dst asm.Reg, array int) {
	if x.tail {
		x.Emit(asm.VMASKMOVPD, dst, x.mask(), x.element(array))
		return
	}
	x.Emit(asm.VMOVUPD, dst, x.element(array))
}

func (x *loop) storeElement(array int, src asm.Reg) {
	if x.tail {
		x.Emit(asm.VMASKMOVPD, x.element(array), x.mask(), src)
		return
	}
	x.Emit(asm.VMOVUPD, x.element(array), src)
}

func (x *loop) constant(bits uint64) asm.Mem { return x.splat(&x.Assembler, bits) }

func (x *loop) spill(slot int32) asm.Mem { return asm.At(scratch, int(slot)*x.bytes()) }
