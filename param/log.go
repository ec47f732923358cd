package param

import (
	"fmt"

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
func (Log) Size(values int) int { return values }

// Check wants positive values.
func (Log) Check(value []float64) error {
	for k, v := range value {
		if !(v > 0) {
			return fmt.Errorf("%s, wanted > 0", valueText(value, k))
		}
	}
	return nil
}

// Forward is e^θ.
func (Log) Forward(value, theta []float64) {
	for k, x := range theta {
		value[k] = elem.Exp(program.Scalar{}, x)
	}
}

// Inverse is ln value.
func (Log) Inverse(theta, value []float64) {
	for k, v := range value {
		theta[k] = elem.Log(program.Scalar{}, v)
	}
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
