package asm

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"
)

var jumps = []Inst{JMP, JB, JAE, JE, JNE, JBE, JA, JL, JGE, JLE, JG}

// Jumps back choose the short form as Go's assembler does, at both ends of its range; jumps forward are compared where
// only the long form reaches.
func TestJumpsAsGo(t *testing.T) {
	var a Assembler
	var lines []string
	fill := func(label string) {
		a.Emit(VZEROUPPER)
		lines = append(lines, label+" VZEROUPPER")
	}
	for i, inst := range jumps {
		for _, far := range []int{1, 41, 42, 43, 44, 200} { // VZEROUPPER has three bytes
			back := a.Here()
			label := fmt.Sprintf("back%d_%d", i, far)
			fill(label + ":")
			for range far - 1 {
				fill("")
			}
			a.Emit(inst, back)
			lines = append(lines, inst.String()+" "+label)
		}
		ahead := a.Label()
		label := fmt.Sprintf("ahead%d", i)
		a.Emit(inst, ahead)
		lines = append(lines, inst.String()+" "+label)
		for range 100 {
			fill("")
		}
		a.Bind(ahead)
		fill(label + ":")
	}
	code, err := a.Code()
	if err != nil {
		t.Fatal(err)
	}
	if want := bytes.Join(goBytes(t, lines), nil); !bytes.Equal(code, want) {
		t.Errorf("the jumps differ:\n% x\n% x", code, want)
	}
}

// A near jump forward has four bytes of distance, since the label is not known yet.
func TestJumpForward(t *testing.T) {
	var a Assembler
	end := a.Label()
	a.Emit(JAE, end)
	a.Emit(VZEROUPPER)
	a.Bind(end)
	a.Emit(RET)
	code, err := a.Code()
	if want := []byte{0x0F, 0x83, 3, 0, 0, 0, 0xC5, 0xF8, 0x77, 0xC3}; err != nil || !bytes.Equal(code, want) {
		t.Errorf("% x, %v, want % x", code, err, want)
	}
}

func TestAlign(t *testing.T) {
	for before := range 130 {
		var a Assembler
		for range before {
			a.Emit(RET)
		}
		a.Align(64)
		if a.Size()%64 != 0 || a.Size() < before || a.Size() >= before+64 {
			t.Errorf("%d bytes became %d", before, a.Size())
		}
		gap := a.code[before:]
		for len(gap) > 0 {
			n := nopLength(gap)
			if n == 0 {
				t.Fatalf("after %d bytes: % x is not filled with instructions without effect", before, a.code[before:])
			}
			gap = gap[n:]
		}
	}
}

// nopLength decodes 90, 66 90 and [66] 0F 1F /0 by the rules of ModRM, 0 for anything else.
func nopLength(b []byte) int {
	n := 0
	if b[0] == 0x66 {
		n++
	}
	if b[n] == 0x90 {
		return n + 1
	}
	if b[n] != 0x0F || b[n+1] != 0x1F || b[n+2]&0x38 != 0 {
		return 0
	}
	modrm := b[n+2]
	n += 3
	if modrm&7 == 4 {
		n++
	}
	return n + []int{0, 1, 4}[modrm>>6]
}

// Constants are kept once, aligned to their size, and addressed relative to the end of the instruction, which an
// immediate moves.
func TestPool(t *testing.T) {
	var a Assembler
	one, table := a.Float64(1), a.Words(1, 2, 3, 4)
	again, vector := a.Float64(1), a.Splat(2.5, 8)
	if one != again || one == a.Float64(-1) || a.Float64(0) == a.Float64(math.Copysign(0, -1)) {
		t.Error("equal constants are not one, or others are")
	}
	a.Emit(VADDPD, Z(1), Z(2), one.Broadcast())
	end1 := a.Size()
	a.Emit(VCMPPD, K(1), Z(2), vector, LessO)
	end2 := a.Size()
	a.Emit(VPERMQ, Y(3), table.Plus(8), Imm(1))
	end3 := a.Size()
	a.Emit(VMOVSD, X(4), table)
	end4 := a.Size()
	a.Emit(RET)
	code, err := a.Code()
	if err != nil {
		t.Fatal(err)
	}
	bits := math.Float64bits
	for _, c := range []struct {
		end, immediate, align, disp int
		words                       []uint64
	}{
		{end1, 0, 8, 0, []uint64{bits(1)}},
		{end2, 1, 64, 0, []uint64{bits(2.5), bits(2.5), bits(2.5), bits(2.5), bits(2.5), bits(2.5), bits(2.5), bits(2.5)}},
		{end3, 1, 32, 8, []uint64{2, 3, 4}},
		{end4, 0, 32, 0, []uint64{1, 2, 3, 4}},
	} {
		at := c.end + int(int32(binary.LittleEndian.Uint32(code[c.end-4-c.immediate:])))
		if (at-c.disp)%c.align != 0 {
			t.Errorf("constant % x is at %d, not aligned to %d", c.words, at, c.align)
		}
		for i, w := range c.words {
			if got := binary.LittleEndian.Uint64(code[at+8*i:]); got != w {
				t.Errorf("word %d at %d is %x, want %x", i, at, got, w)
			}
		}
	}
	if want := 64 + 64 + 32 + 4*8; len(code) != want {
		t.Errorf("%d bytes, want %d", len(code), want)
	}
	if again, err := a.Code(); err != nil || !bytes.Equal(again, code) {
		t.Errorf("asked again, the code is another one; %v", err)
	}
}

func TestErrors(t *testing.T) {
	emit := func(inst Inst, ops ...Operand) func(a *Assembler) {
		return func(a *Assembler) { a.Emit(inst, ops...) }
	}
	for _, c := range []struct {
		do   func(a *Assembler)
		want string
	}{
		{emit(VADDPD, Z(0), Y(1), Z(2)), "VADDPD has no form for the operands zmm0, ymm1, zmm2"},
		{emit(VADDPD, Z(0), Z(1)), "VADDPD has no form for the operands zmm0, zmm1"},
		{emit(VADDPD, Z(32), Z(1), Z(2)), "no register, zmm1, zmm2"},
		{emit(VADDPD, Z(-1), Z(1), Z(2)), "no register"},
		{emit(VADDPD, RAX, Z(1), Z(2)), "rax"},
		{emit(VADDPD, Z(0), Z(1).Mask(K(1)), Z(2)), "zmm1{k1}"},
		{emit(VADDPD, Z(0).Mask(K(0)), Z(1), Z(2)), "no register"},
		{emit(VADDPD, Z(0).MaskZero(K(8)), Z(1), Z(2)), "no register"},
		{emit(VADDPD, Z(0), Z(1), At(RAX, 1<<31)), "[rax+2147483648]"},
		{emit(VADDPD, Z(0), Z(1), At(RAX, -8).Index(RSP, 8)), "[rax+8*rsp-8]"},
		{emit(VADDPD, Z(0), Z(1), At(RAX, 0).Index(RCX, 3)), "[rax+3*rcx]"},
		{emit(VADDPD, Z(0), Z(1), At(RAX, 0).Index(Z(2), 8)), "[rax+8*zmm2]"},
		{emit(VADDPD, Z(0), Z(1), At(X(1), 0)), "[xmm1]"},
		{emit(VADDPD, Z(0), Z(1), Mem{}), "[no register]"},
		{emit(VMOVUPD, Z(0), At(RAX, 0).Broadcast()), "[rax]{1to*}"},
		{emit(VMOVUPD, At(RAX, 0).Mask(RCX), Z(0)), "[rax]{rcx}"},
		{emit(VBLENDVPD, Z(0), Z(1), Z(2), Z(3)), "zmm3"},
		{emit(VBLENDVPD, Y(0), Y(1), Y(2), Y(16)), "ymm16"},
		{emit(VROUNDPD, Y(0).Mask(K(1)), Y(1), RoundEven), "ymm0{k1}, ymm1, 8"},
		{emit(VCMPPD, K(1).MaskZero(K(2)), Z(1), Z(2), EqualO), "k1{k2}{z}"},
		{emit(VCMPPD, K(1), Z(1), Z(2), Imm(256)), "256"},
		{emit(VGATHERQPD, Z(0), At(RAX, 0).Index(Z(1), 8)), "zmm0"},
		{emit(VMOVQ, X(0).Mask(K(1)), RAX), "xmm0{k1}, rax"},
		{emit(ADD, RAX, Imm(1<<31)), "2147483648"},
		{emit(ADD, At(RAX, 0), At(RCX, 0)), "[rax], [rcx]"},
		{emit(MOV, RAX.Mask(K(1)), RCX), "rax{k1}"},
		{emit(JMP, RAX), "JMP has no form"},
		{emit(RET, Label(1)), "label 1"},
		{emit(JMP, Label(3)), "label 3 is not of this assembler"},
		{func(a *Assembler) { a.Emit(JMP, a.Label()) }, "label 1 is not bound"},
		{func(a *Assembler) { a.Bind(0) }, "label 0 is not of this assembler"},
		{func(a *Assembler) { a.Bind(a.Here()) }, "label 1 is bound twice"},
		{func(a *Assembler) { a.Align(128) }, "alignment 128"},
		{func(a *Assembler) { a.Align(12) }, "alignment 12"},
		{func(a *Assembler) { a.Words(1, 2, 3) }, "not 3"},
		{func(a *Assembler) { a.Splat(1, -1) }, "not 0"},
	} {
		var a Assembler
		c.do(&a)
		a.Emit(RET)
		code, err := a.Code()
		if err == nil || !strings.HasPrefix(err.Error(), "asm: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("% x, error %v, want one with %q", code, err, c.want)
		}
	}
}

// An instruction costs some tens of nanoseconds and the code itself is the only memory.
func BenchmarkEmit(b *testing.B) {
	b.ReportAllocs()
	var a Assembler
	for i := range b.N {
		if i%1000 == 0 {
			a.code = a.code[:0]
		}
		a.Emit(VFMADD231PD, Z(i&31), Z(1), At(RSI, 64*i&1023).Index(RCX, 8))
	}
	if a.err != nil {
		b.Fatal(a.err)
	}
}
