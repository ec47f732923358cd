package network

import (
	"fmt"

	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/param"
)

// derive is the rule's weights by edge of the graph, 0 outside the coupling's edges.
func (w *weighting) derive(leaves [][]float64) []float64 {
	return w.spread(w.run(w.value, w.read(leaves, 1, 0))[0])
}

// spread is an array of the coupling's edges as one of the graph's.
func (w *weighting) spread(values []float64) []float64 {
	all := make([]float64, w.total)
	for i, v := range values {
		all[w.edges.Edge(i)] = v
	}
	return all
}

// run runs a program on the coupling's edges.
func (w *weighting) run(p *program.Program, inputs [][]float64) [][]float64 {
	x := p.Instance(len(w.edges.Targets), 1)
	copy(x.In, inputs)
	for k := range x.Out {
		x.Out[k] = make([]float64, len(w.edges.Targets))
	}
	x.Once()
	x.Step()
	return x.Out
}

// read brings one lane of leaves, or of their tangents, to the coupling's edges; a leaf that is nil is 0.
func (w *weighting) read(leaves [][]float64, lanes, lane int) [][]float64 {
	inputs := make([][]float64, len(w.inputs))
	for k, in := range w.inputs {
		values := make([]float64, len(w.edges.Targets))
		inputs[k] = values
		if in.from == selfEdges {
			for i, target := range w.edges.Targets {
				if w.edges.SourceGroup == w.edges.TargetGroup && target == w.edges.Sources[i] {
					values[i] = 1
				}
			}
			continue
		}
		leaf := leaves[in.leaf]
		if leaf == nil {
			continue
		}
		for i := range values {
			at := w.edges.Edge(i)*lanes + lane
			if len(leaf) == lanes {
				at = lane
			}
			values[i] = leaf[at]
		}
		if in.from == strengths {
			w.sumByTarget(values)
		}
	}
	return inputs
}

// sumByTarget replaces every edge's value by the sum over the edges of its target.
func (w *weighting) sumByTarget(values []float64) {
	targets := w.edges.Targets // sorted
	for from, to := 0, 0; from < len(values); from = to {
		var sum float64
		for to = from; to < len(values) && targets[to] == targets[from]; to++ {
			sum += values[to]
		}
		for i := from; i < to; i++ {
			values[i] = sum
		}
	}
}

// tangents are one lane of the leaves' tangents at the coupling's edges, of what varies.
func (w *weighting) tangents(leaves [][]float64, lanes, lane int) [][]float64 {
	var tangents [][]float64
	for k, t := range w.read(leaves, lanes, lane) {
		if w.inputs[k].from != selfEdges {
			tangents = append(tangents, t)
		}
	}
	return tangents
}

// pushed is the tangents of the rule's weights [edge][lane], given those of the leaves; nil if there are
// none.
func (w *weighting) pushed(v engine.Values, tangents [][]float64, lanes int) []float64 {
	if !w.any(func(leaf int) bool { return tangents[leaf] != nil }) {
		return nil
	}
	result := make([]float64, w.total*lanes)
	for lane := range lanes {
		for i, t := range w.run(w.push, append(w.read(v.Leaves, 1, 0), w.tangents(tangents, lanes, lane)...))[0] {
			result[w.edges.Edge(i)*lanes+lane] = t
		}
	}
	return result
}

// pulled adds the gradient of the rule's weights to those of the leaves that are free.
func (w *weighting) pulled(v engine.Values, cotangent []float64, leaves [][]float64) {
	if cotangent != nil {
		w.collect(w.run(w.pull, append(w.read(v.Leaves, 1, 0), w.mine(cotangent))), leaves)
	}
}

// bent adds to a product with the second derivative what the rule contributes by its own curvature: the
// change of what pulled adds along tangents of the leaves, given the gradient of the rule's weights.
func (w *weighting) bent(v engine.Values, cotangent []float64, tangents, leaves [][]float64) {
	if cotangent != nil {
		inputs := append(w.read(v.Leaves, 1, 0), w.mine(cotangent))
		w.collect(w.run(w.bend, append(inputs, w.tangents(tangents, 1, 0)...)), leaves)
	}
}

// mine are the coupling's edges of an array by edge of the graph.
func (w *weighting) mine(all []float64) []float64 {
	values := make([]float64, len(w.edges.Targets))
	for i := range values {
		values[i] = all[w.edges.Edge(i)]
	}
	return values
}

// collect adds cotangents of the inputs at the coupling's edges to the gradients of leaves, nil where fixed.
func (w *weighting) collect(cotangents, leaves [][]float64) {
	k := 0
	for _, in := range w.inputs {
		if in.from == selfEdges {
			continue
		}
		g := cotangents[k]
		k++
		leaf := leaves[in.leaf]
		if leaf == nil {
			continue
		}
		if in.from == strengths {
			w.sumByTarget(g) // Σ_k W_ik is read by all edges of i, and has a part in each
		}
		for i, c := range g {
			at := w.edges.Edge(i)
			if len(leaf) == 1 {
				at = 0
			}
			leaf[at] += c
		}
	}
}

// any reports whether one of the leaves that the rule reads is such.
func (w *weighting) any(such func(leaf int) bool) bool {
	for _, in := range w.inputs {
		if in.from != selfEdges && such(in.leaf) {
			return true
		}
	}
	return false
}

// deriveWeights computes the derived leaves from those of the tree.
func (s *Simulation) deriveWeights(v *engine.Values) error {
	a := s.assembly
	for _, w := range a.weightings {
		weights := w.derive(v.Leaves)
		for e, x := range weights {
			if !finite(x) {
				g := a.net.Graph
				return fmt.Errorf("network: the weights' rule of coupling %q gives %v for the edge from %s to %s; change the rule or what it reads",
					w.name, x, g.Labels()[g.Sources()[e]], g.Labels()[g.Targets()[e]])
			}
		}
		v.Leaves, v.Shapes = append(v.Leaves, weights), append(v.Shapes, a.edgeShape())
	}
	return nil
}

// freeWeights marks the derived leaves that depend on free leaves.
func (s *Simulation) freeWeights(p *param.Tree, f *engine.Free) {
	for k, w := range s.assembly.weightings {
		f.Leaves[p.Len()+k] = w.any(func(leaf int) bool { return p.At(leaf).Free })
	}
}

// pullWeights turns the gradients of the derived leaves into those of the free leaves behind.
func (s *Simulation) pullWeights(p *param.Tree, v engine.Values, g engine.Gradient) {
	for k, w := range s.assembly.weightings {
		w.pulled(v, g.Leaves[p.Len()+k], g.Leaves)
	}
}

// pushWeights adds the tangents of the derived leaves to those of the tree's.
func (s *Simulation) pushWeights(v engine.Values, leaves [][]float64, lanes int) [][]float64 {
	for _, w := range s.assembly.weightings {
		leaves = append(leaves, w.pushed(v, leaves, lanes))
	}
	return leaves
}

// bendWeights adds to a product with the second derivative what the rules contribute by their own curvature.
func (s *Simulation) bendWeights(v engine.Values, c engine.Curvature, tangents [][]float64) {
	for k, w := range s.assembly.weightings {
		w.bent(v, c.Gradient.Leaves[len(tangents)+k], tangents, c.Product.Leaves)
	}
}
