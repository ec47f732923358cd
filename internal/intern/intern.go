// Package intern finds the values of a list again by what they are, so that equal ones are listed once. It holds the numbers of
// the values, not the values.
package intern

import "math/bits"

// Table is the numbers of a list's values by hashes of them. Its zero value is ready for use, by one goroutine at a time.
type Table struct {
	cells []cell // a power of two of them, at most half of which are taken
	taken int
}

// cell is a place of the table; above is 0 where it is free.
type cell struct {
	hash  uint32
	above int32 // one more than the number
}

// least is how many cells a table has at first.
const least = 64

// Find is the number that was added with a hash and is the wanted one, as same says; false if there is none.
func (t *Table) Find(hash uint64, same func(number int32) bool) (int32, bool) {
	if t.taken == 0 {
		return 0, false
	}
	short := shortened(hash)
	for at := int(short); ; at++ {
		c := &t.cells[at&(len(t.cells)-1)]
		if c.above == 0 {
			return 0, false
		}
		if c.hash == short && same(c.above-1) {
			return c.above - 1, true
		}
	}
}

// Add adds a number with a hash.
func (t *Table) Add(hash uint64, number int32) {
	if 2*t.taken >= len(t.cells) {
		t.grow()
	}
	t.taken++
	t.put(cell{shortened(hash), number + 1})
}

func (t *Table) grow() {
	before := t.cells
	t.cells = make([]cell, max(least, 4*len(before)))
	for _, c := range before {
		if c.above != 0 {
			t.put(c)
		}
	}
}

// put writes a cell to the first free place from that of its hash.
func (t *Table) put(c cell) {
	for at := int(c.hash); ; at++ {
		if place := &t.cells[at&(len(t.cells)-1)]; place.above == 0 {
			*place = c
			return
		}
	}
}

func shortened(hash uint64) uint32 { return uint32(hash ^ hash>>32) }

// Mix is a hash of what has a hash already and one more number.
func Mix(hash, x uint64) uint64 {
	const odd = 0x9E3779B97F4A7C15 // 2⁶⁴ over the golden ratio
	high, low := bits.Mul64(hash^odd, x^bits.RotateLeft64(odd, 32))
	return high ^ low
}
