package sweep_test

import (
	"context"
	"errors"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/space"
	"github.com/neurograd/neurograd/sweep"
)

// plane is a + 10·b on a grid of 3 × 2, which fails at a = 1, b = 0, with repetitions that add 100 each.
func plane(t *testing.T, opts sweep.Options) *sweep.Table {
	t.Helper()
	points := space.Product(space.Axis("a", space.Grid(0, 2, 3)), space.Axis("b", space.Data(1.0, 0)))
	table, err := sweep.Func(context.Background(), points, []sweep.Column{{Name: "y"}}, func(ctx context.Context, p space.Point) ([]float64, error) {
		a, b := p.Value("a"), p.Value("b")
		if a == 1 && b == 0 {
			return nil, errors.New("no value")
		}
		return []float64{a + 10*b + 100*float64(sweep.Repetition(ctx))}, nil
	}, opts)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestSelect(t *testing.T) {
	table := plane(t, sweep.Options{})
	of := func(table *sweep.Table, err error) []float64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		values, err := table.Floats("y")
		if err != nil {
			t.Fatal(err)
		}
		return values
	}
	if got := of(table.Best(3, "y")); !reflect.DeepEqual(got, []float64{0, 2, 10}) {
		t.Errorf("best %v", got)
	}
	if got := of(table.Largest(9, "y")); !reflect.DeepEqual(got, []float64{12, 11, 10, 2, 0}) {
		t.Errorf("largest %v", got)
	}
	few, err := table.Filter(func(r sweep.Row) bool { return r.Value("a") > 0 && r.Err == "" })
	if got := of(few, err); !reflect.DeepEqual(got, []float64{11, 12, 2}) {
		t.Errorf("filtered %v", got)
	}
	if got := of(few.Best(1, "y")); !reflect.DeepEqual(got, []float64{2}) {
		t.Errorf("best of the filtered %v", got)
	}
	row, err := few.Row(2)
	if err != nil || row.Number != 5 {
		t.Errorf("row %+v, error %v", row, err)
	}
	for name, err := range map[string]error{"no column": second(table.Best(1, "z")), "none": second(table.Best(0, "y")), "row": second(table.Row(6))} {
		if err == nil || !strings.Contains(err.Error(), "wanted") && !strings.Contains(err.Error(), "did you mean") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// A grid holds means over repetitions, and NaN where all failed.
func TestGrid(t *testing.T) {
	g, err := plane(t, sweep.Options{Repetitions: 3}).Grid("y")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]float64{{100, 110}, {math.NaN(), 111}, {102, 112}}
	for i, row := range want {
		for k, v := range row {
			if got := g.Values[i][k]; got != v && !(math.IsNaN(got) && math.IsNaN(v)) {
				t.Errorf("a = %v, b = %v: %v, want %v", g.Ys[i], g.Xs[k], got, v)
			}
		}
	}
	if g.Y != "a" || g.X != "b" || !reflect.DeepEqual(g.Xs, []float64{0, 1}) {
		t.Errorf("axes %q %q %v", g.Y, g.X, g.Xs)
	}
	one, err := plane(t, sweep.Options{}).Filter(func(r sweep.Row) bool { return r.Value("b") == 1 })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := one.Grid("y"); err == nil || !strings.Contains(err.Error(), "wanted two for a grid") {
		t.Errorf("one axis: error %v", err)
	}
}

// A store of another sweep is refused with what differs, in at most four lines.
func TestOtherStore(t *testing.T) {
	sim := delayed(t, 7)
	run := func(dir string, sim *network.Simulation, points *space.Space, observed []sweep.Observation, opts sweep.Options) error {
		opts.Store = dir
		base := sim.Params()
		_, err := sweep.Run(context.Background(), sim, base, points, observed, opts)
		return err
	}
	dir := t.TempDir()
	if err := run(dir, sim, points(), observed, sweep.Options{}); err != nil {
		t.Fatal(err)
	}
	other := delayed(t, 8)
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"seed":        {run(dir, other, points(), observed, sweep.Options{}), "options.Seed: 7 there, 8 here"},
		"space":       {run(dir, sim, points().Slice(0, 44), observed, sweep.Options{}), "space: product("},
		"observation": {run(dir, sim, points(), []sweep.Observation{observed[0], {Name: "means", Of: observe.Last(29).Mean(observe.OverTime)}}, sweep.Options{}), "observe.means: last 30 samples, mean over time there, last 29 samples, mean over time here"},
		"repetitions": {run(dir, sim, points(), observed, sweep.Options{Repetitions: 2}), "repetitions: nothing there, 2 here"},
		"facts":       {run(dir, sim, points(), observed, sweep.Options{Facts: map[string]string{"version": "2"}}), "own.version: nothing there, 2 here"},
		"shard":       {run(dir, sim, points(), observed, sweep.Options{Shard: sweep.Shard{Number: 1, Of: 2}}), "holds rows 0 to 44, this shard has 0 to 21"},
		"lanes":       {run(dir, sim, points(), observed, sweep.Options{Lanes: 3, Workers: 3}), ""},
	} {
		switch {
		case c.want == "" && c.err != nil:
			t.Errorf("%s: %v", name, c.err)
		case c.want != "" && (c.err == nil || !strings.Contains(c.err.Error(), c.want) || strings.Count(c.err.Error(), "\n") > 3):
			t.Errorf("%s: error %v\nwant %s", name, c.err, c.want)
		}
	}
}

// Options that cannot be are refused before a folder is made.
func TestOptions(t *testing.T) {
	sim := delayed(t, 7)
	for want, opts := range map[string]sweep.Options{
		"33 lanes; wanted at most 32": {Lanes: 33}, "-1 workers": {Workers: -1}, "-1 repetitions": {Repetitions: -1},
		"shard 3/2; shards are counted from 1 to 2": {Shard: sweep.Shard{Number: 3, Of: 2}, Store: "x"}, "a shard without a store": {Shard: sweep.Shard{Number: 1, Of: 2}},
	} {
		if opts.Store != "" {
			opts.Store = t.TempDir() + "/new"
		}
		if _, err := sweep.Run(context.Background(), sim, sim.Params(), points(), observed, opts); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v\nwant %s", err, want)
		}
		if _, err := os.Stat(opts.Store); opts.Store != "" && err == nil {
			t.Error("a folder was made")
		}
	}
}
