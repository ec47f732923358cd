package space

import (
	"math"

	"github.com/neurograd/neurograd/internal/philox"
)

// Purposes of random numbers: those of different purposes are independent.
const (
	forDraws byte = iota
	forStrata
	forJitter
	forDigits
)

// stream is a source of random numbers of one axis, one element of its values and one purpose: Philox4x32-10
// under the seed as key, whose counter ends in a hash of the three. So the numbers do not depend on what else
// is in a space.
type stream struct {
	key, hash [2]uint32
}

// keyMask sets the keys apart from those of the noise with the same seed: "space" in ASCII.
const keyMask uint64 = 0x7370616365

// FNV-1a of 64 bits.
const (
	fnvOffset uint64 = 0xCBF29CE484222325
	fnvPrime  uint64 = 0x100000001B3
)

func hashOf(path string) uint64 {
	h := fnvOffset
	for i := range len(path) {
		h = (h ^ uint64(path[i])) * fnvPrime
	}
	return h
}

// newStream is the stream of an axis whose path has this hash.
func newStream(seed, path uint64, element int, purpose byte) stream {
	seed ^= keyMask
	h := (path ^ uint64(purpose)) * fnvPrime
	for e := uint64(element); e != 0; e >>= 8 {
		h = (h ^ e&0xFF) * fnvPrime
	}
	return stream{key: [2]uint32{uint32(seed), uint32(seed >> 32)}, hash: [2]uint32{uint32(h), uint32(h >> 32)}}
}

// uniform is the k-th number of the stream: uniform over the odd multiples of 2⁻⁵³ in (0, 1).
func (s stream) uniform(k uint32) float64 {
	_, b := philox.Uniforms([4]uint32{k, 0, s.hash[0], s.hash[1]}, s.key)
	return b + 0x1p-53
}

// words are 64 random bits, twice, of the address (a, b).
func (s stream) words(a, b uint32) (x, y uint64) {
	w := philox.Block([4]uint32{a, b, s.hash[0], s.hash[1]}, s.key)
	return uint64(w[0])<<32 | uint64(w[1]), uint64(w[2])<<32 | uint64(w[3])
}

// permutationRounds is how often a permutation mixes the two halves.
const permutationRounds = 6

// permute is the place of k under a random permutation of 0 … n−1, without a table: a Feistel network on the
// pairs (l, r) with l < a, r < b, a·b ≥ n; a place outside is permuted again until it is inside.
//
// Source: J. Black, P. Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002, doi:10.1007/3-540-45760-7_9.
func (s stream) permute(k, n uint32) uint32 {
	a := uint64(math.Ceil(math.Sqrt(float64(n))))
	b := (uint64(n) + a - 1) / a
	place := uint64(k)
	for {
		l, r := place/b, place%b
		for round := range uint32(permutationRounds) {
			if round%2 == 0 {
				x, _ := s.words(uint32(r), round)
				l = (l + x%a) % a
			} else {
				x, _ := s.words(uint32(l), round)
				r = (r + x%b) % b
			}
		}
		if place = l*b + r; place < uint64(n) {
			return uint32(place)
		}
	}
}

// within is (k+u)/n, the number at the share u of the k-th of n equal parts of (0, 1), never 1 where the sum rounds.
func within(k uint64, u float64, n uint64) float64 {
	return min(float64(k)+u, math.Nextafter(float64(k+1), 0)) / float64(n)
}
