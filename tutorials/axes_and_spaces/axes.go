package main

import (
	"fmt"
	"io"
	"math"
	"path/filepath"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/space"
)

// grids are values at equal distances, or with equal ratios, both ends included. With a shape the number stands in every element, such
// as one per region.
func grids(w io.Writer, _ string) error {
	fmt.Fprintln(w, "\nGrids")
	for _, n := range []int{5, 10, 20} {
		x, err := along(space.Axis("x", space.Grid(0, 1, n)), "x")
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  n = %2d: %d values from %.3f to %.3f, the second is %.3f\n", n, len(x), x[0], x[n-1], x[1])
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
	return nil
}

// draws are reproducible: they depend on the seed, the path and the position, and on nothing else.
func draws(w io.Writer, _ string) error {
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
	mean := 0.0
	for _, x := range first {
		mean += x / 100
	}
	fmt.Fprintln(w, "\nDraws")
	fmt.Fprintf(w, "  same seed, same values, also beside another axis: %v\n", first[7] == again[7])
	fmt.Fprintf(w, "  another seed, the same values: %v\n", first[7] == other[7])
	fmt.Fprintf(w, "  mean of 100 values: %.3f (should be about 0.5)\n", mean)
	return nil
}

// data are values of one's own: numbers, or arrays.
func data(w io.Writer, _ string) error {
	fmt.Fprintln(w, "\nData")
	if err := show(w, space.Axis("coupling", space.Data(0.142, 0.284, 0.426, 0.568, 0.710)), 5); err != nil {
		return err
	}
	matrix := func(x float64) [][]float64 { return [][]float64{{1, x}, {x, 1}} }
	if err := show(w, space.Axis("weights", space.Data(matrix(0.5), matrix(0.8), matrix(1.2))), 3); err != nil {
		return err
	}
	var oscillation []float64
	for k := range 20 {
		oscillation = append(oscillation, 0.5+0.3*math.Sin(4*math.Pi*float64(k)/19))
	}
	return show(w, space.Axis("oscillation", space.Data(oscillation...)), 3)
}

// distributions are any values with a method Quantile: those of this package, and of gonum's distuv.
func distributions(w io.Writer, _ string) error {
	fmt.Fprintln(w, "\nDistributions, 1000 draws each")
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
		mean, least, most := 0.0, x[0], x[0]
		for _, v := range x {
			mean, least, most = mean+v/1000, min(least, v), max(most, v)
		}
		fmt.Fprintf(w, "  %-17s mean %.3f, range [%.3f, %.3f]\n", c.name, mean, least, most)
	}
	return nil
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
