package param

import (
	"fmt"
	"slices"
)

// Masked frees some values of a leaf and leaves the others what they are: value_k = inner(θ)_k where
// Free[k], and the present value elsewhere, bit for bit. The inner transform sees the free values alone,
// so that a [Log] bears with zeros that are not free. Typical use: the weights of the edges that exist.
type Masked struct {
	// Free has one entry per value in row-major order; at least one is true.
	Free []bool
	// Inner maps the free numbers to the free values; nil is the identity.
	Inner Transform
}

// String is "masked(free of all)", with the inner transform if there is one: "masked(12 of 84, log)".
func (m Masked) String() string {
	return withInner("masked", fmt.Sprintf("%d of %d", len(m.places()), len(m.Free)), m.Inner)
}

// Size is one free number per free value, or as many as the inner transform has for these.
func (m Masked) Size(values int) (int, error) {
	if len(m.Free) != values {
		return 0, fmt.Errorf("mask of length %d for %s, wanted one entry per value", len(m.Free), counted(values))
	}
	places := m.places()
	if len(places) == 0 {
		return 0, fmt.Errorf("mask that frees none of %s, wanted at least one: Tree.Fix is for leaves without", counted(values))
	}
	return orIdentity(m.Inner).Size(len(places))
}

// Forward writes the free values only.
func (m Masked) Forward(value, theta []float64) error {
	places := m.places()
	inner := gathered(value, places)
	if err := orIdentity(m.Inner).Forward(inner, theta); err != nil {
		return moved(err, places, len(value))
	}
	for j, k := range places {
		value[k] = inner[j]
	}
	return nil
}

// Inverse is that of the inner transform for the free values.
func (m Masked) Inverse(theta, value []float64) error {
	places := m.places()
	return moved(orIdentity(m.Inner).Inverse(theta, gathered(value, places)), places, len(value))
}

// Pullback uses the gradient of the free values only.
func (m Masked) Pullback(gradTheta, theta, gradValue []float64) {
	orIdentity(m.Inner).Pullback(gradTheta, theta, gathered(gradValue, m.places()))
}

// Pushforward is 0 for the values that are not free.
func (m Masked) Pushforward(tanValue, theta, tanTheta []float64) {
	places := m.places()
	inner := make([]float64, len(places))
	orIdentity(m.Inner).Pushforward(inner, theta, tanTheta)
	clear(tanValue)
	for j, k := range places {
		tanValue[k] = inner[j]
	}
}

// PullbackTangent is that of the inner transform for the free values.
func (m Masked) PullbackTangent(gradTheta, theta, tanTheta, gradValue []float64) error {
	return pullbackTangent(m.Inner, gradTheta, theta, tanTheta, gathered(gradValue, m.places()))
}

// ThetaNames are the names of the free values: "dynamics.J_N[3]".
func (m Masked) ThetaNames(values []string) []string {
	var names []string
	for _, k := range m.places() {
		names = append(names, values[k])
	}
	return thetaNames(orIdentity(m.Inner), names)
}

func (m Masked) own() Transform {
	return Masked{Free: slices.Clone(m.Free), Inner: owned(m.Inner)}
}

// places are the positions of the free values, ascending.
func (m Masked) places() []int {
	var places []int
	for k, free := range m.Free {
		if free {
			places = append(places, k)
		}
	}
	return places
}

func gathered(x []float64, places []int) []float64 {
	out := make([]float64, len(places))
	for j, k := range places {
		out[j] = x[k]
	}
	return out
}
