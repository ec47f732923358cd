package space

import (
	"bufio"
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

// digits are the leading digits of a number in (0, 1): its first places in a base, as an integer.
type digits struct {
	base   uint32
	places int
	value  uint64 // Σ digit_j·base^(places−1−j)
}

// wordBits is how many binary digits of the Sobol sequence there are: as many as make 2³² points different.
const wordBits = 32

//go:embed joe_kuo.txt
var joeKuo string

// sobolTable holds, by dimension, the direction numbers v_1 … v_32 as fractions of 2³².
//
// With the primitive polynomial x^s + a_1·x^(s−1) + … + a_(s−1)·x + 1, whose a_i are the bits of a, and initial odd
// numbers m_1 … m_s,
//
//	m_k = 2·a_1·m_(k−1) ⊕ 2²·a_2·m_(k−2) ⊕ … ⊕ 2^(s−1)·a_(s−1)·m_(k−s+1) ⊕ 2^s·m_(k−s) ⊕ m_(k−s)
//	v_k = m_k / 2^k
//
// The first dimension has m_k = 1 throughout.
var sobolTable = sync.OnceValue(func() [][wordBits]uint32 {
	var first [wordBits]uint32
	for k := range first {
		first[k] = 1 << (wordBits - 1 - k)
	}
	table := [][wordBits]uint32{first}
	for lines := bufio.NewScanner(strings.NewReader(joeKuo)); lines.Scan(); {
		if line := lines.Text(); !strings.HasPrefix(line, "#") {
			table = append(table, directions(line))
		}
	}
	return table
})

// directions reads one line of the table: d, s, a, m_1 … m_s.
func directions(line string) (v [wordBits]uint32) {
	var row []uint64
	for _, field := range strings.Fields(line) {
		x, err := strconv.ParseUint(field, 10, 32)
		if err != nil {
			panic("space: table of direction numbers: " + err.Error())
		}
		row = append(row, x)
	}
	s, a, m := int(row[1]), row[2], row[3:]
	for k := s; k < wordBits; k++ {
		next := m[k-s]<<s ^ m[k-s]
		for j := 1; j < s; j++ {
			if a>>(s-1-j)&1 == 1 {
				next ^= m[k-j] << j
			}
		}
		m = append(m, next)
	}
	for k := range v {
		v[k] = uint32(m[k] << (wordBits - 1 - k))
	}
	return v
}

// sobolDigits are the binary digits of the i-th point of the Sobol sequence in one dimension, as a fraction of 2³²: ⊕ v_k over
// the bits k of the Gray code of i.
func sobolDigits(i, dimension int) uint32 {
	v := &sobolTable()[dimension]
	var x uint32
	for k, gray := 0, uint32(i)^uint32(i)>>1; gray != 0; k, gray = k+1, gray>>1 {
		if gray&1 == 1 {
			x ^= v[k]
		}
	}
	return x
}

// haltonDigits are the digits of the i-th point of the Halton sequence in the dimension of a prime base: those of i,
// reversed.
func haltonDigits(i int, base uint32) digits {
	d := digits{base: base}
	rest := uint64(i)
	for reach := uint64(1); reach < 1<<32; reach *= uint64(base) {
		d.value = d.value*uint64(base) + rest%uint64(base)
		rest /= uint64(base)
		d.places++
	}
	return d
}

// primes are the first n prime numbers.
func primes(n int) []uint32 {
	var list []uint32
	for candidate := uint32(2); len(list) < n; candidate++ {
		if isPrime(candidate, list) {
			list = append(list, candidate)
		}
	}
	return list
}

// isPrime says whether a number is prime, given all smaller primes.
func isPrime(n uint32, smaller []uint32) bool {
	for _, p := range smaller {
		if p*p > n {
			break
		}
		if n%p == 0 {
			return false
		}
	}
	return true
}

// scrambled is a number whose digits are those of the i-th point, each under an affine map that is drawn for the digits
// before it, y = (a·x + c) mod base with 0 < a < base and 0 ≤ c < base, and which lies anywhere beyond the last of them.
func (s stream) scrambled(i uint32, d digits) float64 {
	base, parts := uint64(d.base), uint64(1)
	for range d.places {
		parts *= base
	}
	var before, y uint64 // the digits so far, and what became of them
	rest := d.value
	for place, weight := uint32(1), parts; weight > 1; place++ {
		weight /= base
		x := rest / weight
		rest -= x * weight
		first, second := s.words(uint32(before), place)
		a, c := 1+first%(base-1), second%base
		y = y*base + (a*x+c)%base
		before = before*base + x
	}
	return within(y, s.uniform(i), parts)
}

// groupBits is how many binary digits one random word serves: a tree of six levels has 63 inner nodes.
const groupBits = 6

// flipped is a number whose binary digits x are those of the i-th point, each flipped or not as is drawn for the digits
// before it: the nested uniform scramble of Owen. The digits are taken six at a time; bit k of a word is for the k-th node of the tree
// of what these six may be, counted from its root, 1, level by level.
func (s stream) flipped(i, x uint32) float64 {
	var y uint32
	for place := 0; place < wordBits; place += groupBits {
		word, _ := s.words(uint32(uint64(x)>>(wordBits-place)), uint32(place+1))
		node := 1
		for k := place; k < min(place+groupBits, wordBits); k++ {
			bit := x >> (wordBits - 1 - k) & 1
			y = y<<1 | (bit ^ uint32(word>>node&1))
			node = node<<1 | int(bit)
		}
	}
	return within(uint64(y), s.uniform(i), 1<<wordBits)
}
