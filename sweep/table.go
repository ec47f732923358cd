package sweep

import (
	"fmt"
	"math"
	"os"
	"slices"

	"github.com/neurograd/neurograd/internal/suggest"
)

// Table is the rows of a sweep: first the columns of its axes, then those of the results. It may lie in a file, which is read
// when it is asked for. A table is not changed by anything; several goroutines may read it.
type Table struct {
	rows  *rows
	order []int // the rows of the table by their numbers in rows; nil: all of them
}

// Builder makes a table in memory, row by row.
type Builder struct {
	layout
	data   []byte
	errors map[int]string
	rows   int
}

// NewBuilder begins a table of these columns. Errors: names that are missing, double, or hold brackets or quotes; extents below 1.
func NewBuilder(columns []Column) (*Builder, error) {
	if err := checkColumns(columns); err != nil {
		return nil, err
	}
	return newBuilder(columns), nil
}

func newBuilder(columns []Column) *Builder {
	return &Builder{layout: newLayout(columns), errors: map[int]string{}}
}

// missingText stands for what went wrong in rows that have not been computed.
const missingText = "missing"

// Add appends a row: the numbers of all columns, one after another, and what went wrong, "" if nothing did. A row with the
// text "missing" is one that has not been computed.
func (b *Builder) Add(values []float64, trouble string) {
	status := done
	switch trouble {
	case "":
	case missingText:
		status = missing
	default:
		status = failed
		b.errors[b.rows] = trouble
	}
	b.data = append(b.data, make([]byte, b.bytes())...)
	b.encode(b.data[b.rows*b.bytes():], b.rows, status, values)
	b.rows++
}

// Table is the table of the rows so far.
func (b *Builder) Table() *Table {
	return &Table{rows: &rows{layout: b.layout, count: b.rows, data: memory(b.data), errors: b.errors}}
}

// storedFile is a file that is opened whenever it is read, so that a table of it needs no end.
type storedFile string

func (s storedFile) ReadAt(p []byte, at int64) (int, error) {
	f, err := os.Open(string(s))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.ReadAt(p, at)
}

func (s storedFile) WriteAt([]byte, int64) (int, error) {
	return 0, fmt.Errorf("%s is open for reading", string(s))
}

// Len is the number of rows.
func (t *Table) Len() int {
	if t.order != nil {
		return len(t.order)
	}
	return t.rows.count
}

// Columns are the columns in order.
func (t *Table) Columns() []Column { return slices.Clone(t.rows.columns) }

// number is the number of row i in what lies below the table.
func (t *Table) number(i int) int {
	if t.order != nil {
		return t.order[i]
	}
	return t.rows.first + i
}

// Row is one row of a table.
type Row struct {
	// Number is the row's number in the sweep, whatever table it is looked at in.
	Number int
	// Err is what went wrong; "" for a row that was computed. The results of a failed row are NaN.
	Err string
	// Missing says that the row has not been computed.
	Missing bool
	// Values are the numbers of all columns, one after another.
	Values []float64
	layout *layout
}

// Trouble is what tables written to files say of the row: "" if it was computed, "missing" if it was not, else what went wrong.
func (r Row) Trouble() string {
	if r.Missing {
		return missingText
	}
	return r.Err
}

// Value is the first number of a column; NaN if there is no such column.
func (r Row) Value(column string) float64 {
	if at, _, ok := r.layout.offset(column); ok {
		return r.Values[at]
	}
	return math.NaN()
}

// Array is all numbers of a column, which is nil if there is none of that name.
func (r Row) Array(column string) []float64 {
	if at, c, ok := r.layout.offset(column); ok {
		return r.Values[at : at+c.Size()]
	}
	return nil
}

// Row reads row i. Errors: a number outside of the table, and a file that cannot be read.
func (t *Table) Row(i int) (Row, error) {
	if i < 0 || i >= t.Len() {
		return Row{}, fmt.Errorf("sweep: row %d of a table of %d; wanted 0 to %d", i, t.Len(), t.Len()-1)
	}
	n := t.number(i)
	r := Row{Number: n, Values: make([]float64, t.rows.values), layout: &t.rows.layout}
	for k := range r.Values {
		r.Values[k] = math.NaN()
	}
	status, err := t.rows.get(n, r.Values, make([]byte, t.rows.bytes()))
	if status == failed {
		r.Err = t.rows.errors[n]
	}
	r.Missing = status == missing
	return r, err
}

// Each calls do for every row in order, with its place in the table; a row's values are valid until it returns. An error ends it.
func (t *Table) Each(do func(i int, r Row) error) error {
	if t.order == nil {
		return t.rows.scan(func(n int, status byte, values []float64) error {
			r := Row{Number: n, Values: values, layout: &t.rows.layout, Missing: status == missing}
			if status == failed {
				r.Err = t.rows.errors[n]
			}
			return do(n-t.rows.first, r)
		})
	}
	for i := range t.order {
		r, err := t.Row(i)
		if err != nil {
			return err
		}
		if err := do(i, r); err != nil {
			return err
		}
	}
	return nil
}

// column is the place of a column in a row.
func (t *Table) column(name string) (at int, c Column, err error) {
	at, c, ok := t.rows.offset(name)
	if !ok {
		var names []string
		for _, c := range t.rows.columns {
			names = append(names, c.Name)
		}
		return 0, c, fmt.Errorf("sweep: the table has no column %q%s", name, suggest.Hint(name, names))
	}
	return at, c, nil
}

// Floats are the numbers of a column, row after row: Size of them for each. They are NaN in rows that failed or are missing.
func (t *Table) Floats(column string) ([]float64, error) {
	at, c, err := t.column(column)
	if err != nil {
		return nil, err
	}
	size := c.Size()
	values := make([]float64, 0, t.Len()*size)
	err = t.Each(func(_ int, r Row) error {
		values = append(values, r.Values[at:at+size]...)
		return nil
	})
	return values, err
}

// Failed are the numbers of rows that failed, and of those that are missing.
func (t *Table) Failed() (failures, absent int, err error) {
	err = t.Each(func(_ int, r Row) error {
		switch {
		case r.Missing:
			absent++
		case r.Err != "":
			failures++
		}
		return nil
	})
	return failures, absent, err
}
