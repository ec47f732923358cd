package asm

// fields are the operands of an instruction sorted into the fields of its encoding.
type fields struct {
	reg, rm, vvvv, is4 Reg
	mem                Mem // where rm is none
	imm                Imm
	immSize            int
	label              Label
	length             lengths
	mask               uint8
	zeroes             bool
	evex               bool
}

// match sorts operands into fields, or reports that they are not of the form.
func (f *form) match(ops []Operand, x *fields) bool {
	if len(ops) != len(f.args) {
		return false
	}
	x.length = f.length(ops)
	for i, op := range ops {
		kind, field, ok := f.args[i], f.enc[i], false
		switch op := op.(type) {
		case Reg:
			ok = x.setReg(op, kind, field) && x.setMask(op.mask(), op.zeroes(), i)
		case Mem:
			ok = x.setMem(&op, kind, f.tuple) && x.setMask(op.mask.number(), false, i)
		case Imm:
			ok = op.fits(kind)
			x.imm, x.immSize = op, immSize(kind)
		case Label:
			ok = kind == 'l'
			x.label = op
		}
		if !ok {
			return false
		}
	}
	return f.encodable(x)
}

// length is that of the first operand of kind v or w, or else the only one the form has.
func (f *form) length(ops []Operand) lengths {
	for i, op := range ops {
		if k := f.args[i]; k == 'v' || k == 'w' {
			if r, ok := op.(Reg); ok && r.vector() {
				return r.class().length()
			}
		}
	}
	return (f.vex | f.evex).shortest()
}

func immSize(kind byte) int {
	switch kind {
	case 'i', 'b':
		return 1
	case 'd', 'u':
		return 4
	}
	return 8
}

// setReg takes a register operand, if it is of the kind.
func (x *fields) setReg(r Reg, kind, field byte) bool {
	ok := false
	switch c := r.class(); kind {
	case 'v', 'w':
		ok = r.vector() && c.length() == x.length
	case 'h', 'g': // half of 128 bits is in a register of 128
		ok = r.vector() && c.length() == max(x.length>>1, l128)
	case 'x', 'y':
		ok = c == xmm
	case 'k', 'c':
		ok = c == mask
	case 'r', 'q':
		ok = c == general
	}
	x.evex = x.evex || r.vector() && (r.number() >= 16 || r.class() == zmm)
	switch field {
	case 'R':
		x.reg = r
	case 'M', 'O':
		x.rm = r
	case 'V':
		x.vvvv = r
	case 'S':
		x.is4 = r
	}
	return ok
}

// setMem takes an operand in memory, if it is of the kind.
func (x *fields) setMem(m *Mem, kind byte, t tuple) bool {
	gathers := m.index.vector()
	switch kind {
	case 'w', 'g', 'y', 'c', 'q', 'm':
		if gathers {
			return false
		}
	case 's':
		if !gathers || m.index.class().length() != x.length {
			return false
		}
	default:
		return false
	}
	x.mem = *m
	x.evex = x.evex || m.broadcast || gathers && m.index.number() >= 16
	return m.valid() && (!m.broadcast || t.broadcasts())
}

// setMask takes the mask of operand i: only the destination has one.
func (x *fields) setMask(k uint8, zeroes bool, i int) bool {
	if k == 0 {
		return true
	}
	x.mask, x.zeroes, x.evex = k, zeroes, true
	return i == 0 && !(zeroes && x.reg.class() == mask)
}

// encodable reports whether the form has the encoding that the operands need, and settles which one it is.
func (f *form) encodable(x *fields) bool {
	switch {
	case f.vex == 0 && f.evex == 0:
		return !x.evex
	case !x.evex && f.vex&x.length != 0:
		return true
	case f.evex&x.length == 0:
		return false
	}
	x.evex = true
	if x.mask != 0 {
		return f.tuple&unmasked == 0
	}
	return f.tuple&masked == 0
}
