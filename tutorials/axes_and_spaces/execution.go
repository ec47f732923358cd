package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"

	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/space"
	"github.com/neurograd/neurograd/sweep"
)

// table runs a function at every point of a space. The result is a table: the values of the axes, and beside them what the
// function returned.
func table(w io.Writer, out string) error {
	points := space.Zip(space.Axis("coupling", space.Grid(0, 1, 6)), space.Axis("noise", space.Uniform(0.01, 0.1, 6))).Seed(42)
	t, err := sweep.Func(context.Background(), points, []sweep.Column{{Name: "activity"}, {Name: "ratio"}},
		func(_ context.Context, p space.Point) ([]float64, error) {
			c, n := p.Value("coupling"), p.Value("noise")
			return []float64{2*c + n, c / (n + 1e-6)}, nil
		}, sweep.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\nA table of parameters and results")
	if err := t.WriteCSV(w); err != nil {
		return err
	}
	columns, err := floats(t, "coupling", "noise", "activity", "ratio")
	if err != nil {
		return err
	}
	left, right := dots("Coupling and activity", "Coupling", "Activity"), dots("Noise and ratio", "Noise", "Ratio")
	left.X, left.Y = columns["coupling"], columns["activity"]
	right.X, right.Y, right.Z, right.ZLabel = columns["noise"], columns["ratio"], columns["coupling"], "Coupling"
	right.Width = 5 // for the colour bar
	return plot.Rows(filepath.Join(out, "table.png"), []plot.Panel{left, right})
}

// floats are columns of a table by their names.
func floats(t *sweep.Table, names ...string) (map[string][]float64, error) {
	columns := map[string][]float64{}
	for _, name := range names {
		values, err := t.Floats(name)
		if err != nil {
			return nil, err
		}
		columns[name] = values
	}
	return columns, nil
}

// samples is how many samples the model below has.
const samples = 100

// model stands for a simulation: it returns its activity, the mean and the peak of it, and the strengths it used.
func model(factor float64) func(context.Context, space.Point) ([]float64, error) {
	return func(_ context.Context, p space.Point) ([]float64, error) {
		coupling, noise := p.Value("coupling"), factor*p.Value("noise")
		normals := rand.New(rand.NewPCG(42, 0)) // the same noise at all points
		activity, mean, peak := make([]float64, samples), 0.0, math.Inf(-1)
		for k := range activity {
			activity[k] = coupling*math.Sin(4*math.Pi*float64(k)/(samples-1)) + noise*normals.NormFloat64()
			mean, peak = mean+activity[k]/samples, max(peak, activity[k])
		}
		return append(activity, mean, peak, coupling, noise), nil
	}
}

// columns name what the model returns: an array, and numbers.
var columns = []sweep.Column{{Name: "activity", Shape: []int{samples}}, {Name: "mean"}, {Name: "peak"}, {Name: "coupling_used"}, {Name: "noise_used"}}

// sequential runs one point after the other: for a look at what happens, and where memory is short.
func sequential(w io.Writer, out string) error {
	points := space.Zip(space.Axis("coupling", space.Grid(0.2, 1.5, 4)), space.Axis("noise", space.Uniform(0.01, 0.1, 4))).Seed(123)
	fmt.Fprintf(w, "\nParameter space: %d combinations\nOne after the other\n", points.Len())
	t, err := sweep.Func(context.Background(), points, columns, model(1.5), sweep.Options{Workers: 1})
	if err != nil {
		return err
	}
	first, err := t.Row(0)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Execution complete: %d results\n", t.Len())
	fmt.Fprintf(w, "  the first: %d samples, mean %.3f, peak %.3f, coupling %.3f\n",
		len(first.Array("activity")), first.Value("mean"), first.Value("peak"), first.Value("coupling_used"))

	traces := plot.Lines{Title: "Activity, first 50 samples", XLabel: "Sample", YLabel: "Activity", Width: 5, Height: 4}
	means := plot.Scatter{Title: "Coupling and mean activity", XLabel: "Coupling strength", YLabel: "Mean activity", Size: 8, Width: 5, Height: 4}
	err = t.Each(func(i int, r sweep.Row) error {
		coupling, mean := r.Value("coupling_used"), r.Value("mean")
		fmt.Fprintf(w, "  run %d: coupling = %.2f, noise = %.4f, mean = %.3f\n", i, coupling, r.Value("noise_used"), mean)
		traces.Curves = append(traces.Curves, plot.Curve{Name: fmt.Sprintf("Coupling = %.2f", coupling), Y: slices.Clone(r.Array("activity")[:50])})
		means.X, means.Y = append(means.X, coupling), append(means.Y, mean)
		return nil
	})
	if err != nil {
		return err
	}
	return plot.Rows(filepath.Join(out, "sequential.png"), []plot.Panel{traces, means})
}

// parallel runs as many points at a time as there are processors, which is what a sweep does if it is not told otherwise. The table is the same.
func parallel(w io.Writer, out string) error {
	points := space.Product(space.Axis("coupling", space.Grid(0.1, 2, 8)), space.Axis("noise", space.Uniform(0.005, 0.05, 8))).Seed(456)
	fmt.Fprintf(w, "\nLarger parameter space: %d combinations\nOn all processors\n", points.Len())
	t, err := sweep.Func(context.Background(), points, columns, model(1), sweep.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Execution complete: %d results\n", t.Len())
	one, err := sweep.Func(context.Background(), points, columns, model(1), sweep.Options{Workers: 1})
	if err != nil {
		return err
	}
	c, err := floats(t, "coupling", "noise", "mean", "peak")
	if err != nil {
		return err
	}
	again, err := one.Floats("mean")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "  one after the other gives the same: %v\n", slices.Equal(c["mean"], again))
	subset, err := t.Filter(func(r sweep.Row) bool { return r.Number >= 5 && r.Number < 15 })
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "  a subset: %d results\n", subset.Len())
	for _, name := range []string{"coupling", "mean", "peak"} {
		fmt.Fprintf(w, "  %s: [%.3f, %.3f]\n", name, slices.Min(c[name]), slices.Max(c[name]))
	}

	couplings, noises := dots("Coupling and mean activity", "Coupling strength", "Mean activity"), dots("Noise and mean activity", "Noise", "Mean activity")
	where, peaks := dots("Parameter space", "Coupling strength", "Noise"), dots("Mean and peak activity", "Mean activity", "Peak activity")
	couplings.X, couplings.Y = c["coupling"], c["mean"]
	noises.X, noises.Y = c["noise"], c["mean"]
	where.X, where.Y, where.Z, where.ZLabel = c["coupling"], c["noise"], c["mean"], "Mean activity"
	where.Width = 5
	peaks.X, peaks.Y = c["mean"], c["peak"]
	return plot.Rows(filepath.Join(out, "parallel.png"), []plot.Panel{couplings, noises}, []plot.Panel{where, peaks})
}
