// Package param holds the parameter tree of a simulation: every value by its dotted path, with shape,
// unit and range, fixed or free, and the transforms between the values and the free vector that
// optimisers work on. It knows nothing of networks, models or optimisers: who owns a simulation says
// which leaves there are.
package param

import (
	"fmt"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/internal/suggest"
)

// Tree is the ordered set of all leaves of a simulation. The set of paths is fixed by [New]; values,
// shapes (scalar or regional), freedom and transforms change by the setters, which can be chained.
//
// The first setter that fails leaves its error in the tree ([Tree.Err]) and all later ones do nothing;
// whatever runs or writes the tree returns that error, so that a misspelt path cannot pass unnoticed.
// A Tree may be read by several goroutines at once while none changes it.
type Tree struct {
	entries []entry
	index   map[string]int // path → position; never changes, so clones share it
	err     error
}

// entry is a leaf with its part of the free vector. theta is nil without a transform (the values
// themselves are free) and is kept beside the values because the inverse of a saturated transform is
// inexact: what an optimiser set is what it reads back.
type entry struct {
	Leaf
	theta []float64
}

// New is a tree of copies of the given leaves, in their order. Errors: a path given twice or not a
// dotted name, a count of values that does not fit the shape, a value that is not finite or that the
// leaf's transform cannot give.
func New(leaves ...Leaf) (*Tree, error) {
	t := &Tree{entries: make([]entry, len(leaves)), index: make(map[string]int, len(leaves))}
	for i := range leaves {
		l := &leaves[i]
		if err := l.validate(); err != nil {
			return nil, err
		}
		if _, known := t.index[l.Path]; known {
			return nil, fmt.Errorf("param: path %q is given twice; wanted one leaf per path", l.Path)
		}
		t.index[l.Path] = i
		e := &t.entries[i]
		e.Leaf = l.copied()
		e.Leaf.Transform = owned(l.Transform)
		if err := e.assign(e.Shape, e.Value); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Clone is an independent copy, a sticky error included.
func (t *Tree) Clone() *Tree {
	c := &Tree{entries: make([]entry, len(t.entries)), index: t.index, err: t.err}
	for i := range t.entries {
		e := &t.entries[i]
		c.entries[i] = entry{Leaf: e.copied(), theta: slices.Clone(e.theta)}
	}
	return c
}

// Err is the error of the first setter that failed, nil if none did.
func (t *Tree) Err() error { return t.err }

// Len is the number of leaves.
func (t *Tree) Len() int { return len(t.entries) }

// Paths lists the paths of all leaves in the tree's order.
func (t *Tree) Paths() []string {
	paths := make([]string, len(t.entries))
	for i := range t.entries {
		paths[i] = t.entries[i].Path
	}
	return paths
}

// Has reports whether there is a leaf of that path.
func (t *Tree) Has(path string) bool {
	_, ok := t.index[path]
	return ok
}

// Index is the position of a leaf in the tree's order, and whether there is one of that path.
func (t *Tree) Index(path string) (int, bool) {
	i, ok := t.index[path]
	return i, ok
}

// At is the leaf at position i, without a copy: it is to be read only, and holds until the next change
// of the tree.
func (t *Tree) At(i int) *Leaf { return &t.entries[i].Leaf }

// Leaf is a copy of the leaf of that path; an unknown path is an error with a suggestion.
func (t *Tree) Leaf(path string) (Leaf, error) {
	i, ok := t.index[path]
	if !ok {
		return Leaf{}, t.unknown(path)
	}
	return t.entries[i].copied(), nil
}

// Values is a copy of the values of a leaf in row-major order; nil if there is no leaf of that path
// ([Tree.Leaf] says which was meant).
func (t *Tree) Values(path string) []float64 {
	i, ok := t.index[path]
	if !ok {
		return nil
	}
	return append([]float64{}, t.entries[i].Value...)
}

// match lists the leaves that a path or a pattern means: "*" is all leaves, "dynamics.*" all below
// dynamics, at any depth. Nothing matched is an error.
func (t *Tree) match(pattern string) ([]int, error) {
	if i, ok := t.index[pattern]; ok {
		return []int{i}, nil
	}
	prefix, isPattern := strings.CutSuffix(pattern, "*")
	if !isPattern || prefix != "" && !strings.HasSuffix(prefix, ".") {
		return nil, t.unknown(pattern)
	}
	var found []int
	for i := range t.entries {
		if strings.HasPrefix(t.entries[i].Path, prefix) {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("param: no leaf matches %q%s Tree.Paths lists all", pattern, ended(suggest.Hint(pattern, t.patterns())))
	}
	return found, nil
}

// patterns lists what can stand before ".*", with it.
func (t *Tree) patterns() []string {
	list := []string{"*"}
	for i := range t.entries {
		path := t.entries[i].Path
		for at, r := range path {
			if p := path[:at] + ".*"; r == '.' && !slices.Contains(list, p) {
				list = append(list, p)
			}
		}
	}
	return list
}

// unknown is the error for a path that no leaf has. A name without its group ("J_N") is the most
// frequent slip and too far from the full path for an edit distance, so it is looked for first.
func (t *Tree) unknown(path string) error {
	for i := range t.entries {
		if full := t.entries[i].Path; path != "" && strings.HasSuffix(full, "."+path) {
			return fmt.Errorf("param: no leaf %q, did you mean %q? Tree.Paths lists all", path, full)
		}
	}
	return fmt.Errorf("param: no leaf %q%s Tree.Paths lists all", path, ended(suggest.Hint(path, t.Paths())))
}

// ended closes a hint so that a sentence can follow.
func ended(hint string) string {
	if strings.HasSuffix(hint, "?") {
		return hint
	}
	return hint + ";"
}
