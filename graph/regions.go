package graph

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// regions are the labels and centres of a file, nil where it has none.
type regions struct {
	file    *textFile
	labels  []string
	centres [][3]float64
}

// maxRegionLine is the most bytes of a line about one region.
const maxRegionLine = 1 << 10

// line is a line of text with its number.
type line struct {
	number int
	text   string
}

// readRegions reads a file with one line per region: "label", "label x y z" or "x y z". The last line tells
// which, since the first may be a heading.
func readRegions(f *textFile, b *budget) (*regions, error) {
	var list []line
	err := f.lines(b, func(number int, text string) error {
		if len(list) > maxRegions {
			return fmt.Errorf("%s, line %d: at most %d regions are read", f.name, number, maxRegions)
		}
		if len(text) > maxRegionLine {
			return fmt.Errorf("%s, line %d is longer than %d bytes; \"label\" or \"label x y z\" for one region is wanted", f.name, number, maxRegionLine)
		}
		list = append(list, line{number, text})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s holds no regions; a line \"label\" or \"label x y z\" for each is wanted", f.name)
	}
	r := &regions{file: f}
	last := list[len(list)-1].text
	for _, delimiter := range []rune{byBlanks, delimiterOf(last, true)} {
		row, ok := cells(last, delimiter)
		named := len(row) == 4
		if ok && (named || len(row) == 3) && allNumbers(row[len(row)-3:]) {
			return r, r.readCentres(list, delimiter, named)
		}
	}
	return r, r.readLabels(list)
}

// readCentres reads the three last cells of each line, and the label before them if there is one.
func (r *regions) readCentres(list []line, delimiter rune, named bool) error {
	want, form := 3, "x y z"
	if named {
		want, form = 4, "label x y z"
	}
	for i, line := range list {
		row, ok := cells(line.text, delimiter)
		if ok && i == 0 && len(list) > 1 && len(row) == want && !anyNumber(row[want-3:]) {
			continue // a heading
		}
		if !ok || len(row) != want {
			return fmt.Errorf("%s, line %d has %d cells; %q is wanted, as in the last line (cells are separated by %s)",
				r.file.name, line.number, len(row), form, delimiterName(delimiter))
		}
		var centre [3]float64
		for axis := range centre {
			column := want - 3 + axis
			v, err := number64(row[column])
			if err != nil || !finite(v) {
				return r.file.at(line.number, column+1, "%c = %s; a finite number is wanted, in mm", 'x'+rune(axis), clip(row[column]))
			}
			centre[axis] = v
		}
		r.centres = append(r.centres, centre)
		if named {
			if err := r.addLabel(line.number, row[0]); err != nil {
				return err
			}
		}
	}
	return nil
}

func anyNumber(list []string) bool {
	for i := range list {
		if allNumbers(list[i : i+1]) {
			return true
		}
	}
	return false
}

// readLabels takes each line as a label, without the quotes around it.
func (r *regions) readLabels(list []line) error {
	for _, line := range list {
		label := strings.TrimSpace(line.text)
		if row, ok := cells(label, ','); ok && len(row) == 1 {
			label = row[0]
		}
		if err := r.addLabel(line.number, label); err != nil {
			return err
		}
	}
	return nil
}

func (r *regions) addLabel(number int, label string) error {
	if !utf8.ValidString(label) {
		return r.file.at(number, 1, "label %s is not UTF-8 text: save the file as UTF-8", clip(label))
	}
	r.labels = append(r.labels, strings.Clone(label))
	return nil
}

// agree is the one list of labels that two places give: either may be missing or mere whole numbers, else
// they must be equal.
func agree(where string, a []string, other string, b []string) ([]string, error) {
	switch {
	case a == nil:
		return b, nil
	case b == nil:
		return a, nil
	case len(a) != len(b):
		return nil, fmt.Errorf("%s gives labels of %d regions, %s of %d: the same regions in the same order are wanted", where, len(a), other, len(b))
	}
	for i := range a {
		switch {
		case a[i] == b[i]:
		case wholeNumbers(a):
			return b, nil
		case wholeNumbers(b):
			return a, nil
		default:
			return nil, fmt.Errorf("%s: label %d is %s, but %s in %s: the same regions in the same order are wanted", where, i+1, clip(a[i]), clip(b[i]), other)
		}
	}
	return a, nil
}

// wholeNumbers reports whether all labels are digits only, as those are that a program made up.
func wholeNumbers(labels []string) bool {
	for _, label := range labels {
		if label == "" || strings.Trim(label, "0123456789") != "" {
			return false
		}
	}
	return true
}

// fromTables is the graph of up to three files; lengths and places may be nil.
func fromTables(weights, lengths, places *textFile, b *budget) (*Graph, error) {
	w, err := readTable(weights, b, true)
	if err != nil {
		return nil, err
	}
	l, r := &table{file: lengths}, &regions{file: places}
	if lengths != nil {
		if l, err = readTable(lengths, b, true); err != nil {
			return nil, err
		}
	}
	if places != nil {
		if r, err = readRegions(places, b); err != nil {
			return nil, err
		}
	}
	return assemble(w, l, r)
}

// assemble is the graph of what was read; what is wrong with its numbers is the graph's own error.
func assemble(w, l *table, r *regions) (*Graph, error) {
	for _, label := range append(append([]string{}, w.labels...), l.labels...) {
		if !utf8.ValidString(label) {
			return nil, fmt.Errorf("%s: label %s is not UTF-8 text: save the file as UTF-8", w.file.name, clip(label))
		}
	}
	labels, err := w.labels, error(nil)
	if l.labels != nil {
		if labels, err = agree(w.file.name, labels, l.file.name, l.labels); err != nil {
			return nil, err
		}
	}
	if r.labels != nil {
		if labels, err = agree(r.file.name, r.labels, w.file.name, labels); err != nil {
			return nil, err
		}
	}
	g := fromDense(w.rows, labels)
	if l.rows != nil {
		g = g.WithLengths(l.rows)
	}
	if r.centres != nil {
		g = g.WithCentres(r.centres)
	}
	return g, nil
}
