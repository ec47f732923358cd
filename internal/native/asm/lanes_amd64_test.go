//go:build linux || darwin || windows

package asm_test

import (
	"slices"
	"testing"
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/machine"
	. "github.com/neurograd/neurograd/internal/native/asm"
)

// laneCase moves elements about. Register 1 holds 0, 1, 2 …, register 2 holds 10, 11, 12 …, register 0 holds −1; want is
// what register 0 holds at last, in as many elements as are written.
type laneCase struct {
	name string
	emit func(a *Assembler)
	want []float64
}

var lanesAVX2 = []laneCase{
	{"VUNPCKLPD", func(a *Assembler) { a.Emit(VUNPCKLPD, Y(0), Y(1), Y(2)) }, []float64{0, 10, 2, 12}},
	{"VUNPCKHPD", func(a *Assembler) { a.Emit(VUNPCKHPD, Y(0), Y(1), Y(2)) }, []float64{1, 11, 3, 13}},
	{"VSHUFPD", func(a *Assembler) { a.Emit(VSHUFPD, Y(0), Y(1), Y(2), Imm(0b0110)) }, []float64{0, 11, 3, 12}},
	{"VPERMPD", func(a *Assembler) { a.Emit(VPERMPD, Y(0), Y(1), Imm(0b00_01_10_11)) }, []float64{3, 2, 1, 0}},
	{"VPERM2F128", func(a *Assembler) { a.Emit(VPERM2F128, Y(0), Y(1), Y(2), Imm(0x21)) }, []float64{2, 3, 10, 11}},
	{"VINSERTF128", func(a *Assembler) { a.Emit(VINSERTF128, Y(0), Y(1), X(2), Imm(1)) }, []float64{0, 1, 10, 11}},
	{"VEXTRACTF128", func(a *Assembler) { a.Emit(VEXTRACTF128, X(0), Y(1), Imm(1)) }, []float64{2, 3, 0, 0}},
	{"VBROADCASTSD", func(a *Assembler) { a.Emit(VBROADCASTSD, Y(0), X(2)) }, []float64{10, 10, 10, 10}},
	{"VBLENDPD", func(a *Assembler) { a.Emit(VBLENDPD, Y(0), Y(1), Y(2), Imm(0b1001)) }, []float64{10, 1, 2, 13}},
	{"VPBLENDD", func(a *Assembler) { a.Emit(VPBLENDD, Y(0), Y(1), Y(2), Imm(0b00001100)) }, []float64{0, 11, 2, 3}},
	{"VMOVSD", func(a *Assembler) { a.Emit(VMOVSD, X(0), X(1), X(2)) }, []float64{10, 1, 0, 0}},
	{"VMOVQ", func(a *Assembler) { a.Emit(VMOVQ, RAX, X(2)); a.Emit(VMOVQ, X(0), RAX) }, []float64{10, 0, 0, 0}},
	{"VCVTPD2DQ", func(a *Assembler) { a.Emit(VCVTPD2DQ, X(0), Y(2)); a.Emit(VCVTDQ2PD, Y(0), X(0)) }, []float64{10, 11, 12, 13}},
	{"VGATHERQPD", func(a *Assembler) {
		a.Emit(VMOVUPD, Y(3), a.Words(3, 0, 2, 1))
		a.Emit(VMOVUPD, Y(4), a.Words(1<<63, 1<<63, 0, 1<<63))
		a.Emit(VGATHERQPD, Y(0), At(RSI, 0).Index(Y(3), 8), Y(4))
	}, []float64{3, 0, -1, 1}},
}

var lanesAVX512 = []laneCase{
	{"VPERMPD", func(a *Assembler) {
		a.Emit(VMOVUPD, Z(20), a.Words(7, 6, 5, 4, 3, 2, 1, 1))
		a.Emit(VPERMPD, Z(0), Z(20), Z(1))
	}, []float64{7, 6, 5, 4, 3, 2, 1, 1}},
	{"VPERMI2PD", func(a *Assembler) {
		a.Emit(VMOVUPD, Z(0), a.Words(15, 0, 8, 1, 9, 7, 10, 2))
		a.Emit(VPERMI2PD, Z(0), Z(1), Z(2))
	}, []float64{17, 0, 10, 1, 11, 7, 12, 2}},
	{"VPERMT2PD", func(a *Assembler) {
		a.Emit(VMOVAPD, Z(0), Z(1))
		a.Emit(VMOVUPD, Z(20), a.Words(15, 0, 8, 1, 9, 7, 10, 2))
		a.Emit(VPERMT2PD, Z(0), Z(20), Z(2))
	}, []float64{17, 0, 10, 1, 11, 7, 12, 2}},
	{"VPMOVZXBQ", func(a *Assembler) {
		a.Emit(VPMOVZXBQ, Z(20), a.Words(0x0900030201FF0607))
		a.Emit(VCVTUQQ2PD, Z(0), Z(20))
	}, []float64{7, 6, 255, 1, 2, 3, 0, 9}},
	{"VINSERTF64X4", func(a *Assembler) { a.Emit(VINSERTF64X4, Z(0), Z(1), Y(2), Imm(1)) }, []float64{0, 1, 2, 3, 10, 11, 12, 13}},
	{"VEXTRACTF64X4", func(a *Assembler) { a.Emit(VEXTRACTF64X4, Y(0), Z(1), Imm(1)) }, []float64{4, 5, 6, 7, 0, 0, 0, 0}},
	{"merging", func(a *Assembler) {
		a.Emit(MOV, RAX, Imm(0b10010110))
		a.Emit(KMOVB, K(1), RAX)
		a.Emit(VADDPD, Z(0).Mask(K(1)), Z(1), Z(2))
	}, []float64{-1, 12, 14, -1, 18, -1, -1, 24}},
	{"zeroing", func(a *Assembler) {
		a.Emit(MOV, RAX, Imm(0b10010110))
		a.Emit(KMOVW, K(2), RAX)
		a.Emit(KNOTB, K(3), K(2))
		a.Emit(VMOVAPD, Z(0).MaskZero(K(3)), Z(2))
	}, []float64{10, 0, 0, 13, 0, 15, 16, 0}},
	{"masked store", func(a *Assembler) {
		a.Emit(MOV, RAX, Imm(0b00010110))
		a.Emit(KMOVQ, K(7), RAX)
		a.Emit(VMOVUPD, At(R8, 0).Mask(K(7)), Z(2))
		a.Emit(VMOVUPD, Z(0), At(R8, 0))
	}, []float64{-1, 11, 12, -1, 14, -1, -1, -1}},
	{"VPCMPQ, KANDB", func(a *Assembler) { // 2 ≤ index < 6, counted by their bits
		a.Emit(VPBROADCASTQ, Z(20), a.Float64(2))
		a.Emit(VPBROADCASTQ, Z(21), a.Float64(6))
		a.Emit(VPCMPQ, K(1), Z(1), Z(20), Imm(5))
		a.Emit(VPCMPQ, K(2), Z(1), Z(21), Imm(1))
		a.Emit(KANDB, K(1), K(1), K(2))
		a.Emit(KMOVB, RAX, K(1))
		a.Emit(VPBROADCASTQ, Z(20), RAX)
		a.Emit(VCVTQQ2PD, Z(0), Z(20))
	}, []float64{60, 60, 60, 60, 60, 60, 60, 60}},
	{"KORTESTB", func(a *Assembler) { // ones everywhere set the carry flag
		skip := a.Label()
		a.Emit(VCMPPD, K(1), Z(1), Z(2), LessO)
		a.Emit(KORTESTB, K(1), K(1))
		a.Emit(JNC, skip)
		a.Emit(VMOVAPD, Z(0), Z(2))
		a.Bind(skip)
	}, []float64{10, 11, 12, 13, 14, 15, 16, 17}},
	{"VGATHERQPD", func(a *Assembler) {
		a.Emit(MOV, RAX, Imm(0b11101111))
		a.Emit(KMOVB, K(1), RAX)
		a.Emit(VMOVUPD, Z(4), a.Words(7, 5, 3, 1, 0, 2, 4, 6))
		a.Emit(VGATHERQPD, Z(0).Mask(K(1)), At(RSI, 0).Index(Z(4), 8))
	}, []float64{7, 5, 3, 1, -1, 2, 4, 6}},
}

// Lanes go where the manual says.
func TestLanes(t *testing.T) {
	for _, kind := range []struct {
		name  string
		there bool
		reg   func(int) Reg
		cases []laneCase
	}{{"AVX2", machine.AVX2(), Y, lanesAVX2}, {"AVX-512", machine.AVX512(), Z, lanesAVX512}} {
		t.Run(kind.name, func(t *testing.T) {
			if !kind.there {
				t.Skip("not on this processor")
			}
			for _, c := range kind.cases {
				in1, in2, out := aligned.Float64s(8), aligned.Float64s(8), aligned.Float64s(8)
				for i := range in1 {
					in1[i], in2[i], out[i] = float64(i), float64(10+i), -1
				}
				args := &arguments{in: [3]unsafe.Pointer{unsafe.Pointer(&in1[0]), unsafe.Pointer(&in2[0])}, out: unsafe.Pointer(&out[0])}
				load(t, func(a *Assembler) {
					a.Emit(MOV, RSI, At(RDI, 0))
					a.Emit(MOV, RDX, At(RDI, 8))
					a.Emit(MOV, R8, At(RDI, 24))
					a.Emit(VMOVAPD, kind.reg(1), At(RSI, 0))
					a.Emit(VMOVAPD, kind.reg(2), At(RDX, 0))
					a.Emit(VMOVAPD, kind.reg(0), At(R8, 0))
					c.emit(a)
					a.Emit(VMOVAPD, At(R8, 0), kind.reg(0))
					a.Emit(RET)
				}).Call(unsafe.Pointer(args))
				if got := out[:len(c.want)]; !slices.Equal(got, c.want) {
					t.Errorf("%s: %v, want %v", c.name, got, c.want)
				}
			}
		})
	}
}
