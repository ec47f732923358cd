package network

import (
	"math"

	"github.com/neurograd/neurograd/internal/engine"
)

// bendDelays adds to a product with the second derivative with respect to leaves what the delays d =
// length/(speed·h) in steps contribute by their own curvature: the gradient with respect to d times
//
//	∂²d/∂length ∂speed = −1/(speed²·h),    ∂²d/∂speed² = 2·length/(speed³·h).
func (s *Simulation) bendDelays(v engine.Values, c engine.Curvature, tangents [][]float64) {
	d, h := s.assembly.delays(), s.assembly.grid.Step
	if c.Gradient.Delays == nil || d.speed < 0 || tangents[d.speed] == nil {
		return
	}
	speed, dspeed := v.Leaves[d.speed][0], tangents[d.speed][0]
	cross := -1 / (speed * speed * h)
	lengths, bySpeed := c.Product.Leaves[d.lengths], c.Product.Leaves[d.speed]
	for e, g := range c.Gradient.Delays {
		if lengths != nil {
			lengths[e] = math.FMA(float64(g*cross), dspeed, lengths[e])
		}
		bend := float64(-2 * v.Leaves[d.lengths][e] / speed * dspeed)
		if dlengths := tangents[d.lengths]; dlengths != nil {
			bend += dlengths[e]
		}
		bySpeed[0] = math.FMA(float64(g*cross), bend, bySpeed[0])
	}
}
