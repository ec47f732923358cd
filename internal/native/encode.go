package native

import "github.com/neurograd/neurograd/internal/native/asm"

// This file has what the forms differ in, once registers are known: how the operations of rows.go, constants and
// the ends of arrays are written.

// firstMask is the number by which the allocation knows the first mask register; vector registers are from 0.
const firstMask = 32

// register is the register that the allocation knows by a number.
func (f *Form) register(n int) asm.Reg {
	if n >= firstMask {
		return asm.K(n - firstMask)
	}
	return f.numbered(n)
}

// vector is the vector register of a number.
func (f *Form) vector(n int) asm.Reg { return f.numbered(n) }

// bytes is the size of a vector.
func (f *Form) bytes() int { return 8 * f.width }

// whole is the least number of vectors that hold so many elements.
func (f *Form) whole(elements int) int { return (elements + f.width - 1) / f.width }

// masksFrom is the first mask register for truths: K0 means no mask, and K1 is that of the last vector.
const masksFrom, masksTo = firstMask + 2, firstMask + 8

// truths are the registers that hold truths, of so many vector registers that are free: from the first up to the last
// but one.
func (f *Form) truths(vectors int) (from, to int) {
	if f.masks {
		return masksFrom, masksTo
	}
	return 0, vectors
}

// splat is a constant in all elements, as the operand of an operation.
func (f *Form) splat(x *asm.Assembler, bits uint64) asm.Mem {
	if f.masks {
		return x.Words(bits).Broadcast()
	}
	return x.Words(bits, bits, bits, bits)
}

// loadSplat loads a constant into all elements of a register.
func (f *Form) loadSplat(x *asm.Assembler, dst asm.Reg, bits uint64) {
	if f.masks {
		x.Emit(asm.VBROADCASTSD, dst, x.Words(bits))
		return
	}
	x.Emit(asm.VMOVUPD, dst, f.splat(x, bits))
}

// move loads or stores a whole register of any kind.
func (f *Form) move(x *asm.Assembler, number int, dst, src asm.Operand) {
	if number >= firstMask {
		x.Emit(asm.KMOVB, dst, src)
		return
	}
	x.Emit(asm.VMOVUPD, dst, src)
}

// operation writes an operation but a fused multiply-add: its sources are registers, but the one that may lie in memory.
func (f *Form) operation(x *asm.Assembler, r *row, imm uint8, dst asm.Reg, src []asm.Operand) {
	inst := r.avx2
	if f.masks {
		inst = r.avx512
	}
	switch {
	case r.shape == choose && f.masks:
		x.Emit(inst, dst.Mask(src[2].(asm.Reg)), src[0], src[1])
	case r.shape == keep && f.masks:
		x.Emit(inst, dst.MaskZero(src[0].(asm.Reg)), src[1])
	case r.shape.immediate():
		x.Emit(inst, append(append([]asm.Operand{dst}, src...), asm.Imm(imm))...)
	default:
		x.Emit(inst, append([]asm.Operand{dst}, src...)...)
	}
}

// tail is what the register of the mask of the last vector leaves of so many vector registers.
func (f *Form) tail() (mask asm.Reg, vectors int) {
	if f.masks {
		return asm.K(1), f.registers
	}
	return f.vector(f.registers - 1), f.registers - 1
}

// setTail sets the mask to the first elements, whose number is in count, which it changes, as it does the other register.
func (f *Form) setTail(x *asm.Assembler, count, other asm.Reg) {
	mask, _ := f.tail()
	if f.masks { // one of the bytes 0, 1, 3, 7 …
		var row uint64
		for n := range f.width {
			row |= (1<<n - 1) << (8 * n)
		}
		x.Emit(asm.LEA, other, x.Words(row))
		x.Emit(asm.KMOVB, mask, asm.At(other, 0).Index(count, 1))
		return
	}
	ones := ^uint64(0) // part of a row of ones followed by zeros
	x.Emit(asm.NEG, count)
	x.Emit(asm.LEA, other, x.Words(ones, ones, ones, ones, 0, 0, 0, 0).Plus(f.bytes()))
	x.Emit(asm.VMOVUPD, mask, asm.At(other, 0).Index(count, 8))
}

// loadTail loads the elements of the mask, with zeros for the others.
func (f *Form) loadTail(x *asm.Assembler, dst asm.Reg, src asm.Mem) {
	mask, _ := f.tail()
	if f.masks {
		x.Emit(asm.VMOVUPD, dst.MaskZero(mask), src)
		return
	}
	x.Emit(asm.VMASKMOVPD, dst, mask, src)
}

// storeTail stores the elements of the mask.
func (f *Form) storeTail(x *asm.Assembler, dst asm.Mem, src asm.Reg) {
	mask, _ := f.tail()
	if f.masks {
		x.Emit(asm.VMOVUPD, dst.Mask(mask), src)
		return
	}
	x.Emit(asm.VMASKMOVPD, dst, mask, src)
}

// xor makes dst the exclusive or of itself and two more.
func (f *Form) xor(x *asm.Assembler, dst, a asm.Reg, b asm.Mem) {
	if f.masks {
		const all = 0b1001_0110 // bit 4i+2j+k is that of bits i, j and k
		x.Emit(asm.VPTERNLOGQ, dst, a, b, asm.Imm(all))
		return
	}
	x.Emit(asm.VPXOR, dst, dst, a)
	x.Emit(asm.VPXOR, dst, dst, b)
}
