package graph

import (
	"fmt"

	"github.com/neurograd/neurograd/internal/npz"
)

// The names under which the members of an archive are known, the first that is there being read.
var (
	weightNames = []string{"weights"}
	lengthNames = []string{"lengths", "tract_lengths"}
	labelNames  = []string{"region_labels", "labels", "names"}
	centreNames = []string{"centres", "centers", "positions"}
)

func loadNPZ(path string) (*Graph, error) {
	archive, err := npz.Open(path)
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	g, err := fromArchive(archive)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return g, nil
}

// fromArchive is the graph in an archive; what is wrong with its numbers is the graph's own error.
func fromArchive(archive *npz.Archive) (*Graph, error) {
	weights, err := readRows(archive, weightNames)
	if err != nil {
		return nil, err
	}
	if weights == nil {
		return nil, fmt.Errorf("no member \"weights\"; it holds: %s", listed(archive.Names()))
	}
	labels, err := readLabels(archive)
	if err != nil {
		return nil, err
	}
	g := fromDense(weights, labels)
	lengths, err := readRows(archive, lengthNames)
	if err != nil {
		return nil, err
	}
	if lengths != nil {
		g = g.WithLengths(lengths)
	}
	rows, err := readRows(archive, centreNames)
	if err != nil || rows == nil {
		return g, err
	}
	centres := make([][3]float64, len(rows))
	for i, row := range rows {
		if len(row) != 3 {
			return nil, fmt.Errorf("the centres have %d columns; three are wanted: x, y, z in mm", len(row))
		}
		centres[i] = [3]float64(row)
	}
	return g.WithCentres(centres), nil
}

// find is the first of the names that the archive holds, "" if none.
func find(archive *npz.Archive, names []string) string {
	for _, name := range names {
		if archive.Has(name) {
			return name
		}
	}
	return ""
}

// readRows reads a matrix, nil if the archive has none of the names.
func readRows(archive *npz.Archive, names []string) ([][]float64, error) {
	name := find(archive, names)
	if name == "" {
		return nil, nil
	}
	array, err := archive.Read(name)
	if err != nil {
		return nil, err
	}
	return array.Rows()
}

// readLabels reads the labels, nil if there are none.
func readLabels(archive *npz.Archive) ([]string, error) {
	name := find(archive, labelNames)
	if name == "" {
		return nil, nil
	}
	array, err := archive.Read(name)
	if err != nil {
		return nil, err
	}
	if array.Strings == nil || len(array.Shape) != 1 {
		return nil, fmt.Errorf("member %q is of type %s with shape %v; a list of strings is wanted: save it with numpy.array(names, dtype=str)", name, array.DType, array.Shape)
	}
	return array.Strings, nil
}
