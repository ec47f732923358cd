package engine

import "math"

// gathering is a Gather of the schedule in a run: what each edge reads.
type gathering struct {
	route *Route
	node  []int32   // by edge
	steps []int32   // by edge: delay in steps; nil without delays
	newer []float64 // by edge: share of the sample so many steps old; nil if delays are read at the nearest step
	older []float64 // by edge: share of the sample one step older; as newer
	slope []float64 // by edge: derivative of older with respect to the delay in steps; nil for differences too
	depth int       // steps back that samples are kept
	lines []*history
}

func (r *run) newGathering(g *Gather) *gathering {
	route := &r.spec.Routes[g.Route]
	if g.Local {
		return &gathering{route: route, node: route.Targets}
	}
	x := &gathering{route: route, node: route.Sources}
	if !route.Delayed {
		return x
	}
	x.steps = make([]int32, len(x.node))
	if route.Linear {
		x.newer, x.older = make([]float64, len(x.node)), make([]float64, len(x.node))
	}
	if route.Linear && !route.Difference {
		x.slope = make([]float64, len(x.node))
	}
	for e := range x.node {
		steps, share, slope := route.read(r.values.Delays[route.Edge(e)])
		x.steps[e] = int32(steps)
		switch {
		case route.Difference:
			x.newer[e], x.older[e] = -slope, slope
		case route.Linear:
			x.newer[e], x.older[e], x.slope[e] = 1-share, share, slope
		}
		x.depth = max(x.depth, int(x.steps[e]))
	}
	if route.Linear {
		x.depth++
	}
	for _, from := range g.From {
		line := newHistory(x.depth, len(r.wire[from]))
		x.lines = append(x.lines, &line)
	}
	return x
}

// reach is how many steps before the start are read with a share that counts.
func (x *gathering) reach() int {
	reach := 0
	for e, steps := range x.steps {
		if x.older != nil && x.older[e] > smallestShare {
			steps++
		}
		reach = max(reach, int(steps))
	}
	return reach
}

// apply brings lanes values per node to the edges; past is the wire's history where there are delays,
// else now is the wire.
func (x *gathering) apply(to, now []float64, past *history, lanes int) {
	for e, j := range x.node {
		out, at := to[e*lanes:(e+1)*lanes], int(j)*lanes
		if x.steps == nil {
			copy(out, now[at:])
			continue
		}
		time := past.newest - int(x.steps[e])
		newer := past.row(time)[at : at+lanes]
		if x.older == nil {
			copy(out, newer)
			continue
		}
		share, rest, older := x.older[e], x.newer[e], past.row(time - 1)[at:at+lanes]
		for lane, v := range newer {
			out[lane] = math.FMA(share, older[lane], float64(rest*v))
		}
	}
}

// applyTangent adds the tangents of the delays: slope·ddelay·(older − newer).
func (x *gathering) applyTangent(to []float64, past *history, dd []float64, lanes int) {
	for e, j := range x.node {
		time := past.newest - int(x.steps[e])
		change := float64(x.slope[e] * (past.row(time - 1)[j] - past.row(time)[j]))
		axpy(to[e*lanes:(e+1)*lanes], change, dd[x.route.Edge(e)*lanes:])
	}
}
