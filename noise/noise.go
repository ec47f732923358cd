// Package noise holds the ways in which noise enters a state and the counter-based stream its normals
// come from. The formula of the stream is in docs/NUMERICS.md.
package noise

import (
	"github.com/neurograd/neurograd/internal/philox"
)

// Additive adds white noise to states: in a step of length h, state s of node i gets
//
//	ξ = σ·√h·z,  z ~ N(0, 1)
//
// independent for every step, state and node. In The Virtual Brain's terms nsig = σ²/2.
type Additive struct {
	// Sigma is σ in units of the state per √ms: a number, one per region []float64, or
	// [][]float64 with one row per noisy state of one number or one per region.
	Sigma any
	// States are the names of the noisy states; none means all.
	States []string
}

// Stream is a sequence of unit normals addressed by node, state and step: the same address gives the
// same number whatever else is drawn, on every platform.
//
// Philox4x32-10 with the seed as key (low word first) and the counter (node, group·2¹⁶ + state, step/2,
// number of the stream) gives one Box–Muller pair, whose first number serves the even and whose second
// the odd step.
type Stream struct {
	Seed   uint64
	Number uint32
}

// Pair writes the normals of steps 2k and 2k+1 of one state of a group for len(even) nodes of the graph,
// from number node on.
func (s Stream) Pair(even, odd []float64, node, group, state, k int) {
	key := [2]uint32{uint32(s.Seed), uint32(s.Seed >> 32)}
	philox.FillNormals(even, odd, [4]uint32{uint32(node), uint32(group)<<16 + uint32(state), uint32(k), s.Number}, key)
}
