package engine

import (
	"context"
	"slices"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/cores"
	"github.com/neurograd/neurograd/internal/program"
)

// Normals returns the unit normals of a step, one array after another in the order of Spec.Noise; the
// result is valid until the next call.
type Normals func(step int) []float64

// Recording receives the recorded rows with a number of at least From: Data is [row][wire][node], Tangents
// [row][wire][node][lane].
type Recording struct {
	From           int
	Data, Tangents []float64
}

func (e *Engine) nodes(wire int) int { return e.spec.Nodes[e.spec.Wires[wire].Group] }

// cancelEvery is the number of steps between two looks at the context.
const cancelEvery = 64

// run is the memory of one run in progress.
type run struct {
	*Engine
	values    Values      // side by side: those of the first lane
	leaves    [][]float64 // by leaf: its values; side by side, where lanes differ, [value][lane]
	plan      *plan
	lanes     int         // of the programs: tangents, or runs side by side
	side      *sideBySide // nil for one run
	wire      [][]float64 // by wire, what it carries now
	strengths [][]float64 // by route
	time      [1]float64
	instances []*program.Instance // by operation of the plan, nil for sums
	sums      []*sumRun           // by operation of the schedule, nil for others
	gathers   []*gathering        // by operation of the schedule, nil for others
	pasts     []past
	crew      *crew // nil where nobody may help
}

// past is a wire whose samples delays reach back to.
type past struct {
	wire  int
	depth int // steps back that samples are kept
	reach int // steps back that count
	line  pastLine
}

// sumRun is a sum of the schedule with its edges, and a line per channel where it is delayed.
type sumRun struct {
	*arrangement
	now   *directSum // nil where it is delayed
	state []bool     // by channel of undelayed sums: the signal is a state at the start of the step
	lines []*delayLine
}

func (e *Engine) newRun(p *plan, v Values, free Free, lanes int) *run {
	return (&run{Engine: e, values: v, leaves: v.Leaves, plan: p, lanes: lanes, crew: &crew{}}).allocate(free)
}

// allocate makes the memory of a run.
func (r *run) allocate(free Free) *run {
	e := r.Engine
	r.wire, r.strengths = make([][]float64, len(e.spec.Wires)), make([][]float64, len(e.spec.Routes))
	r.sums, r.gathers = make([]*sumRun, len(e.spec.Ops)), make([]*gathering, len(e.spec.Ops))
	var memory aligned.Arena
	for w := range r.wire {
		r.wire[w] = memory.Float64s(e.nodes(w) * r.perNode(w))
	}
	for i := range e.spec.Routes {
		route := &e.spec.Routes[i]
		if route.Strength != "" {
			lanes := r.perValue(route.Weights)
			r.strengths[i] = make([]float64, e.spec.Nodes[route.TargetGroup]*lanes)
			r.perLane(e.edges(route, r.values, false), route).strength(r.strengths[i], lanes)
		}
	}
	for i, op := range e.spec.Ops {
		if op.Sum != nil {
			r.sums[i] = r.newSum(i, free)
			for ch, line := range r.sums[i].lines {
				r.pasts = append(r.pasts, past{op.Sum.From[ch], r.sums[i].plan.depth, e.spec.Routes[op.Sum.Route].counted(r.sums[i].edges.reach()), line})
			}
		}
		if op.Gather != nil {
			r.gathers[i] = r.newGathering(op.Gather)
			for ch, line := range r.gathers[i].lines {
				r.pasts = append(r.pasts, past{op.Gather.From[ch], r.gathers[i].depth, e.spec.Routes[op.Gather.Route].counted(r.gathers[i].reach()), line})
			}
		}
	}
	return r
}

func (r *run) newSum(i int, free Free) *sumRun {
	s, sum := r.spec.Ops[i].Sum, &sumRun{}
	if same := r.spec.sameSum(i); same >= 0 {
		sum.arrangement = r.sums[same].arrangement
	} else {
		sum.arrangement = r.arranged(s, free)
	}
	if sum.plan == nil {
		sum.now = sum.inLanes(r.side.count())
		for _, from := range s.From {
			sum.state = append(sum.state, slices.Contains(r.spec.State, from))
		}
	} else {
		sum.lines = sum.newLines(len(s.From), r.side.count(), r.crew)
	}
	return sum
}

// sameSum is an earlier operation that sums over the same edges, such as that of another stage; −1 if there is
// none.
func (s *Spec) sameSum(i int) int {
	for j, op := range s.Ops[:i] {
		if op.Sum != nil && op.Sum.Route == s.Ops[i].Sum.Route && op.Sum.OfEdges == s.Ops[i].Sum.OfEdges {
			return j
		}
	}
	return -1
}

// bind makes the instances of the plan and runs what is fixed during the run.
func (r *run) bind(source func(b binding) []float64) {
	r.instances = r.makeInstances(r.plan.ops, source)
}

func (r *run) makeInstances(ops []planOp, source func(b binding) []float64) []*program.Instance {
	instances := make([]*program.Instance, len(ops))
	for i, op := range ops {
		if op.program == nil {
			continue
		}
		x := op.program.Instance(r.spec.Nodes[r.spec.Ops[op.op].Group], r.lanes)
		for k, b := range op.in {
			x.In[k] = source(b)
		}
		for k, b := range op.out {
			x.Out[k] = source(b)
		}
		x.Once()
		instances[i] = x
	}
	return instances
}

// primal resolves the bindings of values.
func (r *run) primal(b binding) []float64 {
	switch b.role {
	case wire:
		return r.wire[b.index]
	case param:
		return r.paramRow(r.leaves, b.index, r.perValue(r.spec.Params[b.index].Leaf))
	case strength:
		return r.strengths[b.index]
	case clock:
		return r.time[:]
	}
	return nil
}

// paramRow is the row of a leaf that a parameter reads, from arrays that hold lanes numbers per value.
func (r *run) paramRow(leaves [][]float64, p, lanes int) []float64 {
	spec := r.spec.Params[p]
	offset, kind := layout(r.values.Shapes[spec.Leaf], spec.Row, r.spec.Nodes[spec.Group])
	row := leaves[spec.Leaf][offset*lanes:]
	if spec.Elements == nil || kind == program.Uniform {
		return row
	}
	picked := make([]float64, 0, len(spec.Elements)*lanes)
	for _, e := range spec.Elements {
		picked = append(picked, row[int(e)*lanes:][:lanes]...)
	}
	return picked
}

// step runs the schedule once.
func (r *run) step(n int, normals Normals) {
	r.time[0] = r.spec.startOf(n)
	r.noise(n, normals)
	r.feed(n)
	for i, op := range r.plan.ops {
		switch {
		case op.program != nil:
			r.instances[i].Step()
		case r.sums[op.op] != nil:
			r.sum(n, op.op)
		default:
			r.gather(op.op)
		}
	}
}

func (r *run) gather(op int) {
	x, spec := r.gathers[op], r.spec.Ops[op].Gather
	for ch, from := range spec.From {
		var line *history
		if x.lines != nil {
			line = x.lines[ch]
			line.push(r.wire[from])
		}
		x.apply(r.wire[spec.To[ch]], r.wire[from], line, r.side.count())
	}
}

func (r *run) noise(n int, normals Normals) {
	if len(r.spec.Noise) == 0 || normals == nil {
		return
	}
	row := normals(n)
	for _, w := range r.spec.Noise {
		row = row[copy(r.wire[w], row):]
	}
}

func (r *run) sum(n, op int) {
	s, spec := r.sums[op], r.spec.Ops[op].Sum
	for ch, from := range spec.From {
		if s.lines == nil {
			s.now.apply(r.crew, n, r.wire[spec.To[ch]], r.wire[from], s.finite(n, ch))
			continue
		}
		s.lines[ch].push(r.wire[from])
		s.lines[ch].apply(r.wire[spec.To[ch]])
	}
}

// finite reports whether a channel's signal is known to be finite at step n: a state that the step before has left.
func (s *sumRun) finite(n, channel int) bool { return n > 0 && s.state[channel] }

// advance makes the end of a step the start of the next.
func (r *run) advance() {
	for i, w := range r.spec.State {
		copy(r.wire[w], r.wire[r.spec.Next[i]])
	}
}

func (r *run) record(n int, rec *Recording) {
	if rec == nil {
		return
	}
	r.sample(r.spec.Record, n, rec.From, rec.Data, r.wire, columns{0, 1, 1})
	if r.spec.Tangents != nil {
		r.sample(r.spec.Tangents, n, rec.From, rec.Tangents, r.wire, columns{0, 1, 1})
	}
}

// Forward runs all steps.
func (e *Engine) Forward(ctx context.Context, v Values, normals Normals, rec *Recording) error {
	cores.Take()
	defer cores.Give()
	p, err := e.plan(forward, v.Shapes, nil)
	if err != nil {
		return err
	}
	r := e.newRun(p, v, Free{}, 1)
	defer r.crew.dismiss()
	r.bind(r.primal)
	if err := r.start(r.load, func(int) {}); err != nil {
		return err
	}
	for n := range e.spec.Steps {
		if n%cancelEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r.step(n, normals)
		if err := r.check(n); err != nil {
			return err
		}
		r.record(n, rec)
		r.advance()
	}
	return nil
}
