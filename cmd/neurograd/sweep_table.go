package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/sweep"
	"github.com/neurograd/neurograd/sweep/parquet"
)

// tableFlags are the flags of what looks at a finished sweep.
type tableFlags struct {
	format  string
	result  string
	rows    int
	largest bool
	as      string
	x, y    string
}

func tableFormats() []string { return []string{"csv", "jsonl", "npz", "parquet"} }

func (t *tableFlags) addFlags(f *flags) {
	f.add("format", "FORMAT", "show: print the whole table as "+strings.Join(tableFormats(), ", "), "", func(text string) error {
		if !slices.Contains(tableFormats(), text) {
			return fmt.Errorf("unknown format%s", suggest.Hint(text, tableFormats()))
		}
		t.format = text
		return nil
	})
	f.text(&t.result, "result", "NAME", "best, plot: the result to look at; without it the first number")
	f.count(&t.rows, "rows", "N", "best: how many rows", 1)
	f.toggle(&t.largest, "largest", "best: the largest results instead of the smallest")
	f.add("as", "KIND", "plot: "+strings.Join(pictureKinds(), ", ")+"; without it what fits the axes", "", func(text string) error {
		if !slices.Contains(pictureKinds(), text) {
			return fmt.Errorf("unknown kind of picture%s", suggest.Hint(text, pictureKinds()))
		}
		t.as = text
		return nil
	})
	f.text(&t.x, "x", "PATH", "plot: the axis drawn to the right; without it the last one that varies")
	f.text(&t.y, "y", "PATH", "plot: the axis drawn upwards, or of which every value has a line; without it the one before")
}

// open is the table of a store.
func openTable(dir string) (*sweep.Table, error) {
	t, err := sweep.Open(dir)
	if err != nil {
		return nil, inputError{err}
	}
	return t, nil
}

// summary says what a table holds.
func (c *sweeps) summary(w io.Writer, dir string, t *sweep.Table) error {
	failed, absent, err := t.Failed()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: %d rows", dir, t.Len())
	if failed > 0 {
		fmt.Fprintf(w, ", %d failed", failed)
	}
	if absent > 0 {
		fmt.Fprintf(w, ", %d missing", absent)
	}
	fmt.Fprintln(w)
	for _, column := range t.Columns() {
		values, err := t.Floats(column.Name)
		if err != nil {
			return err
		}
		what, shape := "result", ""
		if column.Axis {
			what = "axis"
		}
		if column.Shape != nil {
			shape = " " + fmt.Sprint(column.Shape)
		}
		values = slices.DeleteFunc(values, math.IsNaN)
		if s := summarise(values); s != nil {
			fmt.Fprintf(w, "%s %s%s: %s\n", what, column.Name, shape, s)
		}
	}
	return nil
}

// show is neurograd sweep show.
func (c *sweeps) show(dir string, stdout, stderr io.Writer) error {
	c.streams(stdout, stderr)
	t, err := openTable(dir)
	if err != nil {
		return err
	}
	if c.format == "" && !c.json {
		return c.summary(stdout, dir, t)
	}
	w := bufio.NewWriter(stdout)
	switch {
	case c.format == "csv":
		err = t.WriteCSV(w)
	case c.format == "npz":
		err = t.WriteNPZ(w)
	case c.format == "parquet":
		err = parquet.Write(w, t)
	default:
		err = t.WriteJSONL(w)
	}
	return errors.Join(err, w.Flush())
}

// resultColumn is the result that the flags name, or the first of one number.
func (c *sweeps) resultColumn(t *sweep.Table) (string, error) {
	var names []string
	for _, column := range t.Columns() {
		if !column.Axis && column.Size() == 1 {
			names = append(names, column.Name)
		}
	}
	switch {
	case len(names) == 0:
		return "", wrong("the table has no result of one number; run the sweep with one, such as --observe mean:last=500")
	case c.result == "":
		return names[0], nil
	case !slices.Contains(names, c.result):
		return "", wrong("--result %q: the table has no such result of one number%s", c.result, suggest.Hint(c.result, names))
	}
	return c.result, nil
}

// best is neurograd sweep best.
func (c *sweeps) best(dir string, stdout, stderr io.Writer) error {
	c.streams(stdout, stderr)
	t, err := openTable(dir)
	if err != nil {
		return err
	}
	result, err := c.resultColumn(t)
	if err != nil {
		return err
	}
	rank := t.Best
	if c.largest {
		rank = t.Largest
	}
	best, err := rank(c.rows, result)
	if err != nil {
		return err
	}
	if c.json {
		return best.WriteJSONL(stdout)
	}
	out := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	columns := numbersOf(t)
	fmt.Fprintf(out, "row\t%s\n", strings.Join(columns, "\t"))
	err = best.Each(func(_ int, r sweep.Row) error {
		fmt.Fprintf(out, "%d", r.Number)
		for _, name := range columns {
			fmt.Fprintf(out, "\t%s", strconv.FormatFloat(r.Value(name), 'g', 6, 64))
		}
		fmt.Fprintln(out)
		return nil
	})
	if err := errors.Join(err, out.Flush()); err != nil {
		return err
	}
	if best.Len() > 0 && !c.quiet {
		return c.goOn(best, stdout)
	}
	return nil
}

// numbersOf are the columns of one number.
func numbersOf(t *sweep.Table) []string {
	var names []string
	for _, column := range t.Columns() {
		if column.Size() == 1 {
			names = append(names, column.Name)
		}
	}
	return names
}

// goOn prints the flags with which other commands begin at the first row.
func (c *sweeps) goOn(t *sweep.Table, w io.Writer) error {
	r, err := t.Row(0)
	if err != nil {
		return err
	}
	var words []string
	for _, column := range t.Columns() {
		switch {
		case !column.Axis || column.Shape != nil || column.Name == "repetition":
		case column.Name == "seed" || column.Name == "step":
			words = append(words, "--"+column.Name+" "+exact(r.Value(column.Name)))
		default:
			words = append(words, "--set "+column.Name+"="+exact(r.Value(column.Name)))
		}
	}
	if len(words) > 0 {
		fmt.Fprintf(w, "\nto go on from the first: neurograd run %s\n", strings.Join(words, " "))
	}
	return nil
}

// merge is neurograd sweep merge.
func (c *sweeps) merge(dirs []string, stdout, stderr io.Writer) error {
	c.streams(stdout, stderr)
	if err := sweep.Merge(c.folder, dirs...); err != nil {
		return inputError{err}
	}
	t, err := openTable(c.folder)
	if err != nil {
		return err
	}
	if err := c.summary(c.log, c.folder, t); err != nil {
		return err
	}
	return c.object(map[string]any{"command": "sweep merge", "version": version(), "folders": dirs, "folder": c.folder, "rows": t.Len()})
}
