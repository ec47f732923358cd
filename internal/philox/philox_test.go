package philox

import (
	"math"
	"testing"
)

// The known-answer vectors of the Random123 library (its file kat_vectors, lines "philox4x32 10").
func TestKnownAnswers(t *testing.T) {
	for _, c := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{
			[4]uint32{}, [2]uint32{},
			[4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
		},
		{
			[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
		},
		{
			[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	} {
		if got := Block(c.counter, c.key); got != c.want {
			t.Errorf("Block(%x, %x) = %x, want %x", c.counter, c.key, got, c.want)
		}
	}
}

// The uniforms of the first known answer, from its words by the stated formula in integer arithmetic.
func TestUniforms(t *testing.T) {
	a, b := Uniforms([4]uint32{}, [2]uint32{})
	wantA := 1 - math.Ldexp(float64(0x6627e8d5e169c58d>>12), -52)
	wantB := math.Ldexp(float64(0xbc57ac4c9b00dbd8>>12), -52)
	if a != wantA || b != wantB {
		t.Errorf("got %v, %v, want %v, %v", a, b, wantA, wantB)
	}
}

// Box–Muller against Go's own functions.
func TestNormalsFormula(t *testing.T) {
	for i := range uint32(10_000) {
		counter, key := [4]uint32{i, 7, 1, 0}, [2]uint32{42, 0}
		a, b := Uniforms(counter, key)
		if !(a > 0 && a <= 1 && b >= 0 && b < 1) {
			t.Fatalf("counter %v: uniforms %v, %v are outside (0, 1] and [0, 1)", counter, a, b)
		}
		sin, cos := math.Sincos(2 * math.Pi * b)
		r := math.Sqrt(-2 * math.Log(a))
		z0, z1 := Normals(counter, key)
		if math.Abs(z0-r*cos) > 1e-14 || math.Abs(z1-r*sin) > 1e-14 {
			t.Fatalf("counter %v: got %v, %v, want %v, %v", counter, z0, z1, r*cos, r*sin)
		}
	}
}

// Moments of 2·10⁵ normal numbers, each within four and a half standard errors.
func TestMoments(t *testing.T) {
	const n = 200_000
	var sums [4]float64
	var product float64
	for i := range uint32(n / 2) {
		z0, z1 := Normals([4]uint32{i, 0, 0, 0}, [2]uint32{1, 0})
		product += z0 * z1
		for _, z := range [...]float64{z0, z1} {
			for p, power := 0, z; p < 4; p, power = p+1, power*z {
				sums[p] += power
			}
		}
	}
	// Moment p of the standard normal has mean m and its power the variance v.
	for p, want := range [...]struct{ m, v float64 }{{0, 1}, {1, 2}, {0, 15}, {3, 96}} {
		if got, bound := sums[p]/n, 4.5*math.Sqrt(want.v/n); math.Abs(got-want.m) > bound {
			t.Errorf("moment %d: got %v, want %v ± %v", p+1, got, want.m, bound)
		}
	}
	if got, bound := product/(n/2), 4.5/math.Sqrt(n/2); math.Abs(got) > bound {
		t.Errorf("covariance of the pair: %v, want 0 ± %v", got, bound)
	}
}

func BenchmarkNormals(b *testing.B) {
	var sum float64
	for i := range b.N {
		z0, z1 := Normals([4]uint32{uint32(i), 0, 0, 0}, [2]uint32{1, 0})
		sum += z0 + z1
	}
	if math.IsNaN(sum) {
		b.Fatal(sum)
	}
}

func TestFillNormalsEqualsNormals(t *testing.T) {
	counter, key := [4]uint32{7, 1 << 16, 12, 3}, [2]uint32{42, 1}
	for _, n := range []int{1, 2, 63, 64, 65, 200} {
		z0, z1 := make([]float64, n), make([]float64, n)
		counter[0] = 7
		FillNormals(z0, z1, counter, key)
		for i := range n {
			counter[0] = 7 + uint32(i)
			if a, b := Normals(counter, key); a != z0[i] || b != z1[i] {
				t.Fatalf("%d of %d: (%v, %v), one by one (%v, %v)", i, n, z0[i], z1[i], a, b)
			}
		}
	}
}

func BenchmarkFillNormals(b *testing.B) {
	z0, z1 := make([]float64, 84), make([]float64, 84)
	for i := 0; b.Loop(); i++ {
		FillNormals(z0, z1, [4]uint32{0, 0, uint32(i)}, [2]uint32{42})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/168, "ns/normal")
}
