package neurograd_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/noise"
)

// TestGoldenStream compares the noise stream with the table of docs/NUMERICS.md, in every bit.
func TestGoldenStream(t *testing.T) {
	page, err := os.ReadFile("docs/NUMERICS.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), "| seed | stream | state | node | step | z |")
	if !found {
		t.Fatal("docs/NUMERICS.md has no table of the golden stream")
	}
	rows := 0
	for _, line := range strings.Split(table, "\n")[2:] {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 6 {
			break
		}
		var address [5]uint64
		for i := range address {
			if address[i], err = strconv.ParseUint(strings.TrimSpace(cells[i]), 10, 64); err != nil {
				t.Fatal(err)
			}
		}
		want, err := strconv.ParseFloat(strings.TrimSpace(cells[5]), 64)
		if err != nil {
			t.Fatal(err)
		}
		node, step := int(address[3]), int(address[4])
		pair := [2][]float64{make([]float64, node+1), make([]float64, node+1)}
		noise.Stream{Seed: address[0], Number: uint32(address[1])}.Pair(pair[0], pair[1], 0, 0, int(address[2]), step/2)
		if got := pair[step%2][node]; got != want {
			t.Errorf("seed %d, stream %d, state %d, node %d, step %d: %v, the page says %v", address[0], address[1], address[2], node, step, got, want)
		}
		rows++
	}
	if rows < 8 {
		t.Errorf("the table has %d rows that could be read", rows)
	}
}
