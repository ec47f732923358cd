package sweep

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/neurograd/neurograd/internal/describe"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/space"
)

// simulations is the sweep of observations of simulated runs.
type simulations struct {
	setups       *setups
	points       *space.Space
	observations []Observation
	axes         []Column // of the setups, then of the points
	ofSetups     int      // how many are of the setups
	columns      []Column // axes, repetition, results
	opts         Options
}

var errNoSpace = errors.New("sweep: no space; give one, for example space.Axis(\"coupling.delayed.G\", space.Grid(0, 1, 32))")

func newSimulations(of Setups, points *space.Space, observations []Observation, opts Options) (*simulations, error) {
	switch {
	case of.Of == nil:
		return nil, errors.New("sweep: Setups without Of; give the function that prepares a simulation")
	case points == nil && of.Over == nil:
		return nil, errNoSpace
	case len(observations) == 0:
		return nil, errors.New("sweep: nothing is observed; give observations, for example {\"mean\", observe.Last(500).Mean(observe.OverAll)}")
	}
	if err := opts.check(); err != nil {
		return nil, err
	}
	j := &simulations{setups: &setups{Setups: of, observations: observations, kept: map[int]*setup{}}, points: points, observations: observations, opts: opts}
	if of.Over != nil {
		if err := of.Over.Err(); err != nil {
			return nil, err
		}
		j.axes = axisColumns(of.Over)
		j.ofSetups = len(j.axes)
	}
	if points != nil {
		if err := points.Err(); err != nil {
			return nil, err
		}
		j.axes = append(j.axes, axisColumns(points)...)
	}
	j.columns = withRepetition(j.axes, opts)
	first, err := j.setups.get(0)
	if err != nil {
		return nil, err
	}
	if points != nil {
		if err := points.Check(first.base); err != nil {
			return nil, err
		}
	}
	for i, c := range j.columns {
		if leaf, err := first.base.Leaf(c.Name); err == nil {
			j.columns[i].Unit = leaf.Unit
		}
	}
	for _, o := range observations {
		_, shape, err := o.Of.Shape(first.sim.Samples(), len(first.sim.Variables()), len(first.sim.Regions()))
		if err != nil {
			return nil, fmt.Errorf("sweep: %s: %w", o.Name, err)
		}
		j.columns = append(j.columns, Column{Name: o.Name, Shape: withoutOnes(shape)})
	}
	return j, checkColumns(j.columns)
}

// withoutOnes leaves out the axes that have one element, as those that a mean was taken over.
func withoutOnes(shape []int) []int {
	var kept []int
	for _, n := range shape {
		if n != 1 {
			kept = append(kept, n)
		}
	}
	return kept
}

// facts are what decides the rows: the simulations, the values their points begin with, the space, the observations.
func (j *simulations) facts() (describe.Facts, error) {
	facts := describe.Facts{}
	for n := range j.setups.len() {
		s, err := j.setups.get(n)
		if err != nil {
			return nil, err
		}
		of, err := describeSetup(s)
		if err != nil {
			return nil, err
		}
		if j.setups.Over == nil {
			facts = of
		} else {
			facts[fmt.Sprintf("setups.%d", n)] = of.Hash()
		}
	}
	if j.setups.Over != nil {
		if err := addSpace(facts, "setups.space", j.setups.Over); err != nil {
			return nil, err
		}
	}
	for _, o := range j.observations {
		fields := describe.Facts{}
		if err := fields.Add("observe", o); err != nil {
			return nil, fmt.Errorf("sweep: the observation %q cannot be described for the store: %w", o.Name, err)
		}
		facts["observe."+o.Name] = o.Of.String() + hashMark + fields.Hash()
	}
	return facts, addCommon(facts, j.points, j.opts)
}

// where says what row a number is: of which setup, point and repetition.
func (j *simulations) where(row int) (setup, point, repetition int) {
	repetition = row % j.opts.repetitions()
	row /= j.opts.repetitions()
	return row / j.perSetup(), row % j.perSetup(), repetition
}

// perSetup is the number of points of a setup: one, without values of its own, where there is no space.
func (j *simulations) perSetup() int {
	if j.points == nil {
		return 1
	}
	return j.points.Len()
}

// point is a point of the space, without values where there is none.
func (j *simulations) point(n int) (space.Point, error) {
	if j.points == nil {
		return space.Point{}, nil
	}
	return j.points.Point(n)
}

const (
	// runsPerBatch is how many runs a worker gets at a time, if they may go side by side.
	runsPerBatch = network.MaxLanes
	// mostWaiting bounds the rows that wait for others with the same delays.
	mostWaiting = 1 << 12
)

// batches puts runs together that can go side by side: of one setup, with the same delays, and as far as it goes of one repetition, as those
// share their noise.
func (j *simulations) batches(rows iter.Seq[int]) iter.Seq[[]int] {
	size := runsPerBatch
	if j.opts.Lanes > 0 {
		size = j.opts.Lanes
	}
	return func(yield func([]int) bool) {
		waiting, count := map[string][]int{}, 0
		var order []string // keys by their first rows
		give := func(key string) bool {
			batch := waiting[key]
			delete(waiting, key)
			order = slices.DeleteFunc(order, func(other string) bool { return other == key })
			count -= len(batch)
			return yield(batch)
		}
		for row := range rows {
			key := j.key(row)
			if waiting[key] == nil {
				order = append(order, key)
			}
			waiting[key] = append(waiting[key], row)
			count++
			if len(waiting[key]) == size && !give(key) {
				return
			}
			if count > mostWaiting && !give(order[0]) {
				return
			}
		}
		for len(order) > 0 {
			if !give(order[0]) {
				return
			}
		}
	}
}

// key is equal for rows that may run side by side. A point that cannot be had shows when it is computed.
func (j *simulations) key(row int) string {
	setup, point, repetition := j.where(row)
	key := fmt.Appendf(nil, "%d %d", setup, repetition)
	if p, err := j.point(point); err == nil {
		for _, path := range p.Paths() {
			if path == "graph.speed" || path == "graph.lengths" || path == "graph.delays" {
				for _, v := range p.Values(path) {
					key = binary.LittleEndian.AppendUint64(append(key, ' '), math.Float64bits(v))
				}
			}
		}
	}
	return string(key)
}

// compute runs the rows of a batch, which are of one setup.
func (j *simulations) compute(ctx context.Context, batch []int) ([]outcome, error) {
	number, _, _ := j.where(batch[0])
	s, err := j.setups.get(number)
	if err != nil {
		return nil, err
	}
	setupPoint, err := j.setups.point(number)
	if err != nil {
		return nil, err
	}
	outcomes := make([]outcome, len(batch))
	var trees []*param.Tree
	var runs []int // by tree, the place in the batch
	var streams []uint32
	for i, row := range batch {
		_, point, repetition := j.where(row)
		p, err := j.point(point)
		if err != nil {
			return nil, err
		}
		o := outcome{row: row}
		o.values = axisValues(o.values, j.axes[:j.ofSetups], setupPoint)
		o.values = axisValues(o.values, j.axes[j.ofSetups:], p)
		if j.opts.Repetitions > 1 {
			o.values = append(o.values, float64(repetition))
		}
		outcomes[i] = o
		tree := s.base.Clone()
		if err := p.Set(tree); err != nil {
			outcomes[i].text = reason(err)
			continue
		}
		trees, runs, streams = append(trees, tree), append(runs, i), append(streams, j.stream(row, repetition))
	}
	if err := j.observe(ctx, s, trees, streams, func(run int, values []float64, err error) {
		o := &outcomes[runs[run]]
		if err != nil {
			o.text = reason(err)
			return
		}
		o.values = append(o.values, values...)
	}); err != nil {
		return nil, err
	}
	size := newLayout(j.columns).values
	for i := range outcomes {
		o := &outcomes[i]
		o.values = append(o.values, nan(size-len(o.values))...)
	}
	return outcomes, nil
}

// stream is the number of the noise stream of a row.
func (j *simulations) stream(row, repetition int) uint32 {
	if j.opts.Independent {
		return uint32(row)
	}
	return uint32(repetition)
}

// observe runs trees and hands on what is observed, or what went wrong.
func (j *simulations) observe(ctx context.Context, s *setup, trees []*param.Tree, streams []uint32, done func(run int, values []float64, err error)) error {
	if len(trees) == 0 {
		return nil
	}
	o := network.LaneOptions{From: s.from, Lanes: j.opts.Lanes}
	if j.opts.Independent || j.opts.Repetitions > 1 {
		o.Streams = streams
	}
	errs, err := s.sim.Trajectories(ctx, trees, o, func(run int, y network.Trajectory) error {
		var values []float64
		for _, o := range j.observations {
			a, err := o.Of.Evaluate(y)
			if err != nil {
				return fmt.Errorf("%s: %w", o.Name, err)
			}
			values = append(values, a.Data...)
		}
		done(run, values, nil)
		return nil
	})
	for run, failure := range errs {
		if failure != nil {
			done(run, nil, failure)
		}
	}
	return err
}
