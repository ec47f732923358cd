package plot

import (
	"fmt"
	"image/color"
	"math"
	"strings"
)

const pointsPerInch = 72

// figure is what a panel comes down to: two axes and what is drawn between them, in data coordinates.
type figure struct {
	kind                  string // for errors: "TimeSeries"
	title, xlabel, ylabel string
	width, height         float64 // in inches
	x, y                  axis
	bands                 []band
	bars                  []bars
	curves                []curve
	dots                  dots
	lines                 []hline
	legend                []entry
	cells                 *cells      // nil: no heat map
	bar                   *colorScale // nil: no colour bar
}

// curve is a polyline with gaps where a number cannot be shown.
type curve struct {
	x, y  []float64
	style lineStyle
}

// band is what lies between two curves, with gaps where one of them cannot be shown.
type band struct {
	x, low, high []float64
	color        color.Color
}

// bars are rectangles side by side that stand on 0.
type bars struct {
	borders, heights []float64 // one more border than heights
	fill             color.Color
	outline          lineStyle
}

// dots are filled circles of one size in points.
type dots struct {
	x, y  []float64
	size  float64
	color color.Color
	z     []float64 // numbers that figure.bar gives colours to; nil: all dots have the one above
}

// hline is a horizontal line whose style is settled.
type hline struct {
	value float64
	style lineStyle
}

// entry is one row of the legend: a piece of line, or a dot if dot, its diameter, is set, on a patch of a colour
// unless that is nil.
type entry struct {
	text  string
	line  lineStyle
	dot   float64
	patch color.Color
}

// newFigure is an empty figure of the given size in inches, where 0 asks for the default, 10 and 6.
func newFigure(kind, title, xlabel, ylabel string, width, height float64) (*figure, error) {
	return newFigureOr(kind, title, xlabel, ylabel, width, height, 10, 6)
}

// newFigureOr is an empty figure with defaults of its own.
func newFigureOr(kind, title, xlabel, ylabel string, width, height, presetWidth, presetHeight float64) (*figure, error) {
	size := func(field string, v, preset float64) (float64, error) {
		switch {
		case v == 0:
			return preset, nil
		case v >= 2 && v <= 100:
			return v, nil
		}
		return 0, fmt.Errorf("plot: %s.%s is %g inches; give 2 to 100, or 0 for %g", kind, field, v, preset)
	}
	w, err := size("Width", width, presetWidth)
	if err != nil {
		return nil, err
	}
	h, err := size("Height", height, presetHeight)
	if err != nil {
		return nil, err
	}
	return &figure{kind: kind, title: oneLine(title), xlabel: oneLine(xlabel), ylabel: oneLine(ylabel), width: w, height: h}, nil
}

// oneLine keeps line breaks, for which fonts have no glyph, out of a text.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// checkArea refuses a picture whose pixels would not fit a small machine's memory.
func checkArea(width, height float64) error {
	if pixels := width * height * dotsPerInch * dotsPerInch; pixels > 2e8 {
		return fmt.Errorf("plot: the picture would have %.0f million pixels (%g × %g inches), at most 200 are allowed; make panels smaller or split the stack",
			pixels/1e6, width, height)
	}
	return nil
}

// addLines settles the styles of horizontal lines and adds them to figure and legend.
func (f *figure) addLines(field string, lines []HLine) error {
	for i, l := range lines {
		if !finite(l.Value) {
			return fmt.Errorf("plot: %s[%d]%s is at %g; give a finite value or leave the line out", field, i, quoted(l.Label), l.Value)
		}
		if !f.y.shows(l.Value) {
			return fmt.Errorf("plot: %s[%d]%s is at %g, which a logarithmic axis cannot show; give a value > 0 or leave the line out",
				field, i, quoted(l.Label), l.Value)
		}
		preset := 1.6
		if i == 0 {
			preset = 2.5
		}
		width, err := strokeOr(fmt.Sprintf("%s[%d].Width", field, i), l.Width, preset)
		if err != nil {
			return err
		}
		style := lineStyle{width: width, color: colorOr(l.Color, lineColors[i%len(lineColors)])}
		f.lines = append(f.lines, hline{value: l.Value, style: style})
		if l.Label != "" {
			f.legend = append(f.legend, entry{text: oneLine(l.Label), line: style})
		}
	}
	return nil
}

// fit makes the axes just hold all data: horizontally with the given margin on each side, as a part of the range,
// vertically with 4 %.
func (f *figure) fit(xMargin float64) error {
	total, shown := 0, 0
	see := func(x, y []float64) {
		total += len(x)
		for i := range x {
			if f.x.shows(x[i]) && f.y.shows(y[i]) {
				f.x.include(x[i])
				f.y.include(y[i])
				shown++
			}
		}
	}
	for _, b := range f.bands {
		see(b.x, b.low)
		see(b.x, b.high)
	}
	for _, c := range f.curves {
		see(c.x, c.y)
	}
	see(f.dots.x, f.dots.y)
	if shown == 0 {
		if name := f.logarithmic(); name != "" {
			return fmt.Errorf("plot: none of the %d points of %s is finite and > 0, as a logarithmic axis needs; set %s to false or mend the data",
				total, f.kind, name)
		}
		return fmt.Errorf("plot: none of the %d points of %s is finite; check whether the simulation diverged", total, f.kind)
	}
	for _, l := range f.lines {
		f.y.include(l.value)
	}
	f.x.widen(xMargin)
	f.x.roundEnds()
	f.y.widen(0.04)
	return nil
}

// logarithmic names the fields that make an axis logarithmic.
func (f *figure) logarithmic() string {
	switch {
	case f.x.log && f.y.log:
		return "LogX and LogY"
	case f.x.log:
		return "LogX"
	case f.y.log:
		return "LogY"
	}
	return ""
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
