package plot

import (
	"fmt"
	"image/color"
)

// Family is a picture of many curves that differ in one quantity, such as the activity over the coupling strength for several strengths
// of the noise: the colour of a curve is that of its number in Z, and there is a colour bar. A few curves are easier to read as [Lines] with
// names.
//
// On a logarithmic axis numbers ≤ 0 leave gaps, as NaN and infinite ones always do. It is an error if Y is empty or a curve does not
// fit X, if Z does not have a number for each curve that the colours can show, or if no number can be shown.
type Family struct {
	Title, XLabel, YLabel string

	X []float64   // horizontal positions of all curves; empty: samples are counted from 0
	Y [][]float64 // [curve][position]

	Z      []float64     // one number per curve
	Label  string        // of the colour bar, with the unit
	Log    bool          // logarithmic colours
	Colors []color.Color // from the least number of Z to the largest, mixed between; nil: Viridis

	LogX, LogY bool    // logarithmic axes
	LineWidth  float64 // in points (1/72 inch); 0: 1.6

	Width, Height float64 // in inches; 0: 10 and 6
}

// Save writes the picture to path; the extension, .png, .svg or .pdf, chooses the format. The file appears
// complete or not at all.
func (l Family) Save(path string) error { return saveOne(path, l) }

func (l Family) figure() (*figure, error) {
	if len(l.Y) == 0 || len(l.Y[0]) == 0 {
		return nil, fmt.Errorf("plot: Family.Y is empty; give at least one curve of one number, [curve][position]")
	}
	if len(l.Z) != len(l.Y) {
		return nil, fmt.Errorf("plot: Family.Z has %d numbers, Family.Y has %d curves; give one each", len(l.Z), len(l.Y))
	}
	f, err := newFigure("Family", l.Title, l.XLabel, l.YLabel, l.Width, l.Height)
	if err != nil {
		return nil, err
	}
	f.x.log, f.y.log = l.LogX, l.LogY
	if f.bar, err = newColorScale("Family.Z", l.Label, [][]float64{l.Z}, 0, 0, l.Log, l.Colors); err != nil {
		return nil, err
	}
	width, err := strokeOr("Family.LineWidth", l.LineWidth, 1.6)
	if err != nil {
		return nil, err
	}
	x := l.X
	if len(x) == 0 {
		x = counted(len(l.Y[0]))
	}
	for i, y := range l.Y {
		if len(y) != len(x) {
			return nil, fmt.Errorf("plot: Family.Y[%d] has %d numbers, wanted %d; give each curve one number per position", i, len(y), len(x))
		}
		if !f.bar.scale.shows(l.Z[i]) {
			return nil, fmt.Errorf("plot: Family.Z[%d] is %g, which the colours cannot show; give finite numbers, > 0 with Log", i, l.Z[i])
		}
		f.curves = append(f.curves, curve{x: x, y: y, style: lineStyle{width: width, color: f.bar.color(l.Z[i])}})
	}
	return f, f.fit(0)
}
