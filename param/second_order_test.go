package param

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The change of each transform's Pullback along a random direction against Richardson's differences of it.
func TestPullbackTangent(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	curved := 0
	for _, c := range transforms {
		f, ok := c.transform.(SecondOrder)
		if !ok {
			continue
		}
		theta := inverse(t, f, c.value)
		dir, grad, got := random(r, len(theta)), random(r, len(c.value)), make([]float64, len(theta))
		for j := range got {
			got[j] = math.NaN() // every entry has to be written
		}
		if err := f.PullbackTangent(got, theta, dir, grad); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		first := make([]float64, len(theta))
		f.Pullback(first, theta, grad)
		for j := range got {
			want := richardson(func(h float64) float64 {
				moved, pulled := make([]float64, len(theta)), make([]float64, len(theta))
				for i := range moved {
					moved[i] = theta[i] + h*dir[i]
				}
				f.Pullback(pulled, moved, grad)
				return pulled[j]
			})
			if want != 0 {
				curved++
			}
			if !(math.Abs(got[j]-want) <= 1e-9*(math.Abs(want)+math.Abs(first[j]))) {
				t.Errorf("%s: change %v of the gradient at θ[%d], difference quotient %v", f, got[j], j, want)
			}
		}
	}
	if curved < 20 {
		t.Errorf("only %d entries with curvature", curved)
	}
}

// The same for a whole tree, where a leaf without a gradient counts as one with zeros.
func TestTreePullbackTangent(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	tree := fitted(t).Fix("odd")
	theta := tree.Theta()
	dir := random(r, len(theta))
	grads := make([][]float64, tree.Len())
	for i := range grads {
		if tree.At(i).Path != "pairs" {
			grads[i] = random(r, len(tree.At(i).Value))
		}
	}
	grad := func(i int) []float64 { return grads[i] }
	got, err := tree.PullbackTangent(dir, grad)
	if err != nil {
		t.Fatal(err)
	}
	for j, name := range tree.ThetaNames() {
		want := richardson(func(h float64) float64 {
			moved := append([]float64{}, theta...)
			for i := range moved {
				moved[i] += h * dir[i]
			}
			p := tree.Clone()
			if err := p.SetTheta(moved); err != nil {
				t.Fatal(err)
			}
			return p.Pullback(grad)[j]
		})
		if !(math.Abs(got[j]-want) <= 1e-9*(1+math.Abs(want))) {
			t.Errorf("%s: %v, difference quotient %v", name, got[j], want)
		}
	}
}

func TestPullbackTangentRefuses(t *testing.T) {
	tree := fitted(t)
	_, err := tree.PullbackTangent(make([]float64, tree.NumFree()), func(i int) []float64 { return make([]float64, len(tree.At(i).Value)) })
	checkError(t, err, `param: "odd": transform opposed has no second derivatives; wanted a param.SecondOrder`)
	theta := []float64{1}
	err = Tied{Groups: []int{0, 1}, Inner: opposed{}}.PullbackTangent(theta, theta, theta, []float64{1, 2})
	checkError(t, err, "transform opposed has no second derivatives")
}
