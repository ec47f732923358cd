package optim

import (
	"fmt"
	"math"
)

// GradientDescent steps against the gradient g: θ ← θ − rate · g. How far that goes depends on the scale
// of the loss; [Adam] is easier to set.
type GradientDescent struct {
	Rate float64 `json:"rate"` // in units of the free vector squared per unit of the loss, above 0; there is no default
}

// GradientDescentState is [GradientDescent] at work; it remembers nothing but the rate.
type GradientDescentState struct {
	GradientDescent GradientDescent `json:"gradient_descent"`
}

// String is "gradient descent, rate 0.1".
func (d GradientDescent) String() string { return fmt.Sprintf("gradient descent, rate %v", d.Rate) }

// Start is the state before the first step, a *[GradientDescentState]. The error is a rate that is not a
// finite number above 0.
func (d GradientDescent) Start(int) (State, error) {
	if err := checkRate("GradientDescent", d.Rate); err != nil {
		return nil, err
	}
	return &GradientDescentState{d}, nil
}

// Step takes one step. The error is a gradient that has not the length of the point.
func (s *GradientDescentState) Step(at Point) error {
	if len(at.Theta) != len(at.Grad) {
		return fmt.Errorf("optim: GradientDescent: a point of %d values with a gradient of %d; wanted one number per free value", len(at.Theta), len(at.Grad))
	}
	for i, g := range at.Grad {
		at.Theta[i] = math.FMA(-s.GradientDescent.Rate, g, at.Theta[i])
	}
	return nil
}
