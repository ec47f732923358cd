package engine

import (
	"math"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native"
)

// The gradient of a weight, and that of a delay that is read linearly, is the correlation Σ_n λ_i(n)·s_j(n − d) of the
// cotangents of a sum with the signal it read. It is added up in eight chains of fused multiply-adds, one for the steps
// with the same number mod 8, each with its latest step first, and the chains are joined in a fixed tree. So eight steps of
// an entry are one operation on vectors: the reverse pass lets cotangents wait until there is a block of steps.

// numChains is the number of chains of an entry.
const numChains = 8

// correlation is that of a sum's entries.
type correlation struct {
	edges   *edgeList
	block   int         // steps of a block
	chains  []float64   // [entry][8]
	waiting [][]float64 // by channel: cotangents of the steps of a block, [target][step]
	until   int         // the step after the last one that waits; 0 if none does
	// Machine code for whole blocks; nil if they are added up portably.
	code   *native.Correlation
	places *native.Places
}

// newCorrelation is that of a sum over so many channels, whose signals lie as stores say.
func newCorrelation(b *backend, edges *edgeList, stores []*signalStore) *correlation {
	c := &correlation{edges: edges, block: 32, chains: aligned.Float64s(numChains * len(edges.source))}
	if len(stores) > 1 {
		c.block = numChains // a chain takes the channels of a step one after another
	}
	for range stores {
		c.waiting = append(c.waiting, aligned.Float64s(edges.targets*c.block))
	}
	if c.code = b.correlation(c.block); c.code != nil {
		c.places = c.code.Places(edges.targets, edges.start, func(e int) int { return edges.before(e, stores[0]) })
	}
	return c
}

// before is where the samples of an entry begin in a store, beside where those of source 0 without delay do.
func (l *edgeList) before(e int, s *signalStore) int {
	at := int(l.source[e]) * s.stride
	if l.steps != nil {
		at -= int(l.steps[e])
	}
	return at
}

// wait takes the cotangents of step n.
func (c *correlation) wait(n, channel int, cotangent []float64) {
	if c.until == 0 {
		c.until = n + 1
	}
	waiting := c.waiting[channel][n%c.block:]
	for i, v := range cotangent {
		waiting[i*c.block] = v
	}
}

// add adds what waits since step n, the first one of a block or of what is kept.
func (c *correlation) add(n int, arrives []bool, stores []*signalStore) {
	to := c.until
	c.until = 0
	if c.places != nil && to-n == c.block {
		for ch, s := range stores {
			if arrives[ch] {
				c.code.Add(c.places, c.chains, c.waiting[ch], s.data[s.place(n):])
			}
		}
		return
	}
	for to > n {
		from := to - 1
		if to%numChains == 0 && to-numChains >= n {
			from = to - numChains
		}
		for ch, s := range stores {
			if arrives[ch] {
				c.addSteps(from, to, c.waiting[ch], s)
			}
		}
		to = from
	}
}

// addSteps adds steps from ≤ n < to that have different numbers mod 8.
func (c *correlation) addSteps(from, to int, waiting []float64, s *signalStore) {
	l, count := c.edges, to-from
	for i := range l.targets {
		cotangent := waiting[i*c.block+from%c.block:][:count]
		for e := l.start[i]; e < l.start[i+1]; e++ {
			chains := c.chains[int(e)*numChains+from%numChains:][:count]
			for k, v := range s.data[s.place(from)+l.before(int(e), s):][:count] {
				chains[k] = math.FMA(cotangent[k], v, chains[k])
			}
		}
	}
}

// join adds up the chains of every entry.
func (c *correlation) join() []float64 {
	sums := make([]float64, len(c.edges.source))
	for e := range sums {
		sums[e] = joinChains((*[numChains]float64)(c.chains[e*numChains:]))
	}
	return sums
}

// joinChains adds up eight chains in a fixed tree.
func joinChains(x *[numChains]float64) float64 {
	return ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]))
}

// edgeChains are the chains where the values differ from edge to edge, and are not kept: the products of every step are
// added at once.
type edgeChains [numChains][]float64

func newEdgeChains(edges int) *edgeChains {
	chains := new(edgeChains)
	for k := range chains {
		chains[k] = make([]float64, edges)
	}
	return chains
}

// correlate adds λ_i(n)·v_e to the chains of step n of a sum over values of edges, whose entry e has edge e as its source.
func (x *edgeChains) correlate(n int, l *edgeList, cotangent, values []float64) {
	chain := x[n%numChains]
	for i, c := range cotangent {
		from, to := l.start[i], l.start[i+1]
		axpy(chain[from:to], c, values[from:to])
	}
}

// join adds up the chains of every edge.
func (x *edgeChains) join() []float64 {
	sums := make([]float64, len(x[0]))
	for e := range sums {
		sums[e] = joinChains(&[numChains]float64{x[0][e], x[1][e], x[2][e], x[3][e], x[4][e], x[5][e], x[6][e], x[7][e]})
	}
	return sums
}
