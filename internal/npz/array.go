package npz

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Array is one member of a file: its numbers or strings, row-major whatever their order in the file.
// Exactly one of Floats, Ints and Strings is in use, with one entry for each element of Shape.
type Array struct {
	// Name is the member's name without ".npy".
	Name string
	// DType is the element type as the file writes it, such as "<f8"; [Write] does not read it.
	DType string
	// Shape is empty for a single number or string.
	Shape []int
	// Floats holds the types f4 and f8.
	Floats []float64
	// Ints holds the integers and booleans (0 and 1).
	Ints []int64
	// Strings holds the types U and S, without the zeros that pad them.
	Strings []string
}

// exactInts is the range in which every integer is a float64.
const exactInts = 1 << 53

// Numbers is the array as float64 numbers. An array of strings, or an integer that no float64 equals, is
// an error.
func (a *Array) Numbers() ([]float64, error) {
	switch {
	case a.Floats != nil:
		return a.Floats, nil
	case a.Strings != nil:
		return nil, fmt.Errorf("npz: member %q holds strings (%s); numbers are wanted here", a.Name, a.DType)
	}
	numbers := make([]float64, len(a.Ints))
	for i, v := range a.Ints {
		if v > exactInts || v < -exactInts {
			return nil, fmt.Errorf("npz: member %q: element %d is %d, beyond the integers that float64 holds (±2^53): save it as float64", a.Name, i, v)
		}
		numbers[i] = float64(v)
	}
	return numbers, nil
}

// Rows is a two-dimensional array of numbers as one slice per row; not nil, and empty where there are no
// numbers.
func (a *Array) Rows() ([][]float64, error) {
	if len(a.Shape) != 2 {
		return nil, fmt.Errorf("npz: member %q has shape %s; a matrix is wanted here", a.Name, shapeText(a.Shape))
	}
	numbers, err := a.Numbers()
	if err != nil {
		return nil, err
	}
	if len(numbers) == 0 {
		return [][]float64{}, nil // no rows are made for a shape such as (10⁹, 0)
	}
	rows := make([][]float64, a.Shape[0])
	for i := range rows {
		rows[i] = numbers[i*a.Shape[1] : (i+1)*a.Shape[1] : (i+1)*a.Shape[1]]
	}
	return rows, nil
}

// shapeText writes a shape as Python does.
func shapeText(shape []int) string {
	if len(shape) == 1 {
		return fmt.Sprintf("(%d,)", shape[0])
	}
	words := make([]string, len(shape))
	for i, n := range shape {
		words[i] = fmt.Sprint(n)
	}
	return "(" + strings.Join(words, ", ") + ")"
}

// product is the number of elements of a shape; ok is false where it, or a negative dimension, is beyond
// the range of an int.
func product(shape []int) (n int, ok bool) {
	if slices.Contains(shape, 0) {
		return 0, true
	}
	n = 1
	for _, d := range shape {
		if d < 0 || n > math.MaxInt/d {
			return 0, false
		}
		n *= d
	}
	return n, true
}

// rowMajor reorders elements that a file lists with the first index fastest.
func rowMajor[T any](data []T, shape []int) []T {
	if len(shape) < 2 || len(data) < 2 {
		return data
	}
	out := make([]T, len(data))
	strides := make([]int, len(shape)) // of the file
	stride := 1
	for d, n := range shape {
		strides[d] = stride
		stride *= n
	}
	index := make([]int, len(shape))
	from := 0
	for to := range out {
		out[to] = data[from]
		for d := len(shape) - 1; d >= 0; d-- {
			index[d]++
			from += strides[d]
			if index[d] < shape[d] {
				break
			}
			from -= index[d] * strides[d]
			index[d] = 0
		}
	}
	return out
}
