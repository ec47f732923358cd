package main

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A table of numbers is what package csv writes of their texts, for every number of rows around those that are made at once.
func TestNumbers(t *testing.T) {
	header := []string{"time", `with "quotes", commas`, "ü"}
	for _, rows := range []int{0, 1, rowsAtOnce - 1, rowsAtOnce, rowsAtOnce + 1, 20*rowsAtOnce + 7} {
		value := func(row, column int) float64 { return float64(row) / float64(3+column) }
		o := &output{folder: t.TempDir()}
		err := o.numbers("numbers.csv", header, rows, func(line []byte, row int) []byte {
			line = appendExact(line, value(row, 0))
			for column := 1; column < len(header); column++ {
				line = appendExact(append(line, ','), value(row, column))
			}
			return line
		})
		if err != nil {
			t.Fatal(err)
		}
		var want strings.Builder
		w := csv.NewWriter(&want)
		w.Write(header)
		for row := range rows {
			var texts []string
			for column := range header {
				texts = append(texts, exact(value(row, column)))
			}
			w.Write(texts)
		}
		w.Flush()
		got, err := os.ReadFile(filepath.Join(o.folder, "numbers.csv"))
		if err != nil || string(got) != want.String() {
			t.Errorf("%d rows: %d bytes, want %d; error %v", rows, len(got), want.Len(), err)
		}
	}
}

// A file that cannot be written ends the rows, whichever of them are written already.
func TestWriteRowsFails(t *testing.T) {
	for _, most := range []int{0, 1, 5} {
		w := &full{most: most}
		err := writeRows(w, 20*rowsAtOnce, func(line []byte, row int) []byte { return append(line, '1') })
		if !errors.Is(err, errFull) || w.writes != most+1 {
			t.Errorf("room for %d writes: error %v after %d", most, err, w.writes)
		}
	}
}

// full is a writer with room for so many writes.
type full struct{ most, writes int }

var errFull = errors.New("full")

func (w *full) Write(p []byte) (int, error) {
	if w.writes++; w.writes > w.most {
		return 0, errFull
	}
	return len(p), nil
}

// Files that are written together are listed in the order in which they are named, without those that failed; the
// first error is returned.
func TestTogether(t *testing.T) {
	o := &output{folder: t.TempDir(), files: []string{"before"}}
	first, second := errors.New("first"), errors.New("second")
	ended := make(chan bool)
	err := o.together(
		func(o *output) error { <-ended; return o.table("slow.csv", nil, nil) },
		func(o *output) error { defer close(ended); return o.table("quick.csv", nil, nil) },
		func(*output) error { <-ended; return first },
		func(*output) error { return second },
	)
	want := []string{"before", filepath.Join(o.folder, "slow.csv"), filepath.Join(o.folder, "quick.csv")}
	if err != first || !slices.Equal(o.files, want) {
		t.Errorf("error %v, files %q, want %q", err, o.files, want)
	}
}
