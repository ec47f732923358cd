package param

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// String is the table of all leaves (see [Tree.WriteTable]), under the sticky error if there is one.
func (t *Tree) String() string {
	text := t.table(false)
	if t.err != nil {
		text = "error: " + t.err.Error() + "\n" + text
	}
	return text
}

// WriteTable writes one line per leaf, of the free ones only if so wished: path; value (an array as its
// shape with least and greatest value, four significant digits); unit; sensible range; "free", with the
// number of free values where a transform has fewer, and the transform. A tree with a sticky error writes nothing and returns the error.
func (t *Tree) WriteTable(w io.Writer, onlyFree bool) error {
	if t.err != nil {
		return t.err
	}
	_, err := io.WriteString(w, t.table(onlyFree))
	return err
}

func (t *Tree) table(onlyFree bool) string {
	rows := [][]string{{"path", "value", "unit", "range", "fit"}}
	for i := range t.entries {
		if l := &t.entries[i].Leaf; l.Free || !onlyFree {
			rows = append(rows, []string{l.Path, l.summary(), l.Unit, l.rangeText(), t.entries[i].fitText()})
		}
	}
	return aligned(rows)
}

// aligned pads the columns to their widest cell, two blanks apart, without blanks at the end of lines.
func aligned(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for c, cell := range row {
			widths[c] = max(widths[c], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := ""
		for c, cell := range row {
			line += cell + strings.Repeat(" ", widths[c]-utf8.RuneCountInString(cell)+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// summary is the number of a scalar, or the shape of an array with its extremes.
func (l *Leaf) summary() string {
	if len(l.Shape) == 0 {
		return digits4(l.Value[0])
	}
	if len(l.Value) == 0 {
		return shapeText(l.Shape)
	}
	lo, hi := digits4(slices.Min(l.Value)), digits4(slices.Max(l.Value))
	if slices.Min(l.Value) == slices.Max(l.Value) {
		return shapeText(l.Shape) + " " + lo
	}
	return shapeText(l.Shape) + " " + lo + " … " + hi
}

func (l *Leaf) rangeText() string {
	if l.Lo == 0 && l.Hi == 0 {
		return ""
	}
	left, right := "["+digits4(l.Lo), digits4(l.Hi)+"]"
	if math.IsInf(l.Lo, -1) {
		left = "(-∞"
	}
	if math.IsInf(l.Hi, 1) {
		right = "∞)"
	}
	return left + ", " + right
}

// fitText counts the free numbers where they are other than one per value.
func (e *entry) fitText() string {
	free := "free"
	if n := e.thetaSize(); n != len(e.Value) {
		free = strconv.Itoa(n) + " free"
	}
	f := e.Leaf.Transform
	switch {
	case f == nil && e.Free:
		return free
	case f == nil:
		return ""
	case e.Free:
		return free + ", " + f.String()
	}
	return fmt.Sprintf("(%s)", f)
}

func digits4(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }
