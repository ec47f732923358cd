package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/sweep"
)

// The kinds of pictures of a sweep, by --as.
const (
	asHeat    = "heat"
	asLines   = "lines"
	asScatter = "scatter"
)

func pictureKinds() []string { return []string{asHeat, asLines, asScatter} }

// plot is neurograd sweep plot.
func (c *sweeps) plot(dir string, stdout, stderr io.Writer) error {
	t, err := openTable(dir)
	if err != nil {
		return err
	}
	result, err := c.resultColumn(t)
	if err != nil {
		return err
	}
	varying, err := varyingAxes(t)
	if err != nil {
		return err
	}
	y, x, err := c.plotAxes(varying)
	if err != nil {
		return err
	}
	kind, err := c.pictureKind(t, varying, y, x)
	if err != nil {
		return err
	}
	if err := c.open(stdout, stderr); err != nil {
		return err
	}
	draw, err := c.drawing(t, kind, result, varying, y, x)
	if err == nil {
		err = c.file("sweep.png", draw)
	}
	if err != nil {
		return inputError{err}
	}
	fmt.Fprintf(c.log, "written: %s\n", strings.Join(c.files, "\n         "))
	return c.object(map[string]any{"command": "sweep plot", "version": version(), "folder": dir, "result": result, "as": kind, "files": c.files})
}

// varyingAxes are the axes of one number that vary, without the repetitions.
func varyingAxes(t *sweep.Table) ([]sweep.Column, error) {
	var varying []sweep.Column
	for _, column := range t.Columns() {
		if !column.Axis || column.Shape != nil || column.Name == "repetition" {
			continue
		}
		values, err := different(t, column.Name)
		if err != nil {
			return nil, err
		}
		if len(values) > 1 {
			varying = append(varying, column)
		}
	}
	if len(varying) == 0 {
		return nil, wrong("no axis of one number varies in the table; there is nothing to draw")
	}
	return varying, nil
}

// different are the different numbers of a column, increasing.
func different(t *sweep.Table, column string) ([]float64, error) {
	values, err := t.Floats(column)
	values = slices.DeleteFunc(values, math.IsNaN)
	slices.Sort(values)
	return slices.Compact(values), err
}

// plotAxes are the axes that the flags name, the others from the last one on; y is nil if only one varies.
func (c *sweeps) plotAxes(varying []sweep.Column) (y, x *sweep.Column, err error) {
	var names []string
	for _, v := range varying {
		names = append(names, v.Name)
	}
	rest := slices.Clone(names)
	for _, axis := range []struct{ flag, path string }{{"x", c.x}, {"y", c.y}} {
		if axis.path != "" && !slices.Contains(names, axis.path) {
			return nil, nil, wrong("--%s %q is no axis that varies%s", axis.flag, axis.path, suggest.Hint(axis.path, names))
		}
		rest = slices.DeleteFunc(rest, func(name string) bool { return name == axis.path })
	}
	if c.x != "" && c.x == c.y {
		return nil, nil, wrong("--x and --y are both %q; name two axes", c.x)
	}
	pick := func(path string) *sweep.Column {
		if path == "" && len(rest) > 0 {
			path, rest = rest[len(rest)-1], rest[:len(rest)-1]
		}
		if i := slices.Index(names, path); i >= 0 {
			return &varying[i]
		}
		return nil
	}
	x = pick(c.x)
	y = pick(c.y)
	if x == nil { // --y names the only one
		x, y = y, nil
	}
	return y, x, nil
}

// pictureKind is the kind that --as names, or that fits: lines over one axis, a heat map over two that form a grid or that the flags name,
// else dots.
func (c *sweeps) pictureKind(t *sweep.Table, varying []sweep.Column, y, x *sweep.Column) (string, error) {
	switch {
	case c.as == asHeat && y == nil:
		return "", wrong("--as heat needs two axes that vary; there is only %s: leave it out for a curve", x.Name)
	case c.as != "":
		return c.as, nil
	case y == nil:
		return asLines, nil
	case c.x != "" || c.y != "":
		return asHeat, nil
	case len(varying) > 2:
		return asScatter, nil
	}
	grid, err := gridded(t, y.Name, x.Name)
	if err != nil || grid {
		return asHeat, err
	}
	return asScatter, nil
}

// gridded reports whether the rows fill most of the grid of all values of two axes, as those of a product do, and draws do not.
func gridded(t *sweep.Table, y, x string) (bool, error) {
	ys, err := different(t, y)
	if err != nil {
		return false, err
	}
	xs, err := different(t, x)
	if err != nil {
		return false, err
	}
	filled := map[[2]float64]bool{}
	err = t.Each(func(_ int, r sweep.Row) error {
		if !r.Missing {
			filled[[2]float64{r.Value(y), r.Value(x)}] = true
		}
		return nil
	})
	return 2*len(filled) > len(ys)*len(xs), err
}

// drawing is what saves the picture to a path.
func (c *sweeps) drawing(t *sweep.Table, kind, result string, varying []sweep.Column, y, x *sweep.Column) (func(path string) error, error) {
	var panel plot.Panel
	var err error
	switch {
	case kind == asHeat:
		panel, err = heatMap(t, result, y, x)
	case kind == asLines && y == nil:
		panel, err = curve(t, result, x)
	case kind == asLines:
		panel, err = curves(t, result, y, x)
	default:
		if c.x != "" || c.y != "" {
			varying = []sweep.Column{*x}
			if y != nil {
				varying = append(varying, *y)
			}
		}
		matrix, err := scatterMatrix(t, result, varying)
		return matrix.Save, err
	}
	if err != nil {
		return nil, err
	}
	return panel.Save, nil
}
