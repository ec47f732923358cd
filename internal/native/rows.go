package native

import "github.com/neurograd/neurograd/internal/native/asm"

// shape says which operands an operation has.
type shape byte

const (
	binary   shape = iota // dst, a, b; b may lie in memory
	unary                 // dst, a; a may lie in memory
	unaryImm              // dst, a, imm; a may lie in memory
	shift                 // dst, a, imm; all in registers
	compare               // dst, a, b, imm; b may lie in memory
	blend                 // dst, a, b, c: b where the sign bit of c is set, else a; b may lie in memory
	fused                 // a·b + c by one of three instructions that overwrite a source
)

// row is a vector operation.
type row struct {
	shape    shape
	inst     asm.Inst
	commutes bool // a and b may be swapped
}

// The operations on vectors. A row and its place in lower.go are all that a new one takes.
var (
	add   = row{binary, asm.VADDPD, true}
	sub   = row{binary, asm.VSUBPD, false}
	mul   = row{binary, asm.VMULPD, true}
	div   = row{binary, asm.VDIVPD, false}
	minPD = row{binary, asm.VMINPD, false}
	maxPD = row{binary, asm.VMAXPD, false}
	and   = row{binary, asm.VANDPD, true}
	or    = row{binary, asm.VORPD, true}
	xor   = row{binary, asm.VXORPD, true}
	sqrt  = row{unary, asm.VSQRTPD, false}
	round = row{unaryImm, asm.VROUNDPD, false}
	right = row{shift, asm.VPSRLQ, false}
	left  = row{shift, asm.VPSLLQ, false}
	cmp   = row{compare, asm.VCMPPD, false}
	pick  = row{blend, asm.VBLENDVPD, false}
	fma   = row{fused, asm.VFMADD213PD, true}
)
