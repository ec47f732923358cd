package graph

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Load reads a dense graph from files. What path looks like tells the format:
//
//	connectome.npz                         NumPy archive
//	connectivity.zip                       The Virtual Brain's archive of text files
//	folder                                 the same files, unpacked
//	weights.csv                            one matrix of text
//	weights.csv,lengths.csv                two matrices: weights, tract lengths
//	weights.csv,lengths.csv,regions.txt    and the names, or places, of the regions
//
// Matrices are [target][source]: row i holds what region i receives. Lengths are in mm, finite and ≥ 0. The
// weights are taken as they are: [Graph.NormalizeMax] scales them. No delays are set: [Graph.Speed] makes
// them of the lengths.
//
// # NumPy
//
// An archive has the members below; others are ignored.
//
//	weights                        [N][N]
//	lengths or tract_lengths       [N][N]  may be missing
//	region_labels, labels or names [N]     may be missing: R01, R02, …
//	centres, centers or positions  [N][3]  mm; may be missing
//
// # The Virtual Brain
//
// A .zip, or the folder of its files, holds three text files, found by their names: "weights",
// "tract_lengths" and "centres" or "centers". The name itself, apart from .txt, .csv, .tsv and .bz2, is preferred
// to names that contain it, such as my_weights.txt; of several such names the file must have one only. The
// centres are lines "label x y z", or "x y z" with the labels in one more file "labels". Everything else
// (areas, orientations, hemispheres, cortical) is ignored, and so are hidden files and __MACOSX; the files
// may lie in one folder inside the archive or folder.
//
// # Tables
//
// A list of up to three files is separated by commas; "weights.csv,,regions.txt" leaves out the lengths.
// Where a file or folder of the whole name exists, it is taken instead. Extensions are free in a list, and
// .csv, .tsv or .txt for a single matrix; .bz2 after them means packed by bzip2.
//
// Numbers are separated by tabs, semicolons, commas or blanks: the first of these in the first line counts, in
// that order. Decimals are written with a point. Empty lines and those that begin with # are skipped; cells may stand
// in double quotes. The first line and the first column are labels where cells in them, apart from the
// first cell, are no numbers; labels that are all numbers are known by the blank first cell. Labels given in
// several places must agree, where they are not just whole numbers.
//
// The third file has a line "label", "label x y z" or "x y z" (mm) for each region.
//
// # Errors
//
// Errors name the file, line and column, or the regions. At most 1 GiB of text and of numbers, and 16384 regions,
// are read. A file that is absent gives an error that wraps [fs.ErrNotExist].
func Load(path string) (*Graph, error) {
	g, err := load(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("graph: %w", err)
	case g.err != nil:
		return nil, fmt.Errorf("%w\n(in %s)", g.err, path)
	}
	first, _, _ := strings.Cut(path, ",")
	if _, err := os.Stat(path); err == nil {
		first = path
	}
	g.origin = filepath.Base(first)
	return g, nil
}

// load finds the reader for the path; what is wrong with the numbers read is the graph's own error.
func load(path string) (*Graph, error) {
	info, err := os.Stat(path)
	extension := strings.ToLower(filepath.Ext(strings.TrimSuffix(strings.ToLower(path), ".bz2")))
	switch {
	case err != nil && strings.Contains(path, ","):
		return loadTables(strings.Split(path, ","))
	case extension == ".npz":
		return loadNPZ(path)
	case err == nil && info.IsDir():
		return loadFolder(path)
	case extension == ".zip":
		return loadZip(path)
	case extension == ".csv", extension == ".tsv", extension == ".txt":
		return loadTables([]string{path})
	case errors.Is(err, fs.ErrNotExist) && extension == "":
		return nil, err
	}
	return nil, fmt.Errorf("%s has the extension %q; read are .npz (NumPy), .zip (The Virtual Brain), a folder, and tables:\n"+
		"weights.csv or \"weights.csv,lengths.csv\" (.csv, .tsv, .txt): save it as one of these", path, filepath.Ext(path))
}

// loadTables reads the files of a list: weights, lengths, regions.
func loadTables(paths []string) (*Graph, error) {
	if len(paths) > 3 {
		return nil, fmt.Errorf("%q lists %d files; at most three are wanted: \"weights.csv,lengths.csv,regions.txt\"", strings.Join(paths, ","), len(paths))
	}
	var files [3]*textFile
	for i, path := range paths {
		if path = strings.TrimSpace(path); path == "" {
			continue
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".npz", ".zip":
			return nil, fmt.Errorf("%s stands in a list of files, which are tables of text: load it on its own", path)
		}
		files[i] = diskFile(path)
	}
	if files[0] == nil {
		return nil, fmt.Errorf("%q names no file of weights; write \"weights.csv,lengths.csv\"", strings.Join(paths, ","))
	}
	return fromTables(files[0], files[1], files[2], newBudget())
}

// diskFile is a file on disk. It must be a regular one: a pipe could keep the reader waiting for ever.
func diskFile(path string) *textFile {
	return &textFile{name: path, packed: isPacked(path), open: func() (stream, error) {
		info, err := os.Stat(path)
		if err == nil && !info.Mode().IsRegular() {
			err = fmt.Errorf("%s is not a regular file; a table of text is wanted", path)
		}
		if err != nil {
			return nil, err
		}
		return os.Open(path)
	}}
}
