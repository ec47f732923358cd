package plot

import (
	"image/png"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// dotsPerInch is the resolution of .png pictures.
const dotsPerInch = 150

// pngSheet strokes long curves in parts: the time the canvas takes grows with the square of the number of points, as it
// keeps for each row of pixels one list of all places where the curve crosses it. Where two parts of a translucent curve
// overlap, a few pixels come out darker; hence parts are long.
type pngSheet struct {
	*vgimg.Canvas
	dashed bool
}

func openPNG(width, height float64) sheet {
	return &pngSheet{Canvas: vgimg.NewWith(vgimg.UseWH(vg.Length(width)*vg.Inch, vg.Length(height)*vg.Inch), vgimg.UseDPI(dotsPerInch))}
}

func (s *pngSheet) encode(w io.Writer) error { return png.Encode(w, s.Image()) }

// SetLineDash remembers whether lines are dashed: each part of a curve would begin its dashes anew.
func (s *pngSheet) SetLineDash(dash []vg.Length, offset vg.Length) {
	s.dashed = len(dash) > 0
	s.Canvas.SetLineDash(dash, offset)
}

func (s *pngSheet) Stroke(path vg.Path) {
	const part, search = 512, 64 // points
	for !s.dashed && len(path) > 2*part && open(path) {
		cut := straightest(path, part, part+search)
		s.Canvas.Stroke(path[:cut+1])
		rest := append(vg.Path(nil), path[cut:]...)
		rest[0].Type = vg.MoveComp
		path = rest
	}
	s.Canvas.Stroke(path)
}

// straightest is the point, from ≤ point < to, where the path bends least: there two parts meet without a notch.
func straightest(path vg.Path, from, to int) int {
	best, most := from, math.Inf(-1)
	for i := from; i < to; i++ {
		if c := bend(path[i-1].Pos, path[i].Pos, path[i+1].Pos); c > most {
			best, most = i, c
		}
	}
	return best
}

// bend is the cosine of the change of direction at q on the way from p to r; −1 where a step has no direction.
func bend(p, q, r vg.Point) float64 {
	a, b := q.Sub(p), r.Sub(q)
	size := math.Sqrt(float64(a.Dot(a))) * math.Sqrt(float64(b.Dot(b)))
	if size == 0 {
		return -1
	}
	return float64(a.Dot(b)) / size
}

// open says whether a path is one polyline from start to end.
func open(path vg.Path) bool {
	for _, c := range path[1:] {
		if c.Type != vg.LineComp {
			return false
		}
	}
	return true
}
