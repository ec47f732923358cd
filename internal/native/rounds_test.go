package native

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestRounds compares the sums with plain loops in the same order: lists of all lengths, and more than one call takes.
func TestRounds(t *testing.T) { eachForm(t, testRounds) }

func testRounds(t *testing.T, f *Form) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, k := range []int{1, 8, 16, 32} {
		x, err := f.NewRounds(k)
		if err != nil {
			t.Fatal(err)
		}
		for _, targets := range []int{1, 2, 7, 8, 9, 84, 3000} {
			start := []int32{0}
			var list []Entry
			for i := range targets {
				n := r.IntN(40)
				if i%5 == 2 {
					n = 0
				}
				if targets == 3000 {
					n *= 4
				}
				for range n {
					list = append(list, Entry{8 * r.IntN(500), r.NormFloat64()})
				}
				start = append(start, int32(len(list)))
			}
			samples := make([]float64, 500+64)
			for i := range 532 {
				samples[i] = r.NormFloat64()
			}
			from := make([]float64, targets*3)
			for i := range from {
				from[i] = r.NormFloat64()
			}
			l := x.List(targets, start, func(e int) Entry { return list[e] })
			if k > 1 {
				from = nil
			}
			if parts := len(l.parts); (targets == 3000) != (parts > 1) {
				t.Errorf("%d targets take %d calls", targets, parts)
			}
			l.Clear()
			if from != nil {
				l.Set(from, 3)
			}
			x.Apply(l, samples)
			got := make([]float64, targets*k)
			l.Get(got)
			for i := range targets {
				for kk := range k {
					var acc float64
					if from != nil {
						acc = from[3*i]
					}
					for _, e := range list[start[i]:start[i+1]] {
						acc = math.FMA(e.Weight, samples[e.Offset/8+kk], acc)
					}
					if acc != got[i*k+kk] {
						t.Fatalf("K = %d, target %d of %d: sum %d is %v, want %v", k, i, targets, kk, got[i*k+kk], acc)
					}
				}
			}
		}
	}
}
