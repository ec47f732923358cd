package space

import (
	"encoding/csv"
	"io"
)

// Columns are the names of the numbers of a point, in order: the path of an axis, for arrays with the element,
// "dynamics.J_N[3]".
func (s *Space) Columns() []string {
	if s.Err() != nil {
		return nil
	}
	columns := make([]string, 0, s.size)
	for _, a := range s.axes {
		for k := range a.size() {
			columns = append(columns, a.path+elementText(a.shape, k))
		}
	}
	return columns
}

// WriteCSV writes the points as a table: a row per point in order, under the names of [Space.Columns]. Numbers are written so that
// they are read back exactly. Errors: that of the space or of a point, those of the writer.
func (s *Space) WriteCSV(w io.Writer) error {
	if err := s.Err(); err != nil {
		return err
	}
	row := s.Columns()
	out := csv.NewWriter(w)
	if err := out.Write(row); err != nil {
		return err
	}
	for p, err := range s.All() {
		if err != nil {
			return err
		}
		for k, x := range p.numbers {
			row[k] = numberText(x)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
