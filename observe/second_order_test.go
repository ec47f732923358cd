package observe

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/network"
)

// PushVJP of every stage is the finite difference of VJP, its input and its cotangent moving together.
func TestPushVJP(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 2))
	for _, c := range stages {
		if c.stage == (cube{}) {
			c.stage = bentCube{}
		}
		s, ok := c.stage.(SecondOrder)
		if !ok {
			t.Errorf("%s has no second derivatives", c.stage)
			continue
		}
		n := elements(c.shape)
		in := Array{Shape: c.shape, Data: normals(r, n)}
		out := applied(t, s, in)
		tan, cot, dcot, got := normals(r, n), normals(r, len(out.Data)), normals(r, len(out.Data)), garbage(n)
		if err := s.PushVJP(in, out, tan, cot, dcot, got); err != nil {
			t.Fatal(err)
		}
		for i := range got {
			want := slopeAt(func(h float64) float64 {
				moved, cots, d := Array{Shape: c.shape, Data: plus(in.Data, h, tan)}, plus(cot, h, dcot), garbage(n)
				if err := s.VJP(moved, applied(t, s, moved), cots, d); err != nil {
					t.Fatal(err)
				}
				return d[i]
			})
			if !near(got[i], want, 1e-9) {
				t.Errorf("%s of %s, element %d: %v, want %v", s, shapeText(c.shape), i, got[i], want)
			}
		}
	}
}

func plus(x []float64, h float64, d []float64) []float64 {
	moved := slices.Clone(x)
	for i := range moved {
		moved[i] += h * d[i]
	}
	return moved
}

// PushPull of whole losses against Pull and its finite differences along the tangent.
func TestPushPull(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 2))
	y := trajectory(r, 3, 9, 2, 4)
	for _, o := range []Observation{
		Last(5).Mean(OverTime).Then(SquaredError(0.5)),
		Window(3, 12).Then(bentCube{}).Mean(OverVariables).Then(bentCube{}).Then(SquaredError(1)),
		Window(4, 8).Variable(1).Then(SquaredError(-1)).Then(bentCube{}).Mean(OverAll),
		Last(3).Mean(OverAll),
	} {
		n := len(y.Data)
		tangent, cotangent, dcotangent := normals(r, n), garbage(n), garbage(n)
		value, err := o.PushPull(y, tangent, cotangent, dcotangent)
		if err != nil {
			t.Fatal(err)
		}
		pulled := garbage(n)
		if want, err := o.Pull(y, pulled); err != nil || value != want || !slices.Equal(cotangent, pulled) {
			t.Errorf("%s: value %v and gradient %v, want %v and %v; %v", o, value, cotangent, want, pulled, err)
		}
		for i, got := range dcotangent {
			want := slopeAt(func(h float64) float64 {
				moved := y
				moved.Data = plus(y.Data, h, tangent)
				if _, err := o.Pull(moved, pulled); err != nil {
					t.Fatal(err)
				}
				return pulled[i]
			})
			if !near(got, want, 1e-8) {
				t.Errorf("%s: number %d: %v, want %v", o, i, got, want)
			}
		}
	}
}

func TestPushPullRefuses(t *testing.T) {
	y := trajectory(rand.New(rand.NewPCG(1, 2)), 0, 2, 1, 3)
	full := make([]float64, 6)
	for _, c := range []struct {
		o       Observation
		y       network.Trajectory
		tangent []float64
		want    string
	}{
		{All().Then(cube{}).Mean(OverAll), y, full, "observe: stage 1 of \"all samples, cube, mean over all elements\" has no second derivatives\n"},
		{All().Mean(OverTime), y, full, "wanted one number"},
		{Last(9).Mean(OverAll), y, full, "Last(9)"},
		{All().Mean(OverAll), y, full[1:], "tangent of length 5, cotangents of length 6 and 6; wanted 6"},
	} {
		_, err := c.o.PushPull(c.y, c.tangent, full, full)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Count(err.Error(), "\n") > 3 {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}
