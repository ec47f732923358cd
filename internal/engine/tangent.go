package engine

import (
	"context"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/cores"
	"github.com/neurograd/neurograd/internal/native"
)

// tangents is the memory of a run that carries tangents in lanes beside the values.
type tangents struct {
	*run
	leaves    [][]float64        // by leaf [value][lane]; nil where not free
	weights   [][]float64        // by operation, of the sums' entries [entry][lane]; nil where fixed
	changes   []*native.LaneList // machine code for the sums with these; nil: portably
	wire      [][]float64        // by wire [node][lane]
	strengths [][]float64        // by route [target][lane]
	lines     [][]*delayLine
	pasts     [][]*history  // by operation, of what edges gather [node][lane]
	delays    []float64     // [edge][lane]; nil where fixed
	now       []*directSum  // by operation, nil where sums are delayed
	pairs     []*directPair // by operation, of values and tangents; nil where these are summed one after the other
	chain     []float64
}

// Tangent runs all steps with tangents: directions.Leaves[i] is [value][lane] for a free leaf and nil for
// others, directions.Delays [edge][lane] per step of delay, or nil. The recorded rows' tangents go to
// rec.Tangents. A window above 0 truncates them, see [Free].
func (e *Engine) Tangent(ctx context.Context, v Values, normals Normals, directions Gradient, lanes, window int, rec *Recording) error {
	cores.Take()
	defer cores.Give()
	free := Free{Leaves: make([]bool, len(directions.Leaves)), Delays: directions.Delays != nil}
	for i, d := range directions.Leaves {
		free.Leaves[i] = d != nil
	}
	wanted := lanes
	if padded := e.paddedLanes(lanes); lanes > 1 && e.backend.inVectors(padded) {
		directions, lanes = directions.padded(lanes, padded), padded
	}
	p, err := e.plan(tangent, v.Shapes, free.Leaves)
	if err != nil {
		return err
	}
	r := e.newRun(p, v, free, lanes)
	t := r.newTangents(directions)
	free.Window = window
	defer r.crew.dismiss()
	r.bind(t.source)
	if err := t.start(); err != nil {
		return err
	}
	for n := range e.spec.Steps {
		if n%cancelEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if free.cuts(n) {
			t.cut()
		}
		t.step(n, normals)
		if err := r.check(n); err != nil {
			return err
		}
		r.record(n, rec)
		t.record(n, rec, wanted)
		r.advance()
		for i, w := range e.spec.State {
			copy(t.wire[w], t.wire[e.spec.Next[i]])
		}
	}
	return nil
}

func (r *run) newTangents(directions Gradient) *tangents {
	t := &tangents{run: r, leaves: directions.Leaves, weights: make([][]float64, len(r.spec.Ops)), changes: make([]*native.LaneList, len(r.spec.Ops)), pasts: make([][]*history, len(r.spec.Ops)), delays: directions.Delays, wire: make([][]float64, len(r.wire)), strengths: make([][]float64, len(r.spec.Routes)),
		lines: make([][]*delayLine, len(r.spec.Ops)), now: make([]*directSum, len(r.spec.Ops)), pairs: make([]*directPair, len(r.spec.Ops)), chain: make([]float64, r.lanes)}
	for w := range t.wire {
		t.wire[w] = aligned.Float64s(r.nodes(w) * r.lanes)
	}
	for i := range r.spec.Routes {
		route := &r.spec.Routes[i]
		t.strengths[i] = make([]float64, r.spec.Nodes[route.TargetGroup]*r.lanes)
		if dw := directions.Leaves[route.Weights]; dw != nil && route.Strength != "" {
			for e, target := range route.Targets {
				addTo(t.strengths[i][int(target)*r.lanes:][:r.lanes], dw[route.Edge(e)*r.lanes:])
			}
		}
	}
	for i, op := range r.spec.Ops {
		if op.Gather != nil && r.gathers[i].lines != nil {
			for _, from := range op.Gather.From {
				line := newHistory(r.gathers[i].depth, r.nodes(from)*r.lanes)
				t.pasts[i] = append(t.pasts[i], &line)
			}
		}
		if op.Sum == nil {
			continue
		}
		t.weights[i] = t.entryTangents(r.sums[i].edges, &r.spec.Routes[op.Sum.Route], directions)
		if t.weights[i] != nil {
			t.changes[i] = r.changeList(r.sums[i])
		}
		if r.sums[i].plan == nil {
			if t.now[i] = r.sums[i].inLanes(r.lanes); r.lanes == 1 {
				t.pairs[i] = r.sums[i].inPairs()
			}
			continue
		}
		t.lines[i] = r.sums[i].newLines(len(op.Sum.From), r.lanes, r.crew)
	}
	return t
}

// entryTangents are the tangents of a sum's weights by entry: dW·tap + W·slope·ddelay.
func (t *tangents) entryTangents(l *edgeList, route *Route, directions Gradient) []float64 {
	dw, dd := directions.Leaves[route.Weights], directions.Delays
	if l.slope == nil || !route.Linear {
		dd = nil
	}
	if dw == nil && dd == nil {
		return nil
	}
	result := aligned.Float64s(len(l.source) * t.lanes)
	for e, edge := range l.edge {
		row := result[e*t.lanes : (e+1)*t.lanes]
		if dw != nil {
			tap := 1.0
			if l.tap != nil {
				tap = l.tap[e]
			}
			axpy(row, tap, dw[int(edge)*t.lanes:])
		}
		if dd != nil {
			axpy(row, float64(t.values.Leaves[route.Weights][edge]*l.slope[e]), dd[int(edge)*t.lanes:])
		}
	}
	return result
}

// source resolves the bindings of the tangent programs.
func (t *tangents) source(b binding) []float64 {
	switch b.role {
	case tangentOf:
		return t.wire[b.index]
	case tangentParam:
		return t.paramRow(t.leaves, b.index, t.lanes)
	case tangentStrength:
		return t.strengths[b.index]
	}
	return t.primal(b)
}

func (t *tangents) start() error {
	load := func(time int) {
		t.load(time)
		loadState(t.run, t.wire, t.leaves, time, t.lanes)
		t.loadFeeds(0, t.wire, t.leaves, t.lanes)
	}
	return t.run.start(load, func(time int) {
		for i, op := range t.spec.Ops {
			for ch, line := range t.pasts[i] {
				if sample := t.wire[op.Gather.From[ch]]; t.spec.History == nil {
					line.fill(sample)
				} else {
					line.set(time, sample)
				}
			}
			for ch, line := range t.lines[i] {
				from := op.Sum.From[ch]
				if t.spec.History == nil {
					line.fill(t.wire[from])
				} else {
					line.set(time, t.wire[from])
				}
			}
		}
	})
}

// cut forgets the tangents of the present and past states.
func (t *tangents) cut() {
	for _, w := range t.spec.State {
		clear(t.wire[w])
	}
	for i := range t.spec.Ops {
		for _, line := range t.lines[i] {
			line.reset()
		}
		for _, line := range t.pasts[i] {
			line.reset()
		}
	}
}

func (t *tangents) step(n int, normals Normals) {
	t.time[0] = t.spec.startOf(n)
	t.noise(n, normals)
	t.feed(n)
	t.loadFeeds(n, t.wire, t.leaves, t.lanes)
	for i, op := range t.plan.ops {
		if op.program != nil {
			t.instances[i].Step()
			continue
		}
		if t.sums[op.op] != nil {
			t.sumBoth(n, op.op)
			continue
		}
		t.gather(op.op)
		t.gatherTangents(op.op)
	}
}

func (t *tangents) gatherTangents(op int) {
	x, spec := t.gathers[op], t.spec.Ops[op].Gather
	for ch, from := range spec.From {
		out := t.wire[spec.To[ch]]
		var past *history
		if x.lines != nil {
			past = t.pasts[op][ch]
			past.push(t.wire[from])
		}
		x.apply(out, t.wire[from], past, t.lanes)
		if t.delays != nil && x.slope != nil {
			x.applyTangent(out, x.lines[ch], t.delays, t.lanes)
		}
	}
}

// sumBoth computes a sum's values and their tangents.
func (t *tangents) sumBoth(n, op int) {
	s, spec := t.sums[op], t.spec.Ops[op].Sum
	if t.pairs[op] == nil {
		t.sum(n, op)
	}
	dw := t.weights[op]
	for ch, from := range spec.From {
		to := spec.To[ch]
		out := t.wire[to]
		switch {
		case t.pairs[op] != nil:
			t.pairs[op].apply2(t.crew, n, t.run.wire[to], t.run.wire[from], out, t.wire[from], s.finite(n, ch))
		case t.now[op] != nil:
			t.now[op].apply(t.crew, n, out, t.wire[from], false)
		default:
			t.lines[op][ch].push(t.wire[from])
			t.lines[op][ch].apply(out)
		}
		switch {
		case dw == nil:
		case t.changes[op] != nil:
			t.changes[op].Apply(out, nil, s.samples(ch, t.run.wire[from]), dw)
		case s.lines == nil:
			s.edges.applyTangent(out, t.run.wire[from], dw, t.chain)
		default:
			s.lines[ch].applyTangent(out, dw, t.chain)
		}
	}
}

func (t *tangents) record(n int, rec *Recording, lanes int) {
	if rec != nil {
		t.sample(t.spec.Record, n, rec.From, rec.Tangents, t.wire, columns{0, lanes, t.lanes})
	}
}
