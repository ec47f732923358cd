package plot

import (
	"image/color"
	"slices"
	"strconv"
	"testing"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestRuns(t *testing.T) {
	for s, want := range map[string][]run{
		"":          nil,
		"Time (ms)": {{"Time (ms)", 0}},
		"Σᵢ Cᵢⱼ":    {{"Σ", 0}, {"i", -1}, {" C", 0}, {"ij", -1}},
		"10⁻³ m²":   {{"10", 0}, {"−3", 1}, {" m", 0}, {"2", 1}},
	} {
		if got := runs(s); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
	if a, b := len([]rune(raised)), len([]rune(asUpper)); a != b {
		t.Errorf("%d raised signs, %d letters for them", a, b)
	}
	if a, b := len([]rune(lowered)), len([]rune(asLower)); a != b {
		t.Errorf("%d lowered signs, %d letters for them", a, b)
	}
}

// The letters pictures are labelled with are in the font; glyph 0 is the box for a missing one.
func TestFontHasTheLetters(t *testing.T) {
	f := face(tickSize)
	for _, r := range "abcXYZ0189 αβγδεζηθκλμνξπρσςτυφχψωΓΔΘΛΞΠΣΦΨΩ±×−·≤≥≈∞∂√∑∫µ°…äöüßéñ" + asUpper + asLower {
		if g, err := f.Face.GlyphIndex(nil, r); g == 0 || err != nil {
			t.Errorf("no glyph for %q: %v", r, err)
		}
	}
}

// The PDF canvas reads a colour's parts as they are: they must come unmultiplied.
func TestStraightColour(t *testing.T) {
	r, g, b, a := straight{color.NRGBA{R: 65, G: 105, B: 225, A: 128}}.RGBA()
	if got := [4]uint32{r >> 8, g >> 8, b >> 8, a >> 8}; got != [4]uint32{65, 105, 225, 128} {
		t.Errorf("parts %v, want 65 105 225 128", got)
	}
}
