package network

import (
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/noise"
)

// normals are the unit normals of a run: those given, or the stream of the seed, which is drawn once
// and kept if it fits half of the memory.
func (s *Simulation) normals() engine.Normals { return s.normalsFrom(s.keptNormals() > 0) }

// normalsFrom are the unit normals of a run, those of the seed kept or drawn anew in every pass.
func (s *Simulation) normalsFrom(kept bool) engine.Normals {
	a := s.assembly
	size := len(a.noisy) * a.nodes
	if size == 0 {
		return nil
	}
	if all := s.options.Normals; all != nil || kept {
		return func(step int) []float64 {
			if all == nil {
				all = s.draw(size) // not before the run has found its memory
			}
			return all[step*size : (step+1)*size]
		}
	}
	pair, drawn := make([]float64, 2*size), -1
	return func(step int) []float64 {
		step += a.spec.First
		if drawn != step>>1 {
			drawn = step >> 1
			s.drawPair(pair, drawn)
		}
		return pair[(step&1)*size:][:size]
	}
}

// keptNormals is the number of bytes of the normals that are drawn once and kept, 0 if they are drawn
// anew in every pass because they would take more than half of the memory.
func (s *Simulation) keptNormals() int64 {
	a := s.assembly
	from, to := a.pairs()
	bytes := 16 * int64(to-from) * int64(len(a.noisy)*a.nodes)
	if s.options.Normals != nil || bytes > s.memory()/2 {
		return 0
	}
	return bytes
}

// pairs are the numbers of the pairs of steps from ≤ k < to that the run takes normals of.
func (a *assembly) pairs() (from, to int) {
	return a.spec.First >> 1, (a.spec.First + a.spec.Steps + 1) >> 1
}

// draw returns the normals of all steps.
func (s *Simulation) draw(size int) []float64 {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	if s.drawn == nil {
		from, to := s.assembly.pairs()
		drawn := make([]float64, 2*(to-from)*size)
		for k := range to - from {
			s.drawPair(drawn[2*k*size:2*(k+1)*size], from+k)
		}
		s.drawn = drawn[(s.assembly.spec.First-2*from)*size:]
	}
	return s.drawn
}

// drawPair draws the rows of steps 2k and 2k+1.
func (s *Simulation) drawPair(rows []float64, k int) {
	a := s.assembly
	even, odd := rows[:len(rows)/2], rows[len(rows)/2:]
	stream := noise.Stream{Seed: s.options.Seed, Number: s.options.Stream}
	for row, name := range a.noisy {
		at := row * a.nodes
		stream.Pair(even[at:at+a.nodes], odd[at:at+a.nodes], 0, a.stateIndex(name), k)
	}
}

func (a *assembly) stateIndex(name string) int {
	for i, s := range a.net.Dynamics.States {
		if s.Name == name {
			return i
		}
	}
	return -1
}
