package engine

import (
	"math"
	"slices"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native"
)

// directSum is the sums of undelayed signals of so many lanes. Where most pairs of a target and a source have an edge, they are
// those of a full matrix, with 0 where there is none, while all signals are finite; else they go edge by edge, so that nobody
// is asked for a signal without an edge to it. The bits are the same either way, but for the sign of a zero that only products
// too small for any number make.
type directSum struct {
	edges  *edgeList
	lanes  int
	matrix []float64 // [target][source]; nil where edges are few or have weights by lane
	full   bool      // the matrix has no 0, so that it serves any signals
	// Machine code, of one lane and of several; nil if it is done portably.
	product     [2]stepSum // forth and back
	laneProduct *native.LaneProduct
	rounds      stepSum
	list        *native.LaneList
}

// densityOfMatrix is the share of edges from which reading the whole matrix in order is faster than a list.
const densityOfMatrix = 0.25

// newDirectSum prepares the sums over a list without delays.
func (b *backend) newDirectSum(l *edgeList, lanes int) *directSum {
	d := &directSum{edges: l.weighted(), lanes: lanes}
	pairs := l.targets * l.sources
	if edges := len(d.edges.weight); l.laneWeight == nil && edges > 0 && float64(edges) >= densityOfMatrix*float64(pairs) {
		d.full = edges == pairs
		d.matrix = d.edges.matrix()
		if lanes == 1 {
			d.product = b.productsOf(d.matrix, l.targets, l.sources)
		} else {
			d.laneProduct = b.laneProductOf(d.matrix, l.targets, l.sources, lanes)
		}
		return d
	}
	if lanes == 1 {
		d.rounds = inHalves(d.edges, 1, 1, 0, func(part *edgeList, _ int) stepSum {
			return b.sumOf(part, 0, func(e int) int { return int(part.source[e]) })
		})
	} else {
		d.list = b.laneList(d.edges, 1, lanes, native.LaneTargets{OutStride: lanes}, func(e int) int { return int(d.edges.source[e]) })
	}
	return d
}

// matrix has the weights of an undelayed list in their places [target][source].
func (l *edgeList) matrix() []float64 {
	if len(l.weight) == l.targets*l.sources {
		return l.weight
	}
	m := aligned.Float64s(l.targets * l.sources)
	for i := range l.targets {
		row := m[i*l.sources:]
		for e := l.start[i]; e < l.start[i+1]; e++ {
			row[l.source[e]] = l.weight[e]
		}
	}
	return m
}

// weighted is the list without the entries of weight 0.
func (l *edgeList) weighted() *edgeList {
	if l.laneWeight != nil || !slices.Contains(l.weight, 0) {
		return l
	}
	w := newEdgeList(l.targets, l.sources, len(l.weight), false)
	for i := range l.targets {
		for e := l.start[i]; e < l.start[i+1]; e++ {
			if l.weight[e] != 0 {
				w.add(int32(i), l.source[e], l.weight[e], int(l.edge[e]))
			}
		}
	}
	w.finish()
	return w
}

// apply computes the sums of signals [source][lane] at a step, whose number decides only where a matrix is begun: what the step
// before has read last is read first, as it is still in the first-level cache. finite says that the signals are known to be.
func (d *directSum) apply(c *crew, step int, out, signal []float64, finite bool) {
	switch {
	case d.matrix != nil && (d.full || finite || allFinite(signal)):
		d.multiply(c, step, out, signal)
	case d.rounds != nil:
		c.sum(d.rounds, out, nil, signal)
	case d.list != nil:
		d.list.Apply(out, nil, signal, d.edges.laneWeight)
	default:
		d.edges.apply(out, signal, d.lanes)
	}
}

// multiply is the product with the matrix.
func (d *directSum) multiply(c *crew, step int, out, signal []float64) {
	switch n := d.edges.sources; {
	case d.product[0] != nil:
		c.sum(d.product[step&1], out, nil, signal)
	case d.laneProduct != nil:
		d.laneProduct.Apply(out, signal)
	case d.lanes == 1:
		multiply(out, d.matrix, signal[:n])
	default:
		for i := range d.edges.targets {
			acc := out[i*d.lanes : (i+1)*d.lanes]
			clear(acc)
			for j, w := range d.matrix[i*n:][:n] {
				axpy(acc, w, signal[j*d.lanes:])
			}
		}
	}
}

// directPair is a directSum of one lane for two signals at once, whose weights are read once.
type directPair struct {
	*directSum
	code *native.Product
}

// newDirectPair is nil where the sums are not those of a matrix, or without machine code.
func (b *backend) newDirectPair(d *directSum) *directPair {
	if d.matrix == nil {
		return nil
	}
	code := b.productOf(d.matrix, d.edges.targets, d.edges.sources, 2)
	if code == nil {
		return nil
	}
	return &directPair{d, code}
}

// apply2 does what apply does for two signals; finite speaks of the first.
func (d *directPair) apply2(c *crew, step int, out0, signal0, out1, signal1 []float64, finite bool) {
	if !d.full && !((finite || allFinite(signal0)) && allFinite(signal1)) {
		d.apply(c, step, out0, signal0, finite)
		d.apply(c, step, out1, signal1, false)
		return
	}
	d.code.Apply2(step&1 == 1, out0, signal0, out1, signal1)
}

// multiply is out = matrix·signal, four targets at a time, which hides the latency of each target's own chain.
func multiply(out, matrix, signal []float64) {
	n, i := len(signal), 0
	for ; i+4 <= len(out); i += 4 {
		w := matrix[i*n:][:4*n]
		w0, w1, w2, w3 := w[:n], w[n:2*n], w[2*n:3*n], w[3*n:4*n]
		var a0, a1, a2, a3 float64
		for j, s := range signal {
			a0 = math.FMA(w0[j], s, a0)
			a1 = math.FMA(w1[j], s, a1)
			a2 = math.FMA(w2[j], s, a2)
			a3 = math.FMA(w3[j], s, a3)
		}
		out[i], out[i+1], out[i+2], out[i+3] = a0, a1, a2, a3
	}
	for ; i < len(out); i++ {
		var acc float64
		for j, w := range matrix[i*n:][:n] {
			acc = math.FMA(w, signal[j], acc)
		}
		out[i] = acc
	}
}
