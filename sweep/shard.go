package sweep

import (
	"fmt"
	"strconv"
	"strings"
)

// Shard is one of several parts of a sweep, counted from 1: part Number of Of. The parts are as equal as can be, in the order of
// rows, and depend on nothing but these numbers and the number of rows.
type Shard struct{ Number, Of int }

// ParseShard reads "2/7".
func ParseShard(text string) (Shard, error) {
	number, of, ok := strings.Cut(text, "/")
	n, err1 := strconv.Atoi(strings.TrimSpace(number))
	m, err2 := strconv.Atoi(strings.TrimSpace(of))
	if !ok || err1 != nil || err2 != nil {
		return Shard{}, fmt.Errorf("sweep: shard %q; wanted its number and how many there are, such as 1/4", text)
	}
	s := Shard{n, m}
	if s == (Shard{}) {
		return s, s.wrong()
	}
	return s, s.check()
}

func (s Shard) check() error {
	if s == (Shard{}) || 1 <= s.Number && s.Number <= s.Of {
		return nil
	}
	return s.wrong()
}

func (s Shard) wrong() error {
	if s.Of < 1 {
		return fmt.Errorf("sweep: shard %d/%d; wanted a number of shards of at least 1, such as 1/4", s.Number, s.Of)
	}
	return fmt.Errorf("sweep: shard %d/%d; shards are counted from 1 to %d", s.Number, s.Of, s.Of)
}

// rows are the first row of the shard and how many there are.
func (s Shard) rows(total int) (first, count int) {
	if s == (Shard{}) {
		return 0, total
	}
	first = cut(s.Number-1, s.Of, total)
	return first, cut(s.Number, s.Of, total) - first
}

// cut is ⌊n·total/of⌋ without overflow.
func cut(n, of, total int) int {
	return n*(total/of) + n*(total%of)/of
}
