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
	rounds       *native.Rounds              // nil if it has not been made
	dense        map[[2]int]*native.Dense    // by rows and columns
	correlations map[int]*native.Correlation // by steps of a block
	laneBackend
}

func newBackend(form *native.Form) *backend {
	return &backend{form: form, dense: map[[2]int]*native.Dense{}, correlations: map[int]*native.Correlation{}, laneBackend: newLaneBackend()}
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
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rounds == nil {
		var err error
		if b.rounds, err = b.form.NewRounds(); err != nil {
			return nil // portably then
		}
	}
	return b.rounds.List(l.targets, l.start, stride, func(e int) native.Entry { return native.Entry{Offset: 8 * at(e), Weight: l.weight[e]} })
}

// shortSum is the sums over short delays, of samples in rings of that length; nil without machine code. Where it pays, they
// are picked from the last samples of every source, else listed.
func (b *backend) shortSum(l *edgeList, stride, length int, places []int32) stepSum {
	if r := b.recentOf(l, stride, length); r != nil {
		return r
	}
	return b.sumOf(l, stride, func(e int) int { return int(places[e]) })
}

// oldest is the delay of the first of the last 16 samples.
const oldest = 15

func (b *backend) recentOf(l *edgeList, stride, length int) stepSum {
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
	return recentSum{r, stride}
}

// recentSum is a sum that is picked.
type recentSum struct {
	code   *native.Recent
	stride int
}

func (r recentSum) Apply(out, start, samples []float64) { r.code.Sum(out, start, r.stride, samples) }

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

// speed prepares machine code for sums of undelayed signals of so many lanes, and returns the list.
func (b *backend) speed(l *edgeList, lanes int) *edgeList {
	switch {
	case l.steps != nil:
	case lanes != 1:
		b.speedLanes(l, lanes)
	case l.product == nil && l.rounds == nil:
		if l.product = b.productOf(l); l.product == nil {
			l.rounds = b.sumOf(l, 0, func(e int) int { return int(l.source[e]) })
		}
	}
	return l
}
