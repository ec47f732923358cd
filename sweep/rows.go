package sweep

import (
	"errors"
	"fmt"
	"io"
	"math"
)

// rows are the rows first to first+count−1 of a sweep, in memory or in a file.
type rows struct {
	layout
	first, count int
	data         memoryOrFile
	errors       map[int]string // by row, of the failed ones
}

type memoryOrFile interface {
	io.ReaderAt
	io.WriterAt
}

// memory is rows in memory; its length is fixed.
type memory []byte

func (m memory) ReadAt(p []byte, at int64) (int, error) {
	n := copy(p, m[min(at, int64(len(m))):])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (m memory) WriteAt(p []byte, at int64) (int, error) { return copy(m[at:], p), nil }

// newRows are rows in memory that are all missing.
func newRows(l layout, first, count int) *rows {
	return &rows{layout: l, first: first, count: count, data: make(memory, count*l.bytes()), errors: map[int]string{}}
}

// put keeps a row that was computed, or one that failed, for which there is a text.
func (r *rows) put(row int, status byte, values []float64, buffer []byte) error {
	buffer = buffer[:r.bytes()]
	r.encode(buffer, row, status, values)
	_, err := r.data.WriteAt(buffer, int64(row-r.first)*int64(r.bytes()))
	return err
}

// get reads a row into values and says how it went. Rows that a file ends before are missing.
func (r *rows) get(row int, values []float64, buffer []byte) (byte, error) {
	buffer = buffer[:r.bytes()]
	if _, err := r.data.ReadAt(buffer, int64(row-r.first)*int64(r.bytes())); err != nil {
		if errors.Is(err, io.EOF) {
			return missing, nil
		}
		return missing, fmt.Errorf("sweep: row %d: %w", row, err)
	}
	status := r.explained(buffer, row)
	if status != missing {
		r.decode(values, buffer)
	}
	return status, nil
}

// explained is how a row went; one that failed without a text is missing: the process ended between the two writes.
func (r *rows) explained(bytes []byte, row int) byte {
	status := r.status(bytes, row)
	if _, ok := r.errors[row]; status == failed && !ok {
		return missing
	}
	return status
}

// scan calls do for every row in order with how it went; the values are valid until it returns.
func (r *rows) scan(do func(row int, status byte, values []float64) error) error {
	const chunk = 1 << 10 // rows read at a time
	buffer, values := make([]byte, chunk*r.bytes()), make([]float64, r.values)
	for from := 0; from < r.count; from += chunk {
		n := min(chunk, r.count-from)
		part := buffer[:n*r.bytes()]
		got, err := r.data.ReadAt(part, int64(from)*int64(r.bytes()))
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("sweep: row %d: %w", r.first+from, err)
		}
		clear(part[got:])
		for i := range n {
			row, bytes := r.first+from+i, part[i*r.bytes():(i+1)*r.bytes()]
			status := r.explained(bytes, row)
			for k := range values {
				values[k] = math.NaN()
			}
			if status != missing {
				r.decode(values, bytes)
			}
			if err := do(row, status, values); err != nil {
				return err
			}
		}
	}
	return nil
}
