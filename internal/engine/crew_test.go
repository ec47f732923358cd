package engine

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/neurograd/neurograd/internal/cores"
	"github.com/neurograd/neurograd/internal/native"
)

// denseList has all edges between n targets and sources, but for some, delayed by up to most steps unless that is negative.
func denseList(r *rand.Rand, targets, sources, most int) *edgeList {
	l := newEdgeList(targets, sources, targets*sources, most >= 0)
	for i := range targets {
		for j := range sources {
			if i%3 == 1 && j%2 == 0 {
				continue // so that the halves of the entries are not those of the targets
			}
			if most < 0 {
				l.add(int32(i), int32(j), r.NormFloat64(), len(l.edge))
			} else {
				l.addTap(int32(i), int32(j), r.NormFloat64(), len(l.edge), float64(r.IntN(most+1)), 1, 0)
			}
		}
	}
	l.finish()
	return l
}

// chains are the sums over a list by their definition, given the samples of all steps so far.
func chains(l *edgeList, block int, samples [][]float64) []float64 {
	out := make([]float64, l.targets)
	for i := range out {
		for _, long := range []bool{true, false} {
			for e := l.start[i]; e < l.start[i+1]; e++ {
				delay := 0
				if l.steps != nil {
					delay = int(l.steps[e])
				}
				if isLong := block > 1 && delay >= block-1; isLong != long {
					continue
				}
				if at := len(samples) - 1 - delay; at >= 0 {
					out[i] = math.FMA(l.weight[e], samples[at][l.source[e]], out[i])
				} else {
					out[i] = math.FMA(l.weight[e], 0, out[i])
				}
			}
		}
	}
	return out
}

// TestCrew holds that sums in halves, by one goroutine and by two, with and without delays, have the bits of their
// definition while processors come and go, and that nobody is left in the end.
func TestCrew(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	goroutines := runtime.NumGoroutine()
	form, err := native.Best()
	if err != nil {
		t.Skip(err)
	}
	const n = 384
	for _, processors := range []int{1, 2} {
		runtime.GOMAXPROCS(processors)
		for _, most := range []int{-1, 6, 60} {
			r := rand.New(rand.NewPCG(uint64(most), 3))
			b := newBackend(form)
			l := denseList(r, n, n, most)
			c, plan := &crew{}, (*delayPlan)(nil)
			var line *delayLine
			var direct *directSum
			block := 1
			if most >= 0 {
				block = map[int]int{6: 1, 60: 16}[most]
				plan = newDelayPlan(b, l, block)
				line = newDelayLine(plan, 1)
				line.crew = c
			} else {
				direct = b.newDirectSum(l, 1)
			}
			cores.Take()
			var samples [][]float64
			helped := 0
			for step := range 96 {
				sample := make([]float64, n)
				for i := range sample {
					sample[i] = r.NormFloat64()
				}
				samples = append(samples, sample)
				if step == 40 {
					cores.Take() // another run begins
				}
				if step == 65 {
					cores.Give()
				}
				out := make([]float64, n)
				if line == nil {
					direct.apply(c, step, out, sample, false)
				} else {
					line.push(sample)
					line.apply(out)
				}
				if c.hand != nil {
					helped++
					if step >= 56 && step < 65 && processors == 2 {
						t.Errorf("delays to %d, step %d: somebody helps, and others want the processor", most, step)
					}
				}
				if step%5 != 0 {
					continue
				}
				for i, want := range chains(l, block, samples) {
					if math.Float64bits(out[i]) != math.Float64bits(want) {
						t.Fatalf("delays to %d, %d processors, step %d, target %d: %x, want %x", most, processors, step, i, out[i], want)
					}
				}
			}
			c.dismiss()
			cores.Give()
			if (helped > 0) != (processors > 1) {
				t.Errorf("delays to %d, %d processors: help in %d steps", most, processors, helped)
			}
		}
	}
	for began := time.Now(); runtime.NumGoroutine() > goroutines; time.Sleep(time.Millisecond) {
		if time.Since(began) > 10*time.Second {
			t.Fatalf("%d goroutines, %d before the runs", runtime.NumGoroutine(), goroutines)
		}
	}
}

// TestHalfway holds that lists are halved by their entries, at whole vectors, and only where that pays.
func TestHalfway(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	l := denseList(r, 64, 50, -1)
	at := l.halfway()
	if at%halfAlign != 0 || at == 0 || 2*int(l.start[at]) < len(l.source) || 2*int(l.start[at-halfAlign]) >= len(l.source) {
		t.Errorf("%d entries of %d before target %d", l.start[at], len(l.source), at)
	}
	made := 0
	sums := func(part *edgeList, first int) stepSum {
		if made += len(part.source); first != 0 && first != int(l.start[at]) {
			t.Errorf("a part begins at entry %d", first)
		}
		return productSum{}
	}
	for _, c := range []struct {
		steps int
		want  bool
	}{{1, false}, {64, true}} {
		made = 0
		if _, ok := inHalves(l, c.steps, 1, 0, sums).(*halved); ok != c.want || made != len(l.source) {
			t.Errorf("%d steps at a time: halved %v, with %d of %d entries", c.steps, ok, made, len(l.source))
		}
	}
	if at := denseList(r, 8, 20_000, -1).halfway(); at != 0 {
		t.Errorf("a list of 8 targets is halved at %d", at)
	}
}
