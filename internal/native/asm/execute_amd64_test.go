//go:build linux || darwin || windows

package asm_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/machine"
	. "github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// vectors is a kind of vector register to run tests with.
type vectors struct {
	name   string
	there  bool
	avx512 bool
	lanes  int
	reg    func(i int) Reg
}

var kinds = []vectors{
	{"VEX", machine.AVX2(), false, 4, Y},
	{"EVEX", machine.AVX512(), true, 8, func(i int) Reg { return Z(i + 3) }},
	{"EVEX256", machine.AVX512(), true, 4, func(i int) Reg { return Y(i + 16) }},
	{"EVEX512", machine.AVX512(), true, 8, func(i int) Reg { return Z(31 - i) }},
}

// operation is an instruction, or a few, and what they compute of one element. The operands are in registers 1, 2 and 3,
// the result goes to register 0.
type operation struct {
	name   string
	avx512 bool // needs it
	emit   func(a *Assembler, v vectors)
	want   func(a, b, c float64) float64
}

// op is an operation of one instruction on its first n operands and an immediate.
func op(inst Inst, n int, want func(a, b, c float64) float64, imm ...Imm) operation {
	return operation{inst.String(), false, func(a *Assembler, v vectors) {
		ops := []Operand{v.reg(0)}
		for i := range n {
			ops = append(ops, v.reg(i+1))
		}
		for _, i := range imm {
			ops = append(ops, i)
		}
		a.Emit(inst, ops...)
	}, want}
}

// op512 is op for instructions of AVX-512.
func op512(inst Inst, n int, want func(a, b, c float64) float64, imm ...Imm) operation {
	o := op(inst, n, want, imm...)
	o.avx512 = true
	return o
}

// fma is a fused multiply-add whose first operand is also the result.
func fma(inst Inst, want func(a, b, c float64) float64) operation {
	return operation{inst.String(), false, func(a *Assembler, v vectors) {
		a.Emit(VMOVAPD, v.reg(0), v.reg(1))
		a.Emit(inst, v.reg(0), v.reg(2), v.reg(3))
	}, want}
}

// compare is a comparison whose result is 1 or 0, with the way of either encoding to get there.
func compare(name string, predicate Imm, want func(a, b float64) bool) operation {
	return operation{"VCMPPD " + name, false, func(a *Assembler, v vectors) {
		one := a.Splat(1, v.lanes)
		if v.avx512 {
			a.Emit(VCMPPD, K(3), v.reg(1), v.reg(2), predicate)
			a.Emit(VMOVAPD, v.reg(0).MaskZero(K(3)), one)
			return
		}
		a.Emit(VCMPPD, v.reg(0), v.reg(1), v.reg(2), predicate)
		a.Emit(VANDPD, v.reg(0), v.reg(0), one)
	}, func(a, b, _ float64) float64 {
		if want(a, b) {
			return 1
		}
		return 0
	}}
}

// scale is VSCALEFPD, whose power is rounded down.
func scale(by float64, power int) operation {
	return operation{"VSCALEFPD", true, func(a *Assembler, v vectors) {
		a.Emit(VSCALEFPD, v.reg(0), v.reg(1), a.Float64(by).Broadcast())
	}, func(a, _, _ float64) float64 { return math.Ldexp(a, power) }}
}

// onBits is a function of bits as one of numbers.
func onBits(f func(a, b uint64) uint64) func(a, b, c float64) float64 {
	return func(a, b, _ float64) float64 {
		return math.Float64frombits(f(math.Float64bits(a), math.Float64bits(b)))
	}
}

func isNaN(a, b float64) bool { return a != a || b != b }

var operations = []operation{
	op(VADDPD, 2, func(a, b, _ float64) float64 { return a + b }),
	op(VSUBPD, 2, func(a, b, _ float64) float64 { return a - b }),
	op(VMULPD, 2, func(a, b, _ float64) float64 { return a * b }),
	op(VDIVPD, 2, func(a, b, _ float64) float64 { return a / b }),
	op(VSQRTPD, 1, func(a, _, _ float64) float64 { return math.Sqrt(a) }),
	op(VMINPD, 2, func(a, b, _ float64) float64 {
		if a < b {
			return a
		}
		return b
	}),
	op(VMAXPD, 2, func(a, b, _ float64) float64 {
		if a > b {
			return a
		}
		return b
	}),
	fma(VFMADD132PD, func(a, b, c float64) float64 { return math.FMA(a, c, b) }),
	fma(VFMADD213PD, math.FMA),
	fma(VFMADD231PD, func(a, b, c float64) float64 { return math.FMA(b, c, a) }),
	fma(VFMSUB213PD, func(a, b, c float64) float64 { return math.FMA(a, b, -c) }),
	fma(VFMSUB231PD, func(a, b, c float64) float64 { return math.FMA(b, c, -a) }),
	fma(VFNMADD213PD, func(a, b, c float64) float64 { return math.FMA(-a, b, c) }),
	fma(VFNMADD231PD, func(a, b, c float64) float64 { return math.FMA(-b, c, a) }),
	fma(VFNMSUB213PD, func(a, b, c float64) float64 { return math.FMA(-a, b, -c) }),
	fma(VFNMSUB231PD, func(a, b, c float64) float64 { return math.FMA(-b, c, -a) }),
	compare("EqualO", EqualO, func(a, b float64) bool { return a == b }),
	compare("LessO", LessO, func(a, b float64) bool { return a < b }),
	compare("LessEqO", LessEqO, func(a, b float64) bool { return a <= b }),
	compare("Unordered", Unordered, isNaN),
	compare("NotEqualU", NotEqualU, func(a, b float64) bool { return a != b }),
	compare("NotLessU", NotLessU, func(a, b float64) bool { return !(a < b) }),
	compare("NotLessEqU", NotLessEqU, func(a, b float64) bool { return !(a <= b) }),
	compare("Ordered", Ordered, func(a, b float64) bool { return !isNaN(a, b) }),
	op(VANDPD, 2, onBits(func(a, b uint64) uint64 { return a & b })),
	op(VANDNPD, 2, onBits(func(a, b uint64) uint64 { return ^a & b })),
	op(VORPD, 2, onBits(func(a, b uint64) uint64 { return a | b })),
	op(VXORPD, 2, onBits(func(a, b uint64) uint64 { return a ^ b })),
	op(VPADDQ, 2, onBits(func(a, b uint64) uint64 { return a + b })),
	op(VPSUBQ, 2, onBits(func(a, b uint64) uint64 { return a - b })),
	op(VPADDD, 2, onBits(func(a, b uint64) uint64 { return uint64(uint32(a)+uint32(b)) | (a>>32+b>>32)<<32 })),
	op(VPMULUDQ, 2, onBits(func(a, b uint64) uint64 { return a & math.MaxUint32 * (b & math.MaxUint32) })),
	op(VPSRLQ, 1, onBits(func(a, _ uint64) uint64 { return a >> 52 }), 52),
	op(VPSLLQ, 1, onBits(func(a, _ uint64) uint64 { return a << 13 }), 13),
	op(VPSRLD, 1, onBits(func(a, _ uint64) uint64 { return uint64(uint32(a)>>3) | a>>35<<32 }), 3),
	op(VPSHUFD, 1, onBits(func(a, _ uint64) uint64 { return a>>32 | a<<32 }), 0b10_11_00_01),
	op512(VRNDSCALEPD, 1, func(a, _, _ float64) float64 { return math.RoundToEven(a) }, RoundEven),
	op512(VRNDSCALEPD, 1, func(a, _, _ float64) float64 { return math.Floor(a) }, RoundFloor),
	op512(VGETEXPPD, 1, func(a, _, _ float64) float64 { return math.Logb(a) }),
	op512(VPSRAQ, 1, onBits(func(a, _ uint64) uint64 { return uint64(int64(a) >> 60) }), 60),
	op512(VPANDQ, 2, onBits(func(a, b uint64) uint64 { return a & b })),
	op512(VPANDNQ, 2, onBits(func(a, b uint64) uint64 { return ^a & b })),
	op512(VPORQ, 2, onBits(func(a, b uint64) uint64 { return a | b })),
	op512(VPXORQ, 2, onBits(func(a, b uint64) uint64 { return a ^ b })),
	op512(VCVTQQ2PD, 1, func(a, _, _ float64) float64 { return float64(int64(math.Float64bits(a))) }),
	op512(VCVTUQQ2PD, 1, func(a, _, _ float64) float64 { return float64(math.Float64bits(a)) }),
	{"VROUNDPD", false, func(a *Assembler, v vectors) {
		if v.avx512 {
			a.Emit(VRNDSCALEPD, v.reg(0), v.reg(1), RoundFloor)
			return
		}
		a.Emit(VROUNDPD, v.reg(0), v.reg(1), RoundFloor)
	}, func(a, _, _ float64) float64 { return math.Floor(a) }},
	{"VBLENDVPD", false, func(a *Assembler, v vectors) { // a where c < b, else b
		if v.avx512 {
			a.Emit(VCMPPD, K(1), v.reg(3), v.reg(2), LessO)
			a.Emit(VBLENDMPD, v.reg(0).Mask(K(1)), v.reg(2), v.reg(1))
			return
		}
		a.Emit(VCMPPD, v.reg(0), v.reg(3), v.reg(2), LessO)
		a.Emit(VBLENDVPD, v.reg(0), v.reg(2), v.reg(1), v.reg(0))
	}, func(a, b, c float64) float64 {
		if c < b {
			return a
		}
		return b
	}},
	{"VPTERNLOGQ", true, func(a *Assembler, v vectors) { // the magnitude of a with the sign of b
		a.Emit(VMOVAPD, v.reg(0), v.reg(1))
		a.Emit(VPTERNLOGQ, v.reg(0), v.reg(2), a.Words(1<<63).Broadcast(), Imm(0b1101_1000))
	}, func(a, b, _ float64) float64 { return math.Copysign(a, b) }},
	op512(VGETMANTPD, 1, func(a, _, _ float64) float64 {
		if fraction, _ := math.Frexp(a); fraction != 0 && !math.IsInf(a, 0) {
			return 2 * fraction
		}
		return math.Copysign(1, a)
	}, 0),
	{"VFPCLASSPD", true, func(a *Assembler, v vectors) { // 1 for zeros and what is infinite, else 0
		a.Emit(VFPCLASSPD, K(5), v.reg(1), PlusZero|MinusZero|PlusInfinite|MinusInfinite)
		a.Emit(VMOVAPD, v.reg(0).MaskZero(K(5)), a.Splat(1, v.lanes))
	}, func(a, _, _ float64) float64 {
		if a == 0 || math.IsInf(a, 0) {
			return 1
		}
		return 0
	}},
	scale(1000.75, 1000),
	scale(-1070.5, -1071),
	{"VADDPD of a broadcast constant", true, func(a *Assembler, v vectors) {
		a.Emit(VADDPD, v.reg(0), v.reg(1), a.Float64(0.1).Broadcast())
	}, func(a, _, _ float64) float64 { return a + 0.1 }},
	{"VADDPD of a constant vector", false, func(a *Assembler, v vectors) {
		a.Emit(VADDPD, v.reg(0), v.reg(1), a.Splat(0.1, v.lanes))
	}, func(a, _, _ float64) float64 { return a + 0.1 }},
}

// special are arguments at the ends of what float64 can hold and where instructions change what they do.
var special = []float64{0, math.Copysign(0, -1), 1, -1, 0.5, 1.5, 2.5, -2.5, 3e9, -3e9, 0x1p52 + 1, 0x1p53, math.Pi, math.MaxFloat64, -math.MaxFloat64,
	math.SmallestNonzeroFloat64, -0x1p-1030, 0x1p-1022, math.Inf(1), math.Inf(-1), math.NaN()}

// streams are the arguments of a test: every pair of special ones, and random bits.
func streams() (a, b, c []float64) {
	r := rand.New(rand.NewPCG(1, 2))
	const random = 400
	n := len(special)*len(special) + random
	n = (n + 7) / 8 * 8
	a, b, c = aligned.Float64s(n), aligned.Float64s(n), aligned.Float64s(n)
	for i := range a {
		a[i], b[i], c[i] = math.Float64frombits(r.Uint64()), r.NormFloat64(), r.NormFloat64()
		if i < len(special)*len(special) {
			a[i], b[i], c[i] = special[i%len(special)], special[i/len(special)], special[i*7%len(special)]
		}
	}
	return a, b, c
}

// arguments is what the code of a test gets.
type arguments struct {
	in  [3]unsafe.Pointer
	out unsafe.Pointer
	n   int
}

// Instructions compute what Go computes of every element.
func TestInstructionsCompute(t *testing.T) {
	a, b, c := streams()
	for _, v := range kinds {
		t.Run(v.name, func(t *testing.T) {
			if !v.there {
				t.Skip("not on this processor")
			}
			for _, o := range operations {
				if o.avx512 && !v.avx512 {
					continue
				}
				out := aligned.Float64s(len(a))
				args := &arguments{n: len(a), out: unsafe.Pointer(&out[0])}
				for i, x := range [][]float64{a, b, c} {
					args.in[i] = unsafe.Pointer(&x[0])
				}
				load(t, func(asm *Assembler) { writeOperation(asm, v, o) }).Call(unsafe.Pointer(args))
				for i := range out {
					want := o.want(a[i], b[i], c[i])
					if math.Float64bits(out[i]) != math.Float64bits(want) && !(out[i] != out[i] && want != want) {
						t.Errorf("%s of %g, %g, %g is %g (%x), want %g (%x)", o.name, a[i], b[i], c[i], out[i], math.Float64bits(out[i]), want, math.Float64bits(want))
						break
					}
				}
			}
		})
	}
}

// load assembles and loads.
func load(t testing.TB, write func(a *Assembler)) *loader.Function {
	t.Helper()
	var a Assembler
	write(&a)
	code, err := a.Code()
	if err != nil {
		t.Fatal(err)
	}
	f, err := loader.Load(code)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// writeOperation is a loop over whole vectors.
func writeOperation(a *Assembler, v vectors, o operation) {
	for i, r := range []Reg{RSI, RDX, RCX, R8, R9} {
		a.Emit(MOV, r, At(RDI, 8*i))
	}
	a.Emit(XOR, RAX, RAX)
	a.Align(16)
	loop := a.Here()
	for i, r := range []Reg{RSI, RDX, RCX} {
		a.Emit(VMOVAPD, v.reg(i+1), At(r, 0).Index(RAX, 8))
	}
	o.emit(a, v)
	a.Emit(VMOVAPD, At(R8, 0).Index(RAX, 8), v.reg(0))
	a.Emit(ADD, RAX, Imm(v.lanes))
	a.Emit(CMP, RAX, R9)
	a.Emit(JL, loop)
	a.Emit(RET)
}
