package graph

import (
	"math"
	"slices"
)

// WithLengths gives the tract lengths in mm as a matrix [target][source]; a sparse graph takes those of its
// edges.
func (g *Graph) WithLengths(lengths [][]float64) *Graph {
	if g.err != nil {
		return g
	}
	values, bad := g.gather("lengths", "length", "mm", lengths)
	if bad != nil {
		return bad
	}
	c := g.change()
	c.lengths = values
	return c.checkSpeed()
}

// WithEdgeLengths gives the tract lengths in mm, by edge.
func (g *Graph) WithEdgeLengths(lengths []float64) *Graph {
	if g.err != nil {
		return g
	}
	if bad := g.checkEdges("lengths", "length", "mm", lengths); bad != nil {
		return bad
	}
	c := g.change()
	c.lengths = slices.Clone(lengths)
	return c.checkSpeed()
}

// WithDelays gives the delays in ms as a matrix [target][source], in place of lengths and speed; a sparse
// graph takes those of its edges. The lengths stay known, the speed is forgotten.
func (g *Graph) WithDelays(delays [][]float64) *Graph {
	if g.err != nil {
		return g
	}
	values, bad := g.gather("delays", "delay", "ms", delays)
	if bad != nil {
		return bad
	}
	c := g.change()
	c.delays, c.speed = values, 0
	return c
}

// WithEdgeDelays gives the delays in ms, by edge, in place of lengths and speed.
func (g *Graph) WithEdgeDelays(delays []float64) *Graph {
	if g.err != nil {
		return g
	}
	if bad := g.checkEdges("delays", "delay", "ms", delays); bad != nil {
		return bad
	}
	c := g.change()
	c.delays, c.speed = slices.Clone(delays), 0
	return c
}

// WithoutDelays forgets delays and speed; the lengths stay known.
func (g *Graph) WithoutDelays() *Graph {
	if g.err != nil {
		return g
	}
	c := g.change()
	c.delays, c.speed = nil, 0
	return c
}

// Speed sets the conduction speed in mm/ms (the same number as in m/s), so that delay = length / speed; it
// replaces delays that were given themselves. +Inf means no delays. The graph must have lengths.
func (g *Graph) Speed(mmPerMs float64) *Graph {
	switch {
	case g.err != nil:
		return g
	case !(mmPerMs > 0):
		return g.fail("speed %v mm/ms; it must be > 0 (+Inf or WithoutDelays for no delays)", mmPerMs)
	case g.lengths == nil && !math.IsInf(mmPerMs, 1):
		return g.fail("speed %v mm/ms on a graph without tract lengths: give them by WithLengths, or delays in ms by WithDelays", mmPerMs)
	}
	c := g.change()
	c.delays, c.speed = nil, mmPerMs
	return c.checkSpeed()
}

// HasDelays reports whether delays are given, or follow from lengths and a finite speed.
func (g *Graph) HasDelays() bool {
	return g.delays != nil || g.lengths != nil && g.speed > 0 && !math.IsInf(g.speed, 1)
}

// EdgeDelays are the delays in ms, by edge: those given, or length / speed; nil if there are none.
func (g *Graph) EdgeDelays() []float64 {
	if g.delays != nil || !g.HasDelays() {
		return g.delays
	}
	delays := make([]float64, len(g.lengths))
	for e, length := range g.lengths {
		delays[e] = length / g.speed
	}
	return delays
}

// MaxLength is the largest tract length in mm, 0 where there are none.
func (g *Graph) MaxLength() float64 { return largest(g.lengths) }

// MaxDelay is the largest delay in ms, 0 where there are none.
func (g *Graph) MaxDelay() float64 { return largest(g.EdgeDelays()) }

func largest(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return slices.Max(values)
}

// checkSpeed is the graph, with an error if its longest delay is too large for a number.
func (g *Graph) checkSpeed() *Graph {
	if length := g.MaxLength(); g.HasDelays() && g.delays == nil && math.IsInf(length/g.speed, 1) {
		return g.fail("length %v mm at speed %v mm/ms takes longer than any float64: give the speed in mm/ms, usually 1 to 20", length, g.speed)
	}
	return g
}

// gather checks a matrix of lengths or delays and lists the entries at the edges.
func (g *Graph) gather(plural, singular, unit string, rows [][]float64) ([]float64, *Graph) {
	if bad := g.checkSquare(plural, rows); bad != nil {
		return nil, bad
	}
	for i, row := range rows {
		for j, v := range row {
			if !(v >= 0) || math.IsInf(v, 1) {
				return nil, g.failEntry(plural, singular, unit, i, j, v)
			}
		}
	}
	values := make([]float64, len(g.weights))
	for e := range values {
		values[e] = rows[g.targets[e]][g.sources[e]]
	}
	return values, nil
}

// checkEdges is nil if there is one finite length or delay ≥ 0 per edge, else the graph with the error.
func (g *Graph) checkEdges(plural, singular, unit string, values []float64) *Graph {
	if len(values) != len(g.weights) {
		return g.fail("%d %s for %d edges: give one per edge, in the order of Targets and Sources", len(values), plural, len(g.weights))
	}
	for e, v := range values {
		if !(v >= 0) || math.IsInf(v, 1) {
			return g.failEntry(plural, singular, unit, int(g.targets[e]), int(g.sources[e]), v)
		}
	}
	return nil
}

func (g *Graph) failEntry(plural, singular, unit string, target, source int, v float64) *Graph {
	return g.fail("%s from %s to %s is %v %s; %s must be finite and ≥ 0: mend the data, or set it to 0 where there is no tract",
		singular, clip(g.label(source)), clip(g.label(target)), v, unit, plural)
}
