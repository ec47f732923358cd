// Package decimal writes numbers as text in the fewest digits that are read back as the same bits. It holds
// nothing else, and no reading.
package decimal

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// Append appends x as strconv.AppendFloat(dst, x, 'g', -1, 64) does: the same bytes, in half of the time for the numbers that
// tables are full of, those with a magnitude from 10⁻³ to 10⁶.
//
// There x = m·2^e with 53 bits in m and e from −62 to −33, and all numbers between (m − ½)·2^e and (m + ½)·2^e are read back
// as x. Let k be the smallest for which that interval, times 10^k, is at least 1 long. It then holds a multiple of 10, and never
// two, which makes the shortest text; or none, and the whole number nearest to x does. As 5^k is below 2⁶⁴ all of this is
// exact: x·10^k = m·5^k/2^s with s = −e − k > 0, and no end of the interval is whole. A power of two, whose interval is not
// symmetric, and a number halfway between two whole ones are left to strconv.
func Append(dst []byte, x float64) []byte {
	b := math.Float64bits(x)
	m := b & (1<<52 - 1)
	if a := math.Abs(x); !(a >= 1e-3 && a < 1e6) || m == 0 {
		return strconv.AppendFloat(dst, x, 'g', -1, 64)
	}
	m |= 1 << 52
	minusE := 1075 - int(b>>52&0x7ff)
	k := decimals(minusE)
	s := uint(minusE - k)
	five := fives[k] // the interval's length, in units of 2^−s
	high, low := bits.Mul64(m, five)
	whole := high<<(64-s) | low>>s
	rest := low & (1<<s - 1)
	if rest == 1<<(s-1) {
		return strconv.AppendFloat(dst, x, 'g', -1, 64)
	}
	nearest := whole + rest>>(s-1)
	tenfold := whole - whole%10
	above := (whole-tenfold)<<s | rest // what x is above it, in units of 2^−s
	if 2*above < five {
		nearest = tenfold
	}
	if 2*(10<<s-above) < five {
		nearest = tenfold + 10
	}
	if b>>63 != 0 {
		dst = append(dst, '-')
	}
	return appendDecimal(dst, nearest, k)
}

// decimals is the smallest k with 10^k ≥ 2^n, for n from 33 to 62.
func decimals(n int) int { return (n*1233 + 4095) >> 12 } // 1233/4096 ≈ log₁₀ 2

var (
	fives = powers(5)
	tens  = powers(10)
)

// powers are b^0, b^1, …, as far as they are below 2⁶⁴ for b = 10.
func powers(b uint64) (p [20]uint64) {
	p[0] = 1
	for k := 1; k < len(p); k++ {
		p[k] = b * p[k-1]
	}
	return p
}

// appendDecimal appends digits·10^−k without zeros at its end, for k from 1 on.
func appendDecimal(dst []byte, digits uint64, k int) []byte {
	whole := digits / tens[k]
	digits -= whole * tens[k]
	dst = append(strconv.AppendUint(dst, whole, 10), '.')
	at := len(dst) + k
	dst = slices.Grow(dst, k)[:at]
	for ; k > 1; k -= 2 {
		q := digits / 100
		pair := 2 * (digits - 100*q)
		digits = q
		at -= 2
		dst[at], dst[at+1] = pairs[pair], pairs[pair+1]
	}
	if k == 1 {
		dst[at-1] = byte('0' + digits)
	}
	end := len(dst)
	for dst[end-1] == '0' {
		end--
	}
	if dst[end-1] == '.' {
		end--
	}
	return dst[:end]
}

// pairs are the numbers from 00 to 99.
const pairs = "00010203040506070809" + "10111213141516171819" + "20212223242526272829" + "30313233343536373839" + "40414243444546474849" +
	"50515253545556575859" + "60616263646566676869" + "70717273747576777879" + "80818283848586878889" + "90919293949596979899"
