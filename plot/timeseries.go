package plot

import (
	"fmt"
	"image/color"
)

// TimeSeries is a picture of the activity of all regions over time: one thin line per region, all in the same
// translucent colour, so that where many regions agree the picture is dark; with horizontal lines for a target or
// a mean, and a legend that names them.
//
// It is an error if Series is empty, if a series and Time differ in length, if no sample is finite, or if a line has
// no finite value.
type TimeSeries struct {
	Title, XLabel, YLabel string

	Time      []float64   // one time per sample, in the unit XLabel names; empty: samples are counted from 0
	Series    [][]float64 // [region][sample]
	Highlight []Highlight // regions to draw on top of the others in a strong colour
	Lines     []HLine     // horizontal lines, the later on top of the earlier

	Color     color.Color // of the regions; nil: royal blue at half opacity
	LineWidth float64     // of the regions, in points (1/72 inch); 0: 0.8

	Width, Height float64 // in inches; 0: 10 and 6
}

// Highlight picks one region of a [TimeSeries] to stand out.
type Highlight struct {
	Series int         // index into TimeSeries.Series
	Label  string      // in the legend; empty: "region 12"
	Color  color.Color // nil: the next colour of the palette
}

// HLine is a horizontal line over the full width of the axes.
type HLine struct {
	Value float64     // height, in the unit of the vertical axis
	Label string      // in the legend, such as "Target (0.5)"; empty: not in the legend
	Color color.Color // nil: black for the first line, red for the second, then the palette
	Width float64     // in points; 0: 2.5 for the first line, 1.6 for the others, so that nearly equal lines all show
}

// Save writes the picture to path; the extension, .png, .svg or .pdf, chooses the format. The file appears
// complete or not at all.
func (t TimeSeries) Save(path string) error { return saveOne(path, t) }

func (t TimeSeries) figure() (*figure, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	f, err := newFigure("TimeSeries", t.Title, t.XLabel, t.YLabel, t.Width, t.Height)
	if err != nil {
		return nil, err
	}
	stroke, err := strokeOr("TimeSeries.LineWidth", t.LineWidth, 0.8)
	if err != nil {
		return nil, err
	}
	time := t.Time
	if len(time) == 0 {
		time = counted(len(t.Series[0]))
	}
	for _, s := range t.Series {
		f.curves = append(f.curves, curve{x: time, y: s, style: lineStyle{width: stroke, color: colorOr(t.Color, royalBlueHalf)}})
	}
	for k, h := range t.Highlight {
		style := lineStyle{width: max(1.5, stroke), color: colorOr(h.Color, palette[(k+1)%len(palette)])}
		f.curves = append(f.curves, curve{x: time, y: t.Series[h.Series], style: style})
		label := h.Label
		if label == "" {
			label = fmt.Sprintf("region %d", h.Series)
		}
		f.legend = append(f.legend, entry{text: label, line: style})
	}
	if err := f.addLines("TimeSeries.Lines", t.Lines); err != nil {
		return nil, err
	}
	return f, f.fit(0)
}

func (t TimeSeries) check() error {
	if len(t.Series) == 0 {
		return fmt.Errorf("plot: TimeSeries.Series has 0 regions; give at least one row of samples, [region][sample]")
	}
	want, source := len(t.Time), "TimeSeries.Time"
	if want == 0 {
		want, source = len(t.Series[0]), "TimeSeries.Series[0]"
	}
	if want == 0 {
		return fmt.Errorf("plot: TimeSeries.Series[0] has 0 samples; give at least one sample per region")
	}
	for i, s := range t.Series {
		if len(s) != want {
			return fmt.Errorf("plot: TimeSeries.Series[%d] has %d samples, %s has %d; give each region one sample per time, [region][sample]",
				i, len(s), source, want)
		}
	}
	for i, h := range t.Highlight {
		if h.Series < 0 || h.Series >= len(t.Series) {
			return fmt.Errorf("plot: TimeSeries.Highlight[%d] names region %d of %d; give an index from 0 to %d",
				i, h.Series, len(t.Series), len(t.Series)-1)
		}
	}
	return nil
}

// counted is 0, 1, …, n−1: the horizontal positions of samples that come without.
func counted(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i)
	}
	return x
}
