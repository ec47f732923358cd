package engine

import (
	"math"
	"slices"
)

// perLane gives the entries of a list the weights of all lanes, where these differ.
func (r *run) perLane(l *edgeList, route Route) *edgeList {
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

// weighted is the list without the entries of weight 0, for tangents: these need not be finite where a message's
// derivative is not; without weight it is not asked for.
func (l *edgeList) weighted() *edgeList {
	if !slices.Contains(l.weight, 0) {
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
