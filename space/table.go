package space

import (
	"encoding/csv"
	"io"
)

// WriteCSV writes the points as a table: a row per point in order, a column per axis, named by its path; an array has a column per element,
// "dynamics.J_N[3]". Numbers are written so that they are read back exactly. Errors: that of the space or of a point, those of the writer.
func (s *Space) WriteCSV(w io.Writer) error {
	if err := s.Err(); err != nil {
		return err
	}
	var row []string
	for _, a := range s.axes {
		for k := range a.size() {
			row = append(row, a.path+elementText(a.shape, k))
		}
	}
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
