//go:build linux || darwin || windows

package loader

import (
	"bytes"
	"math/bits"
	"runtime"
	"testing"
	"unsafe"

	"github.com/neurograd/neurograd/internal/machine"
	"github.com/neurograd/neurograd/internal/native/asm"
)

// mustLoad assembles and loads, and skips the test where processor or system do not have what it takes.
func mustLoad(t testing.TB, write func(a *asm.Assembler)) *Function {
	t.Helper()
	if !machine.AVX2() {
		t.Skip("the processor has no AVX2")
	}
	var a asm.Assembler
	write(&a)
	code, err := a.Code()
	if err != nil {
		t.Fatal(err)
	}
	f, err := Load(code)
	if err != nil {
		t.Fatal(err)
	}
	if f.Size() != len(code) || !bytes.Equal(f.memory, code) {
		t.Fatal("what was loaded is not the code")
	}
	return f
}

// work is what the code of these tests works on.
type work struct {
	buffer *[bufferLength]float64
	rounds uint64
	seed   uint64
	result uint64
	wrong  uint64
}

const bufferLength = 64

// writeWork writes code that fills the buffer with the seed, runs a generator of random numbers for a number of rounds
// while all vector registers hold the seed, and counts what was not kept. It leaves garbage in every register it may
// change.
func writeWork(a *asm.Assembler) {
	word := func(i int) asm.Mem { return asm.At(asm.RDI, 8*i) }
	a.Emit(asm.MOV, asm.RSI, word(0))
	a.Emit(asm.MOV, asm.RCX, word(1))
	a.Emit(asm.MOV, asm.RAX, word(2))
	for i := range 16 {
		a.Emit(asm.VBROADCASTSD, asm.Y(i), word(2))
	}
	a.Emit(asm.MOV, asm.RDX, asm.Imm(0))
	fill := a.Here()
	a.Emit(asm.VMOVUPD, asm.At(asm.RSI, 0).Index(asm.RDX, 8), asm.Y(3))
	a.Emit(asm.ADD, asm.RDX, asm.Imm(4))
	a.Emit(asm.CMP, asm.RDX, asm.Imm(bufferLength))
	a.Emit(asm.JB, fill)

	a.Emit(asm.MOV, asm.R8, asm.Imm(step))
	loop := a.Here()
	a.Emit(asm.IMUL, asm.RAX, asm.R8)
	a.Emit(asm.INC, asm.RAX)
	a.Emit(asm.DEC, asm.RCX)
	a.Emit(asm.JNZ, loop)
	a.Emit(asm.MOV, word(3), asm.RAX)

	a.Emit(asm.MOV, asm.R9, asm.Imm(0))
	for i := 1; i < 16; i++ { // compares with what the buffer holds, which is the seed
		a.Emit(asm.VPCMPEQQ, asm.Y(i), asm.Y(i), asm.At(asm.RSI, 32*(i%16)))
		a.Emit(asm.VMOVMSKPD, asm.R10, asm.Y(i))
		a.Emit(asm.XOR, asm.R10, asm.Imm(15))
		a.Emit(asm.ADD, asm.R9, asm.R10)
	}
	a.Emit(asm.MOV, word(4), asm.R9)
	for _, r := range []asm.Reg{asm.RAX, asm.RCX, asm.RDX, asm.RBX, asm.RSI, asm.RDI, asm.R8, asm.R9, asm.R10, asm.R11, asm.R12, asm.R13, asm.R15} {
		a.Emit(asm.MOV, r, asm.Imm(-1))
	}
	for i := range 16 {
		a.Emit(asm.VPCMPEQQ, asm.Y(i), asm.Y(i), asm.Y(i))
	}
	a.Emit(asm.RET)
}

const step = 6364136223846793005

// check calls the code of writeWork and checks what it did.
func check(t *testing.T, f *Function, seed uint64, rounds int) {
	w := &work{buffer: new([bufferLength]float64), rounds: uint64(rounds), seed: seed}
	f.Call(unsafe.Pointer(w))
	want := seed
	for range rounds {
		want = want*step + 1
	}
	if w.result != want || w.wrong != 0 {
		t.Errorf("result %x, want %x; %d registers changed", w.result, want, w.wrong)
	}
	for i, x := range w.buffer {
		if got := *(*uint64)(unsafe.Pointer(&x)); got != seed {
			t.Errorf("element %d is %x, want %x", i, got, seed)
			break
		}
	}
}

func TestCall(t *testing.T) {
	f := mustLoad(t, writeWork)
	for seed := range uint64(10) {
		check(t, f, bits.Reverse64(seed), 1+int(seed))
	}
}

func TestLoadEmpty(t *testing.T) {
	if f, err := Load(nil); err == nil {
		t.Errorf("no code became %v", f)
	}
}

// The constants of the code are where the code looks for them, also beyond a page.
func TestLoadLarge(t *testing.T) {
	const n = 3000
	f := mustLoad(t, func(a *asm.Assembler) {
		a.Emit(asm.MOV, asm.RAX, asm.Imm(0))
		for i := range n {
			a.Emit(asm.ADD, asm.RAX, a.Words(uint64(i*i)))
		}
		a.Emit(asm.MOV, asm.At(asm.RDI, 0), asm.RAX)
		a.Emit(asm.RET)
	})
	var sum uint64
	f.Call(unsafe.Pointer(&sum))
	if want := uint64((n - 1) * n * (2*n - 1) / 6); sum != want {
		t.Errorf("sum %d, want %d", sum, want)
	}
	runtime.KeepAlive(f)
}

func BenchmarkCall(b *testing.B) {
	f := mustLoad(b, func(a *asm.Assembler) { a.Emit(asm.RET) })
	args := unsafe.Pointer(new(work))
	for b.Loop() {
		f.Call(args)
	}
}
