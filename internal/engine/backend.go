package engine

import (
	"slices"
	"sync"

	"github.com/neurograd/neurograd/internal/native"
)

// backend makes machine code for sums; nil adds them up portably. The bits are the same either way.
type backend struct {
	form         *native.Form
	mu           sync.Mutex
	rounds       map[struct{}]*native.Rounds // one, once it has been made
	dense        map[[3]int]*native.Dense    // by rows, columns and vectors
	correlations map[int]*native.Correlation // by steps of a block
	laneBackend
}

func newBackend(form *native.Form) *backend {
	return &backend{form: form, rounds: map[struct{}]*native.Rounds{}, dense: map[[3]int]*native.Dense{}, correlations: map[int]*native.Correlation{}, laneBackend: newLaneBackend()}
}

// made is the code of a key, which is made when it is first asked for; nil where that cannot be: it is done portably then.
func made[K comparable, C any](b *backend, codes map[K]*C, key K, make func() (*C, error)) *C {
	b.mu.Lock()
	defer b.mu.Unlock()
	code, ok := codes[key]
	if !ok {
		var err error
		if code, err = make(); err != nil {
			code = nil
		}
		codes[key] = code
	}
	return code
}

// stepSum writes sums over samples of one step. The sum of target i starts from start[i·stride], with the stride that it was made for.
type stepSum interface {
	Apply(out, start, samples []float64)
}

// sumOf packs the entries of a list, whose samples lie at place at(e); nil without machine code.
func (b *backend) sumOf(l *edgeList, stride int, at func(e int) int) stepSum {
	if b == nil || l.targets == 0 {
		return nil
	}
	code := made(b, b.rounds, struct{}{}, b.form.NewRounds)
	if code == nil {
		return nil
	}
	return code.List(l.targets, l.start, stride, func(e int) native.Entry { return native.Entry{Offset: 8 * at(e), Weight: l.weight[e]} })
}

// shortSum is the sums over short delays, of samples in rings of that length; nil without machine code. Where it pays, they
// are picked from the last samples of every source, else listed.
func (b *backend) shortSum(l *edgeList, stride, length int, places []int32) stepSum {
	if r := b.recentOf(l, length); r != nil {
		return recentSum{code: r, stride: stride}
	}
	return b.sumOf(l, stride, func(e int) int { return int(places[e]) })
}

// oldest is the delay of the first of the last 16 samples.
const oldest = 15

// recentOf picks the samples of short delays from the last ones of every source, in rings of that length; nil without machine
// code or where that does not pay.
func (b *backend) recentOf(l *edgeList, length int) *native.Recent {
	if b == nil || length < oldest || slices.ContainsFunc(l.steps, func(d int32) bool { return d > oldest }) {
		return nil
	}
	r, _ := b.form.NewRecent(l.targets, l.start, func(e int) native.Term {
		window := int(l.source[e])*2*length + length - oldest
		return native.Term{Offset: 8 * window, Place: oldest - int(l.steps[e]), Weight: l.weight[e]}
	})
	return r
}

// recentSum is a sum that is picked, in memory of one line.
type recentSum struct {
	code    *native.Recent
	stride  int
	scratch []float64 // nil until withScratch
}

func (r recentSum) Apply(out, start, samples []float64) {
	r.code.Sum(out, start, r.stride, samples, r.scratch)
}

// withScratch gives sums the memory that they need for themselves.
func withScratch(s stepSum) stepSum {
	switch s := s.(type) {
	case recentSum:
		s.scratch = s.code.Scratch()
		return s
	case *halved:
		h := *s
		h.parts = [2]stepSum{withScratch(s.parts[0]), withScratch(s.parts[1])}
		return &h
	}
	return s
}

// productsOf are the sums that a matrix [row][column] makes, begun at either end of it; none without machine code.
func (b *backend) productsOf(matrix []float64, rows, columns int) (ends [2]stepSum) {
	at := 0
	if rows*columns >= fewestHalved {
		at = rows / 2 / halfAlign * halfAlign
	}
	second := b.productOf(matrix[at*columns:], rows-at, columns, 1)
	if second == nil {
		return ends
	}
	var first *native.Product
	if at > 0 {
		first = b.productOf(matrix[:at*columns], at, columns, 1)
	}
	for k := range ends {
		ends[k] = productSum{second, k == 1}
		if first != nil {
			ends[k] = &halved{at: at, outStride: 1, parts: [2]stepSum{productSum{first, k == 1}, ends[k]}}
		}
	}
	return ends
}

// productOf is the matrix [row][column] with the code that multiplies it with one vector or two; nil without machine code.
func (b *backend) productOf(matrix []float64, rows, columns, vectors int) *native.Product {
	if b == nil {
		return nil
	}
	code := made(b, b.dense, [3]int{rows, columns, vectors}, func() (*native.Dense, error) { return b.form.NewDense(rows, columns, vectors) })
	if code == nil {
		return nil
	}
	return code.Product(matrix)
}

// correlation is the code for blocks of so many steps; nil without machine code.
func (b *backend) correlation(block int) *native.Correlation {
	if b == nil {
		return nil
	}
	return made(b, b.correlations, block, func() (*native.Correlation, error) { return b.form.NewCorrelation(block) })
}
