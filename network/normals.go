package network

import (
	"fmt"

	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
)

// addNormals makes recorded normals a leaf [step][noisy state][region] that feeds the wires of the normals.
func (a *assembly) addNormals() error {
	row := len(a.noisy) * a.nodes
	if want := a.spec.Steps * row; a.normals != nil && len(a.normals) != want {
		return fmt.Errorf("network: Options.Normals has %d numbers, wants %d: %d steps × %d noisy states × %d regions", len(a.normals), want, a.spec.Steps, len(a.noisy), a.nodes)
	}
	if len(a.normals) == 0 {
		return nil
	}
	leaf := a.addLeaf(param.Leaf{Path: "noise.normals", Shape: []int{a.spec.Steps, len(a.noisy), a.nodes}, Value: a.normals, Meaning: "unit normals [step][noisy state][region]"}, 1)
	for k, wire := range a.spec.Noise {
		a.spec.Feeds = append(a.spec.Feeds, engine.Feed{Wire: wire, Leaf: leaf, At: k * a.nodes, Stride: row, Uniform: a.nodes == 1,
			Taps: func(step int) [3]engine.Tap { return [3]engine.Tap{{Row: step, Share: 1}} }})
	}
	a.spec.Noise = nil
	return nil
}

// normals are the unit normals of a run that are drawn from the stream of the seed: once, and kept, if they
// fit half of the memory.
func (s *Simulation) normals() engine.Normals {
	a := s.assembly
	size := len(a.spec.Noise) * a.nodes
	if size == 0 {
		return nil
	}
	if s.keptNormals() > 0 {
		all := s.draw(size)
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
	bytes := 8 * int64(a.spec.Steps+1) * int64(len(a.spec.Noise)*a.nodes)
	if bytes > s.memory()/2 {
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
