// Package parquet writes the tables of sweeps as Apache Parquet files and reads them back. It is a package of its own so that programs
// that do without these files do not carry the library for them.
package parquet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/parquet-go/parquet-go"

	"github.com/neurograd/neurograd/sweep"
)

const (
	columnsKey = "neurograd.columns" // of the file's metadata: names, shapes and axes
	errorField = "error"
)

// Write writes a table: a column of doubles for every column of one number, a list of doubles, row-major, for every column of
// arrays, and "error", a text that is empty for rows that were computed. The shapes of arrays and which columns are axes are in the file's
// metadata under "neurograd.columns". The file is compressed with Snappy.
func Write(w io.Writer, t *sweep.Table) error {
	columns := t.Columns()
	about, err := json.Marshal(columns)
	if err != nil {
		return err
	}
	out := parquet.NewWriter(w, schema(columns), parquet.Compression(&parquet.Snappy), parquet.KeyValueMetadata(columnsKey, string(about)))
	var row parquet.Row
	err = t.Each(func(_ int, r sweep.Row) error {
		row = row[:0]
		values := r.Values
		for i, c := range columns {
			for k, v := range values[:c.Size()] {
				value := parquet.DoubleValue(v)
				switch {
				case c.Shape == nil:
					value = value.Level(0, 0, i)
				case k == 0:
					value = value.Level(0, 1, i)
				default:
					value = value.Level(1, 1, i)
				}
				row = append(row, value)
			}
			values = values[c.Size():]
		}
		row = append(row, parquet.ByteArrayValue([]byte(r.Trouble())).Level(0, 0, len(columns)))
		_, err := out.WriteRows([]parquet.Row{row})
		return err
	})
	if err != nil {
		return err
	}
	return out.Close()
}

func schema(columns []sweep.Column) *parquet.Schema {
	var root group
	for _, c := range columns {
		node := parquet.Leaf(parquet.DoubleType)
		if c.Shape != nil {
			node = parquet.List(node)
		}
		root.fields = append(root.fields, field{node, c.Name})
	}
	root.fields = append(root.fields, field{parquet.String(), errorField})
	return parquet.NewSchema("sweep", root)
}

// group is a group of fields in a given order; those of the library are in the order of their names.
type group struct {
	parquet.Group
	fields []parquet.Field
}

func (g group) Fields() []parquet.Field { return g.fields }

func (g group) GoType() reflect.Type { return reflect.TypeFor[struct{}]() }

type field struct {
	parquet.Node
	name string
}

func (f field) Name() string { return f.name }

func (f field) Value(base reflect.Value) reflect.Value { return base }

// Read reads a table that [Write] wrote from a file of that size.
func Read(r io.ReaderAt, size int64) (*sweep.Table, error) {
	file, err := parquet.OpenFile(r, size)
	if err != nil {
		return nil, fmt.Errorf("parquet: %w", err)
	}
	about, ok := file.Lookup(columnsKey)
	var columns []sweep.Column
	if !ok || json.Unmarshal([]byte(about), &columns) != nil {
		return nil, fmt.Errorf("parquet: the file has no %q in its metadata; wanted the table of a sweep", columnsKey)
	}
	b, err := sweep.NewBuilder(columns)
	if err != nil {
		return nil, err
	}
	if len(file.Schema().Columns()) != len(columns)+1 {
		return nil, errors.New("parquet: the file's columns are not those of its metadata")
	}
	in := parquet.NewReader(file)
	defer in.Close()
	rows := make([]parquet.Row, 64)
	for {
		n, err := in.ReadRows(rows)
		for _, row := range rows[:n] {
			if err := add(b, columns, row); err != nil {
				return nil, err
			}
		}
		if errors.Is(err, io.EOF) {
			return b.Table(), nil
		}
		if err != nil {
			return nil, fmt.Errorf("parquet: %w", err)
		}
	}
}

func add(b *sweep.Builder, columns []sweep.Column, row parquet.Row) error {
	var values []float64
	trouble := ""
	count := make([]int, len(columns))
	for _, v := range row {
		if v.Column() == len(columns) {
			trouble = string(v.ByteArray())
			continue
		}
		if v.Kind() != parquet.Double {
			return fmt.Errorf("parquet: column %q holds %s; wanted doubles", columns[v.Column()].Name, v.Kind())
		}
		values = append(values, v.Double())
		count[v.Column()]++
	}
	for i, c := range columns {
		if count[i] != c.Size() {
			return fmt.Errorf("parquet: column %q has %d numbers in a row; wanted %d", c.Name, count[i], c.Size())
		}
	}
	b.Add(values, trouble)
	return nil
}
