// Axes_and_spaces is the tutorial on spaces of parameters: which values to try along which paths, for explorations,
// sweeps and starts of fits; and on running functions and simulations over them.
//
//	go run ./tutorials/axes_and_spaces
//
// It needs no data and takes a few seconds. Its concepts:
//
//   - an axis is a path with values: on a grid, given, or drawn from a distribution
//   - axes combine to spaces: every combination, side by side, in groups, or as points that fill a cube evenly
//   - a space has an order, a length, an index and slices; nothing is tabulated, so it may be as large as you like
//   - draws depend on the seed and their own axis alone, whatever else is in the space
//   - a point meets the simulation in its parameter tree, where a misspelt path is an error
//   - a sweep runs a function or observes a simulation at every point, on all processors, and gives a table
//   - a table sorts, filters, is written as CSV and more, and its rows are where fits begin
//   - with a folder a sweep that was interrupted goes on where it ended
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/neurograd/neurograd/space"
)

func main() {
	out := flag.String("out", filepath.Join("neurograd-out", "axes_and_spaces"), "folder for the pictures")
	flag.Parse()
	if err := tutorial(os.Stdout, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func tutorial(w io.Writer, out string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, section := range []func(w io.Writer, out string) error{
		preview, grids, draws, data, distributions, independent,
		composing, modes, groups, access, designs, simulation,
		table, sequential, parallel, performance, mixed, swept, starts, resumed,
	} {
		if err := section(w, out); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\nPictures: %s\n", out)
	return nil
}

// show prints the first points of a space.
func show(w io.Writer, s *space.Space, most int) error {
	for p, err := range s.All() {
		if err != nil {
			return err
		}
		if p.Index == most {
			break
		}
		fmt.Fprintf(w, "  %d:", p.Index)
		for _, path := range p.Paths() {
			if v := p.Values(path); len(v) == 1 {
				fmt.Fprintf(w, " %s=%.4g", path, v[0])
			} else {
				fmt.Fprintf(w, " %s=%.4g", path, v)
			}
		}
		fmt.Fprintln(w)
	}
	return nil
}

// along are the numbers of an axis at all points.
func along(s *space.Space, path string) ([]float64, error) {
	var list []float64
	for p, err := range s.All() {
		if err != nil {
			return nil, err
		}
		list = append(list, p.Values(path)...)
	}
	return list, nil
}

// preview is every combination of a grid and of draws. What is no axis keeps the value that it has in the parameter tree.
func preview(w io.Writer, _ string) error {
	s := space.Product(
		space.Axis("coupling_strength", space.Grid(0, 2, 4)),
		space.Axis("noise_level", space.Uniform(0.01, 0.1, 3)),
	).Seed(123)
	fmt.Fprintf(w, "Created parameter space with %d combinations\n", s.Len())
	for p, err := range s.Slice(0, 5).All() {
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "Combination %d: coupling=%.2f, noise=%.4f\n", p.Index, p.Value("coupling_strength"), p.Value("noise_level"))
	}
	return nil
}
