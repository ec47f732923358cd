package decimal

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"
)

func check(t *testing.T, x float64) {
	t.Helper()
	if got, want := string(Append([]byte("x,"), x)), "x,"+strconv.FormatFloat(x, 'g', -1, 64); got != want {
		t.Fatalf("%b: %q, want %q", x, got, want)
	}
}

// Every text is that of package strconv: at the ends of the range that is written here, around powers of two and of ten, with few
// digits, and for random numbers of every size.
func TestAppend(t *testing.T) {
	for _, x := range []float64{0, math.Copysign(0, -1), 1, 0.5, 10, 100, 123456, 1e5, 2e5, 999999, 1e6, 1234567, 0.001, 0.0012, 0.0009, 1e-4, 1e-5, 0.3, 1.0 / 3, math.Pi,
		5e-324, math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN()} {
		check(t, x)
		check(t, -x)
	}
	around := func(x float64) {
		up, down := x, x
		for range 50 {
			check(t, up)
			check(t, -down)
			up, down = math.Nextafter(up, math.Inf(1)), math.Nextafter(down, 0)
		}
	}
	for n := -20; n <= 25; n++ {
		around(math.Ldexp(1, n))
		around(math.Ldexp(1.5, n)) // and other numbers of few bits, halfway between decimals
		around(math.Ldexp(1.375, n))
	}
	for n := -7; n <= 8; n++ {
		p, _ := strconv.ParseFloat("1e"+strconv.Itoa(n), 64)
		for d := 1; d <= 999; d++ {
			check(t, float64(d)*p)
			check(t, float64(d)/(1/p))
		}
		around(p)
	}
	draw := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		check(t, draw.Float64())
		check(t, draw.NormFloat64()*100)
		check(t, math.Ldexp(draw.Float64()-0.5, draw.IntN(60)-30))
		check(t, float64(draw.IntN(2_000_000)-1_000_000)/1000)
		check(t, math.Float64frombits(draw.Uint64()))
	}
}

// For every exponent within the range, the interval that is read back as the same number is at least 1 and less than 10 long once it is
// multiplied by 10^k, and the shifts and sums of Append stay within 64 bits.
func TestDecimals(t *testing.T) {
	for n := 33; n <= 62; n++ {
		k := decimals(n)
		length := new(big.Rat).SetFrac(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(k)), nil), new(big.Int).Lsh(big.NewInt(1), uint(n)))
		if length.Cmp(big.NewRat(1, 1)) < 0 || length.Cmp(big.NewRat(10, 1)) >= 0 {
			t.Errorf("2^-%d·10^%d is %s", n, k, length.FloatString(3))
		}
		if s := n - k; s < 1 || s > 64-6 || k >= len(fives) {
			t.Errorf("exponent -%d: k is %d, s %d", n, k, s)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	var numbers [1000]float64
	draw := rand.New(rand.NewPCG(1, 2))
	for i := range numbers {
		numbers[i] = 0.16 + 0.8*draw.Float64()
	}
	for name, appendNumber := range map[string]func([]byte, float64) []byte{
		"decimal": Append,
		"strconv": func(dst []byte, x float64) []byte { return strconv.AppendFloat(dst, x, 'g', -1, 64) },
	} {
		b.Run(name, func(b *testing.B) {
			var line []byte
			for i := 0; b.Loop(); i++ {
				line = appendNumber(line[:0], numbers[i%len(numbers)])
			}
		})
	}
}
