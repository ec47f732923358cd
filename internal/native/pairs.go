package native

import (
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/program"
)

// This file writes the code of Philox. Each word of a counter lies in the lower half of 64 bits, which is what the
// multiplication reads; what it leaves in the upper halves is never read.

// A turn of the loop draws several vectors side by side: the ten rounds of one, each of which waits for the one before,
// would take three times as long as the processor needs for their operations.
const sideBySide = 3

// pairsPerTurn is how many pairs a turn draws.
func (f *Form) pairsPerTurn() int { return sideBySide * f.width }

// The arrays of the loop's body: the first words of the counters, the pairs; then the words of PhiloxCall.
const (
	arrayCounters = iota
	arrayZ0
	arrayZ1
	arrayWords
)

// Operations on integers, which are a little faster on them than those of the same effect on float64.
var (
	mulWords = row{binary, asm.VPMULUDQ, asm.VPMULUDQ, true, 3}
	andWords = row{binary, asm.VPAND, asm.VPANDQ, true, 1}
	orWords  = row{binary, asm.VPOR, asm.VPORQ, true, 1}
	xorWords = row{binary, asm.VPXOR, asm.VPXORQ, true, 1}
)

// pairs is the body of the loop.
func (f *Form) pairs(transform *program.Level) *body {
	x := f.newLowering(transform)
	uniforms := x.uniforms()
	for _, ld := range transform.Loads {
		if ld.From == program.FromConstant {
			x.value[ld.Dst], x.facts[ld.Dst] = x.number(ld.Value), exactly(ld.Value)
		} else {
			x.value[ld.Dst], x.facts[ld.Dst] = uniforms[ld.Index], nothing
		}
	}
	for _, in := range transform.Code {
		x.facts[in.Dst] = x.learn(in)
		x.value[in.Dst] = x.ofNormal(in)
	}
	for _, s := range transform.Stores {
		x.stores = append(x.stores, store{value: x.value[s.Src], array: [...]int{arrayZ0, arrayZ1}[s.Index]})
	}
	return x.several(sideBySide)
}

// uniforms are two uniform numbers: of the random words w, as the bits of A = w0·2³² + w1 and B = w2·2³² + w3 and with m(X)
// the number in [1, 2) whose fraction bits are the highest bits of X, 2 − m(A) and m(B) − 1.
func (x *lowering) uniforms() [2]value {
	times := func(a value, m uint64) value { return x.apply(&mulWords, 0, a, x.bits(m)) }
	high := func(product value) value { return x.apply(&right, 32, product) }
	with := func(a, b value) value { return x.apply(&xorWords, 0, a, b) }
	word := func(n int) value { return x.repeat(arrayWords + n) }

	// The first rounds, as far as they differ between counters.
	p0 := times(x.load(arrayCounters), multiplier0)
	p1 := times(with(high(p0), word(wordFixed)), multiplier1)
	w0, w1 := with(high(p1), word(wordFixed+1)), p1
	w2, w3 := with(p0, word(wordFixed+2)), word(wordFixed+3)
	for round := keysFrom; round < philoxRounds; round++ {
		key := wordKeys + 2*(round-keysFrom)
		if round > keysFrom {
			w3 = with(w3, word(key+1))
		}
		p0, p1 = times(w0, multiplier0), times(w2, multiplier1)
		w0, w1 = with(high(p1), with(w1, word(key))), p1
		w2, w3 = with(high(p0), w3), p0
	}
	return [2]value{x.apply(&sub, 0, x.number(2), x.fraction(w0, w1)), x.apply(&sub, 0, x.fraction(w2, w3), x.number(1))}
}

// fraction is the number in [1, 2) whose fraction bits are the highest of high·2³² + low.
func (x *lowering) fraction(high, low value) value {
	low = x.apply(&andWords, 0, low, x.bits(1<<32-1))
	both := x.apply(&orWords, 0, x.apply(&left, 32, high), low)
	return x.apply(&orWords, 0, x.apply(&right, 12, both), x.bits(oneBits))
}

// ofNormal is the value of a primitive; a number that is taken apart is positive and normal.
func (x *lowering) ofNormal(in program.Instr) value {
	a := x.value[in.A]
	switch in.Op {
	case program.Exponent:
		biased := x.apply(&or, 0, x.apply(&right, 52, a), x.number(magic))
		return x.apply(&sub, 0, biased, x.number(magic+1023))
	case program.Mantissa:
		return x.apply(&or, 0, x.apply(&and, 0, a, x.bits(mantissaBits)), x.bits(oneBits))
	}
	return x.primitive(in)
}

// philox writes a body as the loop over turns. It is a target.
type philox struct {
	asm.Assembler
	*Form
	slots int32
}

// Registers of the loop.
const (
	firsts, seconds, words, turns = asm.RBX, asm.RDX, asm.R8, asm.RCX
)

// counters is the vector register with the first words of the counters of the turn's first vector.
func (x *philox) counters() asm.Reg { return x.vector(x.registers - 1) }

func (x *philox) loop(b *body) {
	for i, r := range []asm.Reg{firsts, seconds, words, scratch, turns} {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	x.Emit(asm.VMOVUPD, x.counters(), asm.At(words, wordFirst*x.bytes()))
	x.Align(32)
	top := x.Here()
	x.write(b, x, x.registers-1, &x.slots)
	x.Emit(asm.VPADDQ, x.counters(), x.counters(), x.splat(&x.Assembler, uint64(x.pairsPerTurn())))
	x.Emit(asm.ADD, firsts, asm.Imm(8*x.pairsPerTurn()))
	x.Emit(asm.ADD, seconds, asm.Imm(8*x.pairsPerTurn()))
	x.Emit(asm.DEC, turns)
	x.Emit(asm.JNE, top)
	x.Emit(asm.RET)
}

func (x *philox) assembler() *asm.Assembler { return &x.Assembler }

func (x *philox) memory(n *node) (asm.Mem, bool) {
	return asm.At(words, (n.array-arrayWords)*x.bytes()), n.from == repeated
}

// loadElement makes the first words of a vector's counters.
func (x *philox) loadElement(dst asm.Reg, _, turn int) {
	x.Emit(asm.VPADDQ, dst, x.counters(), x.splat(&x.Assembler, uint64(turn*x.width)))
}

func (x *philox) storeElement(array, turn int, src asm.Reg) {
	to := firsts
	if array == arrayZ1 {
		to = seconds
	}
	x.Emit(asm.VMOVUPD, asm.At(to, turn*x.bytes()), src)
}

func (x *philox) spill(slot int32) asm.Mem { return asm.At(scratch, int(slot)*x.bytes()) }
