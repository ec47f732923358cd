package plot

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// pen draws on a sheet, in points from the lower left corner.
type pen struct{ sheet sheet }

// box is a rectangle in points.
type box struct{ left, bottom, right, top float64 }

func (b box) width() float64  { return b.right - b.left }
func (b box) height() float64 { return b.top - b.bottom }

// inset is b made smaller by d on each side.
func (b box) inset(d float64) box {
	return box{b.left + d, b.bottom + d, b.right - d, b.top - d}
}

// xy is a point on the sheet.
type xy struct{ x, y float64 }

func point(x, y float64) vg.Point { return vg.Point{X: vg.Length(x), Y: vg.Length(y)} }

// pixel is the size of a pixel in points.
const pixel = float64(pointsPerInch) / dotsPerInch

// snap moves a position onto the border between two pixels, where lines of an even number of pixels are sharp.
func snap(v float64) float64 { return math.Round(v/pixel) * pixel }

// line strokes a polyline in one go, so that where it crosses itself a translucent colour gets no darker.
func (p pen) line(style lineStyle, pts ...xy) {
	if len(pts) == 1 {
		p.dot(1.5*style.width, style.color, pts[0]) // a sample alone between gaps
		return
	}
	path := make(vg.Path, 0, len(pts))
	path.Move(point(pts[0].x, pts[0].y))
	for _, q := range pts[1:] {
		path.Line(point(q.x, q.y))
	}
	p.sheet.SetColor(style.color)
	p.sheet.SetLineWidth(vg.Length(style.width))
	var dash []vg.Length
	for _, d := range style.dash {
		dash = append(dash, vg.Length(d))
	}
	p.sheet.SetLineDash(dash, 0)
	p.sheet.Stroke(path)
}

// dot fills a circle of the given diameter. It is made of Bézier curves: the PDF canvas would draw an arc twice.
func (p pen) dot(diameter float64, c color.Color, at xy) {
	const kappa = 0.5522847498 // control points of a quarter circle, 4/3·(√2 − 1)
	r := diameter / 2
	k := kappa * r
	var path vg.Path
	path.Move(point(at.x+r, at.y))
	for _, q := range [4][6]float64{
		{r, k, k, r, 0, r}, {-k, r, -r, k, -r, 0}, {-r, -k, -k, -r, 0, -r}, {k, -r, r, -k, r, 0},
	} {
		path.CubeTo(point(at.x+q[0], at.y+q[1]), point(at.x+q[2], at.y+q[3]), point(at.x+q[4], at.y+q[5]))
	}
	path.Close()
	p.sheet.SetColor(c)
	p.sheet.Fill(path)
}

// fill paints a rectangle.
func (p pen) fill(b box, c color.Color) {
	p.sheet.SetColor(c)
	p.sheet.Fill(b.path())
}

// polygon paints what lies between the corners.
func (p pen) polygon(c color.Color, corners ...xy) {
	var path vg.Path
	path.Move(point(corners[0].x, corners[0].y))
	for _, q := range corners[1:] {
		path.Line(point(q.x, q.y))
	}
	path.Close()
	p.sheet.SetColor(c)
	p.sheet.Fill(path)
}

// frame strokes the border of a rectangle.
func (p pen) frame(b box, style lineStyle) {
	p.sheet.SetColor(style.color)
	p.sheet.SetLineWidth(vg.Length(style.width))
	p.sheet.SetLineDash(nil, 0)
	p.sheet.Stroke(b.path())
}

func (b box) path() vg.Path {
	var path vg.Path
	path.Move(point(b.left, b.bottom))
	path.Line(point(b.right, b.bottom))
	path.Line(point(b.right, b.top))
	path.Line(point(b.left, b.top))
	path.Close()
	return path
}
