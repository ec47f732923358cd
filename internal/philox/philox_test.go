package philox

import (
	"math"
	"math/bits"
	"testing"

	"github.com/neurograd/neurograd/internal/elem"
	"github.com/neurograd/neurograd/internal/native"
	"github.com/neurograd/neurograd/internal/program"
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

// eachFiller runs a test for every way to fill arrays with normals that this machine has.
func eachFiller(t *testing.T, test func(t *testing.T, f filler)) {
	t.Run("portable", func(t *testing.T) { test(t, newPortable()) })
	for _, form := range native.Forms() {
		t.Run(form.String(), func(t *testing.T) {
			c, err := form.NewPhilox(&transform().Levels[0])
			if err == nil {
				err = form.Available()
			}
			if err != nil {
				t.Skip(err)
			}
			test(t, c.NewCall())
		})
	}
}

// Every number of pairs, across the ends of turns, batches and calls; with other keys and counters in between.
func TestFillNormalsEqualsNormals(t *testing.T) { eachFiller(t, testFill) }

func testFill(t *testing.T, f filler) {
	lengths := []int{63, 64, 65, 84, 200, 6143, 6144, 6145, 12290}
	for n := range 50 {
		lengths = append(lengths, n)
	}
	for k, n := range lengths {
		counter := [4]uint32{uint32(math.MaxUint32 - 5*k), 1<<16 + uint32(k)*0x01234567, 12 + uint32(k)*0x89ABCDEF, uint32(k) << 29}
		key := [2]uint32{42 + uint32(k/2)*0xDEADBEEF, uint32(k/3) * 0xC0FFEE11}
		z0, z1 := make([]float64, n+1), make([]float64, n+1)
		z0[n], z1[n] = 7, 8
		f.Fill(z0[:n], z1[:n], counter, key)
		for i := range n {
			at := counter
			at[0] += uint32(i)
			if a, b := Normals(at, key); a != z0[i] || b != z1[i] {
				t.Fatalf("%d of %d: (%v, %v), one by one (%v, %v)", i, n, z0[i], z1[i], a, b)
			}
		}
		if z0[n] != 7 || z1[n] != 8 {
			t.Fatalf("%d pairs: what is behind them changed", n)
		}
	}
}

// counterOf is the counter that Block takes to the words: its rounds backwards.
func counterOf(words [4]uint32, key [2]uint32) [4]uint32 {
	inverse := func(m uint32) uint32 { // mod 2³², by Newton's method
		y := m
		for range 5 {
			y *= 2 - m*y
		}
		return y
	}
	c, k := words, key
	for range rounds - 1 {
		k[0] += weyl0
		k[1] += weyl1
	}
	for range rounds {
		c0, c2 := c[3]*inverse(multiplier0), c[1]*inverse(multiplier1)
		hi0, _ := bits.Mul32(multiplier0, c0)
		hi1, _ := bits.Mul32(multiplier1, c2)
		c = [4]uint32{c0, c[0] ^ hi1 ^ k[0], c2, c[2] ^ hi0 ^ k[1]}
		k[0] -= weyl0
		k[1] -= weyl1
	}
	return c
}

// The transform at the uniform numbers where it could go wrong: the ends, and around powers of 2 and √½ times these, eighths
// of a turn and others. The counters are those that give these numbers; each number is the first, the eighth or the last of 14.
func TestFillNormalsAtExtremes(t *testing.T) { eachFiller(t, testAt) }

func testAt(t *testing.T, f filler) {
	const least = 0x1p-52
	around := func(list []float64, x float64) []float64 {
		for _, y := range []float64{x - 2*least, x - least, x, x + least, x + 2*least} {
			if y >= 0 && y <= 1 {
				list = append(list, math.Round(y/least)*least)
			}
		}
		return list
	}
	var as, bs []float64
	for k := range 53 {
		as = around(around(as, math.Ldexp(1, -k)), math.Ldexp(math.Sqrt2, -k))
	}
	for k := range 17 {
		bs = around(bs, float64(k)/16)
	}
	bs = around(around(bs, 1/3.), 0x1p-40)
	key := [2]uint32{0x9E3779B1, 77}
	count := 0
	for _, a := range as {
		for _, b := range bs {
			if a == 0 || b == 1 {
				continue
			}
			A, B := uint64((1-a)/least)<<12|0x5A5, uint64(b/least)<<12|0xA5A
			words := [4]uint32{uint32(A >> 32), uint32(A), uint32(B >> 32), uint32(B)}
			counter := counterOf(words, key)
			if gotA, gotB := Uniforms(counter, key); gotA != a || gotB != b {
				t.Fatalf("counter %x gives %v, %v instead of %v, %v", counter, gotA, gotB, a, b)
			}
			m := program.Machine[float64](program.Scalar{})
			r := math.Sqrt(float64(-2 * elem.Log(m, a)))
			sin, cos := elem.SinCosTurns(m, b)
			want0, want1 := float64(r*cos), float64(r*sin)
			var z0, z1 [14]float64
			place := []uint32{0, 7, 13}[count%3]
			counter[0] -= place
			f.Fill(z0[:], z1[:], counter, key)
			if same := math.Float64bits(z0[place]) == math.Float64bits(want0) && math.Float64bits(z1[place]) == math.Float64bits(want1); !same {
				t.Fatalf("uniforms %x, %x: %x, %x, want %x, %x", a, b, z0[place], z1[place], want0, want1)
			}
			count++
		}
	}
	if count < 40_000 {
		t.Errorf("%d pairs are no test", count)
	}
}

func BenchmarkFillNormals(b *testing.B) {
	z0, z1 := make([]float64, 84), make([]float64, 84)
	for i := 0; b.Loop(); i++ {
		FillNormals(z0, z1, [4]uint32{0, 0, uint32(i)}, [2]uint32{42})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/168, "ns/normal")
}
