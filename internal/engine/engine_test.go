package engine

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neurograd/neurograd/ad"
)

// Leaves of the network that spring builds.
const (
	leafK = iota
	leafWeights
	leafInitial
	leafSigma
	leafCount
)

// spring is a schedule written by hand: x' = x + h·(k·x³ − x + Σ w·tanh(x_j(t−τ))) + σ·z with Euler's method,
// over a ring of n nodes that hear themselves, the next and the third next.
func spring(steps, n int) *Engine {
	a := ad.NewArena()
	s := a.Symbol
	x := s("x")
	cube := x.Mul(x).Mul(x)
	slope := s("k").Mul(cube).Sub(x).Add(s("c"))
	next := x.Add(a.Const(0.1).Mul(slope)).Add(s("sigma").Mul(s("z")))
	spec := Spec{
		Arena: a, Nodes: []int{n},
		Wires:   []Wire{{Name: "x"}, {Name: "s"}, {Name: "c"}, {Name: "n"}, {Name: "z"}},
		Leaves:  []Leaf{{Path: "k", Rows: 1}, {Path: "w", Rows: 1}, {Path: "x0", Rows: 1}, {Path: "sigma", Rows: 1}},
		Params:  []Param{{Symbol: "k", Leaf: leafK}, {Symbol: "sigma", Leaf: leafSigma}},
		State:   []int{0},
		Next:    []int{3},
		Initial: []int{leafInitial},
		Noise:   []int{4},
		Record:  []int{3},
		Step:    0.1,
		Steps:   steps,
		Ops: []Op{
			{Assign: []Assign{{1, a.Call("tanh", x)}}},
			{Sum: &Sum{Route: 0, From: []int{1}, To: []int{2}}},
			{Assign: []Assign{{3, next}}},
		},
	}
	route := Route{Weights: leafWeights, Delayed: true}
	for i := range n {
		for _, j := range []int{i, (i + 1) % n, (i + 3) % n} {
			route.Targets, route.Sources, route.Structural = append(route.Targets, int32(i)), append(route.Sources, int32(j)), append(route.Structural, true)
		}
	}
	spec.Routes = []Route{route}
	e, err := New(spec, [][]int{nil, {3 * n}, {n}, nil})
	if err != nil {
		panic(err)
	}
	return e
}

func springValues(e *Engine) Values {
	r := rand.New(rand.NewPCG(4, 4))
	n := e.spec.Nodes[0]
	v := Values{Leaves: [][]float64{{-0.3}, make([]float64, 3*n), make([]float64, n), {0.02}}, Shapes: [][]int{nil, {3 * n}, {n}, nil}}
	for k := range 3 * n {
		v.Leaves[leafWeights][k] = r.NormFloat64()
		v.Delays = append(v.Delays, []float64{0, 12, 9, 2, 20, 15}[r.IntN(6)])
	}
	for i := range n {
		v.Leaves[leafInitial][i] = r.NormFloat64()
	}
	return v
}

func springNormals(e *Engine) Normals {
	r := rand.New(rand.NewPCG(6, 6))
	z := make([]float64, e.spec.Steps*e.spec.Nodes[0])
	for k := range z {
		z[k] = r.NormFloat64()
	}
	n := e.spec.Nodes[0]
	return func(step int) []float64 { return z[step*n : (step+1)*n] }
}

// loss is Σ y of the last row.
func springLoss(t *testing.T, e *Engine, v Values) float64 {
	rec := &Recording{From: e.spec.Steps - 1, Data: make([]float64, e.spec.RowSize)}
	if err := e.Forward(context.Background(), v, springNormals(e), rec); err != nil {
		t.Fatal(err)
	}
	var sum float64
	for _, y := range rec.Data {
		sum += y
	}
	return sum
}

// TestGradient compares the gradient of a schedule written by hand with its tangents and with differences.
func TestGradient(t *testing.T) {
	e := spring(40, 5)
	v := springValues(e)
	free := Free{Leaves: []bool{true, true, true, true}}
	tape, err := e.Tape(context.Background(), v, springNormals(e), free, 1<<30, nil)
	if err != nil {
		t.Fatal(err)
	}
	ones := []float64{1, 1, 1, 1, 1}
	grads, err := tape.Reverse(context.Background(), func(n int) []float64 {
		if n == e.spec.Steps-1 {
			return ones
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for leaf := range int(leafCount) {
		for k := range v.Leaves[leaf] {
			directions := make([][]float64, leafCount)
			for i := range directions {
				directions[i] = make([]float64, len(v.Leaves[i]))
			}
			directions[leaf][k] = 1
			rec := &Recording{From: e.spec.Steps - 1, Data: make([]float64, 5), Tangents: make([]float64, 5)}
			if err := e.Tangent(context.Background(), v, springNormals(e), Gradient{Leaves: directions}, 1, 0, rec); err != nil {
				t.Fatal(err)
			}
			var pushed float64
			for _, d := range rec.Tangents {
				pushed += d
			}
			at := func(h float64) float64 {
				before := v.Leaves[leaf][k]
				defer func() { v.Leaves[leaf][k] = before }()
				v.Leaves[leaf][k] += h
				return springLoss(t, e, v)
			}
			const h = 1e-3
			difference := (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h)
			g := grads.Leaves[leaf][k]
			if math.Abs(g-pushed) > 1e-13*(1+math.Abs(g)) || math.Abs(g-difference) > 1e-9*(1+math.Abs(g)) {
				t.Errorf("leaf %d[%d]: adjoint %v, tangent %v, differences %v", leaf, k, g, pushed, difference)
			}
		}
	}
}

// TestStepsAllocateNothing compares the allocations of runs of T and 2T steps: forward, in tangents, and in
// reverse with everything taped and with checkpoints.
func TestStepsAllocateNothing(t *testing.T) {
	ctx := context.Background()
	count := func(steps int) [4]float64 {
		e := spring(steps, 5)
		v, normals := springValues(e), springNormals(e)
		free := Free{Leaves: []bool{true, true, true, true}}
		cotangent := make([]float64, 5)
		directions := make([][]float64, leafCount)
		for i := range directions {
			directions[i] = make([]float64, len(v.Leaves[i])*4)
		}
		rec := &Recording{Data: make([]float64, steps*5), Tangents: make([]float64, steps*5*4)}
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		gradient := func(budget int64) func() {
			return func() {
				tape, err := e.Tape(ctx, v, normals, free, budget, rec)
				must(err)
				_, err = tape.Reverse(ctx, func(int) []float64 { return cotangent })
				must(err)
			}
		}
		return [4]float64{
			testing.AllocsPerRun(3, func() { must(e.Forward(ctx, v, normals, rec)) }),
			testing.AllocsPerRun(3, func() { must(e.Tangent(ctx, v, normals, Gradient{Leaves: directions}, 4, 0, rec)) }),
			testing.AllocsPerRun(3, gradient(1<<30)),
			testing.AllocsPerRun(3, gradient(int64(steps)*60)) - float64(steps/segmentAlign), // a checkpoint is one allocation
		}
	}
	short, long := count(320), count(640)
	for k := range 3 { // the run time's own allocations may add one or two
		if d := long[k] - short[k]; d > 3 || d < -3 {
			t.Errorf("allocations (forward, tangents, reverse): %v for 320 steps, %v for 640", short, long)
		}
	}
	if long[3]-short[3] > 20 {
		t.Errorf("allocations of a reverse pass with checkpoints, without these: %v for 320 steps, %v for 640", short[3], long[3])
	}
	t.Logf("allocations of a run: forward %v, tangents %v, reverse %v, with checkpoints %v", short[0], short[1], short[2], short[3])
}

// TestBudgets holds that a gradient has the same bits however little may be kept, down to a refusal that
// names the least.
func TestBudgets(t *testing.T) {
	e := spring(700, 5)
	v, normals := springValues(e), springNormals(e)
	free := Free{Leaves: []bool{true, true, true, true}}
	gradient := func(budget int64) (Gradient, int, error) {
		tape, err := e.Tape(context.Background(), v, normals, free, budget, &Recording{Data: make([]float64, 700*5)})
		if err != nil {
			return Gradient{}, 0, err
		}
		g, err := tape.Reverse(context.Background(), func(n int) []float64 { return []float64{1, -1, float64(n), 0, 0.5} })
		return g, len(tape.lengths), err
	}
	want, _, err := gradient(1 << 30)
	if err != nil {
		t.Fatal(err)
	}
	levels := map[int]int{}
	refused := false
	for budget := int64(200_000); budget > 100; budget = budget * 4 / 5 {
		got, n, err := gradient(budget)
		if err != nil {
			refused = true
			continue
		}
		if refused {
			t.Errorf("%d bytes are enough, more were not", budget)
		}
		levels[n]++
		for leaf := range want.Leaves {
			for k := range want.Leaves[leaf] {
				if got.Leaves[leaf][k] != want.Leaves[leaf][k] {
					t.Fatalf("%d bytes, %d levels: leaf %d[%d] is %x, want %x", budget, n, leaf, k, got.Leaves[leaf][k], want.Leaves[leaf][k])
				}
			}
		}
	}
	if !refused || len(levels) < 2 {
		t.Errorf("budgets by levels: %v, refused: %v", levels, refused)
	}
	t.Logf("budgets by levels: %v", levels)
}

// TestCheckLeaf accepts and refuses shapes.
func TestCheckLeaf(t *testing.T) {
	cases := []struct {
		shape []int
		rows  int
		ok    bool
	}{
		{nil, 1, true}, {[]int{5}, 1, true}, {[]int{4}, 1, false}, {[]int{1, 5}, 1, true}, {[]int{2, 5}, 1, false}, {[]int{2, 5}, 2, true},
		{[]int{2, 1}, 2, true}, {[]int{5}, 2, true}, {[]int{3, 5}, 2, false}, {[]int{2, 3}, 2, false}, {[]int{1, 1, 1}, 1, false},
	}
	for _, c := range cases {
		if err := CheckLeaf("noise.sigma", c.shape, c.rows, 5); (err == nil) != c.ok {
			t.Errorf("shape %v for %d rows: %v", c.shape, c.rows, err)
		}
	}
}
