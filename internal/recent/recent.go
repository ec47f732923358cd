// Package recent keeps what was used last: a map that forgets. It holds nothing about what the values are, and no lock.
package recent

// Cache holds at most Limit values, and forgets the one that was not used for longest when there is one more. Its zero value
// with a Limit is ready for use, by one goroutine at a time.
type Cache[K comparable, V any] struct {
	Limit   int
	entries map[K]*entry[V]
	now     int // number of uses so far
}

type entry[V any] struct {
	value V
	used  int
}

// Get is the value of a key, if it is there.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	e, ok := c.entries[key]
	if !ok {
		return value, false
	}
	c.now++
	e.used = c.now
	return e.value, true
}

// Put stores a value.
func (c *Cache[K, V]) Put(key K, value V) {
	if c.entries == nil {
		c.entries = map[K]*entry[V]{}
	}
	c.now++
	c.entries[key] = &entry[V]{value, c.now}
	if len(c.entries) <= c.Limit {
		return
	}
	oldest := key
	for k, e := range c.entries { // no two were used at the same time, so the order does not matter
		if e.used < c.entries[oldest].used {
			oldest = k
		}
	}
	delete(c.entries, oldest)
}

// Len is the number of values.
func (c *Cache[K, V]) Len() int { return len(c.entries) }
