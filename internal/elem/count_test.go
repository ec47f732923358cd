package elem

import (
	"testing"

	"github.com/neurograd/neurograd/internal/program"
)

// TestPrimitives logs how many instructions each function becomes and holds the hottest ones to a limit,
// and compares the recorded program's result with Scalar's.
func TestPrimitives(t *testing.T) {
	for _, row := range []struct {
		name   string
		record func(program.Machine[program.Ref], program.Ref) program.Ref
		scalar func(program.Machine[float64], float64) float64
		limit  int
	}{
		{"exp", Exp[program.Ref], Exp[float64], 20},
		{"expm1", Expm1[program.Ref], Expm1[float64], 27},
		{"log", Log[program.Ref], Log[float64], 27},
		{"log of x > 0", LogPositive[program.Ref], LogPositive[float64], 24},
		{"log1p", Log1p[program.Ref], Log1p[float64], 36},
		{"sin", Sin[program.Ref], Sin[float64], 40},
		{"cos", Cos[program.Ref], Cos[float64], 40},
		{"tan", Tan[program.Ref], Tan[float64], 60},
		{"sinh", Sinh[program.Ref], Sinh[float64], 40},
		{"cosh", Cosh[program.Ref], Cosh[float64], 40},
		{"tanh", Tanh[program.Ref], Tanh[float64], 41},
		{"atan", Atan[program.Ref], Atan[float64], 40},
		{"sigmoid", Sigmoid[program.Ref], Sigmoid[float64], 27},
		{"softplus", Softplus[program.Ref], Softplus[float64], 45},
		{"floor", Floor[program.Ref], Floor[float64], 3},
		{"sign", Sign[program.Ref], Sign[float64], 4},
		{"linoid", Linoid[program.Ref], Linoid[float64], 30},
		{"linoid′", Linoid1[program.Ref], Linoid1[float64], 45},
		{"linoid″", Linoid2[program.Ref], Linoid2[float64], 45},
		{"pow(x, 2.5)", powConstant[program.Ref], powConstant[float64], 96},
		{"mod(x, 3)", modConstant[program.Ref], modConstant[float64], 15},
		{"sin + cos of turns", turns[program.Ref], turns[float64], 29}, // one of them joins the two
	} {
		b := program.NewBuilder([]program.Input{{Name: "x", Kind: program.Full, Rate: program.Step}})
		p := b.Build([]program.Output{{Value: row.record(b, b.Input(0)), Kind: program.Full}})
		_, n := p.Size()
		t.Logf("%-20s %d", row.name, n)
		if n > row.limit {
			t.Errorf("%s: %d primitives, limit %d", row.name, n, row.limit)
		}
		// Constants fold with Scalar: the recorded function of a constant is the scalar function's value.
		for _, x := range []float64{-3.25, 0.4, 1, 700, nan, zero} {
			got, ok := b.Constant(row.record(b, b.Const(x)))
			if want := row.scalar(program.Scalar{}, x); !ok || !same(got, want) {
				t.Errorf("%s(%g): recorded %g, scalar %g", row.name, x, got, want)
			}
		}
	}
}

func powConstant[V any](m program.Machine[V], x V) V { return Pow(m, x, m.Const(2.5)) }
func modConstant[V any](m program.Machine[V], x V) V { return Mod(m, x, m.Const(3)) }
func turns[V any](m program.Machine[V], x V) V {
	s, c := SinCosTurns(m, x)
	return m.Add(s, c)
}
