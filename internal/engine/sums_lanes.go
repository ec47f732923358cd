package engine

import "math"

// perLane gives the entries of a list the weights of all lanes, where these differ.
func (r *run) perLane(l *edgeList, route *Route) *edgeList {
	if !r.side.leaf(route.Weights) {
		return l
	}
	lanes := r.side.lanes
	l.laneWeight = make([]float64, len(l.weight)*lanes)
	for e, edge := range l.edge {
		share := 1.0
		if l.tap != nil {
			share = l.tap[e]
		}
		for lane, w := range r.leaves[route.Weights][int(edge)*lanes:][:lanes] {
			l.laneWeight[e*lanes+lane] = w * share
		}
	}
	return l
}

// laneWeightsOf are the lanes' weights of the entries of a part of the list; nil if they do not differ.
func (l *edgeList) laneWeightsOf(part *edgeList) []float64 {
	if l.laneWeight == nil {
		return nil
	}
	lanes := len(l.laneWeight) / max(1, len(l.weight))
	weights := make([]float64, 0, len(part.entry)*lanes)
	for _, e := range part.entry {
		weights = append(weights, l.laneWeight[int(e)*lanes:][:lanes]...)
	}
	return weights
}

// addEntry adds an entry's share to sums over the lanes of one sample, or of several that follow each other.
func (l *edgeList) addEntry(sums []float64, e int, samples []float64) {
	if l.laneWeight == nil {
		axpy(sums, l.weight[e], samples)
		return
	}
	lanes := len(l.laneWeight) / len(l.weight)
	weights := l.laneWeight[e*lanes:][:lanes]
	for at := 0; at < len(sums); at += lanes {
		acc, x := sums[at:][:lanes], samples[at:][:lanes]
		for lane, w := range weights {
			acc[lane] = math.FMA(w, x[lane], acc[lane])
		}
	}
}

// storeLanes writes a sample of several lanes to one place of a line's ring.
func (d *delayLine) storeLanes(at int, sample []float64) {
	lanes, stride := d.lanes, 2*d.length*d.lanes
	ring := d.ring[at*lanes:]
	if lanes%4 != 0 {
		for j := range d.plan.long.sources {
			copy(ring[j*stride:], sample[j*lanes:(j+1)*lanes])
		}
		return
	}
	for j := range d.plan.long.sources { // faster than so many calls of copy
		to, from := ring[j*stride:][:lanes], sample[j*lanes:][:lanes]
		for len(from) >= 4 {
			*(*[4]float64)(to) = *(*[4]float64)(from)
			to, from = to[4:], from[4:]
		}
	}
}
