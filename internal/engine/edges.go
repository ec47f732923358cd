package engine

import (
	"iter"
	"math"
)

// edges lists a route's edges. Entries that change no sum (weight or share 0) are listed only if asked
// for, because a derivative needs them.
func (e *Engine) edges(route *Route, v Values, all bool) *edgeList {
	entries := len(route.Targets)
	if route.Linear {
		entries *= 2
	}
	l := newEdgeList(e.spec.Nodes[route.TargetGroup], e.spec.Nodes[route.SourceGroup], entries, route.Delayed)
	for i, target := range route.Targets {
		source, edge := route.Sources[i], route.Edge(i)
		w := v.Leaves[route.Weights][edge]
		switch {
		case w == 0 && !all:
		case !route.Delayed:
			l.add(target, source, w, edge)
		default:
			steps, share, slope := route.read(v.Delays[edge])
			if route.Difference {
				l.addTap(target, source, w, edge, steps, -slope, 0)
				l.addTap(target, source, w, edge, steps+1, slope, 0)
				continue
			}
			l.addTap(target, source, w, edge, steps, 1-share, -slope)
			if share > 0 || all && route.Linear {
				l.addTap(target, source, w, edge, steps+1, share, slope)
			}
		}
	}
	l.finish()
	return l
}

// Edge is the number in the graph of the route's edge i.
func (route *Route) Edge(i int) int {
	if route.Edges == nil {
		return i
	}
	return int(route.Edges[i])
}

// read says how a delay is read: the sample so many steps old, and with a share above 0 also that of the
// step before it; slope is the derivative of the share.
func (route *Route) read(delay float64) (steps, share, slope float64) {
	if !route.Linear {
		return math.RoundToEven(delay), 0, 0
	}
	if delay -= route.Shift; delay < 0 {
		return 0, 0, 0
	}
	steps = math.Floor(delay)
	return steps, delay - steps, 1
}

// samples are the ages in steps of all samples that a route's edges read, of those edges that had a weight
// when the network was prepared: what K is chosen by does not move with the weights.
func (route *Route) samples(delays []float64) iter.Seq[int] {
	return func(yield func(int) bool) {
		for e, structural := range route.Structural {
			if !structural {
				continue
			}
			steps, share, _ := route.read(delays[route.Edge(e)])
			if !yield(int(steps)) || share > 0 && !yield(int(steps)+1) {
				return
			}
		}
	}
}

// counted is how many of the steps back that are read must be there: a difference belongs to a derivative,
// for which the oldest sample is repeated.
func (route *Route) counted(reach int) int {
	if route.Difference {
		return 0
	}
	return reach
}

// edgeSums lists a route's edges for sums of a value per edge.
func (r *run) edgeSums(route *Route) *edgeList {
	l := newEdgeList(r.spec.Nodes[route.TargetGroup], len(route.Targets), len(route.Targets), false)
	for i, target := range route.Targets {
		edge := route.Edge(i)
		l.add(target, int32(i), r.values.Leaves[route.Weights][edge], edge)
	}
	l.finish()
	return l
}

// correlates reports whether the gradient needs the correlation of a route's cotangents and signals.
func (f Free) correlates(route *Route) bool {
	return f.Leaves != nil && f.Leaves[route.Weights] || f.Delays && route.Linear && !route.Difference
}
