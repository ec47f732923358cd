package observe

import (
	"fmt"

	"github.com/neurograd/neurograd/network"
)

// Window is the first sample that the observation needs as a loss, for a run of so many samples, recorded
// variables and nodes. Errors: a window that the run does not hold, a stage that does not suit the shape
// it gets, a result that is not one number.
func (o Observation) Window(samples, variables, nodes int) (from int, err error) {
	p, err := o.plan(samples, variables, nodes)
	if err != nil {
		return 0, err
	}
	return p.from, o.checkScalar(p.shapes[len(p.shapes)-1])
}

// checkScalar refuses a result of several numbers.
func (o Observation) checkScalar(shape []int) error {
	if elements(shape) == 1 {
		return nil
	}
	return fmt.Errorf("observe: loss %q gives %s; wanted one number: end it with .Then(observe.SquaredError(target)) or .Mean(observe.OverAll)", o, shapeText(shape))
}

// Value is the loss of a trajectory. Errors: those of [Observation.Evaluate], and a result that is not
// one number.
func (o Observation) Value(y network.Trajectory) (float64, error) {
	r, err := o.loss(y)
	if err != nil {
		return 0, err
	}
	return r.value(), nil
}

// Pull is the loss of a trajectory, and its gradient dL/dy, written to cotangent in the layout of the
// trajectory's data; it is 0 outside the window. Errors: those of [Observation.Value], and a cotangent
// that has not the trajectory's length.
func (o Observation) Pull(y network.Trajectory, cotangent []float64) (float64, error) {
	if len(cotangent) != len(y.Data) {
		return 0, fmt.Errorf("observe: cotangent of length %d; wanted %d, the length of the trajectory's data", len(cotangent), len(y.Data))
	}
	r, err := o.loss(y)
	if err != nil {
		return 0, err
	}
	cot := []float64{1}
	for i := len(o.stages) - 1; i >= 0; i-- {
		in, out := r.values[i], r.values[i+1]
		cotIn := make([]float64, len(in.Data))
		if err := o.stages[i].VJP(in, out, cot, cotIn); err != nil {
			return 0, stageError(o.stages[i], err)
		}
		cot = cotIn
	}
	clear(cotangent)
	copy(cotangent[r.start:], cot)
	return r.value(), nil
}

// Push is the loss of a trajectory, and its change along each of the given tangents of the trajectory,
// laid out as [row][variable][node][lane]; dvalue gets one number per lane. Errors: those of
// [Observation.Value], and slices whose lengths do not suit the number of lanes.
func (o Observation) Push(y network.Trajectory, tangents []float64, lanes int, dvalue []float64) (float64, error) {
	if lanes < 1 || len(tangents) != lanes*len(y.Data) || len(dvalue) != lanes {
		return 0, fmt.Errorf("observe: %d lanes, tangents of length %d, changes of length %d; wanted at least one lane, %d tangents per lane, one change per lane",
			lanes, len(tangents), len(dvalue), len(y.Data))
	}
	r, err := o.loss(y)
	if err != nil {
		return 0, err
	}
	tan := tangents[r.start*lanes:][:len(r.values[0].Data)*lanes]
	for i, s := range o.stages {
		in, out := r.values[i], r.values[i+1]
		tanOut := make([]float64, len(out.Data)*lanes)
		if err := s.JVP(in, out, tan, lanes, tanOut); err != nil {
			return 0, stageError(s, err)
		}
		tan = tanOut
	}
	copy(dvalue, tan)
	return r.value(), nil
}

// loss is the observation evaluated, its result being one number.
func (o Observation) loss(y network.Trajectory) (evaluated, error) {
	r, err := o.forward(y)
	if err != nil {
		return evaluated{}, err
	}
	return r, o.checkScalar(r.values[len(r.values)-1].Shape)
}

func (r evaluated) value() float64 { return r.values[len(r.values)-1].Data[0] }
