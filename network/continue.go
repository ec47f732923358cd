package network

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// origin is what a result knows of its run.
type origin struct {
	states       []string // of the model; nil where groups have their own
	first, steps int
	step         float64 // ms
	record       Record
}

func (s *Simulation) origin() origin {
	a := s.assembly
	o := origin{first: a.spec.First, steps: a.spec.Steps, step: a.grid.Step, record: a.grid.Record}
	if a.net.Groups == nil {
		o.states = a.groups[0].states()
	}
	return o
}

// checkFirstStep refuses a number that no step of the grid has.
func checkFirstStep(g Grid, first int) error {
	if last := g.Steps() - 1; first < 0 || first > last {
		return fmt.Errorf("network: Options.FirstStep is %d; the grid has the steps 0 to %d: choose one of these, or a later End", first, last)
	}
	return nil
}

// NextStep is the number of the step that follows the run: [Options.FirstStep] of a run that continues it.
func (r *Result) NextStep() int { return r.origin.first + r.origin.steps }

// History is the last states of the run [row][state][region] as the [Network.History] of a network that
// continues it: as many rows as a longest delay of maxDelay ms takes, such as Graph.MaxDelay(), and one for 0.
//
// With the same grid but a later end, the same seed, and Options.FirstStep set to [Result.NextStep], the next
// run has the bits that one long run would have had. The network must not give initial values beside the history:
// the last row is the initial state.
//
// With groups every [Result.Group] has a history of its own. Refused is a result that lacks a state of the model, that was recorded before each step, so that the state at
// the end is not in it, that does not hold a sample per step, or that is shorter than the delay.
func (r *Result) History(maxDelay float64) ([][][]float64, error) {
	o := r.origin
	switch {
	case o.steps == 0:
		return nil, fmt.Errorf("network: the result is of no run; a history is made of what Simulation.Run returned")
	case o.states == nil:
		return nil, fmt.Errorf("network: the result is of several groups; take the history of each: Result.Group(name).History")
	case o.record != AfterStep:
		return nil, fmt.Errorf("network: the result has the state before each step, not the one at its end; record with Grid.Record network.AfterStep")
	case len(r.Data) != o.steps:
		return nil, fmt.Errorf("network: the result holds %d samples of a run of %d steps; a history takes the state after every step: record all", len(r.Data), o.steps)
	case !(maxDelay >= 0) || math.IsInf(maxDelay, 1):
		return nil, fmt.Errorf("network: a history for a delay of %v ms; give the longest delay, finite and not negative: Graph.MaxDelay()", maxDelay)
	}
	var at []int // of the states among the variables
	var missing []string
	for _, name := range o.states {
		if k := slices.Index(r.Variables, name); k >= 0 {
			at = append(at, k)
		} else {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return nil, fmt.Errorf("network: the result lacks %s; a history takes all states of the model: leave Options.Record empty, or add them to it", strings.Join(missing, ", "))
	}
	rows := math.Ceil(maxDelay/o.step) + 1
	if rows > float64(o.steps) {
		return nil, fmt.Errorf("network: a delay of %v ms takes %.0f rows of history, the run has %d steps of %v ms: let it end later", maxDelay, rows, o.steps, o.step)
	}
	history := make([][][]float64, int(rows))
	for k, sample := range r.Data[o.steps-len(history):] {
		for _, v := range at {
			history[k] = append(history[k], slices.Clone(sample[v]))
		}
	}
	return history, nil
}
