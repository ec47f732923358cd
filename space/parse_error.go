package space

import (
	"strings"
	"unicode"
)

// ParseError tells what is wrong with the text of a space, and where: bytes Pos to End of Text.
type ParseError struct {
	Text     string
	Pos, End int
	Message  string // what was found
	Remedy   string // what to write instead; may be empty
}

// A long text is shown as a window around the place.
const (
	windowWidth = 100
	windowLead  = 40 // characters in front of the place
)

// Error is the message, the text, carets under the place and the remedy: at most four lines.
func (e *ParseError) Error() string {
	line, from, to := e.window()
	lines := []string{
		"space: " + e.Message,
		"  " + line,
		"  " + strings.Repeat(" ", from) + strings.Repeat("^", to-from),
	}
	if e.Remedy != "" {
		lines = append(lines, "  "+e.Remedy)
	}
	return strings.Join(lines, "\n")
}

// window is the text as one line, cut to what surrounds the place, and the columns from ≤ column < to of the place.
func (e *ParseError) window() (line string, from, to int) {
	pos := min(max(e.Pos, 0), len(e.Text))
	end := min(max(e.End, pos), len(e.Text))
	shown := []rune(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return unicode.ReplacementChar
		}
		return r
	}, e.Text))
	from = len([]rune(e.Text[:pos]))
	to = max(from+len([]rune(e.Text[pos:end])), from+1)
	if len(shown) <= windowWidth {
		return string(shown), from, to
	}
	first := min(max(from-windowLead, 0), len(shown)-windowWidth)
	last := first + windowWidth
	line = string(shown[first:last])
	from, to = from-first, min(to, last)-first
	if first > 0 {
		line, from, to = "…"+line, from+1, to+1
	}
	if last < len(shown) {
		line += "…"
	}
	return line, from, max(to, from+1)
}
