package native

import (
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/program"
)

// This file writes the code of Philox. Each word of a counter lies in the lower half of 64 bits, which is what the
// multiplication reads; what it leaves in the upper halves is never read.

// A turn of the loop draws several vectors side by side: the ten rounds of one, each of which waits for the one before,
// would take three times as long as the processor needs for their operations.
const (
	sideBySide   = 3
	pairsPerTurn = sideBySide * width
)

// The arrays of the loop's body, by vector: the first words of the counters, the pairs; then the words of PhiloxCall.
const (
	arrayCounters = 0
	arrayZ0       = sideBySide
	arrayZ1       = 2 * sideBySide
	arrayWords    = 3 * sideBySide
)

// Operations on integers, which are a little faster on them than those of the same effect on float64.
var (
	mulWords = row{binary, asm.VPMULUDQ, true}
	andWords = row{binary, asm.VPAND, true}
	orWords  = row{binary, asm.VPOR, true}
	xorWords = row{binary, asm.VPXOR, true}
)

// pairs is the body of the loop.
func pairs(transform *program.Level) *body {
	x := &lowering{body: newBody(), value: map[program.Ref]value{}, truths: map[program.Ref]value{}}
	uniforms := x.uniforms()
	for _, ld := range transform.Loads {
		if ld.From == program.FromConstant {
			x.value[ld.Dst] = x.number(ld.Value)
		} else {
			x.value[ld.Dst] = uniforms[ld.Index]
		}
	}
	for _, in := range transform.Code {
		x.value[in.Dst] = x.ofNormal(in)
	}
	for _, s := range transform.Stores {
		x.stores = append(x.stores, store{value: x.value[s.Src], array: [...]int{arrayZ0, arrayZ1}[s.Index]})
	}
	return abreast(x.body)
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

// abreast is the body for several vectors, operation by operation.
func abreast(one *body) *body {
	all, copies := newBody(), make([][sideBySide]value, len(one.nodes))
	for v, n := range one.nodes {
		for k := range sideBySide {
			m := n
			for i, s := range n.src {
				if s != noValue {
					m.src[i] = copies[s][k]
				}
			}
			if n.from == element {
				m.array += k
			}
			copies[v][k] = all.add(m)
		}
	}
	for _, s := range one.stores {
		for k := range sideBySide {
			all.stores = append(all.stores, store{value: copies[s.value][k], array: s.array + k})
		}
	}
	return all
}

// philox writes a body as the loop over turns. It is a target.
type philox struct {
	asm.Assembler
	slots int32
}

// Registers of the loop.
const (
	firsts, seconds, words, turns = asm.RBX, asm.RDX, asm.R8, asm.RCX
	lastRegister                  = 15 // of vectors: the first words of the counters of the turn's first vector
)

func (x *philox) write(b *body) {
	for i, r := range []asm.Reg{firsts, seconds, words, scratch, turns} {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	counters := asm.Y(lastRegister)
	x.Emit(asm.VMOVUPD, counters, asm.At(words, wordFirst*vectorBytes))
	x.Align(32)
	top := x.Here()
	write(b, x, lastRegister, &x.slots)
	x.Emit(asm.VPADDQ, counters, counters, splat(&x.Assembler, pairsPerTurn))
	x.Emit(asm.ADD, firsts, asm.Imm(8*pairsPerTurn))
	x.Emit(asm.ADD, seconds, asm.Imm(8*pairsPerTurn))
	x.Emit(asm.DEC, turns)
	x.Emit(asm.JNE, top)
	x.Emit(asm.RET)
}

func (x *philox) emit(inst asm.Inst, ops ...asm.Operand) { x.Emit(inst, ops...) }

func (x *philox) memory(n *node) (asm.Mem, bool) {
	return asm.At(words, (n.array-arrayWords)*vectorBytes), n.from == repeated
}

// loadElement makes the first words of a vector's counters.
func (x *philox) loadElement(dst asm.Reg, array int) {
	x.Emit(asm.VPADDQ, dst, asm.Y(lastRegister), splat(&x.Assembler, uint64((array-arrayCounters)*width)))
}

func (x *philox) storeElement(array int, src asm.Reg) {
	to := asm.At(firsts, (array-arrayZ0)*vectorBytes)
	if array >= arrayZ1 {
		to = asm.At(seconds, (array-arrayZ1)*vectorBytes)
	}
	x.Emit(asm.VMOVUPD, to, src)
}

func (x *philox) constant(bits uint64) asm.Mem { return splat(&x.Assembler, bits) }

func (x *philox) spill(slot int32) asm.Mem { return asm.At(scratch, int(slot)*vectorBytes) }
