package native

import (
	"math"

	"github.com/neurograd/neurograd/internal/intern"
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/program"
)

// lowering turns the primitives of a level into vector operations. Its lists are by number of the program's values.
type lowering struct {
	*body
	*Form
	value   []value
	truths  []value // of comparisons, noValue for others
	code    []*program.Instr
	readers [][]program.Ref
	stored  []bool
	facts   []fact
	seen    []bool // see nanWith
}

// newLowering is the lowering of a level before its first primitive.
func (f *Form) newLowering(l *program.Level) *lowering {
	count := 0 // of values that the level knows
	for _, ld := range l.Loads {
		count = max(count, int(ld.Dst)+1)
	}
	for _, in := range l.Code {
		count = max(count, int(in.Dst)+1)
	}
	x := &lowering{body: &body{nodes: make([]node, 0, len(l.Loads)+len(l.Code)*3/2)}, Form: f, value: make([]value, count), truths: make([]value, count),
		code: make([]*program.Instr, count), readers: make([][]program.Ref, count), stored: make([]bool, count), facts: make([]fact, count)}
	for v := range x.truths {
		x.truths[v] = noValue
	}
	for i, in := range l.Code {
		x.code[in.Dst] = &l.Code[i]
		for _, v := range []program.Ref{in.A, in.B, in.C}[:operands(in.Op)] {
			x.readers[v] = append(x.readers[v], in.Dst)
		}
	}
	for _, s := range l.Stores {
		x.stored[s.Src] = true
	}
	return x
}

// operands is how many operands a primitive has.
func operands(op program.Op) int {
	switch op {
	case program.Sqrt, program.Neg, program.Abs, program.Round, program.Exponent, program.Mantissa:
		return 1
	case program.FMA, program.Select:
		return 3
	}
	return 2
}

// lower is the body of a level's loop. Arrays are numbered: first those of its loads, then those of its stores;
// constants have none. repeats says which loads are one number for the whole loop.
func (f *Form) lower(l *program.Level, repeats func(program.Load) bool) *body {
	x := f.newLowering(l)
	for i, ld := range l.Loads {
		x.facts[ld.Dst] = nothing
		switch {
		case ld.From == program.FromConstant:
			x.value[ld.Dst], x.facts[ld.Dst] = x.number(ld.Value), exactly(ld.Value)
		case repeats(ld):
			x.value[ld.Dst] = x.repeat(i)
		default:
			x.value[ld.Dst] = x.load(i)
		}
	}
	for _, in := range l.Code {
		x.facts[in.Dst] = x.learn(in)
		x.value[in.Dst] = x.primitive(in)
	}
	for i, s := range l.Stores {
		x.stores = append(x.stores, store{x.value[s.Src], len(l.Loads) + i, 0})
	}
	x.known = intern.Table{} // not needed any more
	return x.body
}

// Patterns of bits of a float64.
const (
	signBit      = 1 << 63
	mantissaBits = 1<<52 - 1
	oneBits      = 1023 << 52
	// What an exponent and a mantissa are taken of by instructions of their own.
	zeroOrInfinite = uint8(asm.PlusZero | asm.MinusZero | asm.PlusInfinite | asm.MinusInfinite)
	// magic is 2⁵²: the bits of magic + k are those of magic plus the integer k.
	magic = 1 << 52
)

// primitive is the value of a primitive.
func (x *lowering) primitive(in program.Instr) value {
	a, b, c := x.value[in.A], noValue, noValue
	switch operands(in.Op) {
	case 3:
		b, c = x.value[in.B], x.value[in.C]
	case 2:
		b = x.value[in.B]
	}
	switch in.Op {
	case program.Add:
		return x.sum(a, b)
	case program.Sub:
		return x.difference(a, b)
	case program.Mul:
		return x.product(a, b)
	case program.Div:
		return x.apply(&div, 0, a, b)
	case program.Sqrt:
		return x.apply(&sqrt, 0, a)
	case program.FMA:
		return x.fma(a, b, c)
	case program.Neg:
		return x.apply(&xor, 0, a, x.bits(signBit))
	case program.Abs:
		return x.abs(a)
	case program.CopySign:
		return x.apply(&or, 0, x.abs(a), x.apply(&and, 0, b, x.bits(signBit)))
	case program.Min:
		if x.facts[in.B].high <= x.facts[in.A].low { // or NaN, which it returns, too
			return b
		}
		return x.apply(&minPD, 0, a, b)
	case program.Max:
		if x.facts[in.B].low >= x.facts[in.A].high {
			return b
		}
		return x.apply(&maxPD, 0, a, b)
	case program.Round:
		return x.apply(&round, uint8(asm.RoundEven), a)
	case program.Less:
		return x.truth(in.Dst, asm.LessO, a, b)
	case program.LessEq:
		return x.truth(in.Dst, asm.LessEqO, a, b)
	case program.Equal:
		return x.truth(in.Dst, asm.EqualO, a, b)
	case program.Select:
		where := x.truths[in.A]
		if where == noValue {
			where = x.compare(asm.NotEqualU, a, x.number(0))
		}
		return x.apply(&pick, 0, c, b, where)
	case program.Exponent:
		if x.masks {
			return x.apply(&getExponent, 0, a)
		}
		return x.exponent(a)
	case program.Mantissa:
		return x.mantissa(a)
	case program.Scale:
		return x.scale(in)
	}
	panic("native: unknown primitive")
}

func (x *lowering) abs(a value) value { return x.apply(&and, 0, a, x.bits(^uint64(signBit))) }

func (x *lowering) compare(predicate asm.Imm, a, b value) value {
	return x.apply(&cmp, uint8(predicate), a, b)
}

// truth is 1 where a comparison holds, else 0.
func (x *lowering) truth(dst program.Ref, predicate asm.Imm, a, b value) value {
	t := x.compare(predicate, a, b)
	x.truths[dst] = t
	return x.apply(&only, 0, t, x.number(1))
}

// normal is |a| as a normal number, scaled by 2⁵⁴ if it is subnormal, and where it is.
func (x *lowering) normal(a value) (magnitude, scaled, subnormal value) {
	magnitude = x.abs(a)
	subnormal = x.compare(asm.LessO, magnitude, x.number(0x1p-1022))
	return magnitude, x.apply(&pick, 0, magnitude, x.apply(&mul, 0, magnitude, x.number(0x1p54)), subnormal), subnormal
}

// special takes |a| itself where it is 0 (or zero instead), infinite or NaN.
func (x *lowering) special(y, magnitude, zero value) value {
	y = x.apply(&pick, 0, y, zero, x.compare(asm.EqualO, magnitude, x.number(0)))
	return x.apply(&pick, 0, y, magnitude, x.compare(asm.NotLessEqU, magnitude, x.number(math.MaxFloat64)))
}

// exponent is the exponent bits as a number: they are put below 2⁵² and that is taken off again.
func (x *lowering) exponent(a value) value {
	magnitude, scaled, subnormal := x.normal(a)
	biased := x.apply(&or, 0, x.apply(&right, 52, scaled), x.number(magic))
	e := x.apply(&sub, 0, biased, x.number(magic+1023))
	e = x.apply(&sub, 0, e, x.apply(&only, 0, subnormal, x.number(54)))
	return x.special(e, magnitude, x.number(math.Inf(-1)))
}

// mantissa puts the mantissa bits under the exponent of 1.
func (x *lowering) mantissa(a value) value {
	magnitude, scaled, _ := x.normal(a)
	m := x.apply(&or, 0, x.apply(&and, 0, scaled, x.bits(mantissaBits)), x.bits(oneBits))
	return x.special(m, magnitude, magnitude)
}

// scale is a·2^⌊n/2⌋·2^(n−⌊n/2⌋), n within ±2044 and 0 if it is NaN. What is known of n saves what it does not need.
func (x *lowering) scale(in program.Instr) value {
	a, n, known := x.value[in.A], x.value[in.B], x.facts[in.B]
	if !known.number && !x.nanWith(in.A, in.B) && !x.drowned(in.Dst, in.B, map[program.Ref]bool{}) {
		n = x.apply(&only, 0, x.compare(asm.Ordered, n, n), n)
	}
	if known.low < -2044 {
		n = x.apply(&maxPD, 0, n, x.number(-2044))
	}
	if known.high > 2044 {
		n = x.apply(&minPD, 0, n, x.number(2044))
	}
	first, second := x.halves(n, known.integer)
	if x.facts[in.A] != exactly(1) {
		first = x.apply(&mul, 0, a, first)
	}
	return x.apply(&mul, 0, first, second)
}

// halves are 2^⌊n/2⌋ and 2^(n−⌊n/2⌋), the last difference without its fraction.
func (x *lowering) halves(n value, integer bool) (first, second value) {
	if integer { // the bits of the sum end in n + 2046, whose halves are the exponents' bits
		sum := x.sum(n, x.number(magic+2*1023))
		half := x.apply(&right, 1, sum)
		return x.apply(&left, 52, half), x.apply(&left, 52, x.apply(&subInt, 0, sum, half))
	}
	h := x.apply(&round, uint8(asm.RoundFloor), x.apply(&mul, 0, n, x.number(0.5)))
	rest := x.apply(&round, uint8(asm.RoundZero), x.apply(&sub, 0, n, h))
	return x.power(h), x.power(rest)
}

// power is 2ⁿ for integers n from −1022 to 1023: n + 1023 shifted to where the exponent is.
func (x *lowering) power(n value) value {
	return x.apply(&left, 52, x.apply(&add, 0, n, x.number(magic+1023)))
}
