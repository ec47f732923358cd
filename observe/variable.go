package observe

import "fmt"

// variable keeps one variable of [time][variable][node].
type variable struct{ index int }

func (s variable) String() string { return fmt.Sprintf("variable %d", s.index) }

func (s variable) Shape(in []int) ([]int, error) {
	if len(in) != 3 {
		return nil, fmt.Errorf("got %s; wanted the axes [time][variable][node]: choose the variable first", shapeText(in))
	}
	if s.index < 0 || s.index >= in[1] {
		return nil, fmt.Errorf("got %d variables; wanted a number from 0 to %d: choose one of these, or record the variable", in[1], in[1]-1)
	}
	return []int{in[0], 1, in[2]}, nil
}

func (s variable) Forward(in, out Array) error {
	s.pick(in.Data, out.Data, in.Shape, in.Shape[2])
	return nil
}

func (s variable) JVP(in, out Array, tan []float64, lanes int, tanOut []float64) error {
	s.pick(tan, tanOut, in.Shape, in.Shape[2]*lanes)
	return nil
}

// pick copies the variable's row of each time, of the given width.
func (s variable) pick(from, to []float64, shape []int, width int) {
	for t := range shape[0] {
		copy(to[t*width:][:width], from[(t*shape[1]+s.index)*width:])
	}
}

func (s variable) VJP(in, out Array, cot, cotIn []float64) error {
	clear(cotIn)
	width := in.Shape[2]
	for t := range in.Shape[0] {
		copy(cotIn[(t*in.Shape[1]+s.index)*width:][:width], cot[t*width:])
	}
	return nil
}

// PushVJP is the VJP of the cotangent's tangent: a choice is linear.
func (s variable) PushVJP(in, out Array, _, _, dcot, dcotIn []float64) error {
	return s.VJP(in, out, dcot, dcotIn)
}
