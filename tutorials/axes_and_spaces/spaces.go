package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/space"
)

// composing takes every combination. The first axis varies slowest, the last one fastest, as in nested loops.
func composing(w io.Writer, _ string) error {
	s := space.Product(
		space.Axis("coupling.strength", space.Grid(0.1, 0.8, 5)),
		space.Axis("coupling.delay", space.Uniform(5, 25, 3)),
		space.Axis("model.noise_amplitude", space.Data(0.01, 0.02, 0.05)),
	).Seed(789)
	fmt.Fprintf(w, "\nA product of a grid, draws and data: %d combinations, 5 × 3 × 3\n", s.Len())
	return show(w, s, 3)
}

// modes are product and zip. A zip of unequal lengths would lose values, so it has to be asked for.
func modes(w io.Writer, out string) error {
	a, b := space.Axis("a", space.Grid(0, 1, 3)), space.Axis("b", space.Grid(0, 1, 2))
	fmt.Fprintf(w, "\nProduct: %d combinations\n", space.Product(a, b).Len())
	if err := show(w, space.Product(a, b), 6); err != nil {
		return err
	}
	fmt.Fprintln(w, "The first axis fastest")
	if err := show(w, space.Product(a, b).FirstFastest(), 3); err != nil {
		return err
	}
	fmt.Fprintf(w, "Zip: %v\n", space.Zip(a, b).Err())
	if err := show(w, space.ZipShortest(a, b), 2); err != nil {
		return err
	}
	x, y := space.Axis("x", space.Grid(0, 2, 8)), space.Axis("y", space.Grid(0, 2, 5))
	return scatters(filepath.Join(out, "product_and_zip.png"), named{"Product mode", space.Product(x, y)}, named{"Zip mode", space.ZipShortest(x, y)})
}

// named is a space along x and y with a title.
type named struct {
	title string
	space *space.Space
}

// scatters draws the points of spaces along x and y, one picture each.
func scatters(path string, spaces ...named) error {
	var panels []plot.Panel
	for _, s := range spaces {
		x, err := along(s.space, "x")
		if err != nil {
			return err
		}
		y, err := along(s.space, "y")
		if err != nil {
			return err
		}
		panels = append(panels, plot.Scatter{Title: fmt.Sprintf("%s (%d points)", s.title, s.space.Len()), XLabel: "x", YLabel: "y", X: x, Y: y, Width: 4, Height: 4})
	}
	return plot.Rows(path, panels)
}

// groups are axes that belong together inside a product: a zip that is one of its parts.
func groups(w io.Writer, _ string) error {
	settings := space.Zip(space.Axis("setting_a", space.Data(1, 2, 3)), space.Axis("setting_b", space.Data(10, 20, 30)))
	s := space.Product(settings, space.Axis("param_x", space.Grid(0, 1, 4)))
	fmt.Fprintf(w, "\nTotal combinations: %d = 3 settings × 4 param_x, not 3 × 3 × 4\n", s.Len())
	return show(w, s, s.Len())
}

// access is by index from either end, by slice, or point after point; a table is one call.
func access(w io.Writer, _ string) error {
	s := space.Zip(space.Axis("coupling", space.Grid(0, 1, 6)), space.Axis("noise", space.Uniform(0.01, 0.1, 6))).Seed(42)
	fmt.Fprintf(w, "\nDemo space has %d combinations\n", s.Len())
	for _, i := range []int{0, 2, -1, -2} {
		p, err := s.Point(i)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  point %2d: coupling = %.3f\n", i, p.Value("coupling"))
	}
	fmt.Fprintln(w, "Points 1 to 3")
	if err := show(w, s.Slice(1, 4), 3); err != nil {
		return err
	}
	fmt.Fprintln(w, "Every other point")
	if err := show(w, s.Every(2), 3); err != nil {
		return err
	}
	fmt.Fprintln(w, "As a table")
	return s.WriteCSV(w)
}

// designs place the draws of several axes together, so that they fill the space more evenly than independent draws do: each of n
// parts of every axis holds one of n points.
func designs(w io.Writer, out string) error {
	x, y := space.Axis("x", space.Uniform(0, 1, 64)), space.Axis("y", space.Uniform(0, 1, 64))
	fmt.Fprintln(w, "\nOf 64 parts of the x axis hold a point:")
	list := []named{{"Independent", space.Zip(x, y)}, {"Latin hypercube", space.LatinHypercube(x, y)}, {"Sobol", space.Sobol(x, y)}}
	for _, s := range list {
		v, err := along(s.space, "x")
		if err != nil {
			return err
		}
		held := map[int]bool{}
		for _, u := range v {
			held[int(64*u)] = true
		}
		fmt.Fprintf(w, "  %-16s%d\n", s.title, len(held))
	}
	return scatters(filepath.Join(out, "designs.png"), list...)
}

// simulation gives points to the parameter tree of a network. Paths are checked there. Values made free are starts of fits, here
// between bounds. Text says the same for command lines.
func simulation(w io.Writer, _ string) error {
	sim, err := network.Prepare(network.Network{
		Dynamics: models.ReducedWongWang(),
		Coupling: coupling.Set{"delayed": coupling.Linear("S")},
		Graph:    graph.Example().NormalizeMax(),
	}, solver.Heun{}, network.Grid{End: 100, Step: 4}, network.Options{})
	if err != nil {
		return err
	}
	base := sim.Params()

	s, err := space.Parse("coupling.delayed.G=0:1:32", "dynamics.J_N=uniform:0:0.5:32")
	if err != nil {
		return err
	}
	if err := s.Check(base); err != nil { // all values of all axes
		return err
	}
	tree, err := s.Tree(base, 500)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%v: %d points, number 500 has G = %.4f, J_N = %.4f\n", s, s.Len(), tree.Values("coupling.delayed.G")[0], tree.Values("dynamics.J_N")[0])

	misspelt := space.Axis("dynamics.JN", space.Grid(0, 1, 3))
	fmt.Fprintf(w, "A misspelt path: %v\n", misspelt.Check(base))

	starts := space.Axis("dynamics.J_N", space.Uniform(0.1, 0.4, 4).Each(84).Free(param.Bounded{Lo: 0, Hi: 0.5})).Seed(1)
	fmt.Fprintln(w, "Starts of fits")
	for tree, err := range starts.Trees(base) {
		if err != nil {
			return err
		}
		v := tree.Values("dynamics.J_N")
		fmt.Fprintf(w, "  %d free values, J_N = %.3f, %.3f, …, %.3f\n", tree.NumFree(), v[0], v[1], v[83])
	}
	return nil
}
