package optim

import (
	"errors"
	"fmt"
	"math"
)

// Adam is gradient descent with a step of its own for each value, from running means of the gradient g
// and its square. At step t = 1, 2, …, with m and v zero before the first,
//
//	m ← β₁ m + (1−β₁) g        m̂ = m / (1−β₁ᵗ)
//	v ← β₂ v + (1−β₂) g²       v̂ = v / (1−β₂ᵗ)
//	θ ← θ − rate · m̂ / (√v̂ + ε)
//
// with ε outside the root. A step moves no value by much more than the rate, whatever the scale of the
// loss. D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, ICLR 2015, arXiv:1412.6980.
type Adam struct {
	Rate    float64 `json:"rate"`    // in units of the free vector, above 0; there is no default
	Beta1   float64 `json:"beta1"`   // decay of the mean gradient, below 1; 0 means 0.9
	Beta2   float64 `json:"beta2"`   // decay of the mean squared gradient, below 1; 0 means 0.999
	Epsilon float64 `json:"epsilon"` // added to the root, above 0; 0 means 1e-8
}

// AdamState is [Adam] at work.
type AdamState struct {
	Adam  Adam      `json:"adam"`  // the settings, defaults filled in
	Steps int       `json:"steps"` // taken so far
	M     []float64 `json:"m"`     // running mean of the gradient, by free value
	V     []float64 `json:"v"`     // running mean of its square
	// β₁ᵗ and β₂ᵗ after t steps, by repeated multiplication, which is the same on every machine.
	Beta1Power float64 `json:"beta1_power"`
	Beta2Power float64 `json:"beta2_power"`
}

// String is "Adam, rate 0.005", followed by those settings that are not the defaults.
func (a Adam) String() string {
	text := fmt.Sprintf("Adam, rate %v", a.Rate)
	full := a.filled()
	if full.Beta1 != 0.9 {
		text += fmt.Sprintf(", beta1 %v", full.Beta1)
	}
	if full.Beta2 != 0.999 {
		text += fmt.Sprintf(", beta2 %v", full.Beta2)
	}
	if full.Epsilon != 1e-8 {
		text += fmt.Sprintf(", epsilon %v", full.Epsilon)
	}
	return text
}

// filled is a with the defaults in place of zeros.
func (a Adam) filled() Adam {
	if a.Beta1 == 0 {
		a.Beta1 = 0.9
	}
	if a.Beta2 == 0 {
		a.Beta2 = 0.999
	}
	if a.Epsilon == 0 {
		a.Epsilon = 1e-8
	}
	return a
}

// Start is Adam's state before the first step; it is an *[AdamState]. Errors: a rate that is not a
// finite number above 0, a negative decay or one of 1 and more, a negative or infinite ε.
func (a Adam) Start(n int) (State, error) {
	if err := checkRate("Adam", a.Rate); err != nil {
		return nil, err
	}
	a = a.filled()
	if !(a.Beta1 > 0 && a.Beta1 < 1) {
		return nil, fmt.Errorf("optim: Adam: Beta1 is %v; wanted a decay above 0 and below 1: leave it 0 for the default, 0.9", a.Beta1)
	}
	if !(a.Beta2 > 0 && a.Beta2 < 1) {
		return nil, fmt.Errorf("optim: Adam: Beta2 is %v; wanted a decay above 0 and below 1: leave it 0 for the default, 0.999", a.Beta2)
	}
	if !(a.Epsilon > 0 && a.Epsilon <= math.MaxFloat64) {
		return nil, fmt.Errorf("optim: Adam: Epsilon is %v; wanted a finite number above 0: leave it 0 for the default, 1e-8", a.Epsilon)
	}
	return &AdamState{Adam: a, M: make([]float64, n), V: make([]float64, n), Beta1Power: 1, Beta2Power: 1}, nil
}

// Step takes one step. Errors: lengths that are not the state's, a squared gradient that leaves the
// range of float64.
func (s *AdamState) Step(at Point) error {
	if n := len(s.M); n != len(s.V) || n != len(at.Theta) || n != len(at.Grad) {
		return fmt.Errorf("optim: Adam: state of %d and %d values at a point of %d with a gradient of %d; wanted the same free values as before: start a new state",
			n, len(s.V), len(at.Theta), len(at.Grad))
	}
	beta1, beta2 := s.Adam.Beta1, s.Adam.Beta2
	s.Steps++
	s.Beta1Power *= beta1
	s.Beta2Power *= beta2
	for i, g := range at.Grad {
		s.M[i] = math.FMA(beta1, s.M[i], float64((1-beta1)*g))
		s.V[i] = math.FMA(beta2, s.V[i], float64((1-beta2)*float64(g*g)))
		mean := s.M[i] / (1 - s.Beta1Power)
		square := s.V[i] / (1 - s.Beta2Power)
		if math.IsInf(square, 1) {
			return fmt.Errorf("optim: Adam: gradient entry %d is %v, its square beyond the range of numbers; scale the loss down", i, g)
		}
		at.Theta[i] -= float64(s.Adam.Rate * (mean / (math.Sqrt(square) + s.Adam.Epsilon)))
	}
	return nil
}

// checkRate refuses a rate with which nothing would move, or everything anywhere.
func checkRate(rule string, rate float64) error {
	if rate == 0 {
		return errors.New("optim: " + rule + ": no Rate given; wanted a number above 0: start with 0.01 and lower it if the loss jumps")
	}
	if !(rate > 0 && rate <= math.MaxFloat64) {
		return fmt.Errorf("optim: %s: Rate is %v; wanted a finite number above 0: start with 0.01 and lower it if the loss jumps", rule, rate)
	}
	return nil
}
