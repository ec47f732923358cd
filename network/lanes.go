package network

import (
	"context"
	"errors"
	"fmt"

	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/param"
)

const (
	// Lanes is how many runs RunLanes lets go side by side unless told otherwise. With fewer, operations of a step wait for each
	// other; more gain nothing.
	Lanes = 16
	// MaxLanes is the largest number of runs side by side.
	MaxLanes = engine.MaxLanes

	// fewestLanes is the least number of runs that are quicker side by side than one after another.
	fewestLanes = 3
	// waitingPlans is how many sets of delays wait for more runs that have the same.
	waitingPlans = 64
)

// LaneOptions are the choices of [Simulation.RunLanes] and [Simulation.ValueLanes]. None changes a bit of a run but Streams.
type LaneOptions struct {
	// From is the number of the first recorded sample that RunLanes keeps; those before it take no memory. ValueLanes asks
	// the loss.
	From int
	// Streams are the numbers of the trees' noise streams, in place of Options.Stream; nil: all runs have the same normals,
	// which are drawn once.
	Streams []uint32
	// Lanes is how many runs go side by side, up to MaxLanes; 0 means the constant Lanes, 1 one after another. Others than
	// multiples of 8 waste time.
	Lanes int
}

// RunLanes runs the simulation with several sets of parameters, side by side where they allow it: results[i] has the bits that
// Run returns for trees[i], from sample From on, whatever the other trees are.
//
// Trees can go side by side if they have the same delays, weights that are 0 in the same places, and leaves of the same shapes; others
// wait for such as they, and what is left of these runs on its own. One goroutine does the work: a caller
// with more processors splits the trees.
//
// errs[i] is what is wrong with trees[i] alone, such as a [*DivergenceError]; results[i] is then nil, and the other runs go on. err is
// of the call: no trees, options that cannot be, results that take more than Options.Memory, ctx cancelled.
func (s *Simulation) RunLanes(ctx context.Context, trees []*param.Tree, o LaneOptions) (results []*Result, errs []error, err error) {
	if err := s.checkFrom(o.From); err != nil {
		return nil, nil, err
	}
	if most := s.memory() / s.sampleBytes(o.From); int64(len(trees)) > max(most, 1) {
		return nil, nil, fmt.Errorf("network: results of %d trees take %.4g MiB, Options.Memory is %d MiB; give at most %d trees at a time, a later From, or more memory",
			len(trees), float64(len(trees))*mebibytes(s.sampleBytes(o.From)), s.memory()>>20, max(most, 1))
	}
	results = make([]*Result, len(trees))
	errs, err = s.eachLane(ctx, trees, o, o.From, func(tree int, y Trajectory) error {
		results[tree] = s.result(y)
		return nil
	})
	return results, errs, err
}

// ValueLanes returns what Value returns for several sets of parameters, which run side by side as with RunLanes. Samples
// are kept only until the loss has seen them.
func (s *Simulation) ValueLanes(ctx context.Context, trees []*param.Tree, loss Objective, o LaneOptions) (values []float64, errs []error, err error) {
	if o.From != 0 {
		return nil, nil, fmt.Errorf("network: LaneOptions.From is %d; a loss says itself which samples it needs: leave it 0", o.From)
	}
	from, err := s.windowOf(loss)
	if err != nil {
		return nil, nil, err
	}
	values = make([]float64, len(trees))
	errs, err = s.eachLane(ctx, trees, o, from, func(tree int, y Trajectory) error {
		value, err := loss.Value(y)
		if err = s.checkLoss(value, err); err == nil {
			values[tree] = value
		}
		return err
	})
	return values, errs, err
}

// Trajectories runs the simulation with several sets of parameters, side by side as with RunLanes, and hands the samples of each from
// number o.From on to done, one run after another in any order; they are valid until it returns, and its error is that of the run. errs
// and err are as with RunLanes.
func (s *Simulation) Trajectories(ctx context.Context, trees []*param.Tree, o LaneOptions, done func(tree int, y Trajectory) error) (errs []error, err error) {
	if err := s.checkFrom(o.From); err != nil {
		return nil, err
	}
	return s.eachLane(ctx, trees, o, o.From, done)
}

func (s *Simulation) checkFrom(from int) error {
	if from < 0 || from >= s.Samples() {
		return fmt.Errorf("network: LaneOptions.From is %d; the run has the samples 0 to %d", from, s.Samples()-1)
	}
	return nil
}

// sampleBytes is the memory of a run's samples from number from on.
func (s *Simulation) sampleBytes(from int) int64 {
	return 8 * int64(s.Samples()-from) * int64(len(s.assembly.variables)) * int64(s.assembly.nodes)
}

// lanes are runs that can go side by side.
type lanes struct {
	trees  []int
	values []engine.Values
}

// eachLane runs trees and hands on their samples from number from on.
func (s *Simulation) eachLane(ctx context.Context, trees []*param.Tree, o LaneOptions, from int, done func(tree int, y Trajectory) error) ([]error, error) {
	if err := o.check(len(trees)); err != nil {
		return nil, err
	}
	errs := make([]error, len(trees))
	var waiting []*lanes
	run := func(at int) error {
		l := waiting[at]
		waiting = append(waiting[:at], waiting[at+1:]...)
		return s.runLanes(ctx, l, o, from, errs, done)
	}
	for i, tree := range trees {
		v, err := s.values(tree)
		if err != nil {
			errs[i] = err
			continue
		}
		at := s.join(&waiting, i, v)
		switch {
		case len(waiting[at].trees) == s.fit(o, from, v):
			err = run(at)
		case len(waiting) > waitingPlans:
			err = run(0)
		}
		if err != nil {
			return errs, err
		}
	}
	for len(waiting) > 0 {
		if err := run(0); err != nil {
			return errs, err
		}
	}
	return errs, nil
}

// check refuses options that cannot be.
func (o LaneOptions) check(trees int) error {
	switch {
	case trees == 0:
		return errors.New("network: no trees to run; give sets of parameters, made of Simulation.Params")
	case o.Lanes < 0 || o.Lanes > MaxLanes:
		return fmt.Errorf("network: LaneOptions.Lanes is %d; it is a number up to %d, 0 stands for %d", o.Lanes, MaxLanes, Lanes)
	case o.Streams != nil && len(o.Streams) != trees:
		return fmt.Errorf("network: LaneOptions.Streams has %d numbers for %d trees; give one for each, or none", len(o.Streams), trees)
	}
	return nil
}

// join adds a run to those that it can go side by side with, and returns where these are.
func (s *Simulation) join(waiting *[]*lanes, tree int, v engine.Values) int {
	for at, l := range *waiting {
		if s.engine.CanShare(l.values[0], v) {
			v.Delays = l.values[0].Delays // one array for all
			l.trees, l.values = append(l.trees, tree), append(l.values, v)
			return at
		}
	}
	*waiting = append(*waiting, &lanes{[]int{tree}, []engine.Values{v}})
	return len(*waiting) - 1
}

// fit is how many runs go side by side: as many as wanted, if what they keep fits Options.Memory.
func (s *Simulation) fit(o LaneOptions, from int, v engine.Values) int {
	wanted := o.Lanes
	if wanted == 0 {
		wanted = Lanes
	}
	bytes := float64(s.sampleBytes(from))
	for _, steps := range v.Delays {
		bytes = max(bytes, 16*steps*float64(s.assembly.nodes))
	}
	if bytes*float64(wanted) <= float64(s.memory()) {
		return wanted
	}
	return max(1, int(float64(s.memory())/bytes))
}

// runLanes runs lanes side by side, or, if they are too few, one after another.
func (s *Simulation) runLanes(ctx context.Context, l *lanes, o LaneOptions, from int, errs []error, done func(tree int, y Trajectory) error) error {
	if n := len(l.trees); n > 1 && n < fewestLanes {
		for k := range n {
			if err := s.runLanes(ctx, &lanes{l.trees[k : k+1], l.values[k : k+1]}, o, from, errs, done); err != nil {
				return err
			}
		}
		return nil
	}
	samples, records := make([]Trajectory, len(l.trees)), make([]*engine.Recording, len(l.trees))
	for k := range samples {
		y, err := s.trajectory(from)
		if err != nil {
			return err
		}
		samples[k], records[k] = y, &engine.Recording{From: from, Data: y.Data}
	}
	normals, end := s.laneNormals(l.trees, o.Streams)
	failed, err := s.forwardLanes(ctx, l, normals, records)
	end()
	if err != nil && ctx.Err() != nil {
		return err
	}
	for k, tree := range l.trees {
		switch {
		case err != nil:
			errs[tree] = err // of what they have in common, such as a history that is too short for their delays
		case failed[k] != nil:
			errs[tree] = s.explain(failed[k])
		default:
			errs[tree] = done(tree, samples[k])
		}
	}
	return nil
}

// forwardLanes runs lanes: failed is by lane, err of all.
func (s *Simulation) forwardLanes(ctx context.Context, l *lanes, normals []engine.Normals, records []*engine.Recording) (failed []error, err error) {
	if len(l.trees) > 1 {
		return s.engine.ForwardLanes(ctx, l.values, normals, records)
	}
	return []error{nil}, s.explain(s.engine.Forward(ctx, l.values[0], normals[0], records[0]))
}

// laneNormals are the normals of lanes: one for all, or one for each. The caller calls end when they have run.
func (s *Simulation) laneNormals(trees []int, streams []uint32) (normals []engine.Normals, end func()) {
	if streams == nil || len(s.assembly.spec.Noise) == 0 {
		all, end := s.normals()
		return []engine.Normals{all}, end
	}
	normals, one := make([]engine.Normals, len(trees)), true
	for k, tree := range trees {
		other := &Simulation{assembly: s.assembly, options: s.options}
		other.options.Stream = streams[tree]
		normals[k] = other.drawAnew()
		one = one && streams[tree] == streams[trees[0]]
	}
	if one {
		normals = normals[:1]
	}
	return normals, func() {}
}
