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
	fused                 // a·b + c by one of three instructions that overwrite a source
)

// immediate reports whether the shape has an immediate operand.
func (s shape) immediate() bool { return s >= unaryImm && s <= classify }

// row is a vector operation.
type row struct {
	shape        shape
	avx2, avx512 asm.Inst
	commutes     bool // a and b may be swapped
}

// truth reports whether the operation's result is a truth: one of all ones and zeros, or a mask.
func (r *row) truth() bool { return r.shape == compare || r.shape == classify }

// The operations on vectors. A row and its place in lower.go are all that a new one takes.
var (
	add         = row{binary, asm.VADDPD, asm.VADDPD, true}
	sub         = row{binary, asm.VSUBPD, asm.VSUBPD, false}
	mul         = row{binary, asm.VMULPD, asm.VMULPD, true}
	div         = row{binary, asm.VDIVPD, asm.VDIVPD, false}
	minPD       = row{binary, asm.VMINPD, asm.VMINPD, false}
	maxPD       = row{binary, asm.VMAXPD, asm.VMAXPD, false}
	and         = row{binary, asm.VANDPD, asm.VANDPD, true}
	or          = row{binary, asm.VORPD, asm.VORPD, true}
	xor         = row{binary, asm.VXORPD, asm.VXORPD, true}
	subInt      = row{binary, asm.VPSUBQ, asm.VPSUBQ, false} // of 64 bits
	sqrt        = row{unary, asm.VSQRTPD, asm.VSQRTPD, false}
	round       = row{unaryImm, asm.VROUNDPD, asm.VRNDSCALEPD, false}
	right       = row{shift, asm.VPSRLQ, asm.VPSRLQ, false}
	left        = row{shift, asm.VPSLLQ, asm.VPSLLQ, false}
	cmp         = row{compare, asm.VCMPPD, asm.VCMPPD, false}
	pick        = row{choose, asm.VBLENDVPD, asm.VBLENDMPD, false}
	only        = row{keep, asm.VANDPD, asm.VMOVUPD, false}
	fma         = row{fused, asm.VFMADD213PD, asm.VFMADD213PD, true}
	class       = row{classify, none, asm.VFPCLASSPD, false}
	getExponent = row{unary, none, asm.VGETEXPPD, false}
)

// none is what a form without the operation has, which its lowering does not use.
const none asm.Inst = 1<<16 - 1
