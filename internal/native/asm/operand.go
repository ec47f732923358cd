package asm

// Operand is a [Reg], a [Mem], an [Imm] or a [Label].
type Operand interface{ operand() }

func (Reg) operand()   {}
func (Mem) operand()   {}
func (Imm) operand()   {}
func (Label) operand() {}

// Imm is an immediate operand.
type Imm int64

// Label is a place in the code, for jumps; it belongs to the assembler that made it.
type Label int32

// Reg is a register. The lowest five bits are its number, the next three its class, then follow the number of
// a mask and whether it zeroes. The zero value is no register.
type Reg uint16

// class is the kind of a register.
type class uint8

const (
	none class = iota
	general
	xmm
	ymm
	zmm
	mask
)

const (
	numberBits = 0x1F
	classShift = 5
	classBits  = 7
	maskShift  = 8
	maskBits   = 7
	zeroing    = 1 << 11
)

// The general registers.
const (
	RAX Reg = Reg(general)<<classShift + iota
	RCX
	RDX
	RBX
	RSP
	RBP
	RSI
	RDI
	R8
	R9
	R10
	R11
	R12
	R13
	R14
	R15
)

// X is the vector register of 128 bits with a number from 0 to 31.
func X(n int) Reg { return register(xmm, n, 32) }

// Y is the vector register of 256 bits with a number from 0 to 31.
func Y(n int) Reg { return register(ymm, n, 32) }

// Z is the vector register of 512 bits with a number from 0 to 31.
func Z(n int) Reg { return register(zmm, n, 32) }

// K is the mask register with a number from 0 to 7; as the mask of an operand 0 does not exist.
func K(n int) Reg { return register(mask, n, 8) }

func register(c class, n, count int) Reg {
	if n < 0 || n >= count {
		return 0
	}
	return Reg(c)<<classShift | Reg(n)
}

// Mask is a destination of which only the elements are written whose bit in k is set.
func (r Reg) Mask(k Reg) Reg {
	if k.class() != mask || k.number() == 0 {
		return 0
	}
	return r&^(maskBits<<maskShift) | Reg(k.number())<<maskShift
}

// MaskZero is a destination that becomes zero where the bit in k is not set.
func (r Reg) MaskZero(k Reg) Reg {
	if m := r.Mask(k); m != 0 {
		return m | zeroing
	}
	return 0
}

func (r Reg) class() class  { return class(r >> classShift & classBits) }
func (r Reg) number() uint8 { return uint8(r & numberBits) }
func (r Reg) mask() uint8   { return uint8(r >> maskShift & maskBits) }
func (r Reg) zeroes() bool  { return r&zeroing != 0 }

// vector reports whether the register is one of 128, 256 or 512 bits.
func (r Reg) vector() bool { return r.class() >= xmm && r.class() <= zmm }

// Mem is an operand in memory: at a base register, an index register times a scale, and a displacement; or a
// constant of the pool.
type Mem struct {
	base, index Reg
	scale       int
	disp        int
	constant    int32 // 1 + its number in the pool
	mask        Reg
	broadcast   bool
}

// At is the memory at base + disp.
func At(base Reg, disp int) Mem { return Mem{base: base, disp: disp} }

// Index adds a register times 1, 2, 4 or 8 to the address: any general register but RSP, or the vector register of
// a gathering.
func (m Mem) Index(r Reg, scale int) Mem {
	m.index, m.scale = r, scale
	return m
}

// Plus adds a number of bytes to the address.
func (m Mem) Plus(disp int) Mem {
	m.disp += disp
	return m
}

// Broadcast is one element that is read for all (EVEX only).
func (m Mem) Broadcast() Mem {
	m.broadcast = true
	return m
}

// Mask is a destination of which only the elements are written whose bit in k is set.
func (m Mem) Mask(k Reg) Mem {
	m.mask = k
	return m
}

// valid reports whether the address can be encoded.
func (m *Mem) valid() bool {
	if m.disp != int(int32(m.disp)) || m.mask != 0 && (m.mask.class() != mask || m.mask.number() == 0) {
		return false
	}
	if m.constant != 0 {
		return m.base == 0 && m.index == 0
	}
	if m.base.class() != general || m.base > R15 {
		return false
	}
	if m.index == 0 {
		return m.scale == 0
	}
	switch m.scale {
	case 1, 2, 4, 8:
	default:
		return false
	}
	return m.index.vector() && m.index.mask() == 0 || m.index.class() == general && m.index <= R15 && m.index != RSP
}

// fits reports whether an immediate is of a kind: see form.args.
func (i Imm) fits(kind byte) bool {
	switch kind {
	case 'i':
		return i == Imm(uint8(i))
	case 'b':
		return i == Imm(int8(i))
	case 'd':
		return i == Imm(int32(i))
	case 'u':
		return i == Imm(uint32(i))
	}
	return kind == 'o'
}
