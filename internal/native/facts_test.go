package native

import (
	"fmt"
	"math"
	"slices"
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
		scaled := b.Scale(b.Const(1), n)
		sameAsPortable(t, f, name, b, [][]float64{a, x}, b.Scale(b.Input(0), n), scaled, b.Scale(b.FMA(b.Input(0), b.Const(2), n), n), n)
		// What becomes of a power of two may not let it matter where n is NaN, or may.
		for _, made := range []func() program.Ref{
			func() program.Ref { return b.FMA(b.Neg(scaled), b.Input(0), b.Sub(scaled, n)) },
			func() program.Ref { return b.Add(b.Sub(b.Const(1), scaled), b.Input(1)) },
			func() program.Ref { return b.Max(scaled, n) },
			func() program.Ref { return b.Max(n, scaled) },
			func() program.Ref { return b.Select(b.Less(scaled, b.Input(0)), n, b.Input(0)) },
			func() program.Ref { return b.Add(b.Select(scaled, n, b.Const(3)), b.Abs(n)) },
			func() program.Ref { return b.Mul(b.Less(b.Sqrt(scaled), b.Const(1)), b.Input(0)) },
		} {
			sameAsPortable(t, f, name, b, [][]float64{a, x}, made())
		}
	}
}

// sameAsPortable runs a program with these outputs, one element for each of the inputs' numbers, and compares its bits.
func sameAsPortable(t *testing.T, f *Form, name string, b *program.Builder, in [][]float64, results ...program.Ref) {
	t.Helper()
	var outputs []program.Output
	for _, r := range results {
		outputs = append(outputs, program.Output{Value: r, Kind: program.Node})
	}
	p := b.Build(outputs)
	run := func() [][]float64 {
		y := p.Instance(len(in[0]), 1)
		copy(y.In, in)
		for i := range y.Out {
			y.Out[i] = make([]float64, len(in[0]))
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
				var of []float64
				for _, x := range in {
					of = append(of, x[k])
				}
				t.Fatalf("%s: output %d of %v is %v, portably %v", name, i, of, got[k], want[i][k])
			}
		}
	}
}

// TestBounds compares minima and maxima of special values by bounds that hold already, up to where they do not.
func TestBounds(t *testing.T) { eachForm(t, testBounds) }

func testBounds(t *testing.T, f *Form) {
	for _, c := range []struct{ low, high, bound float64 }{
		{-40, 760, 760}, {-40, 760, 759}, {-40, 760, -40}, {-40, 760, -39}, {0, 5, 0}, {-5, math.Copysign(0, -1), 0}, {math.Inf(-1), 5, math.Inf(-1)},
	} {
		b := program.NewBuilder([]program.Input{{Name: "x", Kind: program.Node, Rate: program.Step}})
		x, bound := between(b, b.Input(0), c.low, c.high), b.Const(c.bound)
		in := slices.Concat(programtest.Special, []float64{c.low, c.high, c.bound, math.Nextafter(c.bound, -1e9), math.Nextafter(c.bound, 1e9)})
		sameAsPortable(t, f, fmt.Sprint(c), b, [][]float64{in}, b.Min(bound, x), b.Min(x, bound), b.Max(bound, x), b.Max(x, bound), b.Max(b.Const(math.NaN()), x))
	}
}

// What is within its bounds by what is known of it needs no operation.
func TestBoundsKnown(t *testing.T) {
	b := program.NewBuilder([]program.Input{{Name: "x", Kind: program.Node, Rate: program.Step}})
	x := b.Neg(b.Max(b.Const(-760), b.Input(0)))
	if got := operations(b, b.Min(b.Const(760), x)); got[&minPD] != 0 || got[&maxPD] != 1 {
		t.Errorf("a minimum that holds: %d minima and %d maxima, want 0 and 1", got[&minPD], got[&maxPD])
	}
	if got := operations(b, b.Min(b.Const(759), x)); got[&minPD] != 1 {
		t.Error("a minimum that does not hold is left out")
	}
}

// operations counts the operations of a program with one output, by kind.
func operations(b *program.Builder, result program.Ref) map[*row]int {
	p := b.Build([]program.Output{{Value: result, Kind: program.Node}})
	of := AVX2.lower(&p.Levels[len(p.Levels)-1], func(program.Load) bool { return false })
	n := map[*row]int{}
	for _, v := range of.ordered().nodes {
		if v.from == computed {
			n[v.row]++
		}
	}
	return n
}
