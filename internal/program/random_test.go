package program

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// special values every primitive and every program must agree on.
var special = []float64{
	0, math.Copysign(0, -1), 1, -1, 0.5, -0.5, 1.5, -2.5, 2, 3, 0x1p52, 0x1p53 + 2, -0x1p63,
	0x1p-1022, -0x1p-1022, 0x1p-1074, -0x1p-1074, 0x0.fffffffffffffp-1022, 0x1p-1023,
	math.MaxFloat64, -math.MaxFloat64, 0x1p1023, math.Inf(1), math.Inf(-1), math.NaN(),
	math.Pi, 1e300, -1e-300, 1200, -1200, 1074, -1074, 0x1.fffffffffffffp-1, 0x1.0000000000001p0,
}

var arity = map[Op]int{
	Add: 2, Sub: 2, Mul: 2, Div: 2, Sqrt: 1, FMA: 3, Neg: 1, Abs: 1, CopySign: 2, Min: 2, Max: 2, Round: 1,
	Less: 2, LessEq: 2, Equal: 2, Select: 3, Exponent: 1, Mantissa: 1, Scale: 2,
}

// source hands out the choices of a generated program: random numbers, or the bytes of a fuzz input.
type source func(n int) int

func seeded(seed uint64) source {
	r := rand.New(rand.NewPCG(seed, 17))
	return r.IntN
}

// number is a special value, a small number or any bit pattern.
func (s source) number() float64 {
	switch s(4) {
	case 0:
		return special[s(len(special))]
	case 1:
		return math.Float64frombits(uint64(s(1<<32))<<32 | uint64(s(1<<32)))
	case 2:
		return float64(s(4001) - 2000)
	}
	return float64(s(1<<30))/(1<<28) - 2
}

func (s source) fill(x []float64) {
	for i := range x {
		x[i] = s.number()
	}
}

// listing is a program written down twice: as the recorded one and as a plain list for the interpreter.
type listing struct {
	inputs  []Input
	nodes   []listed
	outputs []Output // Value is an index of nodes
	program *Program
}

type listed struct {
	op    Op // input or constant too
	args  [3]int
	konst float64
	kind  Kind
	rate  Rate
}

// generate makes a program out of choices.
func generate(choose source) *listing {
	l := &listing{}
	for i := range 1 + choose(8) {
		in := Input{Name: fmt.Sprint("x", i), Kind: Kind(choose(4)), Rate: Rate(choose(2))}
		l.inputs = append(l.inputs, in)
		l.nodes = append(l.nodes, listed{op: input, kind: in.Kind, rate: in.Rate})
	}
	b := NewBuilder(l.inputs)
	refs := make([]Ref, len(l.inputs))
	for i := range refs {
		refs[i] = b.Input(i)
	}
	konst := func(c float64) {
		l.nodes = append(l.nodes, listed{op: constant, konst: c})
		refs = append(refs, b.Const(c))
	}
	apply := func(op Op, args ...int) {
		n := listed{op: op}
		var r [3]Ref
		for k, a := range args {
			n.args[k], r[k] = a, refs[a]
			n.kind |= l.nodes[a].kind
			n.rate = max(n.rate, l.nodes[a].rate)
		}
		l.nodes = append(l.nodes, n)
		refs = append(refs, b.apply(op, r[:len(args)]...))
	}
	for range 1 + choose(60) {
		if choose(8) == 0 {
			konst(choose.number())
			continue
		}
		if choose(12) == 0 { // a polynomial, which a backend may take as a whole
			x, y := choose(len(l.nodes)), choose(len(l.nodes))
			for range 1 + choose(6) {
				konst(choose.number())
				apply(FMA, y, x, len(l.nodes)-1)
				y = len(l.nodes) - 1
			}
			continue
		}
		op := Op(choose(int(Scale) + 1))
		args := make([]int, arity[op])
		for k := range args {
			args[k] = choose(len(l.nodes))
			if choose(2) == 0 { // recent values, so that chains get long
				args[k] = max(0, len(l.nodes)-1-choose(4))
			}
		}
		if op == CopySign {
			// The sign of a NaN is no part of the promise: processors differ in it.
			apply(Equal, args[1], args[1])
			konst(1)
			apply(Select, len(l.nodes)-2, args[1], len(l.nodes)-1)
			args[1] = len(l.nodes) - 1
		}
		apply(op, args...)
	}
	for range 1 + choose(6) {
		at := choose(len(l.nodes))
		if choose(3) > 0 {
			at = len(l.nodes) - 1 - choose(min(8, len(l.nodes)))
		}
		l.outputs = append(l.outputs, Output{Value: Ref(at), Kind: l.nodes[at].kind | Kind(choose(4))})
	}
	built := make([]Output, len(l.outputs))
	for i, o := range l.outputs {
		built[i] = Output{Value: refs[o.Value], Kind: o.Kind}
	}
	l.program = b.Build(built)
	return l
}

// element is where a node and lane lie in an array of a kind.
func element(k Kind, node, lane, lanes int) int {
	switch k {
	case Node:
		return node
	case Lane:
		return lane
	case Full:
		return node*lanes + lane
	}
	return 0
}

// interpret computes all values of one node and lane with Eval.
func (l *listing) interpret(v []float64, in [][]float64, node, lane, lanes int) {
	for i, n := range l.nodes {
		switch n.op {
		case input:
			v[i] = in[i][element(n.kind, node, lane, lanes)]
		case constant:
			v[i] = n.konst
		default:
			v[i] = Eval(n.op, v[n.args[0]], v[n.args[1]], v[n.args[2]])
		}
	}
}

func sameBits(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b
}

// want computes the outputs element by element.
func (l *listing) want(in [][]float64, nodes, lanes int) [][]float64 {
	out := make([][]float64, len(l.outputs))
	for i, o := range l.outputs {
		out[i] = make([]float64, o.Kind.Size(nodes, lanes))
	}
	v := make([]float64, len(l.nodes))
	for node := range nodes {
		for lane := range lanes {
			l.interpret(v, in, node, lane, lanes)
			for i, o := range l.outputs {
				out[i][element(o.Kind, node, lane, lanes)] = v[o.Value]
			}
		}
	}
	return out
}

// check runs the program three steps with new values of rate Step, then once more with new ones of rate
// Once.
func (l *listing) check(choose source, nodes, lanes int) error {
	x := l.program.Instance(nodes, lanes)
	for i, in := range l.inputs {
		x.In[i] = make([]float64, in.Kind.Size(nodes, lanes))
	}
	for i, o := range l.outputs {
		x.Out[i] = make([]float64, o.Kind.Size(nodes, lanes))
	}
	for step := range 4 {
		for i, in := range l.inputs {
			if in.Rate == Step || step%3 == 0 {
				choose.fill(x.In[i])
			}
		}
		if step%3 == 0 {
			x.Once()
		}
		x.Step()
		for i, want := range l.want(x.In, nodes, lanes) {
			for k, w := range want {
				if !sameBits(x.Out[i][k], w) {
					return fmt.Errorf("%d nodes, %d lanes, step %d: output %d[%d] is %x, interpreted %x", nodes, lanes, step, i, k, x.Out[i][k], w)
				}
			}
		}
	}
	return nil
}

var (
	nodeCounts = []int{1, 2, 63, 64, 65, 84, 200}
	laneCounts = []int{1, 2, 3, 5, 8, 16}
)

// TestRandomPrograms compares the portable backend with the interpreter, bit for bit.
func TestRandomPrograms(t *testing.T) {
	for seed := range uint64(210) {
		choose := seeded(seed)
		l := generate(choose)
		// All pairs of sizes come up 25 times; the programs differ each time.
		for k := range 5 {
			size := (int(seed)*5 + k) % (len(nodeCounts) * len(laneCounts))
			if err := l.check(choose, nodeCounts[size/len(laneCounts)], laneCounts[size%len(laneCounts)]); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
}

// TestManyLanes has more lanes than a block has elements.
func TestManyLanes(t *testing.T) {
	for seed := range uint64(20) {
		choose := seeded(seed)
		l := generate(choose)
		for _, lanes := range []int{63, 64, 65, 130} {
			if err := l.check(choose, 3, lanes); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
}

// TestOutputIsInput lets every output share its memory with an input of its kind that feeds only it: the way
// in which the engine adds to a gradient in place.
func TestOutputIsInput(t *testing.T) {
	for _, kind := range []Kind{Uniform, Node, Lane, Full} {
		b := NewBuilder([]Input{{"x", kind, Step}, {"y", kind, Step}, {"w", Full, Once}})
		x, y, w := b.Input(0), b.Input(1), b.Input(2)
		sumX := b.FMA(x, b.Const(3), b.Const(0.25))
		sumY := b.Add(y, b.Mul(y, b.Const(0.5)))
		p := b.Build([]Output{{sumX, kind}, {sumY, kind}, {b.Add(w, w), Full}})
		for _, nodes := range nodeCounts {
			for _, lanes := range laneCounts {
				in := p.Instance(nodes, lanes)
				values := [3][]float64{make([]float64, kind.Size(nodes, lanes)), make([]float64, kind.Size(nodes, lanes)), make([]float64, nodes*lanes)}
				choose := seeded(uint64(nodes * lanes))
				for i := range values {
					choose.fill(values[i])
					in.In[i] = values[i]
				}
				in.Out[0], in.Out[1], in.Out[2] = values[0], values[1], make([]float64, nodes*lanes)
				wantX, wantY := make([]float64, len(values[0])), make([]float64, len(values[1]))
				for k, v := range values[0] {
					wantX[k] = math.FMA(v, 3, 0.25)
				}
				for k, v := range values[1] {
					wantY[k] = v + float64(v*0.5)
				}
				in.Once()
				in.Step()
				for k := range wantX {
					if !sameBits(values[0][k], wantX[k]) || !sameBits(values[1][k], wantY[k]) {
						t.Fatalf("kind %d, %d nodes, %d lanes: element %d is %v, %v; want %v, %v", kind, nodes, lanes, k, values[0][k], values[1][k], wantX[k], wantY[k])
					}
				}
			}
		}
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	choose := seeded(3)
	for _, lanes := range []int{1, 5} {
		l := generate(choose)
		x := l.program.Instance(84, lanes)
		for i, in := range l.inputs {
			x.In[i] = make([]float64, in.Kind.Size(84, lanes))
		}
		for i, o := range l.outputs {
			x.Out[i] = make([]float64, o.Kind.Size(84, lanes))
		}
		x.Once()
		if n := testing.AllocsPerRun(100, func() { x.Once(); x.Step() }); n != 0 {
			t.Errorf("%d lanes: %v allocations a step", lanes, n)
		}
	}
}

// TestBuilderFolds holds that equal instructions are recorded once and that constants are folded with the
// primitives' own bits.
func TestBuilderFolds(t *testing.T) {
	b := NewBuilder([]Input{{"x", Node, Step}})
	x := b.Input(0)
	if b.Add(x, x) != b.Add(x, x) {
		t.Error("equal instructions are recorded twice")
	}
	if b.Const(0) == b.Const(math.Copysign(0, -1)) {
		t.Error("0 and −0 are one constant")
	}
	if b.Const(math.NaN()) != b.Const(math.Float64frombits(0x7ff8dead00000000)) {
		t.Error("two NaN constants")
	}
	for op, n := range arity {
		for i, u := range special {
			for k, v := range special {
				args := []float64{u, v, special[(i+k)%len(special)]}
				if op == CopySign && v != v {
					continue
				}
				refs := []Ref{b.Const(args[0]), b.Const(args[1]), b.Const(args[2])}
				got, ok := b.Constant(b.apply(op, refs[:n]...))
				if want := Eval(op, args[0], args[1], args[2]); !ok || !sameBits(got, want) {
					t.Fatalf("op %d of %v folds to %v (constant: %v), want %v", op, args[:n], got, ok, want)
				}
			}
		}
	}
}

// TestLevels holds that a value is computed as rarely as it may be.
func TestLevels(t *testing.T) {
	b := NewBuilder([]Input{{"p", Node, Once}, {"q", Uniform, Once}, {"x", Node, Step}, {"d", Full, Step}})
	p, q, x, d := b.Input(0), b.Input(1), b.Input(2), b.Input(3)
	y := b.Mul(b.Mul(q, q), b.Mul(b.Mul(p, q), b.Mul(x, x)))
	prog := b.Build([]Output{{b.Mul(y, d), Full}})
	want := map[[2]int]int{{int(Once), int(Uniform)}: 1, {int(Once), int(Node)}: 1, {int(Step), int(Node)}: 3, {int(Step), int(Full)}: 1}
	for _, l := range prog.Levels {
		key := [2]int{int(l.Rate), int(l.Kind)}
		if want[key] != len(l.Code) {
			t.Errorf("rate %d, kind %d: %d primitives, want %d", l.Rate, l.Kind, len(l.Code), want[key])
		}
		delete(want, key)
	}
	if len(want) > 0 {
		t.Errorf("missing levels: %v", want)
	}
	if once, step := prog.Size(); once != 2 || step != 4 {
		t.Errorf("size %d, %d; want 2, 4", once, step)
	}
}
