package native

import (
	"sort"

	"github.com/neurograd/neurograd/internal/native/asm"
)

// Registers of a loop. RSP, RBP and R14 belong to Go.
const (
	frame   = asm.RDI // what the caller passes: see kernel.go
	index   = asm.RAX // of the first element of the present vector
	end     = asm.RCX // number of the element after the last
	whole   = asm.RSI // the first place where no whole vectors begin, as many as a turn takes
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
	last    *ending         // set while the part with masks is being written
	lane    map[int]bool    // arrays that begin again with every node: see lanes.go
}

// ending is the part of a loop's code that is for the last elements.
type ending struct {
	slot int32 // the place in scratch of the first vector's mask; others follow
	turn int   // of the vector whose mask is in the register for masks
}

// translate writes the loop of a body: over so many whole vectors side by side, then, with masks, over what is left: several
// vectors again, or one.
func (f *Form) translate(b *body, turns int, ends rest) *loop {
	x := &loop{Form: f, address: map[int]asm.Reg{}, repeats: map[int]int32{}}
	x.Reserve(turns*len(b.nodes) + len(b.nodes))
	x.enter(b)
	done, one := x.Label(), x.Label()
	together := b.several(turns)
	x.vectors(together, turns)
	x.Emit(asm.MOV, whole, end)
	x.Emit(asm.SUB, whole, index)
	x.Emit(asm.JE, done)
	x.fill(&x.Assembler, 0, whole)
	if turns > 1 && ends != oneVector {
		if ends == anyVectors {
			x.Emit(asm.CMP, whole, asm.Imm(x.width))
			x.Emit(asm.JBE, one)
		}
		x.finish(together, turns)
		x.Bind(done)
		x.Emit(asm.RET)
	}
	if turns == 1 || ends != severalVectors {
		x.Bind(one)
		x.finish(b.several(1), 1)
		if turns == 1 || ends == oneVector {
			x.Bind(done)
		}
		x.Emit(asm.RET)
	}
	return x
}

// vectors writes the loop over whole vectors, so many in a turn.
func (x *loop) vectors(b *body, turns int) {
	x.Emit(asm.LEA, whole, asm.At(end, 1-turns*x.width))
	x.Emit(asm.CMP, index, whole)
	rest := x.Label()
	x.Emit(asm.JGE, rest)
	x.Align(32)
	top := x.Here()
	x.write(b, x, x.registers, &x.slots)
	x.Emit(asm.ADD, index, asm.Imm(turns*x.width))
	x.Emit(asm.CMP, index, whole)
	x.Emit(asm.JL, top)
	x.Bind(rest)
}

// finish writes the operations on the last vectors, as many as a turn takes, of which only so many elements exist as all
// elements of the first register say.
func (x *loop) finish(b *body, turns int) {
	number, vectors := x.ends()
	x.last = &ending{slot: x.slots, turn: turns - 1}
	x.slots += int32(turns)
	for turn := range turns {
		x.setEnds(&x.Assembler, x.vector(0), turn*x.width)
		x.move(&x.Assembler, number, x.spill(x.last.slot+int32(turn)), x.register(number))
	}
	x.write(b, x, vectors, &x.slots)
	x.last = nil
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
}

func (x *loop) assembler() *asm.Assembler { return &x.Assembler }

// element is where the present vector of an array begins.
func (x *loop) element(array, turn int) asm.Mem {
	base, ok := x.address[array]
	if !ok {
		base = free
		x.Emit(asm.MOV, base, asm.At(frame, frameArrays+8*array))
	}
	if x.lane[array] {
		return asm.At(base, turn*x.bytes()).Index(lane, 8)
	}
	return asm.At(base, turn*x.bytes()).Index(index, 8)
}

func (x *loop) memory(n *node) (asm.Mem, bool) {
	if n.from == repeated {
		return x.spill(x.repeats[n.array]), true
	}
	if x.last != nil {
		return asm.Mem{}, false
	}
	return x.element(n.array, n.turn), true
}

func (x *loop) loadElement(dst asm.Reg, array, turn int) {
	if x.last != nil {
		x.useMask(turn)
		x.loadEnds(&x.Assembler, dst, x.element(array, turn))
		return
	}
	x.Emit(asm.VMOVUPD, dst, x.element(array, turn))
}

func (x *loop) storeElement(array, turn int, src asm.Reg) {
	if x.last != nil {
		x.useMask(turn)
		x.storeEnds(&x.Assembler, x.element(array, turn), src)
		return
	}
	x.Emit(asm.VMOVUPD, x.element(array, turn), src)
}

// useMask puts the mask of a vector into the register for masks.
func (x *loop) useMask(turn int) {
	if x.last.turn == turn {
		return
	}
	x.last.turn = turn
	number, _ := x.ends()
	x.move(&x.Assembler, number, x.register(number), x.spill(x.last.slot+int32(turn)))
}

func (x *loop) spill(slot int32) asm.Mem { return asm.At(scratch, int(slot)*x.bytes()) }
