package space

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/internal/elem"
	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/param"
)

// Values is what an axis takes, in order: numbers or arrays, given, on a grid, or drawn. It is immutable, so
// that the same values can stand in several axes. What is wrong with its settings is an error of the space it
// becomes part of.
type Values struct {
	from      sequence
	n         int
	shape     []int // of one value
	each      bool  // every element of a value is a draw of its own
	group     string
	free      bool
	transform param.Transform
	err       error
}

// sequence is where values come from: fixed, listed or drawn.
type sequence interface {
	// kind is the name in text and JSON, and the numbers behind it.
	kind() (name string, numbers []float64)
}

// fixed is a sequence of n numbers by formula.
type fixed interface {
	sequence
	at(i, n int) float64
}

// maxPoints is the most values of an axis: positions are words of 32 bits in the counters of random numbers.
const maxPoints = math.MaxInt32

// maxElements is the most elements of a value: the weights between 4096 regions.
const maxElements = 1 << 24

type grid struct{ lo, hi float64 }
type logGrid struct{ lo, hi float64 }

// Grid is n numbers at equal distances from lo to hi, both included: lo + (hi−lo)·i/(n−1), i = 0 … n−1; n = 1 gives
// lo. Errors: n < 1, bounds that are not finite or not lo < hi.
func Grid(lo, hi float64, n int) Values {
	err := firstOf(checkCount(n), checkBounds(lo, hi))
	if err == nil && !isFinite((hi-lo)*float64(n)) {
		err = fmt.Errorf("bounds %v and %v; wanted bounds of ordinary size", lo, hi)
	}
	return Values{from: grid{lo, hi}, n: n, err: err}
}

// LogGrid is n numbers with equal ratios from lo to hi, both included: lo·(hi/lo)^(i/(n−1)), i = 0 … n−1; n = 1 gives
// lo. Errors: those of [Grid], and lo ≤ 0.
func LogGrid(lo, hi float64, n int) Values {
	return Values{from: logGrid{lo, hi}, n: n, err: firstOf(checkCount(n), checkBounds(lo, hi), checkPositive(lo, hi))}
}

// Broadcast gives every value a shape: the number stands in all elements, such as one per region for [N]. Errors:
// an extent below 1, values that are arrays already.
func (v Values) Broadcast(shape ...int) Values {
	if v.shape != nil {
		v.err = firstOf(v.err, fmt.Errorf("values of shape %s cannot be broadcast to %s; wanted values that are numbers", shapeText(v.shape), shapeText(shape)))
	}
	v.err = firstOf(v.err, checkShape(shape))
	v.shape = slices.Clone(shape)
	return v
}

// Each gives every value a shape with a draw of its own in every element. Errors: those of [Values.Broadcast], values
// that are not drawn.
func (v Values) Each(shape ...int) Values {
	if _, ok := v.from.(drawn); !ok {
		v.err = firstOf(v.err, errors.New("Each of values that are not drawn; wanted Uniform, Normal, Draw …: Broadcast gives all elements the same number"))
	}
	v = v.Broadcast(shape...)
	v.each = true
	return v
}

// Group makes axes with the same label vary together inside a product, as if they stood in a [Zip]: see [Product]. Errors: a label
// with blanks, parentheses or @.
func (v Values) Group(label string) Values {
	if strings.ContainsAny(label, "@() \t\r\n") {
		v.err = firstOf(v.err, fmt.Errorf("group %q; wanted a label without blanks, parentheses and @", label))
	}
	v.group = label
	return v
}

// Free makes the leaf free at every point, under a transform; nil keeps the transform that the leaf has. The values
// are then where fits start: a multi-start. Values that the transform cannot give are an error when a tree is set; its
// bounds are independent of the axis.
func (v Values) Free(transform param.Transform) Values {
	v.free, v.transform = true, transform
	return v
}

// size is how many numbers a value has.
func (v *Values) size() int {
	size := 1
	for _, extent := range v.shape {
		size *= extent
	}
	return size
}

// write writes the i-th value; u makes the uniform numbers of draws.
func (v *Values) write(dst []float64, i int, u uniforms) error {
	switch from := v.from.(type) {
	case fixed:
		fill(dst, from.at(i, v.n))
	case listed:
		if step := len(from) / v.n; step == len(dst) {
			copy(dst, from[i*step:])
		} else {
			fill(dst, from[i])
		}
	case drawn:
		draws := dst
		if !v.each {
			draws = dst[:1]
		}
		for e := range draws {
			p := u.uniform(i, e)
			draws[e] = from.Quantile(p)
			if !isFinite(draws[e]) {
				return fmt.Errorf("quantile %v of %s is %v; wanted a finite number: mend the distribution", p, nameOf(from.Distribution), draws[e])
			}
		}
		if !v.each {
			fill(dst, dst[0])
		}
	}
	return nil
}

func fill(dst []float64, x float64) {
	for k := range dst {
		dst[k] = x
	}
}

func (g grid) at(i, n int) float64 {
	if i == n-1 && n > 1 {
		return g.hi
	}
	return g.lo + float64((g.hi-g.lo)*float64(i))/float64(max(n-1, 1))
}

func (g logGrid) at(i, n int) float64 {
	switch i {
	case 0:
		return g.lo
	case n - 1:
		return g.hi
	}
	// The exponent is rounded; the root is corrected to first order for what is missing, so that 0.001 … 1 in four steps
	// has 0.01 and 0.1.
	ratio, steps := g.hi/g.lo, float64(n-1)
	exponent := float64(i) / steps
	missing := math.FMA(-exponent, steps, float64(i)) / steps
	root := power(ratio, exponent)
	root = math.FMA(root, missing*elem.Log(program.Scalar{}, ratio), root)
	return between(g.lo*root, g.lo, g.hi)
}

func (g grid) kind() (string, []float64)    { return "grid", []float64{g.lo, g.hi} }
func (g logGrid) kind() (string, []float64) { return "log", []float64{g.lo, g.hi} }

// between is x held to [lo, hi].
func between(x, lo, hi float64) float64 { return min(max(x, lo), hi) }

func firstOf(errors ...error) error {
	for _, err := range errors {
		if err != nil {
			return err
		}
	}
	return nil
}

func checkCount(n int) error {
	if n < 1 || n > maxPoints {
		return fmt.Errorf("%d values; wanted at least 1 and at most 2³¹−1", n)
	}
	return nil
}

func checkBounds(lo, hi float64) error {
	if !(lo < hi) || !isFinite(hi-lo) {
		return fmt.Errorf("bounds %v and %v; wanted finite bounds, the lower one first", lo, hi)
	}
	return nil
}

func checkPositive(lo, hi float64) error {
	if !(lo > 0) || !isFinite(hi/lo) {
		return fmt.Errorf("bounds %v and %v on a logarithmic scale; wanted 0 < lower < upper with a finite ratio", lo, hi)
	}
	return nil
}

func checkShape(shape []int) error {
	size := 1
	for _, extent := range shape {
		if extent < 1 || size > maxElements/extent {
			return fmt.Errorf("shape %s; wanted extents of at least 1 and at most 2²⁴ elements", shapeText(shape))
		}
		size *= extent
	}
	if len(shape) == 0 {
		return errors.New("a shape without extents; wanted at least one, such as the number of regions")
	}
	return nil
}
