package param

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// WriteCSV writes values as a long table with the columns path, region, value: one row for a scalar,
// with no region; one row per region, by its label, for a regional leaf; one row per value, by its
// position "[3][5]", for any other array, such as the weights, but only where it is free. Without labels (nil) regions are numbered from 0. Numbers
// are written so that they are read back exactly. Errors: labels that are not one per region.
func (t *Tree) WriteCSV(w io.Writer, labels []string) error {
	if t.err != nil {
		return t.err
	}
	for i := range t.entries {
		if l := &t.entries[i].Leaf; l.IsRegional() && labels != nil && len(labels) != l.Regions {
			return fmt.Errorf("param: %d labels for the %d regions of %q; wanted one label per region, or none", len(labels), l.Regions, l.Path)
		}
	}
	table := csv.NewWriter(w)
	if err := table.Write([]string{"path", "region", "value"}); err != nil {
		return err
	}
	for i := range t.entries {
		l := &t.entries[i].Leaf
		if len(l.Shape) > 0 && !l.IsRegional() && !l.Free {
			continue
		}
		for k, v := range l.Value {
			row := []string{l.Path, l.rowLabel(k, labels), strconv.FormatFloat(v, 'g', -1, 64)}
			if err := table.Write(row); err != nil {
				return err
			}
		}
	}
	table.Flush()
	return table.Error()
}

// rowLabel says which of the leaf's values the k-th is.
func (l *Leaf) rowLabel(k int, labels []string) string {
	switch {
	case !l.IsRegional():
		return elementIndex(l.Shape, k)
	case labels == nil:
		return strconv.Itoa(k)
	}
	return labels[k]
}
