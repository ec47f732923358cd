package npz

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// epoch is the time of every member: the first that zip can express, which NumPy uses too.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Write writes the arrays, in the order given, as an uncompressed .npz archive: Floats as <f8, Ints as
// <i8, Strings as <U. Equal arrays give equal bytes. An array whose data do not fit its shape, a name that is
// empty or given twice, and a string that .npy cannot hold (not UTF-8, or ending in a zero) are errors.
func Write(w io.Writer, arrays ...Array) error {
	seen := map[string]bool{}
	archive := zip.NewWriter(w)
	for _, a := range arrays {
		if a.Name == "" || seen[a.Name] {
			return fmt.Errorf("npz: member name %q is empty or given twice; each array needs a name of its own", a.Name)
		}
		seen[a.Name] = true
		descr, err := a.storedType()
		if err != nil {
			return fmt.Errorf("npz: member %q: %w", a.Name, err)
		}
		member, err := archive.CreateHeader(&zip.FileHeader{Name: a.Name + ".npy", Method: zip.Store, Modified: epoch})
		if err != nil {
			return fmt.Errorf("npz: member %q: %w", a.Name, err)
		}
		if err := a.write(member, descr); err != nil {
			return fmt.Errorf("npz: member %q: %w", a.Name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("npz: %w", err)
	}
	return nil
}

// storedType checks the array and names the element type it is written with.
func (a *Array) storedType() (string, error) {
	kinds, length, descr := 0, 0, ""
	if a.Floats != nil {
		kinds, length, descr = kinds+1, len(a.Floats), "<f8"
	}
	if a.Ints != nil {
		kinds, length, descr = kinds+1, len(a.Ints), "<i8"
	}
	if a.Strings != nil {
		width := 1
		for i, s := range a.Strings {
			if !utf8.ValidString(s) || strings.HasSuffix(s, "\x00") {
				return "", fmt.Errorf("string %d is %q; only UTF-8 that does not end in a zero can be written", i, s)
			}
			width = max(width, utf8.RuneCountInString(s))
		}
		kinds, length, descr = kinds+1, len(a.Strings), fmt.Sprintf("<U%d", width)
	}
	if kinds != 1 {
		return "", fmt.Errorf("%d of Floats, Ints and Strings are set; exactly one must be", kinds)
	}
	if count, ok := product(a.Shape); !ok || count != length || len(a.Shape) > maxDims {
		return "", fmt.Errorf("shape %s does not fit %d elements", shapeText(a.Shape), length)
	}
	return descr, nil
}

// write writes the array in .npy format version 1, the elements 64-byte aligned as NumPy does.
func (a *Array) write(w io.Writer, descr string) error {
	const before = len(magic) + 4
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, shapeText(a.Shape))
	text += strings.Repeat(" ", 63-(before+len(text))%64) + "\n"
	out := bufio.NewWriterSize(w, chunkBytes)
	out.WriteString(magic + "\x01\x00")
	binary.Write(out, binary.LittleEndian, uint16(len(text)))
	out.WriteString(text)
	var word [8]byte
	chunk := make([]byte, 0, chunkBytes)
	for at := 0; at < len(a.Floats); at += chunkBytes / 8 {
		chunk = chunk[:0]
		for _, v := range a.Floats[at:min(at+chunkBytes/8, len(a.Floats))] {
			chunk = binary.LittleEndian.AppendUint64(chunk, math.Float64bits(v))
		}
		out.Write(chunk)
	}
	for _, v := range a.Ints {
		binary.LittleEndian.PutUint64(word[:], uint64(v))
		out.Write(word[:])
	}
	var width int
	fmt.Sscanf(descr, "<U%d", &width)
	for _, s := range a.Strings {
		for _, r := range s {
			binary.LittleEndian.PutUint32(word[:], uint32(r))
			out.Write(word[:4])
		}
		for range width - utf8.RuneCountInString(s) {
			out.Write([]byte{0, 0, 0, 0})
		}
	}
	return out.Flush() // bufio keeps the first error of any write
}
