package sweep_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/space"
	"github.com/neurograd/neurograd/sweep"
)

// delayed is a small noisy network with delays.
func delayed(t testing.TB, seed uint64) *network.Simulation {
	t.Helper()
	weights := [][]float64{{0, 0.5, 0.1, 0}, {0.3, 0, 0, 0.7}, {0.2, 0.4, 0, 0.1}, {0, 0.6, 0.9, 0}}
	lengths := [][]float64{{0, 9, 30, 0}, {9, 0, 0, 21}, {30, 14, 0, 5}, {0, 21, 5, 0}}
	net := network.Network{Dynamics: models.ReducedWongWang(), Coupling: coupling.Set{"delayed": coupling.Linear("S")},
		Graph: graph.FromDense(weights).WithLengths(lengths).Speed(3), Noise: noise.Additive{Sigma: 0.02}}
	sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: 60, Step: 1}, network.Options{Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return sim
}

var observed = []sweep.Observation{{Name: "mean", Of: observe.Last(20).Mean(observe.OverAll)}, {Name: "means", Of: observe.Last(30).Mean(observe.OverTime)}}

func points() *space.Space {
	return space.Product(space.Axis("coupling.delayed.G", space.Grid(0, 2, 5)), space.Axis("graph.speed", space.Data(2.0, 3, 4)), space.Axis("dynamics.J_N", space.Uniform(0.1, 0.5, 3)))
}

// csvOf is a table as text: the same text means the same bits.
func csvOf(t testing.TB, table *sweep.Table) string {
	t.Helper()
	var b bytes.Buffer
	if err := table.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Rows are single runs, whatever the number of workers and lanes, and whatever else is in the sweep.
func TestRowsAreSingleRuns(t *testing.T) {
	sim := delayed(t, 7)
	base := sim.Params()
	want := ""
	for _, opts := range []sweep.Options{{Workers: 1, Lanes: 1}, {}, {Workers: 3, Lanes: 8}, {Workers: 2, Lanes: 5}, {Lanes: 32}} {
		table, err := sweep.Run(context.Background(), sim, base, points(), observed, opts)
		if err != nil {
			t.Fatal(err)
		}
		got := csvOf(t, table)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%+v: another table", opts)
		}
		if table.Len() != 45 {
			t.Fatalf("%d rows", table.Len())
		}
		for i := 0; i < table.Len(); i += 7 {
			row, err := table.Row(i)
			if err != nil {
				t.Fatal(err)
			}
			tree, err := table.Tree(base, i)
			if err != nil {
				t.Fatal(err)
			}
			run, err := sim.Value(context.Background(), tree, observed[0].Of)
			if err != nil {
				t.Fatal(err)
			}
			if run != row.Value("mean") || len(row.Array("means")) != 4 {
				t.Errorf("row %d: mean %v; a run gives %v", i, row.Value("mean"), run)
			}
		}
	}
}

func TestStreams(t *testing.T) {
	sim := delayed(t, 7)
	one := space.Axis("coupling.delayed.G", space.Data(0.5, 0.5, 0.5))
	run := func(opts sweep.Options) []float64 {
		table, err := sweep.Run(context.Background(), sim, sim.Params(), one, observed[:1], opts)
		if err != nil {
			t.Fatal(err)
		}
		means, err := table.Floats("mean")
		if err != nil {
			t.Fatal(err)
		}
		return means
	}
	common := run(sweep.Options{Repetitions: 2})
	if common[0] != common[2] || common[1] != common[3] || common[0] == common[1] {
		t.Errorf("common random numbers: %v", common)
	}
	if single := run(sweep.Options{}); single[0] != common[0] || single[1] != common[0] {
		t.Errorf("without repetitions %v, with them %v", single, common)
	}
	own := run(sweep.Options{Independent: true})
	if own[0] == own[1] || own[1] == own[2] || own[0] != common[0] {
		t.Errorf("independent streams: %v", own)
	}
}

// A sweep that is ended again and again and goes on writes the files of one that was not.
func TestResume(t *testing.T) {
	sim := delayed(t, 7)
	run := func(ctx context.Context, dir string, opts sweep.Options) error {
		opts.Store = dir
		_, err := sweep.Run(ctx, sim, sim.Params(), points(), observed, opts)
		return err
	}
	whole := t.TempDir()
	if err := run(context.Background(), whole, sweep.Options{}); err != nil {
		t.Fatal(err)
	}
	cut := t.TempDir()
	ended := 0
	for computed := 0; ; ended++ {
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(ended+1)*100*time.Microsecond)
		resumed := -1
		err := run(ctx, cut, sweep.Options{Workers: 1 + ended%2, Lanes: 1 + ended%3, Progress: func(p sweep.Progress) {
			if resumed < 0 {
				resumed = p.Resumed
			}
		}})
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		if resumed < 0 {
			continue // it had no time to begin
		}
		if resumed < computed {
			t.Fatalf("%d rows there, %d before", resumed, computed)
		}
		computed = resumed
	}
	if ended < 2 {
		t.Errorf("ended %d times", ended)
	}
	sameFiles(t, cut, whole)
	// Shards of any number, merged in any order.
	for _, n := range []int{1, 2, 7} {
		var dirs []string
		for k := n; k >= 1; k-- {
			dir := filepath.Join(t.TempDir(), fmt.Sprint(k))
			if err := run(context.Background(), dir, sweep.Options{Shard: sweep.Shard{Number: k, Of: n}, Workers: k%2 + 1}); err != nil {
				t.Fatal(err)
			}
			dirs = append(dirs, dir)
		}
		merged := filepath.Join(t.TempDir(), "merged")
		if err := sweep.Merge(merged, dirs...); err != nil {
			t.Fatal(err)
		}
		sameFiles(t, merged, whole)
	}
}

// sameFiles compares the files of two folders.
func sameFiles(t *testing.T, got, want string) {
	t.Helper()
	read := func(dir string) map[string]string {
		files := map[string]string{}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			files[e.Name()] = string(data)
		}
		return files
	}
	a, b := read(got), read(want)
	if len(a) != len(b) {
		t.Errorf("%d files; want %d", len(a), len(b))
	}
	for name := range b {
		if a[name] != b[name] {
			t.Errorf("%s differs", name)
		}
	}
}

// A torn row, and a text without its row, are computed again.
func TestTornWrites(t *testing.T) {
	dir := t.TempDir()
	calls := new(atomic.Int64)
	run := func() *sweep.Table {
		table, err := sweep.Func(context.Background(), space.Axis("x", space.Grid(0, 9, 10)), []sweep.Column{{Name: "y"}}, func(_ context.Context, p space.Point) ([]float64, error) {
			calls.Add(1)
			if x := p.Value("x"); x == 3 || x == 7 {
				return nil, fmt.Errorf("no %v\nhere", x)
			}
			return []float64{p.Value("x") * 2}, nil
		}, sweep.Options{Store: dir})
		if err != nil {
			t.Fatal(err)
		}
		return table
	}
	want := csvOf(t, run())
	if failures, absent, err := run().Failed(); failures != 2 || absent != 0 || err != nil || calls.Load() != 10 {
		t.Fatalf("%d failed, %d missing, error %v, %d calls", failures, absent, err, calls.Load())
	}
	results := filepath.Join(dir, "results.bin")
	data, err := os.ReadFile(results)
	if err != nil {
		t.Fatal(err)
	}
	row := len(data) / 10
	for k := range row {
		torn := bytes.Clone(data)
		torn[4*row+k] ^= 0x41
		if err := os.WriteFile(results, torn, 0o644); err != nil {
			t.Fatal(err)
		}
		calls.Store(0)
		got := csvOf(t, run())
		if calls.Load() != 1 || got != want {
			t.Errorf("byte %d: %d calls, table %s", k, calls.Load(), got)
		}
	}
	for _, end := range []int{0, row / 2, 5 * row, 7*row + 1} {
		if err := os.WriteFile(results, data[:end], 0o644); err != nil {
			t.Fatal(err)
		}
		if got := csvOf(t, run()); got != want {
			t.Errorf("cut at %d: table %s", end, got)
		}
	}
	texts, err := os.ReadFile(filepath.Join(dir, "errors.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for end := range texts {
		if err := os.WriteFile(filepath.Join(dir, "errors.jsonl"), texts[:end], 0o644); err != nil {
			t.Fatal(err)
		}
		if got := csvOf(t, run()); got != want {
			t.Errorf("texts cut at %d: table %s", end, got)
		}
	}
}

func TestFailures(t *testing.T) {
	boom := func(_ context.Context, p space.Point) ([]float64, error) {
		switch p.Value("x") {
		case 1:
			panic("x is 1")
		case 2:
			return nil, errors.New("")
		}
		return []float64{1}, nil
	}
	axis := space.Axis("x", space.Grid(0, 3, 4))
	table, err := sweep.Func(context.Background(), axis, []sweep.Column{{Name: "y"}}, boom, sweep.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := csvOf(t, table), "x,y,error\n0,1,\n1,NaN,panic: x is 1\n2,NaN,failed\n3,1,\n"; got != want {
		t.Errorf("table %q; want %q", got, want)
	}
	if _, err := sweep.Func(context.Background(), axis, []sweep.Column{{Name: "y"}}, boom, sweep.Options{Stop: true, Workers: 1}); err == nil || !strings.Contains(err.Error(), "row 1: panic: x is 1") {
		t.Errorf("with Stop: error %v", err)
	}
}

// A run that diverges is a row with its error, beside rows that have the bits they have alone.
func TestDivergence(t *testing.T) {
	net := network.Network{Dynamics: models.Generic2dOscillator(), Coupling: coupling.Set{"instant": coupling.Linear("V")}, Graph: graph.FromDense([][]float64{{0, 1}, {1, 0}})}
	sim, err := network.Prepare(net, solver.Euler{}, network.Grid{End: 50, Step: 1}, network.Options{})
	if err != nil {
		t.Fatal(err)
	}
	axis := space.Axis("coupling.instant.G", space.Data(0.0, 0.01, 1e6, 0.02, 1e9))
	table, err := sweep.Run(context.Background(), sim, sim.Params(), axis, []sweep.Observation{{Name: "mean", Of: observe.All().Variable(0).Mean(observe.OverAll)}}, sweep.Options{})
	if err != nil {
		t.Fatal(err)
	}
	failed, _, err := table.Failed()
	if err != nil || failed != 2 {
		t.Fatalf("%d failed, error %v:\n%s", failed, err, csvOf(t, table))
	}
	row, err := table.Row(2)
	if err != nil || !strings.Contains(row.Err, "not finite") {
		t.Errorf("row 2: %q, error %v", row.Err, err)
	}
}

func TestSetups(t *testing.T) {
	of := sweep.Setups{Over: space.Axis("seed", space.Data(1.0, 2)), Of: func(p space.Point) (*network.Simulation, *param.Tree, error) {
		sim := delayed(t, uint64(p.Value("seed")))
		return sim, sim.Params(), nil
	}}
	if alone, err := sweep.RunSetups(context.Background(), of, nil, observed[:1], sweep.Options{}); err != nil || alone.Len() != 2 || len(alone.Columns()) != 2 {
		t.Errorf("setups alone: error %v", err)
	}
	axis := space.Axis("coupling.delayed.G", space.Grid(0, 1, 3))
	table, err := sweep.RunSetups(context.Background(), of, axis, observed[:1], sweep.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range table.Len() {
		row, err := table.Row(i)
		if err != nil {
			t.Fatal(err)
		}
		sim := delayed(t, uint64(1+i/3))
		tree := sim.Params()
		tree.Set("coupling.delayed.G", row.Value("coupling.delayed.G"))
		want, err := sim.Value(context.Background(), tree, observed[0].Of)
		if err != nil {
			t.Fatal(err)
		}
		if row.Value("seed") != float64(1+i/3) || row.Value("mean") != want {
			t.Errorf("row %d: %v; want mean %v", i, row.Values, want)
		}
	}
}

// Streams of their own, and repetitions, of a network without noise are its runs.
func TestStreamsWithoutNoise(t *testing.T) {
	net := network.Network{Dynamics: models.ReducedWongWang(), Coupling: coupling.Set{"instant": coupling.Linear("S")}, Graph: graph.FromDense([][]float64{{0, 1}, {1, 0}})}
	sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: 30, Step: 1}, network.Options{})
	if err != nil {
		t.Fatal(err)
	}
	axis := space.Axis("coupling.instant.G", space.Grid(0, 1, 7))
	for _, opts := range []sweep.Options{{Independent: true}, {Repetitions: 2}} {
		table, err := sweep.Run(context.Background(), sim, sim.Params(), axis, []sweep.Observation{{Name: "mean", Of: observe.Last(5).Mean(observe.OverAll)}}, opts)
		if err != nil {
			t.Fatal(err)
		}
		if failed, absent, err := table.Failed(); failed+absent > 0 || err != nil {
			t.Errorf("%+v: %d failed, %d missing, error %v", opts, failed, absent, err)
		}
	}
}
