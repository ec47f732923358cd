package asm

// packed is an arithmetic instruction on vectors of float64, and scalar the one on their first element.
func packed(op opcode) form { return form{"RVM", "vvw", p66 | m0F | op, vex, evex | w1, full8} }
func scalar(op opcode) form { return form{"RVM", "xxy", pF2 | m0F | op, l128, l128 | w1, one8} }

// fused is a fused multiply-add on vectors of float64, and fusedScalar the one on their first element.
func fused(op opcode) form { return form{"RVM", "vvw", p66 | m0F38 | op, vex | w1, evex | w1, full8} }
func fusedScalar(op opcode) form {
	return form{"RVM", "xxy", p66 | m0F38 | op, l128 | w1, l128 | w1, one8}
}

// Arithmetic on float64.
var (
	VADDPD  = define("VADDPD", packed(0x58))
	VSUBPD  = define("VSUBPD", packed(0x5C))
	VMULPD  = define("VMULPD", packed(0x59))
	VDIVPD  = define("VDIVPD", packed(0x5E))
	VSQRTPD = define("VSQRTPD", form{"RM", "vw", p66 | m0F | 0x51, vex, evex | w1, full8})
	// VMINPD and VMAXPD are a < b ? a : b and a > b ? a : b, the second source on a tie or NaN.
	VMINPD = define("VMINPD", packed(0x5D))
	VMAXPD = define("VMAXPD", packed(0x5F))

	VADDSD  = define("VADDSD", scalar(0x58))
	VSUBSD  = define("VSUBSD", scalar(0x5C))
	VMULSD  = define("VMULSD", scalar(0x59))
	VDIVSD  = define("VDIVSD", scalar(0x5E))
	VSQRTSD = define("VSQRTSD", scalar(0x51))
	VMINSD  = define("VMINSD", scalar(0x5D))
	VMAXSD  = define("VMAXSD", scalar(0x5F))
)

// Fused multiply-adds. The digits say which operands are multiplied and which one is added: 231 is the second times
// the third plus the first. VFNMADD negates the product, VFMSUB subtracts, VFNMSUB does both.
var (
	VFMADD132PD  = define("VFMADD132PD", fused(0x98))
	VFMADD213PD  = define("VFMADD213PD", fused(0xA8))
	VFMADD231PD  = define("VFMADD231PD", fused(0xB8))
	VFMSUB132PD  = define("VFMSUB132PD", fused(0x9A))
	VFMSUB213PD  = define("VFMSUB213PD", fused(0xAA))
	VFMSUB231PD  = define("VFMSUB231PD", fused(0xBA))
	VFNMADD132PD = define("VFNMADD132PD", fused(0x9C))
	VFNMADD213PD = define("VFNMADD213PD", fused(0xAC))
	VFNMADD231PD = define("VFNMADD231PD", fused(0xBC))
	VFNMSUB132PD = define("VFNMSUB132PD", fused(0x9E))
	VFNMSUB213PD = define("VFNMSUB213PD", fused(0xAE))
	VFNMSUB231PD = define("VFNMSUB231PD", fused(0xBE))

	VFMADD132SD  = define("VFMADD132SD", fusedScalar(0x99))
	VFMADD213SD  = define("VFMADD213SD", fusedScalar(0xA9))
	VFMADD231SD  = define("VFMADD231SD", fusedScalar(0xB9))
	VFNMADD213SD = define("VFNMADD213SD", fusedScalar(0xAD))
	VFNMADD231SD = define("VFNMADD231SD", fusedScalar(0xBD))
)

// Bits of float64.
var (
	VANDPD  = define("VANDPD", packed(0x54))
	VANDNPD = define("VANDNPD", packed(0x55)) // not the first source, and the second
	VORPD   = define("VORPD", packed(0x56))
	VXORPD  = define("VXORPD", packed(0x57))
)

// Comparisons and choices.
var (
	// VCMPPD compares by a predicate, into a mask register or into a vector of all ones and zeros.
	VCMPPD = define("VCMPPD",
		form{"RVMI", "kvwi", p66 | m0F | 0xC2, 0, evex | w1, full8},
		form{"RVMI", "vvwi", p66 | m0F | 0xC2, vex, 0, 0})
	// VBLENDVPD takes the second source where the sign bit of the third is set.
	VBLENDVPD = define("VBLENDVPD", form{"RVMS", "vvwv", p66 | m0F3A | 0x4B, vex, 0, 0})
	VBLENDPD  = define("VBLENDPD", form{"RVMI", "vvwi", p66 | m0F3A | 0x0D, vex, 0, 0})
	// VBLENDMPD takes the second source where the destination's mask is set.
	VBLENDMPD = define("VBLENDMPD", form{"RVM", "vvw", p66 | m0F38 | 0x65, 0, evex | w1, full8})
	VMOVMSKPD = define("VMOVMSKPD",
		form{"RM", "rv", p66 | m0F | 0x50, vex, 0, 0})
)

// The predicates of VCMPPD: whether it is true on NaN is said by U (unordered) or O (ordered). None signals.
const (
	EqualO     Imm = 0x00 // a = b
	LessO      Imm = 0x11 // a < b
	LessEqO    Imm = 0x12 // a ≤ b
	Unordered  Imm = 0x03 // a or b is NaN
	NotEqualU  Imm = 0x04 // a ≠ b, or NaN
	NotLessU   Imm = 0x15 // a ≥ b, or NaN
	NotLessEqU Imm = 0x16 // a > b, or NaN
	Ordered    Imm = 0x07 // neither is NaN
)

// Rounding and parts of float64.
var (
	VROUNDPD    = define("VROUNDPD", form{"RMI", "vwi", p66 | m0F3A | 0x09, vex, 0, 0})
	VRNDSCALEPD = define("VRNDSCALEPD", form{"RMI", "vwi", p66 | m0F3A | 0x09, 0, evex | w1, full8})
	VGETEXPPD   = define("VGETEXPPD", form{"RM", "vw", p66 | m0F38 | 0x42, 0, evex | w1, full8})
	VGETMANTPD  = define("VGETMANTPD", form{"RMI", "vwi", p66 | m0F3A | 0x26, 0, evex | w1, full8})
	// VFPCLASSPD tells which elements are of the classes that its immediate names: see the constants below.
	VFPCLASSPD = define("VFPCLASSPD", form{"RMI", "kvi", p66 | m0F3A | 0x66, 0, evex | w1, full8})
	VSCALEFPD  = define("VSCALEFPD", form{"RVM", "vvw", p66 | m0F38 | 0x2C, 0, evex | w1, full8})
)

// Roundings to an integer, for VROUNDPD and VRNDSCALEPD; neither raises the inexact flag.
const (
	RoundEven  Imm = 8
	RoundFloor Imm = 9
	RoundZero  Imm = 11
)

// What VFPCLASSPD looks for, to be added up, and VGETMANTPD's immediate for the number in [1, 2) without its sign.
const (
	PlusZero      Imm = 0x02
	MinusZero     Imm = 0x04
	PlusInfinite  Imm = 0x08
	MinusInfinite Imm = 0x10
	OneToTwo      Imm = 0x04
)

// Loads, stores and moves.
var (
	VMOVUPD = define("VMOVUPD", form{"MR", "wv", p66 | m0F | 0x11, vex, evex | w1, whole}, form{"RM", "vm", p66 | m0F | 0x10, vex, evex | w1, whole})
	VMOVAPD = define("VMOVAPD", form{"MR", "wv", p66 | m0F | 0x29, vex, evex | w1, whole}, form{"RM", "vm", p66 | m0F | 0x28, vex, evex | w1, whole})
	// VMOVNTPD stores past the caches.
	VMOVNTPD = define("VMOVNTPD", form{"MR", "mv", p66 | m0F | 0x2B, vex, evex | w1, whole | unmasked})
	// VMASKMOVPD loads or stores the elements where the sign bit of the vector in the middle is set.
	VMASKMOVPD = define("VMASKMOVPD", form{"RVM", "vvm", p66 | m0F38 | 0x2D, vex, 0, 0}, form{"MVR", "mvv", p66 | m0F38 | 0x2F, vex, 0, 0})
	VMOVSD     = define("VMOVSD",
		form{"MVR", "xxx", pF2 | m0F | 0x11, l128, l128 | w1, one8},
		form{"RM", "xm", pF2 | m0F | 0x10, l128, l128 | w1, one8},
		form{"MR", "mx", pF2 | m0F | 0x11, l128, l128 | w1, one8})
	VMOVQ = define("VMOVQ",
		form{"MR", "xx", p66 | m0F | 0xD6, l128, l128 | w1, one8 | unmasked},
		form{"RM", "xq", p66 | m0F | 0x6E, l128 | w1, l128 | w1, one8 | unmasked},
		form{"MR", "qx", p66 | m0F | 0x7E, l128 | w1, l128 | w1, one8 | unmasked})
	VBROADCASTSD = define("VBROADCASTSD", form{"RM", "vy", p66 | m0F38 | 0x19, l256, l256up | w1, one8})
	// VGATHERQPD loads elements at a vector of indices. With VEX the third operand says by its sign bits which ones,
	// with EVEX the destination's mask; either is zero afterwards.
	VGATHERQPD = define("VGATHERQPD",
		form{"RMV", "vsv", p66 | m0F38 | 0x93, vex | w1, 0, 0},
		form{"RM", "vs", p66 | m0F38 | 0x93, 0, evex | w1, one8 | masked})
)

// Permutations.
var (
	VUNPCKLPD = define("VUNPCKLPD", packed(0x14))
	VUNPCKHPD = define("VUNPCKHPD", packed(0x15))
	VSHUFPD   = define("VSHUFPD", form{"RVMI", "vvwi", p66 | m0F | 0xC6, vex, evex | w1, full8})
	VPERMPD   = define("VPERMPD",
		form{"RMI", "vwi", p66 | m0F3A | 0x01, l256 | w1, l256up | w1, full8},
		form{"RVM", "vvw", p66 | m0F38 | 0x16, 0, l256up | w1, full8})
	// VPERMI2PD picks from two sources by the indices it overwrites, VPERMT2PD from the table it overwrites and
	// another one.
	VPERMI2PD    = define("VPERMI2PD", form{"RVM", "vvw", p66 | m0F38 | 0x77, 0, evex | w1, full8})
	VPERMT2PD    = define("VPERMT2PD", form{"RVM", "vvw", p66 | m0F38 | 0x7F, 0, evex | w1, full8})
	VPERM2F128   = define("VPERM2F128", form{"RVMI", "vvwi", p66 | m0F3A | 0x06, l256, 0, 0})
	VINSERTF128  = define("VINSERTF128", form{"RVMI", "vvyi", p66 | m0F3A | 0x18, l256, 0, 0})
	VEXTRACTF128 = define("VEXTRACTF128", form{"MRI", "yvi", p66 | m0F3A | 0x19, l256, 0, 0})
	// VINSERTF64X4 and VEXTRACTF64X4 are those of half of 512 bits.
	VINSERTF64X4  = define("VINSERTF64X4", form{"RVMI", "vvgi", p66 | m0F3A | 0x1A, 0, l512 | w1, half})
	VEXTRACTF64X4 = define("VEXTRACTF64X4", form{"MRI", "gvi", p66 | m0F3A | 0x1B, 0, l512 | w1, half})
)
