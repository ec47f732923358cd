package param

import (
	"fmt"
	"slices"
)

// The free vector θ joins the free leaves in the tree's order. Each leaf contributes as many
// unconstrained numbers as its transform asks for, by value in row-major order where there is none:
// value_i = f_i(θ_i). With J_i = ∂value_i/∂θ_i,
//
//	Pullback:     ∂L/∂θ_i = J_iᵀ · ∂L/∂value_i
//	Pushforward:  dvalue_i = J_i · dθ_i

// FreeLeaves lists the positions of the free leaves, ascending.
func (t *Tree) FreeLeaves() []int {
	var free []int
	for i := range t.entries {
		if t.entries[i].Free {
			free = append(free, i)
		}
	}
	return free
}

// NumFree is the length of the free vector.
func (t *Tree) NumFree() int {
	n := 0
	for _, i := range t.FreeLeaves() {
		n += t.entries[i].thetaSize()
	}
	return n
}

// Theta is the free vector: what [Tree.SetTheta] gave, bit for bit, or the inverse transforms of values
// that were set since.
func (t *Tree) Theta() []float64 {
	theta := make([]float64, 0, t.NumFree())
	for _, i := range t.FreeLeaves() {
		theta = append(theta, t.entries[i].thetaView()...)
	}
	return theta
}

// ThetaNames names the entries of the free vector: the path with the position in the leaf,
// "dynamics.J_N[3]", under [Masked] too; "dynamics.J_N.group[1]" under [Tied], "dynamics.J_N.phi[2]"
// under [Mapped]; "dynamics.J_N.theta[3]" where another transform has not one free number per value.
func (t *Tree) ThetaNames() []string {
	names := make([]string, 0, t.NumFree())
	for _, i := range t.FreeLeaves() {
		names = append(names, t.entries[i].thetaNames()...)
	}
	return names
}

// SetTheta sets the values of all free leaves through their transforms. The values depend on θ alone
// (and on those values that a transform leaves as they are), not on what was set before. Errors, upon
// which the tree is unchanged: a wrong count, an entry that is not finite, one that takes a value out
// of the range of float64.
func (t *Tree) SetTheta(theta []float64) error {
	if t.err != nil {
		return t.err
	}
	if n := t.NumFree(); n != len(theta) {
		return fmt.Errorf("param: free vector of length %d; wanted %d, the length for the %d free leaves: Tree.ThetaNames lists its entries", len(theta), n, len(t.FreeLeaves()))
	}
	free := t.FreeLeaves()
	next := make([][]float64, len(free))
	rest := theta
	for j, i := range free {
		e := &t.entries[i]
		part := rest[:e.thetaSize()]
		rest = rest[len(part):]
		if err := e.checkFinite(part); err != nil {
			return fmt.Errorf("param: free vector: %w: a smaller step of the optimiser may help", err)
		}
		var err error
		if next[j], err = e.forward(part); err != nil {
			return fmt.Errorf("param: free vector: %w; a smaller step of the optimiser or Bounded may help", err)
		}
	}
	rest = theta
	for j, i := range free {
		e := &t.entries[i]
		n := e.thetaSize()
		copy(e.theta, rest[:n]) // nothing to copy without a transform
		copy(e.Value, next[j])
		rest = rest[n:]
	}
	return nil
}

// checkFinite says which entry of the leaf's part of the free vector is none.
func (e *entry) checkFinite(theta []float64) error {
	for k, v := range theta {
		if !isFinite(v) {
			return fmt.Errorf("entry %s is %v; entries must be finite numbers", e.thetaNames()[k], v)
		}
	}
	return nil
}

// forward is the leaf's values at its part of the free vector.
func (e *entry) forward(theta []float64) ([]float64, error) {
	f := e.Leaf.Transform
	if f == nil {
		return theta, nil
	}
	value := append([]float64{}, e.Value...)
	err := f.Forward(value, theta)
	for k, v := range value {
		if !isFinite(v) {
			return nil, fmt.Errorf("%s becomes %v through transform %s; values must be finite numbers", e.Path+elementIndex(e.Shape, k), v, f)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%q through transform %s: %w", e.Path, f, located(err, e.Shape))
	}
	return value, nil
}

// Pullback is the gradient with respect to the free vector, given by grad(i) the gradient with respect
// to the values of each free leaf i (row-major; nil means zero). It panics if a gradient has not one
// number per value.
func (t *Tree) Pullback(grad func(i int) []float64) []float64 {
	out := make([]float64, t.NumFree())
	rest := out
	for _, i := range t.FreeLeaves() {
		e := &t.entries[i]
		part := rest[:e.thetaSize()]
		rest = rest[len(part):]
		g := grad(i)
		if g == nil {
			continue
		}
		if len(g) != len(e.Value) {
			panic(fmt.Sprintf("param: Pullback: gradient of %q has length %d, wanted %d", e.Path, len(g), len(e.Value)))
		}
		if e.Leaf.Transform == nil {
			copy(part, g)
		} else {
			e.Leaf.Transform.Pullback(part, e.theta, g)
		}
	}
	return out
}

// Pushforward is, per leaf i, the change of its values along the direction dtheta of the free vector
// (row-major); nil for leaves that are fixed. It panics if dtheta has not the length of the free vector.
func (t *Tree) Pushforward(dtheta []float64) [][]float64 {
	if n := t.NumFree(); len(dtheta) != n {
		panic(fmt.Sprintf("param: Pushforward: direction of length %d, wanted %d", len(dtheta), n))
	}
	out := make([][]float64, len(t.entries))
	for _, i := range t.FreeLeaves() {
		e := &t.entries[i]
		part := dtheta[:e.thetaSize()]
		dtheta = dtheta[len(part):]
		out[i] = make([]float64, len(e.Value))
		if e.Leaf.Transform == nil {
			copy(out[i], part)
		} else {
			e.Leaf.Transform.Pushforward(out[i], e.theta, part)
		}
	}
	return out
}

func (e *entry) thetaSize() int { return len(e.thetaView()) }

// thetaView is the leaf's part of the free vector, without a copy.
func (e *entry) thetaView() []float64 {
	if e.Leaf.Transform == nil {
		return e.Value
	}
	return e.theta
}

// thetaNames are the names of the leaf's part of the free vector.
func (e *entry) thetaNames() []string {
	names := make([]string, len(e.Value))
	for k := range names {
		names[k] = elementIndex(e.Shape, k)
	}
	names = slices.Clone(thetaNames(orIdentity(e.Leaf.Transform), names))
	for j := range names {
		names[j] = e.Path + names[j]
	}
	return names
}
