package plot

import (
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// pdfSheet mends three things of the PDF canvas: translucent colours, letters beyond Western European ones, and
// pointed joins, which turn noise into spikes.
type pdfSheet struct{ *vgpdf.Canvas }

func openPDF(width, height float64) sheet {
	return pdfSheet{vgpdf.New(vg.Length(width)*vg.Inch, vg.Length(height)*vg.Inch)}
}

func (s pdfSheet) encode(w io.Writer) error {
	_, err := s.WriteTo(w)
	return err
}

// SetColor gives the canvas the colour as it is. The canvas takes a colour's premultiplied parts, as Go delivers
// them, for plain ones, and would draw translucent colours too dark.
func (s pdfSheet) SetColor(c color.Color) {
	s.Canvas.SetColor(straight{color.NRGBAModel.Convert(c).(color.NRGBA)})
}

// straight is a colour whose parts are not premultiplied by its opacity.
type straight struct{ c color.NRGBA }

func (s straight) RGBA() (r, g, b, a uint32) {
	const wide = 0x101 // 8 bits to 16
	return uint32(s.c.R) * wide, uint32(s.c.G) * wide, uint32(s.c.B) * wide, uint32(s.c.A) * wide
}

// Stroke blunts sharp turns: the canvas can only join lines in a point, which grows the longer the sharper the turn. A
// step aside, too small to see, makes two right turns of one reversal.
func (s pdfSheet) Stroke(path vg.Path) {
	const aside = 0.05 // points; the file keeps two decimals
	blunt := make(vg.Path, 0, len(path))
	for i, c := range path {
		blunt = append(blunt, c)
		if i == 0 || i+1 == len(path) || c.Type != vg.LineComp || path[i+1].Type != vg.LineComp {
			continue
		}
		before, here, after := path[i-1].Pos, c.Pos, path[i+1].Pos
		if bend(before, here, after) >= 0 {
			continue
		}
		in, out := here.Sub(before), after.Sub(here)
		if length := vg.Length(math.Hypot(float64(in.X), float64(in.Y))); length > 0 {
			step := vg.Point{X: -in.Y, Y: in.X}.Scale(aside / length)
			if step.Dot(out) < 0 {
				step = step.Scale(-1)
			}
			blunt.Line(here.Add(step))
		}
	}
	s.Canvas.Stroke(blunt)
}

// FillString writes text that can be searched, where the canvas knows all its letters; Greek letters and signs it
// does not know are drawn as shapes.
func (s pdfSheet) FillString(f font.Face, at vg.Point, text string) {
	for _, r := range text {
		if r > 0xff {
			s.outline(f, at, text)
			return
		}
	}
	s.Canvas.FillString(f, at, text)
}

// outline fills the shapes of the letters, as the font holds them.
func (s pdfSheet) outline(f font.Face, at vg.Point, text string) {
	const em = 2048 // units per em to load the shapes in, in 1/64: fine enough for any size
	scale := f.Font.Size / (64 * em)
	var path vg.Path
	for _, r := range text {
		glyph, err := f.Face.GlyphIndex(nil, r)
		if err != nil {
			continue
		}
		segments, err := f.Face.LoadGlyph(nil, glyph, 64*em, nil)
		if err != nil {
			continue
		}
		// The font counts y downwards.
		for _, seg := range segments {
			var pts [3]vg.Point
			for i, a := range seg.Args {
				pts[i] = vg.Point{X: at.X + vg.Length(a.X)*scale, Y: at.Y - vg.Length(a.Y)*scale}
			}
			switch seg.Op {
			case 0: // move
				path.Move(pts[0])
			case 1: // line
				path.Line(pts[0])
			case 2: // quadratic
				path.QuadTo(pts[0], pts[1])
			case 3: // cubic
				path.CubeTo(pts[0], pts[1], pts[2])
			}
		}
		at.X += f.Width(string(r))
	}
	s.Fill(path)
}
