// Package programtest makes random programs and computes them element by element with an interpreter, for tests
// of what runs programs.
package programtest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/neurograd/neurograd/internal/program"
)

// Special are values that every primitive and every program must agree on.
var Special = []float64{
	0, math.Copysign(0, -1), 1, -1, 0.5, -0.5, 1.5, -2.5, 2, 3, 0x1p52, 0x1p53 + 2, -0x1p63,
	0x1p-1022, -0x1p-1022, 0x1p-1074, -0x1p-1074, 0x0.fffffffffffffp-1022, 0x1p-1023,
	math.MaxFloat64, -math.MaxFloat64, 0x1p1023, math.Inf(1), math.Inf(-1), math.NaN(),
	math.Pi, 1e300, -1e-300, 1200, -1200, 1074, -1074, 0x1.fffffffffffffp-1, 0x1.0000000000001p0,
}

// Arity is the number of operands by primitive.
var Arity = map[program.Op]int{
	program.Add: 2, program.Sub: 2, program.Mul: 2, program.Div: 2, program.Sqrt: 1, program.FMA: 3, program.Neg: 1, program.Abs: 1, program.CopySign: 2, program.Min: 2, program.Max: 2, program.Round: 1,
	program.Less: 2, program.LessEq: 2, program.Equal: 2, program.Select: 3, program.Exponent: 1, program.Mantissa: 1, program.Scale: 2,
}

// Source hands out the choices of a generated program: random numbers, or the bytes of a fuzz input.
type Source func(n int) int

// Seeded hands out random numbers.
func Seeded(seed uint64) Source {
	r := rand.New(rand.NewPCG(seed, 17))
	return r.IntN
}

// Number is a special value, a small number or any bit pattern.
func (s Source) Number() float64 {
	switch s(4) {
	case 0:
		return Special[s(len(Special))]
	case 1:
		return math.Float64frombits(uint64(s(1<<32))<<32 | uint64(s(1<<32)))
	case 2:
		return float64(s(4001) - 2000)
	}
	return float64(s(1<<30))/(1<<28) - 2
}

// Fill writes numbers.
func (s Source) Fill(x []float64) {
	for i := range x {
		x[i] = s.Number()
	}
}

// Listing is a program written down twice: as the recorded one and as a plain list for the interpreter.
type Listing struct {
	Program *program.Program
	Inputs  []program.Input
	Outputs []program.Output // Value is an index of nodes
	nodes   []node
}

type node struct {
	op    program.Op
	what  origin
	args  [3]int
	konst float64
	kind  program.Kind
	rate  program.Rate
}

// origin says what a node is.
type origin byte

const (
	primitive origin = iota
	input
	constant
)

// Generate makes a program out of choices.
func Generate(choose Source) *Listing {
	l := &Listing{}
	for i := range 1 + choose(8) {
		in := program.Input{Name: fmt.Sprint("x", i), Kind: program.Kind(choose(4)), Rate: program.Rate(choose(2))}
		l.Inputs = append(l.Inputs, in)
		l.nodes = append(l.nodes, node{what: input, kind: in.Kind, rate: in.Rate})
	}
	b := program.NewBuilder(l.Inputs)
	refs := make([]program.Ref, len(l.Inputs))
	for i := range refs {
		refs[i] = b.Input(i)
	}
	konst := func(c float64) {
		l.nodes = append(l.nodes, node{what: constant, konst: c})
		refs = append(refs, b.Const(c))
	}
	apply := func(op program.Op, args ...int) {
		n := node{op: op}
		var r [3]program.Ref
		for k, a := range args {
			n.args[k], r[k] = a, refs[a]
			n.kind |= l.nodes[a].kind
			n.rate = max(n.rate, l.nodes[a].rate)
		}
		l.nodes = append(l.nodes, n)
		refs = append(refs, b.Apply(op, r[:len(args)]...))
	}
	for range 1 + choose(60) {
		if choose(8) == 0 {
			konst(choose.Number())
			continue
		}
		if choose(12) == 0 { // a polynomial, which a backend may take as a whole
			x, y := choose(len(l.nodes)), choose(len(l.nodes))
			for range 1 + choose(6) {
				konst(choose.Number())
				apply(program.FMA, y, x, len(l.nodes)-1)
				y = len(l.nodes) - 1
			}
			continue
		}
		op := program.Op(choose(int(program.Scale) + 1))
		args := make([]int, Arity[op])
		for k := range args {
			args[k] = choose(len(l.nodes))
			if choose(2) == 0 { // recent values, so that chains get long
				args[k] = max(0, len(l.nodes)-1-choose(4))
			}
		}
		if op == program.CopySign {
			// The sign of a NaN is no part of the promise: processors differ in it.
			apply(program.Equal, args[1], args[1])
			konst(1)
			apply(program.Select, len(l.nodes)-2, args[1], len(l.nodes)-1)
			args[1] = len(l.nodes) - 1
		}
		apply(op, args...)
	}
	for range 1 + choose(6) {
		at := choose(len(l.nodes))
		if choose(3) > 0 {
			at = len(l.nodes) - 1 - choose(min(8, len(l.nodes)))
		}
		l.Outputs = append(l.Outputs, program.Output{Value: program.Ref(at), Kind: l.nodes[at].kind | program.Kind(choose(4))})
	}
	built := make([]program.Output, len(l.Outputs))
	for i, o := range l.Outputs {
		built[i] = program.Output{Value: refs[o.Value], Kind: o.Kind}
	}
	l.Program = b.Build(built)
	return l
}

// element is where a node and lane lie in an array of a kind.
func element(k program.Kind, node, lane, lanes int) int {
	switch k {
	case program.Node:
		return node
	case program.Lane:
		return lane
	case program.Full:
		return node*lanes + lane
	}
	return 0
}

// interpret computes all values of one node and lane with Eval.
func (l *Listing) interpret(v []float64, in [][]float64, node, lane, lanes int) {
	for i, n := range l.nodes {
		switch n.what {
		case input:
			v[i] = in[i][element(n.kind, node, lane, lanes)]
		case constant:
			v[i] = n.konst
		default:
			v[i] = program.Eval(n.op, v[n.args[0]], v[n.args[1]], v[n.args[2]])
		}
	}
}

// SameBits reports whether two numbers have the same bits; all NaN count as the same.
func SameBits(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b
}

// want computes the outputs element by element.
func (l *Listing) want(in [][]float64, nodes, lanes int) [][]float64 {
	out := make([][]float64, len(l.Outputs))
	for i, o := range l.Outputs {
		out[i] = make([]float64, o.Kind.Size(nodes, lanes))
	}
	v := make([]float64, len(l.nodes))
	for node := range nodes {
		for lane := range lanes {
			l.interpret(v, in, node, lane, lanes)
			for i, o := range l.Outputs {
				out[i][element(o.Kind, node, lane, lanes)] = v[o.Value]
			}
		}
	}
	return out
}

// Check runs the program three steps with new values of rate program.Step, then once more with new ones of rate
// Once.
func (l *Listing) Check(choose Source, nodes, lanes int) error {
	x := l.Program.Instance(nodes, lanes)
	for i, in := range l.Inputs {
		x.In[i] = make([]float64, in.Kind.Size(nodes, lanes))
	}
	for i, o := range l.Outputs {
		x.Out[i] = make([]float64, o.Kind.Size(nodes, lanes))
	}
	for step := range 4 {
		for i, in := range l.Inputs {
			if in.Rate == program.Step || step%3 == 0 {
				choose.Fill(x.In[i])
			}
		}
		if step%3 == 0 {
			x.Once()
		}
		x.Step()
		for i, want := range l.want(x.In, nodes, lanes) {
			for k, w := range want {
				if !SameBits(x.Out[i][k], w) {
					return fmt.Errorf("%d nodes, %d lanes, step %d: output %d[%d] is %x, interpreted %x", nodes, lanes, step, i, k, x.Out[i][k], w)
				}
			}
		}
	}
	return nil
}
