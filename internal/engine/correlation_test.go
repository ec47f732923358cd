package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neurograd/neurograd/internal/native"
)

// backends are those that this machine has.
func backends() map[string]*backend {
	all := map[string]*backend{"portable": nil}
	for _, f := range native.Forms() {
		if f.Available() == nil {
			all[f.String()] = newBackend(f)
		}
	}
	return all
}

// TestCorrelation compares a reverse pass over segments with the sums as they are stated, step by step: runs of all lengths,
// one and two channels of which one may not arrive, with and without delays.
func TestCorrelation(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for name, b := range backends() {
		for _, steps := range []int{1, 7, 8, 9, 31, 32, 33, 64, 90, 200} {
			for _, segment := range []int{32, 64, 1000} {
				for _, channels := range []int{1, 2} {
					what := fmt.Sprintf("%s, %d steps in segments of %d, %d channels", name, steps, segment, channels)
					checkCorrelation(t, what, r, b, steps, segment, channels)
				}
			}
		}
	}
}

func checkCorrelation(t *testing.T, what string, r *rand.Rand, b *backend, steps, segment, channels int) {
	const deepest = 20
	l := randomEdges(r, 1+r.IntN(9), 1+r.IntN(9), 0.7, func() int32 { return int32(r.IntN(deepest)) })
	if r.IntN(3) == 0 {
		l.steps = nil
	}
	arrives := []bool{true, r.IntN(2) == 0}[:channels]
	signal := make([][][]float64, channels) // [channel][step + deepest + 1][node]
	cotangent := make([][][]float64, channels)
	for ch := range channels {
		for range steps + deepest + 1 {
			signal[ch] = append(signal[ch], numbers(r, l.sources))
			cotangent[ch] = append(cotangent[ch], numbers(r, l.targets))
		}
	}

	var stores []*signalStore
	for range channels {
		s := &signalStore{depth: deepest + 1, nodes: l.sources}
		s.hold(min(segment, steps), true)
		stores = append(stores, s)
	}
	c := newCorrelation(b, l, stores)
	for from := (steps - 1) / segment * segment; from >= 0; from -= segment {
		to := min(from+segment, steps)
		for ch, s := range stores {
			s.from = from
			for n := from - s.depth; n < to; n++ {
				s.keep(n, signal[ch][n+s.depth])
			}
		}
		for n := to - 1; n >= from; n-- {
			for ch := range stores {
				if arrives[ch] {
					c.wait(n, ch, cotangent[ch][n])
				}
			}
			if n%c.block == 0 || n == from {
				c.add(n, arrives, stores)
			}
		}
	}

	got := c.join()
	for i := range l.targets {
		for e := int(l.start[i]); e < int(l.start[i+1]); e++ {
			var x [8]float64
			for n := steps - 1; n >= 0; n-- {
				for ch := range channels {
					if arrives[ch] {
						at := n + deepest + 1
						if l.steps != nil {
							at -= int(l.steps[e])
						}
						x[n%8] = math.FMA(cotangent[ch][n][i], signal[ch][at][l.source[e]], x[n%8])
					}
				}
			}
			want := ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]))
			if math.Float64bits(got[e]) != math.Float64bits(want) {
				t.Fatalf("%s: entry %d is %v, want %v", what, e, got[e], want)
			}
		}
	}
}

func numbers(r *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return x
}

func BenchmarkCorrelation(b *testing.B) {
	const nodes, block = 84, 32
	r := rand.New(rand.NewPCG(7, 8))
	l := newEdgeList(nodes, nodes, nodes*nodes, true)
	for e := range nodes * nodes {
		l.addTap(int32(e/nodes), int32(e%nodes), 1, e, float64(r.IntN(40)), 1, 0)
	}
	l.finish()
	for name, back := range backends() {
		b.Run(name, func(b *testing.B) {
			s := &signalStore{depth: 42, nodes: nodes}
			s.hold(1000, true)
			c := newCorrelation(back, l, []*signalStore{s})
			cotangent := numbers(r, nodes)
			n := 960
			for b.Loop() {
				for k := block - 1; k >= 0; k-- {
					c.wait(n+k, 0, cotangent)
				}
				c.add(n, []bool{true}, []*signalStore{s})
				if n -= block; n < 0 {
					n = 960
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/block, "ns/step")
		})
	}
}
