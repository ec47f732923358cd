// Package asm writes machine code for amd64: vector instructions in the VEX and EVEX encodings and the
// general ones a loop needs, with labels and a pool of constants. It assigns no registers, knows nothing of
// programs and runs nothing, so it builds on every architecture.
//
//	var a asm.Assembler
//	loop := a.Here()
//	a.Emit(asm.VMOVUPD, asm.Y(0), asm.At(asm.RSI, 0).Index(asm.RAX, 8))
//	a.Emit(asm.VFMADD231PD, asm.Y(1), asm.Y(0), asm.Y(2))
//	a.Emit(asm.ADD, asm.RAX, asm.Imm(4))
//	a.Emit(asm.CMP, asm.RAX, asm.RCX)
//	a.Emit(asm.JB, loop)
//	a.Emit(asm.RET)
//	code, err := a.Code()
//
// Names, operands and their order are those of Intel's manual: the destination comes first, and a comparison
// compares its first operand with its second. An instruction that has both encodings is written in the shorter VEX
// encoding wherever that can express it, and with EVEX for 512 bits, registers from 16, masks and broadcasts. General
// instructions are of 64 bits.
//
// The first mistake, such as operands an instruction does not have, is kept and returned by [Assembler.Code].
package asm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Assembler collects the code of one function. Its zero value is ready for use.
type Assembler struct {
	code   []byte
	labels []int32 // where each label is in the code, unbound before
	jumps  []jump
	reads  []read
	pool   pool
	err    error
}

// jump is a place in the code that waits for a label: the four bytes at at.
type jump struct {
	at    int
	label Label
}

// read is a place in the code that waits for a constant's address: the four bytes at at, relative to the
// instruction's end.
type read struct {
	at, end, constant, disp int32
}

const unbound = -1

// fail keeps the first mistake.
func (a *Assembler) fail(format string, args ...any) {
	if a.err == nil {
		a.err = fmt.Errorf("asm: "+format, args...)
	}
}

// Label is a new label, to be bound later.
func (a *Assembler) Label() Label {
	a.labels = append(a.labels, unbound)
	return Label(len(a.labels))
}

// Bind makes the label stand for the next instruction.
func (a *Assembler) Bind(l Label) {
	switch {
	case l < 1 || int(l) > len(a.labels):
		a.fail("label %d is not of this assembler", l)
	case a.labels[l-1] != unbound:
		a.fail("label %d is bound twice", l)
	default:
		a.labels[l-1] = int32(len(a.code))
	}
}

// Here is a new label that stands for the next instruction.
func (a *Assembler) Here() Label {
	l := a.Label()
	a.Bind(l)
	return l
}

// nops are the instructions without effect that Intel's manual recommends, by length less one.
var nops = [...]string{
	"\x90",
	"\x66\x90",
	"\x0f\x1f\x00",
	"\x0f\x1f\x40\x00",
	"\x0f\x1f\x44\x00\x00",
	"\x66\x0f\x1f\x44\x00\x00",
	"\x0f\x1f\x80\x00\x00\x00\x00",
	"\x0f\x1f\x84\x00\x00\x00\x00\x00",
	"\x66\x0f\x1f\x84\x00\x00\x00\x00\x00",
}

// Align fills with instructions without effect up to a multiple of n bytes, a power of two up to 64: for the
// head of a loop.
func (a *Assembler) Align(n int) {
	if n < 1 || n > poolAlign || n&(n-1) != 0 {
		a.fail("alignment %d is not a power of two up to %d", n, poolAlign)
		return
	}
	for gap := -len(a.code) & (n - 1); gap > 0; {
		m := min(gap, len(nops))
		a.code = append(a.code, nops[m-1]...)
		gap -= m
	}
}

// Reserve makes memory for so many more instructions of usual length, so that it need not grow while they are written.
func (a *Assembler) Reserve(instructions int) {
	a.code, a.reads = slices.Grow(a.code, usualLength*instructions), slices.Grow(a.reads, instructions/2)
}

// Size is the number of bytes of the instructions so far.
func (a *Assembler) Size() int { return len(a.code) }

// Code returns the instructions followed by the constants, which works at every address that is a multiple of
// 64, or the first mistake.
func (a *Assembler) Code() ([]byte, error) {
	if a.err != nil {
		return nil, a.err
	}
	text := len(a.code)
	start := (text + poolAlign - 1) &^ (poolAlign - 1)
	if a.pool.size() == 0 {
		start = text
	}
	if start+a.pool.size() > math.MaxInt32 {
		return nil, errors.New("asm: more than 2 GiB of code")
	}
	code := make([]byte, start, start+a.pool.size())
	for i := copy(code, a.code); i < start; i++ {
		code[i] = trap
	}
	code, at := a.pool.write(code)
	for _, j := range a.jumps {
		to := a.labels[j.label-1]
		if to == unbound {
			return nil, fmt.Errorf("asm: label %d is not bound", j.label)
		}
		binary.LittleEndian.PutUint32(code[j.at:], uint32(int(to)-(j.at+4)))
	}
	for _, r := range a.reads {
		binary.LittleEndian.PutUint32(code[r.at:], uint32(int32(at[r.constant])+r.disp-r.end))
	}
	return code, nil
}

// trap is the instruction INT3, between code and constants.
const trap = 0xCC
