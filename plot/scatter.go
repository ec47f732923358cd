package plot

import (
	"fmt"
	"image/color"
)

// Scatter is a picture of one quantity against another: a translucent dot per pair (X[i], Y[i]), such as the fitted
// parameter of a region against its mean coupling. With Z the colours of the dots show a third quantity, and there is a colour bar.
//
// Pairs with a NaN or infinite number are left out, and those whose Z is such. It is an error if X and Y are empty or differ in length, if
// Z is there and does too, if no pair is finite, or if Low ≥ High.
type Scatter struct {
	Title, XLabel, YLabel string

	X, Y  []float64 // one number per dot each
	Lines []HLine   // horizontal lines, below the dots
	LogX  bool      // logarithmic horizontal axis; pairs whose X is ≤ 0 are left out
	LogY  bool      // logarithmic vertical axis; pairs whose Y is ≤ 0 are left out

	Z         []float64     // one number per dot, shown by its colour; empty: all dots have the same
	ZLabel    string        // of the colour bar
	Log       bool          // logarithmic colours; pairs whose Z is ≤ 0 are left out
	Low, High float64       // of the colours; both 0: least and largest number of Z
	Colors    []color.Color // from Low to High, mixed between; nil: Viridis

	Label string      // of the dots in the legend; empty: not in the legend
	Color color.Color // of the dots; nil: black at opacity 0.7
	Size  float64     // diameter of a dot in points (1/72 inch); 0: 5.5

	Width, Height float64 // in inches; 0: 10 and 6
}

// Save writes the picture to path; the extension, .png, .svg or .pdf, chooses the format. The file appears
// complete or not at all.
func (s Scatter) Save(path string) error { return saveOne(path, s) }

func (s Scatter) figure() (*figure, error) {
	if len(s.X) != len(s.Y) {
		return nil, fmt.Errorf("plot: Scatter.X has %d numbers, Scatter.Y has %d; give one of each per dot", len(s.X), len(s.Y))
	}
	if len(s.X) == 0 {
		return nil, fmt.Errorf("plot: Scatter.X and Scatter.Y are empty; give at least one pair")
	}
	f, err := newFigure("Scatter", s.Title, s.XLabel, s.YLabel, s.Width, s.Height)
	if err != nil {
		return nil, err
	}
	f.x.log, f.y.log = s.LogX, s.LogY
	size, err := strokeOr("Scatter.Size", s.Size, 5.5)
	if err != nil {
		return nil, err
	}
	if err := f.addLines("Scatter.Lines", s.Lines); err != nil {
		return nil, err
	}
	f.dots = dots{x: s.X, y: s.Y, size: size, color: colorOr(s.Color, blackMost)}
	if len(s.Z) > 0 {
		if len(s.Z) != len(s.X) {
			return nil, fmt.Errorf("plot: Scatter.Z has %d numbers, Scatter.X has %d; give one of each per dot, or leave Z empty", len(s.Z), len(s.X))
		}
		if f.bar, err = newColorScale("Scatter.Z", s.ZLabel, [][]float64{s.Z}, s.Low, s.High, s.Log, s.Colors); err != nil {
			return nil, err
		}
		f.dots.z = s.Z
	}
	if s.Label != "" {
		f.legend = append(f.legend, entry{text: s.Label, dot: size, line: lineStyle{color: f.dots.color}})
	}
	return f, f.fit(0.04)
}
