package sweep

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/neurograd/neurograd/internal/describe"
	"github.com/neurograd/neurograd/space"
)

// function is the sweep of a function of the caller's.
type function struct {
	points  *space.Space
	axes    []Column
	columns []Column // axes, repetition, results
	results int      // numbers that f returns
	f       func(context.Context, space.Point) ([]float64, error)
	opts    Options
}

func newFunction(points *space.Space, results []Column, f func(context.Context, space.Point) ([]float64, error), opts Options) (*function, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	if points == nil {
		return nil, errNoSpace
	}
	if err := points.Err(); err != nil {
		return nil, err
	}
	j := &function{points: points, axes: axisColumns(points), f: f, opts: opts}
	j.columns = withRepetition(j.axes, opts)
	for _, c := range results {
		c.Axis = false
		j.columns = append(j.columns, c)
		j.results += c.Size()
	}
	return j, checkColumns(j.columns)
}

// withRepetition appends the column of repetitions where there is one.
func withRepetition(axes []Column, opts Options) []Column {
	columns := slices.Clone(axes)
	if opts.Repetitions > 1 {
		columns = append(columns, Column{Name: repetitionName, Axis: true})
	}
	return columns
}

func (j *function) facts() (describe.Facts, error) {
	facts := describe.Facts{}
	return facts, addCommon(facts, j.points, j.opts)
}

// addCommon adds what decides the rows of any sweep.
func addCommon(facts describe.Facts, points *space.Space, opts Options) error {
	facts["neurograd.version"] = version()
	if opts.Repetitions > 1 {
		facts["repetitions"] = fmt.Sprint(opts.Repetitions)
	}
	if opts.Independent {
		facts["independent"] = "true"
	}
	if points == nil {
		return nil
	}
	return addSpace(facts, "space", points)
}

// hashMark stands between the text of a fact for people and the hash of all that is in it.
const hashMark = ", SHA-256 "

// addSpace adds a space: as it reads, with a hash of all that is in it.
func addSpace(facts describe.Facts, path string, s *space.Space) error {
	hash, err := s.Hash()
	if err != nil { // a transform of the caller's own has no form in JSON
		fields := describe.Facts{}
		if err := fields.Add(path, s); err != nil {
			return fmt.Errorf("sweep: the space cannot be described for the store: %w", err)
		}
		hash = fields.Hash()
	}
	facts[path] = s.String() + hashMark + hash
	return nil
}

// batches gives every row alone: what f costs is not known.
func (j *function) batches(rows iter.Seq[int]) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		for row := range rows {
			if !yield([]int{row}) {
				return
			}
		}
	}
}

type repetitionKey struct{}

// Repetition is the number of the present repetition, from 0, in a function that [Func] runs.
func Repetition(ctx context.Context) int {
	n, _ := ctx.Value(repetitionKey{}).(int)
	return n
}

func (j *function) compute(ctx context.Context, batch []int) ([]outcome, error) {
	var all []outcome
	for _, row := range batch {
		point, repetition := row/j.opts.repetitions(), row%j.opts.repetitions()
		p, err := j.points.Point(point)
		if err != nil {
			return all, err
		}
		o := outcome{row: row, values: axisValues(nil, j.axes, p)}
		if j.opts.Repetitions > 1 {
			o.values = append(o.values, float64(repetition))
		}
		results, err := j.call(context.WithValue(ctx, repetitionKey{}, repetition), p)
		if ctx.Err() != nil {
			return all, ctx.Err() // the function may have been cut short
		}
		if err == nil && len(results) != j.results {
			return all, fmt.Errorf("sweep: the function returned %d numbers at point %d; wanted %d for %s", len(results), point, j.results, columnNames(j.columns[len(j.columns)-1:]))
		}
		if err != nil {
			o.text, results = reason(err), nan(j.results)
		}
		o.values = append(o.values, results...)
		all = append(all, o)
	}
	return all, nil
}

// call calls the function; a panic in it is an error.
func (j *function) call(ctx context.Context, p space.Point) (results []float64, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return j.f(ctx, p)
}

// reason is the text of an error for its row; an error without one must not pass for none.
func reason(err error) string {
	if text := err.Error(); text != "" && text != missingText {
		return text
	}
	return "failed"
}

func nan(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = math.NaN()
	}
	return values
}
