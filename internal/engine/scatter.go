package engine

import "math"

// scattering is a gathering in the reverse pass: cotangents of samples whose time has not come yet wait in
// a ring.
type scattering struct {
	*gathering
	waiting []*history  // by channel
	chains  *edgeChains // of the delays' gradient, nil where not free
}

func (b *backward) newScattering(x *gathering, g *Gather) *scattering {
	s := &scattering{gathering: x}
	for _, from := range g.From {
		line := newHistory(x.depth, b.run.nodes(from))
		s.waiting = append(s.waiting, &line)
	}
	if b.free.Delays && x.slope != nil {
		s.chains = newEdgeChains(len(x.node))
	}
	return s
}

// pull adds the edges' cotangents of step n to the samples that wait, and hands out those of sample n.
func (s *scattering) pull(n, channel int, edges, out []float64) {
	waiting := s.waiting[channel]
	for e, j := range s.node {
		steps := 0
		if s.steps != nil {
			steps = int(s.steps[e])
		}
		newer := waiting.row(n - steps)
		if s.older == nil {
			newer[j] += edges[e]
			continue
		}
		older := waiting.row(n - steps - 1)
		newer[j] = math.FMA(s.newer[e], edges[e], newer[j])
		older[j] = math.FMA(s.older[e], edges[e], older[j])
	}
	s.take(n, channel, out)
}

// take hands out the cotangents of a sample that nothing will be added to any more.
func (s *scattering) take(time, channel int, out []float64) {
	row := s.waiting[channel].row(time)
	copy(out, row)
	clear(row)
}

// correlate adds λ_e(n)·(older − newer sample) to the edges' chains of step n.
func (s *scattering) correlate(n int, edges []float64, signals *signalStore) {
	chain := s.chains[n%numChains]
	width := signals.nodes
	newest := signals.place(n) * width
	for e, j := range s.node {
		at := newest - int(s.steps[e])*width + int(j)
		change := signals.data[at-width] - signals.data[at]
		chain[e] = math.FMA(edges[e], change, chain[e])
	}
}

// edgesAgain computes the values on edges at step n, which are not kept, from what is.
func (b *backward) edgesAgain(n int) {
	for i, op := range b.reverse.again {
		if op.program != nil {
			b.again[i].Step()
			continue
		}
		x, spec := b.run.gathers[op.op], b.run.spec.Ops[op.op].Gather
		for ch, from := range spec.From {
			var past history
			if x.steps != nil {
				past = b.signals[op.op][ch].history(n)
			}
			x.apply(b.run.wire[spec.To[ch]], b.run.wire[from], &past, 1)
		}
	}
}

// scatter pulls cotangents back through a gathering at step n.
func (b *backward) scatter(n int, op planOp) {
	spec, x := b.run.spec.Ops[op.op].Gather, b.gathers[op.op]
	for ch, to := range spec.To {
		if !op.arrives[ch] {
			continue
		}
		edges, dst := b.cotangent[to], b.cotangent[spec.From[ch]]
		if x.chains != nil {
			x.correlate(n, edges, b.signals[op.op][ch])
		}
		if op.adds[ch] {
			dst = b.scratch[:len(dst)]
		}
		x.pull(n, ch, edges, dst)
		if op.adds[ch] {
			addTo(b.cotangent[spec.From[ch]], dst)
		}
	}
}
