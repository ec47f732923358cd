package param

import (
	"fmt"
	"strconv"
)

// Transform is a differentiable map f from the unconstrained numbers θ of a leaf to its values. It acts
// on whole arrays, so that the two may differ in number (a mask, tied values, coefficients of maps).
// Implementations are immutable, take all numbers by argument, and do not keep the slices.
type Transform interface {
	// String is the name with its settings, e.g. "bounded(0, 1)".
	String() string
	// Size is the number of free numbers for that many values.
	Size(values int) int
	// Check says why the values cannot be had from any θ, or what is wrong with the transform itself;
	// where it returns nil, Inverse is finite.
	Check(value []float64) error
	// Forward writes f(θ) into value; entries that do not depend on θ are left as they are.
	Forward(value, theta []float64)
	// Inverse writes a θ with f(θ) = value, up to rounding, into theta.
	Inverse(theta, value []float64)
	// Pullback writes Jᵀ·gradValue into gradTheta, where J is the derivative of f at theta.
	Pullback(gradTheta, theta, gradValue []float64)
	// Pushforward writes J·tanTheta into tanValue, entries that do not depend on θ included.
	Pushforward(tanValue, theta, tanTheta []float64)
}

// valueText names the k-th of the checked values with its number.
func valueText(value []float64, k int) string {
	if len(value) == 1 {
		return fmt.Sprintf("value %v", value[k])
	}
	return "value[" + strconv.Itoa(k) + "] = " + fmt.Sprint(value[k])
}
