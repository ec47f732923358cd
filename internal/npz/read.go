package npz

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// chunkBytes is about how much is read at a time.
const chunkBytes = 1 << 16

// stringBytes is what one element of a string array takes in memory beside its characters.
const stringBytes = 16

// dtype is an element type: kind is one of f i u b U S, size the bytes of one element.
type dtype struct {
	kind  byte
	size  int
	order binary.ByteOrder
}

// memory is what one element takes once decoded: 8 bytes for a number; characters in UTF-8 take at most
// the four bytes they have in the file.
func (d dtype) memory() int {
	if d.kind == 'U' || d.kind == 'S' {
		return stringBytes + d.size
	}
	return 8
}

// parseDType reads a description such as "<f8", ">U6" or "|b1".
func parseDType(descr string) (dtype, error) {
	refused := func(why string) (dtype, error) {
		return dtype{}, fmt.Errorf("has element type %s%s; read are f4 f8, i1 to i8, u1 to u8, b1, U and S: convert it with numpy's astype", excerpt(descr), why)
	}
	if len(descr) < 2 || len(descr) > 16 {
		return refused("")
	}
	d := dtype{kind: descr[1], order: binary.LittleEndian}
	switch descr[0] {
	case '<', '|':
	case '>':
		d.order = binary.BigEndian
	default:
		return refused("")
	}
	if d.kind == 'O' {
		return dtype{}, fmt.Errorf("holds Python objects (pickle), which are never read: save plain numbers or strings, e.g. numpy.asarray(x, dtype=float) or dtype=str")
	}
	digits := descr[2:]
	size, err := strconv.Atoi(digits)
	if err != nil || strings.TrimLeft(digits, "0123456789") != "" || size > math.MaxInt32 {
		return refused("")
	}
	d.size = size
	var known bool
	switch d.kind {
	case 'f':
		known = size == 4 || size == 8
	case 'i', 'u':
		known = size == 1 || size == 2 || size == 4 || size == 8
	case 'b':
		known = size == 1
	case 'U':
		d.size = 4 * size
		known = size > 0
	case 'S':
		known = size > 0
	}
	if !known {
		return refused("")
	}
	if descr[0] == '|' && d.size > 1 && d.kind != 'S' {
		return refused(" without a byte order")
	}
	return d, nil
}

// readArray reads one .npy stream to its end; where names it in errors, and used is what the array takes
// in memory, at most limit.
func readArray(r io.Reader, where string, limit int) (array *Array, used int, err error) {
	fail := func(err error) (*Array, int, error) { return nil, 0, fmt.Errorf("npz: %s: %w", where, err) }
	h, err := readHeader(r)
	if err != nil {
		return fail(err)
	}
	d, err := parseDType(h.descr)
	if err != nil {
		return fail(err)
	}
	count, ok := product(h.shape)
	if !ok || count > limit/d.memory() {
		return fail(fmt.Errorf("claims shape %s of %s, more than the %d MiB that are read of one file: split it or store less", shapeText(h.shape), h.descr, MaxBytes>>20))
	}
	a := &Array{DType: h.descr, Shape: h.shape}
	if err := a.fill(r, d, count); err != nil {
		return fail(err)
	}
	// The end must be read too: there the archive's checksum is compared.
	if n, err := io.ReadFull(r, make([]byte, 1)); n > 0 {
		return fail(fmt.Errorf("holds more bytes than shape %s of %s needs: the file is damaged", shapeText(h.shape), h.descr))
	} else if err != io.EOF {
		return fail(fmt.Errorf("the file is damaged: %w", err))
	}
	if h.fortran {
		a.Floats = rowMajor(a.Floats, a.Shape)
		a.Ints = rowMajor(a.Ints, a.Shape)
		a.Strings = rowMajor(a.Strings, a.Shape)
	}
	return a, count * d.memory(), nil
}

// fill reads count elements chunk by chunk, so that memory follows the bytes that are there.
func (a *Array) fill(r io.Reader, d dtype, count int) error {
	switch d.kind {
	case 'f':
		a.Floats = []float64{}
	case 'U', 'S':
		a.Strings = []string{}
	default:
		a.Ints = []int64{}
	}
	if d.size > chunkBytes {
		return a.fillLong(r, d, count)
	}
	step := chunkBytes / d.size
	buffer := make([]byte, min(step, count)*d.size)
	for done := 0; done < count; done += step {
		chunk := buffer[:min(step, count-done)*d.size]
		if _, err := io.ReadFull(r, chunk); err != nil {
			return truncated(err, fmt.Sprintf("its %d elements of %s", count, a.DType))
		}
		for at := 0; at < len(chunk); at += d.size {
			if err := a.add(chunk[at:at+d.size], d); err != nil {
				return err
			}
		}
	}
	return nil
}

// fillLong reads strings longer than a chunk, each in a buffer that grows with what is there.
func (a *Array) fillLong(r io.Reader, d dtype, count int) error {
	for range count {
		element, err := io.ReadAll(io.LimitReader(r, int64(d.size)))
		if err == nil && len(element) < d.size {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return truncated(err, fmt.Sprintf("its %d elements of %s", count, a.DType))
		}
		if err := a.add(element, d); err != nil {
			return err
		}
	}
	return nil
}

// add decodes one element.
func (a *Array) add(element []byte, d dtype) error {
	switch d.kind {
	case 'f':
		if d.size == 4 {
			a.Floats = append(a.Floats, float64(math.Float32frombits(d.order.Uint32(element))))
		} else {
			a.Floats = append(a.Floats, math.Float64frombits(d.order.Uint64(element)))
		}
	case 'U', 'S':
		text, err := decodeText(element, d)
		if err != nil {
			return fmt.Errorf("element %d %w", len(a.Strings), err)
		}
		a.Strings = append(a.Strings, text)
	default:
		v, err := decodeInt(element, d)
		if err != nil {
			return fmt.Errorf("element %d %w", len(a.Ints), err)
		}
		a.Ints = append(a.Ints, v)
	}
	return nil
}

func decodeInt(element []byte, d dtype) (int64, error) {
	var bits uint64
	switch d.size {
	case 1:
		bits = uint64(element[0])
	case 2:
		bits = uint64(d.order.Uint16(element))
	case 4:
		bits = uint64(d.order.Uint32(element))
	case 8:
		bits = d.order.Uint64(element)
	}
	switch {
	case d.kind == 'i':
		unused := 64 - 8*d.size
		return int64(bits<<unused) >> unused, nil
	case d.kind == 'b' && bits > 1:
		return 0, fmt.Errorf("is the byte %d where a boolean is 0 or 1: the file is damaged", bits)
	case bits > math.MaxInt64:
		return 0, fmt.Errorf("is %d, beyond the range of int64: save it as float64", bits)
	}
	return int64(bits), nil
}

func decodeText(element []byte, d dtype) (string, error) {
	if d.kind == 'S' {
		text := strings.TrimRight(string(element), "\x00")
		if !utf8.ValidString(text) {
			return "", fmt.Errorf("is %s, which is not UTF-8 text: save it as str", excerpt(text))
		}
		return text, nil
	}
	for len(element) > 0 && d.order.Uint32(element[len(element)-4:]) == 0 {
		element = element[:len(element)-4]
	}
	text := make([]byte, 0, len(element)/4)
	for ; len(element) > 0; element = element[4:] {
		code := d.order.Uint32(element)
		if code > utf8.MaxRune || !utf8.ValidRune(rune(code)) {
			return "", fmt.Errorf("holds %#x, which is no character: the file is damaged", code)
		}
		text = utf8.AppendRune(text, rune(code))
	}
	return string(text), nil
}
