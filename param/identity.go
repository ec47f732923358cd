package param

// identity stands where a transform has no inner one: value = θ.
type identity struct{}

func orIdentity(f Transform) Transform {
	if f == nil {
		return identity{}
	}
	return f
}

func (identity) String() string               { return "identity" }
func (identity) Size(values int) (int, error) { return values, nil }
func (identity) Forward(value, theta []float64) error {
	copy(value, theta)
	return nil
}
func (identity) Inverse(theta, value []float64) error {
	copy(theta, value)
	return nil
}
func (identity) Pullback(gradTheta, _, gradValue []float64)  { copy(gradTheta, gradValue) }
func (identity) Pushforward(tanValue, _, tanTheta []float64) { copy(tanValue, tanTheta) }

// PullbackTangent is 0: the slope is 1 throughout.
func (identity) PullbackTangent(gradTheta, _, _, _ []float64) error {
	clear(gradTheta)
	return nil
}
