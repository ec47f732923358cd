package param

import (
	"errors"
	"fmt"
	"slices"
)

// Set gives a leaf new values and keeps its shape: one value fills the whole leaf, otherwise as many as
// the leaf has, in row-major order. Values must be finite and fit the leaf's transform.
func (t *Tree) Set(path string, values ...float64) *Tree {
	return t.change(path, func(e *entry) error {
		if len(values) == 1 && len(e.Value) != 1 {
			return e.assign(e.Shape, repeated(values[0], len(e.Value)))
		}
		if len(values) != len(e.Value) {
			return fmt.Errorf("param: %q has shape %s, got %s; wanted %s%s", e.Path, shapeText(e.Shape), counted(len(values)), wantedCount(len(e.Value)), e.regionalHint(len(values)))
		}
		return e.assign(e.Shape, values)
	})
}

// SetShaped gives a leaf values of the stated shape in row-major order. The shape is the leaf's own;
// for a leaf that can be regional it may also change between scalar (nil) and [Regions].
func (t *Tree) SetShaped(path string, shape []int, values []float64) *Tree {
	return t.change(path, func(e *entry) error {
		n, err := sizeOf(shape)
		if err != nil {
			return fmt.Errorf("param: %q: %w", e.Path, err)
		}
		if n != len(values) {
			return fmt.Errorf("param: %q: got %s for shape %s; wanted %s", e.Path, counted(len(values)), shapeText(shape), counted(n))
		}
		if !slices.Equal(shape, e.Shape) && !e.mayBecome(shape) {
			return fmt.Errorf("param: %q has shape %s, got shape %s; wanted %s", e.Path, shapeText(e.Shape), shapeText(shape), e.wantedShapes())
		}
		return e.assign(shape, values)
	})
}

// Free marks leaves as fitted: their values become part of the free vector. A path that ends in ".*"
// means every leaf below, "*" every leaf of the tree; a pattern that matches nothing is an error.
func (t *Tree) Free(paths ...string) *Tree { return t.setFree(true, paths) }

// Fix marks leaves as not fitted, with the same patterns as [Tree.Free].
func (t *Tree) Fix(paths ...string) *Tree { return t.setFree(false, paths) }

func (t *Tree) setFree(free bool, paths []string) *Tree {
	for _, path := range paths {
		if t.err != nil {
			break
		}
		var found []int
		found, t.err = t.match(path)
		for _, i := range found {
			t.entries[i].Free = free
		}
	}
	return t
}

// Regional turns a scalar leaf into one value per region, all equal at first. A leaf that is regional
// already stays as it is; a leaf that has no regional version is an error.
func (t *Tree) Regional(path string) *Tree {
	return t.change(path, func(e *entry) error {
		switch {
		case e.IsRegional():
			return nil
		case e.Regions == 0:
			return fmt.Errorf("param: %q (shape %s) cannot be regional: it has no version with one value per region; give it values with Set", e.Path, shapeText(e.Shape))
		case len(e.Shape) != 0:
			return fmt.Errorf("param: %q has shape %s and cannot be regional; wanted a scalar leaf", e.Path, shapeText(e.Shape))
		}
		return e.assign([]int{e.Regions}, repeated(e.Value[0], e.Regions))
	})
}

// Transform sets how the leaf's part of the free vector gives its values, nil for the identity. The
// leaf's present values must fit: set them first, or use [Tree.TransformAt]. The transform holds for
// later values too, whether the leaf is free or fixed.
func (t *Tree) Transform(path string, transform Transform) *Tree {
	return t.change(path, func(e *entry) error {
		before := e.Leaf.Transform
		e.Leaf.Transform = owned(transform)
		if err := e.assign(e.Shape, e.Value); err != nil {
			e.Leaf.Transform = before
			return err
		}
		return nil
	})
}

// change applies one setter to the leaf of a path, unless an earlier one failed.
func (t *Tree) change(path string, set func(*entry) error) *Tree {
	if t.err != nil {
		return t
	}
	i, ok := t.index[path]
	if !ok {
		t.err = t.unknown(path)
		return t
	}
	t.err = set(&t.entries[i])
	return t
}

// assign checks values of a shape that fits them and takes a copy, or leaves the entry as it was.
func (e *entry) assign(shape []int, values []float64) error {
	for k, v := range values {
		if !isFinite(v) {
			return fmt.Errorf("param: %s is %v; values must be finite numbers: mend the input or leave the value as it was", e.Path+elementIndex(shape, k), v)
		}
	}
	var theta []float64
	if f := e.Leaf.Transform; f != nil {
		size, err := e.sizeUnder(f, len(values))
		if err != nil {
			return err
		}
		theta = make([]float64, size)
		if err := f.Inverse(theta, values); err != nil {
			return fmt.Errorf("param: %q with transform %s: %w; %s, or remove it with Transform(path, nil)", e.Path, f, located(err, shape), remedyOf(err))
		}
	}
	if len(shape) == 0 {
		shape = nil
	}
	e.theta = theta
	e.Shape = slices.Clone(shape)
	if len(e.Value) == len(values) {
		copy(e.Value, values) // in place: a view by At stays true
	} else {
		e.Value = slices.Clone(values)
	}
	return nil
}

// sizeUnder is the number of free numbers of that many values under a transform.
func (e *entry) sizeUnder(f Transform, values int) (int, error) {
	size, err := f.Size(values)
	if err == nil {
		return size, nil
	}
	remedy := "mend it"
	if _, bad := f.Size(e.Regions); bad == nil && values == 1 && len(e.Shape) == 0 && e.Regions > 1 {
		remedy = fmt.Sprintf("call Regional(%q) first for one value per region, mend it", e.Path)
	}
	return 0, fmt.Errorf("param: %q with transform %s: %w; %s, or remove it with Transform(path, nil)", e.Path, f, err, remedy)
}

// remedyOf is what helps against the error of an inverse transform.
func remedyOf(err error) string {
	var r *refusal
	if errors.As(err, &r) && r.remedy != "" {
		return r.remedy
	}
	return "set other values first"
}

// mayBecome reports whether the leaf can take a shape other than its own: scalar and regional change
// into each other.
func (e *entry) mayBecome(shape []int) bool {
	if e.Regions == 0 || len(e.Shape) != 0 && !e.IsRegional() {
		return false
	}
	return len(shape) == 0 || len(shape) == 1 && shape[0] == e.Regions
}

func (e *entry) wantedShapes() string {
	switch {
	case len(e.Shape) == 0 && e.mayBecome(nil):
		return fmt.Sprintf("scalar, or [%d] (one value per region)", e.Regions)
	case e.mayBecome(nil):
		return shapeText(e.Shape) + ", or scalar"
	}
	return shapeText(e.Shape)
}

// regionalHint is the remedy where a scalar leaf got one value per region.
func (e *entry) regionalHint(n int) string {
	if n == e.Regions && n > 0 && len(e.Shape) == 0 {
		return fmt.Sprintf(": call Regional(%q) first for one value per region", e.Path)
	}
	return ""
}

func wantedCount(n int) string {
	if n == 1 {
		return counted(n)
	}
	return counted(n) + ", or 1 for all"
}

func repeated(v float64, n int) []float64 {
	values := make([]float64, n)
	for k := range values {
		values[k] = v
	}
	return values
}
