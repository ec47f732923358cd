package native

import (
	"math/rand/v2"
	"testing"

	"github.com/neurograd/neurograd/internal/elem"
	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/internal/program/programtest"
)

// TestLaneChunks computes a level of operands of all kinds in several calls of whole nodes, with lanes that go in fours and pairs of
// vectors and others, and compares it with the same in plain Go.
func TestLaneChunks(t *testing.T) { eachForm(t, testLaneChunks) }

func testLaneChunks(t *testing.T, f *Form) {
	width := f.width
	r := rand.New(rand.NewPCG(3, 4))
	var inputs []program.Input
	for kind := program.Uniform; kind <= program.Full; kind++ {
		inputs = append(inputs, program.Input{Name: string(rune('a' + kind)), Kind: kind, Rate: program.Step})
	}
	b := program.NewBuilder(inputs)
	y := b.FMA(elem.Tanh[program.Ref](b, b.Mul(b.Input(3), b.Input(0))), b.Input(1), b.Input(2))
	for _, lanes := range []int{width, 2 * width, 3 * width, 8 * width} {
		for _, nodes := range []int{1, 2, 7, 40} {
			p := b.Build([]program.Output{{Value: y, Kind: program.Full}, {Value: b.Input(1), Kind: program.Full}, {Value: b.Input(2), Kind: program.Full}})
			data := make([][]float64, len(inputs))
			for i, in := range inputs {
				data[i] = numbers(r, in.Kind.Size(nodes, lanes))
			}
			run := func() [3][]float64 {
				x := p.Instance(nodes, lanes)
				copy(x.In, data)
				var out [3][]float64
				for k := range out {
					out[k] = append(make([]float64, nodes*lanes), 7)
					x.Out[k] = out[k]
				}
				x.Once()
				x.Step()
				return out
			}
			want := run()
			err := p.Accelerate(func(l *program.Level, repeats func(program.Load) bool) (program.Kernel, error) {
				k, err := f.Compile(l, repeats)
				if l.Kind == program.Full && err == nil {
					for _, over := range k.(*Kernel).lanes {
						over().chunk = 3 * lanes
					}
				}
				return k, err
			})
			if err != nil {
				t.Fatal(err)
			}
			for k, got := range run() {
				for i := range got {
					if !programtest.SameBits(got[i], want[k][i]) {
						t.Fatalf("%d nodes, %d lanes: number %d of output %d is %v, portably %v", nodes, lanes, i, k, got[i], want[k][i])
					}
				}
			}
		}
	}
}
