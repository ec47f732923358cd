package param

import (
	"fmt"
	"math"

	"github.com/neurograd/neurograd/internal/elem"
	"github.com/neurograd/neurograd/internal/program"
)

// Bounded keeps values strictly between two finite bounds: value = Lo + (Hi−Lo)·σ(θ) with the logistic
// σ(θ) = 1/(1+e^−θ), θ = ln((value−Lo)/(Hi−value)), ∂value/∂θ = (Hi−Lo)·σ(θ)·σ(−θ), number by number.
// Far out, where that rounds to a bound, the value is the last number inside; the derivative follows
// the formula and fades to 0.
type Bounded struct{ Lo, Hi float64 }

// String is "bounded(Lo, Hi)".
func (b Bounded) String() string { return fmt.Sprintf("bounded(%v, %v)", b.Lo, b.Hi) }

// Size is one free number per value, given finite bounds with Lo < Hi.
func (b Bounded) Size(values int) (int, error) {
	if !(b.Lo < b.Hi) || !isFinite(b.Lo) || !isFinite(b.Hi) || !isFinite(b.Hi-b.Lo) {
		return 0, fmt.Errorf("bounds %v and %v, wanted finite bounds with Lo < Hi", b.Lo, b.Hi)
	}
	return values, nil
}

// Forward is Lo + (Hi−Lo)·σ(θ), measured from the nearer bound so that the distance to it keeps its
// digits.
func (b Bounded) Forward(value, theta []float64) error {
	width := b.Hi - b.Lo
	first, last := math.Nextafter(b.Lo, b.Hi), math.Nextafter(b.Hi, b.Lo)
	for k, x := range theta {
		share := elem.Sigmoid(program.Scalar{}, -math.Abs(x))
		v := math.FMA(width, share, b.Lo)
		if x > 0 {
			v = math.FMA(-width, share, b.Hi)
		}
		value[k] = min(max(v, first), last)
	}
	return nil
}

// Inverse is ln((value−Lo)/(Hi−value)); values must lie strictly between the bounds.
func (b Bounded) Inverse(theta, value []float64) error {
	for k, v := range value {
		if !(b.Lo < v && v < b.Hi) {
			return refuse(value, k, fmt.Sprintf(", wanted strictly between %v and %v", b.Lo, b.Hi))
		}
		below, above := v-b.Lo, b.Hi-v
		theta[k] = elem.Log(program.Scalar{}, below/above)
		if !isFinite(theta[k]) { // the quotient of a tiny and a huge distance left the range of float64
			theta[k] = elem.Log(program.Scalar{}, below) - elem.Log(program.Scalar{}, above)
		}
	}
	return nil
}

// Pullback multiplies by (Hi−Lo)·σ(θ)·σ(−θ).
func (b Bounded) Pullback(gradTheta, theta, gradValue []float64) {
	for k, x := range theta {
		gradTheta[k] = gradValue[k] * b.slope(x)
	}
}

// Pushforward multiplies by (Hi−Lo)·σ(θ)·σ(−θ).
func (b Bounded) Pushforward(tanValue, theta, tanTheta []float64) {
	for k, x := range theta {
		tanValue[k] = tanTheta[k] * b.slope(x)
	}
}

// PullbackTangent multiplies by the derivative of the slope, −(Hi−Lo)·σ(θ)·σ(−θ)·tanh(θ/2).
func (b Bounded) PullbackTangent(gradTheta, theta, tanTheta, gradValue []float64) error {
	for k, x := range theta {
		gradTheta[k] = -tanTheta[k] * gradValue[k] * b.slope(x) * elem.Tanh(program.Scalar{}, x/2)
	}
	return nil
}

func (b Bounded) slope(x float64) float64 {
	m := program.Scalar{}
	return (b.Hi - b.Lo) * elem.Sigmoid(m, x) * elem.Sigmoid(m, -x)
}
