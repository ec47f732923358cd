package engine

import "github.com/neurograd/neurograd/internal/aligned"

// signalStore keeps what a gathering or a sum read during the taped segment and, for its delays, before it: from step
// from−depth on, for a gathering [step][node], for a sum each node's samples in a row.
type signalStore struct {
	wire               int // whose samples these are
	depth, from, nodes int
	stride             int // of a sum: from a node's row to the next one's; else 0
	data               []float64
}

// storePadding is by how much hold makes a node's row longer at most.
const storePadding = 2*aligned.Floats - 1

// hold makes room for so many steps besides depth. Rows of sums are an odd number of cache lines: at equal times they
// would else lie where the cache has few places.
func (s *signalStore) hold(steps int, ofSum bool) {
	rows := s.depth + steps
	if !ofSum {
		s.data = make([]float64, rows*s.nodes)
		return
	}
	s.stride = (rows+aligned.Floats-1)/aligned.Floats | 1
	s.stride *= aligned.Floats
	s.data = aligned.Float64s(s.stride * s.nodes)
}

// keep stores the signal of a step.
func (s *signalStore) keep(step int, signal []float64) {
	if s.stride == 0 {
		copy(s.at(step), signal)
		return
	}
	row := s.data[s.place(step):]
	for j, v := range signal {
		row[j*s.stride] = v
	}
}

// place is the number of a step in the store.
func (s *signalStore) place(step int) int { return step - s.from + s.depth }

// at is the signal of a step that a gathering read.
func (s *signalStore) at(step int) []float64 {
	return s.data[s.place(step)*s.nodes:][:s.nodes]
}

// history is the store as a ring whose newest sample is that of step n.
func (s *signalStore) history(n int) history {
	rows := len(s.data) / s.nodes
	shift := s.from - s.depth // the store's row 0
	return history{length: rows, width: s.nodes, ring: s.data, newest: n - shift}
}
