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
	b.scratch = make([]float64, largest)
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
			row := b.pasts
			if at := n - int(l.steps[e]); at >= 0 {
				row = b.row(at)
			}
			chain[l.edge[e]] = math.FMA(c, row[offset+int(l.source[e])], chain[l.edge[e]])
		}
	}
}

// past pulls the cotangents of the signals from before the start back to the initial state: all those
// samples are the same function of it, so their cotangents add up, the latest first.
func (b *backward) past() {
	r := b.run
	for i := len(r.spec.Ops) - 1; i >= 0; i-- {
		back := b.sums[i]
		if back == nil || back.lines == nil {
			continue
		}
		for ch, from := range r.spec.Ops[i].Sum.From {
			b.pastOf(back.lines[ch], b.cotangent[from], b.isState(from))
		}
	}
	if len(b.reverse.past) == 0 {
		return
	}
	b.load(b.pasts)
	r.time[0] = r.spec.Start
	for _, x := range r.makeInstances(b.reverse.past, b.source) {
		x.Step()
	}
}

// pastOf collects in c the cotangents of the samples at negative times; adds keeps what c holds.
func (b *backward) pastOf(line *delayLine, c []float64, adds bool) {
	if !adds {
		clear(c)
	}
	total, sample, zero := make([]float64, len(c)), b.scratch[:len(c)], make([]float64, line.plan.long.sources)
	for range line.plan.depth {
		line.push(zero)
		line.apply(sample)
		addTo(total, sample)
	}
	addTo(c, total)
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
	for i, w := range r.spec.State {
		if leaf := r.spec.Initial[i]; b.free[leaf] {
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
