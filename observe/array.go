package observe

import "strconv"

// Array is numbers in row-major order with their shape, the last axis contiguous. A shape without axes
// is one number. At the start of an observation the axes are [time][variable][node].
type Array struct {
	Shape []int
	Data  []float64
}

// newArray is an array of zeros.
func newArray(shape []int) Array { return Array{Shape: shape, Data: make([]float64, elements(shape))} }

// elements is the number of elements of a shape.
func elements(shape []int) int {
	n := 1
	for _, length := range shape {
		n *= length
	}
	return n
}

// shapeText writes a shape as "[1][1][84]", and as "one number" where there are no axes.
func shapeText(shape []int) string {
	if len(shape) == 0 {
		return "one number"
	}
	text := ""
	for _, length := range shape {
		text += "[" + strconv.Itoa(length) + "]"
	}
	return text
}
