package plot

import (
	"fmt"
	"image/color"
	"math"
)

// Histogram is a picture of how samples are spread: a translucent bar per bin, as high as the number of values in it or, with
// Density, as large as their part. Several samples share bins and lie on top of each other.
//
// Bins are equally wide and span all values; each holds its lower border, the last one its upper one too. Values that are NaN or infinite are left
// out. It is an error if Samples is empty, if none has a finite value, or if Bins is negative or more than 1000.
type Histogram struct {
	Title, XLabel, YLabel string

	Samples []Sample
	Bins    int     // 0: 1 + log₂ n, rounded up, by Sturges (1926), n being the largest number of values
	Density bool    // the bars of a sample have the area 1
	LogX    bool    // logarithmic horizontal axis: the borders of the bins have equal ratios; values ≤ 0 are left out
	Lines   []HLine // horizontal lines, such as an expected density

	Width, Height float64 // in inches; 0: 6 and 4
}

// Sample is one list of values of a [Histogram].
type Sample struct {
	Name  string      // in the legend; empty: not in the legend
	X     []float64   // the values, in any order
	Color color.Color // nil: the next colour of the palette
}

// Save writes the picture to path; the extension, .png, .svg or .pdf, chooses the format. The file appears
// complete or not at all.
func (h Histogram) Save(path string) error { return saveOne(path, h) }

func (h Histogram) figure() (*figure, error) {
	if len(h.Samples) == 0 {
		return nil, fmt.Errorf("plot: Histogram.Samples has 0 samples; give at least one")
	}
	if h.Bins < 0 || h.Bins > 1000 {
		return nil, fmt.Errorf("plot: Histogram.Bins is %d; give 1 to 1000, or 0 to choose by the number of values", h.Bins)
	}
	f, err := newFigureOr("Histogram", h.Title, h.XLabel, h.YLabel, h.Width, h.Height, 6, 4)
	if err != nil {
		return nil, err
	}
	f.x.log = h.LogX
	most := h.span(&f.x)
	if most == 0 && h.LogX {
		return nil, fmt.Errorf("plot: none of the values of Histogram is finite and > 0, as a logarithmic axis needs; set LogX to false or mend the data")
	}
	if most == 0 {
		return nil, fmt.Errorf("plot: none of the values of Histogram is finite; check whether the simulation diverged")
	}
	f.x.widen(0)
	n := h.Bins
	if n == 0 {
		n = 1 + int(math.Ceil(math.Log2(float64(most))))
	}
	f.y.whole = !h.Density
	f.y.include(0)
	for i, s := range h.Samples {
		b := count(s.X, f.x, n, h.Density)
		for _, v := range b.heights {
			f.y.include(v)
		}
		c := colorOr(s.Color, palette[i%len(palette)])
		b.fill, b.outline = half(c), lineStyle{width: 2 * pixel, color: c}
		f.bars = append(f.bars, b)
		if s.Name != "" {
			f.legend = append(f.legend, entry{text: s.Name, patch: b.fill})
		}
	}
	if err := f.addLines("Histogram.Lines", h.Lines); err != nil {
		return nil, err
	}
	for _, l := range f.lines {
		f.y.include(l.value)
	}
	low := f.y.lo
	if f.y.widen(0.04); low == 0 {
		f.y.lo = 0 // the bars stand on the frame
	}
	return f, nil
}

// span makes the axis hold all values that it can show and is the largest number of them in a sample.
func (h Histogram) span(a *axis) int {
	most := 0
	for _, s := range h.Samples {
		n := 0
		for _, v := range s.X {
			if a.shows(v) {
				a.include(v)
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// count puts the values into n bins over the axis.
func count(values []float64, a axis, n int, density bool) bars {
	b := bars{borders: make([]float64, n+1), heights: make([]float64, n)}
	for k := range b.borders {
		at := float64(k) / float64(n)
		if a.log {
			b.borders[k] = math.Pow(10, math.Log10(a.lo)*(1-at)+math.Log10(a.hi)*at)
		} else {
			b.borders[k] = a.lo*(1-at) + a.hi*at
		}
	}
	total := 0
	for _, v := range values {
		if a.shows(v) {
			b.heights[min(int(a.position(v)*float64(n)), n-1)]++
			total++
		}
	}
	if density && total > 0 {
		for k := range b.heights {
			b.heights[k] /= float64(total) * (b.borders[k+1] - b.borders[k])
		}
	}
	return b
}
