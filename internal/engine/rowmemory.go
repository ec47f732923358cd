package engine

import "weak"

// rowMemory is memory for the rows of a tape.
type rowMemory struct{ values []float64 }

// takeRows is memory for so many values, which may be any: that of the last tape that was reversed, if it is about as large and
// has not been collected as garbage since.
func (e *Engine) takeRows(size int) *rowMemory {
	e.mu.Lock()
	defer e.mu.Unlock()
	m := e.rows.Value()
	e.rows = weak.Pointer[rowMemory]{}
	if m == nil || len(m.values) < size || len(m.values) > 2*size {
		m = &rowMemory{make([]float64, size)}
	}
	return m
}

// giveRows leaves the memory of the rows, which are not read any more, to the next tape.
func (t *Tape) giveRows() {
	t.run.mu.Lock()
	defer t.run.mu.Unlock()
	t.run.rows = weak.Make(t.memory)
	t.memory, t.rows = nil, nil
}
