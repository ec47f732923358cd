package native

import "github.com/neurograd/neurograd/internal/native/asm"

// shape says which operands an operation has.
type shape byte

const (
	binary   shape = iota // dst, a, b; b may lie in memory
	unary                 // dst, a; a may lie in memory
	unaryImm              // dst, a, imm; a may lie in memory
	shift                 // dst, a, imm; all in registers
	compare               // truth, a, b, imm; b may lie in memory
	classify              // truth, a, imm; all in registers
	choose                // dst, a, b, truth: b where it holds, else a; b may lie in memory
	keep                  // dst, truth, a: a where it holds, else 0
	fused                 // a·b + c, with signs, by an instruction that overwrites a source
)

// immediate reports whether the shape has an immediate operand.
func (s shape) immediate() bool { return s >= unaryImm && s <= classify }

// row is a vector operation.
type row struct {
	shape        shape
	avx2, avx512 asm.Inst
	commutes     bool  // a and b may be swapped
	cycles       int32 // until the result is there, about
}

// truth reports whether the operation's result is a truth: one of all ones and zeros, or a mask.
func (r *row) truth() bool { return r.shape == compare || r.shape == classify }

// The operations on vectors. A row and its place in lower.go are all that a new one takes.
var (
	add         = row{binary, asm.VADDPD, asm.VADDPD, true, 3}
	sub         = row{binary, asm.VSUBPD, asm.VSUBPD, false, 3}
	mul         = row{binary, asm.VMULPD, asm.VMULPD, true, 3}
	div         = row{binary, asm.VDIVPD, asm.VDIVPD, false, 13}
	minPD       = row{binary, asm.VMINPD, asm.VMINPD, false, 1}
	maxPD       = row{binary, asm.VMAXPD, asm.VMAXPD, false, 1}
	and         = row{binary, asm.VANDPD, asm.VANDPD, true, 1}
	or          = row{binary, asm.VORPD, asm.VORPD, true, 1}
	xor         = row{binary, asm.VXORPD, asm.VXORPD, true, 1}
	subInt      = row{binary, asm.VPSUBQ, asm.VPSUBQ, false, 1} // of 64 bits
	sqrt        = row{unary, asm.VSQRTPD, asm.VSQRTPD, false, 20}
	round       = row{unaryImm, asm.VROUNDPD, asm.VRNDSCALEPD, false, 3}
	right       = row{shift, asm.VPSRLQ, asm.VPSRLQ, false, 1}
	left        = row{shift, asm.VPSLLQ, asm.VPSLLQ, false, 1}
	cmp         = row{compare, asm.VCMPPD, asm.VCMPPD, false, 1}
	pick        = row{choose, asm.VBLENDVPD, asm.VBLENDMPD, false, 1}
	only        = row{keep, asm.VANDPD, asm.VMOVUPD, false, 1}
	fma         = row{fused, asm.VFMADD213PD, asm.VFMADD213PD, true, 4}
	class       = row{classify, none, asm.VFPCLASSPD, false, 1}
	getExponent = row{unary, none, asm.VGETEXPPD, false, 3}
)

// none is what a form without the operation has, which its lowering does not use.
const none asm.Inst = 1<<16 - 1

// What a fused multiply-add negates, to be added up: its immediate operand.
const (
	ofProduct uint8 = 1 << iota
	ofAddend
)

// fusedForms are, by what is negated, the instructions that overwrite a factor, dst·b + c, and what is added, b·c + dst.
var fusedForms = [4]struct{ factor, addend asm.Inst }{
	{asm.VFMADD213PD, asm.VFMADD231PD},
	{asm.VFNMADD213PD, asm.VFNMADD231PD},
	{asm.VFMSUB213PD, asm.VFMSUB231PD},
	{asm.VFNMSUB213PD, asm.VFNMSUB231PD},
}
