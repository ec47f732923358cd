package observe

import (
	"fmt"

	"github.com/neurograd/neurograd/network"
)

// SecondOrder is a [Stage] with second derivatives, which products with Hessians need: all of this package
// are. A stage of one's own need not be.
type SecondOrder interface {
	Stage
	// PushVJP pushes a tangent of the input and one of the cotangent through VJP: with out = f(in) it writes
	//
	//	dcotIn = (∂f/∂in)ᵀ·dcot + (d/dε (∂f/∂in)ᵀ at in + ε·tan)·cot.
	PushVJP(in, out Array, tan, cot, dcot, dcotIn []float64) error
}

var _ network.SecondOrder = Observation{}

// PushPull is the loss of a trajectory; its gradient dL/dy, written to cotangent; and the change of that
// along a tangent of the trajectory, ∂²L/∂y²·tangent, written to dcotangent: all in the layout of the
// trajectory's data, and 0 outside the window. Errors: those of [Observation.Pull], and a stage that is no
// [SecondOrder].
func (o Observation) PushPull(y network.Trajectory, tangent, cotangent, dcotangent []float64) (float64, error) {
	if n := len(y.Data); len(tangent) != n || len(cotangent) != n || len(dcotangent) != n {
		return 0, fmt.Errorf("observe: tangent of length %d, cotangents of length %d and %d; wanted %d, the length of the trajectory's data", len(tangent), len(cotangent), len(dcotangent), n)
	}
	stages, err := o.secondOrder()
	if err != nil {
		return 0, err
	}
	r, err := o.loss(y)
	if err != nil {
		return 0, err
	}
	tangents := [][]float64{tangent[r.start:][:len(r.values[0].Data)]}
	for i, s := range stages {
		out := make([]float64, len(r.values[i+1].Data))
		if err := s.JVP(r.values[i], r.values[i+1], tangents[i], 1, out); err != nil {
			return 0, stageError(s, err)
		}
		tangents = append(tangents, out)
	}
	cot, dcot := []float64{1}, []float64{0}
	for i := len(stages) - 1; i >= 0; i-- {
		in, out := r.values[i], r.values[i+1]
		cotIn, dcotIn := make([]float64, len(in.Data)), make([]float64, len(in.Data))
		err := stages[i].PushVJP(in, out, tangents[i], cot, dcot, dcotIn)
		if err == nil {
			err = stages[i].VJP(in, out, cot, cotIn)
		}
		if err != nil {
			return 0, stageError(stages[i], err)
		}
		cot, dcot = cotIn, dcotIn
	}
	clear(cotangent)
	clear(dcotangent)
	copy(cotangent[r.start:], cot)
	copy(dcotangent[r.start:], dcot)
	return r.value(), nil
}

// secondOrder are the stages, if all have second derivatives.
func (o Observation) secondOrder() ([]SecondOrder, error) {
	var stages []SecondOrder
	for i, stage := range o.stages {
		s, ok := stage.(SecondOrder)
		if !ok {
			return nil, fmt.Errorf("observe: stage %d of %q has no second derivatives\nwanted stages of package observe, such as means and observe.SquaredError, or an observe.SecondOrder of one's own", i+1, o)
		}
		stages = append(stages, s)
	}
	return stages, nil
}
