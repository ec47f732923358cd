package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/neurograd/neurograd/param"
)

// Tolerances of gradcheck. The adjoint and the tangents are the same sum in another order; differences
// have an error of their own. Rounding makes the loss uncertain by some of its last bits, which
// differences divide by the step: a derivative far below the loss cannot be seen in them. The adjoint, too, leaves
// rounding where contributions cancel to 0.
const (
	adjointTolerance     = 1e-10 // relative to the largest component
	adjointFloor         = 1e-16 // times the loss, for a change as large as the value: below the last bit of the loss
	differencesTolerance = 1e-6  // relative to the derivative
	differencesFloor     = 1e-10 // times the loss: what counts as equal anyway
)

// comparison is a leaf's derivative along one direction, in three ways. Its keys do not change.
type comparison struct {
	Path             string  `json:"path"`
	Values           int     `json:"values"`
	Adjoint          float64 `json:"adjoint"`
	Tangents         float64 `json:"tangents"`
	Differences      float64 `json:"differences"`
	AdjointError     float64 `json:"adjoint_error"`     // largest difference of components, relative to the largest component
	DifferencesError float64 `json:"differences_error"` // relative to the derivative
	OK               bool    `json:"ok"`
}

// compare frees one leaf and compares its derivatives.
func (c *gradcheck) compare(ctx context.Context, path string) (comparison, error) {
	p := c.params.Clone().Fix("*").Free(path)
	r := comparison{Path: path}
	if err := p.Err(); err != nil {
		return r, err
	}
	_, adjoint, err := c.sim.Gradient(ctx, p, c.loss)
	if err != nil {
		return r, err
	}
	_, tangents, err := c.sim.TangentGradient(ctx, p, c.loss)
	if err != nil {
		return r, err
	}
	v := direction(p.Theta())
	if r.Differences, err = c.differences(ctx, p, v); err != nil {
		return r, fmt.Errorf("a step of the differences: %w", err)
	}
	r.Values, r.Adjoint, r.Tangents = len(v), dot(adjoint, v), dot(tangents, v)
	r.judge(adjoint, tangents, v, c.value)
	return r, nil
}

// judge fills in the errors and the verdict.
func (r *comparison) judge(adjoint, tangents, v []float64, loss float64) {
	largest, apart, longest := 0.0, 0.0, 0.0
	for i, a := range adjoint {
		largest = max(largest, math.Abs(a), math.Abs(tangents[i]))
		apart = max(apart, math.Abs(a-tangents[i]))
		longest = max(longest, math.Abs(v[i]))
	}
	r.AdjointError = ratio(apart, largest)
	same := r.AdjointError <= adjointTolerance || apart*longest <= adjointFloor*math.Abs(loss)
	apart = math.Abs(r.Adjoint - r.Differences)
	largest = max(math.Abs(r.Adjoint), math.Abs(r.Differences))
	r.DifferencesError = ratio(apart, largest)
	near := r.DifferencesError <= differencesTolerance || apart <= differencesFloor*math.Abs(loss)
	r.OK = same && near // NaN fails both
}

// ratio is a/b, and 0 for 0/0.
func ratio(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return a / b
}

// direction is pseudo-random, the same in every run, and as long as the values are large, so that a step
// along it is a relative change.
func direction(theta []float64) []float64 {
	scale := 0.0
	for _, x := range theta {
		scale = max(scale, math.Abs(x))
	}
	if scale == 0 {
		scale = 1
	}
	r := rand.New(rand.NewPCG(1, 1))
	v := make([]float64, len(theta))
	for i := range v {
		v[i] = scale * (0.5 + r.Float64()/2) // not near 0, which would leave the value unchecked
		if r.Uint64()&1 == 0 {
			v[i] = -v[i]
		}
	}
	return v
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum = math.FMA(a[i], b[i], sum)
	}
	return sum
}

// differences is the derivative along v by central differences. D(h) = (L(θ+hv) − L(θ−hv))/2h has an
// error of h² that Richardson's (4D(h/2) − D(h))/3 takes away. Long steps suffer from curvature, short ones
// from rounding; of the steps 2⁻⁵, 2⁻⁶, … the one is taken at which two such estimates in a row agree best.
func (c *gradcheck) differences(ctx context.Context, p *param.Tree, v []float64) (float64, error) {
	var estimate, best, former float64
	closest := math.Inf(1)
	for k := range 11 {
		d, err := c.central(ctx, p, v, math.Ldexp(1, -5-k))
		if err != nil {
			return 0, err
		}
		last := estimate
		estimate = (float64(4*d) - former) / 3
		former = d
		if apart := math.Abs(estimate - last); k > 1 && apart < closest { // the first estimate takes two differences
			best, closest = estimate, apart
		}
	}
	return best, nil
}

// central is the central difference with step h.
func (c *gradcheck) central(ctx context.Context, p *param.Tree, v []float64, h float64) (float64, error) {
	theta := p.Theta()
	var at [2]float64
	for side, step := range []float64{h, -h} {
		moved := make([]float64, len(theta))
		for i := range moved {
			moved[i] = math.FMA(step, v[i], theta[i])
		}
		q := p.Clone()
		if err := q.SetTheta(moved); err != nil {
			return 0, err
		}
		value, err := c.sim.Value(ctx, q, c.loss)
		if err != nil {
			return 0, err
		}
		at[side] = value
	}
	return (at[0] - at[1]) / (2 * h), nil
}
