package graph

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// member is a file of The Virtual Brain's connectivity.
type member struct {
	stem string // its name in lower case, without folders, .bz2 and .txt, .csv or .tsv
	path string // its whole name
	text bool   // its extension is one of those, or none
	file *textFile
}

func loadZip(path string) (*Graph, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	return fromZip(file, info.Size(), path, newBudget())
}

// fromZip is the graph in an archive of size bytes. Nothing is written anywhere, whatever its members are
// called.
func fromZip(r io.ReaderAt, size int64, name string, b *budget) (*Graph, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%s (%d bytes) is no .zip archive: %w\nit may be truncated or of another format: pack weights.txt, tract_lengths.txt and centres.txt anew", name, size, err)
	}
	var members []member
	for _, f := range archive.File {
		if f.FileInfo().IsDir() {
			continue
		}
		where := fmt.Sprintf("%s, member %s", name, clip(f.Name))
		members = addMember(members, f.Name, where, func() (stream, error) {
			if f.Flags&1 != 0 {
				return nil, fmt.Errorf("%s is encrypted: pack it without a password", where)
			}
			s, err := f.Open()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", where, err)
			}
			return s, nil
		})
	}
	return fromMembers(members, name, b)
}

// loadFolder reads the files of a folder, or of the only folder in it.
func loadFolder(path string) (*Graph, error) {
	for range 2 {
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, err
		}
		var members []member
		var folders []string
		for _, entry := range entries {
			inside := filepath.Join(path, entry.Name())
			if entry.IsDir() {
				if !hidden(entry.Name()) {
					folders = append(folders, inside)
				}
				continue
			}
			file := diskFile(inside)
			members = addMember(members, entry.Name(), inside, file.open)
		}
		if len(members) > 0 || len(folders) != 1 {
			return fromMembers(members, path, newBudget())
		}
		path = folders[0]
	}
	return fromMembers(nil, path, newBudget())
}

// addMember adds a file unless it is hidden.
func addMember(members []member, path, where string, open func() (stream, error)) []member {
	parts := strings.FieldsFunc(path, func(c rune) bool { return c == '/' || c == '\\' })
	if len(parts) == 0 {
		return members
	}
	for _, part := range parts {
		if hidden(part) {
			return members
		}
	}
	name := strings.TrimSuffix(strings.ToLower(parts[len(parts)-1]), ".bz2")
	stem := name
	for _, extension := range []string{".txt", ".csv", ".tsv"} {
		stem = strings.TrimSuffix(stem, extension)
	}
	text := stem != name || !strings.Contains(name, ".")
	return append(members, member{stem, path, text, &textFile{where, isPacked(path), open}})
}

// hidden tells names that systems add on their own; ".." leads up and hides nothing.
func hidden(name string) bool {
	return name == "__MACOSX" || name[0] == '.' && name != "." && name != ".."
}

// choose is the member with one of the names: by the name itself, else by a name that contains it. It is
// nil where there is none, and an error where there are several.
func choose(members []member, names ...string) (*textFile, error) {
	for _, name := range names {
		for _, fits := range []func(member) bool{
			func(m member) bool { return m.text && m.stem == name },
			func(m member) bool { return m.text && strings.Contains(m.stem, name) },
		} {
			var found []member
			for _, m := range members {
				if fits(m) {
					found = append(found, m)
				}
			}
			if len(found) > 1 {
				return nil, fmt.Errorf("%s and %s could both be %q; one is wanted: rename or remove the other", clip(found[0].path), clip(found[1].path), name)
			}
			if len(found) == 1 {
				return found[0].file, nil
			}
		}
	}
	return nil, nil
}

// fromMembers is the graph of the files called weights, tract_lengths and centres. All three must be there,
// as in The Virtual Brain.
func fromMembers(members []member, name string, b *budget) (*Graph, error) {
	var files [3]*textFile
	for i, names := range [][]string{{"weights"}, {"tract_lengths", "lengths"}, {"centres", "centers"}} {
		file, err := choose(members, names...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if file == nil {
			return nil, missing(members, name, names[0])
		}
		files[i] = file
	}
	r, err := readRegions(files[2], b)
	if err != nil {
		return nil, err
	}
	if r.centres == nil {
		return nil, fmt.Errorf("%s holds no positions; a line \"label x y z\" (mm) for each region is wanted", r.file.name)
	}
	if r.labels == nil {
		labels, err := choose(members, "labels")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if labels != nil {
			named, err := readRegions(labels, b)
			if err != nil {
				return nil, err
			}
			r.labels = named.labels
		}
	}
	w, err := readTable(files[0], b, false)
	if err != nil {
		return nil, err
	}
	l, err := readTable(files[1], b, false)
	if err != nil {
		return nil, err
	}
	return assemble(w, l, r)
}

// missing says which file is not there and what is.
func missing(members []member, name, wanted string) error {
	var paths []string
	arrays := false
	for _, m := range members {
		arrays = arrays || strings.HasSuffix(m.stem, ".npy")
		paths = append(paths, m.path)
	}
	holds := "no files"
	if len(paths) > 0 {
		holds = listed(paths)
	}
	remedy := "add it, or load the tables that are there by \"weights.txt,lengths.txt\" or \"weights.txt\""
	if arrays {
		remedy = "if this is an archive of NumPy, rename it to .npz"
	}
	return fmt.Errorf("%s: no text file %q; it holds: %s\nweights, tract_lengths and centres (lines \"label x y z\") are wanted: %s", name, wanted, holds, remedy)
}
