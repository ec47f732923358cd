//go:build linux || darwin || windows

package asm_test

import (
	"fmt"
	"math"
	"testing"
	"unsafe"

	"github.com/neurograd/neurograd/internal/machine"
	. "github.com/neurograd/neurograd/internal/native/asm"
)

// axpy are the arguments of y ← a·x + y over n elements.
type axpy struct {
	x, y unsafe.Pointer
	n    int
	a    float64
}

// writeBegin loads the arguments: x in RSI, y in RDX, n in RCX, a in all lanes of v; RAX counts the elements done.
func writeBegin(a *Assembler, v Reg) {
	a.Emit(MOV, RSI, At(RDI, 0))
	a.Emit(MOV, RDX, At(RDI, 8))
	a.Emit(MOV, RCX, At(RDI, 16))
	a.Emit(VBROADCASTSD, v, At(RDI, 24))
	a.Emit(XOR, RAX, RAX)
}

// writeVectors is the loop over whole vectors; it leaves in RCX how many elements remain, and is over where none does.
func writeVectors(a *Assembler, v, x, y Reg, lanes int) (end Label) {
	tail, end := a.Label(), a.Label()
	a.Emit(SUB, RCX, Imm(lanes))
	a.Emit(JB, tail)
	a.Align(32)
	loop := a.Here()
	a.Emit(VMOVUPD, y, At(RDX, 0).Index(RAX, 8))
	a.Emit(VMOVUPD, x, At(RSI, 0).Index(RAX, 8))
	a.Emit(VFMADD231PD, y, v, x)
	a.Emit(VMOVUPD, At(RDX, 0).Index(RAX, 8), y)
	a.Emit(ADD, RAX, Imm(lanes))
	a.Emit(SUB, RCX, Imm(lanes))
	a.Emit(JAE, loop)
	a.Bind(tail)
	a.Emit(ADD, RCX, Imm(lanes))
	a.Emit(JE, end)
	return end
}

// writeAVX2 does the tail with a mask of sign bits, cut out of four words of ones and four of zeros.
func writeAVX2(a *Assembler) {
	writeBegin(a, Y(0))
	end := writeVectors(a, Y(0), Y(1), Y(2), 4)
	ones := ^uint64(0)
	a.Emit(LEA, R8, a.Words(ones, ones, ones, ones, 0, 0, 0, 0))
	a.Emit(MOV, R9, Imm(4))
	a.Emit(SUB, R9, RCX)
	a.Emit(VMOVUPD, Y(3), At(R8, 0).Index(R9, 8))
	a.Emit(VMASKMOVPD, Y(1), Y(3), At(RSI, 0).Index(RAX, 8))
	a.Emit(VMASKMOVPD, Y(2), Y(3), At(RDX, 0).Index(RAX, 8))
	a.Emit(VFMADD231PD, Y(2), Y(0), Y(1))
	a.Emit(VMASKMOVPD, At(RDX, 0).Index(RAX, 8), Y(3), Y(2))
	a.Bind(end)
	a.Emit(RET)
}

// writeAVX512 does the tail with a mask register, from a table of bytes.
func writeAVX512(a *Assembler) {
	writeBegin(a, Z(16))
	end := writeVectors(a, Z(16), Z(17), Z(18), 8)
	a.Emit(LEA, R8, a.Words(0x7F3F1F0F07030100))
	a.Emit(KMOVB, K(1), At(R8, 0).Index(RCX, 1))
	a.Emit(VMOVUPD, Z(17).MaskZero(K(1)), At(RSI, 0).Index(RAX, 8))
	a.Emit(VMOVUPD, Z(18).MaskZero(K(1)), At(RDX, 0).Index(RAX, 8))
	a.Emit(VFMADD231PD, Z(18), Z(16), Z(17))
	a.Emit(VMOVUPD, At(RDX, 0).Index(RAX, 8).Mask(K(1)), Z(18))
	a.Bind(end)
	a.Emit(RET)
}

// A whole function as a code generator would write it: y ← a·x + y with one rounding, vectors first, then a tail under a
// mask, which touches nothing beyond the end.
func TestLoop(t *testing.T) {
	for _, kind := range []struct {
		name  string
		there bool
		write func(a *Assembler)
	}{{"AVX2", machine.AVX2(), writeAVX2}, {"AVX-512", machine.AVX512(), writeAVX512}} {
		t.Run(kind.name, func(t *testing.T) {
			if !kind.there {
				t.Skip("not on this processor")
			}
			f := load(t, kind.write)
			for n := range 70 {
				const beyond = 8
				x, y := make([]float64, n+beyond), make([]float64, n+beyond)
				want := make([]float64, n+beyond)
				for i := range x {
					x[i], y[i] = math.Sqrt(float64(i+2)), 1/float64(i+3)
					want[i] = y[i]
					if i < n {
						want[i] = math.FMA(1.1, x[i], y[i])
					}
				}
				f.Call(unsafe.Pointer(&axpy{unsafe.Pointer(&x[0]), unsafe.Pointer(&y[0]), n, 1.1}))
				if fmt.Sprintf("%x", y) != fmt.Sprintf("%x", want) {
					t.Fatalf("n = %d: %v, want %v", n, y, want)
				}
			}
		})
	}
}
