package plot

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"
)

// extent is the smallest rectangle that holds all pixels of a colour.
func extent(img image.Image, c color.Color) image.Rectangle {
	var r image.Rectangle
	want := color.NRGBAModel.Convert(c)
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			if color.NRGBAModel.Convert(img.At(x, y)) == want {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

// three colours that nothing else in a picture has.
var three = []color.Color{color.NRGBA{R: 200, A: 255}, color.NRGBA{G: 200, A: 255}, color.NRGBA{B: 200, A: 255}}

// cellsOf is where the cells of each colour lie, left of the colour bar.
func cellsOf(t *testing.T, h HeatMap) [3]image.Rectangle {
	t.Helper()
	h.Colors = three
	f, err := h.figure()
	if err != nil {
		t.Fatal(err)
	}
	l := &layout{figure: f, panel: box{0, 0, pointsPerInch * f.width, pointsPerInch * f.height}}
	l.arrange(l.leftMargin(), l.rightMargin(l.leftMargin(), 0))
	img := render(t, h)
	right := int(l.axes.right/pixel) + 2
	var out [3]image.Rectangle
	for k, c := range three {
		out[k] = extent(img.(interface {
			SubImage(image.Rectangle) image.Image
		}).SubImage(image.Rect(0, 0, right, img.Bounds().Max.Y)), c)
	}
	return out
}

// Rows of a matrix go down and its cells are square; those of a sweep go up and fill the axes.
func TestHeatMapPlaces(t *testing.T) {
	nan := math.NaN()
	z := [][]float64{{1, nan, nan, 2}, {nan, nan, nan, nan}, {3, nan, nan, nan}}
	m := cellsOf(t, HeatMap{Z: z, Matrix: true})
	first, right, down := m[0], m[1], m[2]
	if d := first.Dx() - first.Dy(); d < -1 || d > 1 || first.Dx() < 50 {
		t.Errorf("a cell of %v pixels is not square", first.Size())
	}
	if right.Min.X < first.Min.X+3*first.Dx()-3 || right.Min.X > first.Min.X+3*first.Dx()+3 || right.Min.Y != first.Min.Y {
		t.Errorf("column 3 at %v, column 0 at %v", right, first)
	}
	if down.Min.Y < first.Min.Y+2*first.Dy()-3 || down.Min.Y > first.Min.Y+2*first.Dy()+3 || down.Min.X != first.Min.X {
		t.Errorf("row 2 at %v, row 0 at %v", down, first)
	}
	s := cellsOf(t, HeatMap{Z: z, X: []float64{1, 10, 100, 1000}, LogX: true, Y: []float64{0, 1, 4}})
	first, right, up := s[0], s[1], s[2]
	if up.Max.Y >= first.Min.Y || up.Min.X != first.Min.X || right.Min.Y != first.Min.Y || right.Min.X <= first.Max.X {
		t.Errorf("row 2 at %v, column 3 at %v, the first at %v", up, right, first)
	}
	// Cells end halfway between neighbours: heights 1, 2 and 3; on the logarithmic axis all are equally wide.
	if ratio := float64(up.Dy()) / float64(first.Dy()); math.Abs(ratio-3) > 0.05 {
		t.Errorf("rows are %d and %d high, want 3 times", up.Dy(), first.Dy())
	}
	if d := right.Dx() - first.Dx(); d < -1 || d > 1 {
		t.Errorf("columns are %d and %d wide, want the same", right.Dx(), first.Dx())
	}
}

// The colour of a number lies in proportion between the ends, or in that of logarithms, and does not go beyond.
func TestHeatMapColors(t *testing.T) {
	colors := []color.Color{color.NRGBA{A: 255}, color.NRGBA{R: 200, G: 100, A: 255}}
	for _, c := range []struct {
		h    HeatMap
		want []int // red of each number
	}{
		{HeatMap{Z: [][]float64{{-2, 0, 2, 1}}}, []int{0, 100, 200, 150}},
		{HeatMap{Z: [][]float64{{1, 10, 100, 0}}, Log: true}, []int{0, 100, 200, -1}},
		{HeatMap{Z: [][]float64{{-9, 0, 1, math.Inf(1)}}, Low: -1, High: 1}, []int{0, 100, 200, -1}},
		{HeatMap{Z: [][]float64{{5, 5}}}, []int{100, 100}},
		{HeatMap{Z: [][]float64{{-math.MaxFloat64, 0, math.MaxFloat64}}}, []int{0, 100, 200}},
	} {
		c.h.Colors = colors
		f, err := c.h.figure()
		if err != nil {
			t.Fatal(err)
		}
		patches := f.cells.patches(f, box{0, 0, 100, 100})
		for k, v := range c.want {
			if v < 0 {
				c.want = slices.Delete(c.want, k, k+1)
				break
			}
		}
		var got []int
		for _, p := range patches {
			got = append(got, int(p.color.(color.NRGBA).R))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: reds %v, want %v", c.h.Z, got, c.want)
		}
	}
}

// The bar is pointed where numbers lie beyond it.
func TestColorBarEnds(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		below     bool
		above     bool
	}{{0, 0, false, false}, {1, 3, false, false}, {1.5, 3, true, false}, {0, 2.5, false, true}, {2, 2.5, true, true}} {
		h := HeatMap{Z: [][]float64{{1, 2}, {math.NaN(), 3}}, Low: c.low, High: c.high, Colors: three, Width: 3, Height: 3}
		f, err := h.figure()
		if err != nil {
			t.Fatal(err)
		}
		if f.cells.below != c.below || f.cells.above != c.above {
			t.Errorf("%v to %v: below %v, above %v", c.low, c.high, f.cells.below, f.cells.above)
		}
		render(t, h)
	}
}

// Lightness rises in nearly equal steps along the colour maps: they are perceptually even.
func TestColorMapsAreEven(t *testing.T) {
	lightness := func(c color.Color) float64 { // L* of CIE 1976, for sRGB
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		linear := func(v uint8) float64 {
			x := float64(v) / 255
			if x <= 0.04045 {
				return x / 12.92
			}
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		y := 0.2126*linear(n.R) + 0.7152*linear(n.G) + 0.0722*linear(n.B)
		if y <= 216.0/24389 {
			return y * 24389 / 27
		}
		return 116*math.Cbrt(y) - 16
	}
	for name, m := range map[string][]color.Color{"viridis": Viridis(), "cividis": Cividis()} {
		from, to := lightness(m[0]), lightness(m[len(m)-1])
		if from > 20 || to < 85 {
			t.Errorf("%s goes from lightness %.0f to %.0f", name, from, to)
		}
		for k := range 16 {
			step := lightness(mix(m, float64(k+1)/16)) - lightness(mix(m, float64(k)/16))
			if want := (to - from) / 16; step < 0.7*want || step > 1.4*want {
				t.Errorf("%s: step %d of lightness is %.1f, want about %.1f", name, k, step, want)
			}
		}
	}
	if got, want := mix(Viridis(), 0.5), (color.NRGBA{R: 0x21, G: 0x90, B: 0x8c, A: 255}); got != want {
		t.Errorf("the middle of viridis is %v, want %v", got, want)
	}
}

func TestEdges(t *testing.T) {
	for _, c := range []struct {
		at   []float64
		n    int
		log  bool
		want []float64
	}{
		{nil, 3, false, []float64{0.5, 1.5, 2.5, 3.5}},
		{[]float64{0, 1, 4}, 3, false, []float64{-0.5, 0.5, 2.5, 5.5}},
		{[]float64{7}, 1, false, []float64{6.5, 7.5}},
		{[]float64{1, 100}, 2, true, []float64{0.1, 10, 1000}},
	} {
		got, err := edges("X", c.at, c.n, c.log)
		if err != nil {
			t.Fatal(err)
		}
		for k := range c.want {
			if len(got) != len(c.want) || math.Abs(got[k]-c.want[k]) > 1e-12*c.want[len(c.want)-1] {
				t.Errorf("%v: %v, want %v", c.at, got, c.want)
				break
			}
		}
	}
}

// A counted axis has ticks at whole numbers only; one that goes down has them in that order.
func TestAxisOfCells(t *testing.T) {
	a := axis{lo: 0.5, hi: 3.5, whole: true, down: true, seen: true}
	var got string
	for _, k := range a.ticks(func([]string, float64) bool { return true }) {
		got += fmt.Sprintf("%s at %.3f, ", k.label, k.at)
	}
	if want := "1 at 0.833, 2 at 0.500, 3 at 0.167, "; got != want {
		t.Errorf("ticks %s, want %s", got, want)
	}
	if a.place(1) <= a.place(3) {
		t.Errorf("1 is at %v, 3 at %v", a.place(1), a.place(3))
	}
}

// Of a large matrix means over blocks are shown, of what can be shown; of logarithms where colours are.
func TestHeatMapBlocks(t *testing.T) {
	z := make([][]float64, 801)
	for i := range z {
		z[i] = make([]float64, 401)
		for j := range z[i] {
			z[i][j] = []float64{1, 100, math.NaN()}[(i/3+j/2)%3]
		}
	}
	for _, log := range []bool{false, true} {
		f, err := HeatMap{Z: z, Log: log}.figure()
		if err != nil {
			t.Fatal(err)
		}
		c := f.cells
		if len(c.z) != 267 || len(c.z[0]) != 201 || len(c.y) != 268 || len(c.x) != 202 || c.y[1] != 3.5 || c.y[267] != 801.5 || c.x[201] != 401.5 {
			t.Fatalf("%d rows, %d columns, borders %v … %v, %v", len(c.z), len(c.z[0]), c.y[1], c.y[267], c.x[201])
		}
		if c.z[0][0] != 1 || math.Abs(c.z[0][1]-100) > 1e-12 || !math.IsNaN(c.z[0][2]) {
			t.Errorf("log %v: means %v", log, c.z[0][:3])
		}
	}
	f, err := HeatMap{Z: [][]float64{slices.Repeat([]float64{1, 100}, 201)}, Log: true}.figure()
	if err != nil || math.Abs(f.cells.z[0][7]-10) > 1e-12 {
		t.Errorf("the mean of logarithms is %v (%v)", f.cells.z[0][7], err)
	}
}

// Panels of a row stand beside each other, equal ones with equal axes, and are as high as the highest.
func TestRows(t *testing.T) {
	a := HeatMap{Z: [][]float64{{1, 2}, {3, 4}}, Matrix: true, Colors: three, Width: 3, Height: 3}
	b := a
	b.Z, b.YLabel, b.Label = [][]float64{{1000, 2000}, {1000, 4000}}, "Target", "Length (mm)" // wider labels
	path := t.TempDir() + "/r.png"
	if err := Rows(path, []Panel{a, b}, []Panel{Scatter{X: ramp(3), Y: ramp(3), Width: 2, Height: 2}}); err != nil {
		t.Fatal(err)
	}
	img := readPNG(t, path)
	if got := img.Bounds().Size(); got != image.Pt(900, 750) {
		t.Fatalf("size %v, want 900 × 750", got)
	}
	half := func(from int) image.Rectangle {
		sub := img.(interface {
			SubImage(image.Rectangle) image.Image
		}).SubImage(image.Rect(from, 0, from+450, 450))
		// The first cell, the darkest: its colour is in the bar's lowest step too, which lies right of it and below.
		at := extent(sub, three[0])
		return at
	}
	left, right := half(0), half(450)
	if left.Min.X+450 != right.Min.X || left.Min.Y != right.Min.Y {
		t.Errorf("first cells at %v and %v, want the same, half a picture apart", left, right)
	}
	checkMessage(t, Rows(path), []string{"no rows", "give"})
	checkMessage(t, Rows(path, []Panel{a}, nil), []string{"row 2 of 2 has no panels"})
	checkMessage(t, Rows(path, []Panel{a, nil}), []string{"panel 2 of row 1 is nil"})
	checkMessage(t, Rows(path, []Panel{a, Scatter{}}), []string{"panel 2 of row 1", "empty"})
}
