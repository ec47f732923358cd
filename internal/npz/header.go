package npz

import (
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	magic     = "\x93NUMPY"
	maxHeader = 1 << 16 // bytes; NumPy writes 118 for any array that is read here
	maxDims   = 64      // NumPy's own limit
)

// header is what stands before the elements of a .npy file.
type header struct {
	descr   string
	fortran bool
	shape   []int
}

// readHeader reads the magic string, the version, the length and the Python dictionary of a .npy file;
// errors lack the name of the file.
func readHeader(r io.Reader) (header, error) {
	var start [8]byte
	if _, err := io.ReadFull(r, start[:]); err != nil {
		return header{}, truncated(err, "the .npy header")
	}
	if string(start[:6]) != magic {
		return header{}, fmt.Errorf("starts with %q, which is not the mark of a .npy array: write it with numpy.save or numpy.savez", start[:6])
	}
	width := 4
	switch major := start[6]; major {
	case 1:
		width = 2
	case 2, 3:
	default:
		return header{}, fmt.Errorf(".npy format version %d.%d is not read; versions 1, 2 and 3 are", major, start[7])
	}
	var size [4]byte
	if _, err := io.ReadFull(r, size[:width]); err != nil {
		return header{}, truncated(err, "the .npy header")
	}
	length := binary.LittleEndian.Uint32(size[:])
	if length > maxHeader {
		return header{}, fmt.Errorf("its .npy header claims %d bytes; at most %d are read: the file is damaged or holds a record type", length, maxHeader)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return header{}, truncated(err, "the .npy header")
	}
	if !utf8.Valid(text) {
		return header{}, fmt.Errorf("its .npy header is not UTF-8 text: the file is damaged")
	}
	h, err := parseHeader(string(text))
	if err != nil {
		return header{}, fmt.Errorf("its .npy header %s: %w", excerpt(strings.TrimSpace(string(text))), err)
	}
	return h, nil
}

// truncated tells an early end from other trouble of the reader.
func truncated(err error, what string) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("ends within %s: the file is truncated; copy or write it again", what)
	}
	return fmt.Errorf("reading %s: %w", what, err)
}

// excerpt is a text from a file, in quotes, cut to what fits an error.
func excerpt(text string) string {
	if runes := []rune(text); len(runes) > 100 {
		text = string(runes[:100]) + "…"
	}
	return strconv.Quote(text)
}

// parseHeader reads the dictionary {'descr': '<f8', 'fortran_order': False, 'shape': (84, 84), }.
func parseHeader(text string) (header, error) {
	p := &parser{rest: strings.TrimRight(text, " \n\x00")}
	var h header
	seen := map[string]bool{}
	if !p.take("{") {
		return h, fmt.Errorf("is no Python dictionary: the file is damaged")
	}
	for !p.take("}") {
		key, err := p.quoted()
		if err != nil {
			return h, err
		}
		if seen[key] {
			return h, fmt.Errorf("has the key %s twice", excerpt(key))
		}
		seen[key] = true
		if !p.take(":") {
			return h, p.expected("a colon")
		}
		switch key {
		case "descr":
			h.descr, err = p.descr()
		case "fortran_order":
			h.fortran, err = p.truth()
		case "shape":
			h.shape, err = p.shape()
		default:
			err = fmt.Errorf("has the unknown key %s", excerpt(key))
		}
		if err != nil {
			return h, err
		}
		if !p.take(",") && !p.sees("}") {
			return h, p.expected("a comma or brace")
		}
	}
	if p.skip(); p.rest != "" {
		return h, p.expected("its end")
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return h, fmt.Errorf("lacks the key %q", key)
		}
	}
	return h, nil
}

// parser reads the few Python literals a header may hold.
type parser struct{ rest string }

func (p *parser) skip() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

func (p *parser) sees(token string) bool {
	p.skip()
	return strings.HasPrefix(p.rest, token)
}

func (p *parser) take(token string) bool {
	if !p.sees(token) {
		return false
	}
	p.rest = p.rest[len(token):]
	return true
}

func (p *parser) expected(what string) error {
	p.skip()
	if p.rest == "" {
		return fmt.Errorf("ends where %s was expected", what)
	}
	return fmt.Errorf("has %s where %s was expected", excerpt(p.rest), what)
}

func (p *parser) quoted() (string, error) {
	p.skip()
	if p.rest == "" || p.rest[0] != '\'' && p.rest[0] != '"' {
		return "", p.expected("a quoted string")
	}
	end := strings.IndexByte(p.rest[1:], p.rest[0])
	if end < 0 {
		return "", fmt.Errorf("has a string without an end")
	}
	word := p.rest[1 : 1+end]
	p.rest = p.rest[end+2:]
	return word, nil
}

func (p *parser) descr() (string, error) {
	if p.sees("[") {
		return "", fmt.Errorf("describes records (a structured dtype), which are not read: save each field as an array of its own")
	}
	return p.quoted()
}

func (p *parser) truth() (bool, error) {
	switch {
	case p.take("True"):
		return true, nil
	case p.take("False"):
		return false, nil
	}
	return false, p.expected("True or False")
}

func (p *parser) shape() ([]int, error) {
	if !p.take("(") {
		return nil, p.expected("a tuple")
	}
	shape := []int{}
	for !p.take(")") {
		p.skip()
		end := 0
		for end < len(p.rest) && p.rest[end] >= '0' && p.rest[end] <= '9' {
			end++
		}
		if end == 0 {
			return nil, p.expected("a dimension")
		}
		n, err := strconv.Atoi(p.rest[:end])
		if err != nil {
			return nil, fmt.Errorf("has the dimension %s, which is out of range", excerpt(p.rest[:end]))
		}
		p.rest = p.rest[end:]
		p.take("L") // written by Python 2
		if shape = append(shape, n); len(shape) > maxDims {
			return nil, fmt.Errorf("has more than %d dimensions", maxDims)
		}
		if !p.take(",") && !p.sees(")") {
			return nil, p.expected("a comma or parenthesis")
		}
	}
	return shape, nil
}
