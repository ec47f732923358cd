package space

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// listed holds given values one after the other.
type listed []float64

func (l listed) kind() (string, []float64) { return "values", l }

// Data is the given values in their order: numbers, or arrays of one shape, [N] for []float64 and [rows][columns] for
// [][]float64. It keeps a copy. Errors: no value, arrays that differ in shape or are empty, numbers that are not finite.
func Data[T int | float64 | []float64 | [][]float64](values ...T) Values {
	v := Values{n: len(values), err: checkCount(len(values))}
	var list listed
	for i, x := range values {
		numbers, shape, err := flatten(x)
		if err == nil && i > 0 && !slices.Equal(shape, v.shape) {
			err = fmt.Errorf("shape %s, value 0 has %s; wanted values of one shape", shapeText(shape), shapeText(v.shape))
		}
		if err != nil {
			v.err = firstOf(v.err, fmt.Errorf("value %d: %w", i, err))
			break
		}
		list, v.shape = append(list, numbers...), shape
	}
	v.from = list
	return v
}

// flatten is a value as numbers in row-major order with their shape.
func flatten(value any) (numbers []float64, shape []int, err error) {
	switch x := value.(type) {
	case int:
		numbers = []float64{float64(x)}
	case float64:
		numbers = []float64{x}
	case []float64:
		numbers, shape = x, []int{len(x)}
	case [][]float64:
		for i, row := range x {
			if len(row) != len(x[0]) {
				return nil, nil, fmt.Errorf("row %d has length %d, row 0 has %d; wanted rows of equal length", i, len(row), len(x[0]))
			}
			numbers, shape = append(numbers, row...), []int{len(x), len(row)}
		}
	}
	if len(numbers) == 0 {
		return nil, nil, errors.New("an array without numbers; wanted at least one")
	}
	for k, x := range numbers {
		if !isFinite(x) {
			return nil, nil, fmt.Errorf("%v%s; wanted finite numbers: mend the data or leave the value out", x, at(elementText(shape, k)))
		}
	}
	return numbers, shape, nil
}

// at is " at [3][5]", "" for the only element.
func at(element string) string {
	if element == "" {
		return ""
	}
	return " at " + element
}

func isFinite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }

// shapeText writes a shape as "[84][84]", "scalar" for none.
func shapeText(shape []int) string {
	if len(shape) == 0 {
		return "scalar"
	}
	return indexText(shape)
}

// elementText writes the position of the k-th element in row-major order: "[3][5]", "" for a scalar.
func elementText(shape []int, k int) string {
	index := make([]int, len(shape))
	for d := len(shape) - 1; d >= 0; d-- {
		index[d] = k % shape[d]
		k /= shape[d]
	}
	return indexText(index)
}

func indexText(index []int) string {
	var b strings.Builder
	for _, i := range index {
		b.WriteString("[" + strconv.Itoa(i) + "]")
	}
	return b.String()
}
