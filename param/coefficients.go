package param

import (
	"fmt"
	"slices"
)

// TransformAt sets a leaf's transform together with values that fit it: those at the given free numbers
// of the leaf, for [Mapped] the coefficients of the maps. [Tree.Transform] instead wants present values
// that fit. A nil transform is the identity. Errors: what is wrong with the transform for as many values
// as the leaf has, another count of coefficients than free numbers, values out of the range of float64.
func (t *Tree) TransformAt(path string, transform Transform, coefficients ...float64) *Tree {
	return t.change(path, func(e *entry) error { return e.place(owned(transform), coefficients) })
}

// SetCoefficients gives a leaf the values at these free numbers under the transform it has, for [Mapped]
// the coefficients of the maps, whether the leaf is free or fixed. Errors are those of [Tree.TransformAt].
func (t *Tree) SetCoefficients(path string, coefficients ...float64) *Tree {
	return t.change(path, func(e *entry) error { return e.place(e.Leaf.Transform, coefficients) })
}

// Coefficients is a copy of a leaf's free numbers, its part of the free vector if it is free: for
// [Mapped] the coefficients of the maps, without a transform the values. It is nil if there is no leaf
// of that path ([Tree.Leaf] says which was meant).
func (t *Tree) Coefficients(path string) []float64 {
	i, ok := t.index[path]
	if !ok {
		return nil
	}
	return append([]float64{}, t.entries[i].thetaView()...)
}

// place gives the entry a transform and the values at theta, or leaves it as it was.
func (e *entry) place(f Transform, theta []float64) error {
	size, err := e.sizeUnder(orIdentity(f), len(e.Value))
	if err != nil {
		return err
	}
	if size != len(theta) {
		return fmt.Errorf("param: %q with transform %s: got %s; wanted %d, one per free number", e.Path, orIdentity(f), countOf(len(theta), "coefficient"), size)
	}
	placed := entry{Leaf: e.Leaf}
	placed.Leaf.Transform = f
	if err := placed.checkFinite(theta); err != nil {
		return fmt.Errorf("param: coefficients: %w: mend them", err)
	}
	value, err := placed.forward(theta)
	if err != nil {
		return fmt.Errorf("param: coefficients: %w; give others", err)
	}
	e.Leaf.Transform, e.theta = f, nil
	if f != nil {
		e.theta = slices.Clone(theta)
	}
	copy(e.Value, value)
	return nil
}
