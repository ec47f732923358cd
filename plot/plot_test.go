package plot

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// waves are series of a known range: regions × samples between −1 and 1.
func waves(regions, samples int) [][]float64 {
	s := make([][]float64, regions)
	for i := range s {
		s[i] = make([]float64, samples)
		for k := range s[i] {
			s[i][k] = math.Sin(float64(k)/20 + float64(i))
		}
	}
	return s
}

func ramp(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i)
	}
	return x
}

// render saves p as PNG and reads it back.
func render(t *testing.T, p Panel) image.Image {
	t.Helper()
	path := filepath.Join(t.TempDir(), "p.png")
	if err := p.Save(path); err != nil {
		t.Fatal(err)
	}
	return readPNG(t, path)
}

func readPNG(t *testing.T, path string) image.Image {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// rowsOf are the rows of column x that have exactly the colour c.
func rowsOf(img image.Image, x int, c color.NRGBA) []int {
	var rows []int
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		if color.NRGBAModel.Convert(img.At(x, y)) == c {
			rows = append(rows, y)
		}
	}
	return rows
}

// bandOf is the middle and the height of the topmost band of colour c in column x; text further down may share it.
func bandOf(t *testing.T, img image.Image, x int, c color.NRGBA) (middle float64, height int) {
	t.Helper()
	rows := rowsOf(img, x, c)
	if len(rows) == 0 {
		t.Fatalf("column %d has no pixel of colour %v", x, c)
	}
	for height = 1; height < len(rows) && rows[height] == rows[0]+height; height++ {
	}
	return float64(rows[0]) + float64(height-1)/2, height
}

// countOf is the number of pixels of exactly the colour c between columns from and to.
func countOf(img image.Image, from, to int, c color.NRGBA) int {
	n := 0
	for x := from; x < to; x++ {
		n += len(rowsOf(img, x, c))
	}
	return n
}

func TestSaveSizes(t *testing.T) {
	x, y := ramp(50), waves(3, 50)
	for name, c := range map[string]struct {
		p    Panel
		w, h int
	}{
		"time series, default size": {TimeSeries{Series: y}, 1500, 900},
		"time series 4×3":           {TimeSeries{Title: "T", Time: x, Series: y, Width: 4, Height: 3}, 600, 450},
		"heat map, default size":    {HeatMap{Z: y}, 900, 750},
		"smallest heat map":         {HeatMap{Title: "A long title", Z: y, Matrix: true, Label: "a label without room", Width: 2, Height: 2}, 300, 300},
		"scatter 5×2.5":             {Scatter{X: x, Y: y[0], Width: 5, Height: 2.5}, 750, 375},
		"lines 3×2, pointer":        {&Lines{Curves: []Curve{{Name: "loss", Y: y[0]}}, Width: 3, Height: 2}, 450, 300},
		"histogram, default size":   {Histogram{Samples: []Sample{{Name: "a", X: y[0]}, {Name: "b", X: y[1]}}}, 900, 600},
		"family, default size":      {Family{Y: y, Z: ramp(3), Label: "z"}, 1500, 900},
		"smallest family":           {Family{Title: "A long title", Y: y, Z: ramp(3), Label: "a label without room", Width: 2, Height: 2}, 300, 300},
		"scatter with colours":      {Scatter{X: x, Y: y[0], Z: y[1], ZLabel: "z", LogX: true, Width: 4, Height: 3}, 600, 450},
		"smallest":                  {Lines{Title: "A long title for a stamp of a picture", Curves: []Curve{{Name: "a name without room", Y: y[0]}}, Width: 2, Height: 2}, 300, 300},
	} {
		t.Run(name, func(t *testing.T) {
			if got := render(t, c.p).Bounds().Size(); got != image.Pt(c.w, c.h) {
				t.Errorf("size %v, want %d × %d", got, c.w, c.h)
			}
		})
	}
}

func TestStackSizeAndAlignment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.png")
	green := color.NRGBA{G: 200, A: 255}
	// The labels of the two panels' vertical axes differ in width; the lines must begin and end in line all the same.
	a := TimeSeries{Series: [][]float64{{0, 1}}, Lines: []HLine{{Value: 0.3, Color: green}}, Width: 5, Height: 2}
	b := Scatter{X: ramp(3), Y: []float64{100000, 150000, 123456}, Lines: []HLine{{Value: 110000, Color: green}}, Width: 4, Height: 3}
	if err := Stack(path, a, b); err != nil {
		t.Fatal(err)
	}
	img := readPNG(t, path)
	if got := img.Bounds().Size(); got != image.Pt(750, 750) {
		t.Fatalf("size %v, want 750 × 750: the wider width, both heights", got)
	}
	var ends [2][2]int
	for panel, rows := range [2][2]int{{0, 300}, {300, 750}} {
		first, last := -1, -1
		for x := range 750 {
			for _, y := range rowsOf(img, x, green) {
				if y >= rows[0] && y < rows[1] {
					if first < 0 {
						first = x
					}
					last = x
				}
			}
		}
		ends[panel] = [2]int{first, last}
	}
	if ends[0] != ends[1] || ends[0][0] < 50 || ends[0][1] < 600 {
		t.Errorf("lines span columns %v and %v, want the same", ends[0], ends[1])
	}
}

func TestTargetLineIsBlackAtItsHeight(t *testing.T) {
	green, brown := color.NRGBA{G: 200, A: 255}, color.NRGBA{R: 150, G: 75, A: 255}
	img := render(t, TimeSeries{
		Series: [][]float64{{0, 1}}, Width: 6, Height: 4,
		Lines: []HLine{{Value: 0.5}, {Value: 0.25, Color: green, Width: 3}, {Value: 0.75, Color: brown, Width: 3}, {Value: 0.9}, {Value: 0.1, Color: red}},
	})
	for _, x := range []int{100, 300, 500, 850} { // the blue series passes below the lines somewhere between
		low, _ := bandOf(t, img, x, green)
		high, _ := bandOf(t, img, x, brown)
		target, thick := bandOf(t, img, x, black)
		if high >= low {
			t.Fatalf("column %d: 0.75 is in row %g, 0.25 in row %g, want it above", x, high, low)
		}
		if want := (low + high) / 2; math.Abs(target-want) > 1 {
			t.Errorf("column %d: 0.5 is in row %g, want %g, halfway between 0.25 and 0.75", x, target, want)
		}
		if thick < 4 || thick > 6 {
			t.Errorf("column %d: the target line is %d pixels thick, want 2.5 points ≈ 5.2", x, thick)
		}
	}
	if n := countOf(img, 100, 850, red); n < 750 {
		t.Errorf("%d red pixels, want a line of at least 750", n)
	}
}

// A constant series and a horizontal line of the same value must meet, also on a logarithmic axis.
func TestSeriesAndLineShareTheScale(t *testing.T) {
	green := color.NRGBA{G: 200, A: 255}
	for _, log := range []bool{false, true} {
		img := render(t, Lines{LogY: log, Width: 6, Height: 4,
			Curves: []Curve{{Y: []float64{1, 1000}, Color: white}, {X: []float64{0, 0.5}, Y: []float64{20, 20}, Color: black, Width: 6}},
			Lines:  []HLine{{Value: 20, Color: green, Width: 2}}})
		// The wider curve shows above and below the line: as much on either side.
		g, _ := bandOf(t, img, 300, green)
		above, below := 0, 0
		for _, y := range rowsOf(img, 300, black) {
			switch d := float64(y) - g; {
			case d < 0 && d > -20:
				above++
			case d > 0 && d < 20:
				below++
			}
		}
		if above < 2 || below < 2 || above-below > 1 || below-above > 1 {
			t.Errorf("log %v: the curve shows %d rows above the line and %d below", log, above, below)
		}
	}
}

func TestNonFiniteSamplesLeaveGaps(t *testing.T) {
	y := ramp(101)
	for i := 40; i <= 60; i++ {
		y[i] = []float64{math.NaN(), math.Inf(1), math.Inf(-1)}[i%3]
	}
	green := color.NRGBA{G: 200, A: 255}
	img := render(t, Lines{Curves: []Curve{{Y: y, Color: green, Width: 3}}, Width: 6, Height: 4})
	// 900 columns; the axes take about the right 830 of them, so that the gap lies between columns 400 and 560.
	if n := countOf(img, 420, 540, green); n != 0 {
		t.Errorf("%d coloured pixels in the gap, want 0", n)
	}
	if left, right := countOf(img, 100, 380, green), countOf(img, 600, 880, green); left < 280 || right < 280 {
		t.Errorf("%d and %d coloured pixels beside the gap, want lines", left, right)
	}
}

func TestLoneSampleIsADot(t *testing.T) {
	nan := math.NaN()
	green := color.NRGBA{G: 200, A: 255}
	img := render(t, Lines{Curves: []Curve{{Y: []float64{nan, 3, nan}, Color: green, Width: 6}}, Width: 4, Height: 3})
	if n := countOf(img, 0, 600, green); n < 100 {
		t.Errorf("%d coloured pixels, want a dot of about 9 points", n)
	}
}

func TestScatterDots(t *testing.T) {
	img := render(t, Scatter{X: []float64{1, 2, 3, math.NaN()}, Y: []float64{1, 3, 2, 2}, Width: 4, Height: 3})
	mixed := color.NRGBA{R: 77, G: 77, B: 77, A: 255} // white seen through black of opacity 0.7
	n := 0
	for d := uint8(0); d < 3; d++ { // rounding may differ by one
		n += countOf(img, 0, 600, color.NRGBA{R: mixed.R - 1 + d, G: mixed.G - 1 + d, B: mixed.B - 1 + d, A: 255})
	}
	disc := func(d float64) float64 { return math.Pi / 4 * d * d }
	if most, least := 3*disc(5.5/pixel), 3*disc(5.5/pixel-3); float64(n) > most || float64(n) < least { // edges are lighter
		t.Errorf("%d pixels of dots, want %.0f to %.0f for three", n, least, most)
	}
}

func TestVectorFormats(t *testing.T) {
	p := TimeSeries{Title: "Σᵢ & <τ> 10⁻³", YLabel: "S", Series: waves(4, 300), Lines: []HLine{{Value: 0.5, Label: "Target (0.5)"}}}
	dir := t.TempDir()
	for _, name := range []string{"a.svg", "a.pdf", "B.PDF", "b.PnG"} {
		if err := p.Save(filepath.Join(dir, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	svg, err := os.ReadFile(filepath.Join(dir, "a.svg"))
	if err != nil {
		t.Fatal(err)
	}
	paths := 0
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "path" {
			paths++
		}
	}
	if paths < 10 || !bytes.Contains(svg, []byte("Target (0.5)")) || !bytes.Contains(svg, []byte("stroke-opacity:0.50")) {
		t.Errorf("%d paths; want the series at half opacity and the legend's text in %d bytes", paths, len(svg))
	}
	pdf, err := os.ReadFile(filepath.Join(dir, "a.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(pdf), []byte("%%EOF")) {
		t.Errorf("a.pdf begins %q and ends %q", pdf[:8], pdf[len(pdf)-8:])
	}
}

func TestSaveLeavesTheDataAlone(t *testing.T) {
	y := waves(2, 5000)
	before := append([]float64(nil), y[1]...)
	p := TimeSeries{Series: y, Width: 3, Height: 2}
	for _, name := range []string{"a.png", "a.pdf", "a.svg"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := p.Save(filepath.Join(t.TempDir(), name)); err != nil {
				t.Error(err)
			}
		})
	}
	for i := range before {
		if y[1][i] != before[i] {
			t.Fatalf("sample %d changed", i)
		}
	}
}
