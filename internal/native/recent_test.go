package native

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neurograd/neurograd/internal/program/programtest"
)

// TestRecent compares sums over the last 16 samples with plain loops in the same order: several terms over one source,
// sums that start from −0 and have no term, samples that nobody reads and that are not finite.
func TestRecent(t *testing.T) { eachForm(t, testRecent) }

func testRecent(t *testing.T, f *Form) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, targets := range []int{1, 7, 8, 9, 84, 96, 97, 300} {
		const sources, ring = 84, 40
		samples := make([]float64, sources*ring)
		for i := range samples {
			samples[i] = math.Inf(1)
		}
		start := []int32{0}
		var list []Term
		for i := range targets {
			for j := range sources {
				for range recentTerms(r, i, j) {
					place := r.IntN(16)
					samples[ring*j+8+place] = r.NormFloat64()
					list = append(list, Term{8 * (ring*j + 8), place, r.NormFloat64()})
				}
			}
			start = append(start, int32(len(list)))
		}
		x, err := f.NewRecent(targets, start, func(e int) Term { return list[e] })
		if err != nil {
			t.Fatal(err)
		}
		if x == nil {
			if f.masks && targets > 7 {
				t.Errorf("%d targets: not made", targets)
			}
			continue
		}
		from, got := make([]float64, 3*targets), make([]float64, targets)
		for i := range from {
			from[i] = math.Copysign(0, -1)
			if i%2 == 0 {
				from[i] = r.NormFloat64()
			}
		}
		x.Sum(got, from, 3, samples, x.Scratch())
		for i := range targets {
			want := from[3*i]
			for _, e := range list[start[i]:start[i+1]] {
				want = math.FMA(e.Weight, samples[e.Offset/8+e.Place], want)
			}
			if !programtest.SameBits(got[i], want) {
				t.Fatalf("%d targets: sum %d is %v, want %v", targets, i, got[i], want)
			}
		}
	}
}

// recentTerms is how many terms target i has over source j: most have one, every fifth target none, some two or three.
func recentTerms(r *rand.Rand, i, j int) int {
	switch {
	case i%5 == 3 || r.IntN(8) == 0:
		return 0
	case j%16 == 2:
		return 1 + r.IntN(3)
	}
	return 1
}

// Few terms, or terms out of order, are left to lists.
func TestRecentRefuses(t *testing.T) {
	for name, list := range map[string][]Term{
		"few":          {{0, 3, 1}},
		"out of order": {{128, 3, 1}, {0, 3, 1}, {0, 4, 1}},
	} {
		if x, err := AVX512.NewRecent(1, []int32{0, int32(len(list))}, func(e int) Term { return list[e] }); x != nil || err != nil {
			t.Errorf("%s: %v, %v", name, x, err)
		}
	}
}
