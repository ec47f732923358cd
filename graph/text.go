package graph

import (
	"bufio"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Bounds of what is read as text, so that no file fills the memory, however well it is packed.
const (
	maxTextBytes = 1 << 30 // of all files of one graph, unpacked
	maxNumbers   = 1 << 27 // of all files of one graph: 1 GiB
	maxRegions   = 1 << 14
	maxLine      = 4 << 20 // bytes
)

// budget is what may still be read.
type budget struct{ bytes, numbers int64 }

func newBudget() *budget { return &budget{maxTextBytes, maxNumbers} }

var (
	errTooMuchText = fmt.Errorf("more than %d MiB of text, unpacked: store the matrices as .npz", maxTextBytes>>20)
	errTooLarge    = fmt.Errorf("more than %d numbers: a graph of that size must be built by FromEdges", maxNumbers)
)

type stream = io.ReadCloser

// textFile is a file of text on disk or inside an archive; name tells it in errors.
type textFile struct {
	name   string
	packed bool // by bzip2
	open   func() (stream, error)
}

// isPacked tells packed files by their names.
func isPacked(path string) bool { return strings.HasSuffix(strings.ToLower(path), ".bz2") }

// at is an error at a line and column (a cell, counted from 1).
func (f *textFile) at(line, column int, format string, args ...any) error {
	return fmt.Errorf("%s, line %d, column %d: %w", f.name, line, column, fmt.Errorf(format, args...))
}

// lines hands the lines of the file to use, with their numbers; empty lines and comments are left out.
func (f *textFile) lines(b *budget, use func(number int, line string) error) error {
	file, err := f.open()
	if err != nil {
		return err
	}
	defer file.Close()
	var reader io.Reader = metered{file, &b.bytes}
	if f.packed {
		// What bzip2 reads is counted too: streams that hold nothing would cost time only.
		packed := b.bytes
		reader = metered{bzip2.NewReader(metered{file, &packed}), &b.bytes}
	}
	scanner := bufio.NewScanner(reader)
	scanner.Buffer(nil, maxLine)
	number := 0
	for scanner.Scan() {
		number++
		line := scanner.Text()
		if number == 1 {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if text := strings.TrimSpace(line); text == "" || text[0] == '#' {
			continue
		}
		if err := use(number, line); err != nil {
			return err
		}
	}
	switch err := scanner.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("%s, line %d is longer than %d MiB; one row of a matrix per line is wanted", f.name, number+1, maxLine>>20)
	case err != nil:
		return fmt.Errorf("%s, after line %d: %w", f.name, number, err)
	}
	return nil
}

// metered counts what is read against a limit.
type metered struct {
	io.Reader
	left *int64
}

func (m metered) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	if *m.left -= int64(n); *m.left < 0 {
		return 0, errTooMuchText
	}
	return n, err
}

// byBlanks stands for a delimiter of any number of blanks and tabs.
const byBlanks = ' '

// delimiterOf is the delimiter of a file, told by its first line; a tab counts as one only where tabs is
// true, else as a blank.
func delimiterOf(line string, tabs bool) rune {
	delimiter, quoted := byBlanks, false
	rank := map[rune]int{byBlanks: 0, ',': 1, ';': 2, '\t': 3}
	for _, c := range strings.TrimSpace(line) {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted && rank[c] > rank[delimiter] && (c != '\t' || tabs):
			delimiter = c
		}
	}
	if tabs && strings.HasPrefix(line, "\t") { // a blank first cell
		return '\t'
	}
	return delimiter
}

// cells splits a line, without the blanks around cells; ok is false at a cell, the last returned, whose
// quotes do not match.
func cells(line string, delimiter rune) (list []string, ok bool) {
	if delimiter == '\t' {
		line = strings.TrimRight(line, " \t\r")
	}
	if !strings.Contains(line, `"`) {
		if delimiter == byBlanks {
			return strings.Fields(line), true
		}
		list = strings.Split(line, string(delimiter))
		for i, cell := range list {
			list[i] = strings.TrimSpace(cell)
		}
		return list, true
	}
	blank := func(c rune) bool { return c != delimiter && strings.ContainsRune(" \t\r", c) }
	end := func(c rune) bool { return c == delimiter }
	if delimiter == byBlanks {
		blank = func(c rune) bool { return strings.ContainsRune(" \t\r", c) }
		end = blank
		line = strings.TrimRightFunc(line, blank)
	}
	for {
		line = strings.TrimLeftFunc(line, blank)
		cell, rest, more := line, "", false
		if strings.HasPrefix(line, `"`) {
			if cell, rest, ok = unquote(line); !ok {
				return append(list, cell), false
			}
			if delimiter != byBlanks {
				rest = strings.TrimLeftFunc(rest, blank)
			}
			if more = rest != ""; more && strings.IndexFunc(rest, end) != 0 {
				return append(list, cell), false
			}
		} else {
			if i := strings.IndexFunc(line, end); i >= 0 {
				cell, rest, more = line[:i], line[i:], true
			}
			cell = strings.TrimSpace(cell)
		}
		list = append(list, cell)
		if !more {
			return list, true
		}
		line = rest[1:] // every delimiter is one byte
	}
}

// unquote reads a cell in double quotes, in which a quote is written twice.
func unquote(line string) (cell, rest string, ok bool) {
	var text strings.Builder
	for i := 1; i < len(line); i++ {
		if line[i] != '"' {
			text.WriteByte(line[i])
			continue
		}
		if i+1 == len(line) || line[i+1] != '"' {
			return text.String(), line[i+1:], true
		}
		text.WriteByte('"')
		i++
	}
	return line, "", false
}

// listed is the first of some names from a file, for an error.
func listed(names []string) string {
	const shown = 8
	var list []string
	for _, name := range names[:min(shown, len(names))] {
		list = append(list, clip(name))
	}
	if len(names) > shown {
		list = append(list, "…")
	}
	return strings.Join(list, ", ")
}

// clip shortens a text from a file for an error.
func clip(text string) string {
	const most = 40
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most]) + "…"
	}
	return fmt.Sprintf("%q", text)
}
