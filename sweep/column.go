package sweep

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Column is a named column of a table: one number per row, or an array.
type Column struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape,omitempty"` // nil for one number
	Unit  string `json:"unit,omitempty"`  // the physical unit; "" where there is none, or it is not known
	// Axis says that the column is part of what was asked, an axis of the space or the number of the repetition, and
	// not a result.
	Axis bool `json:"axis,omitempty"`
}

// Size is how many numbers a row has in the column.
func (c Column) Size() int {
	size := 1
	for _, n := range c.Shape {
		size *= n
	}
	return size
}

// Fields are the names of the column's numbers, in row-major order: "J_N[0]", "J_N[1]", …, "W[0,1]", …; the name
// of the column itself where it has one number and no shape.
func (c Column) Fields() []string {
	if len(c.Shape) == 0 {
		return []string{c.Name}
	}
	names := make([]string, c.Size())
	index := make([]int, len(c.Shape))
	for i := range names {
		texts := make([]string, len(index))
		for k, n := range index {
			texts[k] = strconv.Itoa(n)
		}
		names[i] = c.Name + "[" + strings.Join(texts, ",") + "]"
		for k := len(index) - 1; k >= 0; k-- {
			if index[k]++; index[k] < c.Shape[k] {
				break
			}
			index[k] = 0
		}
	}
	return names
}

// errorName is the name of the column that tables written as text have for what went wrong in a row.
const errorName = "error"

// checkColumns refuses columns that no table can have.
func checkColumns(columns []Column) error {
	total := 0
	for i, c := range columns {
		if c.Name == "" || c.Name == errorName || strings.ContainsAny(c.Name, "[]\n\r\"") {
			return fmt.Errorf("sweep: a column cannot be named %q; wanted a name without brackets and quotes that is not %q, such as \"mean\"", c.Name, errorName)
		}
		if slices.ContainsFunc(columns[:i], func(other Column) bool { return other.Name == c.Name }) {
			return fmt.Errorf("sweep: two columns are named %q; rename one: axes have the names of their paths", c.Name)
		}
		size := 1
		for _, n := range c.Shape {
			if n < 1 || n > mostNumbers/size {
				return fmt.Errorf("sweep: column %q has shape %v; wanted positive extents, and at most %d numbers in a row", c.Name, c.Shape, mostNumbers)
			}
			size *= n
		}
		if total += size; total > mostNumbers {
			return fmt.Errorf("sweep: a row has more than %d numbers; take means, or keep trajectories elsewhere", mostNumbers)
		}
	}
	return nil
}

// mostNumbers bounds the numbers of a row.
const mostNumbers = 1 << 24

// layout is how a row is kept: a byte that says how it went, three zeros, a checksum, and its numbers.
type layout struct {
	columns []Column
	values  int
}

func newLayout(columns []Column) layout {
	l := layout{columns: columns}
	for _, c := range columns {
		l.values += c.Size()
	}
	return l
}

// How a row went.
const (
	missing byte = iota
	done
	failed // its results are NaN, and there is a text of what went wrong
)

const headBytes = 8

// bytes is the length of a row.
func (l layout) bytes() int { return headBytes + 8*l.values }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encode writes row number n.
func (l layout) encode(to []byte, n int, status byte, values []float64) {
	clear(to[:headBytes])
	to[0] = status
	for i, v := range values {
		binary.LittleEndian.PutUint64(to[headBytes+8*i:], math.Float64bits(v))
	}
	binary.LittleEndian.PutUint32(to[4:], l.checksum(to, n))
}

// checksum is that of row number n.
func (l layout) checksum(row []byte, n int) uint32 {
	var head [12]byte
	binary.LittleEndian.PutUint64(head[:], uint64(n))
	copy(head[8:], row[:4])
	return crc32.Update(crc32.Checksum(head[:], castagnoli), castagnoli, row[headBytes:l.bytes()])
}

// status is how row number n went; missing if its checksum is not right, which a row written by half has not.
func (l layout) status(row []byte, n int) byte {
	if row[0] != missing && binary.LittleEndian.Uint32(row[4:]) == l.checksum(row, n) {
		return row[0]
	}
	return missing
}

// decode reads the numbers of a row.
func (l layout) decode(values []float64, row []byte) {
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(row[headBytes+8*i:]))
	}
}

// offset is where the numbers of a column begin in a row; false if there is none of that name.
func (l layout) offset(name string) (at int, c Column, ok bool) {
	for _, c := range l.columns {
		if c.Name == name {
			return at, c, true
		}
		at += c.Size()
	}
	return 0, Column{}, false
}
