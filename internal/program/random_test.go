package program_test

import (
	"math"
	"testing"

	. "github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/internal/program/programtest"
)

var (
	nodeCounts = []int{1, 2, 63, 64, 65, 84, 200}
	laneCounts = []int{1, 2, 3, 5, 8, 16}
)

// TestRandomPrograms compares the portable backend with the interpreter, bit for bit.
func TestRandomPrograms(t *testing.T) {
	for seed := range uint64(210) {
		choose := programtest.Seeded(seed)
		l := programtest.Generate(choose)
		// All pairs of sizes come up 25 times; the programs differ each time.
		for k := range 5 {
			size := (int(seed)*5 + k) % (len(nodeCounts) * len(laneCounts))
			if err := l.Check(choose, nodeCounts[size/len(laneCounts)], laneCounts[size%len(laneCounts)]); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
}

// TestManyLanes has more lanes than a block has elements.
func TestManyLanes(t *testing.T) {
	for seed := range uint64(20) {
		choose := programtest.Seeded(seed)
		l := programtest.Generate(choose)
		for _, lanes := range []int{63, 64, 65, 130} {
			if err := l.Check(choose, 3, lanes); err != nil {
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
				choose := programtest.Seeded(uint64(nodes * lanes))
				for i := range values {
					choose.Fill(values[i])
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
					if !programtest.SameBits(values[0][k], wantX[k]) || !programtest.SameBits(values[1][k], wantY[k]) {
						t.Fatalf("kind %d, %d nodes, %d lanes: element %d is %v, %v; want %v, %v", kind, nodes, lanes, k, values[0][k], values[1][k], wantX[k], wantY[k])
					}
				}
			}
		}
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	choose := programtest.Seeded(3)
	for _, lanes := range []int{1, 5} {
		l := programtest.Generate(choose)
		x := l.Program.Instance(84, lanes)
		for i, in := range l.Inputs {
			x.In[i] = make([]float64, in.Kind.Size(84, lanes))
		}
		for i, o := range l.Outputs {
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
	for op, n := range programtest.Arity {
		for i, u := range programtest.Special {
			for k, v := range programtest.Special {
				args := []float64{u, v, programtest.Special[(i+k)%len(programtest.Special)]}
				if op == CopySign && v != v {
					continue
				}
				refs := []Ref{b.Const(args[0]), b.Const(args[1]), b.Const(args[2])}
				got, ok := b.Constant(b.Apply(op, refs[:n]...))
				if want := Eval(op, args[0], args[1], args[2]); !ok || !programtest.SameBits(got, want) {
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
