package network

import (
	"fmt"
	"slices"

	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
)

// addNormals makes recorded normals, by group, a leaf [step][noisy state][region] that feeds the wires of the
// normals.
func (a *assembly) addNormals() error {
	size := a.noiseSize()
	if want := a.spec.Steps * size; a.normals != nil && len(a.normals) != want {
		return fmt.Errorf("network: Options.Normals has %d numbers, wants %d: %d steps of %d, one per noisy state and region", len(a.normals), want, a.spec.Steps, size)
	}
	if len(a.normals) == 0 {
		return nil
	}
	wires, at := a.spec.Noise, 0
	for _, g := range a.groups {
		row := len(g.noisy) * len(g.nodes)
		if row == 0 {
			continue
		}
		values := a.normals
		if row != size {
			values = nil
			for step := range a.spec.Steps {
				values = append(values, a.normals[step*size+at:][:row]...)
			}
		}
		leaf := a.addLeaf(param.Leaf{Path: g.prefix + "noise.normals", Shape: []int{a.spec.Steps, len(g.noisy), len(g.nodes)}, Value: values,
			Meaning: "unit normals [step][noisy state][region]"}, leafCheck{rows: 1, exact: true})
		for k := range g.noisy {
			a.spec.Feeds = append(a.spec.Feeds, engine.Feed{Wire: wires[k], Leaf: leaf, At: k * len(g.nodes), Stride: row, Uniform: len(g.nodes) == 1,
				Taps: func(step int) [3]engine.Tap { return [3]engine.Tap{{Row: step, Share: 1}} }})
		}
		wires, at = wires[len(g.noisy):], at+row
	}
	a.spec.Noise = nil
	return nil
}

// normals are the unit normals of a run that are drawn from the stream of the seed: once, and kept, if they
// fit half of the memory. The caller calls end when the run has ended.
func (s *Simulation) normals() (normals engine.Normals, end func()) {
	return s.normalsFrom(s.keptNormals() > 0)
}

// normalsFrom are the unit normals of a run, kept or drawn anew in every pass.
func (s *Simulation) normalsFrom(kept bool) (normals engine.Normals, end func()) {
	switch {
	case len(s.assembly.spec.Noise) == 0:
		return nil, func() {}
	case kept:
		return s.readKept()
	}
	return s.drawAnew(), func() {}
}

// drawAnew are normals that are drawn when they are wanted.
func (s *Simulation) drawAnew() engine.Normals {
	a := s.assembly
	size := a.noiseSize()
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
	if len(a.spec.Noise) == 0 {
		return 0
	}
	from, to := a.pairs()
	bytes := 16 * int64(to-from) * int64(a.noiseSize())
	if bytes > s.memory()/2 {
		return 0
	}
	return bytes
}

// pairs are the numbers of the pairs of steps from ≤ k < to that the run takes normals of.
func (a *assembly) pairs() (from, to int) {
	return a.spec.First >> 1, (a.spec.First + a.spec.Steps + 1) >> 1
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
