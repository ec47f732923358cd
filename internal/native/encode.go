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

// masksFrom is the first mask register for truths: K0 means no mask, and K1 is where arrays end.
const masksFrom, masksTo = firstMask + 2, firstMask + 8

// truths are the registers that hold truths, of so many vector registers that are free: from the first up to the last
// but one.
func (f *Form) truths(vectors int) (from, to int) {
	if f.masks {
		return masksFrom, masksTo
	}
	return 0, vectors
}

// fill puts the number of a general register into all elements of a vector register.
func (f *Form) fill(x *asm.Assembler, n int, src asm.Reg) {
	x.Emit(asm.VMOVQ, asm.X(n), src)
	x.Emit(asm.VPBROADCASTQ, f.vector(n), asm.X(n))
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
	default:
		ops := append(append(make([]asm.Operand, 0, 4), dst), src...)
		if r.shape.immediate() {
			ops = append(ops, asm.Imm(imm))
		}
		x.Emit(inst, ops...)
	}
}

// ends is the number of the register for the mask of elements that exist, where an array ends within a vector, and how
// many vector registers that leaves.
func (f *Form) ends() (number, vectors int) {
	if f.masks {
		return firstMask + 1, f.registers
	}
	return f.registers - 1, f.registers - 1
}

// setEnds sets the mask for a vector that begins with element number first of those whose number is in all elements of
// a register.
func (f *Form) setEnds(x *asm.Assembler, count asm.Reg, first int) {
	places := make([]uint64, f.width)
	for i := range places {
		places[i] = uint64(first + i)
	}
	number, _ := f.ends()
	x.Emit(asm.VPCMPGTQ, f.register(number), count, x.Words(places...))
}

// loadEnds loads the elements of the mask, with zeros for the others.
func (f *Form) loadEnds(x *asm.Assembler, dst asm.Reg, src asm.Mem) {
	number, _ := f.ends()
	if f.masks {
		x.Emit(asm.VMOVUPD, dst.MaskZero(f.register(number)), src)
		return
	}
	x.Emit(asm.VMASKMOVPD, dst, f.register(number), src)
}

// storeEnds stores the elements of the mask.
func (f *Form) storeEnds(x *asm.Assembler, dst asm.Mem, src asm.Reg) {
	number, _ := f.ends()
	if f.masks {
		x.Emit(asm.VMOVUPD, dst.Mask(f.register(number)), src)
		return
	}
	x.Emit(asm.VMASKMOVPD, dst, f.register(number), src)
}
