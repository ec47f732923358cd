package param

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Leaf is one named value of a simulation: a number or an array of numbers.
type Leaf struct {
	// Path is the dotted name, e.g. "dynamics.J_N" or "coupling.delayed.G".
	Path string
	// Shape is nil for one number, else the extents: [N] (one value per region), [N][N], [E], [k][N] …
	Shape []int
	// Value holds the numbers in row-major order; all are finite.
	Value []float64
	// Unit is the physical unit, "" where the value has none.
	Unit string
	// Meaning says in a few words what the value stands for.
	Meaning string
	// Lo and Hi are the range in which the value is sensible; an infinite bound is none, and so are two
	// zeros. The range informs and is not enforced: [Bounded] does that.
	Lo, Hi float64
	// Regions is the number of regions that a regional version of the leaf has (shape [Regions]);
	// 0 where the leaf cannot be regional.
	Regions int
	// Free says that the value is fitted: its numbers belong to the free vector.
	Free bool
	// Transform maps the leaf's part of the free vector to the values; nil is the identity.
	Transform Transform
}

// IsRegional reports whether the leaf has one value per region: shape [Regions].
func (l *Leaf) IsRegional() bool {
	return l.Regions > 0 && len(l.Shape) == 1 && l.Shape[0] == l.Regions
}

// validate says what is wrong with a leaf as handed to [New].
func (l *Leaf) validate() error {
	if l.Path == "" || strings.ContainsAny(l.Path, "* \t\r\n") || slices.Contains(strings.Split(l.Path, "."), "") {
		return fmt.Errorf("param: path %q is not a dotted name; wanted names joined by single dots, without blanks and *, such as \"dynamics.J_N\"", l.Path)
	}
	if math.IsNaN(l.Lo) || math.IsNaN(l.Hi) || l.Lo > l.Hi {
		return fmt.Errorf("param: %q has the sensible range [%v, %v]; wanted Lo ≤ Hi, or both 0 for none", l.Path, l.Lo, l.Hi)
	}
	if l.Regions < 0 {
		return fmt.Errorf("param: %q has %d regions; wanted the number of regions, or 0 if it cannot be regional", l.Path, l.Regions)
	}
	n, err := sizeOf(l.Shape)
	if err != nil {
		return fmt.Errorf("param: %q: %w", l.Path, err)
	}
	if n != len(l.Value) {
		return fmt.Errorf("param: %q has %s but shape %s; wanted %s", l.Path, counted(len(l.Value)), shapeText(l.Shape), counted(n))
	}
	return nil
}

// copied is the leaf with slices of its own. The transform is shared: transforms do not change, and
// those of the tree hold slices of their own.
func (l *Leaf) copied() Leaf {
	c := *l
	c.Shape, c.Value = slices.Clone(l.Shape), append([]float64{}, l.Value...)
	if len(c.Shape) == 0 {
		c.Shape = nil
	}
	return c
}

// sizeOf is the number of values of a shape; 1 for a scalar.
func sizeOf(shape []int) (int, error) {
	n := 1
	for _, extent := range shape {
		if extent < 0 || extent > 0 && n > math.MaxInt/extent {
			return 0, fmt.Errorf("shape %s is impossible; wanted extents ≥ 0 whose product fits an int", shapeText(shape))
		}
		n *= extent
	}
	return n, nil
}

// shapeText writes a shape as "[84][84]", and "scalar" for none.
func shapeText(shape []int) string {
	if len(shape) == 0 {
		return "scalar"
	}
	return indexText(shape)
}

func indexText(index []int) string {
	var b strings.Builder
	for _, i := range index {
		b.WriteString("[" + strconv.Itoa(i) + "]")
	}
	return b.String()
}

// elementIndex writes the position of the k-th value in row-major order: "[3][5]", "" for a scalar.
func elementIndex(shape []int, k int) string {
	index := make([]int, len(shape))
	for d := len(shape) - 1; d >= 0; d-- {
		index[d] = k % shape[d]
		k /= shape[d]
	}
	return indexText(index)
}

// counted writes a count of values.
func counted(n int) string { return countOf(n, "value") }

// countOf writes a count of things whose plural takes an s.
func countOf(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

func isFinite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }
