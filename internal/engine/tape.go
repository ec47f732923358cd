package engine

import "context"

// Tape is a forward run that has kept what its reverse pass reads.
type Tape struct {
	run     *run
	free    []bool
	reverse *plan
	normals Normals
	offset  []int // of a saved wire within a row, −1 if not saved
	rowSize int
	rows    []float64 // [step][saved wire][node]
	pasts   []float64 // rows like the others from before the start, the latest first; one if all are equal
}

// TapeBytes is the memory that a tape of the free leaves would take.
func (e *Engine) TapeBytes(shapes [][]int, free []bool) (int64, error) {
	p, err := e.plan(reverse, shapes, free)
	if err != nil {
		return 0, err
	}
	var row int64
	for _, w := range p.saved {
		row += int64(e.nodes(w))
	}
	return 8 * row * int64(e.spec.Steps+1), nil
}

// Tape runs all steps and keeps what the derivatives with respect to the free leaves need.
func (e *Engine) Tape(ctx context.Context, v Values, normals Normals, free []bool, rec *Recording) (*Tape, error) {
	p, err := e.plan(forward, v.Shapes, nil)
	if err != nil {
		return nil, err
	}
	back, err := e.plan(reverse, v.Shapes, free)
	if err != nil {
		return nil, err
	}
	r := e.newRun(p, v, free, 1)
	r.bind(r.primal)
	t := &Tape{run: r, free: free, reverse: back, normals: normals, offset: make([]int, len(e.spec.Wires))}
	for w := range t.offset {
		t.offset[w] = -1
	}
	for _, w := range back.saved {
		t.offset[w] = t.rowSize
		t.rowSize += e.nodes(w)
	}
	t.rows = make([]float64, t.rowSize*e.spec.Steps)
	t.pasts = make([]float64, t.rowSize)
	if e.spec.History >= 0 {
		t.pasts = make([]float64, t.rowSize*r.depth())
	}
	if err := r.start(r.load, func(time int) { t.save(t.past(time)) }); err != nil {
		return nil, err
	}
	for n := range e.spec.Steps {
		if n%cancelEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		r.step(n, normals)
		if err := r.check(n); err != nil {
			return nil, err
		}
		t.save(t.row(n))
		r.record(n, rec)
		r.advance()
	}
	return t, nil
}

func (t *Tape) row(n int) []float64 { return t.rows[n*t.rowSize : (n+1)*t.rowSize] }

// past is the row of a negative time.
func (t *Tape) past(time int) []float64 {
	if t.run.spec.History < 0 {
		return t.pasts
	}
	return t.pasts[(-time-1)*t.rowSize : -time*t.rowSize]
}

func (t *Tape) save(row []float64) {
	for _, w := range t.reverse.saved {
		copy(row[t.offset[w]:], t.run.wire[w])
	}
}

// load brings the saved wires of a row back.
func (t *Tape) load(row []float64) {
	for _, w := range t.reverse.saved {
		copy(t.run.wire[w], row[t.offset[w]:])
	}
}

// saved is a saved wire at step n, or at a negative time.
func (t *Tape) saved(wire, n int) []float64 {
	row := t.pastOrRow(n)
	return row[t.offset[wire]:][:t.run.nodes(wire)]
}

func (t *Tape) pastOrRow(n int) []float64 {
	if n < 0 {
		return t.past(n)
	}
	return t.row(n)
}
