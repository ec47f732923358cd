package observe

import (
	"math"
	"math/rand/v2"

	"github.com/neurograd/neurograd/network"
)

// cube is a stage of a user's own, nonlinear and of any shape: y_e³.
type cube struct{}

func (cube) String() string                { return "cube" }
func (cube) Shape(in []int) ([]int, error) { return in, nil }
func (cube) slope(y float64) float64       { return 3 * y * y }
func (cube) Forward(in, out Array) error {
	each(out.Data, func(e int) float64 { return in.Data[e] * in.Data[e] * in.Data[e] })
	return nil
}
func (c cube) VJP(in, _ Array, cot, d []float64) error {
	each(d, func(e int) float64 { return c.slope(in.Data[e]) * cot[e] })
	return nil
}
func (c cube) JVP(in, _ Array, tan []float64, lanes int, d []float64) error {
	each(d, func(k int) float64 { return c.slope(in.Data[k/lanes]) * tan[k] })
	return nil
}

func each(out []float64, f func(i int) float64) {
	for i := range out {
		out[i] = f(i)
	}
}

func normals(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	each(v, func(int) float64 { return r.NormFloat64() })
	return v
}

// garbage is what a stage must overwrite.
func garbage(n int) []float64 {
	v := make([]float64, n)
	each(v, func(int) float64 { return math.NaN() })
	return v
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// lane is one tangent of several laid side by side.
func lane(tangents []float64, lanes, l int) []float64 {
	v := make([]float64, len(tangents)/lanes)
	each(v, func(i int) float64 { return tangents[i*lanes+l] })
	return v
}

func trajectory(r *rand.Rand, from, rows, variables, nodes int) network.Trajectory {
	return network.Trajectory{From: from, Rows: rows, Variables: variables, Nodes: nodes, Data: normals(r, rows*variables*nodes)}
}

// slopeAt is df/dh at 0 by Richardson extrapolation of central differences, error O(h⁴).
func slopeAt(f func(h float64) float64) float64 {
	const h = 1e-3
	wide, narrow := (f(h)-f(-h))/(2*h), (f(h/2)-f(-h/2))/h
	return (4*narrow - wide) / 3
}

func near(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*(1+math.Abs(a)+math.Abs(b))
}

// bentCube is a cube with second derivatives.
type bentCube struct{ cube }

func (bentCube) PushVJP(in, _ Array, tan, cot, dcot, d []float64) error {
	each(d, func(e int) float64 { y := in.Data[e]; return 3*y*y*dcot[e] + 6*y*tan[e]*cot[e] })
	return nil
}
