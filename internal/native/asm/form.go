package asm

// Inst is an instruction, such as [VADDPD]: its number in the table.
type Inst uint16

// instruction is a row of the table: the forms are tried in order.
type instruction struct {
	name  string
	forms []form
}

// table holds what define was called with.
var table []instruction

// define adds a row to the table. New instructions need no more than such a row: the tests find it there.
func define(name string, forms ...form) Inst {
	table = append(table, instruction{name, forms})
	return Inst(len(table) - 1)
}

// form is one way to encode an instruction, in the terms of Intel's manual.
type form struct {
	// enc says for each operand where it is encoded: R the reg field of the ModRM byte, M its r/m field, V the field
	// vvvv of the prefix, O the opcode's low bits, S the high bits of the last byte, I an immediate, D a distance to jump.
	enc string
	// args says for each operand what it may be. Registers:
	//	v  a vector of the instruction's length    w  that, or memory
	//	h  a vector of half the length             g  that, or memory
	//	x  a vector of 128 bits                    y  that, or memory
	//	k  a mask register                         c  that, or memory
	//	r  a general register                      q  that, or memory
	// and otherwise
	//	m  memory    s  memory with a vector as index    l  a label
	//	i  an immediate byte of bits    b  a signed byte    d  four signed bytes    u  four unsigned bytes    o  eight bytes
	args string
	op   opcode
	// vex and evex are the lengths that the encodings have, and their bit W; without either the form is a general
	// instruction.
	vex, evex lengths
	tuple     tuple
}

// opcode is the last byte of the opcode, with the map and the prefix it belongs to, the digit in the reg field and
// the bit W of general instructions.
type opcode uint16

const (
	p66   opcode = 1 << 8
	pF3   opcode = 2 << 8
	pF2   opcode = 3 << 8
	m0F   opcode = 1 << 10
	m0F38 opcode = 2 << 10
	m0F3A opcode = 3 << 10
	digit opcode = 1 << 12 // times 0 … 7
	rexW  opcode = 1 << 15
)

func (o opcode) byte() uint8   { return uint8(o) }
func (o opcode) prefix() uint8 { return uint8(o >> 8 & 3) }
func (o opcode) opmap() uint8  { return uint8(o >> 10 & 3) }
func (o opcode) digit() uint8  { return uint8(o >> 12 & 7) }

// lengths is a set of vector lengths and the bit W.
type lengths uint8

const (
	l128 lengths = 1 << iota
	l256
	l512
	w1

	l256up = l256 | l512
	vex    = l128 | l256        // what most VEX instructions have
	evex   = l128 | l256 | l512 // and most EVEX instructions
	all    = l128 | l256 | l512
)

// shortest is the shortest of the lengths.
func (l lengths) shortest() lengths { return l & -l & all }

func (c class) length() lengths { return l128 << (c - xmm) }

// tuple says how much memory an EVEX instruction reads or writes, which is the unit of a displacement of one byte, and
// what else is particular to it.
type tuple uint8

const (
	whole   tuple = iota // a vector
	full8                // a vector, or one float64 for all
	full4                // a vector, or four bytes for all
	half4                // half a vector, or four bytes for all
	half                 // half a vector
	eighth               // an eighth of a vector
	one8                 // eight bytes
	fixed16              // 16 bytes

	unmasked tuple = 1 << 6 // takes no mask
	masked   tuple = 1 << 7 // needs one
)

func (t tuple) kind() tuple { return t &^ (unmasked | masked) }

// broadcasts reports whether one element can be read for all.
func (t tuple) broadcasts() bool { return t.kind() >= full8 && t.kind() <= half4 }

// unit is the unit of a displacement of one byte at a length.
func (t tuple) unit(l lengths, broadcast bool) int {
	bytes := 16
	switch l {
	case l256:
		bytes = 32
	case l512:
		bytes = 64
	}
	switch t.kind() {
	case full8:
		if broadcast {
			return 8
		}
	case full4:
		if broadcast {
			return 4
		}
	case half4:
		if broadcast {
			return 4
		}
		return bytes / 2
	case half:
		return bytes / 2
	case eighth:
		return bytes / 8
	case one8:
		return 8
	case fixed16:
		return 16
	}
	return bytes
}
