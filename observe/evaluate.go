package observe

import (
	"fmt"
	"slices"

	"github.com/neurograd/neurograd/network"
)

// Evaluate is the result of the observation on a trajectory, of any shape; it shares no memory with the
// trajectory. Errors: a trajectory whose data do not have its shape or that starts after the window, those
// of a stage, and whatever [Observation.Window] refuses except a result of several numbers.
func (o Observation) Evaluate(y network.Trajectory) (Array, error) {
	r, err := o.forward(y)
	if err != nil {
		return Array{}, err
	}
	result := r.values[len(r.values)-1]
	if len(o.stages) == 0 {
		result.Data = slices.Clone(result.Data)
	}
	return result, nil
}

// stageError says which stage an error comes from.
func stageError(s Stage, err error) error { return fmt.Errorf("observe: %s: %w", s, err) }

// evaluated is an observation evaluated on a trajectory.
type evaluated struct {
	start  int     // of the window, in the trajectory's data
	values []Array // the window, a view of the trajectory, then each stage's result
}

func (o Observation) forward(y network.Trajectory) (evaluated, error) {
	if y.From < 0 || y.Rows < 0 || y.Variables < 0 || y.Nodes < 0 || len(y.Data) != y.Rows*y.Variables*y.Nodes {
		return evaluated{}, fmt.Errorf("observe: trajectory from sample %d with %d numbers; wanted %d rows of %d variables on %d nodes: give the data of a run as they are",
			y.From, len(y.Data), y.Rows, y.Variables, y.Nodes)
	}
	p, err := o.plan(y.From+y.Rows, y.Variables, y.Nodes)
	if err != nil {
		return evaluated{}, err
	}
	if p.from < y.From {
		return evaluated{}, fmt.Errorf("observe: trajectory starts at sample %d, %q at sample %d; wanted all samples of the window: record from sample %d on", y.From, o, p.from, p.from)
	}
	row := y.Variables * y.Nodes
	r := evaluated{start: (p.from - y.From) * row}
	in := Array{Shape: p.shapes[0], Data: y.Data[r.start : r.start+(p.to-p.from)*row]}
	r.values = append(r.values, in)
	for i, s := range o.stages {
		out := newArray(p.shapes[i+1])
		if err := s.Forward(in, out); err != nil {
			return evaluated{}, stageError(s, err)
		}
		r.values = append(r.values, out)
		in = out
	}
	return r, nil
}
