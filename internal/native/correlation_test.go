package native

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestCorrelation compares the sums with plain loops in the same order: targets without entries at the beginning, in the
// middle and at the end, none with any, and more than one call takes.
func TestCorrelation(t *testing.T) { eachForm(t, testCorrelation) }

func testCorrelation(t *testing.T, f *Form) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, block := range []int{8, 16, 24, 32} {
		x, err := f.NewCorrelation(block)
		if err != nil {
			t.Fatal(err)
		}
		for _, targets := range []int{0, 1, 2, 5, 84, 600} {
			for _, most := range []int{1, 12, 200} {
				start, offsets := []int32{0}, []int{}
				for i := range targets {
					n := r.IntN(most)
					if i == 0 || i == targets-1 && targets > 2 || i%5 == 3 {
						n = 0
					}
					for range n {
						offsets = append(offsets, r.IntN(500))
					}
					start = append(start, int32(len(offsets)))
				}
				samples, cotangents, sums := normals(r, 500+block), normals(r, targets*block), normals(r, 8*len(offsets))
				want := append([]float64(nil), sums...)
				for i := range targets {
					for e := start[i]; e < start[i+1]; e++ {
						for at := block - 1; at >= 0; at-- {
							sum := &want[8*int(e)+at%8]
							*sum = math.FMA(cotangents[i*block+at], samples[offsets[e]+at], *sum)
						}
					}
				}
				p := x.Places(targets, start, func(e int) int { return offsets[e] })
				if many := len(offsets)*block/f.width > 2*operationsPerCall; many != (len(p.parts) > 2) {
					t.Errorf("%d entries take %d calls", len(offsets), len(p.parts))
				}
				x.Add(p, sums, cotangents, samples)
				for k := range sums {
					if sums[k] != want[k] {
						t.Fatalf("blocks of %d, %d targets: sum %d of entry %d is %v, want %v", block, targets, k%8, k/8, sums[k], want[k])
					}
				}
			}
		}
	}
}

func normals(r *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return x
}
