// Package sweep runs observations, or any function, at every point of a space: several simulations side by side on every
// processor, in bounded memory, into a table that can be kept in a folder as it grows and gone on with later. What a row holds depends
// on its point alone, not on the schedule, the number of workers or lanes, or on what was computed before.
package sweep

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"

	"github.com/neurograd/neurograd/internal/describe"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/space"
)

// Observation is a named result: what is observed of every run, a number or an array.
type Observation struct {
	Name string
	Of   observe.Observation
}

// Run runs the simulation at every point of the space, from base with the values of the point, and observes it. The rows of the
// table are in the order of points, and with repetitions point by point, repetition by repetition. A run that fails, by
// diverging for example, is a row with its error; [Options.Stop] makes it the sweep's.
//
// Lanes: points that have the same delays run side by side, each with the bits of a single run ([network.Simulation.RunLanes]).
//
// Errors: a space that does not fit base, an observation that does not fit the run, options that cannot be, a store of another
// sweep or that cannot be written, ctx cancelled. Where some rows are there the table is returned with the error.
func Run(ctx context.Context, sim *network.Simulation, base *param.Tree, points *space.Space, observations []Observation, opts Options) (*Table, error) {
	if sim == nil || base == nil {
		return nil, errors.New("sweep: no simulation or no parameters; give those of network.Prepare and Simulation.Params")
	}
	return RunSetups(ctx, Setups{Of: func(space.Point) (*network.Simulation, *param.Tree, error) { return sim, base, nil }}, points, observations, opts)
}

// Setups are several simulations to sweep over: for axes such as the seed, the step or the graph that a simulation is prepared with. The
// names of the axes are the caller's own.
type Setups struct {
	Over *space.Space // nil: one setup
	// Of makes the simulation of a point of Over, and the parameters that its points begin with. Equal points must give equal simulations, which may be made more than
	// once.
	Of func(space.Point) (*network.Simulation, *param.Tree, error)
}

// RunSetups is [Run] for several simulations: all points for the first setup, then all for the second. Axes of the setups come first
// in the table. Without a space each setup is one point.
func RunSetups(ctx context.Context, setups Setups, points *space.Space, observations []Observation, opts Options) (*Table, error) {
	j, err := newSimulations(setups, points, observations, opts)
	if err != nil {
		return nil, err
	}
	facts, err := j.facts()
	if err != nil {
		return nil, err
	}
	return run(ctx, j, j.columns, facts, j.setups.len()*j.perSetup(), opts)
}

// Func computes f at every point of the space, several points at a time: results names what it returns, one number after another. An error
// of f, or a panic, is that of the point. With repetitions f finds the number of the present one by [Repetition]. A store knows f only by Options.Facts: give
// it a version there, and change it with f.
func Func(ctx context.Context, points *space.Space, results []Column, f func(ctx context.Context, p space.Point) ([]float64, error), opts Options) (*Table, error) {
	if f == nil {
		return nil, errors.New("sweep: no function")
	}
	j, err := newFunction(points, results, f, opts)
	if err != nil {
		return nil, err
	}
	facts, err := j.facts()
	if err != nil {
		return nil, err
	}
	return run(ctx, j, j.columns, facts, points.Len(), opts)
}

// run computes the rows of a job for so many points into memory or a store.
func run(ctx context.Context, j job, columns []Column, facts describe.Facts, points int, opts Options) (*Table, error) {
	if points > math.MaxInt32/opts.repetitions() {
		return nil, fmt.Errorf("sweep: %d points with %d repetitions each; at most 2³¹−1 rows are possible: cut the space into slices", points, opts.repetitions())
	}
	total := points * opts.repetitions()
	first, count := opts.Shard.rows(total)
	if count == 0 {
		return nil, fmt.Errorf("sweep: shard %d/%d of %d rows has none; use at most %d shards", opts.Shard.Number, opts.Shard.Of, total, total)
	}
	for key, value := range opts.Facts {
		facts["own."+key] = value
	}
	if opts.Store == "" {
		kept := &inMemory{rows: newRows(newLayout(columns), first, count)}
		kept.buffer = make([]byte, kept.bytes())
		err := drive(ctx, j, kept, count, opts)
		return &Table{rows: kept.rows}, err
	}
	s, err := openStore(opts.Store, &manifest{Format: storeFormat, Total: total, First: first, Count: count, Columns: columns, Hash: facts.Hash(), Facts: facts})
	if err != nil {
		return nil, err
	}
	err = drive(ctx, j, s, count, opts)
	if e := s.finish(); err == nil {
		err = e
	}
	if e := s.close(); err == nil {
		err = e
	}
	s.data = storedFile(filepath.Join(opts.Store, resultsFile))
	return &Table{rows: &s.rows}, err
}

// inMemory is the sink of a sweep without a store.
type inMemory struct {
	*rows
	buffer []byte
}

func (m *inMemory) add(row int, values []float64, text string) error {
	status := done
	if delete(m.errors, row); text != "" {
		status, m.errors[row] = failed, text
	}
	return m.put(row, status, values, m.buffer)
}

// repetitionName is the column with the number of the repetition; there is none without repetitions.
const repetitionName = "repetition"

// axisColumns are the columns of a space.
func axisColumns(s *space.Space) []Column {
	var columns []Column
	for _, path := range s.Paths() {
		c := Column{Name: path, Axis: true}
		if shape, uniform := s.Shape(path); !uniform {
			c.Shape = shape
		}
		columns = append(columns, c)
	}
	return columns
}

// axisValues appends the numbers of a point.
func axisValues(to []float64, columns []Column, p space.Point) []float64 {
	for _, c := range columns {
		to = append(to, p.Values(c.Name)[:c.Size()]...)
	}
	return to
}

// Tree is base with the values that the axes have in row i, to simulate this point again or to start a fit from it.
func (t *Table) Tree(base *param.Tree, i int) (*param.Tree, error) {
	r, err := t.Row(i)
	if err != nil {
		return nil, err
	}
	tree := base.Clone()
	for _, c := range t.rows.columns {
		switch {
		case !c.Axis || c.Name == repetitionName:
		case c.Shape == nil:
			tree.Set(c.Name, r.Value(c.Name))
		default:
			tree.SetShaped(c.Name, c.Shape, r.Array(c.Name))
		}
	}
	return tree, tree.Err()
}

// Trees are the trees of all rows, as [Table.Tree] gives them: where a multi-start begins.
func (t *Table) Trees(base *param.Tree) ([]*param.Tree, error) {
	trees := make([]*param.Tree, t.Len())
	for i := range trees {
		var err error
		if trees[i], err = t.Tree(base, i); err != nil {
			return nil, err
		}
	}
	return trees, nil
}
