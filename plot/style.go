package plot

import (
	"fmt"
	"image/color"
)

// lineStyle is how a line looks; lengths in points.
type lineStyle struct {
	width float64
	color color.Color
	dash  []float64 // lengths on and off in turn; nil: solid
}

var (
	royalBlueHalf = color.NRGBA{R: 65, G: 105, B: 225, A: 128}
	blackMost     = color.NRGBA{A: 178} // opacity 0.7
	gridColor     = color.NRGBA{R: 128, G: 128, B: 128, A: 77}
	frameColor    = color.NRGBA{R: 40, G: 40, B: 40, A: 255}
	boxColor      = color.NRGBA{R: 190, G: 190, B: 190, A: 255}
	black         = color.NRGBA{A: 255}
	white         = color.NRGBA{R: 255, G: 255, B: 255, A: 255}
	red           = color.NRGBA{R: 255, A: 255}
)

// palette tells curves apart, for colour-blind readers too: royal blue and colours of Okabe and Ito,
// https://jfly.uni-koeln.de/color/.
var palette = []color.Color{
	color.NRGBA{R: 65, G: 105, B: 225, A: 255}, // royal blue
	color.NRGBA{R: 213, G: 94, B: 0, A: 255},   // vermilion
	color.NRGBA{R: 0, G: 158, B: 115, A: 255},  // bluish green
	color.NRGBA{R: 204, G: 121, B: 167, A: 255},
	color.NRGBA{R: 230, G: 159, B: 0, A: 255},
	color.NRGBA{R: 86, G: 180, B: 233, A: 255},
	black,
}

// dashes tell curves apart once the colours of the palette are used up.
var dashes = [][]float64{nil, {6, 3}, {2, 2}, {8, 2, 2, 2}}

// lineColors are those of horizontal lines: target, mean, and further ones.
var lineColors = []color.Color{black, red, palette[2], palette[4], palette[3], palette[5]}

// colorOr is c, or preset where the user left c open.
func colorOr(c color.Color, preset color.Color) color.Color {
	if c == nil {
		return preset
	}
	return c
}

// half is a colour at half of its opacity.
func half(c color.Color) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A /= 2
	return n
}

// faded is a colour at a fifth of its opacity: of a band around a curve of that colour.
func faded(c color.Color) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A /= 5
	return n
}

// strokeOr is a width or diameter in points, or preset where the user left it 0.
func strokeOr(field string, v, preset float64) (float64, error) {
	if v == 0 {
		return preset, nil
	}
	if !(v > 0 && v <= 72) {
		return 0, fmt.Errorf("plot: %s is %g points; give more than 0 and at most 72, or 0 for %g", field, v, preset)
	}
	return v, nil
}
