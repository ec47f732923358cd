package param

import (
	"github.com/neurograd/neurograd/internal/elem"
	"github.com/neurograd/neurograd/internal/program"
)

// Log keeps values positive: value = e^θ, θ = ln value, ∂value/∂θ = e^θ, number by number. A step of
// the optimiser is then a relative change of the value. A θ whose value would overflow, or be
// indistinguishable from 0, is an error of [Tree.SetTheta].
type Log struct{}

// String is "log".
func (Log) String() string { return "log" }

// Size is one free number per value.
func (Log) Size(values int) (int, error) { return values, nil }

// Forward is e^θ; an error where that is 0 in float64.
func (Log) Forward(value, theta []float64) error {
	for k, x := range theta {
		value[k] = elem.Exp(program.Scalar{}, x)
	}
	return positive(value)
}

// Inverse is ln value; values must be positive.
func (Log) Inverse(theta, value []float64) error {
	if err := positive(value); err != nil {
		return err
	}
	for k, v := range value {
		theta[k] = elem.Log(program.Scalar{}, v)
	}
	return nil
}

func positive(value []float64) error {
	for k, v := range value {
		if !(v > 0) {
			return refuse(value, k, ", wanted > 0")
		}
	}
	return nil
}

// Pullback multiplies by e^θ.
func (Log) Pullback(gradTheta, theta, gradValue []float64) {
	for k, x := range theta {
		gradTheta[k] = gradValue[k] * elem.Exp(program.Scalar{}, x)
	}
}

// Pushforward multiplies by e^θ.
func (Log) Pushforward(tanValue, theta, tanTheta []float64) {
	for k, x := range theta {
		tanValue[k] = tanTheta[k] * elem.Exp(program.Scalar{}, x)
	}
}

// PullbackTangent multiplies by e^θ, as the slope is its own derivative.
func (Log) PullbackTangent(gradTheta, theta, tanTheta, gradValue []float64) error {
	for k, x := range theta {
		gradTheta[k] = tanTheta[k] * gradValue[k] * elem.Exp(program.Scalar{}, x)
	}
	return nil
}
