package engine

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neurograd/neurograd/ad"
)

// Leaves of the network that fedRing builds.
const (
	fedWeights = iota
	fedInitial // or the history
	fedSignals // samples [row][channel][node] for what is sent and what drives
	fedOne     // samples [row] of one number for all nodes
	fedCount
)

// fedRing is x' = x + h·(−x + c + d·u), c_i = Σ_j w_ij·s_j(t − τ_ij), s = tanh(x)·f + ¼f², over a ring of n nodes
// with delays of whole and half steps: f, d and u are fed, so the signals from before the start are too.
func fedRing(steps, n int, history bool) (*Engine, Values) {
	r := rand.New(rand.NewPCG(3, 8))
	a := ad.NewArena()
	x, f := a.Symbol("x"), a.Symbol("f")
	signal := a.Call("tanh", x).Mul(f).Add(a.Const(0.25).Mul(f).Mul(f))
	slope := a.Symbol("c").Sub(x).Add(a.Symbol("d").Mul(a.Symbol("u")))
	taps := func(step int) [3]Tap { // three samples of ten, with shares that move
		at := float64(step%7) / 7
		return [3]Tap{{step % 8, 1 - at}, {step%8 + 1, at}, {step%8 + 2, -0.1}}
	}
	spec := Spec{
		Arena: a, Nodes: []int{n},
		Wires:   []Wire{{Name: "x"}, {Name: "s"}, {Name: "c"}, {Name: "n"}, {Name: "f"}, {Name: "d"}, {Name: "u"}},
		Leaves:  []Leaf{{Path: "w", Rows: 1}, {Path: "x0", Rows: 1}, {Path: "f", Rows: 1}, {Path: "u", Rows: 1}},
		State:   []int{0},
		Next:    []int{3},
		Initial: []int{fedInitial},
		Feeds: []Feed{
			{Wire: 4, Leaf: fedSignals, Stride: 2 * n, Taps: taps},
			{Wire: 5, Leaf: fedSignals, At: n, Stride: 2 * n, Taps: taps},
			{Wire: 6, Leaf: fedOne, Stride: 1, Uniform: true, Taps: taps},
		},
		Record: []int{3},
		Step:   0.1,
		Steps:  steps,
		Ops: []Op{
			{Assign: []Assign{{1, signal}}},
			{Sum: &Sum{Route: 0, From: []int{1}, To: []int{2}}},
			{Assign: []Assign{{3, x.Add(a.Const(0.1).Mul(slope))}}},
		},
	}
	route := Route{Weights: fedWeights, Delayed: true, Linear: true}
	shapes := [][]int{{2 * n}, {n}, {10, 2, n}, {10}}
	v := Values{Shapes: shapes, Leaves: [][]float64{make([]float64, 2*n), make([]float64, n), make([]float64, 20*n), make([]float64, 10)}}
	if history {
		spec.Initial, spec.History = nil, []History{{fedInitial, 1}}
		shapes[fedInitial], v.Leaves[fedInitial] = []int{25, 1, n}, make([]float64, 25*n)
	}
	for i := range n {
		for _, j := range []int{i, (i + 1) % n} {
			route.Targets, route.Sources, route.Structural = append(route.Targets, int32(i)), append(route.Sources, int32(j)), append(route.Structural, true)
			v.Delays = append(v.Delays, []float64{0.5, 12.5, 3, 23}[r.IntN(4)])
		}
	}
	for _, leaf := range v.Leaves {
		for k := range leaf {
			leaf[k] = r.NormFloat64()
		}
	}
	spec.Routes = []Route{route}
	e, err := New(spec, shapes)
	if err != nil {
		panic(err)
	}
	return e, v
}

// rowWeight is the weight of a recorded row in the loss of the tests below.
func rowWeight(row int) float64 { return math.Cos(float64(row + 1)) }

// fedGradient is the gradient of Σ rowWeight·y within a budget, and on how many levels it was taken.
func fedGradient(t *testing.T, e *Engine, v Values, budget int64) (Gradient, int) {
	t.Helper()
	ctx, size := context.Background(), e.spec.RowSize
	tape, err := e.Tape(ctx, v, nil, Free{Leaves: []bool{true, true, true, true}}, budget, &Recording{Data: make([]float64, e.Rows()*size)})
	if err != nil {
		t.Fatal(err)
	}
	row := make([]float64, size)
	g, err := tape.Reverse(ctx, func(n int) []float64 {
		for i := range row {
			row[i] = rowWeight(n)
		}
		return row
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(tape.lengths) == 1 && tape.lengths[0] == e.spec.Steps {
		return g, 0
	}
	return g, len(tape.lengths)
}

// fedLoss is the loss of a lane of recorded rows.
func fedLoss(data []float64, size, lanes, lane int) (sum float64) {
	for k := lane; k < len(data); k += lanes {
		sum += rowWeight(k/lanes/size) * data[k]
	}
	return sum
}

// samplings are all ways to record.
var samplings = []struct {
	every   int
	average bool
}{{1, false}, {5, false}, {5, true}}

// TestFeeds compares the gradients of samples, which enter at every step and before the start, with tangents
// and differences.
func TestFeeds(t *testing.T) {
	for _, history := range []bool{false, true} {
		for _, s := range samplings {
			e, v := fedRing(97, 4, history)
			e.spec.Every, e.spec.Average = s.every, s.average
			g, _ := fedGradient(t, e, v, 1<<30)
			for leaf, values := range v.Leaves {
				for k := range values {
					pushed, difference := fedTangent(t, e, v, leaf, k), fedDifference(t, e, v, &values[k])
					if want := g.Leaves[leaf][k]; math.Abs(want-pushed) > 1e-13*(1+math.Abs(want)) || math.Abs(want-difference) > 1e-9*(1+math.Abs(want)) {
						t.Errorf("history %v, %+v, leaf %d[%d]: adjoint %v, tangent %v, differences %v", history, s, leaf, k, want, pushed, difference)
					}
				}
			}
		}
	}
}

// fedTangent is the derivative with respect to one value by a tangent, the second of two lanes.
func fedTangent(t *testing.T, e *Engine, v Values, leaf, k int) float64 {
	t.Helper()
	size := e.spec.RowSize
	directions := make([][]float64, fedCount)
	for i := range directions {
		directions[i] = make([]float64, 2*len(v.Leaves[i]))
	}
	directions[leaf][2*k+1] = 1
	rec := &Recording{Data: make([]float64, e.Rows()*size), Tangents: make([]float64, e.Rows()*size*2)}
	if err := e.Tangent(context.Background(), v, nil, Gradient{Leaves: directions}, 2, 0, rec); err != nil {
		t.Fatal(err)
	}
	if still := fedLoss(rec.Tangents, size, 2, 0); still != 0 {
		t.Errorf("leaf %d[%d]: tangent %v of a lane without direction", leaf, k, still)
	}
	return fedLoss(rec.Tangents, size, 2, 1)
}

// fedDifference is the derivative with respect to one value by differences.
func fedDifference(t *testing.T, e *Engine, v Values, value *float64) float64 {
	t.Helper()
	y, middle := make([]float64, e.Rows()*e.spec.RowSize), *value
	at := func(h float64) float64 {
		*value = middle + h
		if err := e.Forward(context.Background(), v, nil, &Recording{Data: y}); err != nil {
			t.Fatal(err)
		}
		return fedLoss(y, e.spec.RowSize, 1, 0)
	}
	defer func() { *value = middle }()
	const h = 1e-3
	return (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h)
}

// TestFeedBudgets holds that gradients of samples have the same bits however little may be kept.
func TestFeedBudgets(t *testing.T) {
	for _, s := range samplings {
		e, v := fedRing(703, 4, true)
		e.spec.Every, e.spec.Average = s.every, s.average
		want, _ := fedGradient(t, e, v, 1<<30)
		for budget, levels := range map[int64]int{40_000: 1, 15_000: 2} {
			got, n := fedGradient(t, e, v, budget)
			if n != levels {
				t.Errorf("%d bytes: %d levels, want %d", budget, n, levels)
			}
			for leaf := range want.Leaves {
				for k, w := range want.Leaves[leaf] {
					if got.Leaves[leaf][k] != w {
						t.Fatalf("%+v, %d bytes: leaf %d[%d] is %x, want %x", s, budget, leaf, k, got.Leaves[leaf][k], w)
					}
				}
			}
		}
	}
}

// TestFeedsAllocateNothing compares the allocations of runs and gradients of T and 2T steps.
func TestFeedsAllocateNothing(t *testing.T) {
	count := func(steps int) [2]float64 {
		e, v := fedRing(steps, 4, false)
		e.spec.Every, e.spec.Average = 4, true
		rec := &Recording{Data: make([]float64, e.Rows()*4)}
		return [2]float64{
			testing.AllocsPerRun(3, func() {
				if err := e.Forward(context.Background(), v, nil, rec); err != nil {
					t.Fatal(err)
				}
			}),
			testing.AllocsPerRun(3, func() { fedGradient(t, e, v, 1<<30) }),
		}
	}
	short, long := count(320), count(640)
	for k := range short { // the run time's own allocations may add one or two
		if d := long[k] - short[k]; d > 3 || d < -3 {
			t.Errorf("allocations (forward, reverse): %v for 320 steps, %v for 640", short, long)
		}
	}
}
