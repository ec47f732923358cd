package param

import "fmt"

// SecondOrder is a [Transform] with second derivatives, which products with Hessians need: all of this
// package are.
type SecondOrder interface {
	Transform
	// PullbackTangent writes the change of Pullback's result along the direction tanTheta, gradValue being
	// held, into gradTheta: (d/dε J(θ + ε·tanTheta)ᵀ)·gradValue at ε = 0. The error is an inner transform
	// without second derivatives.
	PullbackTangent(gradTheta, theta, tanTheta, gradValue []float64) error
}

// pullbackTangent is that of any transform, nil being the identity.
func pullbackTangent(f Transform, gradTheta, theta, tanTheta, gradValue []float64) error {
	s, ok := orIdentity(f).(SecondOrder)
	if !ok {
		return fmt.Errorf("transform %s has no second derivatives", f)
	}
	return s.PullbackTangent(gradTheta, theta, tanTheta, gradValue)
}

// PullbackTangent is the change of [Tree.Pullback] along the direction dtheta of the free vector, the
// gradient with respect to the values, grad, being held: the part of a Hessian-vector product that comes
// from the curvature of the transforms. The error is a transform that is no [SecondOrder]. It panics as
// Pullback does, and if dtheta has not the length of the free vector.
func (t *Tree) PullbackTangent(dtheta []float64, grad func(i int) []float64) ([]float64, error) {
	if n := t.NumFree(); len(dtheta) != n {
		panic(fmt.Sprintf("param: PullbackTangent: direction of length %d, wanted %d", len(dtheta), n))
	}
	out := make([]float64, len(dtheta))
	at := 0
	for _, i := range t.FreeLeaves() {
		e := &t.entries[i]
		from, to := at, at+e.thetaSize()
		at = to
		g := grad(i)
		if g == nil {
			continue
		}
		if len(g) != len(e.Value) {
			panic(fmt.Sprintf("param: PullbackTangent: gradient of %q has length %d, wanted %d", e.Path, len(g), len(e.Value)))
		}
		if err := pullbackTangent(e.Leaf.Transform, out[from:to], e.thetaView(), dtheta[from:to], g); err != nil {
			return nil, fmt.Errorf("param: %q: %w; wanted a param.SecondOrder, such as param.Log or param.Bounded", e.Path, err)
		}
	}
	return out, nil
}
