package noise_test

import (
	"math"
	"testing"

	"github.com/neurograd/neurograd/internal/philox"
	"github.com/neurograd/neurograd/noise"
)

// series are the normals of a state: [step][node].
func series(s noise.Stream, group, state, nodes, steps int) [][]float64 {
	rows := make([][]float64, steps)
	for k := 0; k < steps; k += 2 {
		rows[k], rows[k+1] = make([]float64, nodes), make([]float64, nodes)
		s.Pair(rows[k], rows[k+1], 0, group, state, k/2)
	}
	return rows
}

// golden are the first normals of seed 42, stream 0: nodes 0 and 1 of state 0 at steps 0 to 3.
var golden = [4][2]float64{
	{0x1.3c0aeec8cec65p+00, -0x1.7a3f3026c1aebp+01},
	{0x1.3944650e53786p-01, -0x1.0911b17cf17ccp-02},
	{0x1.05f66b6d391bbp-06, 0x1.a7c09e39c5572p-02},
	{0x1.215e9675a4cccp-03, 0x1.4b6a9d033d70fp-02},
}

func TestGoldenStream(t *testing.T) {
	rows := series(noise.Stream{Seed: 42}, 0, 0, 2, 4)
	for k, row := range rows {
		for i, z := range row {
			if z != golden[k][i] {
				t.Errorf("step %d, node %d: %x, want %x", k, i, z, golden[k][i])
			}
		}
	}
}

// TestAgainstPackageMath computes the transform of Box and Muller on package math, the angle reduced to an
// eighth of a turn so that it keeps its digits.
func TestAgainstPackageMath(t *testing.T) {
	const nodes = 2000
	s := noise.Stream{Seed: 0x123456789abcdef0, Number: 7}
	even, odd := make([]float64, nodes), make([]float64, nodes)
	var worst float64
	for k := range 20 {
		s.Pair(even, odd, 0, 3, 5, k)
		for i := range nodes {
			a, b := philox.Uniforms([4]uint32{uint32(i), 3<<16 + 5, uint32(k), 7}, [2]uint32{0x9abcdef0, 0x12345678})
			quarter := math.Round(4 * b)
			sin, cos := math.Sincos(2 * math.Pi * (b - quarter/4))
			for range int(quarter) {
				sin, cos = cos, -sin
			}
			r := math.Sqrt(-2 * math.Log(a))
			for _, pair := range [][2]float64{{even[i], r * cos}, {odd[i], r * sin}} {
				got, want := pair[0], pair[1]
				if want == 0 {
					continue
				}
				ulp := math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want)
				worst = max(worst, math.Abs(got-want)/ulp)
			}
		}
	}
	t.Logf("largest difference from package math: %.1f ulp", worst)
	if worst > 4 {
		t.Errorf("off by %.1f ulp", worst)
	}
}

// TestMoments compares mean, variance, skewness and kurtosis of 1.2 million normals with those of the normal
// distribution, in standard errors of the estimates.
func TestMoments(t *testing.T) {
	var sum [5]float64
	var n float64
	largest := 0.0
	for _, row := range series(noise.Stream{Seed: 1}, 0, 2, 1200, 1000) {
		for _, z := range row {
			n++
			for p, v := 1, z; p <= 4; p, v = p+1, v*z {
				sum[p] += v
			}
			largest = max(largest, math.Abs(z))
		}
	}
	for p, c := range []struct {
		want, variance float64 // of z^p
	}{1: {0, 1}, 2: {1, 2}, 3: {0, 15}, 4: {3, 96}} {
		if p == 0 {
			continue
		}
		off := (sum[p]/n - c.want) / math.Sqrt(c.variance/n)
		t.Logf("moment %d: %.5f, %.1f standard errors off", p, sum[p]/n, off)
		if math.Abs(off) > 4 {
			t.Errorf("moment %d is %v, %.1f standard errors from %v", p, sum[p]/n, off, c.want)
		}
	}
	if largest < 4.5 || largest > 8.5 {
		t.Errorf("largest magnitude %v", largest)
	}
}

// TestDistribution compares the shares of normals below some limits with the normal distribution.
func TestDistribution(t *testing.T) {
	limits := []float64{-3, -2, -1, -0.3, 0, 0.5, 1, 1.7, 2.5, 3.5}
	below := make([]float64, len(limits))
	var n float64
	for _, row := range series(noise.Stream{Seed: 77, Number: 3}, 0, 0, 1000, 1000) {
		for _, z := range row {
			n++
			for k, limit := range limits {
				if z < limit {
					below[k]++
				}
			}
		}
	}
	for k, limit := range limits {
		share := math.Erfc(-limit/math.Sqrt2) / 2
		if off := (below[k]/n - share) / math.Sqrt(share*(1-share)/n); math.Abs(off) > 4.5 {
			t.Errorf("share below %v is %v, %.1f standard errors from %v", limit, below[k]/n, off, share)
		}
	}
}

// TestIndependence holds that normals of other steps, nodes, states, groups, seeds and streams are not
// correlated, nor are their squares.
func TestIndependence(t *testing.T) {
	const nodes, steps = 500, 800
	base := series(noise.Stream{Seed: 42}, 0, 0, nodes, steps)
	others := map[string][][]float64{
		"state":      series(noise.Stream{Seed: 42}, 0, 1, nodes, steps),
		"group":      series(noise.Stream{Seed: 42}, 1, 0, nodes, steps),
		"seed":       series(noise.Stream{Seed: 43}, 0, 0, nodes, steps),
		"high seed":  series(noise.Stream{Seed: 42 + 1<<32}, 0, 0, nodes, steps),
		"stream":     series(noise.Stream{Seed: 42, Number: 1}, 0, 0, nodes, steps),
		"far stream": series(noise.Stream{Seed: 42, Number: math.MaxUint32}, 0, 0, nodes, steps),
	}
	check := func(name string, a, b [][]float64, lag, shift int) {
		t.Helper()
		var sum, squares, n float64
		for k := 0; k+lag < steps; k++ {
			for i := 0; i+shift < nodes; i++ {
				x, y := a[k][i], b[k+lag][i+shift]
				sum += x * y
				squares += (x*x - 1) * (y*y - 1) / 2
				n++
			}
		}
		for what, s := range map[string]float64{"numbers": sum, "squares": squares} {
			if off := s / math.Sqrt(n); math.Abs(off) > 4.5 {
				t.Errorf("%s, lag %d, nodes %d apart: %s are correlated, %.1f standard errors", name, lag, shift, what, off)
			}
		}
	}
	for name, other := range others {
		check(name, base, other, 0, 0)
		check(name, base, other, 1, 0)
	}
	for lag := 1; lag <= 4; lag++ {
		check("steps", base, base, lag, 0)
		check("nodes", base, base, 0, lag)
		check("both", base, base, lag, lag)
	}
}

// TestAddressed holds that a number depends on its address alone.
func TestAddressed(t *testing.T) {
	s := noise.Stream{Seed: 5}
	long, longOdd := make([]float64, 100), make([]float64, 100)
	s.Pair(long, longOdd, 0, 0, 3, 17)
	for n := range 100 {
		short, odd := make([]float64, n), make([]float64, n)
		s.Pair(short, odd, 0, 0, 3, 17)
		for i := range n {
			if short[i] != long[i] || odd[i] != longOdd[i] {
				t.Fatalf("node %d of %d: %v, %v; of 100: %v, %v", i, n, short[i], odd[i], long[i], longOdd[i])
			}
		}
	}
}
