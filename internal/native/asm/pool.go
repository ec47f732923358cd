package asm

import (
	"encoding/binary"
	"math"

	"github.com/neurograd/neurograd/internal/intern"
)

// poolAlign is the alignment of the pool, and of what Align can ask for: one cache line.
const poolAlign = 64

// maxWords is the number of words of the longest constant, a vector of 512 bits.
const maxWords = 8

// constant is 1, 2, 4 or 8 words, aligned to its size.
type constant struct {
	words [maxWords]uint64
	count int
}

// pool are the constants of a function, each kept once.
type pool struct {
	list  []constant
	known intern.Table
}

// Words is a constant of 1, 2, 4 or 8 words, aligned to its size, behind the code.
func (a *Assembler) Words(words ...uint64) Mem {
	c := constant{count: len(words)}
	switch c.count {
	case 1, 2, 4, 8:
	default:
		a.fail("a constant has 1, 2, 4 or 8 words, not %d", len(words))
		return Mem{}
	}
	copy(c.words[:], words)
	p := &a.pool
	hash := uint64(c.count)
	for _, w := range words {
		hash = intern.Mix(hash, w)
	}
	i, known := p.known.Find(hash, func(i int32) bool { return p.list[i] == c })
	if !known {
		i = int32(len(p.list))
		p.known.Add(hash, i)
		p.list = append(p.list, c)
	}
	return Mem{constant: i + 1}
}

// Float64 is a constant of one number: for [Mem.Broadcast] and VBROADCASTSD.
func (a *Assembler) Float64(x float64) Mem { return a.Words(math.Float64bits(x)) }

// Splat is a constant vector of 2, 4 or 8 times the same number, as instructions that cannot broadcast read it.
func (a *Assembler) Splat(x float64, n int) Mem {
	words := [maxWords]uint64{}
	for i := range words {
		words[i] = math.Float64bits(x)
	}
	return a.Words(words[:max(0, min(n, maxWords))]...)
}

// size is the number of bytes of all constants.
func (p *pool) size() int {
	size := 0
	for i := range p.list {
		size += 8 * p.list[i].count
	}
	return size
}

// write appends the constants, the longest first so that each is aligned to its size, and returns where each one is.
func (p *pool) write(code []byte) (extended []byte, at []int) {
	at = make([]int, len(p.list))
	for count := maxWords; count > 0; count /= 2 {
		for i := range p.list {
			c := &p.list[i]
			if c.count != count {
				continue
			}
			at[i] = len(code)
			for _, w := range c.words[:count] {
				code = binary.LittleEndian.AppendUint64(code, w)
			}
		}
	}
	return code, at
}
