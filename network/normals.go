package network

import (
	"slices"

	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/noise"
)

// normals are the unit normals of a run: those given, or the stream of the seed, which is drawn once
// and kept if it fits half of the memory.
func (s *Simulation) normals() engine.Normals {
	size := s.assembly.noiseSize()
	if size == 0 {
		return nil
	}
	all := s.options.Normals
	if all == nil && s.keptNormals() > 0 {
		all = s.draw(size)
	}
	if all != nil {
		return func(step int) []float64 { return all[step*size : (step+1)*size] }
	}
	pair, drawn := make([]float64, 2*size), -1
	return func(step int) []float64 {
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
	bytes := 8 * int64(a.spec.Steps+1) * int64(a.noiseSize())
	if s.options.Normals != nil || bytes > s.memory()/2 {
		return 0
	}
	return bytes
}

func (s *Simulation) draw(size int) []float64 {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	if s.drawn == nil {
		pairs := (s.assembly.spec.Steps + 1) / 2
		drawn := make([]float64, 2*pairs*size)
		for k := range pairs {
			s.drawPair(drawn[2*k*size:2*(k+1)*size], k)
		}
		s.drawn = drawn
	}
	return s.drawn
}

// drawPair draws the rows of steps 2k and 2k+1.
func (s *Simulation) drawPair(rows []float64, k int) {
	even, odd := rows[:len(rows)/2], rows[len(rows)/2:]
	stream := noise.Stream{Seed: s.options.Seed, Number: s.options.Stream}
	for _, g := range s.assembly.groups {
		for _, name := range g.noisy {
			state := slices.Index(g.states(), name)
			// The stream is addressed by the nodes of the graph: runs of them are drawn together.
			for from, to := 0, 0; from < len(g.nodes); from = to {
				for to = from + 1; to < len(g.nodes) && g.nodes[to] == g.nodes[to-1]+1; to++ {
				}
				stream.Pair(even[from:to], odd[from:to], int(g.nodes[from]), g.number, state, k)
			}
			even, odd = even[len(g.nodes):], odd[len(g.nodes):]
		}
	}
}

// noiseSize is the number of unit normals of a step.
func (a *assembly) noiseSize() int {
	size := 0
	for _, g := range a.groups {
		size += len(g.noisy) * len(g.nodes)
	}
	return size
}
