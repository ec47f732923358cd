package engine

import (
	"math"

	"github.com/neurograd/neurograd/internal/program"
)

// Gradient is the derivative of a number with respect to what is free.
type Gradient struct {
	Leaves [][]float64 // by leaf, nil where not free
	Delays []float64   // by edge, per step of delay; nil if not free
}

// gradient joins what was accumulated per node, and per entry of the sums, into the leaves' shapes.
func (b *backward) gradient() Gradient {
	r := b.run
	g := Gradient{Leaves: make([][]float64, len(r.spec.Leaves))}
	for i := range g.Leaves {
		if b.free.Leaves[i] {
			g.Leaves[i] = make([]float64, len(r.values.Leaves[i]))
		}
	}
	if b.free.Delays {
		g.Delays = make([]float64, len(r.values.Delays))
	}
	for i, fed := range b.fed {
		if fed != nil {
			g.Leaves[i] = fed
		}
	}
	for p, spec := range r.spec.Params {
		if b.free.Leaves[spec.Leaf] {
			offset, kind := layout(r.values.Shapes[spec.Leaf], spec.Row, r.spec.Nodes[spec.Group])
			gather(g.Leaves[spec.Leaf][offset:], kind, b.params[p], spec.Elements)
		}
	}
	for i, h := range r.spec.History {
		if b.histories[i] != nil {
			g.Leaves[h.Leaf] = b.histories[i]
		}
	}
	for i, leaf := range r.spec.Initial {
		if w := r.spec.State[i]; b.free.Leaves[leaf] {
			_, kind := layout(r.values.Shapes[leaf], 0, r.nodes(w))
			gather(g.Leaves[leaf], kind, b.cotangent[w], nil)
		}
	}
	for i, op := range r.spec.Ops {
		if op.Sum == nil {
			continue
		}
		route := &r.spec.Routes[op.Sum.Route]
		if c := b.sums[i].correlation; c != nil {
			b.edgeGradient(g, r.sums[i].edges, c.join(), route)
		}
		if c := b.sums[i].ofEdges; c != nil {
			b.edgeGradient(g, r.sums[i].edges, c.join(), route)
		}
	}
	for i, op := range r.spec.Ops {
		if op.Gather != nil && b.gathers[i].chains != nil {
			for e, c := range b.gathers[i].chains.join() {
				edge := b.gathers[i].route.Edge(e)
				g.Delays[edge] = math.FMA(b.gathers[i].slope[e], c, g.Delays[edge])
			}
		}
	}
	for i := range r.spec.Routes {
		route := &r.spec.Routes[i]
		if route.Strength != "" && b.free.Leaves[route.Weights] {
			for e, target := range route.Targets {
				g.Leaves[route.Weights][route.Edge(e)] += b.strengths[i][target]
			}
		}
	}
	return g
}

// gather adds a gradient per node to a leaf's row: to one value per node, to the given elements, or to one
// number, for which the nodes add up in their order.
func gather(row []float64, kind program.Kind, perNode []float64, elements []int32) {
	if kind == program.Node && elements != nil {
		for node, e := range elements {
			row[e] += perNode[node]
		}
		return
	}
	if kind == program.Node {
		addTo(row[:len(perNode)], perNode)
		return
	}
	var sum float64
	for _, g := range perNode {
		sum += g
	}
	row[0] += sum
}

// edgeGradient turns the correlations Σ_n λ_i(n)·s_j(n − steps) of a sum's entries into gradients of
// weights and delays.
func (b *backward) edgeGradient(g Gradient, l *edgeList, correlations []float64, route *Route) {
	weights := b.run.values.Leaves[route.Weights]
	for e, c := range correlations {
		edge := l.edge[e]
		if w := g.Leaves[route.Weights]; w != nil {
			if l.tap != nil {
				w[edge] = math.FMA(l.tap[e], c, w[edge])
			} else {
				w[edge] += c
			}
		}
		if g.Delays != nil && l.slope != nil {
			g.Delays[edge] = math.FMA(float64(weights[edge]*l.slope[e]), c, g.Delays[edge])
		}
	}
}
