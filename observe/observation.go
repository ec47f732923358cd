// Package observe holds observations of a simulated trajectory: which samples are looked at, and the
// chain of differentiable stages (selections, means, errors against a target) that turns them into
// numbers, up to the one number that a fit makes small. It holds no simulation and no optimiser.
package observe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/network"
)

// Observation is a window of samples followed by a chain of stages:
//
//	observe.Last(500).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
//
// An Observation is an immutable value: each method returns a longer chain and leaves the one it is
// called on as it was, so that a beginning can be shared. The zero value observes all samples as they
// are. What does not fit the run (a window longer than it, a variable it does not record) is an error
// when the observation meets the run: in [Observation.Window], [Observation.Evaluate], or a fit.
//
// With one number as its result an observation is a loss, a [network.Objective].
type Observation struct {
	window window
	stages []Stage
}

var _ network.Objective = Observation{}

// All observes all samples of the run.
func All() Observation { return Observation{} }

// Last observes the given number of samples at the end of the run, to leave out its beginning.
func Last(samples int) Observation {
	return Observation{window: window{kind: lastSamples, count: samples}}
}

// Window observes the samples from number from up to, but not including, number to. The first sample of
// a run is number 0.
func Window(from, to int) Observation {
	return Observation{window: window{kind: fromTo, from: from, to: to}}
}

// Then appends a stage.
func (o Observation) Then(s Stage) Observation {
	o.stages = append(slices.Clip(o.stages), s)
	return o
}

// Variable keeps one recorded variable, counted from 0; its axis stays, with length 1.
func (o Observation) Variable(index int) Observation { return o.Then(variable{index}) }

// Mean replaces an axis by the mean over it; the axis stays, with length 1, so that means can follow
// each other in any order. [OverAll] gives one number.
func (o Observation) Mean(over Axis) Observation { return o.Then(mean{over}) }

// String describes the observation: "last 500 samples, mean over time, squared error to 0.5".
func (o Observation) String() string {
	parts := []string{o.window.String()}
	for _, s := range o.stages {
		parts = append(parts, stageName(s))
	}
	return strings.Join(parts, ", ")
}

// stageName is the name of a stage; a missing one must not make a panic of its own error message.
func stageName(s Stage) string {
	if s == nil {
		return "no stage"
	}
	return s.String()
}

// plan is an observation fitted to a run: the samples [from, to) and the shape before and after each
// stage.
type plan struct {
	from, to int
	shapes   [][]int // of the window, then of each stage's result
}

func (o Observation) plan(samples, variables, nodes int) (plan, error) {
	from, to, err := o.window.resolve(samples)
	if err != nil {
		return plan{}, err
	}
	if variables < 1 || nodes < 1 {
		return plan{}, fmt.Errorf("observe: run of %d variables on %d nodes; wanted at least one of each: record a variable", variables, nodes)
	}
	shape := []int{to - from, variables, nodes}
	p := plan{from: from, to: to, shapes: [][]int{shape}}
	for i, s := range o.stages {
		if s == nil {
			return plan{}, fmt.Errorf("observe: stage %d of %q is nil; wanted a stage such as observe.SquaredError(0.5)", i+1, o)
		}
		if shape, err = s.Shape(slices.Clone(shape)); err != nil {
			return plan{}, stageError(s, err)
		}
		for _, length := range shape {
			if length < 1 {
				return plan{}, fmt.Errorf("observe: %s: gives shape %s; wanted a positive length of each axis", s, shapeText(shape))
			}
		}
		p.shapes = append(p.shapes, shape)
	}
	return p, nil
}

// Shape is the number of the first sample that the observation needs and the shape of its result, for a run of so many samples,
// recorded variables and nodes. Errors: a window that the run does not hold, a stage that does not suit the shape it gets.
func (o Observation) Shape(samples, variables, nodes int) (from int, shape []int, err error) {
	p, err := o.plan(samples, variables, nodes)
	if err != nil {
		return 0, nil, err
	}
	return p.from, slices.Clone(p.shapes[len(p.shapes)-1]), nil
}
