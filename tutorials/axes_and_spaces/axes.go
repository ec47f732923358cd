package main

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/space"
)

// grids are values at equal distances, or with equal ratios, both ends included. With a shape the number stands in every element, such
// as one per region.
func grids(w io.Writer, out string) error {
	fmt.Fprintln(w, "\nGrids")
	axis := space.Axis("x", space.Grid(0, 1, 5))
	five, err := along(axis, "x")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "  an axis of %d values: %v\n", axis.Len(), five)
	densities := dots("Different densities", "Value", "Number of values")
	for _, n := range []int{5, 10, 20} {
		x, err := along(space.Axis("x", space.Grid(0, 1, n)), "x")
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  n = %2d: %d values from %.3f to %.3f, the second is %.3f\n", n, len(x), x[0], x[n-1], x[1])
		densities.X, densities.Y = append(densities.X, x...), append(densities.Y, slices.Repeat([]float64{float64(n)}, n)...)
	}
	x, err := along(space.Axis("x", space.LogGrid(0.001, 1, 4)), "x")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "  with equal ratios: %v\n", x)

	p, err := space.Axis("regional", space.Grid(0, 1, 5).Broadcast(68)).Point(2)
	if err != nil {
		return err
	}
	v := p.Values("regional")
	fmt.Fprintf(w, "  sample 2 in %d regions: %.3f in the first, %.3f in the last\n", len(v), v[0], v[67])
	spacing, ratios, regional := dots("Equal distances", "Index", "Value"), dots("Equal ratios", "Index", "Value"), dots("Sample 2 in all regions", "Region", "Value")
	spacing.X, spacing.Y = counted(5), five
	ratios.X, ratios.Y, ratios.LogY = counted(4), x, true
	regional.X, regional.Y = counted(68), v
	return plot.Rows(filepath.Join(out, "grids.png"), []plot.Panel{spacing, densities}, []plot.Panel{ratios, regional})
}

// dots is a small picture, still empty.
func dots(title, x, y string) plot.Scatter {
	return plot.Scatter{Title: title, XLabel: x, YLabel: y, Width: 4, Height: 3.2}
}

// counted is 0, 1, …, n − 1.
func counted(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i)
	}
	return x
}

// draws are reproducible: they depend on the seed, the path and the position, and on nothing else.
func draws(w io.Writer, out string) error {
	uniform := space.Axis("x", space.Uniform(0, 1, 100))
	first, err := along(uniform.Seed(42), "x")
	if err != nil {
		return err
	}
	again, err := along(space.Zip(space.Axis("another", space.Grid(0, 1, 100)), uniform).Seed(42), "x")
	if err != nil {
		return err
	}
	other, err := along(uniform.Seed(43), "x")
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\nDraws")
	fmt.Fprintf(w, "  same seed, same values, also beside another axis: %v\n", first[7] == again[7])
	fmt.Fprintf(w, "  another seed, the same values: %v\n", first[7] == other[7])
	fmt.Fprintf(w, "  100 values: %s (the mean should be about 0.5)\n", summary(first))
	sizes := dots("Different sizes", "Value", "Number of values")
	for _, n := range []int{10, 50, 200} {
		x, err := along(space.Axis("x", space.Uniform(-2, 2, n)).Seed(42), "x")
		if err != nil {
			return err
		}
		sizes.X, sizes.Y = append(sizes.X, x...), append(sizes.Y, slices.Repeat([]float64{float64(n)}, n)...)
	}
	return plot.Rows(filepath.Join(out, "draws.png"), []plot.Panel{
		plot.Histogram{Title: "100 uniform draws", XLabel: "Value", YLabel: "Density", Samples: []plot.Sample{{X: first}}, Bins: 20, Density: true,
			Lines: []plot.HLine{{Value: 1, Label: "Expected density"}}, Width: 4, Height: 3.2},
		sizes})
}

// summary is what a list of numbers looks like.
func summary(x []float64) string {
	sorted := slices.Sorted(slices.Values(x))
	n := len(sorted)
	mean := 0.0
	for _, v := range sorted {
		mean += v / float64(n)
	}
	variance := 0.0
	for _, v := range sorted {
		variance += (v - mean) * (v - mean) / float64(n)
	}
	return fmt.Sprintf("mean %.3f, standard deviation %.3f, median %.3f, range [%.3f, %.3f]", mean, math.Sqrt(variance), (sorted[(n-1)/2]+sorted[n/2])/2, sorted[0], sorted[n-1])
}

// data are values of one's own: numbers, or arrays.
func data(w io.Writer, out string) error {
	fmt.Fprintln(w, "\nData")
	literature := []float64{0.142, 0.284, 0.426, 0.568, 0.710}
	if err := show(w, space.Axis("coupling", space.Data(literature...)), 5); err != nil {
		return err
	}
	matrix := func(x float64) [][]float64 { return [][]float64{{1, x}, {x, 1}} }
	if err := show(w, space.Axis("weights", space.Data(matrix(0.5), matrix(0.8), matrix(1.2))), 3); err != nil {
		return err
	}
	fibonacci := []float64{1, 1, 2, 3, 5, 8, 13, 21}
	for k := range fibonacci {
		fibonacci[k] /= 21
	}
	if err := show(w, space.Axis("fibonacci", space.Data(fibonacci...)), 8); err != nil {
		return err
	}
	var oscillation []float64
	for k := range 20 {
		oscillation = append(oscillation, 0.5+0.3*math.Sin(4*math.Pi*float64(k)/19))
	}
	if err := show(w, space.Axis("oscillation", space.Data(oscillation...)), 3); err != nil {
		return err
	}
	first := dots("Values from the literature", "Index", "Coupling strength")
	first.X, first.Y = counted(len(literature)), literature
	curve := func(title string, y []float64) plot.Lines {
		return plot.Lines{Title: title, XLabel: "Index", YLabel: "Value", Curves: []plot.Curve{{Y: y}}, Width: 4, Height: 3.2}
	}
	return plot.Rows(filepath.Join(out, "data.png"), []plot.Panel{first, curve("Fibonacci numbers", fibonacci)},
		[]plot.Panel{curve("Oscillation", oscillation), plot.HeatMap{Title: "Weights, medium", XLabel: "Source", YLabel: "Target", Z: matrix(0.8), Matrix: true, High: 1.2, Width: 4.5, Height: 3.2}})
}

// distributions are any values with a method Quantile: those of this package, and of gonum's distuv.
func distributions(w io.Writer, out string) error {
	fmt.Fprintln(w, "\nDistributions, 1000 draws each")
	var pictures []plot.Panel
	all := plot.Histogram{Title: "Comparison", XLabel: "Value", YLabel: "Density", Density: true, Bins: 50, Width: 4, Height: 3.2}
	for _, c := range []struct {
		name   string
		values space.Values
	}{
		{"Normal(0.5, 0.15)", space.Normal(0.5, 0.15, 1000)},
		{"LogNormal(0, 0.5)", space.LogNormal(0, 0.5, 1000)},
		{"Beta(2, 5)", space.Draw(distuv.Beta{Alpha: 2, Beta: 5}, 1000)},
		{"Exponential(2)", space.Draw(distuv.Exponential{Rate: 2}, 1000)},
	} {
		x, err := along(space.Axis("x", c.values).Seed(42), "x")
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %-17s %s\n", c.name, summary(x))
		all.Samples = append(all.Samples, plot.Sample{Name: c.name, X: x})
		pictures = append(pictures, plot.Histogram{Title: c.name, XLabel: "Value", YLabel: "Density", Density: true, Bins: 50, Samples: []plot.Sample{{X: x}}, Width: 4, Height: 3.2})
	}
	all.Samples = all.Samples[:3] // the exponential one would hide them
	return plot.Rows(filepath.Join(out, "distributions.png"), pictures[:2], []plot.Panel{pictures[2], all})
}

// independent draws every element of an array on its own; broadcast gives all elements the same draw.
func independent(w io.Writer, out string) error {
	fmt.Fprintln(w, "\nArrays of draws")
	var pictures []plot.Panel
	for _, c := range []struct {
		name   string
		values space.Values
	}{{"Independent draws", space.Normal(0, 1, 3).Each(2, 4)}, {"One draw, broadcast", space.Normal(0, 1, 3).Broadcast(2, 4)}} {
		p, err := space.Axis("x", c.values).Seed(42).Point(0)
		if err != nil {
			return err
		}
		v := p.Values("x")
		fmt.Fprintf(w, "  %s: %.3f\n", c.name, v)
		pictures = append(pictures, plot.HeatMap{Title: c.name, XLabel: "Column", YLabel: "Row", Z: [][]float64{v[:4], v[4:]}, Matrix: true, Low: -3, High: 3, Width: 5, Height: 3})
	}
	return plot.Rows(filepath.Join(out, "arrays_of_draws.png"), pictures)
}
