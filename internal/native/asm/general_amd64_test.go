//go:build linux || darwin || windows

package asm_test

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/neurograd/neurograd/internal/machine"
	. "github.com/neurograd/neurograd/internal/native/asm"
)

// General instructions compute what Go computes: among them those whose bytes Go's assembler would choose otherwise.
func TestGeneral(t *testing.T) {
	if !machine.AVX2() {
		t.Skip("the processor has no AVX2, which every call needs")
	}
	emit := func(inst Inst, ops ...Operand) func(a *Assembler) {
		return func(a *Assembler) { a.Emit(inst, ops...) }
	}
	for _, c := range []struct {
		name string
		emit func(a *Assembler) // changes RAX, given RAX and RCX
		want func(a, c int64) int64
	}{
		{"ADD imm32", emit(ADD, RAX, Imm(1000)), func(a, _ int64) int64 { return a + 1000 }},
		{"SUB imm32", emit(SUB, RAX, Imm(-1000)), func(a, _ int64) int64 { return a + 1000 }},
		{"AND imm32", emit(AND, RAX, Imm(-4096)), func(a, _ int64) int64 { return a &^ 4095 }},
		{"OR imm32", emit(OR, RAX, Imm(4096)), func(a, _ int64) int64 { return a | 4096 }},
		{"XOR imm32", emit(XOR, RAX, Imm(4096)), func(a, _ int64) int64 { return a ^ 4096 }},
		{"SUB", emit(SUB, RAX, RCX), func(a, c int64) int64 { return a - c }},
		{"IMUL", emit(IMUL, RAX, RCX), func(a, c int64) int64 { return a * c }},
		{"IMUL imm", emit(IMUL, RAX, RCX, Imm(-1000)), func(_, c int64) int64 { return -1000 * c }},
		{"SHL 1", emit(SHL, RAX, Imm(1)), func(a, _ int64) int64 { return a << 1 }},
		{"SHR 1", emit(SHR, RAX, Imm(1)), func(a, _ int64) int64 { return int64(uint64(a) >> 1) }},
		{"SAR 1", emit(SAR, RAX, Imm(1)), func(a, _ int64) int64 { return a >> 1 }},
		{"SAR 40", emit(SAR, RAX, Imm(40)), func(a, _ int64) int64 { return a >> 40 }},
		{"NEG", emit(NEG, RAX), func(a, _ int64) int64 { return -a }},
		{"INC", emit(INC, RAX), func(a, _ int64) int64 { return a + 1 }},
		{"DEC", emit(DEC, RAX), func(a, _ int64) int64 { return a - 1 }},
		{"LEA", emit(LEA, RAX, At(RAX, -100000).Index(RCX, 4)), func(a, c int64) int64 { return a - 100000 + 4*c }},
		{"MOV 31 bits", emit(MOV, RAX, Imm(1<<31-1)), func(_, _ int64) int64 { return 1<<31 - 1 }},
		{"MOV 32 bits", emit(MOV, RAX, Imm(1<<32-1)), func(_, _ int64) int64 { return 1<<32 - 1 }},
		{"MOV negative", emit(MOV, RAX, Imm(-1<<31)), func(_, _ int64) int64 { return -1 << 31 }},
		{"MOV 64 bits", emit(MOV, RAX, Imm(-1<<31-1)), func(_, _ int64) int64 { return -1<<31 - 1 }},
		{"CMP imm32, JL", branches(JL, CMP, RAX, Imm(1000)), func(a, _ int64) int64 { return truth(a < 1000) }},
		{"TEST imm32, JNE", branches(JNE, TEST, RAX, Imm(1<<20)), func(a, _ int64) int64 { return truth(a&(1<<20) != 0) }},
		{"JE", branches(JE, CMP, RAX, RCX), func(a, c int64) int64 { return truth(a == c) }},
		{"JB", branches(JB, CMP, RAX, RCX), func(a, c int64) int64 { return truth(uint64(a) < uint64(c)) }},
		{"JAE", branches(JAE, CMP, RAX, RCX), func(a, c int64) int64 { return truth(uint64(a) >= uint64(c)) }},
		{"JBE", branches(JBE, CMP, RAX, RCX), func(a, c int64) int64 { return truth(uint64(a) <= uint64(c)) }},
		{"JA", branches(JA, CMP, RAX, RCX), func(a, c int64) int64 { return truth(uint64(a) > uint64(c)) }},
		{"JGE", branches(JGE, CMP, RAX, RCX), func(a, c int64) int64 { return truth(a >= c) }},
		{"JLE", branches(JLE, CMP, RAX, RCX), func(a, c int64) int64 { return truth(a <= c) }},
		{"JG", branches(JG, CMP, RAX, RCX), func(a, c int64) int64 { return truth(a > c) }},
	} {
		f := load(t, func(a *Assembler) {
			a.Emit(PREFETCHT0, At(RDI, 0))
			a.Emit(MOV, RAX, At(RDI, 0))
			a.Emit(MOV, RCX, At(RDI, 8))
			c.emit(a)
			a.Emit(MOV, At(RDI, 16), RAX)
			a.Emit(RET)
		})
		r := rand.New(rand.NewPCG(3, 4))
		for i := range 50 {
			x := [3]int64{int64(r.Uint64()), int64(r.Uint64()) >> (i % 64), 0}
			if i%5 == 0 {
				x[1] = x[0]
			}
			if i%7 == 0 {
				x[0] >>= 50
			}
			f.Call(unsafe.Pointer(&x))
			if want := c.want(x[0], x[1]); x[2] != want {
				t.Errorf("%s of %d, %d is %d, want %d", c.name, x[0], x[1], x[2], want)
			}
		}
	}
}

// branches writes 1 or 0 to RAX as the jump is taken or not.
func branches(jump, compare Inst, ops ...Operand) func(a *Assembler) {
	return func(a *Assembler) {
		taken, end := a.Label(), a.Label()
		a.Emit(compare, ops...)
		a.Emit(jump, taken)
		a.Emit(MOV, RAX, Imm(0))
		a.Emit(JMP, end)
		a.Bind(taken)
		a.Emit(MOV, RAX, Imm(1))
		a.Bind(end)
	}
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
