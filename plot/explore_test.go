package plot

import (
	"image/color"
	"math"
	"path/filepath"
	"slices"
	"testing"
)

// The band lies between its edges and nowhere else, and leaves a gap where an edge has no number.
func TestBand(t *testing.T) {
	n := 101
	x, y, low, high := ramp(n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range x {
		y[i], low[i], high[i] = 5, 2, 8
		if i > 60 {
			high[i] = math.NaN()
		}
	}
	green := color.NRGBA{G: 200, A: 255}
	p := Lines{Curves: []Curve{{X: x, Y: y, Low: low, High: high, Color: green}, {Y: []float64{0, 10}}}, Width: 4, Height: 4}
	l := arranged(t, p)
	img := render(t, p)
	row := func(v float64) int { return int((l.panel.top - l.locate(l.axes, 0, v).y) / pixel) }
	column := func(v float64) int { return int(l.locate(l.axes, v, 0).x / pixel) }
	tinted := func(x, y int) bool {
		c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
		return int(c.G) > int(c.R)+5 && int(c.G) > int(c.B)+5
	}
	for _, c := range []struct {
		x, y float64
		want bool
	}{{23, 3.1, true}, {23, 7.1, true}, {57, 2.3, true}, {23, 1.5, false}, {23, 8.6, false}, {66, 7.1, false}, {88, 3.1, false}} {
		if got := tinted(column(c.x), row(c.y)); got != c.want {
			t.Errorf("at %g, %g: in the band %v, want %v", c.x, c.y, got, c.want)
		}
	}
	// The axes hold the band, not the curve alone.
	l = arranged(t, Lines{Curves: []Curve{{Y: []float64{1, 1}, Low: []float64{-3, 0}, High: []float64{2, 4}}}})
	if l.y.lo > -3 || l.y.hi < 4 {
		t.Errorf("vertical axis %g … %g, want it to hold −3 … 4", l.y.lo, l.y.hi)
	}
}

func TestLegendLeavesTheBandUncovered(t *testing.T) {
	// Two points far apart: the legend would fit between them without meeting an edge.
	wide := Lines{Curves: []Curve{{Name: "mean ± one standard deviation", Y: []float64{5, 5}, Low: []float64{0, 0}, High: []float64{10, 10}}}}
	if f := arranged(t, wide).legendAt.frame; f.width() > 0 {
		t.Errorf("the legend lies on the band, at %v", f)
	}
	narrow := Lines{Curves: []Curve{{Name: "mean", Y: []float64{0, 5}, Low: []float64{0, 4}, High: []float64{0, 6}}}}
	if f := arranged(t, narrow).legendAt.frame; f.width() == 0 {
		t.Error("no place for the legend beside a narrow band")
	}
}

// The colours of dots and curves are those of their numbers on the bar.
func TestColorsByNumber(t *testing.T) {
	colors := []color.Color{color.NRGBA{A: 255}, color.NRGBA{R: 200, G: 100, A: 255}}
	s := arranged(t, Scatter{X: ramp(4), Y: ramp(4), Z: []float64{1, 2, math.NaN(), 3}, Colors: colors})
	var reds []uint8
	for _, d := range s.shapes.dots {
		reds = append(reds, d.color.(color.NRGBA).R)
	}
	if want := []uint8{0, 100, 200}; !slices.Equal(reds, want) {
		t.Errorf("reds of the dots %v, want %v", reds, want)
	}
	if s.axes.right > s.panel.right-s.bar.barRoom()+pixel {
		t.Error("no room for the colour bar")
	}
	f, err := Family{Y: [][]float64{{1, 2}, {2, 3}, {3, 4}}, Z: []float64{1, 10, 100}, Log: true, Colors: colors}.figure()
	if err != nil {
		t.Fatal(err)
	}
	reds = nil
	for _, c := range f.curves {
		reds = append(reds, c.style.color.(color.NRGBA).R)
	}
	if want := []uint8{0, 100, 200}; !slices.Equal(reds, want) {
		t.Errorf("reds of the curves %v, want %v", reds, want)
	}
}

// By hand: bins [0, 1), [1, 2), [2, 3), [3, 4].
func TestHistogramCounts(t *testing.T) {
	values := []float64{0, 0.5, 1, 2.5, 3, 4, math.NaN(), math.Inf(1)}
	for _, c := range []struct {
		h    Histogram
		want []float64
	}{
		{Histogram{Samples: []Sample{{X: values}}, Bins: 4}, []float64{2, 1, 1, 2}},
		{Histogram{Samples: []Sample{{X: values}}}, []float64{2, 1, 1, 2}}, // 6 values: 1 + ⌈log₂ 6⌉ = 4
		{Histogram{Samples: []Sample{{X: values}}, Bins: 2, Density: true}, []float64{3.0 / 6 / 2, 3.0 / 6 / 2}},
		{Histogram{Samples: []Sample{{X: []float64{1, 5, 20, 100, 1000, -3}}}, Bins: 3, LogX: true}, []float64{2, 1, 2}},
		{Histogram{Samples: []Sample{{X: []float64{7, 7}}}}, []float64{0, 2}},
	} {
		f, err := c.h.figure()
		if err != nil {
			t.Fatal(err)
		}
		if got := f.bars[0].heights; !slices.Equal(got, c.want) {
			t.Errorf("%+v: heights %v, want %v", c.h, got, c.want)
		}
	}
	// Several samples share bins, and bars stand on the frame.
	f, err := Histogram{Samples: []Sample{{X: values}, {X: []float64{8, 8}}}, Bins: 2}.figure()
	if err != nil {
		t.Fatal(err)
	}
	if a, b := f.bars[0], f.bars[1]; !slices.Equal(a.borders, []float64{0, 4, 8}) || !slices.Equal(a.borders, b.borders) || !slices.Equal(b.heights, []float64{0, 2}) || f.y.lo != 0 {
		t.Errorf("bars %v and %v from %g", a, b, f.y.lo)
	}
}

// The fields of a row share the vertical axis, those of a column the horizontal one, histograms included, and lie in line.
func TestScatterMatrixFields(t *testing.T) {
	a, b, c := []float64{0, 1, 2, 3}, []float64{1, 10, 100, 1000}, []float64{-5000, 0, 5000, math.NaN()}
	m := ScatterMatrix{Title: "T", Columns: []Column{{Label: "a", Values: a}, {Label: "b", Values: b, Log: true}, {Label: "c", Values: c}}, Z: a, ZLabel: "z"}
	l, err := m.layout()
	if err != nil {
		t.Fatal(err)
	}
	if l.width != 7 || l.height != 7 {
		t.Errorf("%g × %g inches, want 7 × 7", l.width, l.height)
	}
	for i, row := range l.fields {
		if len(row) != i+1 {
			t.Fatalf("row %d has %d fields", i, len(row))
		}
		for j, f := range row {
			last := l.fields[2][j]
			if f.x != last.x || f.axes.left != last.axes.left || f.axes.right != last.axes.right {
				t.Errorf("row %d, column %d: another horizontal axis than the last of its column", i, j)
			}
			if j < i && (f.y != row[0].y || f.axes.bottom != row[0].axes.bottom) {
				t.Errorf("row %d, column %d: another vertical axis than the first of its row", i, j)
			}
			if f.x.log != (j == 1) {
				t.Errorf("row %d, column %d: logarithmic %v", i, j, f.x.log)
			}
			for _, g := range []*layout{row[0], last} {
				if f != g && f.axes.left < g.axes.right && g.axes.left < f.axes.right && f.axes.bottom < g.axes.top && g.axes.bottom < f.axes.top {
					t.Errorf("row %d, column %d lies on another field", i, j)
				}
			}
		}
	}
	if n := len(l.fields[2][0].shapes.dots); n != 3 { // NaN
		t.Errorf("%d dots of a and c, want 3", n)
	}
	if right := l.barAt.right + l.bar.barRoom(); l.barAt.left > l.barAt.right || right > pointsPerInch*l.width || l.barAt.right+barGap < l.fields[0][0].axes.right {
		t.Errorf("the colour bar, at %v to %g, leaves the sheet or lies on the histogram", l.barAt, right)
	}
	for _, name := range []string{"m.png", "m.svg", "m.pdf"} {
		if err := m.Save(filepath.Join(t.TempDir(), name)); err != nil {
			t.Error(err)
		}
	}
}

// The labels below do not touch, whatever the numbers.
func TestScatterMatrixLabels(t *testing.T) {
	for _, scale := range []float64{1, 1e-3, 12345, 3e-9} {
		v := []float64{-scale, 0, scale / 3, scale}
		l, err := ScatterMatrix{Columns: []Column{{Values: v}, {Values: v}, {Values: v}}, Width: 5.5, Height: 5.5}.layout()
		if err != nil {
			t.Fatal(err)
		}
		end := 0.0
		for _, f := range l.fields[2] {
			f.separate(end)
			shown := 0
			for _, k := range f.xticks {
				if k.label == "" {
					continue
				}
				at, half := f.axes.left+k.at*f.axes.width(), textWidth(tickSize, k.label)/2
				if at-half < end+3 {
					t.Errorf("scale %g: label %q begins at %g, the one before ends at %g", scale, k.label, at-half, end)
				}
				end, shown = at+half, shown+1
			}
			if shown == 0 {
				t.Errorf("scale %g: a field without labels", scale)
			}
		}
	}
}
