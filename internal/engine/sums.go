package engine

import "math"

// This file and delayline.go hold the one linear operator of the engine: for every target i the sum
//
//	c_i(n) = Σ_j W_ij·s_j(n − d_ij)
//
// over the edges of a route. Each sum is one chain of fused multiply-adds that starts at 0: first the
// long edges (d ≥ K−1) by source, then the short ones by source. K is chosen from the delays alone, so
// the order of a sum belongs to the network and is the same for any backend, number of lanes or blocks.
// The adjoint is the same operator on transposed edges, backwards in time.

// edgeList is a route's edges as a run uses them, sorted by target, then source. An edge whose delay is
// read by linear interpolation has two entries, one for each of the samples, which follow each other.
type edgeList struct {
	targets, sources int       // number of nodes on either side
	start            []int32   // entries of target i: start[i]…start[i+1]
	source           []int32   // by entry
	weight           []float64 // by entry: the edge's weight times tap
	steps            []int32   // by entry: delay in steps; nil without delays
	tap              []float64 // by entry: share of the sample in what is read; nil if all are 1
	slope            []float64 // by entry: derivative of tap with respect to the delay in steps; as tap
	edge             []int32   // by entry: the edge's number in the graph
	entry            []int32   // by entry: its number in the list that this one was split from
	laneWeight       []float64 // [entry][lane]: weights that differ in lanes; nil if they do not
}

// newEdgeList is a list with room for so many entries, to be filled target by target.
func newEdgeList(targets, sources, entries int, delayed bool) *edgeList {
	l := &edgeList{targets: targets, sources: sources, start: make([]int32, targets+1), source: make([]int32, 0, entries),
		weight: make([]float64, 0, entries), edge: make([]int32, 0, entries), entry: make([]int32, 0, entries)}
	if delayed {
		l.steps, l.tap, l.slope = make([]int32, 0, entries), make([]float64, 0, entries), make([]float64, 0, entries)
	}
	return l
}

// add appends an entry of the target that is being listed.
func (l *edgeList) add(target, source int32, weight float64, edge int) {
	l.start[target+1]++
	l.source = append(l.source, source)
	l.weight = append(l.weight, weight)
	l.edge = append(l.edge, int32(edge))
	l.entry = append(l.entry, int32(len(l.entry)))
}

// addTap appends one sample of a delayed edge.
func (l *edgeList) addTap(target, source int32, weight float64, edge int, steps, tap, slope float64) {
	l.add(target, source, weight*tap, edge)
	l.steps = append(l.steps, int32(steps))
	l.tap = append(l.tap, tap)
	l.slope = append(l.slope, slope)
}

// finish turns the counts per target into starts.
func (l *edgeList) finish() {
	for i := range l.targets {
		l.start[i+1] += l.start[i]
	}
}

// smallestShare is the share of a sample up to which it need not be there: the rounding of a delay that is
// meant to be a whole number of steps.
const smallestShare = 1e-9

// reach is how many steps before the present the sums read with a share that counts.
func (l *edgeList) reach() int {
	reach := 0
	for e, steps := range l.steps {
		if l.tap[e] > smallestShare {
			reach = max(reach, int(steps))
		}
	}
	return reach
}

// transpose swaps the roles of targets and sources.
func (l *edgeList) transpose() *edgeList {
	t := &edgeList{targets: l.sources, sources: l.targets,
		start: make([]int32, l.sources+1), source: make([]int32, len(l.source)),
		weight: make([]float64, len(l.weight)), edge: make([]int32, len(l.edge))}
	if l.steps != nil {
		t.steps, t.tap = make([]int32, len(l.steps)), make([]float64, len(l.steps))
	}
	for _, j := range l.source {
		t.start[j+1]++
	}
	for j := range l.sources {
		t.start[j+1] += t.start[j]
	}
	next := append([]int32(nil), t.start...)
	for i := range l.targets {
		for e := l.start[i]; e < l.start[i+1]; e++ {
			j := l.source[e]
			k := next[j]
			next[j]++
			t.source[k], t.weight[k], t.edge[k] = int32(i), l.weight[e], l.edge[e]
			if l.steps != nil {
				t.steps[k], t.tap[k] = l.steps[e], l.tap[e]
			}
		}
	}
	return t
}

// split separates the edges with at least that many steps of delay from the others, keeping their order.
func (l *edgeList) split(least int32) (long, short *edgeList) {
	count := 0
	for _, d := range l.steps {
		if d >= least {
			count++
		}
	}
	pick := func(entries int, keep func(int32) bool) *edgeList {
		p := newEdgeList(l.targets, l.sources, entries, true)
		for i := range l.targets {
			for e := l.start[i]; e < l.start[i+1]; e++ {
				if keep(l.steps[e]) {
					p.source = append(p.source, l.source[e])
					p.weight = append(p.weight, l.weight[e])
					p.steps = append(p.steps, l.steps[e])
					p.tap = append(p.tap, l.tap[e])
					p.edge = append(p.edge, l.edge[e])
					p.entry = append(p.entry, int32(e))
				}
			}
			p.start[i+1] = int32(len(p.source))
		}
		return p
	}
	long, short = pick(count, func(d int32) bool { return d >= least }), pick(len(l.steps)-count, func(d int32) bool { return d < least })
	long.laneWeight, short.laneWeight = l.laneWeightsOf(long), l.laneWeightsOf(short)
	return long, short
}

// apply computes the sums of undelayed signals over lanes values per node.
func (l *edgeList) apply(out, signal []float64, lanes int) {
	if lanes == 1 && l.laneWeight == nil {
		l.apply1(out, signal)
		return
	}
	for i := range l.targets {
		acc := out[i*lanes : (i+1)*lanes]
		clear(acc)
		for e := l.start[i]; e < l.start[i+1]; e++ {
			l.addEntry(acc, int(e), signal[int(l.source[e])*lanes:])
		}
	}
}

// apply1 is apply for one lane, a number at a time.
func (l *edgeList) apply1(out, signal []float64) {
	for i := range out[:l.targets] {
		var acc float64
		row := l.source[l.start[i]:l.start[i+1]]
		weights := l.weight[l.start[i]:][:len(row)]
		for k, j := range row {
			acc = math.FMA(weights[k], signal[j], acc)
		}
		out[i] = acc
	}
}

// applyTangent adds Σ_j dW_ij·s_j to the lanes of each target, where dw holds the lanes of each entry;
// chain is scratch of one value per lane.
func (l *edgeList) applyTangent(out, signal, dw, chain []float64) {
	lanes := len(chain)
	for i := range l.targets {
		clear(chain)
		for e := l.start[i]; e < l.start[i+1]; e++ {
			axpy(chain, signal[l.source[e]], dw[int(l.entry[e])*lanes:])
		}
		addTo(out[i*lanes:(i+1)*lanes], chain)
	}
}

// strength is Σ_j W_ij by target and lane, plain sums by source.
func (l *edgeList) strength(out []float64, lanes int) {
	weights := l.laneWeight
	if weights == nil {
		weights = l.weight
	}
	for i := range l.targets {
		sum := out[i*lanes : (i+1)*lanes]
		clear(sum)
		for e := l.start[i]; e < l.start[i+1]; e++ {
			addTo(sum, weights[int(e)*lanes:])
		}
	}
}

// axpy is y ← fma(a, x, y).
func axpy(y []float64, a float64, x []float64) {
	x = x[:len(y)]
	for i := range y {
		y[i] = math.FMA(a, x[i], y[i])
	}
}

// addTo is y ← y + x.
func addTo(y, x []float64) {
	x = x[:len(y)]
	for i := range y {
		y[i] += x[i]
	}
}
