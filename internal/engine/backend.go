package engine

import (
	"sync"

	"github.com/neurograd/neurograd/internal/native"
)

// backend makes machine code for sums; nil adds them up portably. The bits are the same either way.
type backend struct {
	mu     sync.Mutex
	rounds map[int]*native.Rounds   // by K
	dense  map[[2]int]*native.Dense // by rows and columns
	laneBackend
}

func newBackend() *backend {
	return &backend{rounds: map[int]*native.Rounds{}, dense: map[[2]int]*native.Dense{}, laneBackend: newLaneBackend()}
}

// roundSum is the sums over a list of edges by machine code.
type roundSum struct {
	code *native.Rounds
	list *native.List
}

// sumOf packs the entries of a list for K samples each, which begin at place at(e); nil without machine code.
func (b *backend) sumOf(k int, l *edgeList, at func(e int) int) *roundSum {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	code, ok := b.rounds[k]
	if !ok {
		code, _ = native.NewRounds(k) // nil on an error: portably then
		b.rounds[k] = code
	}
	if code == nil {
		return nil
	}
	return &roundSum{code, code.List(l.targets, l.start, func(e int) native.Entry { return native.Entry{Offset: 8 * at(e), Weight: l.weight[e]} })}
}

// productOf is the list as a matrix, if it has all entries; nil if not, or without machine code.
func (b *backend) productOf(l *edgeList) *native.Product {
	if b == nil || len(l.weight) != l.targets*l.sources || len(l.weight) == 0 {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	key := [2]int{l.targets, l.sources}
	code, ok := b.dense[key]
	if !ok {
		code, _ = native.NewDense(l.targets, l.sources)
		b.dense[key] = code
	}
	if code == nil {
		return nil
	}
	return code.Product(l.weight)
}

// sum writes the sums over samples, [target][K].
func (r *roundSum) sum(out, samples []float64) {
	r.list.Clear()
	r.code.Apply(r.list, samples)
	r.list.Get(out)
}

// add writes the sums over samples that begin with start[target·stride].
func (r *roundSum) add(out, start []float64, stride int, samples []float64) {
	r.list.Set(start, stride)
	r.code.Apply(r.list, samples)
	r.list.Get(out)
}

// speed prepares machine code for sums of undelayed signals of so many lanes, and returns the list.
func (b *backend) speed(l *edgeList, lanes int) *edgeList {
	switch {
	case l.steps != nil:
	case lanes > 1:
		b.speedLanes(l, lanes)
	case l.product == nil && l.rounds == nil:
		if l.product = b.productOf(l); l.product == nil {
			l.rounds = b.sumOf(1, l, func(e int) int { return int(l.source[e]) })
		}
	}
	return l
}
