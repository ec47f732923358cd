package observe

import (
	"fmt"
	"slices"
)

// nodes keeps some nodes of [time][variable][node], in the given order.
type nodes struct{ numbers []int }

// Nodes keeps the nodes of these numbers, counted from 0, in the given order: those of a group of regions,
// for example, as network.Simulation.Nodes lists them.
func (o Observation) Nodes(numbers ...int) Observation {
	return o.Then(nodes{slices.Clone(numbers)})
}

func (s nodes) String() string { return fmt.Sprintf("%d nodes", len(s.numbers)) }

func (s nodes) Shape(in []int) ([]int, error) {
	if len(in) != 3 {
		return nil, fmt.Errorf("got %s; wanted the axes [time][variable][node]: choose the nodes first", shapeText(in))
	}
	if len(s.numbers) == 0 {
		return nil, fmt.Errorf("got no node; wanted at least one number from 0 to %d: is the group's name right?", in[2]-1)
	}
	for _, n := range s.numbers {
		if n < 0 || n >= in[2] {
			return nil, fmt.Errorf("got node %d; wanted numbers from 0 to %d", n, in[2]-1)
		}
	}
	return []int{in[0], in[1], len(s.numbers)}, nil
}

func (s nodes) Forward(in, out Array) error {
	s.pick(in.Data, out.Data, in.Shape, 1)
	return nil
}

func (s nodes) JVP(in, out Array, tan []float64, lanes int, tanOut []float64) error {
	s.pick(tan, tanOut, in.Shape, lanes)
	return nil
}

// pick copies the nodes' values of each row of [time · variable][node][lane].
func (s nodes) pick(from, to []float64, shape []int, lanes int) {
	for row := range shape[0] * shape[1] {
		for k, n := range s.numbers {
			copy(to[(row*len(s.numbers)+k)*lanes:][:lanes], from[(row*shape[2]+n)*lanes:])
		}
	}
}

func (s nodes) VJP(in, out Array, cot, cotIn []float64) error {
	clear(cotIn)
	for row := range in.Shape[0] * in.Shape[1] {
		for k, n := range s.numbers {
			cotIn[row*in.Shape[2]+n] += cot[row*len(s.numbers)+k]
		}
	}
	return nil
}

// PushVJP is the VJP of the cotangent's tangent: a choice is linear.
func (s nodes) PushVJP(in, out Array, _, _, dcot, dcotIn []float64) error {
	return s.VJP(in, out, dcot, dcotIn)
}
