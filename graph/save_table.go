package graph

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// delimiters are those of the tables that are written, by extension.
var delimiters = map[string]byte{".csv": ',', ".tsv": '\t', ".txt": ' '}

// widestNumber is the most bytes of a number and its delimiter, as in -1.7976931348623157e+308.
const widestNumber = 25

func delimiterFor(path string) byte { return delimiters[strings.ToLower(filepath.Ext(path))] }

// matrixWriter writes values listed by edge as a matrix; with labels beside it unless the extension is .txt.
func (g *Graph) matrixWriter(path string, values []float64) func(io.Writer) error {
	return func(w io.Writer) error {
		delimiter := delimiterFor(path)
		return g.writeMatrix(w, g.matrix(values), delimiter, g.labels != nil && delimiter != ' ')
	}
}

// writeMatrix writes a matrix given row by row. The first cell stays empty where labels are written, which tells
// a reader that they are, even if they look like numbers.
func (g *Graph) writeMatrix(w io.Writer, matrix []float64, delimiter byte, labelled bool) error {
	out := bufio.NewWriter(w)
	if labelled {
		for _, label := range g.labels {
			out.WriteByte(delimiter)
			out.WriteString(quote(label))
		}
		out.WriteByte('\n')
	}
	var digits []byte
	for i := range g.n {
		if labelled {
			out.WriteString(quote(g.labels[i]))
			out.WriteByte(delimiter)
		}
		for j, v := range matrix[i*g.n : (i+1)*g.n] {
			if j > 0 {
				out.WriteByte(delimiter)
			}
			digits = strconv.AppendFloat(digits[:0], v, 'g', -1, 64)
			out.Write(digits)
		}
		out.WriteByte('\n')
	}
	return out.Flush() // the first error of all writes
}

// regionWriter writes a line for each region: its label, and its centre where that is known.
func (g *Graph) regionWriter(path string) func(io.Writer) error {
	return func(w io.Writer) error { return g.writeRegions(w, delimiterFor(path)) }
}

func (g *Graph) writeRegions(w io.Writer, delimiter byte) error {
	out := bufio.NewWriter(w)
	for i, label := range g.Labels() {
		out.WriteString(quote(label))
		if g.centres != nil {
			for _, v := range g.centres[i] {
				out.WriteByte(delimiter)
				out.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
			}
		}
		out.WriteByte('\n')
	}
	return out.Flush()
}

// quote puts a label in double quotes where a reader could take it for something else.
func quote(label string) string {
	special := func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(",;\"#\ufeff", c) }
	if label != "" && strings.IndexFunc(label, special) < 0 {
		return label
	}
	return `"` + strings.ReplaceAll(label, `"`, `""`) + `"`
}

// checkLabels finds labels that a line of text cannot hold.
func (g *Graph) checkLabels() error {
	for i, label := range g.labels {
		switch {
		case strings.ContainsAny(label, "\n\r"):
			return fmt.Errorf("graph: Save: label %s of region %d holds a line break, which a table has no place for: save as .npz, or rename it by WithLabels", clip(label), i+1)
		case !utf8.ValidString(label):
			return fmt.Errorf("graph: Save: label %s of region %d is not UTF-8 text: rename it by WithLabels", clip(label), i+1)
		case len(label) > maxRegionLine/4:
			return fmt.Errorf("graph: Save: label %s of region %d has %d bytes; at most %d fit a table: rename it by WithLabels", clip(label), i+1, len(label), maxRegionLine/4)
		}
	}
	return nil
}
