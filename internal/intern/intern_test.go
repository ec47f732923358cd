package intern_test

import (
	"math/rand/v2"
	"testing"

	"github.com/neurograd/neurograd/internal/intern"
)

// A table finds what a map finds, whatever the hashes: good ones, few, and one for all.
func TestTable(t *testing.T) {
	for name, hash := range map[string]func(x uint64) uint64{
		"mixed": func(x uint64) uint64 { return intern.Mix(1, x) },
		"few":   func(x uint64) uint64 { return x % 7 << 40 },
		"equal": func(uint64) uint64 { return 3 },
	} {
		var table intern.Table
		var list []uint64
		numbers := map[uint64]int32{}
		r := rand.New(rand.NewPCG(1, 2))
		for range 3000 {
			x := r.Uint64N(1000) * 0x100000001
			got, found := table.Find(hash(x), func(n int32) bool { return list[n] == x })
			want, known := numbers[x]
			if found != known || found && got != want {
				t.Fatalf("%s: %d is number %d, %v; want %d, %v", name, x, got, found, want, known)
			}
			if !known {
				numbers[x] = int32(len(list))
				table.Add(hash(x), int32(len(list)))
				list = append(list, x)
			}
		}
	}
}

// Numbers that are close have hashes that are not, in all places of a table.
func TestMix(t *testing.T) {
	const cells = 1 << 10
	var taken [cells]int
	for a := range uint64(32) {
		for b := range uint64(32) {
			h := intern.Mix(intern.Mix(0, a), b)
			taken[(h^h>>32)%cells]++
		}
	}
	for _, n := range taken {
		if n > 10 { // the most of a thousand cells with one each on average is 5 or 6
			t.Fatalf("%d of %d numbers have one place", n, cells)
		}
	}
}
