package space

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/philox"
)

// numbers are all values of an axis of a space, flattened.
func numbers(t *testing.T, s *Space, path string) []float64 {
	t.Helper()
	var list []float64
	for p, err := range s.All() {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p.Values(path)...)
	}
	return list
}

// The distribution function by package math is the oracle of the quantile.
func TestNormalQuantile(t *testing.T) {
	check := func(p float64) {
		z := normalQuantile(p)
		back := math.Erfc(-z/math.Sqrt2) / 2
		density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
		// An error dz of z is an error density·dz of p; Erfc itself errs by about z²/2 roundings of its argument.
		if tolerance := 4e-16*p + density*4e-16*max(1, math.Abs(z)); math.Abs(back-p) > 4*tolerance {
			t.Errorf("p = %v: z = %v, Φ(z) = %v", p, z, back)
		}
	}
	for k := 1; k < 2000; k++ {
		check(float64(k) / 2000)
	}
	for k := 1; k < 54; k++ {
		p := math.Ldexp(1, -k)
		check(p)
		check(p * 1.3)
		if z, mirror := normalQuantile(p), normalQuantile(1-p); z != -mirror {
			t.Errorf("p = 2^-%d: quantiles %v and %v of 1−p", k, z, mirror)
		}
	}
	for p, want := range map[float64]float64{0.5: 0, 0.975: 1.959963984540054, 1e-10: -6.361340902404056, 0x1p-53: -8.209536151601387, 0.3: -0.5244005127080409} {
		if z := normalQuantile(p); math.Abs(z-want) > 1e-15*math.Abs(want)*2 {
			t.Errorf("quantile %v = %v, want %v", p, z, want)
		}
	}
}

// The address of a draw, as the package comment has it.
func TestDrawAddress(t *testing.T) {
	const seed = 0xFEDC_BA98_7654_3210
	path := "dynamics.J_N"
	s := Axis(path, Uniform(0, 1, 10).Each(300)).Seed(seed)
	for _, c := range []struct {
		i, element int
		bytes      []byte
	}{{0, 0, nil}, {3, 1, []byte{1}}, {9, 258, []byte{2, 1}}, {9, 256, []byte{0, 1}}} {
		h := fnv.New64a()
		h.Write([]byte(path))
		h.Write([]byte{0})
		h.Write(c.bytes)
		key := uint64(seed) ^ 0x7370616365
		_, b := philox.Uniforms([4]uint32{uint32(c.i), 0, uint32(h.Sum64()), uint32(h.Sum64() >> 32)}, [2]uint32{uint32(key), uint32(key >> 32)})
		p, err := s.Point(c.i)
		if err != nil || p.Values(path)[c.element] != b+math.Ldexp(1, -53) {
			t.Errorf("value %d, element %d: %v, want %v; %v", c.i, c.element, p.Values(path)[c.element], b, err)
		}
	}
}

// Draws that must not change from version to version, nor from machine to machine.
func TestGoldenDraws(t *testing.T) {
	a := Axis("dynamics.J_N", Normal(0.2, 0.1, 4))
	for _, c := range []struct {
		s    *Space
		want []float64
	}{
		{Axis("dynamics.J_N", Uniform(0, 1, 4)), []float64{0.5508888842156817, 0.9298296009730075, 0.910736065179932, 0.14317529339195378}},
		{a, []float64{0.2127907429354906, 0.34745231176732627, 0.33453015611244147, 0.09338383764670483}},
		{a.Seed(42), []float64{0.21742311566829564, 0.16454718873765964, 0.3749725001692722, 0.2216162254207647}},
		{LatinHypercube(a), []float64{0.15211304856417493, 0.3732467811665135, 0.23561157567570404, 0.09704302359753124}},
		{Sobol(a), []float64{0.2572194335488127, 0.1945325072671278, 0.11709230209712375, 0.30928154005735287}},
		{Halton(a), []float64{0.18641612837300112, 0.2905004689462348, 0.09925621425297788, 0.20296222924673737}},
		{Axis("x", LogUniform(0.1, 10, 4)), []float64{0.2617965072732941, 8.784556595864286, 1.7521127738196758, 0.35966538068353593}},
		{Axis("x", LogNormal(0, 1, 4)), []float64{0.44487638920324046, 6.745394636059233, 1.3636456876489553, 0.5549127955306932}},
	} {
		if got := numbers(t, c.s, c.s.Paths()[0]); !slices.Equal(got, c.want) {
			t.Errorf("%s: %#v, want %v", c.s, got, c.want)
		}
	}
}

// Moments of many draws, within five standard errors.
func TestMoments(t *testing.T) {
	const n = 40_000
	for _, c := range []struct {
		values         Values
		mean, variance float64
		fourth         float64 // central moment
	}{
		{Uniform(-1, 2, n), 0.5, 9. / 12, 81. / 80},
		{Normal(3, 0.5, n), 3, 0.25, 3 * 0.0625},
		{Normal(3, 0.5, n/8).Each(2, 4), 3, 0.25, 3 * 0.0625},
		{Draw(wedge{3}, n), 2, 0.5, 2.4 * 0.25},
	} {
		x := numbers(t, Axis("x", c.values), "x")
		var mean, variance float64
		for _, v := range x {
			mean += v / n
		}
		for _, v := range x {
			variance += (v - c.mean) * (v - c.mean) / n
		}
		if e := 5 * math.Sqrt(c.variance/n); math.Abs(mean-c.mean) > e {
			t.Errorf("mean %v, want %v ± %v", mean, c.mean, e)
		}
		if e := 5 * math.Sqrt((c.fourth-c.variance*c.variance)/n); math.Abs(variance-c.variance) > e {
			t.Errorf("variance %v, want %v ± %v", variance, c.variance, e)
		}
	}
	for _, c := range []struct {
		values Values
		of     func(x float64) float64
	}{{LogUniform(0.1, 10, n), func(x float64) float64 { return math.Log10(x*10) / 2 }}, {LogNormal(1, 2, n), func(x float64) float64 { return math.Erfc((1-math.Log(x))/2/math.Sqrt2) / 2 }},
		{Normal(1, 2, n), func(x float64) float64 { return math.Erfc((1-x)/2/math.Sqrt2) / 2 }}} {
		// The greatest distance from the distribution function (Kolmogorov–Smirnov) exceeds 2.2/√n once in 10⁴.
		x := numbers(t, Axis("x", c.values), "x")
		slices.Sort(x)
		distance := 0.0
		for k, v := range x {
			distance = max(distance, math.Abs(c.of(v)-(float64(k)+0.5)/n))
		}
		if distance > 2.2/math.Sqrt(n) {
			t.Errorf("distribution is off by %v", distance)
		}
	}
}

// wedge is a distribution that is not of the package: the density rises in proportion from 0 to Max.
type wedge struct{ Max float64 }

func (d wedge) Quantile(p float64) float64 { return d.Max * math.Sqrt(p) }

// cube is a design of uniform draws on the unit cube, [axis][point].
func cube(t *testing.T, of func(...*Space) *Space, dimensions, n int, seed uint64) [][]float64 {
	t.Helper()
	var axes []*Space
	for d := range dimensions {
		axes = append(axes, Axis(names[d], Uniform(0, 1, n)))
	}
	s := of(axes...).Seed(seed)
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	x := make([][]float64, dimensions)
	for p, err := range s.All() {
		if err != nil {
			t.Fatal(err)
		}
		for d := range x {
			x[d] = append(x[d], p.numbers[d])
		}
	}
	return x
}

// filled says whether each of the parts, numbered by of, holds just one point.
func filled(n int, of func(i int) int) bool {
	seen := make([]bool, n)
	for i := range n {
		k := of(i)
		if k < 0 || k >= n || seen[k] {
			return false
		}
		seen[k] = true
	}
	return true
}

// Every axis of a Latin hypercube has one point in each of n parts, for any n; of a sequence, for powers of the base.
func TestStrata(t *testing.T) {
	for _, c := range []struct {
		name       string
		of         func(...*Space) *Space
		dimensions int
		sizes      []int
	}{
		{"latin", LatinHypercube, 6, []int{1, 2, 3, 5, 10, 97, 1000}},
		{"sobol", Sobol, 20, []int{1, 2, 4, 64, 1024}},
		{"halton", Halton, 5, []int{1, 2, 32, 3, 27, 5, 125, 7, 49, 11, 121}},
	} {
		for _, n := range c.sizes {
			for d, x := range cube(t, c.of, c.dimensions, n, 3) {
				if base := int(primes(5)[d%5]); c.name == "halton" && n%base != 0 && n > 1 {
					continue
				}
				if !filled(n, func(i int) int { return int(x[i] * float64(n)) }) {
					t.Errorf("%s: %d points do not fill as many parts of axis %d: %v", c.name, n, d, x[:min(n, 10)])
				}
			}
		}
	}
}

// The first two dimensions of Sobol's sequence are a (0, m, 2)-net, scrambled or not: every box of 2^−k by 2^(k−m) holds one of
// 2^m points. The same holds for Halton's with boxes of 2^−k by 3^−l among 2^k·3^l points.
func TestNets(t *testing.T) {
	for seed := range uint64(3) {
		const m = 8
		x := cube(t, Sobol, 2, 1<<m, seed)
		for k := 0; k <= m; k++ {
			wide, high := math.Ldexp(1, k), math.Ldexp(1, m-k)
			if !filled(1<<m, func(i int) int { return int(x[0][i]*wide)*int(high) + int(x[1][i]*high) }) {
				t.Errorf("seed %d: boxes of 2^-%d by 2^-%d are not filled", seed, k, m-k)
			}
		}
		// The elements of one axis are dimensions, too.
		pair := numbers(t, Sobol(Axis("x", Uniform(0, 1, 1<<m).Each(2))).Seed(seed), "x")
		if !filled(1<<m, func(i int) int { return int(pair[2*i]*16)*16 + int(pair[2*i+1]*16) }) {
			t.Errorf("seed %d: boxes of the elements are not filled", seed)
		}
		const n = 16 * 27
		x = cube(t, Halton, 2, n, seed)
		if !filled(n, func(i int) int { return int(x[0][i]*16)*27 + int(x[1][i]*27) }) {
			t.Errorf("seed %d: boxes of Halton's sequence are not filled", seed)
		}
	}
}

// The unscrambled points as published.
func TestSobolPoints(t *testing.T) {
	// The first points in the order of Gray codes, times 8 (16 from the eighth on).
	for d, want := range [][]float64{
		{0, 4, 6, 2, 3, 7, 5, 1, 1.5, 5.5, 7.5, 3.5, 2.5, 6.5, 4.5, 0.5},
		{0, 4, 2, 6, 3, 7, 1, 5, 2.5, 6.5, 0.5, 4.5, 1.5, 5.5, 3.5, 7.5},
	} {
		for i, w := range want {
			if got := math.Ldexp(float64(sobolDigits(i, d)), 3-wordBits); got != w {
				t.Errorf("point %d, dimension %d: %v, want %v", i, d, got, w)
			}
		}
	}
	// FNV-1a of the first 4096 points in all 128 dimensions, as 32-bit words, low byte first, by SciPy 1.17.1: qmc.Sobol(128, scramble=False, bits=32).
	h := fnv.New64a()
	for i := range 4096 {
		for d := range sobolTable() {
			binary.Write(h, binary.LittleEndian, sobolDigits(i, d))
		}
	}
	if h.Sum64() != 0x516e66585e4d5925 {
		t.Errorf("hash of the points %#x in %d dimensions", h.Sum64(), len(sobolTable()))
	}
}

// Property A of Sobol: the leading bits of the first d direction numbers of the first d dimensions are a regular matrix modulo 2. It holds
// for each d ≤ 1111 of this table; it rests on the leading digits of the table alone. Direction numbers of 128 bits come from the recurrence on
// large integers; the first 32 of them are the oracle of the table.
func TestPropertyA(t *testing.T) {
	var leading [][]uint // [dimension][k], bit k−1 of m_k
	for d, line := range append([]string{"1 1 0 1"}, tableLines(t)...) {
		row, _ := integers(strings.Fields(line))
		s, a, m := row[1], row[2], []*big.Int{}
		for _, x := range row[3:] {
			m = append(m, big.NewInt(int64(x)))
		}
		for k := s; k < 128; k++ {
			next := new(big.Int).Set(m[k-s])
			if d > 0 { // the first dimension is 1 throughout
				next.Xor(next, new(big.Int).Lsh(m[k-s], uint(s)))
			}
			for j := 1; j < s; j++ {
				if a>>(s-1-j)&1 == 1 {
					next.Xor(next, new(big.Int).Lsh(m[k-j], uint(j)))
				}
			}
			m = append(m, next)
		}
		bits := make([]uint, 128)
		for k := range bits {
			bits[k] = m[k].Bit(k)
			if want := new(big.Int).Lsh(m[k], uint(max(0, wordBits-1-k))); k < wordBits && want.Uint64() != uint64(sobolTable()[d][k]) {
				t.Fatalf("dimension %d: v_%d = %#x, want %#x", d+1, k+1, sobolTable()[d][k], want)
			}
		}
		leading = append(leading, bits)
	}
	for d := 1; d <= len(leading); d++ {
		if rank(leading[:d], d) != d {
			t.Errorf("%d dimensions: the matrix is singular", d)
		}
	}
}

// rank is that of the first columns of a matrix modulo 2.
func rank(matrix [][]uint, columns int) int {
	rows := make([][]uint, len(matrix))
	for k := range rows {
		rows[k] = slices.Clone(matrix[k])
	}
	rank := 0
	for column := range columns {
		for k := rank; k < len(rows); k++ {
			if rows[k][column] == 0 {
				continue
			}
			rows[rank], rows[k] = rows[k], rows[rank]
			for j := rank + 1; j < len(rows); j++ {
				if rows[j][column] == 1 {
					for c := range rows[j] {
						rows[j][c] ^= rows[rank][c]
					}
				}
			}
			rank++
			break
		}
	}
	return rank
}

// tableLines are the lines of the table of direction numbers, from dimension 2 on.
func tableLines(t *testing.T) (lines []string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(joeKuo), "\n") {
		if !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	if len(lines) != 127 {
		t.Fatalf("%d lines", len(lines))
	}
	return lines
}

// The polynomials of the table are the primitive ones in order of degree and coefficients, one per dimension, and the initial
// numbers are odd and small enough.
func TestDirectionNumbers(t *testing.T) {
	degree, coefficients, dimension := 1, -1, 1
	for _, line := range tableLines(t) {
		dimension++
		for {
			if coefficients++; coefficients >= 1<<(degree-1) {
				degree, coefficients = degree+1, 0
			}
			if primitive(1<<degree|coefficients<<1|1, degree) {
				break
			}
		}
		row, ok := integers(strings.Fields(line))
		if !ok || row[0] != dimension || row[1] != degree || row[2] != coefficients || len(row) != 3+degree {
			t.Fatalf("line %q, want dimension %d, degree %d, coefficients %d", line, dimension, degree, coefficients)
		}
		for k, m := range row[3:] {
			if m%2 == 0 || m >= 2<<k {
				t.Errorf("line %q: m_%d = %d", line, k+1, m)
			}
		}
	}
}

// primitive says whether x generates all 2^s−1 elements but 0 modulo the polynomial, by counting.
func primitive(polynomial, s int) bool {
	x, order := 1, 0
	for {
		if x <<= 1; x>>s&1 == 1 {
			x ^= polynomial
		}
		if order++; x == 1 || order > 1<<s {
			return order == 1<<s-1
		}
	}
}

func TestHaltonPoints(t *testing.T) {
	for d, want := range [][]float64{
		{0, 1. / 2, 1. / 4, 3. / 4, 1. / 8, 5. / 8},
		{0, 1. / 3, 2. / 3, 1. / 9, 4. / 9, 7. / 9},
		{0, 1. / 5, 2. / 5, 3. / 5, 4. / 5, 1. / 25},
	} {
		for i, w := range want {
			x := haltonDigits(i, primes(3)[d])
			if got := float64(x.value) / math.Pow(float64(x.base), float64(x.places)); math.Abs(got-w) > 1e-15 {
				t.Errorf("point %d, dimension %d: %v, want %v", i, d, got, w)
			}
		}
	}
	if list := primes(25); list[0] != 2 || list[5] != 13 || list[24] != 97 {
		t.Errorf("primes %v", list)
	}
}

// discrepancy is the centred L2 discrepancy of points [axis][point] on the unit cube.
//
// Source: F. J. Hickernell, Math. Comp. 67 (1998), doi:10.1090/S0025-5718-98-00894-1, eq. 5.3.
func discrepancy(x [][]float64) float64 {
	n := len(x[0])
	single, double := 0.0, 0.0
	for i := range n {
		p := 1.0
		for _, axis := range x {
			u := math.Abs(axis[i] - 0.5)
			p *= 1 + u/2 - u*u/2
		}
		single += p
		for k := range n {
			q := 1.0
			for _, axis := range x {
				q *= 1 + math.Abs(axis[i]-0.5)/2 + math.Abs(axis[k]-0.5)/2 - math.Abs(axis[i]-axis[k])/2
			}
			double += q
		}
	}
	return math.Sqrt(math.Pow(13./12, float64(len(x))) - 2*single/float64(n) + double/float64(n*n))
}

// Designs fill a cube more evenly than independent draws, for every seed.
func TestDiscrepancy(t *testing.T) {
	for _, dimensions := range []int{2, 5} {
		for seed := range uint64(5) {
			const n = 128
			independent := discrepancy(cube(t, Zip, dimensions, n, seed))
			for _, c := range []struct {
				name  string
				of    func(...*Space) *Space
				share float64 // of the independent draws' discrepancy
			}{{"sobol", Sobol, 0.5}, {"halton", Halton, 0.6}, {"latin", LatinHypercube, 0.95}} {
				if d := discrepancy(cube(t, c.of, dimensions, n, seed)); d > c.share*independent {
					t.Errorf("%s, %d axes, seed %d: discrepancy %.4f, independent draws %.4f", c.name, dimensions, seed, d, independent)
				}
			}
		}
	}
}

// Over seeds, a placed point is uniform, pairs of axes are not correlated, and the part that a value of a hypercube lies in is any.
func TestRandomised(t *testing.T) {
	const seeds, n = 2000, 5
	for _, c := range []struct {
		name string
		of   func(...*Space) *Space
	}{{"latin", LatinHypercube}, {"sobol", Sobol}, {"halton", Halton}} {
		var mean, square, mixed [n]float64
		var counts [n][n]float64
		axes := []*Space{Axis("a", Uniform(-1, 1, n)), Axis("b", Uniform(-1, 1, n)), Axis("c", Uniform(-1, 1, n))}
		for seed := range uint64(seeds) {
			s := c.of(axes...).Seed(seed)
			for i := range n {
				p, _ := s.Point(i)
				a, b := p.Value("a"), p.Value("c")
				mean[i] += a / seeds
				square[i] += a * a / seeds
				mixed[i] += a * b / seeds
				counts[i][int((a+1)/2*n)]++
			}
		}
		for i := range n {
			// Standard errors of U(−1, 1): mean √(1/3), square √(4/45), product 1/3, each over √seeds.
			if e := 5 / math.Sqrt(seeds); math.Abs(mean[i]) > e*math.Sqrt(1./3) || math.Abs(square[i]-1./3) > e*math.Sqrt(4./45) || math.Abs(mixed[i]) > e/3 {
				t.Errorf("%s, point %d: mean %.3f, mean square %.3f, mean product of axes %.3f, want 0, 1/3, 0", c.name, i, mean[i], square[i], mixed[i])
			}
			for k, count := range counts[i] {
				if math.Abs(count-seeds/n) > 5*math.Sqrt(seeds*(1./n)*(1-1./n)) {
					t.Errorf("%s: point %d lies in part %d %v times, want about %d", c.name, i, k, count, seeds/n)
				}
			}
		}
	}
}

// The permutation takes every pair of places with equal probability.
func TestPermutation(t *testing.T) {
	for _, n := range []uint32{1, 2, 3, 4, 5, 7, 12} {
		const seeds = 3000
		counts := map[[2]uint32]int{}
		for seed := range uint64(seeds) {
			s := newStream(seed, hashOf("x"), 0, forStrata)
			if !filled(int(n), func(i int) int { return int(s.permute(uint32(i), n)) }) {
				t.Fatalf("n = %d, seed %d: not a permutation", n, seed)
			}
			counts[[2]uint32{s.permute(0, n), s.permute(n-1, n)}]++
		}
		pairs := max(1, int(n)*(int(n)-1))
		if len(counts) != pairs {
			t.Errorf("n = %d: %d pairs of places occur, want %d", n, len(counts), pairs)
		}
		for pair, count := range counts {
			p := 1 / float64(pairs)
			if math.Abs(float64(count)-seeds*p) > 5*math.Sqrt(seeds*p*(1-p)) {
				t.Errorf("n = %d: places %v %d times, want about %.0f", n, pair, count, seeds*p)
			}
		}
	}
	s := newStream(5, hashOf("x"), 0, forStrata)
	for _, n := range []uint32{1000, 1 << 16, 1<<16 + 1} {
		if !filled(int(n), func(i int) int { return int(s.permute(uint32(i), n)) }) {
			t.Errorf("n = %d: not a permutation", n)
		}
	}
	for _, k := range []uint32{0, 1, maxPoints - 1} {
		if got := s.permute(k, maxPoints); got >= maxPoints {
			t.Errorf("place %d of %d", got, maxPoints)
		}
	}
}

// Numbers stay inside (0, 1), and in their part but for the last rounding.
func TestWithin(t *testing.T) {
	for _, n := range []uint64{1, 2, 3, 97, 1 << 32, 3486784401} {
		for _, k := range []uint64{0, n / 2, n - 1} {
			for _, u := range []float64{0x1p-53, 0.5, 1 - 0x1p-53} {
				x, part := within(k, u, n), float64(k)/float64(n)
				if x <= 0 || x >= 1 || x < part || x > float64(k+1)/float64(n) {
					t.Errorf("%v of part %d of %d is %v", u, k, n, x)
				}
			}
		}
	}
}
