package plot

import (
	"fmt"
	"image/color"
)

// Lines is a picture of a few named curves, such as the loss over the steps of a fit, with a legend.
//
// On a logarithmic axis numbers ≤ 0 leave gaps, as NaN and infinite ones always do. It is an error if there is no curve, a curve is
// empty, its X and Y, or its band, differ in length, or no number can be shown.
type Lines struct {
	Title, XLabel, YLabel string

	Curves []Curve
	Lines  []HLine // horizontal lines, on top of the curves
	LogX   bool    // logarithmic horizontal axis
	LogY   bool    // logarithmic vertical axis

	Width, Height float64 // in inches; 0: 10 and 6
}

// Curve is one line of [Lines].
type Curve struct {
	Name  string      // in the legend; empty: not in the legend
	X     []float64   // horizontal positions; empty: Y is counted from 0
	Y     []float64   // one number per position
	Color color.Color // nil: the next colour of the palette, dashed once all colours are used
	Width float64     // in points (1/72 inch); 0: 1.6

	// Low and High are the edges of a band around the curve, one number per position each, such as the mean ± one standard deviation over
	// repetitions, or the least and the largest; empty: no band.
	Low, High []float64
}

// Save writes the picture to path; the extension, .png, .svg or .pdf, chooses the format. The file appears
// complete or not at all.
func (l Lines) Save(path string) error { return saveOne(path, l) }

func (l Lines) figure() (*figure, error) {
	if len(l.Curves) == 0 {
		return nil, fmt.Errorf("plot: Lines.Curves has 0 curves; give at least one")
	}
	f, err := newFigure("Lines", l.Title, l.XLabel, l.YLabel, l.Width, l.Height)
	if err != nil {
		return nil, err
	}
	f.x.log, f.y.log = l.LogX, l.LogY
	for i, c := range l.Curves {
		if len(c.Y) == 0 {
			return nil, fmt.Errorf("plot: Lines.Curves[%d]%s has 0 numbers in Y; give at least one", i, quoted(c.Name))
		}
		x := c.X
		if len(x) == 0 {
			x = counted(len(c.Y))
		}
		if len(x) != len(c.Y) {
			return nil, fmt.Errorf("plot: Lines.Curves[%d]%s has %d numbers in X, %d in Y; give as many of each, or leave X empty to count from 0",
				i, quoted(c.Name), len(x), len(c.Y))
		}
		width, err := strokeOr(fmt.Sprintf("Lines.Curves[%d].Width", i), c.Width, 1.6)
		if err != nil {
			return nil, err
		}
		style := lineStyle{width: width, color: colorOr(c.Color, palette[i%len(palette)])}
		if c.Color == nil {
			style.dash = dashes[i/len(palette)%len(dashes)]
		}
		f.curves = append(f.curves, curve{x: x, y: c.Y, style: style})
		e := entry{text: c.Name, line: style}
		if len(c.Low) > 0 || len(c.High) > 0 {
			if len(c.Low) != len(c.Y) || len(c.High) != len(c.Y) {
				return nil, fmt.Errorf("plot: Lines.Curves[%d]%s has %d numbers in Low, %d in High, %d in Y; give as many of each, or no band",
					i, quoted(c.Name), len(c.Low), len(c.High), len(c.Y))
			}
			e.patch = faded(style.color)
			f.bands = append(f.bands, band{x: x, low: c.Low, high: c.High, color: e.patch})
		}
		if c.Name != "" {
			f.legend = append(f.legend, e)
		}
	}
	if err := f.addLines("Lines.Lines", l.Lines); err != nil {
		return nil, err
	}
	return f, f.fit(0)
}

// quoted is ` ("name")`, or nothing for a curve without name.
func quoted(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf(" (%q)", name)
}
