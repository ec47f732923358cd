package engine

import "math"

// edges lists a route's edges. Entries that change no sum (weight or share 0) are listed only if asked
// for, because a derivative needs them.
func (e *Engine) edges(route Route, v Values, all bool) *edgeList {
	l := &edgeList{targets: e.spec.Nodes[route.TargetGroup], sources: e.spec.Nodes[route.SourceGroup]}
	l.start = make([]int32, l.targets+1)
	for i, w := range v.Leaves[route.Weights] {
		target, source := route.Targets[i], route.Sources[i]
		switch {
		case w == 0 && !all:
		case !route.Delayed:
			l.add(target, source, w, i)
		case !route.Linear:
			l.addTap(target, source, w, i, math.RoundToEven(v.Delays[i]), 1, 0)
		default:
			delay, slope := v.Delays[i]-route.Shift, 1.0
			if delay < 0 {
				delay, slope = 0, 0
			}
			steps := math.Floor(delay)
			l.addTap(target, source, w, i, steps, 1-(delay-steps), -slope)
			if all || delay > steps {
				l.addTap(target, source, w, i, steps+1, delay-steps, slope)
			}
		}
	}
	l.finish()
	return l
}

// edgeSums lists a route's edges for sums of a value per edge.
func (r *run) edgeSums(route Route) *edgeList {
	l := &edgeList{targets: r.spec.Nodes[route.TargetGroup], sources: len(route.Targets)}
	l.start = make([]int32, l.targets+1)
	for e, w := range r.values.Leaves[route.Weights] {
		l.add(route.Targets[e], int32(e), w, e)
	}
	l.finish()
	return l
}

// correlates reports whether the gradient needs the correlation of a route's cotangents and signals.
func (f Free) correlates(route Route) bool {
	return f.Leaves != nil && f.Leaves[route.Weights] || f.Delays && route.Linear
}

// mostlyFull reports whether reading every weight in order beats skipping the zeros.
func mostlyFull(weights []float64) bool {
	zeros := 0
	for _, w := range weights {
		if w == 0 {
			zeros++
		}
	}
	return 2*zeros < len(weights)
}
