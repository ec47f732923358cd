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
	rounds       map[int]*native.Rounds      // by K
	dense        map[[2]int]*native.Dense    // by rows and columns
	correlations map[int]*native.Correlation // by steps of a block
	laneBackend
}

func newBackend(form *native.Form) *backend {
	return &backend{form: form, rounds: map[int]*native.Rounds{}, dense: map[[2]int]*native.Dense{}, correlations: map[int]*native.Correlation{}, laneBackend: newLaneBackend()}
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
		code, _ = b.form.NewRounds(k) // nil on an error: portably then
		b.rounds[k] = code
	}
	if code == nil {
		return nil
	}
	return &roundSum{code, code.List(l.targets, l.start, func(e int) native.Entry { return native.Entry{Offset: 8 * at(e), Weight: l.weight[e]} })}
}

// stepSum writes the sums over one step's samples that begin with start[target·stride].
type stepSum interface {
	add(out, start []float64, stride int, samples []float64)
}

// shortSum is the sums over short delays, of samples in rings of that length; nil without machine code. Where it pays, they
// are picked from the last samples of every source, else listed.
func (b *backend) shortSum(l *edgeList, length int, places []int32) stepSum {
	if r := b.recentOf(l, length); r != nil {
		return r
	}
	if r := b.sumOf(1, l, func(e int) int { return int(places[e]) }); r != nil {
		return r
	}
	return nil
}

// oldest is the delay of the first of the last 16 samples.
const oldest = 15

func (b *backend) recentOf(l *edgeList, length int) stepSum {
	if b == nil || length < oldest || slices.ContainsFunc(l.steps, func(d int32) bool { return d > oldest }) {
		return nil
	}
	r, _ := b.form.NewRecent(l.targets, l.start, func(e int) native.Term {
		window := int(l.source[e])*2*length + length - oldest
		return native.Term{Offset: 8 * window, Place: oldest - int(l.steps[e]), Weight: l.weight[e]}
	})
	if r == nil {
		return nil
	}
	return recentSum{r}
}

// recentSum is a sum that is picked.
type recentSum struct{ code *native.Recent }

func (r recentSum) add(out, start []float64, stride int, samples []float64) {
	r.code.Sum(out, start, stride, samples)
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
		code, _ = b.form.NewDense(l.targets, l.sources)
		b.dense[key] = code
	}
	if code == nil {
		return nil
	}
	return code.Product(l.weight)
}

// correlation is the code for blocks of so many steps; nil without machine code.
func (b *backend) correlation(block int) *native.Correlation {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	code, ok := b.correlations[block]
	if !ok {
		code, _ = b.form.NewCorrelation(block) // nil on an error: portably then
		b.correlations[block] = code
	}
	return code
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
	case lanes != 1:
		b.speedLanes(l, lanes)
	case l.product == nil && l.rounds == nil:
		if l.product = b.productOf(l); l.product == nil {
			l.rounds = b.sumOf(1, l, func(e int) int { return int(l.source[e]) })
		}
	}
	return l
}
