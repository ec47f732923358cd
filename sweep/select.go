package sweep

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Filter is the table of the rows for which keep is true, in their order.
func (t *Table) Filter(keep func(Row) bool) (*Table, error) {
	order := []int{}
	err := t.Each(func(i int, r Row) error {
		if keep(r) {
			order = append(order, t.number(i))
		}
		return nil
	})
	return &Table{rows: t.rows, order: order}, err
}

// Best is the table of the n rows with the smallest numbers in a column, the smallest first; of equal ones the first row.
// Rows that failed, and NaN, are left out. Errors: no such column, or one of arrays.
func (t *Table) Best(n int, column string) (*Table, error) { return t.ranked(n, column, 1) }

// Largest is the table of the n rows with the largest numbers in a column, the largest first; otherwise as [Table.Best].
func (t *Table) Largest(n int, column string) (*Table, error) { return t.ranked(n, column, -1) }

func (t *Table) ranked(n int, column string, sign float64) (*Table, error) {
	at, c, err := t.column(column)
	if err != nil {
		return nil, err
	}
	if c.Size() != 1 {
		return nil, fmt.Errorf("sweep: column %q has %d numbers in a row; wanted one to order rows by: take a mean first", column, c.Size())
	}
	if n < 1 {
		return nil, fmt.Errorf("sweep: the best %d rows; wanted at least 1", n)
	}
	type ranking struct {
		row   int
		value float64
	}
	var all []ranking
	err = t.Each(func(i int, r Row) error {
		if v := r.Values[at]; !math.IsNaN(v) && !r.Missing && r.Err == "" {
			all = append(all, ranking{t.number(i), sign * v})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b ranking) int {
		return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.row, b.row))
	})
	order := []int{}
	for _, r := range all[:min(n, len(all))] {
		order = append(order, r.row)
	}
	return &Table{rows: t.rows, order: order}, nil
}

// Grid is a column of a table over the values of two of its axes.
type Grid struct {
	Y, X   string      // names of the axes
	Ys, Xs []float64   // their values, increasing
	Values [][]float64 // [y][x]; NaN where there is no row, or one that failed
}

// Grid is a result over the two axes of the table that vary, of which the first in the order of columns is Y, for a heat map. Where several
// rows have the same values on the axes, as with repetitions, it is their mean over those that did not fail. Errors: no such column, and
// a table that does not have two such axes; name them by [Table.GridOver].
func (t *Table) Grid(column string) (*Grid, error) {
	var axes []string
	for _, c := range t.rows.columns {
		if !c.Axis || c.Name == "repetition" || len(c.Shape) > 0 {
			continue
		}
		values, err := t.distinct(c.Name)
		if err != nil {
			return nil, err
		}
		if len(values) > 1 {
			axes = append(axes, c.Name)
		}
	}
	if len(axes) != 2 {
		return nil, fmt.Errorf("sweep: %d axes of one number vary in the table: %v; wanted two for a grid: name them, or filter the table", len(axes), axes)
	}
	return t.GridOver(column, axes[0], axes[1])
}

// distinct are the different numbers in a column, increasing.
func (t *Table) distinct(column string) ([]float64, error) {
	_, c, err := t.column(column)
	if err != nil {
		return nil, err
	}
	if c.Size() != 1 {
		return nil, fmt.Errorf("sweep: column %q has %d numbers in a row; wanted one", column, c.Size())
	}
	values, err := t.Floats(column)
	if err != nil {
		return nil, err
	}
	values = slices.DeleteFunc(values, math.IsNaN)
	slices.Sort(values)
	return slices.Compact(values), nil
}

// GridOver is [Table.Grid] over the axes of these names.
func (t *Table) GridOver(column, y, x string) (*Grid, error) {
	at, c, err := t.column(column)
	if err != nil {
		return nil, err
	}
	if c.Size() != 1 {
		return nil, fmt.Errorf("sweep: column %q has %d numbers in a row; wanted one for a grid", column, c.Size())
	}
	g := &Grid{Y: y, X: x}
	if g.Ys, err = t.distinct(y); err != nil {
		return nil, err
	}
	if g.Xs, err = t.distinct(x); err != nil {
		return nil, err
	}
	count := make([][]int, len(g.Ys))
	for i := range g.Ys {
		g.Values, count[i] = append(g.Values, make([]float64, len(g.Xs))), make([]int, len(g.Xs))
	}
	err = t.Each(func(_ int, r Row) error {
		i, iok := slices.BinarySearch(g.Ys, r.Value(y))
		k, kok := slices.BinarySearch(g.Xs, r.Value(x))
		if v := r.Values[at]; iok && kok && !math.IsNaN(v) {
			g.Values[i][k] += v
			count[i][k]++
		}
		return nil
	})
	for i := range g.Values {
		for k := range g.Values[i] {
			g.Values[i][k] /= float64(count[i][k]) // 0/0 is NaN: nothing there
		}
	}
	return g, err
}
