package engine

import (
	"context"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/cores"
	"github.com/neurograd/neurograd/internal/program"
)

// backward is the memory of a reverse pass.
type backward struct {
	*Tape
	cotangent [][]float64   // by wire
	params    [][]float64   // by parameter, gradient per node; nil where not free
	strengths [][]float64   // by route
	sums      []*backSum    // by operation of the schedule
	gathers   []*scattering // by operation of the schedule
	instances []*program.Instance
	again     []*program.Instance // by operation of reverse.again
	scratch   []float64
	zero      []float64
	histories [][]float64 // gradients of the histories, nil where not free
	fed       [][]float64 // by leaf, gradient of those that feed wires; nil where not free
	share     []float64   // of a mean's cotangent
}

// backSum is a sum of the schedule transposed.
type backSum struct {
	*arrangement            // target ← source
	now          *directSum // nil where it is delayed
	lines        []*delayLine
	// Where the gradient wants the correlation of cotangents and what was summed: of signals, or of values on edges.
	correlation *correlation
	ofEdges     *edgeChains
}

// Reverse returns the gradient of Σ cotangent·record. cotangent(row) is the cotangent of a recorded row, or
// nil where it is 0. A tape can be reversed once.
func (t *Tape) Reverse(ctx context.Context, cotangent func(row int) []float64) (Gradient, error) {
	cores.Take()
	defer cores.Give()
	defer t.run.crew.dismiss()
	b := t.newBackward()
	b.instances = t.run.makeInstances(t.reverse.ops, b.source)
	b.again = t.run.makeInstances(t.reverse.again, b.source)
	if err := b.segment(ctx, 0, t.run.spec.Steps, 0, cotangent); err != nil {
		return Gradient{}, err
	}
	b.past()
	gradient := b.gradient()
	t.giveRows()
	return gradient, nil
}

// segment reverses steps from…to, which have been kept on that level.
func (b *backward) segment(ctx context.Context, from, to, level int, cotangent func(row int) []float64) error {
	length, last := b.lengths[level], len(b.lengths)-1
	if level == last && to-from <= length {
		return b.steps(ctx, from, to, cotangent)
	}
	for k := (to - from - 1) / length; k >= 0; k-- {
		lo := from + k*length
		hi := min(lo+length, to)
		b.run.restoreCheckpoint(b.checkpoints[level][k], lo)
		next := min(level+1, last)
		if err := b.forward(ctx, lo, hi, next, nil); err != nil {
			return err
		}
		if err := b.segment(ctx, lo, hi, next, cotangent); err != nil {
			return err
		}
	}
	return nil
}

// steps reverses the taped steps.
func (b *backward) steps(ctx context.Context, from, to int, cotangent func(row int) []float64) error {
	for n := to - 1; n >= from; n-- {
		if n%cancelEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		b.receive(b.observed(n, cotangent))
		b.load(n)
		b.run.time[0] = b.run.spec.startOf(n)
		b.run.noise(n, b.normals)
		b.run.feed(n)
		b.edgesAgain(n)
		for i, op := range b.reverse.ops {
			switch {
			case op.program != nil:
				b.instances[i].Step()
			case b.sums[op.op] != nil:
				b.sum(n, op)
			default:
				b.scatter(n, op)
			}
		}
		b.pullFeeds(n)
		for _, w := range b.reverse.unused {
			clear(b.cotangent[w])
		}
		if b.free.cuts(n) {
			b.cut()
		}
	}
	return nil
}

// cut forgets what reaches back beyond the present step.
func (b *backward) cut() {
	for _, w := range b.run.spec.State {
		clear(b.cotangent[w])
	}
	for _, s := range b.sums {
		if s != nil {
			for _, line := range s.lines {
				line.reset()
			}
		}
	}
	for _, g := range b.gathers {
		if g != nil {
			for _, waiting := range g.waiting {
				clear(waiting.ring)
			}
		}
	}
}

func (t *Tape) newBackward() *backward {
	r := t.run
	b := &backward{Tape: t, cotangent: make([][]float64, len(r.wire)), params: make([][]float64, len(r.spec.Params)),
		strengths: make([][]float64, len(r.spec.Routes)), sums: make([]*backSum, len(r.spec.Ops)), gathers: make([]*scattering, len(r.spec.Ops))}
	var memory aligned.Arena
	largest := 0
	for w := range b.cotangent {
		b.cotangent[w] = memory.Float64s(r.nodes(w))
		largest = max(largest, r.nodes(w))
	}
	b.scratch, b.zero = make([]float64, largest), make([]float64, largest)
	b.fed, b.share = b.newFeedGradients(), make([]float64, 2*r.spec.RowSize) // Tangents have a cotangent, too
	b.histories = make([][]float64, len(r.spec.History))
	for i, h := range r.spec.History {
		if t.free.Leaves[h.Leaf] {
			b.histories[i] = make([]float64, len(r.values.Leaves[h.Leaf]))
		}
	}
	for p, spec := range r.spec.Params {
		if t.free.Leaves[spec.Leaf] {
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
		if op.Gather != nil {
			b.gathers[i] = b.newScattering(r.gathers[i], op.Gather)
		}
	}
	return b
}

func (b *backward) newSum(i int, s *Sum) *backSum {
	forward, route := b.run.sums[i], &b.run.spec.Routes[s.Route]
	back := &backSum{arrangement: forward.transpose()}
	if back.plan == nil {
		back.now = back.inLanes(1)
	} else {
		back.lines = back.newLines(len(s.From), 1, b.run.crew)
	}
	switch {
	case !b.free.correlates(route):
	case s.OfEdges:
		back.ofEdges = newEdgeChains(len(forward.edges.source))
	default:
		back.correlation = newCorrelation(b.run.backend, forward.edges, b.signals[i])
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
	for half, wires := range [...][]int{spec.Record, spec.Tangents} {
		for i, w := range wires {
			c := b.cotangent[w]
			if !b.isNext(w) {
				clear(c)
			}
			if row == nil {
				continue
			}
			for node, at := range spec.Places[i] {
				c[node] += row[half*spec.RowSize+int(at)]
			}
		}
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
		if back.ofEdges != nil {
			back.ofEdges.correlate(n, b.run.sums[op.op].edges, arriving, b.run.wire[from])
		}
		if back.correlation != nil {
			back.correlation.wait(n, ch, arriving)
		}
		dst := b.cotangent[from]
		if op.adds[ch] {
			dst = b.scratch[:len(dst)]
		}
		if back.lines == nil {
			back.now.apply(b.run.crew, n, dst, arriving, false)
		} else {
			back.lines[ch].push(arriving)
			back.lines[ch].apply(dst)
		}
		if op.adds[ch] {
			addTo(b.cotangent[from], dst)
		}
	}
	if c := back.correlation; c != nil && (n%c.block == 0 || n == b.from) {
		c.add(n, op.arrives, b.signals[op.op])
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
