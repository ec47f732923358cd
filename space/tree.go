package space

import (
	"fmt"
	"iter"

	"github.com/neurograd/neurograd/param"
)

// Tree is a copy of the tree with the values of the i-th point: [Space.Point] and [Point.Set]. Errors: those of the two.
func (s *Space) Tree(base *param.Tree, i int) (*param.Tree, error) {
	p, err := s.Point(i)
	if err != nil {
		return nil, err
	}
	return p.tree(base)
}

func (p Point) tree(base *param.Tree) (*param.Tree, error) {
	tree := base.Clone()
	if err := p.Set(tree); err != nil {
		return nil, fmt.Errorf("space: point %d: %w", p.Index, err)
	}
	return tree, nil
}

// Trees yields, point by point, a copy of the tree with the values of the point, or the error that [Space.Tree] gives.
func (s *Space) Trees(base *param.Tree) iter.Seq2[*param.Tree, error] {
	return func(yield func(*param.Tree, error) bool) {
		for p, err := range s.All() {
			var tree *param.Tree
			if err == nil {
				tree, err = p.tree(base)
			}
			if !yield(tree, err) {
				return
			}
		}
	}
}

// Check says whether a tree takes all values of all axes: that the paths are there, shapes fit and transforms can give
// the values. It visits every value once, not every point. The errors are those of [Space.Tree].
func (s *Space) Check(base *param.Tree) error {
	if err := s.Err(); err != nil {
		return err
	}
	return s.check(base.Clone(), 0)
}

func (s *Space) check(tree *param.Tree, seed uint64) error {
	if s.seed != nil {
		seed = *s.seed
	}
	if parts := s.node.parts(); parts != nil {
		for _, part := range parts {
			if err := part.check(tree, seed); err != nil {
				return err
			}
		}
		return nil
	}
	p := Point{axes: s.axes, numbers: make([]float64, s.size)}
	for i := range s.n {
		if err := s.node.write(p.numbers, i, seed); err != nil {
			return err
		}
		if err := p.Set(tree); err != nil {
			return fmt.Errorf("space: value %d along %q: %w", i, s.axes[0].path, err)
		}
	}
	return nil
}

// set gives the leaf of the axis a value.
func (a *axis) set(tree *param.Tree, value []float64) error {
	if a.transform != nil { // so that the one before does not refuse the value
		tree.Transform(a.path, nil)
	}
	if a.shape == nil {
		tree.Set(a.path, value[0])
	} else {
		tree.SetShaped(a.path, a.shape, value)
	}
	if a.transform != nil {
		tree.Transform(a.path, a.transform)
	}
	if a.free {
		tree.Free(a.path)
	}
	return tree.Err()
}
