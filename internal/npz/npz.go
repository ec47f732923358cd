// Package npz reads and writes the array files of NumPy: .npy, and .npz, a zip archive of them. It holds
// real numbers, integers, booleans and strings; Python objects, records, dates and complex numbers are
// refused, and nothing is ever unpickled.
//
// Files may come from anywhere, so nothing is allocated because a header claims it: memory grows with the
// bytes that were really read, up to [MaxBytes] for one archive.
package npz

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/internal/suggest"
)

// MaxBytes is the most that the arrays read from one archive may take in memory.
const MaxBytes = 1 << 30

// Archive is an open .npz file; its arrays are read one by one, on demand. It is not safe for concurrent
// use.
type Archive struct {
	name    string // of the file, for errors
	members map[string]*zip.File
	names   []string
	left    int // bytes of MaxBytes not yet used
	closer  io.Closer
}

// Open opens the .npz file at path; the caller closes it.
func Open(path string) (*Archive, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("npz: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("npz: %w", err)
	}
	if !info.Mode().IsRegular() {
		file.Close()
		return nil, fmt.Errorf("npz: %s is not a regular file", path)
	}
	archive, err := New(file, info.Size(), filepath.Base(path))
	if err != nil {
		file.Close()
		return nil, err
	}
	archive.closer = file
	return archive, nil
}

// New reads the list of members of an archive of size bytes; name stands for the file in errors.
func New(r io.ReaderAt, size int64, name string) (*Archive, error) {
	reader, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("npz: %s (%d bytes) is no .npz archive: %w\n"+
			"it may be truncated or of another format: write it with numpy.savez", name, size, err)
	}
	a := &Archive{name: name, members: map[string]*zip.File{}, left: MaxBytes}
	for _, member := range reader.File {
		short, isArray := strings.CutSuffix(member.Name, ".npy")
		if !isArray {
			continue
		}
		if a.members[short] != nil {
			return nil, fmt.Errorf("npz: %s holds two members %s: write the file anew", name, excerpt(short))
		}
		a.members[short] = member
		a.names = append(a.names, short)
	}
	return a, nil
}

// Close closes the file of [Open].
func (a *Archive) Close() error {
	if a.closer == nil {
		return nil
	}
	return a.closer.Close()
}

// Names lists the members in the order of the file, without ".npy".
func (a *Archive) Names() []string { return slices.Clone(a.names) }

// Has reports whether the archive holds an array of that name.
func (a *Archive) Has(name string) bool { return a.members[name] != nil }

// Read reads the array of that name.
func (a *Archive) Read(name string) (*Array, error) {
	member := a.members[name]
	if member == nil {
		return nil, fmt.Errorf("npz: %s has no member %q%s", a.name, name, suggest.Hint(name, a.names))
	}
	where := fmt.Sprintf("%s, member %s", a.name, excerpt(name))
	stream, err := member.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		return nil, fmt.Errorf("npz: %s: compression method %d is not read: write it with numpy.savez or savez_compressed", where, member.Method)
	}
	if err != nil {
		return nil, fmt.Errorf("npz: %s: %w", where, err)
	}
	defer stream.Close()
	array, used, err := readArray(stream, where, a.left)
	if err != nil {
		return nil, err
	}
	a.left -= used
	array.Name = name
	return array, nil
}

// ReadNPY reads one array in the .npy format up to the end of r; name becomes the array's name and stands
// for the file in errors.
func ReadNPY(r io.Reader, name string) (*Array, error) {
	array, _, err := readArray(r, name, MaxBytes)
	if err != nil {
		return nil, err
	}
	array.Name = name
	return array, nil
}
