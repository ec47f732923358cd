package native

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neurograd/neurograd/internal/program/programtest"
)

// numbers are random, some of them special: −0, infinities, NaN, subnormal ones.
func numbers(r *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64()
		if r.IntN(40) == 0 {
			x[i] = programtest.Special[r.IntN(len(programtest.Special))]
		}
	}
	return x
}

// TestLaneSums compares the sums with plain loops in the same order, for lists of all lengths, tiles, and more than one call
// takes.
func TestLaneSums(t *testing.T) { eachForm(t, testLaneSums) }

func testLaneSums(t *testing.T, f *Form) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, steps := range []int{1, 8, 16, 32} {
		for lanes := f.width; lanes <= 32; lanes += f.width {
			for _, weights := range []Weights{OneWeight, LaneWeights, Tangents} {
				if weights == Tangents && steps > 1 {
					continue
				}
				s, err := f.NewLaneSums(steps, lanes, weights)
				if err != nil {
					t.Fatal(err)
				}
				for _, targets := range []int{1, 2, 7, 8, 84} {
					c := laneSumsCase{s, targets, 1 + r.IntN(100), r.IntN(3)}
					c.check(t, r)
				}
			}
		}
	}
	s, err := f.NewLaneSums(1, 8, OneWeight)
	if err != nil {
		t.Fatal(err)
	}
	laneSumsCase{s, 750 * f.width, 60, 0}.check(t, r)
}

type laneSumsCase struct {
	*LaneSums
	targets, sources, tiles int
}

func (c laneSumsCase) check(t *testing.T, r *rand.Rand) {
	t.Helper()
	start, list, source := []int32{0}, []LaneEntry{}, []int{}
	for i := range c.targets {
		for j := range c.sources {
			if i%5 == 2 || r.IntN(3) == 0 {
				continue
			}
			at := (j*3 + r.IntN(2)) * c.lanes
			list = append(list, LaneEntry{At: at, Weight: numbers(r, 1)[0], Number: len(list)})
			source = append(source, j)
		}
		start = append(start, int32(len(list)))
	}
	weights := numbers(r, len(list)*c.lanes)
	samples := numbers(r, (c.sources*3+2)*c.lanes+c.block)
	from, got := numbers(r, c.targets*c.block*2), make([]float64, c.targets*c.block+1)
	targets := LaneTargets{Start: start, Entry: func(e int) LaneEntry { return list[e] }, StartStride: 2 * c.block, OutStride: c.block}
	if c.tiles > 0 && c.weights != Tangents {
		targets.Tile = func(e int) int { return source[e] / (c.tiles * 6) }
	}
	if r.IntN(3) == 0 || c.weights == Tangents {
		from, targets.StartStride = nil, 0
	}
	l := c.List(targets)
	if parts := len(l.parts); c.targets >= 3000 && parts < 2 {
		t.Errorf("%d targets take %d calls", c.targets, parts)
	}
	for i := range got {
		got[i] = 0.5 // Tangents are added to it
	}
	l.Apply(got, from, samples, weights)
	for i := range c.targets {
		for k := range c.block {
			var acc float64
			if from != nil {
				acc = from[2*i*c.block+k]
			}
			for _, e := range list[start[i]:start[i+1]] {
				switch lane := weights[e.Number*c.lanes+k%c.lanes]; c.weights {
				case OneWeight:
					acc = math.FMA(e.Weight, samples[e.At+k], acc)
				case LaneWeights:
					acc = math.FMA(lane, samples[e.At+k], acc)
				default:
					acc = math.FMA(samples[e.At], lane, acc)
				}
			}
			if c.weights == Tangents {
				acc = 0.5 + acc
			}
			if !programtest.SameBits(acc, got[i*c.block+k]) {
				t.Fatalf("%d numbers, %d lanes, weights %d, %d targets: sum %d of %d is %v, want %v", c.block, c.lanes, c.weights, c.targets, k, i, got[i*c.block+k], acc)
			}
		}
	}
	if got[c.targets*c.block] != 0.5 {
		t.Error("what follows the sums was written")
	}
}
