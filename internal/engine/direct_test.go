package engine

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neurograd/neurograd/internal/native"
)

// TestDirectSums compares sums without delays, by list and by matrix, of one lane and of several, portably and by all machine
// code that there is, with one chain of fused multiply-adds by source, where edges without weight count for nothing: also
// with signals that are not finite.
func TestDirectSums(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 26))
	backends := []*backend{nil}
	for _, form := range native.Forms() {
		if form.Available() == nil {
			backends = append(backends, newBackend(form))
		}
	}
	matrices, lists := 0, 0
	for _, density := range []float64{1, 0.95, 0.5, 0.3, 0.2, 0.05} {
		for _, size := range [][2]int{{1, 1}, {7, 9}, {16, 16}, {21, 13}} {
			l := newEdgeList(size[0], size[1], 0, false)
			for pair := range size[0] * size[1] {
				switch {
				case r.Float64() >= density:
				case density < 1 && r.IntN(8) == 0: // as derivatives by weights have them
					l.add(int32(pair/size[1]), int32(pair%size[1]), 0, pair)
				default:
					l.add(int32(pair/size[1]), int32(pair%size[1]), r.NormFloat64(), pair)
				}
			}
			l.finish()
			for _, lanes := range []int{1, 4, 5, 8} {
				signal := make([]float64, l.sources*lanes)
				for k := range signal {
					signal[k] = r.NormFloat64()
				}
				if r.IntN(2) == 0 {
					signal[r.IntN(len(signal))] = []float64{math.Inf(1), math.NaN()}[r.IntN(2)]
				}
				for _, b := range backends {
					d, out := b.newDirectSum(l, lanes), make([]float64, l.targets*lanes)
					if d.matrix != nil {
						matrices++
					} else {
						lists++
					}
					d.apply(nil, r.IntN(2), out, signal, false)
					for k, got := range out {
						want, i := 0.0, k/lanes
						for e := l.start[i]; e < l.start[i+1]; e++ {
							if l.weight[e] != 0 {
								want = math.FMA(l.weight[e], signal[int(l.source[e])*lanes+k%lanes], want)
							}
						}
						if math.Float64bits(got) != math.Float64bits(want) && (got == got || want == want) {
							t.Fatalf("density %v, %v, %d lanes: sum %d is %v, want %v", density, size, lanes, k, got, want)
						}
					}
				}
			}
		}
	}
	if matrices == 0 || lists == 0 {
		t.Errorf("%d matrices, %d lists", matrices, lists)
	}
}

// TestDirectPairs holds that two signals at once have the sums that each has alone.
func TestDirectPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 27))
	for _, form := range native.Forms() {
		if form.Available() != nil {
			continue
		}
		b := newBackend(form)
		for n := range 60 {
			l := newEdgeList(1+r.IntN(40), 1+r.IntN(40), 0, false)
			for pair := range l.targets * l.sources {
				if n%3 == 0 || r.IntN(3) > 0 {
					l.add(int32(pair/l.sources), int32(pair%l.sources), r.NormFloat64(), pair)
				}
			}
			l.finish()
			d := b.newDirectSum(l, 1)
			pair := b.newDirectPair(d)
			if pair == nil {
				if d.matrix != nil {
					t.Fatalf("%d: no pair", n)
				}
				continue
			}
			var signals, outs [2][]float64
			for k := range signals {
				outs[k] = make([]float64, l.targets)
				for range l.sources {
					signals[k] = append(signals[k], r.NormFloat64())
				}
				if r.IntN(4) == 0 {
					signals[k][r.IntN(l.sources)] = math.Inf(-1)
				}
			}
			pair.apply2(nil, n, outs[0], signals[0], outs[1], signals[1], false)
			for k, signal := range signals {
				want := make([]float64, l.targets)
				d.apply(nil, n, want, signal, false)
				if !sameBits(outs[k], want) {
					t.Errorf("%d: signal %d: %v, alone %v", n, k, outs[k], want)
				}
			}
		}
	}
}
