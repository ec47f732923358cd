package observe

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// stages lists every kind of stage, with a shape that it accepts.
var stages = []struct {
	stage Stage
	shape []int
}{
	{mean{OverTime}, []int{7, 2, 3}},
	{mean{OverVariables}, []int{4, 3, 2}},
	{mean{OverNodes}, []int{3, 2, 5}},
	{mean{OverAll}, []int{3, 2, 4}},
	{mean{OverAll}, []int{6}},
	{nodes{[]int{2, 0, 2}}, []int{3, 2, 4}},
	{mean{OverAll}, nil},
	{variable{0}, []int{3, 1, 2}},
	{variable{2}, []int{4, 3, 5}},
	{SquaredError(0.5), []int{1, 2, 5}},
	{SquaredError(-1), nil},
	{SquaredErrorTo([]float64{0.1, -0.2, 3, 4}), []int{2, 1, 2}},
	{cube{}, []int{2, 2}},
}

func applied(t *testing.T, s Stage, in Array) Array {
	t.Helper()
	shape, err := s.Shape(in.Shape)
	if err != nil {
		t.Fatal(err)
	}
	out := Array{Shape: shape, Data: garbage(elements(shape))}
	if err := s.Forward(in, out); err != nil {
		t.Fatal(err)
	}
	return out
}

// The tangent of each lane is the finite difference along its direction, and the cotangent its dual:
// ⟨cot, J·tan⟩ = ⟨Jᵀ·cot, tan⟩.
func TestStageDerivatives(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range stages {
		for _, lanes := range []int{1, 3} {
			t.Run(fmt.Sprintf("%s of %s, %d lanes", c.stage, shapeText(c.shape), lanes), func(t *testing.T) {
				n := elements(c.shape)
				in := Array{Shape: c.shape, Data: normals(r, n)}
				out := applied(t, c.stage, in)
				tan := normals(r, n*lanes)
				tanOut := garbage(len(out.Data) * lanes)
				if err := c.stage.JVP(in, out, tan, lanes, tanOut); err != nil {
					t.Fatal(err)
				}
				cot := normals(r, len(out.Data))
				cotIn := garbage(n)
				if err := c.stage.VJP(in, out, cot, cotIn); err != nil {
					t.Fatal(err)
				}
				for l := range lanes {
					direction, got := lane(tan, lanes, l), lane(tanOut, lanes, l)
					for e := range out.Data {
						want := slopeAt(func(h float64) float64 {
							moved := Array{Shape: c.shape, Data: slices.Clone(in.Data)}
							for i := range moved.Data {
								moved.Data[i] += h * direction[i]
							}
							return applied(t, c.stage, moved).Data[e]
						})
						if !near(got[e], want, 1e-10) {
							t.Errorf("JVP of element %d, lane %d: %v, want %v", e, l, got[e], want)
						}
					}
					if a, b := dot(cot, got), dot(cotIn, direction); !near(a, b, 1e-14) {
						t.Errorf("lane %d: ⟨cot, J tan⟩ = %v, ⟨Jᵀ cot, tan⟩ = %v", l, a, b)
					}
				}
			})
		}
	}
}

// Each value against the loops that its formula says, on an array whose element [t][v][n] is known.
func TestStageValues(t *testing.T) {
	const T, V, N = 5, 2, 3
	at := func(t, v, n int) float64 { return float64(100*t*t + 10*v + n) }
	in := newArray([]int{T, V, N})
	for i := range in.Data {
		in.Data[i] = at(i/(V*N), i/N%V, i%N)
	}
	check := func(s Stage, shape []int, want func(t, v, n int) float64) {
		t.Helper()
		out := applied(t, s, in)
		if !slices.Equal(out.Shape, shape) {
			t.Fatalf("%s: shape %v, want %v", s, out.Shape, shape)
		}
		full := append(slices.Clone(shape), 1, 1, 1)
		for i, got := range out.Data {
			if w := want(i/(full[1]*full[2]), i/full[2]%full[1], i%full[2]); !near(got, w, 1e-15) {
				t.Errorf("%s: element %d is %v, want %v", s, i, got, w)
			}
		}
	}
	check(mean{OverTime}, []int{1, V, N}, func(_, v, n int) float64 {
		return (at(0, v, n) + at(1, v, n) + at(2, v, n) + at(3, v, n) + at(4, v, n)) / 5
	})
	check(mean{OverVariables}, []int{T, 1, N}, func(t, _, n int) float64 { return (at(t, 0, n) + at(t, 1, n)) / 2 })
	check(mean{OverNodes}, []int{T, V, 1}, func(t, v, _ int) float64 { return (at(t, v, 0) + at(t, v, 1) + at(t, v, 2)) / 3 })
	check(mean{OverAll}, []int{}, func(_, _, _ int) float64 { return 100*(0+1+4+9+16)/5. + 5 + 1 })
	check(variable{1}, []int{T, 1, N}, func(t, _, n int) float64 { return at(t, 1, n) })
	check(SquaredError(3), []int{}, func(_, _, _ int) float64 {
		sum := 0.0
		for _, y := range in.Data {
			sum += (y - 3) * (y - 3)
		}
		return sum / (T * V * N)
	})
	shifted := slices.Clone(in.Data)
	for i := range shifted {
		shifted[i] += float64(i)
	}
	check(SquaredErrorTo(shifted), []int{}, func(_, _, _ int) float64 { return 29. * 59 / 6 }) // Σ_{i<30} i² / 30
}

// The sum over time of a node is the plain sum in time order, whatever stands beside it.
func TestMeanOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	in := Array{Shape: []int{501, 1, 3}, Data: normals(r, 501*3)}
	out := applied(t, mean{OverTime}, in)
	for n := range 3 {
		sum := 0.0
		for t := range 501 {
			sum += in.Data[t*3+n]
		}
		if out.Data[n] != sum/501 {
			t.Errorf("node %d: %v, want exactly %v", n, out.Data[n], sum/501)
		}
	}
}

func TestTargetsAreCopied(t *testing.T) {
	targets := []float64{1, 2}
	s := SquaredErrorTo(targets)
	targets[0] = 100
	if got := applied(t, s, Array{Shape: []int{2}, Data: []float64{1, 2}}).Data[0]; got != 0 {
		t.Errorf("squared error %v after the caller's slice changed, want 0", got)
	}
}
