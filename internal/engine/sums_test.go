package engine

import (
	"iter"
	"math"
	"math/rand/v2"
	"testing"
)

// randomEdges is a random edge list with the delays that pick gives; some are read between two samples.
func randomEdges(r *rand.Rand, targets, sources int, density float64, pick func() int32) *edgeList {
	l := &edgeList{targets: targets, sources: sources, start: make([]int32, targets+1)}
	edge, linear := 0, r.IntN(3) == 0
	for i := range int32(targets) {
		for j := range int32(sources) {
			if r.Float64() >= density {
				continue
			}
			d, w := float64(pick()), r.NormFloat64()
			if linear {
				share := r.Float64()
				l.addTap(i, j, w, edge, d, 1-share, -1)
				l.addTap(i, j, w, edge, d+1, share, 1)
			} else {
				l.addTap(i, j, w, edge, d, 1, 0)
			}
			edge++
		}
	}
	l.finish()
	return l
}

// ages are the delays of all edges.
func ages(l *edgeList) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, d := range l.steps {
			if !yield(int(d)) {
				return
			}
		}
	}
}

// costOf states the rule that chooses K: a long edge costs 1 + 8/K, a short one 8.
func costOf(k int, steps []int32) float64 {
	var cost float64
	for _, d := range steps {
		if k > 1 && int(d) >= k-1 {
			cost += 1 + 8/float64(k)
		} else {
			cost += 8
		}
	}
	return cost
}

// plainSum is the delayed sum of a target as the order of sums states it: one chain of fused multiply-adds
// from 0, first the edges with d ≥ K−1 by source, then the others by source.
func plainSum(l *edgeList, k, target int, sample func(source, ago int32) float64) float64 {
	var acc float64
	for _, long := range []bool{true, false} {
		for j := range int32(l.sources) {
			for e := l.start[target]; e < l.start[target+1]; e++ {
				if l.source[e] == j && (int(l.steps[e]) >= k-1) == long {
					acc = math.FMA(l.weight[e], sample(j, l.steps[e]), acc)
				}
			}
		}
	}
	return acc
}

// delayLists are kinds of delays; each K is the choice for some.
func delayLists(r *rand.Rand) map[string]func() int32 {
	between := func(lo, hi int) func() int32 { return func() int32 { return int32(lo + r.IntN(hi-lo+1)) } }
	return map[string]func() int32{
		"none": between(0, 0), "short": between(0, 5), "7 to 9": between(7, 9), "to 15": between(0, 15), "about 15": between(14, 17),
		"to 40": between(0, 40), "long": between(31, 90), "exactly 31": between(31, 31), "exactly 30": between(30, 30),
		"exactly 7": between(7, 7), "exactly 6": between(6, 6), "exactly 15": between(15, 15),
		"mixture": func() int32 { return []int32{0, 1, 7, 8, 15, 16, 31, 32, 70}[r.IntN(9)] },
		"mostly long": func() int32 {
			if r.IntN(10) == 0 {
				return int32(r.IntN(4))
			}
			return int32(31 + r.IntN(60))
		},
	}
}

// TestDelayedSums compares the blocked delayed sums with the plain loop, bit for bit, forward and on
// transposed edges, and those of lanes with both.
func TestDelayedSums(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	seen := map[int]int{}
	for name, pick := range delayLists(r) {
		for _, size := range [][2]int{{1, 1}, {3, 5}, {9, 6}, {12, 12}} {
			l := randomEdges(r, size[0], size[1], 0.2+0.8*r.Float64(), pick)
			for _, edges := range []*edgeList{l, l.transpose()} {
				plan := newDelayPlan(nil, edges, chooseBlock(ages(edges)))
				seen[plan.block]++
				for _, k := range blockLengths {
					if c := costOf(k, edges.steps); c < costOf(plan.block, edges.steps) || c == costOf(plan.block, edges.steps) && k < plan.block {
						t.Fatalf("%s: K = %d, but %d costs no more", name, plan.block, k)
					}
				}
				checkLine(t, r, name, edges, plan)
			}
		}
	}
	for _, k := range blockLengths {
		if seen[k] == 0 {
			t.Errorf("no delays with K = %d", k)
		}
	}
	t.Logf("lines by K: %v", seen)
}

func checkLine(t *testing.T, r *rand.Rand, name string, l *edgeList, plan *delayPlan) {
	t.Helper()
	const lanes, steps = 3, 150
	line, tangent := newDelayLine(plan, 1), newDelayLine(plan, lanes)
	history := make([][]float64, plan.depth+steps) // [plan.depth + step][source]
	withHistory := r.IntN(2) == 0
	for k := range history {
		history[k] = make([]float64, l.sources)
		for j := range history[k] {
			history[k][j] = r.NormFloat64()
			if !withHistory && k < plan.depth && k > 0 {
				history[k][j] = history[0][j]
			}
		}
	}
	inLanes := func(row []float64) []float64 {
		x := make([]float64, len(row)*lanes)
		for j, v := range row {
			for lane := range lanes {
				x[j*lanes+lane] = v * float64(int(1)<<lane)
			}
		}
		return x
	}
	switch {
	case plan.depth == 0:
	case withHistory:
		for k := range plan.depth {
			line.set(k-plan.depth, history[k])
			tangent.set(k-plan.depth, inLanes(history[k]))
		}
	default:
		line.fill(history[0])
		tangent.fill(inLanes(history[0]))
	}
	out, outLanes := make([]float64, l.targets), make([]float64, l.targets*lanes)
	for n := range steps {
		line.push(history[plan.depth+n])
		tangent.push(inLanes(history[plan.depth+n]))
		line.apply(out)
		tangent.apply(outLanes)
		for i := range out {
			want := plainSum(l, plan.block, i, func(j, ago int32) float64 { return history[plan.depth+n-int(ago)][j] })
			if math.Float64bits(out[i]) != math.Float64bits(want) {
				t.Fatalf("%s, K = %d, step %d, target %d: %x, want %x", name, plan.block, n, i, out[i], want)
			}
			for lane := range lanes {
				if got := outLanes[i*lanes+lane]; got != want*float64(int(1)<<lane) {
					t.Fatalf("%s, K = %d, step %d, target %d, lane %d: %x, want %x", name, plan.block, n, i, lane, got, want*float64(int(1)<<lane))
				}
			}
		}
	}
}

// TestInstantSums compares undelayed sums, dense and sparse, with one chain of fused multiply-adds by source.
func TestInstantSums(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for _, targets := range []int{1, 3, 4, 5, 8, 11} {
		for _, density := range []float64{1, 0.5, 0.1} {
			l := randomEdges(r, targets, 7, density, func() int32 { return 0 })
			signal := make([]float64, 7)
			for j := range signal {
				signal[j] = r.NormFloat64()
			}
			out, wide := make([]float64, targets), make([]float64, targets*5)
			l.apply(out, signal, 1)
			spread := make([]float64, 7*5)
			for k := range spread {
				spread[k] = signal[k/5]
			}
			l.apply(wide, spread, 5)
			for i := range out {
				want := plainSum(l, 1, i, func(j, _ int32) float64 { return signal[j] })
				if out[i] != want || wide[i*5+3] != want {
					t.Fatalf("%d targets, density %v: %x and %x, want %x", targets, density, out[i], wide[i*5+3], want)
				}
			}
		}
	}
}

// TestTranspose holds that ⟨λ, W·s⟩ = ⟨Wᵀ·λ, s⟩ edge by edge and that transposing twice changes nothing.
func TestTranspose(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	l := randomEdges(r, 9, 6, 0.5, func() int32 { return int32(r.IntN(20)) })
	twice := l.transpose().transpose()
	for e := range l.source {
		if twice.source[e] != l.source[e] || twice.weight[e] != l.weight[e] || twice.steps[e] != l.steps[e] || twice.edge[e] != l.edge[e] {
			t.Fatalf("edge %d changed", e)
		}
	}
	s, lambda := make([]float64, 6), make([]float64, 9)
	for j := range s {
		s[j] = r.NormFloat64()
	}
	for i := range lambda {
		lambda[i] = r.NormFloat64()
	}
	ws, wl := make([]float64, 9), make([]float64, 6)
	l.apply(ws, s, 1)
	l.transpose().apply(wl, lambda, 1)
	var a, b float64
	for i := range lambda {
		a += lambda[i] * ws[i]
	}
	for j := range s {
		b += s[j] * wl[j]
	}
	if math.Abs(a-b) > 1e-13*math.Abs(a) {
		t.Errorf("%v and %v", a, b)
	}
}

// TestBlockIgnoresWeights holds that K depends on the delays of the network as it was prepared, not on
// weights that became 0 later: a run with such weights freed and one with them left out sum in one order.
func TestBlockIgnoresWeights(t *testing.T) {
	e := spring(40, 5)
	v := springValues(e)
	route := e.spec.Routes[0]
	free := Free{Leaves: make([]bool, len(e.spec.Leaves))}
	plan, err := e.plan(forward, v.Shapes, nil)
	if err != nil {
		t.Fatal(err)
	}
	whole := e.newRun(plan, v, free, 1).sums[1].plan.block
	for k, d := range v.Delays { // the long edges lose their weights
		if d >= 7 {
			v.Leaves[route.Weights][k] = 0
		}
	}
	left := e.newRun(plan, v, free, 1).sums[1].plan.block
	free.Leaves[route.Weights] = true
	freed := e.newRun(plan, v, free, 1).sums[1].plan.block
	if whole != left || left != freed {
		t.Errorf("K is %d with all weights, %d with some 0 and left out, %d with them freed", whole, left, freed)
	}
}
