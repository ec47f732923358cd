package native

import "github.com/neurograd/neurograd/internal/native/asm"

// fuse writes a·b + c, which overwrites one of its sources: one that is not read any more, else a copy.
func (a *allocation) fuse(v value, src [3]value) {
	dies := func(s value) bool {
		return a.in[s] >= 0 && len(a.uses[s]) == 1 && count(src, s) == 1
	}
	x, y, z := src[0], src[1], src[2]
	forms := fusedForms[a.nodes[v].imm]
	if a.in[x] < 0 && a.in[y] >= 0 {
		x, y = y, x
	}
	switch {
	case dies(z):
		ry := a.inRegister(x)
		rz := a.inRegister(z)
		a.overwrite(v, z, forms.addend, rz, ry, a.operand(y))
	case dies(x):
		rx, ry := a.inRegister(x), a.inRegister(y)
		a.overwrite(v, x, forms.factor, rx, ry, a.operand(z))
	case dies(y):
		ry, rx := a.inRegister(y), a.inRegister(x)
		a.overwrite(v, y, forms.factor, ry, rx, a.operand(z))
	default:
		a.copied(v, x, y, z)
	}
}

func count(src [3]value, s value) (n int) {
	for _, other := range src {
		if other == s {
			n++
		}
	}
	return n
}

// overwrite writes an operation whose destination is the register of a source that is not read any more.
func (a *allocation) overwrite(v, source value, inst asm.Inst, ops ...asm.Operand) {
	r := a.in[source]
	a.assembler().Emit(inst, ops...)
	a.used(v)
	a.give(v, r)
}

// copied writes a·b + c into a register of its own, which first gets a copy of c or, where c may stay in memory, of a.
func (a *allocation) copied(v, x, y, z value) {
	forms := fusedForms[a.nodes[v].imm]
	inst, start, factor, last := forms.factor, x, y, z
	if a.in[z] >= 0 || a.nodes[z].from != constant && a.in[x] >= 0 {
		inst, start, factor, last = forms.addend, z, x, y
	}
	middle := a.inRegister(factor)
	from := a.in[start]
	if from >= 0 {
		a.pinned |= 1 << from
	}
	r := a.take(v)
	a.pinned |= 1 << r
	dst := a.register(int(r))
	if from >= 0 {
		a.assembler().Emit(asm.VMOVUPD, dst, a.register(int(from)))
	} else {
		a.load(start, r)
	}
	a.assembler().Emit(inst, dst, middle, a.operand(last))
	a.used(v)
	a.give(v, r)
}
