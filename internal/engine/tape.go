package engine

import (
	"context"
	"fmt"

	"github.com/neurograd/neurograd/internal/cores"
)

// Tape is a forward run from which the reverse pass can start. Where memory allows it has kept every
// step; else it has kept checkpoints, between which the reverse pass runs forward again.
type Tape struct {
	run     *run
	free    Free
	reverse *plan
	normals Normals

	offset  []int // of a saved wire within a row, −1 if not saved
	rowSize int
	// lengths are those of the segments a segment is cut into, level by level; the shortest ones are
	// taped step by step.
	lengths     []int
	checkpoints [][][]float64 // by level
	from        int           // first taped step
	memory      *rowMemory
	rows        []float64 // [step][saved wire][node], in the memory
	signals     [][]*signalStore
}

// segmentAlign is what segments' lengths are multiples of, so that each begins a block of the delays.
const segmentAlign = 32

// MemoryError reports a budget, in bytes, below the least that the reverse pass needs.
type MemoryError struct{ Need, Budget int64 }

func (e *MemoryError) Error() string {
	return fmt.Sprintf("engine: the reverse pass needs %d bytes, its budget is %d", e.Need, e.Budget)
}

// newTape plans what a run keeps within a budget of bytes; a budget that is too small is a [*MemoryError].
func (r *run) newTape(p *plan, normals Normals, free Free, budget int64) (*Tape, error) {
	t := &Tape{run: r, free: free, reverse: p, normals: normals, offset: make([]int, len(r.wire)), signals: make([][]*signalStore, len(r.spec.Ops))}
	for w := range t.offset {
		t.offset[w] = -1
	}
	for _, w := range p.saved {
		t.offset[w] = t.rowSize
		t.rowSize += r.nodes(w)
	}
	perStep, fixed := t.rowSize, 0
	for i, op := range r.spec.Ops {
		depth, from := t.wanted(i)
		for _, w := range from {
			s := &signalStore{wire: w, depth: depth, nodes: r.nodes(w)}
			t.signals[i] = append(t.signals[i], s)
			perStep += s.nodes
			fixed += s.depth * s.nodes
			if op.Sum != nil {
				fixed += storePadding * s.nodes
			}
		}
	}
	var need int64
	t.lengths, need = cutSteps(r.spec.Steps, int64(perStep), int64(r.checkpointSize()), int64(fixed), budget/8)
	if t.lengths == nil {
		return nil, &MemoryError{Need: 8 * need, Budget: budget}
	}
	shortest := t.lengths[len(t.lengths)-1]
	t.memory = r.takeRows(shortest * t.rowSize)
	t.rows = t.memory.values[:shortest*t.rowSize]
	for i, channels := range t.signals {
		for _, s := range channels {
			s.hold(shortest, r.spec.Ops[i].Sum != nil)
		}
	}
	whole := r.spec.Steps
	for _, length := range t.lengths {
		level := make([][]float64, (whole+length-1)/length)
		if len(t.lengths) > 1 || length < r.spec.Steps {
			for k := range level {
				level[k] = make([]float64, r.checkpointSize())
			}
		}
		t.checkpoints = append(t.checkpoints, level)
		whole = length
	}
	return t, nil
}

// wanted are the wires that an operation reads the past of in the reverse pass, and how far back: signals
// that weights or delays are correlated with, and what edges gather.
func (t *Tape) wanted(op int) (depth int, wires []int) {
	spec, r := t.run.spec.Ops[op], t.run
	switch {
	case spec.Gather != nil && r.gathers[op].steps != nil:
		return r.gathers[op].depth, spec.Gather.From
	case spec.Sum != nil && !spec.Sum.OfEdges && t.free.correlates(&r.spec.Routes[spec.Sum.Route]):
		return r.sums[op].depth(), spec.Sum.From
	}
	return 0, nil
}

// cutSteps chooses the lengths of segments for a budget, all in numbers: one segment if everything fits,
// else as few levels, and then as long a shortest segment, as the budget allows. Without a fit it
// returns nil and the least need.
func cutSteps(steps int, perStep, checkpoint, fixed, budget int64) (lengths []int, need int64) {
	if need = perStep*int64(steps) + fixed; need <= budget {
		return []int{steps}, need
	}
	const maxLevels = 8
	for levels := 1; levels <= maxLevels; levels++ {
		for shortest := (steps / segmentAlign) * segmentAlign; shortest >= segmentAlign; shortest = shortest * 3 / 4 / segmentAlign * segmentAlign {
			cut, checkpoints := cutLevels(steps, shortest, levels)
			n := perStep*int64(shortest) + checkpoint*checkpoints + fixed
			need = min(need, n)
			if n <= budget {
				return cut, n
			}
		}
	}
	return nil, need
}

// cutLevels cuts steps into shortest segments over that many levels, about equally many on each, and
// counts the checkpoints that are kept at a time.
func cutLevels(steps, shortest, levels int) (lengths []int, checkpoints int64) {
	whole := steps
	for level := range levels {
		length := shortest
		if rest := levels - 1 - level; rest > 0 {
			// The number of segments on this level: the root of what remains to be cut.
			parts := 1
			for power(parts, rest+1)*shortest < whole {
				parts++
			}
			length = max(shortest, (whole/parts+segmentAlign-1)/segmentAlign*segmentAlign)
		}
		lengths = append(lengths, length)
		checkpoints += int64((whole + length - 1) / length)
		whole = length
	}
	return lengths, checkpoints
}

func power(x, n int) int {
	y := 1
	for range n {
		y *= x
	}
	return y
}

// Tape runs all steps and keeps what the derivatives need within a budget of bytes.
func (e *Engine) Tape(ctx context.Context, v Values, normals Normals, free Free, budget int64, rec *Recording) (*Tape, error) {
	cores.Take()
	defer cores.Give()
	p, err := e.plan(forward, v.Shapes, nil)
	if err != nil {
		return nil, err
	}
	back, err := e.plan(reverse, v.Shapes, free.Leaves)
	if err != nil {
		return nil, err
	}
	r := e.newRun(p, v, free, 1)
	r.bind(r.primal)
	defer r.crew.dismiss()
	t, err := r.newTape(back, normals, free, budget)
	if err != nil {
		return nil, err
	}
	if err := r.start(r.load, func(int) {}); err != nil {
		return nil, err
	}
	return t, t.forward(ctx, 0, e.spec.Steps, 0, rec)
}

// forward runs steps from…to, of which the state is at hand, and keeps them: taped if they are one
// segment of the last level, else as the checkpoints of a level. The first time it records.
func (t *Tape) forward(ctx context.Context, from, to, level int, rec *Recording) error {
	r := t.run
	length := t.lengths[level]
	taped := level == len(t.lengths)-1 && to-from <= length
	if taped {
		t.from = from
		t.keepPast()
	}
	for n := from; n < to; n++ {
		if n%cancelEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !taped && (n-from)%length == 0 {
			r.saveCheckpoint(t.checkpoints[level][(n-from)/length])
		}
		r.step(n, t.normals)
		if rec != nil {
			if err := r.check(n); err != nil {
				return err
			}
			r.record(n, rec)
		}
		if taped {
			t.keep(n)
		}
		r.advance()
	}
	return nil
}

// keep tapes step n.
func (t *Tape) keep(n int) {
	row := t.row(n)
	for _, w := range t.reverse.saved {
		copy(row[t.offset[w]:], t.run.wire[w])
	}
	for _, channels := range t.signals {
		for _, s := range channels {
			s.keep(n, t.run.wire[s.wire])
		}
	}
}

// keepPast keeps the signals before the taped segment that its delays reach.
func (t *Tape) keepPast() {
	for i, channels := range t.signals {
		for ch, s := range channels {
			s.from = t.from
			sample := make([]float64, s.nodes)
			for step := t.from - s.depth; step < t.from; step++ {
				t.line(i, ch).get(step, sample)
				s.keep(step, sample)
			}
		}
	}
}

// line is what keeps the past of an operation's channel.
func (t *Tape) line(op, channel int) pastLine {
	if g := t.run.gathers[op]; g != nil {
		return g.lines[channel]
	}
	return t.run.sums[op].lines[channel]
}

func (t *Tape) row(n int) []float64 {
	return t.rows[(n-t.from)*t.rowSize : (n-t.from+1)*t.rowSize]
}

// load brings the saved wires of a step back.
func (t *Tape) load(n int) {
	row := t.row(n)
	for _, w := range t.reverse.saved {
		copy(t.run.wire[w], row[t.offset[w]:])
	}
}

// checkpointSize is the number of values that say how a run goes on.
func (r *run) checkpointSize() int {
	size := r.sizeOf(r.spec.State)
	for _, p := range r.pasts {
		size += p.line.size()
	}
	return size
}

func (r *run) saveCheckpoint(to []float64) {
	for _, w := range r.spec.State {
		to = to[copy(to, r.wire[w]):]
	}
	for _, p := range r.pasts {
		p.line.save(to)
		to = to[p.line.size():]
	}
}

func (r *run) restoreCheckpoint(from []float64, step int) {
	for _, w := range r.spec.State {
		from = from[copy(r.wire[w], from):]
	}
	for _, p := range r.pasts {
		p.line.restore(from, step)
		from = from[p.line.size():]
	}
}

// depth is how many steps back a sum reads.
func (s *sumRun) depth() int {
	if s.plan == nil {
		return 0
	}
	return s.plan.depth
}
