package asm

import "encoding/binary"

// usualLength is the number of bytes of most instructions, at most.
const usualLength = 9

// usualInstructions is how many there is memory for where nobody has reserved it.
const usualInstructions = 256

// Emit writes an instruction. Jumps take a [Label].
func (a *Assembler) Emit(inst Inst, ops ...Operand) {
	if a.err != nil {
		return
	}
	if a.code == nil {
		a.Reserve(usualInstructions)
	}
	forms := table[inst].forms
	for i := range forms {
		f := &forms[i]
		var x fields
		if !f.match(ops, &x) {
			continue
		}
		switch {
		case f.enc == "D":
			a.jump(f.op, x.label)
		case x.evex:
			a.evexPrefix(f, &x)
			a.operands(f, &x, f.tuple.unit(x.length, x.mem.broadcast))
		case f.vex != 0:
			a.vexPrefix(f, &x)
			a.operands(f, &x, 1)
		default:
			a.generalPrefix(f, &x)
			a.operands(f, &x, 1)
		}
		return
	}
	a.fail("%s", refusal(inst, ops))
}

// bit is bit n of a register's number.
func bit(r Reg, n uint) uint8 { return r.number() >> n & 1 }

// extension are the bits X and B of a prefix: the fourth bits of index and base, or the fifth and fourth of a register.
func (x *fields) extension() (xbit, b uint8) {
	if x.rm != 0 {
		return bit(x.rm, 4), bit(x.rm, 3)
	}
	return bit(x.mem.index, 3), bit(x.mem.base, 3)
}

// generalPrefix writes the REX prefix, if one is needed, and the escape byte.
func (a *Assembler) generalPrefix(f *form, x *fields) {
	xbit, b := x.extension()
	rex := bit(x.reg, 3)<<2 | xbit<<1 | b
	if f.op&rexW != 0 {
		rex |= 8
	}
	if rex != 0 {
		a.code = append(a.code, 0x40|rex)
	}
	if f.op.opmap() == 1 {
		a.code = append(a.code, 0x0F)
	}
}

// vexPrefix writes the VEX prefix in two bytes where that suffices, or three. Bits of registers are inverted.
func (a *Assembler) vexPrefix(f *form, x *fields) {
	xbit, b := x.extension()
	r := bit(x.reg, 3)
	last := (x.vvvv.number()&15^15)<<3 | f.op.prefix()
	if x.length == l256 {
		last |= 4
	}
	if w := f.vex&w1 != 0; xbit|b == 0 && !w && f.op.opmap() == 1 {
		a.code = append(a.code, 0xC5, (r^1)<<7|last)
		return
	} else if w {
		last |= 0x80
	}
	a.code = append(a.code, 0xC4, (r^1)<<7|(xbit^1)<<6|(b^1)<<5|f.op.opmap(), last)
}

// evexPrefix writes the four bytes of the EVEX prefix.
func (a *Assembler) evexPrefix(f *form, x *fields) {
	xbit, b := x.extension()
	p0 := (bit(x.reg, 3)^1)<<7 | (xbit^1)<<6 | (b^1)<<5 | (bit(x.reg, 4)^1)<<4 | f.op.opmap()
	p1 := (x.vvvv.number()&15^15)<<3 | 4 | f.op.prefix()
	if f.evex&w1 != 0 {
		p1 |= 0x80
	}
	high := bit(x.vvvv, 4)
	if x.mem.index.vector() {
		high = bit(x.mem.index, 4)
	}
	p2 := (high^1)<<3 | x.mask
	switch x.length {
	case l256:
		p2 |= 0x20
	case l512:
		p2 |= 0x40
	}
	if x.mem.broadcast {
		p2 |= 0x10
	}
	if x.zeroes {
		p2 |= 0x80
	}
	a.code = append(a.code, 0x62, p0, p1, p2)
}

// operands writes what follows the prefix: opcode, ModRM, SIB, displacement, immediate.
func (a *Assembler) operands(f *form, x *fields, unit int) {
	if len(f.enc) > 0 && f.enc[0] == 'O' {
		a.code = append(a.code, f.op.byte()|x.rm.number()&7)
	} else {
		a.code = append(a.code, f.op.byte())
	}
	reg := f.op.digit()
	for i := range f.enc {
		if f.enc[i] == 'R' {
			reg = x.reg.number() & 7
		}
	}
	size := x.immSize
	if x.is4 != 0 {
		x.imm, size = Imm(x.is4.number()<<4), 1
	}
	switch {
	case x.mem.constant != 0:
		a.constantAddress(reg, &x.mem, size)
	case x.mem.base != 0:
		a.address(reg, &x.mem, unit)
	case x.rm != 0 && f.enc[0] != 'O':
		a.code = append(a.code, 0xC0|reg<<3|x.rm.number()&7)
	}
	var imm [8]byte
	binary.LittleEndian.PutUint64(imm[:], uint64(x.imm))
	a.code = append(a.code, imm[:size]...)
}

// constantAddress writes ModRM and displacement of a constant, relative to the end of the instruction, which is behind
// the immediate.
func (a *Assembler) constantAddress(reg uint8, m *Mem, immSize int) {
	a.code = append(a.code, reg<<3|5, 0, 0, 0, 0)
	end := int32(len(a.code))
	a.reads = append(a.reads, read{at: end - 4, end: end + int32(immSize), constant: m.constant - 1, disp: int32(m.disp)})
}

// address writes ModRM, SIB and displacement. The displacement is one byte, times unit, where that is possible.
func (a *Assembler) address(reg uint8, m *Mem, unit int) {
	base := m.base.number() & 7
	short := m.disp%unit == 0 && m.disp/unit == int(int8(m.disp/unit))
	mod := uint8(0x80)
	switch {
	case m.disp == 0 && base != RBP.number(): // RBP and R13 without displacement mean something else
		mod = 0
	case short:
		mod = 0x40
	}
	switch {
	case m.index != 0:
		scale := [9]uint8{1: 0, 2: 1, 4: 2, 8: 3}[m.scale]
		a.code = append(a.code, mod|reg<<3|4, scale<<6|m.index.number()&7<<3|base)
	case base == RSP.number(): // RSP and R12 mean that a SIB byte follows
		a.code = append(a.code, mod|reg<<3|4, 4<<3|base)
	default:
		a.code = append(a.code, mod|reg<<3|base)
	}
	switch mod {
	case 0x40:
		a.code = append(a.code, uint8(m.disp/unit))
	case 0x80:
		a.code = binary.LittleEndian.AppendUint32(a.code, uint32(m.disp))
	}
}

// jump writes a jump: in the short form where the label is bound and near, else with four bytes.
func (a *Assembler) jump(op opcode, l Label) {
	if l < 1 || int(l) > len(a.labels) {
		a.fail("label %d is not of this assembler", l)
		return
	}
	if to := a.labels[l-1]; to != unbound {
		if d := int(to) - (len(a.code) + 2); d == int(int8(d)) {
			a.code = append(a.code, op.byte(), uint8(d))
			return
		}
	}
	if op == jmp {
		a.code = append(a.code, 0xE9)
	} else {
		a.code = append(a.code, 0x0F, op.byte()+0x10)
	}
	a.jumps = append(a.jumps, jump{at: len(a.code), label: l})
	a.code = append(a.code, 0, 0, 0, 0)
}
