package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/sweep"
)

// heatMap is a result over two axes.
func heatMap(t *sweep.Table, result string, y, x *sweep.Column) (plot.HeatMap, error) {
	g, err := t.GridOver(result, y.Name, x.Name)
	if err != nil {
		return plot.HeatMap{}, err
	}
	return plot.HeatMap{Title: result + " over " + lastName(y.Name) + " and " + lastName(x.Name), XLabel: labelled(x), YLabel: labelled(y),
		X: g.Xs, LogX: equalRatios(g.Xs), Y: g.Ys, LogY: equalRatios(g.Ys), Z: g.Values, Label: result, Colors: plot.Cividis()}, nil
}

// curve is a result over one axis: the mean of the rows at every place and, where there are several, how far they differ.
func curve(t *sweep.Table, result string, x *sweep.Column) (plot.Lines, error) {
	s, err := t.SpreadOver(result, x.Name)
	if err != nil {
		return plot.Lines{}, err
	}
	c := banded(s)
	if n := slices.Max(s.Count); n > 1 {
		c.Name = fmt.Sprintf("mean ± one standard deviation of %d rows", n)
	}
	return plot.Lines{Title: result + " over " + lastName(x.Name), XLabel: labelled(x), YLabel: result, LogX: equalRatios(s.Xs), Curves: []plot.Curve{c}}, nil
}

// banded is the mean, in a band of one standard deviation to either side where there are several rows.
func banded(s *sweep.Spread) plot.Curve {
	c := plot.Curve{X: s.Xs, Y: s.Mean}
	if slices.Max(s.Count) < 2 {
		return c
	}
	for k, mean := range s.Mean {
		c.Low, c.High = append(c.Low, mean-s.Deviation[k]), append(c.High, mean+s.Deviation[k])
	}
	return c
}

// mostNamed is how many curves are told apart by names; more get colours by their numbers.
const mostNamed = 6

// curves are a result over one axis, a curve for every value of another.
func curves(t *sweep.Table, result string, y, x *sweep.Column) (plot.Panel, error) {
	ys, err := different(t, y.Name)
	if err != nil {
		return nil, err
	}
	xs, err := different(t, x.Name)
	if err != nil {
		return nil, err
	}
	if len(ys) > mostNamed {
		g, err := t.GridOver(result, y.Name, x.Name)
		if err != nil {
			return nil, err
		}
		return plot.Family{Title: result + " over " + lastName(x.Name), XLabel: labelled(x), YLabel: result, LogX: equalRatios(xs),
			X: g.Xs, Y: g.Values, Z: g.Ys, Log: equalRatios(ys), Label: labelled(y), Colors: plot.Cividis()}, nil
	}
	l := plot.Lines{Title: result + " over " + lastName(x.Name), XLabel: labelled(x), YLabel: result, LogX: equalRatios(xs)}
	for _, value := range ys {
		part, err := t.Filter(func(r sweep.Row) bool { return r.Value(y.Name) == value })
		if err != nil {
			return nil, err
		}
		s, err := part.SpreadOver(result, x.Name)
		if err != nil {
			return nil, err
		}
		c := banded(s)
		c.Name = strings.TrimSpace(fmt.Sprintf("%s = %.4g %s", lastName(y.Name), value, unitOf(y)))
		l.Curves = append(l.Curves, c)
	}
	return l, nil
}

// mostSamples is about how many rows a scatter matrix shows; more would only take time.
const mostSamples = 4000

// sampled is a part of a large table, spread evenly over its rows and over any grid in them: where multiples of the golden ratio begin anew.
func sampled(t *sweep.Table) (*sweep.Table, error) {
	if t.Len() <= mostSamples {
		return t, nil
	}
	share := mostSamples / float64(t.Len())
	return t.Filter(func(r sweep.Row) bool { return math.Mod(float64(r.Number)*(math.Phi-1), 1) < share })
}

// scatterMatrix shows where the rows lie on the axes and what was found there: by the colour, and against each axis.
func scatterMatrix(whole *sweep.Table, result string, axes []sweep.Column) (plot.ScatterMatrix, error) {
	m := plot.ScatterMatrix{Title: fmt.Sprintf("%s at %d points", result, whole.Len()), ZLabel: result, Colors: plot.Cividis()}
	t, err := sampled(whole)
	if err != nil {
		return m, err
	}
	if t.Len() < whole.Len() {
		m.Title = fmt.Sprintf("%s at %d of %d points", result, t.Len(), whole.Len())
	}
	for _, axis := range axes {
		values, err := t.Floats(axis.Name)
		if err != nil {
			return m, err
		}
		at, err := different(whole, axis.Name)
		if err != nil {
			return m, err
		}
		m.Columns = append(m.Columns, plot.Column{Label: labelled(&axis), Values: values, Log: equalRatios(at)})
	}
	m.Z, err = t.Floats(result)
	m.Columns = append(m.Columns, plot.Column{Label: result, Values: m.Z})
	return m, err
}

// equalRatios reports whether numbers, which increase, are those of a logarithmic grid, so that their axis should be logarithmic too.
func equalRatios(values []float64) bool {
	n := len(values)
	if n < 3 || values[0] <= 0 || values[n-1] < 10*values[0] {
		return false
	}
	whole := math.Log(values[n-1] / values[0])
	for k := 1; k < n; k++ {
		if math.Abs(math.Log(values[k]/values[k-1])*float64(n-1)/whole-1) > 1e-6 {
			return false
		}
	}
	return true
}

// lastName is the last name of a path.
func lastName(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// labelled is the name of an axis with its unit, if it has one.
func labelled(axis *sweep.Column) string {
	if unit := unitOf(axis); unit != "" {
		return axis.Name + " (" + unit + ")"
	}
	return axis.Name
}

// unitOf is the unit of an axis; the step of the solver is no parameter and has none in the table.
func unitOf(axis *sweep.Column) string {
	if axis.Name == "step" {
		return "ms"
	}
	return axis.Unit
}
