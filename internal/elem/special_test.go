package elem

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/neurograd/neurograd/internal/program"
)

var (
	inf  = math.Inf(1)
	nan  = math.NaN()
	zero = math.Copysign(0, -1) // −0
)

const smallest = 0x1p-1074

// same compares bits, with all NaN alike.
func same(a, b float64) bool {
	return a != a && b != b || math.Float64bits(a) == math.Float64bits(b)
}

// TestSpecialValues holds the values of C99 annex F and the limits of the functions C does not have.
func TestSpecialValues(t *testing.T) {
	halfPi := math.Pi / 2
	table := []struct {
		name   string
		f      func(program.Machine[float64], float64) float64
		values [][2]float64 // argument, result
	}{
		{"Exp", Exp[float64], [][2]float64{{0, 1}, {zero, 1}, {inf, inf}, {-inf, 0}, {710, inf}, {709.8, inf}, {1e300, inf}, {-746, 0}, {-1e300, 0}, {-745.13, smallest}, {smallest, 1}}},
		{"Expm1", Expm1[float64], [][2]float64{{0, 0}, {zero, zero}, {inf, inf}, {-inf, -1}, {-50, -1}, {709.8, inf}, {smallest, smallest}, {-smallest, -smallest}, {0x1p-1022, 0x1p-1022}}},
		{"Log", Log[float64], [][2]float64{{0, -inf}, {zero, -inf}, {1, 0}, {inf, inf}, {-1, nan}, {-smallest, nan}, {-inf, nan}, {smallest, -744.4400719213812}}},
		{"Log1p", Log1p[float64], [][2]float64{{0, 0}, {zero, zero}, {-1, -inf}, {inf, inf}, {-1.5, nan}, {-inf, nan}, {smallest, smallest}, {-smallest, -smallest}}},
		{"Sin", Sin[float64], [][2]float64{{0, 0}, {zero, zero}, {inf, nan}, {-inf, nan}, {smallest, smallest}, {-0x1p-1022, -0x1p-1022}, {1e300, 0}, {-1e300, zero}}},
		{"Cos", Cos[float64], [][2]float64{{0, 1}, {zero, 1}, {inf, nan}, {-inf, nan}, {smallest, 1}, {1e300, 1}}},
		{"Tan", Tan[float64], [][2]float64{{0, 0}, {zero, zero}, {inf, nan}, {-inf, nan}, {smallest, smallest}, {-0x1p-1022, -0x1p-1022}, {1e300, 0}}},
		{"Sinh", Sinh[float64], [][2]float64{{0, 0}, {zero, zero}, {inf, inf}, {-inf, -inf}, {711, inf}, {-1e300, -inf}, {smallest, smallest}, {-3 * smallest, -3 * smallest}}},
		{"Cosh", Cosh[float64], [][2]float64{{0, 1}, {zero, 1}, {inf, inf}, {-inf, inf}, {711, inf}, {-1e300, inf}, {smallest, 1}}},
		{"Tanh", Tanh[float64], [][2]float64{{0, 0}, {zero, zero}, {inf, 1}, {-inf, -1}, {30, 1}, {-1e300, -1}, {smallest, smallest}, {-smallest, -smallest}}},
		{"Atan", Atan[float64], [][2]float64{{0, 0}, {zero, zero}, {inf, halfPi}, {-inf, -halfPi}, {1, math.Pi / 4}, {1e300, halfPi}, {smallest, smallest}, {-smallest, -smallest}}},
		{"Sigmoid", Sigmoid[float64], [][2]float64{{0, 0.5}, {zero, 0.5}, {inf, 1}, {-inf, 0}, {1e300, 1}, {-1e300, 0}, {-745.13, smallest}, {40, 1}}},
		{"Softplus", Softplus[float64], [][2]float64{{0, math.Ln2}, {inf, inf}, {-inf, 0}, {1e300, 1e300}, {-1e300, 0}, {-745.13, smallest}}},
		{"Floor", Floor[float64], [][2]float64{{0, 0}, {zero, zero}, {0.5, 0}, {-0.5, -1}, {1.5, 1}, {2.5, 2}, {-1.5, -2}, {-smallest, -1}, {smallest, 0}, {inf, inf}, {-inf, -inf}, {1e300, 1e300}, {-3, -3}, {0x1p52 - 0.5, 0x1p52 - 1}}},
		{"Sign", Sign[float64], [][2]float64{{0, 0}, {zero, zero}, {smallest, 1}, {-smallest, -1}, {3, 1}, {-0.1, -1}, {inf, 1}, {-inf, -1}}},
		{"Linoid", Linoid[float64], [][2]float64{{0, 1}, {zero, 1}, {inf, inf}, {-inf, 0}, {1e300, 1e300}, {-1e300, 0}, {smallest, 1}, {-smallest, 1}, {-760, 0}, {100, 100}}},
		{"Linoid1", Linoid1[float64], [][2]float64{{0, 0.5}, {inf, 1}, {-inf, 0}, {1e300, 1}, {-1e300, 0}, {smallest, 0.5}}},
		{"Linoid2", Linoid2[float64], [][2]float64{{0, 1.0 / 6}, {inf, 0}, {-inf, 0}, {1e300, 0}, {-1e300, 0}, {smallest, 1.0 / 6}}},
	}
	for _, row := range table {
		for _, v := range append(row.values, [2]float64{nan, nan}) {
			if got := row.f(program.Scalar{}, v[0]); !same(got, v[1]) {
				t.Errorf("%s(%g) = %g, want %g", row.name, v[0], got, v[1])
			}
		}
	}
}

// TestLogPositive holds that it is Log where it is defined: for random bits, and around every power of 2 and √½ times that.
func TestLogPositive(t *testing.T) {
	check := func(x float64) {
		if got, want := LogPositive(program.Scalar{}, x), Log(program.Scalar{}, x); !same(got, want) {
			t.Fatalf("LogPositive(%x) = %x, Log is %x", x, got, want)
		}
	}
	for k := -1074; k <= 1023; k++ {
		for _, x := range []float64{math.Ldexp(1, k), math.Ldexp(sqrt2/2, k)} {
			for range 3 {
				x = math.Nextafter(x, 0)
			}
			for range 7 {
				if x > 0 {
					check(x)
				}
				x = math.Nextafter(x, inf)
			}
		}
	}
	r := rand.New(rand.NewPCG(8, 9))
	for range 200_000 {
		if x := math.Float64frombits(r.Uint64() >> 1); x > 0 && x < inf {
			check(x)
		}
		check(1 - float64(r.Uint64()>>12)*0x1p-52)
	}
	check(math.MaxFloat64)
}

// TestPowSpecialValues tries all pairs of unusual numbers against package math, which follows C99.
func TestPowSpecialValues(t *testing.T) {
	values := []float64{0, smallest, 0x1p-1022, 0.25, 0.5, 1 - 0x1p-53, 1, 1 + 0x1p-52, 1.5, 2, 3, 4, 1e10, 0x1p53 - 1, 0x1p53, 1e300, math.MaxFloat64, inf, nan}
	for _, a := range values {
		for _, b := range values {
			for i := range 4 {
				x, y := a, b
				if i&1 != 0 {
					x = -x
				}
				if i&2 != 0 {
					y = -y
				}
				got, want := Pow(program.Scalar{}, x, y), math.Pow(x, y)
				if l := math.Abs(b * math.Log(a)); a != 1 && l < 1000 { // neither NaN nor infinite
					if want != want {
						if got == got {
							t.Errorf("Pow(%g, %g) = %g, want NaN", x, y, got)
						}
						continue
					}
					// Package math gives the sign only: it is off by 1e-9 and more in places.
					ref := refPow(a, y)
					if e := ulps(math.Abs(got), ref); e > promise || math.Signbit(got) != math.Signbit(want) {
						t.Errorf("Pow(%g, %g) = %g, want %g", x, y, got, math.Copysign(ref.float(), want))
					}
				} else if !same(got, want) {
					t.Errorf("Pow(%g, %g) = %g, want %g", x, y, got, want)
				}
			}
		}
	}
	if got := Pow(program.Scalar{}, -2, 3); got != -8 {
		t.Errorf("Pow(-2, 3) = %.17g, want -8", got)
	}
}

func TestPowInt(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := -40; n <= 40; n++ {
		for range 100 {
			x := r.NormFloat64() * 3
			got, want := PowInt(program.Scalar{}, x, n), newBig().SetInt64(1)
			for range max(n, -n) {
				want.Mul(want, bigOf(x))
			}
			if n < 0 {
				want = bigDiv(bigOf(1), want)
			}
			d := fromBig(want)
			// The rounding errors of at most 2·log₂n products, each doubled by every later square.
			if e := ulps(got, d.wide(0)); math.Abs(d.hi) > 0x1p-1000 && math.Abs(d.hi) < 0x1p1000 && e > 1+1.5*math.Abs(float64(n)) {
				t.Errorf("PowInt(%g, %d) = %g: %g ulp", x, n, got, e)
			}
		}
	}
	for _, v := range []struct {
		x    float64
		n    int
		want float64
	}{{nan, 0, 1}, {0, 0, 1}, {nan, 2, nan}, {zero, 3, zero}, {zero, -1, -inf}, {-inf, 3, -inf}, {-inf, -2, 0}, {-3, 3, -27}, {2, -2, 0.25}, {2, math.MinInt, 0}, {7, 1, 7}} {
		if got := PowInt(program.Scalar{}, v.x, v.n); !same(got, v.want) {
			t.Errorf("PowInt(%g, %d) = %g, want %g", v.x, v.n, got, v.want)
		}
	}
}

// TestMod compares with exact rational arithmetic, rounded once.
func TestMod(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	check := func(a, b float64) {
		got := Mod(program.Scalar{}, a, b)
		ra, rb := new(big.Rat).SetFloat64(a), new(big.Rat).SetFloat64(b)
		q := new(big.Rat).Quo(ra, rb)
		n := new(big.Int).Div(q.Num(), q.Denom()) // Euclidean: the floor, as the denominator is positive
		rest := new(big.Rat).Sub(ra, new(big.Rat).Mul(rb, new(big.Rat).SetInt(n)))
		want, _ := rest.Float64()
		if want == b { // a rest that rounds to b is taken as 0
			want = 0
		}
		if got != want || math.Signbit(got) != math.Signbit(b) {
			t.Errorf("Mod(%.17g, %.17g) = %.17g, want %.17g", a, b, got, want)
		}
	}
	for range 8_000 {
		b := math.Ldexp(1+r.Float64(), r.IntN(40)-20)
		if r.IntN(2) == 0 {
			b = -b
		}
		check(r.NormFloat64()*math.Ldexp(1, r.IntN(60)-30), b)
		k := float64(r.IntN(1<<20) - 1<<19)
		check(k*b, b)
		check(math.Nextafter(k*b, inf), b)
		check(math.Nextafter(k*b, -inf), b)
	}
	check(-1e-20, 1)
	check(7, 3)
	check(-7, 3)
	check(7, -3)
	for _, v := range [][3]float64{{0, 1, 0}, {1, 0, nan}, {inf, 1, nan}, {nan, 1, nan}, {1, nan, nan}, {1, inf, nan}, {zero, -2, zero}} {
		if got := Mod(program.Scalar{}, v[0], v[1]); !same(got, v[2]) {
			t.Errorf("Mod(%g, %g) = %g, want %g", v[0], v[1], got, v[2])
		}
	}
	for range 1000 {
		a, b := math.Ldexp(r.NormFloat64(), r.IntN(1000)), math.Ldexp(1+r.Float64(), r.IntN(100)-50)
		if got := Mod(program.Scalar{}, a, b); !(got >= 0 && got < b) && got == got {
			t.Errorf("Mod(%g, %g) = %g outside [0, b)", a, b, got)
		}
	}
}

// TestSinCosRange holds sin and cos to [−1, 1] where they are nearest to its ends, and everywhere.
func TestSinCosRange(t *testing.T) {
	check := func(x float64) {
		s, c := Sin(program.Scalar{}, x), Cos(program.Scalar{}, x)
		if !(math.Abs(s) <= 1 && math.Abs(c) <= 1) {
			t.Errorf("sin, cos of %.17g = %.17g, %.17g", x, s, c)
		}
	}
	for k := range 20_000 {
		x := float64(k) * (math.Pi / 2)
		for range 9 {
			check(x)
			x = math.Nextafter(x, 0)
		}
		check(float64(k)*math.Pi/2 + 1e-8)
	}
	r := rand.New(rand.NewPCG(7, 8))
	for range 200_000 {
		check(math.Ldexp(1+r.Float64(), r.IntN(1024)))
	}
	for u := 0.0; u < 1; u += 1.0 / 8192 {
		s, c := SinCosTurns(program.Scalar{}, u)
		if math.Abs(s) > 1 || math.Abs(c) > 1 || math.Abs(s*s+c*c-1) > 1e-15 {
			t.Errorf("sin, cos of %g turns = %.17g, %.17g", u, s, c)
		}
	}
	for i, want := range [][2]float64{{0, 1}, {1, 0}, {0, -1}, {-1, 0}} {
		if s, c := SinCosTurns(program.Scalar{}, float64(i)/4); s != want[0] || c != want[1] {
			t.Errorf("%d quarter turns: %g, %g, want %v", i, s, c, want)
		}
	}
}
