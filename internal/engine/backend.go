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
	dense        map[[2]int]*native.Dense    // by rows and columns
	correlations map[int]*native.Correlation // by steps of a block
	laneBackend
}

func newBackend(form *native.Form) *backend {
	return &backend{form: form, rounds: map[struct{}]*native.Rounds{}, dense: map[[2]int]*native.Dense{}, correlations: map[int]*native.Correlation{}, laneBackend: newLaneBackend()}
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
	code := made(b, b.dense, [2]int{l.targets, l.sources}, func() (*native.Dense, error) { return b.form.NewDense(l.targets, l.sources) })
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
	return made(b, b.correlations, block, func() (*native.Correlation, error) { return b.form.NewCorrelation(block) })
}

// speed prepares machine code for sums of undelayed signals of so many lanes, and returns the list.
func (b *backend) speed(l *edgeList, lanes int) *edgeList {
	switch {
	case l.steps != nil:
	case lanes != 1:
		b.speedLanes(l, lanes)
	case l.direct == nil:
		l.direct = inHalves(l, 1, 1, 0, func(part *edgeList, _ int) stepSum {
			if p := b.productOf(part); p != nil {
				return productSum{p}
			}
			return b.sumOf(part, 0, func(e int) int { return int(part.source[e]) })
		})
	}
	return l
}
