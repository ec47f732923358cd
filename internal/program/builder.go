package program

import (
	"math"

	"github.com/neurograd/neurograd/internal/intern"
)

// Builder records a program: it is a [Machine] whose values are numbers of recorded instructions.
// Equal instructions are recorded once, and instructions on constants are computed on the spot with
// [Scalar], so folding never changes bits.
type Builder struct {
	inputs []Input
	values []record
	known  intern.Table // of values that are no inputs
}

type record struct {
	konst float64
	args  [3]Ref
	index int32 // of an input
	op    Op
	arity uint8
	kind  Kind
	rate  Rate
}

// usualValues is how many values a builder has memory for at first.
const usualValues = 256

// NewBuilder returns a builder of a program with these inputs.
func NewBuilder(inputs []Input) *Builder {
	b := &Builder{inputs: inputs, values: make([]record, 0, usualValues+len(inputs))}
	for i, in := range inputs {
		b.values = append(b.values, record{op: input, index: int32(i), kind: in.Kind, rate: in.Rate})
	}
	return b
}

// Input is the value of input i.
func (b *Builder) Input(i int) Ref { return Ref(i) }

// Const records a constant.
func (b *Builder) Const(c float64) Ref {
	bits := bitsOf(c)
	hash := intern.Mix(uint64(constant), bits)
	if r, ok := b.known.Find(hash, func(n int32) bool {
		v := &b.values[n]
		return v.op == constant && bitsOf(v.konst) == bits
	}); ok {
		return Ref(r)
	}
	return b.record(hash, record{op: constant, konst: c})
}

// bitsOf tells constants apart: one NaN is as good as another.
func bitsOf(c float64) uint64 {
	if c != c {
		c = math.NaN()
	}
	return math.Float64bits(c)
}

func (b *Builder) record(hash uint64, r record) Ref {
	ref := Ref(len(b.values))
	b.values = append(b.values, r)
	b.known.Add(hash, int32(ref))
	return ref
}

// Apply records a primitive of so many operands, or finds it among those recorded; of constants it is one.
func (b *Builder) Apply(op Op, args ...Ref) Ref {
	r := record{op: op, arity: uint8(len(args))}
	folds := true
	for i, a := range args {
		v := &b.values[a]
		r.args[i] = a
		r.kind |= v.kind
		r.rate = max(r.rate, v.rate)
		folds = folds && v.op == constant
	}
	if folds {
		var x [3]float64
		for i, a := range args {
			x[i] = b.values[a].konst
		}
		return b.Const(Eval(op, x[0], x[1], x[2]))
	}
	hash := intern.Mix(intern.Mix(uint64(op), uint64(r.args[0])), uint64(r.args[1])<<32|uint64(r.args[2]))
	if ref, ok := b.known.Find(hash, func(n int32) bool { return b.values[n].op == op && b.values[n].args == r.args }); ok {
		return Ref(ref)
	}
	return b.record(hash, r)
}

// Eval computes one primitive on numbers.
func Eval(op Op, a, b, c float64) float64 {
	var m Scalar
	switch op {
	case Add:
		return m.Add(a, b)
	case Sub:
		return m.Sub(a, b)
	case Mul:
		return m.Mul(a, b)
	case Div:
		return m.Div(a, b)
	case Sqrt:
		return m.Sqrt(a)
	case FMA:
		return m.FMA(a, b, c)
	case Neg:
		return m.Neg(a)
	case Abs:
		return m.Abs(a)
	case CopySign:
		return m.CopySign(a, b)
	case Min:
		return m.Min(a, b)
	case Max:
		return m.Max(a, b)
	case Round:
		return m.Round(a)
	case Less:
		return m.Less(a, b)
	case LessEq:
		return m.LessEq(a, b)
	case Equal:
		return m.Equal(a, b)
	case Select:
		return m.Select(a, b, c)
	case Exponent:
		return m.Exponent(a)
	case Mantissa:
		return m.Mantissa(a)
	case Scale:
		return m.Scale(a, b)
	}
	panic("program: no such primitive")
}

// The methods below record one primitive each; Machine documents them.

func (b *Builder) Add(x, y Ref) Ref          { return b.Apply(Add, x, y) }
func (b *Builder) Sub(x, y Ref) Ref          { return b.Apply(Sub, x, y) }
func (b *Builder) Mul(x, y Ref) Ref          { return b.Apply(Mul, x, y) }
func (b *Builder) Div(x, y Ref) Ref          { return b.Apply(Div, x, y) }
func (b *Builder) Sqrt(x Ref) Ref            { return b.Apply(Sqrt, x) }
func (b *Builder) FMA(x, y, z Ref) Ref       { return b.Apply(FMA, x, y, z) }
func (b *Builder) Neg(x Ref) Ref             { return b.Apply(Neg, x) }
func (b *Builder) Abs(x Ref) Ref             { return b.Apply(Abs, x) }
func (b *Builder) CopySign(x, y Ref) Ref     { return b.Apply(CopySign, x, y) }
func (b *Builder) Min(x, y Ref) Ref          { return b.Apply(Min, x, y) }
func (b *Builder) Max(x, y Ref) Ref          { return b.Apply(Max, x, y) }
func (b *Builder) Round(x Ref) Ref           { return b.Apply(Round, x) }
func (b *Builder) Less(x, y Ref) Ref         { return b.Apply(Less, x, y) }
func (b *Builder) LessEq(x, y Ref) Ref       { return b.Apply(LessEq, x, y) }
func (b *Builder) Equal(x, y Ref) Ref        { return b.Apply(Equal, x, y) }
func (b *Builder) Select(cond, x, y Ref) Ref { return b.Apply(Select, cond, x, y) }
func (b *Builder) Exponent(x Ref) Ref        { return b.Apply(Exponent, x) }
func (b *Builder) Mantissa(x Ref) Ref        { return b.Apply(Mantissa, x) }
func (b *Builder) Scale(x, n Ref) Ref        { return b.Apply(Scale, x, n) }

var _ Machine[Ref] = (*Builder)(nil)
var _ Machine[float64] = Scalar{}

// Constant is the value of a recorded constant.
func (b *Builder) Constant(r Ref) (float64, bool) {
	v := b.values[r]
	return v.konst, v.op == constant
}
