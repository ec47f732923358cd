package engine

import "github.com/neurograd/neurograd/internal/native"

// halved is sums of one lane whose targets lie in two lists, so that two goroutines can add them up. Every target's chain is the
// one that it has in the whole list.
type halved struct {
	at                     int // first target of the second list
	outStride, startStride int // numbers of a target
	parts                  [2]stepSum
}

// half adds up the targets of one list.
func (h *halved) half(k int, out, start, samples []float64) {
	if k == 0 {
		h.parts[0].Apply(out[:h.at*h.outStride], start, samples)
		return
	}
	if start != nil {
		start = start[h.at*h.startStride:]
	}
	h.parts[1].Apply(out[h.at*h.outStride:], start, samples)
}

// Apply adds up all targets.
func (h *halved) Apply(out, start, samples []float64) {
	h.half(0, out, start, samples)
	h.half(1, out, start, samples)
}

// fewestHalved is the number of multiply-adds from which sums are halved, about 10 µs of work: with a dense matrix of 200 regions,
// 40,000, as much was lost as gained, to agree on who does what and to bring signals from one core to the other.
const fewestHalved = 100_000

// halfAlign is what the number of targets of the first half is a multiple of: whole vectors, and cache lines of its own.
const halfAlign = 8

// inHalves is the sums over a list, so many steps at a time, given how those of a part are made whose entries begin at number first:
// halved where that pays, else whole; nil where they cannot be made.
func inHalves(l *edgeList, steps, outStride, startStride int, sums func(part *edgeList, first int) stepSum) stepSum {
	at := l.halfway()
	if at == 0 || len(l.source)*steps < fewestHalved {
		return sums(l, 0)
	}
	h := &halved{at: at, outStride: outStride, startStride: startStride}
	for k, targets := range [2][2]int{{0, at}, {at, l.targets}} {
		if h.parts[k] = sums(l.part(targets[0], targets[1]), int(l.start[targets[0]])); h.parts[k] == nil {
			return nil
		}
	}
	return h
}

// halfway is the first target of the second half of the entries, 0 if there is none.
func (l *edgeList) halfway() int {
	for i := halfAlign; i < l.targets; i += halfAlign {
		if 2*int(l.start[i]) >= len(l.source) {
			return i
		}
	}
	return 0
}

// part is the entries of the targets from ≤ i < to.
func (l *edgeList) part(from, to int) *edgeList {
	first, end := l.start[from], l.start[to]
	p := &edgeList{targets: to - from, sources: l.sources, start: make([]int32, to-from+1), source: l.source[first:end], weight: l.weight[first:end]}
	for i := range p.start {
		p.start[i] = l.start[from+i] - first
	}
	if l.steps != nil {
		p.steps = l.steps[first:end]
	}
	return p
}

// productSum is a product, begun at its last tile if back is set, as sums that start from 0.
type productSum struct {
	*native.Product
	back bool
}

// Apply ignores start.
func (p productSum) Apply(out, _, samples []float64) { p.Product.Apply(p.back, out, samples) }

// blockSums are sums over a block of steps that start from 0.
type blockSums struct{ *native.LaneList }

// Apply ignores start.
func (s blockSums) Apply(out, _, samples []float64) { s.LaneList.Apply(out, nil, samples, nil) }
