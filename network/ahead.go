package network

import (
	"slices"
	"sync/atomic"

	"github.com/neurograd/neurograd/internal/cores"
	"github.com/neurograd/neurograd/internal/engine"
)

const (
	// blockNormals is about how many normals a block has: 10 to 20 µs of work.
	blockNormals = 4096
	// fewestBlocks is how many blocks there are at least where somebody goes ahead: to begin takes as long as to draw one.
	fewestBlocks = 4
)

// drawnNormals are the normals of all steps of a simulation, kept for all its runs. A block of them is drawn by the first who
// wants it: a run that gets there, or a goroutine that goes ahead of a run on a processor that is free. The stream is addressed by
// step, so that the values do not depend on who draws them.
type drawnNormals struct {
	of    *Simulation
	size  int // normals of a step
	first int // number of the first pair of steps
	pairs int // of a block
	rows  []float64
	state []atomic.Uint32 // by block
	left  atomic.Int64    // blocks that are not ready
	ahead atomic.Bool     // a goroutine goes ahead
}

// States of a block.
const (
	blockFree = iota
	blockTaken
	blockReady
)

// drawn are the kept normals, none of which need have been drawn.
func (s *Simulation) drawn() *drawnNormals {
	s.keeping.Lock()
	defer s.keeping.Unlock()
	if s.kept == nil {
		from, to := s.assembly.pairs()
		size := s.assembly.noiseSize()
		d := &drawnNormals{of: s, size: size, first: from, pairs: max(1, blockNormals/(2*size)), rows: make([]float64, 2*(to-from)*size)}
		d.state = make([]atomic.Uint32, (to-from+d.pairs-1)/d.pairs)
		d.left.Store(int64(len(d.state)))
		s.kept = d
	}
	return s.kept
}

// block is a block's rows.
func (d *drawnNormals) block(number int) []float64 {
	length := 2 * d.pairs * d.size
	return d.rows[number*length : min((number+1)*length, len(d.rows))]
}

// draw draws a block to rows.
func (d *drawnNormals) draw(rows []float64, number int) {
	for k := number * d.pairs; len(rows) > 0; k++ {
		d.of.drawPair(rows[:2*d.size], d.first+k)
		rows = rows[2*d.size:]
	}
}

// fill draws a block for all who read it, and reports whether it is ready: not if another is about it.
func (d *drawnNormals) fill(number int) bool {
	if d.state[number].CompareAndSwap(blockFree, blockTaken) {
		d.draw(d.block(number), number)
		d.state[number].Store(blockReady)
		d.left.Add(-1)
	}
	return d.state[number].Load() == blockReady
}

// goAhead draws all blocks but the first one, in order, until the run has ended.
func (d *drawnNormals) goAhead(ended *atomic.Bool) {
	for number := 1; number < len(d.state) && !ended.Load(); number++ {
		d.fill(number)
	}
	d.ahead.Store(false)
	cores.Give()
}

// start lets a goroutine go ahead of a run if there is enough to draw, a processor for it, and nobody who does so.
func (d *drawnNormals) start(ended *atomic.Bool) {
	switch {
	case d.left.Load() < fewestBlocks || !d.ahead.CompareAndSwap(false, true):
	case cores.TakeSpare():
		go d.goAhead(ended)
	default:
		d.ahead.Store(false)
	}
}

// readKept are the normals of one run that reads the kept ones. They are not made before the first step, when the run has found
// its memory. After end nobody goes ahead of the run any more.
func (s *Simulation) readKept() (normals engine.Normals, end func()) {
	var d *drawnNormals
	var ended atomic.Bool
	var own []float64 // a block that another was about when this run came to it: nobody waits
	var rows []float64
	present := -1
	return func(step int) []float64 {
		if d == nil {
			d = s.drawn()
			d.start(&ended)
		}
		step += s.assembly.spec.First - 2*d.first
		if number := step / (2 * d.pairs); number != present {
			present, rows = number, d.block(number)
			if !d.fill(number) {
				own = slices.Grow(own[:0], len(rows))[:len(rows)]
				d.draw(own, number)
				rows = own
			}
		}
		return rows[(step-2*d.pairs*present)*d.size:][:d.size]
	}, func() { ended.Store(true) }
}
