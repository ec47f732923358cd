package sweep

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// WriteCSV writes the table as comma-separated values with a header: a field for every number ([Column.Fields]) and a last one
// for what went wrong, which is empty for rows that were computed and "missing" for those that were not. Numbers are written so that
// reading gives the same bits.
func (t *Table) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	var header []string
	for _, c := range t.rows.columns {
		header = append(header, c.Fields()...)
	}
	fields := make([]string, len(header)+1)
	if err := out.Write(append(header, errorName)); err != nil {
		return err
	}
	err := t.Each(func(_ int, r Row) error {
		for i, v := range r.Values {
			fields[i] = strconv.FormatFloat(v, 'g', -1, 64)
		}
		fields[len(fields)-1] = r.Trouble()
		return out.Write(fields)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// ReadCSV reads a table that [Table.WriteCSV] wrote, or another of numbers with a header. The fields "w[0]", "w[1]", … are one column of
// arrays again. Which columns are axes is not in the file: none of them is one in the result.
func ReadCSV(r io.Reader) (*Table, error) {
	in := csv.NewReader(bufio.NewReader(r))
	in.ReuseRecord = true
	header, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("sweep: the table has no header: %w", err)
	}
	header = slices.Clone(header)
	texts := len(header) > 0 && header[len(header)-1] == errorName
	if texts {
		header = header[:len(header)-1]
	}
	columns, err := columnsOf(header)
	if err != nil {
		return nil, err
	}
	rows, values := newBuilder(columns), make([]float64, len(header))
	for {
		fields, err := in.Read()
		if err == io.EOF {
			return rows.Table(), nil
		}
		if err != nil {
			return nil, fmt.Errorf("sweep: %w", err)
		}
		for i := range values {
			if values[i], err = strconv.ParseFloat(fields[i], 64); err != nil {
				line, _ := in.FieldPos(i)
				return nil, fmt.Errorf("sweep: line %d, field %q: %q is no number", line, header[i], fields[i])
			}
		}
		trouble := ""
		if texts {
			trouble = fields[len(header)]
		}
		rows.Add(values, trouble)
	}
}

// columnsOf puts the fields of a header together again.
func columnsOf(header []string) ([]Column, error) {
	var columns []Column
	for i := 0; i < len(header); {
		name, rest, isArray := strings.Cut(header[i], "[")
		c := Column{Name: name}
		n := 1
		if isArray {
			c.Shape = make([]int, strings.Count(rest, ",")+1)
			for n = 0; i+n < len(header) && strings.HasPrefix(header[i+n], name+"["); n++ {
				index := strings.Split(strings.TrimSuffix(header[i+n][len(name)+1:], "]"), ",")
				for k := range min(len(index), len(c.Shape)) {
					at, err := strconv.Atoi(index[k])
					if err != nil || at < 0 || at > math.MaxInt32 {
						return nil, fmt.Errorf("sweep: the field %q has no index; wanted a name such as \"w[0]\" or \"W[0,1]\"", header[i+n])
					}
					c.Shape[k] = max(c.Shape[k], at+1)
				}
			}
			if c.Size() != n || !slices.Equal(c.Fields(), header[i:i+n]) {
				return nil, fmt.Errorf("sweep: the fields of %q in the header are not those of an array in order", name)
			}
		}
		columns = append(columns, c)
		i += n
	}
	return columns, checkColumns(columns)
}
