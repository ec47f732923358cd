package native

import (
	"fmt"
	"testing"

	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/internal/program/programtest"
)

// negatives are operations on a, b and c or their negatives.
func negatives(m *program.Builder, a, b, c program.Ref) map[string]program.Ref {
	return map[string]program.Ref{
		"fma": m.FMA(a, b, c), "fma, factor twice": m.FMA(a, a, c), "fma, all one": m.FMA(b, b, b), "fma by constant": m.FMA(a, m.Const(-3), c),
		"sum": m.Add(a, b), "double": m.Add(a, a), "difference": m.Sub(a, b), "none left": m.Sub(a, a), "times constant": m.Mul(a, m.Const(0.3)),
	}
}

// TestNegatives compares operations on special values and their negatives, where the negatives are read by others, too.
func TestNegatives(t *testing.T) { eachForm(t, testNegatives) }

func testNegatives(t *testing.T, f *Form) {
	var in [3][]float64
	for i, x := range programtest.Special {
		for k, y := range programtest.Special {
			in[0], in[1], in[2] = append(in[0], x), append(in[1], y), append(in[2], programtest.Special[(3*i+k)%len(programtest.Special)])
		}
	}
	for signs := range 8 {
		var of [3]program.Ref
		b := program.NewBuilder([]program.Input{{Name: "a", Kind: program.Node, Rate: program.Step},
			{Name: "b", Kind: program.Node, Rate: program.Step}, {Name: "c", Kind: program.Node, Rate: program.Step}})
		for i := range of {
			of[i] = b.Input(i)
			if signs>>i&1 == 1 {
				of[i] = b.Neg(of[i])
			}
		}
		for name, result := range negatives(b, of[0], of[1], of[2]) {
			name = fmt.Sprintf("%s, signs %03b", name, signs)
			sameAsPortable(t, f, name, b, in[:], result)
			sameAsPortable(t, f, name, b, in[:], of[0], result, of[1], of[2])
		}
	}
}

// An operation that takes the negative of an operand leaves no operation that only changes a sign.
func TestNegativesTaken(t *testing.T) {
	b := program.NewBuilder([]program.Input{{Name: "a", Kind: program.Node, Rate: program.Step}, {Name: "b", Kind: program.Node, Rate: program.Step}})
	x, y := b.Input(0), b.Input(1)
	for name, result := range map[string]program.Ref{
		"-a·b + c": b.FMA(b.Neg(x), y, x), "a·-b + c": b.FMA(x, b.Neg(y), x), "-a·-b + c": b.FMA(b.Neg(x), b.Neg(y), x),
		"a·b - c": b.FMA(x, y, b.Neg(x)), "-a·b - c": b.FMA(b.Neg(x), y, b.Neg(x)),
		"a + -b": b.Add(x, b.Neg(y)), "-a + b": b.Add(b.Neg(x), y), "a - -b": b.Sub(x, b.Neg(y)), "-a·2": b.Mul(b.Neg(x), b.Const(2)),
	} {
		if n := operations(b, result); n[&xor] != 0 || len(n) != 1 {
			t.Errorf("%s: %d operations change a sign, of %d kinds; want none, of one", name, n[&xor], len(n))
		}
	}
}
