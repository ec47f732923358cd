package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/space"
	"github.com/neurograd/neurograd/sweep"
)

// small is a ring of eight regions, simulated for 50 steps.
func small() (*network.Simulation, error) {
	weights := make([][]float64, 8)
	for i := range weights {
		weights[i] = make([]float64, 8)
		weights[i][(i+1)%8], weights[i][(i+7)%8] = 1, 0.5
	}
	return network.Prepare(network.Network{
		Dynamics: models.ReducedWongWang(),
		Coupling: coupling.Set{"instant": coupling.Linear("S")},
		Graph:    graph.FromDense(weights),
		Noise:    noise.Additive{Sigma: 0.005},
	}, solver.Heun{}, network.Grid{End: 50, Step: 1}, network.Options{Seed: 42})
}

// activity is what is kept of every run: the mean of S over time and regions.
var activity = []sweep.Observation{{Name: "mean_S", Of: observe.All().Mean(observe.OverAll)}}

// performance compares the time of single runs with that of runs side by side, on every processor. Few and quick runs gain little.
func performance(w io.Writer, _ string) error {
	sim, err := small()
	if err != nil {
		return err
	}
	points := space.Product(space.Axis("coupling.instant.G", space.Grid(0, 1, 5)), space.Axis("dynamics.w", space.Uniform(0.5, 1, 5))).Seed(789)
	took := func(opts sweep.Options) (time.Duration, error) {
		start := time.Now()
		_, err := sweep.Run(context.Background(), sim, sim.Params(), points, activity, opts)
		return time.Since(start), err
	}
	single, err := took(sweep.Options{Workers: 1, Lanes: 1})
	if err != nil {
		return err
	}
	together, err := took(sweep.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%d simulations\n  one at a time: %.1f ms\n  side by side:  %.1f ms\n", points.Len(), 1e3*single.Seconds(), 1e3*together.Seconds())
	return nil
}

// mixed is a space of draws and data, which runs as any other does.
func mixed(w io.Writer, _ string) error {
	sim, err := small()
	if err != nil {
		return err
	}
	points := space.Product(
		space.Axis("coupling.instant.G", space.Draw(distuv.Beta{Alpha: 2, Beta: 5}, 4)),
		space.Axis("noise.sigma", space.Data(0.001, 0.005, 0.01)),
	).Seed(999)
	t, err := sweep.Run(context.Background(), sim, sim.Params(), points, activity, sweep.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nDraws from Beta(2, 5) and data: %d combinations\n", t.Len())
	return t.Each(func(i int, r sweep.Row) error {
		fmt.Fprintf(w, "  %2d: G = %.4f, sigma = %.3f, mean_S = %.6f\n", i, r.Value("coupling.instant.G"), r.Value("noise.sigma"), r.Value("mean_S"))
		return nil
	})
}

// swept observes a simulation over the strength of its coupling, and then again with other noise, to see how much that matters.
func swept(w io.Writer, out string) error {
	sim, err := small()
	if err != nil {
		return err
	}
	points := space.Axis("coupling.instant.G", space.Grid(0.1, 1, 8))
	t, err := sweep.Run(context.Background(), sim, sim.Params(), points, activity, sweep.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nMean activity of 8 regions over 50 steps\n")
	err = t.Each(func(_ int, r sweep.Row) error {
		fmt.Fprintf(w, "  G = %.3f: mean_S = %.6f\n", r.Value("coupling.instant.G"), r.Value("mean_S"))
		return nil
	})
	if err != nil {
		return err
	}
	t, err = sweep.Run(context.Background(), sim, sim.Params(), points, activity, sweep.Options{Repetitions: 10})
	if err != nil {
		return err
	}
	s, err := t.SpreadOver("mean_S", "coupling.instant.G")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "With 10 repetitions: %d rows, at G = %.1f from %.6f to %.6f\n", t.Len(), s.Xs[7], s.Low[7], s.High[7])
	band := plot.Curve{Name: "mean of 10 repetitions, least and largest", X: s.Xs, Y: s.Mean, Low: s.Low, High: s.High}
	return plot.Lines{Title: "Activity by coupling", XLabel: "Coupling strength G", YLabel: "Mean of S", Curves: []plot.Curve{band}, Width: 6, Height: 4}.
		Save(filepath.Join(out, "sweep.png"))
}

// starts takes the best rows of a coarse sweep as starts of fits. Here the answer is known: the target is the activity at G = 0.6.
func starts(w io.Writer, _ string) error {
	ctx := context.Background()
	sim, err := small()
	if err != nil {
		return err
	}
	base := sim.Params()
	target, err := sim.Value(ctx, base.Clone().Set("coupling.instant.G", 0.6), activity[0].Of)
	if err != nil {
		return err
	}
	loss := observe.All().Mean(observe.OverAll).Then(observe.SquaredError(target))
	t, err := sweep.Run(ctx, sim, base, space.Axis("coupling.instant.G", space.Uniform(0, 1.5, 8)).Seed(1), []sweep.Observation{{Name: "loss", Of: loss}}, sweep.Options{})
	if err != nil {
		return err
	}
	best, err := t.Best(3, "loss")
	if err != nil {
		return err
	}
	trees, err := best.Trees(base)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\nFits from the best 3 of 8 rows")
	for _, p := range trees {
		from := p.Values("coupling.instant.G")[0]
		fit, err := optim.Fit(ctx, sim, loss, p.Free("coupling.instant.G"), optim.Adam{Rate: 0.02}, optim.Options{Steps: 60})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  from G = %.4f to %.4f\n", from, fit.Best.Values("coupling.instant.G")[0])
	}
	return nil
}

// resumed keeps the rows of a sweep in a folder as they come. A sweep that was interrupted goes on there; one with other values is refused.
func resumed(w io.Writer, out string) error {
	folder, err := os.MkdirTemp(out, "store-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	points := space.Product(space.Axis("coupling", space.Grid(0.1, 2, 8)), space.Axis("noise", space.Uniform(0.005, 0.05, 8))).Seed(456)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	interrupted := func(ctx context.Context, p space.Point) ([]float64, error) {
		if p.Index == 20 {
			cancel() // as Ctrl-C does
		}
		return model(1)(ctx, p)
	}
	// A store does not know the function; Facts say which version of it computed the rows.
	opts := sweep.Options{Workers: 1, Store: folder, Facts: map[string]string{"model": "1"}}
	if _, err = sweep.Func(ctx, points, columns, interrupted, opts); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("a sweep that was interrupted ended with %w", err)
	}
	kept, err := sweep.Open(folder)
	if err != nil {
		return err
	}
	_, missing, err := kept.Failed()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nInterrupted: %d of %d rows are in the folder\n", kept.Len()-missing, kept.Len())

	var last sweep.Progress
	opts.Workers, opts.Progress = 0, func(p sweep.Progress) { last = p }
	if _, err := sweep.Func(context.Background(), points, columns, model(1), opts); err != nil {
		return err
	}
	fmt.Fprintf(w, "The same sweep again: %d rows were there, %d were computed\n", last.Resumed, last.Done)
	opts.Facts = map[string]string{"model": "2"}
	if _, err = sweep.Func(context.Background(), points, columns, model(2), opts); err == nil {
		return errors.New("rows of two models in one folder")
	}
	fmt.Fprintf(w, "Another model: %s\n", strings.ReplaceAll(err.Error(), folder, "DIR"))
	return nil
}
