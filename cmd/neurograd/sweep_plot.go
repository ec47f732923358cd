package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/sweep"
)

// plot is neurograd sweep plot: a heat map over two axes, or curves over one.
func (c *sweeps) plot(dir string, stdout, stderr io.Writer) error {
	t, err := openTable(dir)
	if err != nil {
		return err
	}
	result, err := c.resultColumn(t)
	if err != nil {
		return err
	}
	y, x, err := c.plotAxes(t)
	if err != nil {
		return err
	}
	if err := c.open(stdout, stderr); err != nil {
		return err
	}
	var panel plot.Panel
	if y == "" {
		panel, err = curve(t, result, x)
	} else {
		panel, err = heatMap(t, result, y, x)
	}
	if err != nil {
		return inputError{err}
	}
	if err := c.picture("sweep.png", panel); err != nil {
		return inputError{err}
	}
	fmt.Fprintf(c.log, "written: %s\n", strings.Join(c.files, "\n         "))
	return c.object(map[string]any{"command": "sweep plot", "version": version(), "folder": dir, "result": result, "files": c.files})
}

// plotAxes are the axes of the picture; y is "" if only one varies.
func (c *sweeps) plotAxes(t *sweep.Table) (y, x string, err error) {
	var varying []string
	for _, column := range t.Columns() {
		if !column.Axis || column.Shape != nil || column.Name == "repetition" {
			continue
		}
		values, err := t.Floats(column.Name)
		if err != nil {
			return "", "", err
		}
		slices.Sort(values)
		if len(slices.Compact(values)) > 1 {
			varying = append(varying, column.Name)
		}
	}
	for _, axis := range []struct{ flag, path string }{{"x", c.x}, {"y", c.y}} {
		if axis.path != "" && !slices.Contains(varying, axis.path) {
			return "", "", wrong("--%s %q is no axis that varies%s", axis.flag, axis.path, suggest.Hint(axis.path, varying))
		}
	}
	if len(varying) == 0 {
		return "", "", wrong("no axis of one number varies in the table; there is nothing to draw")
	}
	x, y = c.x, c.y
	rest := slices.DeleteFunc(slices.Clone(varying), func(path string) bool { return path == x || path == y })
	for _, axis := range []*string{&x, &y} {
		if *axis == "" && len(rest) > 0 {
			*axis, rest = rest[len(rest)-1], rest[:len(rest)-1]
		}
	}
	if x == y {
		return "", "", wrong("--x and --y are both %q; name two axes", x)
	}
	return y, x, nil
}

// heatMap is a result over two axes.
func heatMap(t *sweep.Table, result, y, x string) (plot.Panel, error) {
	g, err := t.GridOver(result, y, x)
	if err != nil {
		return nil, err
	}
	return plot.HeatMap{Title: result + " over " + lastName(y) + " and " + lastName(x), XLabel: labelled(x), YLabel: labelled(y), X: g.Xs, Y: g.Ys, Z: g.Values, Label: result, Colors: plot.Cividis()}, nil
}

// curve is a result over one axis: its mean and, where there are several rows at a place, the points.
func curve(t *sweep.Table, result, x string) (plot.Panel, error) {
	g, err := t.GridOver(result, x, x)
	if err != nil {
		return nil, err
	}
	c := plot.Curve{Name: result, X: g.Xs}
	for i := range g.Xs {
		c.Y = append(c.Y, g.Values[i][i])
	}
	return plot.Lines{Title: result + " over " + lastName(x), XLabel: labelled(x), YLabel: result, Curves: []plot.Curve{c}}, nil
}

// lastName is the last name of a path.
func lastName(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// labelled is a path with the unit of the parameter, if a model or the graph has one.
func labelled(path string) string {
	if unit := unitOf(path); unit != "" {
		return path + " (" + unit + ")"
	}
	return path
}

// unitOf is the unit of a parameter of the models; "" where they do not agree.
func unitOf(path string) string {
	switch path {
	case "graph.speed":
		return "mm/ms"
	case "step":
		return "ms"
	}
	if !strings.HasPrefix(path, "dynamics.") {
		return ""
	}
	units := map[string]bool{}
	unit := ""
	for _, m := range models.All() {
		for _, p := range m.Params {
			if p.Name == lastName(path) {
				units[p.Unit], unit = true, p.Unit
			}
		}
	}
	if len(units) != 1 {
		return ""
	}
	return unit
}
