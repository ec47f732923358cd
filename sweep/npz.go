package sweep

import (
	"fmt"
	"io"

	"github.com/neurograd/neurograd/internal/npz"
)

// WriteNPZ writes the table as a NumPy archive: an array [rows] or [rows][shape…] for every column, under its name, "axes" with the
// names of those that are axes, and "error" [rows], a text that is empty for rows that were computed.
func (t *Table) WriteNPZ(w io.Writer) error {
	var arrays []npz.Array
	axes := npz.Array{Name: axesName, Strings: []string{}}
	for _, c := range t.rows.columns {
		values, err := t.Floats(c.Name)
		if err != nil {
			return err
		}
		arrays = append(arrays, npz.Array{Name: c.Name, Shape: append([]int{t.Len()}, c.Shape...), Floats: values})
		if c.Axis {
			axes.Strings = append(axes.Strings, c.Name)
		}
	}
	axes.Shape = []int{len(axes.Strings)}
	trouble := npz.Array{Name: errorName, Shape: []int{t.Len()}, Strings: make([]string, 0, t.Len())}
	err := t.Each(func(_ int, r Row) error {
		trouble.Strings = append(trouble.Strings, r.Trouble())
		return nil
	})
	if err != nil {
		return err
	}
	return npz.Write(w, append(arrays, axes, trouble)...)
}

// axesName is the member of an archive that lists the axes.
const axesName = "axes"

// ReadNPZ reads a table that [Table.WriteNPZ] wrote from a file of that size.
func ReadNPZ(r io.ReaderAt, size int64) (*Table, error) {
	archive, err := npz.New(r, size, "table")
	if err != nil {
		return nil, err
	}
	axes, troubles, err := listings(archive)
	if err != nil {
		return nil, err
	}
	var columns []Column
	var data [][]float64
	for _, name := range archive.Names() {
		if name == axesName || name == errorName {
			continue
		}
		a, err := archive.Read(name)
		if err != nil {
			return nil, err
		}
		values, err := a.Numbers()
		if err != nil {
			return nil, err
		}
		if len(a.Shape) == 0 || a.Shape[0] != len(troubles) {
			return nil, fmt.Errorf("sweep: the array %q has shape %v; wanted %d rows, as %q has", name, a.Shape, len(troubles), errorName)
		}
		c := Column{Name: name, Axis: axes[name]}
		if len(a.Shape) > 1 {
			c.Shape = a.Shape[1:]
		}
		columns, data = append(columns, c), append(data, values)
	}
	if err := checkColumns(columns); err != nil {
		return nil, err
	}
	rows := newBuilder(columns)
	values := make([]float64, rows.values)
	for row, trouble := range troubles {
		at := 0
		for i, c := range columns {
			at += copy(values[at:], data[i][row*c.Size():(row+1)*c.Size()])
		}
		rows.Add(values, trouble)
	}
	return rows.Table(), nil
}

// listings are the names of the axes, and what went wrong row by row.
func listings(archive *npz.Archive) (axes map[string]bool, troubles []string, err error) {
	axes = map[string]bool{}
	for _, name := range []string{axesName, errorName} {
		a, err := archive.Read(name)
		if err != nil {
			return nil, nil, fmt.Errorf("sweep: this is no table of a sweep: %w", err)
		}
		if name == errorName {
			troubles = a.Strings
			continue
		}
		for _, axis := range a.Strings {
			axes[axis] = true
		}
	}
	return axes, troubles, nil
}
