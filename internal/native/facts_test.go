package native

import (
	"math"
	"testing"

	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/internal/program/programtest"
)

// powers are ways to a power of two that the lowering of Scale knows something of, up to the bounds where it must not.
var powers = map[string]func(m program.Machine[program.Ref], x program.Ref) program.Ref{
	"any":     func(m program.Machine[program.Ref], x program.Ref) program.Ref { return x },
	"integer": func(m program.Machine[program.Ref], x program.Ref) program.Ref { return m.Round(x) },
	"clamped": func(m program.Machine[program.Ref], x program.Ref) program.Ref { return between(m, x, -2044, 2044) },
	"clamped, n": func(m program.Machine[program.Ref], x program.Ref) program.Ref {
		return m.Round(between(m, x, -2044, 2044))
	},
	"beyond": func(m program.Machine[program.Ref], x program.Ref) program.Ref {
		return m.Round(between(m, x, -2045, 2045))
	},
	"half open": func(m program.Machine[program.Ref], x program.Ref) program.Ref {
		return m.Round(m.Max(m.Const(-100), x))
	},
	"never NaN": func(m program.Machine[program.Ref], x program.Ref) program.Ref { return m.Round(m.Min(x, m.Const(7))) },
	"max of NaN": func(m program.Machine[program.Ref], x program.Ref) program.Ref {
		return m.Max(m.Const(math.NaN()), m.Round(x))
	},
	"min of NaN": func(m program.Machine[program.Ref], x program.Ref) program.Ref {
		return m.Min(m.Const(math.NaN()), m.Round(x))
	},
	"sum": func(m program.Machine[program.Ref], x program.Ref) program.Ref {
		return m.Add(m.Round(between(m, x, -1e308, 1e308)), m.Const(1e308))
	},
	"fused": func(m program.Machine[program.Ref], x program.Ref) program.Ref {
		return m.FMA(m.Abs(m.Round(between(m, x, -9, 5))), m.Const(-227), m.Const(-1))
	},
	"product": func(m program.Machine[program.Ref], x program.Ref) program.Ref {
		return m.Mul(m.Neg(m.Round(between(m, x, -40, 9))), m.Const(51))
	},
	"chosen": func(m program.Machine[program.Ref], x program.Ref) program.Ref {
		return m.Select(m.Less(x, m.Const(0)), m.Const(-1000), m.Round(between(m, x, 0, 2000)))
	},
	"of comparison": func(m program.Machine[program.Ref], x program.Ref) program.Ref { return m.LessEq(x, m.Const(3)) },
	"exponent":      func(m program.Machine[program.Ref], x program.Ref) program.Ref { return m.Exponent(x) },
}

func between(m program.Machine[program.Ref], x program.Ref, low, high float64) program.Ref {
	return m.Min(m.Const(high), m.Max(m.Const(low), x))
}

// TestScale compares Scale of all special values, and of what is NaN where the power is, by powers that are known in part.
func TestScale(t *testing.T) { eachForm(t, testScale) }

func testScale(t *testing.T, f *Form) {
	var a, x []float64
	for _, s := range append([]float64{-2044.5, 2044, 2045, 4, -9, 5, 51.5}, programtest.Special...) {
		for _, v := range programtest.Special {
			a, x = append(a, v), append(x, s)
		}
	}
	for name, power := range powers {
		b := program.NewBuilder([]program.Input{{Name: "a", Kind: program.Node, Rate: program.Step}, {Name: "x", Kind: program.Node, Rate: program.Step}})
		n := power(b, b.Input(1))
		p := b.Build([]program.Output{{Value: b.Scale(b.Input(0), n), Kind: program.Node}, {Value: b.Scale(b.Const(1), n), Kind: program.Node},
			{Value: b.Scale(b.FMA(b.Input(0), b.Const(2), n), n), Kind: program.Node}, {Value: n, Kind: program.Node}})
		run := func() [][]float64 {
			y := p.Instance(len(a), 1)
			copy(y.In, [][]float64{a, x})
			for i := range y.Out {
				y.Out[i] = make([]float64, len(a))
			}
			y.Once()
			y.Step()
			return y.Out
		}
		want := run()
		if err := p.Accelerate(f.Compile); err != nil {
			t.Fatal(err)
		}
		for i, got := range run() {
			for k := range got {
				if !programtest.SameBits(got[k], want[i][k]) {
					t.Fatalf("%s: output %d of %v and %v is %v, portably %v", name, i, a[k], x[k], got[k], want[i][k])
				}
			}
		}
	}
}
