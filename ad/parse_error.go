package ad

import (
	"fmt"
	"strings"
	"unicode"
)

// ParseError tells what is wrong with equation text, and where: bytes Pos to End of Text. [Parse],
// [ParseExpr] and [ErrorAt] return it.
type ParseError struct {
	Text     string
	Pos, End int
	Message  string // what was found
	Remedy   string // what to write instead; may be empty
}

// Widths of the picture of a place: a long line is cut to a window around the marked bytes.
const (
	tabWidth    = 4
	windowWidth = 100
	windowLead  = 40 // characters kept in front of the marked place
)

// Error is the message, the line of the text, carets under the place and the remedy: at most four lines.
func (e *ParseError) Error() string {
	line, from, to := e.picture()
	lines := []string{
		"ad: " + oneLine(e.Message),
		"  " + line,
		"  " + strings.Repeat(" ", from) + strings.Repeat("^", to-from),
	}
	if e.Remedy != "" {
		lines = append(lines, "  "+oneLine(e.Remedy))
	}
	return strings.Join(lines, "\n")
}

// picture is the line that holds Pos, as shown, and the columns from ≤ column < to that the carets mark.
// Columns count runes; a tab takes four. A place that goes on in the next line is marked to the line's end.
func (e *ParseError) picture() (line string, from, to int) {
	pos := min(max(e.Pos, 0), len(e.Text))
	end := max(e.End, pos)
	start := strings.LastIndexByte(e.Text[:pos], '\n') + 1
	source, _, _ := strings.Cut(e.Text[start:], "\n")
	source = strings.TrimRightFunc(source, unicode.IsSpace)

	var shown []rune
	from, to = -1, -1
	for i, r := range source {
		if from < 0 && start+i >= pos {
			from = len(shown)
		}
		if to < 0 && start+i >= end {
			to = len(shown)
		}
		switch {
		case r == '\t':
			shown = append(shown, []rune(strings.Repeat(" ", tabWidth))...)
		case unicode.IsSpace(r):
			shown = append(shown, ' ')
		case !unicode.IsPrint(r):
			shown = append(shown, unicode.ReplacementChar)
		default:
			shown = append(shown, r)
		}
	}
	if from < 0 {
		from = len(shown)
	}
	if to < 0 {
		to = len(shown)
	}
	return window(shown, from, max(to, from+1))
}

// window cuts a long line to what surrounds the columns from … to.
func window(shown []rune, from, to int) (string, int, int) {
	if len(shown) <= windowWidth {
		return string(shown), from, to
	}
	first := min(max(from-windowLead, 0), len(shown)-windowWidth)
	last := first + windowWidth
	line := string(shown[first:last])
	if last < len(shown) {
		line += "…"
	}
	if first > 0 {
		line = "…" + line
		from, to, last = from+1, to+1, last+1
	}
	return line, from - first, max(min(to, last)-first, from-first+1)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// ErrorAt is a [*ParseError] at the place of t in text, for what is found wrong after parsing, such as an
// unknown symbol. What follows the first line break of the formatted message becomes the remedy.
func ErrorAt(text string, t *Tree, format string, args ...any) error {
	message, remedy, _ := strings.Cut(fmt.Sprintf(format, args...), "\n")
	e := &ParseError{Text: text, Message: message, Remedy: remedy}
	if t != nil {
		e.Pos, e.End = t.Pos, t.End
	}
	return e
}
