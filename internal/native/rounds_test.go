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
	x, err := f.NewRounds()
	if err != nil {
		t.Fatal(err)
	}
	for _, targets := range []int{0, 1, 2, 7, 8, 9, 15, 16, 84, 3000} {
		for _, stride := range []int{0, 1, 3} {
			first := []int32{0}
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
				first = append(first, int32(len(list)))
			}
			samples, start, got := normals(r, 500), normals(r, targets*stride+1), normals(r, targets+1)
			if stride == 0 {
				start[0] = 0
			}
			last := got[targets]
			l := x.List(targets, first, stride, func(e int) Entry { return list[e] })
			if parts := len(l.parts); (targets == 3000) != (parts > 1) {
				t.Errorf("%d targets take %d calls", targets, parts)
			}
			if stride == 0 {
				l.Apply(got, nil, samples)
			} else {
				l.Apply(got, start, samples)
			}
			for i := range targets {
				acc := start[i*stride]
				for _, e := range list[first[i]:first[i+1]] {
					acc = math.FMA(e.Weight, samples[e.Offset/8], acc)
				}
				if acc != got[i] {
					t.Fatalf("target %d of %d, stride %d: %v, want %v", i, targets, stride, got[i], acc)
				}
			}
			if got[targets] != last {
				t.Error("what follows the sums was written")
			}
		}
	}
}
