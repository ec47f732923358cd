package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
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
