package engine

import (
	"context"
	"math"

	"github.com/neurograd/neurograd/internal/program"
)

// backward is the memory of a reverse pass.
type backward struct {
	*Tape
	cotangent [][]float64 // by wire
	params    [][]float64 // by parameter, gradient per node; nil where not free
	strengths [][]float64 // by route
	sums      []*backSum  // by operation of the schedule
	scratch   []float64
	zero      []float64
	history   []float64 // gradient of the history, nil where not free
}

// backSum is a sum of the schedule transposed.
type backSum struct {
	edges  *edgeList // target ← source
	lines  []*delayLine
	chains *[8][]float64 // of the weights' gradient, nil where not free
}

// Reverse returns the gradient of Σ cotangent·record with respect to every free leaf (nil for others).
// cotangent(n) is the cotangent of the row recorded after step n, or nil where it is 0.
func (t *Tape) Reverse(ctx context.Context, cotangent func(n int) []float64) ([][]float64, error) {
	b := t.newBackward()
	instances := t.run.makeInstances(t.reverse.ops, b.source)
	for n := t.run.spec.Steps - 1; n >= 0; n-- {
		if n%cancelEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		b.receive(cotangent(n))
		t.load(t.row(n))
		t.run.time[0] = t.run.spec.Start + float64(float64(n)*t.run.spec.Step)
		t.run.noise(n, t.normals)
		for i, op := range t.reverse.ops {
			if op.program != nil {
				instances[i].Step()
			} else {
				b.sum(n, op)
			}
		}
		for _, w := range t.reverse.unused {
			clear(b.cotangent[w])
		}
	}
	b.past()
	return b.gradients(), nil
}

func (t *Tape) newBackward() *backward {
	r := t.run
	b := &backward{Tape: t, cotangent: make([][]float64, len(r.wire)), params: make([][]float64, len(r.spec.Params)),
		strengths: make([][]float64, len(r.spec.Routes)), sums: make([]*backSum, len(r.spec.Ops))}
	largest := 0
	for w := range b.cotangent {
		b.cotangent[w] = make([]float64, r.nodes(w))
		largest = max(largest, r.nodes(w))
	}
	b.scratch, b.zero = make([]float64, largest), make([]float64, largest)
	if h := r.spec.History; h >= 0 && t.free[h] {
		b.history = make([]float64, len(r.values.Leaves[h]))
	}
	for p, spec := range r.spec.Params {
		if t.free[spec.Leaf] {
			b.params[p] = make([]float64, r.spec.Nodes[spec.Group])
		}
	}
	for i, route := range r.spec.Routes {
		b.strengths[i] = make([]float64, r.spec.Nodes[route.TargetGroup])
	}
	for i, op := range r.spec.Ops {
		if op.Sum != nil {
			b.sums[i] = b.newSum(i, op.Sum)
		}
	}
	return b
}

func (b *backward) newSum(i int, s *Sum) *backSum {
	forward, route := b.run.sums[i], b.run.spec.Routes[s.Route]
	back := &backSum{edges: forward.edges.transpose()}
	if route.Delayed {
		plan := newDelayPlan(back.edges, route.Structural)
		for range s.From {
			back.lines = append(back.lines, newDelayLine(plan))
		}
	}
	if b.free[route.Weights] {
		back.chains = new([8][]float64)
		for k := range back.chains {
			back.chains[k] = make([]float64, len(route.Targets))
		}
	}
	return back
}

// source resolves the bindings of the reverse programs.
func (b *backward) source(bind binding) []float64 {
	switch bind.role {
	case cotangentOf:
		return b.cotangent[bind.index]
	case gradParam:
		return b.params[bind.index]
	case gradStrength:
		return b.strengths[bind.index]
	}
	return b.run.primal(bind)
}

// receive sets the cotangents at the end of a step: the state's from the step after it, plus what the
// observation adds.
func (b *backward) receive(row []float64) {
	spec := &b.run.spec
	for i, w := range spec.Next {
		copy(b.cotangent[w], b.cotangent[spec.State[i]])
	}
	at := 0
	for _, w := range spec.Record {
		c := b.cotangent[w]
		if !b.isNext(w) {
			clear(c)
		}
		if row != nil {
			addTo(c, row[at:at+len(c)])
		}
		at += len(c)
	}
}

func (b *backward) isNext(wire int) bool {
	for _, w := range b.run.spec.Next {
		if w == wire {
			return true
		}
	}
	return false
}

// sum pulls cotangents back through a sum at step n.
func (b *backward) sum(n int, op planOp) {
	s, back := b.run.spec.Ops[op.op].Sum, b.sums[op.op]
	for ch, to := range s.To {
		if !op.arrives[ch] {
			continue
		}
		from, arriving := s.From[ch], b.cotangent[to]
		if back.chains != nil {
			b.weights(n, op.op, ch, arriving)
		}
		dst := b.cotangent[from]
		if op.adds[ch] {
			dst = b.scratch[:len(dst)]
		}
		if back.lines == nil {
			back.edges.apply(dst, arriving, 1)
		} else {
			back.lines[ch].push(arriving)
			back.lines[ch].apply(dst)
		}
		if op.adds[ch] {
			addTo(b.cotangent[from], dst)
		}
	}
}

// weights adds step n's part of the weights' gradient: λ_i(n)·s_j(n − d_ij).
func (b *backward) weights(n, op, ch int, arriving []float64) {
	from, forward, back := b.run.spec.Ops[op].Sum.From[ch], b.run.sums[op], b.sums[op]
	l := forward.edges
	if back.lines == nil {
		l.addWeightGradient(back.chains, n, arriving, b.saved(from, n))
		return
	}
	chain, offset := back.chains[n&7], b.offset[from]
	for i := range l.targets {
		c := arriving[i]
		for e := l.start[i]; e < l.start[i+1]; e++ {
			row := b.pastOrRow(n - int(l.steps[e]))
			chain[l.edge[e]] = math.FMA(c, row[offset+int(l.source[e])], chain[l.edge[e]])
		}
	}
}

func (b *backward) isState(wire int) bool {
	for _, w := range b.run.spec.State {
		if w == wire {
			return true
		}
	}
	return false
}

// gradients joins what was accumulated per node into the leaves' shapes.
func (b *backward) gradients() [][]float64 {
	r := b.run
	grads := make([][]float64, len(r.spec.Leaves))
	for i := range grads {
		if b.free[i] {
			grads[i] = make([]float64, len(r.values.Leaves[i]))
		}
	}
	add := func(leaf, offset int, kind program.Kind, perNode []float64) {
		if kind == program.Node {
			addTo(grads[leaf][offset:offset+len(perNode)], perNode)
			return
		}
		var sum float64
		for _, g := range perNode {
			sum += g
		}
		grads[leaf][offset] += sum
	}
	for p, spec := range r.spec.Params {
		if b.free[spec.Leaf] {
			offset, kind := layout(r.values.Shapes[spec.Leaf], spec.Row, r.spec.Nodes[spec.Group])
			add(spec.Leaf, offset, kind, b.params[p])
		}
	}
	if b.history != nil {
		grads[r.spec.History] = b.history
	}
	for i, leaf := range r.spec.Initial {
		if w := r.spec.State[i]; b.free[leaf] {
			_, kind := layout(r.values.Shapes[leaf], 0, r.nodes(w))
			add(leaf, 0, kind, b.cotangent[w])
		}
	}
	for i, op := range r.spec.Ops {
		if op.Sum != nil && b.sums[i].chains != nil {
			joinChains(grads[r.spec.Routes[op.Sum.Route].Weights], b.sums[i].chains)
		}
	}
	for i, route := range r.spec.Routes {
		if route.Strength != "" && b.free[route.Weights] {
			for e, target := range route.Targets {
				grads[route.Weights][e] += b.strengths[i][target]
			}
		}
	}
	return grads
}
