package graph

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// table is a square matrix of text with the labels beside it, nil where there are none.
type table struct {
	file   *textFile
	rows   [][]float64
	labels []string
}

// grid is a matrix as its file writes it, before it is known whether the first line and column are labels.
type grid struct {
	file      *textFile
	delimiter rune
	first     []string    // the cells of the first line
	firstLine int         // its number
	column    []string    // the first cells of all lines
	rows      [][]float64 // of all lines; NaN where first line or column hold no number
	words     bool        // the first line holds a cell, apart from the first, that is no number
	sideWords bool        // so does the first column
}

// readTable reads a square matrix, with or without labels in its first line and column. Tabs end cells only
// where tabs is true; else they are blanks.
func readTable(f *textFile, b *budget, tabs bool) (*table, error) {
	g := &grid{file: f}
	err := f.lines(b, func(number int, line string) error {
		if g.rows == nil {
			g.delimiter = delimiterOf(line, tabs)
		}
		list, ok := cells(line, g.delimiter)
		if !ok {
			return f.at(number, len(list), "the quotes of %s do not match: write \"label\", and \"\" for a quote inside", clip(list[len(list)-1]))
		}
		if b.numbers -= int64(len(list)); b.numbers < 0 {
			return fmt.Errorf("%s, line %d: %w", f.name, number, errTooLarge)
		}
		if len(list) > maxRegions+1 {
			return fmt.Errorf("%s, line %d has %d cells; at most %d regions are read: a larger graph must be built by FromEdges", f.name, number, len(list), maxRegions)
		}
		return g.add(number, list)
	})
	if err != nil {
		return nil, err
	}
	if g.rows == nil {
		return nil, fmt.Errorf("%s holds no numbers; a square matrix is wanted, one line per target, one column per source", f.name)
	}
	return g.table()
}

// add takes the cells of one line.
func (g *grid) add(number int, list []string) error {
	switch wide := len(g.rows); {
	case wide == 0:
		g.firstLine = number
		g.first = make([]string, len(list))
		for j, cell := range list {
			g.first[j] = strings.Clone(cell)
		}
	case wide == 1 && len(list) == len(g.first)+1 && !anyNumber(g.first):
		// A first line of labels with nothing above the labels of the rows, as R writes it.
		g.first = append([]string{""}, g.first...)
		g.words = true
	case len(list) != len(g.first):
		return fmt.Errorf("%s, line %d has %d cells, line %d has %d; all rows of a matrix must have the same number (cells are separated by %s)",
			g.file.name, number, len(list), g.firstLine, len(g.first), delimiterName(g.delimiter))
	case wide > len(g.first):
		return fmt.Errorf("%s, line %d is row %d of a matrix of %d columns; a square matrix is wanted, one line per target, one column per source",
			g.file.name, number, wide+1, len(g.first))
	}
	row := make([]float64, len(list))
	for j, cell := range list {
		v, err := number64(cell)
		switch {
		case err == nil:
		case errors.Is(err, strconv.ErrRange):
			return g.file.at(number, j+1, "%s is beyond the range of float64, about ±1.8e308", clip(cell))
		case len(g.rows) == 0:
			g.words = g.words || j > 0
		case j == 0:
			g.sideWords = true
		case cell == "":
			return g.file.at(number, j+1, "the cell is empty; a number is wanted: write 0 where there is no connection")
		default:
			return g.file.at(number, j+1, "%s is no number; write it like 0.25 or 1e-3 (cells are separated by %s)", clip(cell), delimiterName(g.delimiter))
		}
		row[j] = v
	}
	g.rows = append(g.rows, row)
	g.column = append(g.column, strings.Clone(list[0]))
	return nil
}

// number64 reads a number as Go and Python write it; "nan" is one, for the graph to refuse.
func number64(cell string) (float64, error) {
	if cell == "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(cell, 64)
}

func allNumbers(list []string) bool {
	for _, cell := range list {
		if _, err := number64(cell); err != nil {
			return false
		}
	}
	return true
}

// table decides what the first line and the first column are.
func (g *grid) table() (*table, error) {
	height, width := len(g.rows), len(g.first)
	corner := g.first[0]
	cornerWord := !allNumbers(g.first[:1])
	blank := corner == "" && width > 1
	header, side := g.words || blank, g.sideWords || blank
	if header && side && !cornerWord {
		// Rather a matrix with faults, such as decimal commas, than labels.
		return nil, g.file.at(g.firstLine, 1, "the number %s stands where labels of rows and columns meet (%s is no number): leave this cell empty, or mend the numbers",
			clip(corner), clip(firstWord(g.first)))
	}
	if cornerWord && height == width && header != side {
		// Labels that are whole numbers in one direction, words in the other.
		side = side || wholeNumbers(g.column[1:])
		header = header || wholeNumbers(g.first[1:])
	}
	if cornerWord && !header && !side {
		side = width == height+1
		header = height == width+1
	}
	top, left := 0, 0
	if header {
		top = 1
	}
	if side {
		left = 1
	}
	if height-top != width-left || width == left || cornerWord && !header && !side {
		return nil, g.notSquare(top, left)
	}
	t := &table{file: g.file, rows: g.rows[top:]}
	for i, row := range t.rows {
		t.rows[i] = row[left:]
	}
	var ofColumns, ofRows []string
	if header {
		ofColumns = g.first[left:]
	}
	if side {
		ofRows = g.column[top:]
	}
	labels, err := agree(g.file.name+", first column", ofRows, "first line", ofColumns)
	t.labels = labels
	return t, err
}

// notSquare says what was read, and which cells made the first line or column count as labels.
func (g *grid) notSquare(top, left int) error {
	taken := ""
	switch {
	case top > 0:
		taken = fmt.Sprintf(": line %d was taken for labels, because of %s", g.firstLine, clip(firstWord(g.first)))
	case left > 0:
		taken = fmt.Sprintf(": the first column was taken for labels, because of %s", clip(firstWord(g.column)))
	case !allNumbers(g.first[:1]):
		return g.file.at(g.firstLine, 1, "%s is no number; if the first line and column are labels, leave this cell empty", clip(g.first[0]))
	}
	return fmt.Errorf("%s holds %d rows of %d numbers%s;\na square matrix is wanted, one line per target, one column per source (cells are separated by %s)",
		g.file.name, len(g.rows)-top, len(g.first)-left, taken, delimiterName(g.delimiter))
}

// firstWord is the first cell after the corner that is no number, else the corner.
func firstWord(list []string) string {
	for i := range list[1:] {
		if !allNumbers(list[i+1 : i+2]) {
			return list[i+1]
		}
	}
	return list[0]
}

func delimiterName(delimiter rune) string {
	switch delimiter {
	case '\t':
		return "tabs"
	case byBlanks:
		return "blanks"
	}
	return fmt.Sprintf("%q", string(delimiter))
}
