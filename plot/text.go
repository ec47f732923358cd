package plot

import (
	"math"
	"strings"
	"sync"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
)

// Font sizes in points.
const (
	titleSize  = 14.0
	labelSize  = 12.0
	tickSize   = 10.5
	legendSize = 11.0
)

// Parts of the font size, of Liberation Sans: the height of digits and capitals, and the depth of a "g".
const (
	capHeight = 0.69
	descent   = 0.21
)

var fonts = sync.OnceValue(func() *font.Cache { return font.NewCache(liberation.Collection()) })

// face is Liberation Sans, which has the widths of Arial and Helvetica, of the given size in points.
func face(size float64) font.Face {
	return fonts().Lookup(font.Font{Typeface: "Liberation", Variant: "Sans"}, vg.Length(size))
}

// run is a piece of text on one level: 0 on the base line, +1 raised, −1 lowered.
type run struct {
	text  string
	level int
}

const (
	raised  = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀ"
	asUpper = "0123456789+−=()niT"
	lowered = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
	asLower = "0123456789+−=()aehijklmnoprstuvx"
)

// runs splits a text where Unicode sub- and superscripts begin and end. Few fonts have all of them, and few have them
// alike, so they are drawn as small ordinary letters.
func runs(s string) []run {
	var out []run
	for _, r := range s {
		r, level := plain(r)
		if len(out) == 0 || out[len(out)-1].level != level {
			out = append(out, run{level: level})
		}
		out[len(out)-1].text += string(r)
	}
	return out
}

// plain is the ordinary letter for a sub- or superscript, and its level.
func plain(r rune) (rune, int) {
	if i := runeIndex(raised, r); i >= 0 {
		return []rune(asUpper)[i], 1
	}
	if i := runeIndex(lowered, r); i >= 0 {
		return []rune(asLower)[i], -1
	}
	return r, 0
}

func runeIndex(s string, r rune) int {
	before, _, found := strings.Cut(s, string(r))
	if !found {
		return -1
	}
	return len([]rune(before))
}

// shape is the font size of a run and how far its base line is raised.
func (r run) shape(size float64) (float64, float64) {
	switch r.level {
	case 1:
		return 0.7 * size, 0.36 * size
	case -1:
		return 0.7 * size, -0.16 * size
	}
	return size, 0
}

// textWidth is the width of s in points.
func textWidth(size float64, s string) float64 {
	w := 0.0
	for _, r := range runs(s) {
		small, _ := r.shape(size)
		f := face(small)
		w += f.Width(r.text).Points()
	}
	return w
}

// fitSize is the font size, at most size, at which s is no wider than room.
func fitSize(size float64, s string, room float64) float64 {
	if w := textWidth(size, s); w > room {
		return max(size*room/w, 2)
	}
	return size
}

// text writes s with its base line at y; align is the part of its width that lies left of x.
func (p pen) text(size, x, y, align float64, s string) {
	p.sheet.SetColor(black)
	x -= align * textWidth(size, s)
	for _, r := range runs(s) {
		small, up := r.shape(size)
		f := face(small)
		// SVG viewers drop blanks at the ends of a text, so blanks are skipped over rather than written.
		word := strings.TrimLeft(r.text, " ")
		blank := f.Width(r.text[:len(r.text)-len(word)]).Points()
		if word != "" {
			p.sheet.FillString(f, point(x+blank, y+up), word)
		}
		x += f.Width(r.text).Points()
	}
}

// textUp writes s upwards, centred at y, with its base line at x.
func (p pen) textUp(size, x, y float64, s string) {
	p.sheet.Push()
	p.sheet.Translate(point(x, y))
	p.sheet.Rotate(math.Pi / 2)
	p.text(size, 0, 0, 0.5, s)
	p.sheet.Pop()
}
