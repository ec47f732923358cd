package plot

import (
	"fmt"
	"image/color"
	"math"
)

// HeatMap is a picture of a matrix: a coloured cell per number, with a colour bar. It shows the weights of a network, with
// Matrix set, or what a sweep over two parameters found.
//
// Cells whose number cannot be shown, being NaN, infinite, or ≤ 0 where Log is set, are left white. Numbers beyond Low and High
// have the colour of that end, and the bar ends in a point there. Of a matrix with more than 400 rows or columns means over blocks are shown. It is an error
// if Z is empty or ragged, if X or Y do not fit it or do not increase, if no number can be shown, or if Low ≥ High.
type HeatMap struct {
	Title, XLabel, YLabel string

	Z    [][]float64 // [row][column]
	X, Y []float64   // what columns and rows stand for, increasing; empty: counted from 1
	// LogX and LogY make an axis logarithmic; then X or Y must be > 0.
	LogX, LogY bool
	// Matrix puts the first row at the top and makes cells square, as a matrix is written; else the first row is at the bottom.
	Matrix bool

	Label     string        // of the colour bar, with the unit: "Length (mm)"
	Log       bool          // logarithmic colours
	Low, High float64       // of the colours; both 0: least and largest number of Z
	Colors    []color.Color // from Low to High, mixed between; nil: Viridis

	Width, Height float64 // in inches; 0: 6 and 5
}

// Save writes the picture to path; the extension, .png, .svg or .pdf, chooses the format. The file appears
// complete or not at all.
func (h HeatMap) Save(path string) error { return saveOne(path, h) }

func (h HeatMap) figure() (*figure, error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	f, err := newFigureOr("HeatMap", h.Title, h.XLabel, h.YLabel, h.Width, h.Height, 6, 5)
	if err != nil {
		return nil, err
	}
	if f.bar, err = newColorScale("HeatMap.Z", h.Label, h.Z, h.Low, h.High, h.Log, h.Colors); err != nil {
		return nil, err
	}
	c := &cells{colorScale: f.bar, z: h.Z, square: h.Matrix}
	if c.x, err = edges("HeatMap.X", h.X, len(h.Z[0]), h.LogX); err != nil {
		return nil, err
	}
	if c.y, err = edges("HeatMap.Y", h.Y, len(h.Z), h.LogY); err != nil {
		return nil, err
	}
	f.x = axis{lo: c.x[0], hi: c.x[len(c.x)-1], log: h.LogX, whole: len(h.X) == 0, seen: true}
	f.y = axis{lo: c.y[0], hi: c.y[len(c.y)-1], log: h.LogY, whole: len(h.Y) == 0, seen: true, down: h.Matrix}
	c.shrink()
	f.cells = c
	return f, nil
}

func (h HeatMap) check() error {
	if len(h.Z) == 0 || len(h.Z[0]) == 0 {
		return fmt.Errorf("plot: HeatMap.Z is empty; give at least one row of one number")
	}
	for i, row := range h.Z {
		if len(row) != len(h.Z[0]) {
			return fmt.Errorf("plot: HeatMap.Z[%d] has %d numbers, Z[0] has %d; give rows of equal length", i, len(row), len(h.Z[0]))
		}
	}
	return nil
}

// edges are the borders of n cells around the positions given: halfway between neighbours, and as far on the outer sides.
func edges(field string, at []float64, n int, log bool) ([]float64, error) {
	if len(at) == 0 {
		at = counted(n)
		for k := range at {
			at[k]++
		}
	}
	if len(at) != n {
		return nil, fmt.Errorf("plot: %s has %d numbers, HeatMap.Z has %d cells along it; give one each, or leave it empty to count from 1", field, len(at), n)
	}
	middle := make([]float64, n)
	for k, v := range at {
		switch {
		case !finite(v) || k > 0 && v <= at[k-1]:
			return nil, fmt.Errorf("plot: %s[%d] is %g; give finite numbers that increase", field, k, v)
		case log && v <= 0:
			return nil, fmt.Errorf("plot: %s[%d] is %g, which a logarithmic axis cannot show; give numbers > 0", field, k, v)
		case log:
			middle[k] = math.Log10(v)
		default:
			middle[k] = v
		}
	}
	borders := make([]float64, n+1)
	for k := 1; k < n; k++ {
		borders[k] = middle[k-1]/2 + middle[k]/2
	}
	first, last := 0.5, 0.5
	if n > 1 {
		first, last = borders[1]-middle[0], middle[n-1]-borders[n-1]
	}
	borders[0], borders[n] = middle[0]-first, middle[n-1]+last
	for k := range borders {
		if log {
			borders[k] = math.Pow(10, borders[k])
		}
		if !finite(borders[k]) || log && borders[k] == 0 {
			return nil, fmt.Errorf("plot: %s reaches %g; give numbers whose cells stay within the range of float64", field, at[min(k, n-1)])
		}
	}
	return borders, nil
}
