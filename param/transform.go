package param

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Transform is a differentiable map f from the unconstrained numbers θ of a leaf to its values: [Log],
// [Bounded], [Masked], [Tied], [Mapped]. It acts on whole arrays, so that the two may differ in number.
// Implementations are immutable, take all numbers by argument, and do not keep the slices. All methods
// but String and Size are called only for a count of values that Size accepts.
type Transform interface {
	// String is the name with its settings, e.g. "bounded(0, 1)".
	String() string
	// Size is the number of free numbers for that many values; the error says what is wrong with the
	// transform itself, or why it is none for that many values.
	Size(values int) (int, error)
	// Forward writes f(θ) into value; entries that do not depend on θ are left as they are. The error
	// says which value is out of reach in float64; a value that is not finite need not be one.
	Forward(value, theta []float64) error
	// Inverse writes a θ with f(θ) = value, up to rounding, into theta; the error says why the values
	// cannot be had from any θ. Where there is none, θ is finite.
	Inverse(theta, value []float64) error
	// Pullback writes Jᵀ·gradValue into gradTheta, where J is the derivative of f at theta.
	Pullback(gradTheta, theta, gradValue []float64)
	// Pushforward writes J·tanTheta into tanValue, entries that do not depend on θ included.
	Pushforward(tanValue, theta, tanTheta []float64)
}

// Namer is a Transform that says what its free numbers are called. Without it they are named like the
// values, or ".theta[0]", ".theta[1]" … where there is not one for each.
type Namer interface {
	Transform
	// ThetaNames are the names of the free numbers, given those of the values; both stand behind the
	// leaf's path: "[3][5]" for a value, ".phi[2]" for a coefficient.
	ThetaNames(values []string) []string
}

// thetaNames are the names of the free numbers of any transform that accepts that many values.
func thetaNames(f Transform, values []string) []string {
	if n, ok := f.(Namer); ok {
		return n.ThetaNames(values)
	}
	if size, _ := f.Size(len(values)); size != len(values) {
		return numbered(".theta", size)
	}
	return values
}

func numbered(name string, n int) []string {
	list := make([]string, n)
	for j := range list {
		list[j] = name + "[" + strconv.Itoa(j) + "]"
	}
	return list
}

// owned is the transform with slices of its own, so that the caller's may change afterwards.
func owned(f Transform) Transform {
	if o, ok := f.(interface{ own() Transform }); ok {
		return o.own()
	}
	return f
}

// withInner writes the inner transform behind the settings of the one that holds it.
func withInner(name, settings string, inner Transform) string {
	if inner != nil {
		settings += ", " + inner.String()
	}
	return name + "(" + settings + ")"
}

// refusal is the error that certain values do not fit a transform. A transform around it renumbers the
// values, see [refusal.moved].
type refusal struct {
	at     []int // positions of the values in question
	value  []float64
	count  int    // of all values
	shape  []int  // of the leaf, once the tree has said it
	reason string // behind the values
	remedy string // "" for the usual one, to set other values
}

func refuse(value []float64, k int, reason string) error {
	return &refusal{at: []int{k}, value: []float64{value[k]}, count: len(value), reason: reason}
}

// Error names each value with its number, unless there is but one.
func (r *refusal) Error() string {
	if r.count == 1 {
		return fmt.Sprintf("value %v%s", r.value[0], r.reason)
	}
	texts, shape := make([]string, len(r.at)), r.shape
	if shape == nil {
		shape = []int{r.count}
	}
	for i, k := range r.at {
		texts[i] = fmt.Sprintf("value%s = %v", elementIndex(shape, k), r.value[i])
	}
	return strings.Join(texts, " and ") + r.reason
}

// located is the error of a leaf's transform with the shape by which its values are numbered.
func located(err error, shape []int) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	out := *r
	out.shape = shape
	return &out
}

// moved is the error of an inner transform with the places that its values have among all.
func moved(err error, places []int, count int) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	out := *r
	out.count, out.at = count, make([]int, len(r.at))
	for i, k := range r.at {
		out.at[i] = places[k]
	}
	return &out
}
