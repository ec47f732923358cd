package native

import (
	"math"
	"testing"

	"github.com/neurograd/neurograd/internal/elem"
	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/internal/program/programtest"
)

// eachForm runs a test for every form of machine code that this machine runs, and skips the others.
func eachForm(t *testing.T, test func(t *testing.T, f *Form)) {
	for _, f := range Forms() {
		t.Run(f.String(), func(t *testing.T) {
			if err := f.Available(); err != nil {
				t.Skip(err)
			}
			test(t, f)
		})
	}
}

// TestChunks holds that a level may be computed in several calls, whole vectors each but the last.
func TestChunks(t *testing.T) { eachForm(t, testChunks) }

func testChunks(t *testing.T, f *Form) {
	const n = 85
	b := program.NewBuilder([]program.Input{{Name: "x", Kind: program.Node, Rate: program.Step}, {Name: "p", Kind: program.Uniform, Rate: program.Step}})
	y := elem.Tanh[program.Ref](b, b.Mul(b.Input(0), b.Input(1)))
	p := b.Build([]program.Output{{Value: y, Kind: program.Node}})
	level := &p.Levels[len(p.Levels)-1]
	made, err := f.Compile(level, func(ld program.Load) bool { return ld.Kind == program.Uniform })
	if err != nil {
		t.Fatal(err)
	}
	k := made.(*Kernel)
	k.chunk = 8
	call := k.NewCall(n)
	x, factor, got := make([]float64, n), []float64{0.3}, make([]float64, n+1)
	for i := range x {
		x[i] = float64(i) - 40
	}
	got[n] = 7
	for i, ld := range level.Loads {
		switch {
		case ld.From == program.FromConstant:
		case ld.Kind == program.Uniform:
			call.Bind(i, factor)
		default:
			call.Bind(i, x)
		}
	}
	call.Bind(len(level.Loads), got)
	call.Run()
	for i, v := range x {
		if want := elem.Tanh[float64](program.Scalar{}, v*factor[0]); !programtest.SameBits(got[i], want) {
			t.Fatalf("tanh of number %d is %v, want %v", i, got[i], want)
		}
	}
	if got[n] != 7 {
		t.Errorf("what follows the array became %v", got[n])
	}
}

// TestSpills has more values alive at once than there are registers.
func TestSpills(t *testing.T) { eachForm(t, testSpills) }

func testSpills(t *testing.T, f *Form) {
	b := program.NewBuilder([]program.Input{{Name: "x", Kind: program.Node, Rate: program.Step}})
	var alive []program.Ref
	v := b.Input(0)
	for range 60 {
		v = b.FMA(v, b.Const(0.75), b.Const(0.1))
		alive = append(alive, v)
	}
	sum := b.Const(0)
	for i := range alive { // the first one is needed last
		sum = b.FMA(sum, alive[len(alive)-1-i], alive[i])
	}
	p := b.Build([]program.Output{{Value: sum, Kind: program.Node}})
	run := func() []float64 {
		x := p.Instance(7, 1)
		x.In[0], x.Out[0] = []float64{0, 1, -2, math.Inf(1), 5e-324, 1e300, -0.5}, make([]float64, 7)
		x.Once()
		x.Step()
		return x.Out[0]
	}
	want := run()
	if err := p.Accelerate(f.Compile); err != nil {
		t.Fatal(err)
	}
	for i, got := range run() {
		if !programtest.SameBits(got, want[i]) {
			t.Errorf("number %d is %v, portably %v", i, got, want[i])
		}
	}
}
