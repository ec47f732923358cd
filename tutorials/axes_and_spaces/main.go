// Axes_and_spaces is the tutorial on spaces of parameters: which values to try along which paths, for explorations,
// sweeps and starts of fits.
//
//	go run ./tutorials/axes_and_spaces
//
// It needs no data and takes a second. Its concepts:
//
//   - an axis is a path with values: on a grid, given, or drawn from a distribution
//   - axes combine to spaces: every combination, side by side, in groups, or as points that fill a cube evenly
//   - a space has an order, a length, an index and slices; nothing is tabulated, so it may be as large as you like
//   - draws depend on the seed and their own axis alone, whatever else is in the space
//   - a point meets the simulation in its parameter tree, where a misspelt path is an error
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/solver"
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

// ---- Axes ----

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

// ---- Spaces ----

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

// ---- A simulation ----

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
