package recent

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestCache compares with a list of keys in the order of their use.
func TestCache(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, limit := range []int{1, 2, 7} {
		c := Cache[int, int]{Limit: limit}
		var order []int // the latest last
		values := map[int]int{}
		for use := range 2000 {
			key := r.IntN(2 * limit)
			at := slices.Index(order, key)
			if value, ok := c.Get(key); ok != (at >= 0) || ok && value != values[key] {
				t.Fatalf("limit %d, use %d: key %d has %v, %v; it should be there: %v, with %v", limit, use, key, value, ok, at >= 0, values[key])
			}
			put := at < 0 || r.IntN(4) == 0
			if put {
				c.Put(key, use)
				values[key] = use
			}
			if at >= 0 {
				order = slices.Delete(order, at, at+1)
			}
			if order = append(order, key); len(order) > limit {
				order = order[1:]
			}
			if c.Len() != len(order) {
				t.Fatalf("limit %d: %d values, want %d", limit, c.Len(), len(order))
			}
		}
	}
}
