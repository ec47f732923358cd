package space

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
)

// Space is an ordered set of points of parameters: each point gives some leaves of a parameter tree, by path, a value.
// It is immutable, several goroutines may use it at once, and it knows no tree until it meets one in [Space.Tree] or
// [Space.Check]. Points are computed when they are asked for, each in time proportional to the number of axes.
//
// What is wrong with a space or its parts is found when it is composed, and kept: [Space.Err]. All that uses the
// space returns that error. The zero Space is empty.
type Space struct {
	node node
	axes []*axis // all, in the order of their numbers in a point
	size int     // how many numbers a point has
	n    int     // how many points there are
	seed *uint64 // nil: that of the space around it, 0 for the outermost
	err  error
}

// node is what a space is made of.
type node interface {
	// write writes the numbers of the i-th point.
	write(dst []float64, i int, seed uint64) error
	// parts are the spaces that, visited one by one, show all values of the axes; nil: the points themselves.
	parts() []*Space
}

// axis is a path with its values.
type axis struct {
	Values
	path string
	hash uint64 // of the path
}

// newSpace is the space of n points made by a node.
func newSpace(node node, axes []*axis, n int) *Space {
	s := &Space{node: node, axes: axes, n: n}
	for _, a := range axes {
		s.size += a.size()
	}
	return s
}

// failed is a space with an error.
func failed(format string, args ...any) *Space {
	return &Space{err: fmt.Errorf("space: "+format, args...)}
}

// Axis is the space along one path: its points give the leaf these values in turn. A number fills a leaf that is an
// array. Errors: a path that is not a dotted name, those of the values.
func Axis(path string, values Values) *Space {
	err := checkPath(path)
	if err == nil && values.from == nil && values.err == nil {
		err = errors.New("no values; wanted Grid, Uniform, Data …")
	}
	if err = firstOf(err, values.err); err != nil {
		return failed("axis %q: %w", path, err)
	}
	return newAxis(&axis{Values: values, path: path, hash: hashOf(path)})
}

func newAxis(a *axis) *Space { return newSpace(a, []*axis{a}, a.n) }

func (a *axis) parts() []*Space { return nil }

func (a *axis) write(dst []float64, i int, seed uint64) error {
	return a.draw(dst, i, independent{seed: seed, path: a.hash})
}

// draw writes the i-th value with draws at the given probabilities.
func (a *axis) draw(dst []float64, i int, u uniforms) error {
	if err := a.Values.write(dst, i, u); err != nil {
		return fmt.Errorf("space: axis %q, value %d: %w", a.path, i, err)
	}
	return nil
}

// Err is what is wrong with the space or its parts, nil if nothing is.
func (s *Space) Err() error {
	if s.err == nil && s.node == nil {
		return errors.New("space: a space without axes; wanted at least one, made by Axis")
	}
	return s.err
}

// Len is the number of points, 0 if the space has an error.
func (s *Space) Len() int {
	if s.Err() != nil {
		return 0
	}
	return s.n
}

// Paths are the paths of the axes, in the order in which the space was composed.
func (s *Space) Paths() []string {
	if s.Err() != nil {
		return nil
	}
	var paths []string
	for _, a := range s.axes {
		paths = append(paths, a.path)
	}
	return paths
}

// Seed is the space with this seed for its draws; without one it is 0. Inside another space the seed stays, whatever
// that of the space around it.
func (s *Space) Seed(seed uint64) *Space {
	seeded := *s
	seeded.seed = &seed
	return &seeded
}

// write writes the numbers of a point under the seed of the space around.
func (s *Space) write(dst []float64, i int, seed uint64) error {
	if s.seed != nil {
		seed = *s.seed
	}
	return s.node.write(dst, i, seed)
}

// Point is the i-th point; a negative i counts from the end, −1 is the last. Errors: that of the space, i outside, a
// distribution that gives no finite number.
func (s *Space) Point(i int) (Point, error) {
	if err := s.Err(); err != nil {
		return Point{}, err
	}
	if i < -s.n || i >= s.n {
		return Point{}, fmt.Errorf("space: point %d of %d; wanted 0 … %d, or %d … -1 from the end", i, s.n, s.n-1, -s.n)
	}
	if i < 0 {
		i += s.n
	}
	p := Point{Index: i, axes: s.axes, numbers: make([]float64, s.size)}
	if err := s.write(p.numbers, i, 0); err != nil {
		return Point{Index: i}, err
	}
	return p, nil
}

// All yields the points in order. A point that cannot be had comes with its error, as [Space.Point] gives it; a space
// with an error yields that error once.
func (s *Space) All() iter.Seq2[Point, error] {
	return func(yield func(Point, error) bool) {
		if err := s.Err(); err != nil {
			yield(Point{}, err)
			return
		}
		for i := range s.n {
			if p, err := s.Point(i); !yield(p, err) {
				return
			}
		}
	}
}

// joined is the axes of all parts, in order. Errors: the first error of a part, no part, a path given twice.
func joined(name string, parts []*Space) ([]*axis, error) {
	if len(parts) == 0 {
		return nil, fmt.Errorf("space: %s of no axes; wanted at least one, made by Axis", name)
	}
	var axes []*axis
	for k, part := range parts {
		if part == nil {
			return nil, fmt.Errorf("space: %s: part %d is nil; wanted a space, made by Axis", name, k)
		}
		if err := part.Err(); err != nil {
			return nil, err
		}
		axes = append(axes, part.axes...)
	}
	paths := make([]string, len(axes))
	for k, a := range axes {
		paths[k] = a.path
	}
	slices.Sort(paths)
	for k := 1; k < len(paths); k++ {
		if paths[k] == paths[k-1] {
			return nil, fmt.Errorf("space: two axes along %q; wanted one axis per path: take one out", paths[k])
		}
	}
	return axes, nil
}

// times is a·b for numbers of points, and whether it is in range.
func times(a, b int) (int, bool) {
	if a > math.MaxInt/b {
		return 0, false
	}
	return a * b, true
}
