package main

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"

	"github.com/neurograd/neurograd/internal/wholefile"
	"github.com/neurograd/neurograd/plot"
)

// output is where a command leaves its results: a folder, and standard output.
type output struct {
	folder  string
	json    bool // one object on standard output, nothing else
	quiet   bool
	noPlots bool

	stdout, stderr io.Writer
	log            io.Writer // for people
	files          []string  // written so far
}

func (o *output) addFlags(f *flags) {
	o.folder = "neurograd-out"
	f.text(&o.folder, "out", "DIR", "folder for the results; made if it is not there")
	f.toggle(&o.noPlots, "no-plots", "write no pictures")
	f.toggle(&o.json, "json", "print one JSON object at the end and nothing else; progress goes to standard error")
	f.toggle(&o.quiet, "quiet", "print no progress and no summary")
}

// streams chooses where texts for people go.
func (o *output) streams(stdout, stderr io.Writer) {
	o.stdout, o.stderr, o.log = stdout, stderr, stdout
	if o.json {
		o.log = stderr
	}
	if o.quiet {
		o.log = io.Discard
	}
}

// open chooses the streams, makes the folder and tries to write to it: before the work, not after.
func (o *output) open(stdout, stderr io.Writer) error {
	o.streams(stdout, stderr)
	if err := o.checkFolder(); err != nil {
		return err
	}
	err := os.MkdirAll(o.folder, 0o755)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(o.folder, ".probe-*"); err == nil {
			probe.Close()
			err = os.Remove(probe.Name())
		}
	}
	if err != nil {
		return wrong("--out %q: %w; choose a folder that can be written", o.folder, cause(err))
	}
	return nil
}

// checkFolder refuses a folder that is a file.
func (o *output) checkFolder() error {
	if info, err := os.Stat(o.folder); err == nil && !info.IsDir() {
		return wrong("--out %q is a file, a folder is wanted; choose another name", o.folder)
	}
	return nil
}

// cause is the reason within an error of the file system, without names of temporary files.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// write makes a file with what encode writes: complete, or not at all.
func (o *output) write(name string, encode func(io.Writer) error) error {
	path := filepath.Join(o.folder, name)
	err := wholefile.Write(path, encode)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, cause(err))
	}
	o.files = append(o.files, path)
	return nil
}

// together writes several files at once; they are listed in the order given. Of several errors it returns the first.
func (o *output) together(writes ...func(*output) error) error {
	parts, errs := make([]output, len(writes)), make([]error, len(writes))
	var all sync.WaitGroup
	for k, write := range writes {
		parts[k] = *o
		parts[k].files = nil
		all.Go(func() { errs[k] = write(&parts[k]) })
	}
	all.Wait()
	for _, part := range parts {
		o.files = append(o.files, part.files...)
	}
	return cmp.Or(errs...)
}

// picture writes pictures below each other into one file, unless pictures are not wanted.
func (o *output) picture(name string, panels ...plot.Panel) error {
	rows := make([][]plot.Panel, len(panels))
	for i, p := range panels {
		rows[i] = []plot.Panel{p}
	}
	return o.rows(name, rows...)
}

// rows writes rows of pictures into one file, unless pictures are not wanted.
func (o *output) rows(name string, rows ...[]plot.Panel) error {
	return o.file(name, func(path string) error { return plot.Rows(path, rows...) })
}

// file writes a picture by its own means, unless pictures are not wanted.
func (o *output) file(name string, save func(path string) error) error {
	if o.noPlots {
		return nil
	}
	path := filepath.Join(o.folder, name)
	if err := save(path); err != nil {
		return err
	}
	o.files = append(o.files, path)
	return nil
}

// table writes a CSV file.
func (o *output) table(name string, header []string, rows [][]string) error {
	return o.write(name, func(w io.Writer) error {
		t := csv.NewWriter(w)
		t.Write(header)
		return t.WriteAll(rows) // reports the first error of all writes
	})
}

// rowsAtOnce is how many rows of a table of numbers one goroutine makes before they are written.
const rowsAtOnce = 64

// numbers writes a CSV file of so many rows of numbers, which appendRow appends with commas between them; it is called
// by several goroutines at once.
func (o *output) numbers(name string, header []string, rows int, appendRow func(line []byte, row int) []byte) error {
	return o.write(name, func(w io.Writer) error {
		t := csv.NewWriter(w)
		t.Write(header)
		if t.Flush(); t.Error() != nil {
			return t.Error()
		}
		return writeRows(w, rows, appendRow)
	})
}

// writeRows writes rows that several goroutines make, some at a time, each when it is its turn.
func writeRows(w io.Writer, rows int, appendRow func(line []byte, row int) []byte) error {
	turns := make([]chan error, runtime.GOMAXPROCS(0)) // hand on the first error
	for k := range turns {
		turns[k] = make(chan error, 1)
	}
	var all sync.WaitGroup
	var failed error // of whose turn it is
	for k, mine := range turns {
		next := turns[(k+1)%len(turns)]
		all.Go(func() {
			var text []byte
			for first := k * rowsAtOnce; first < rows; first += len(turns) * rowsAtOnce {
				text = text[:0]
				for row := first; row < min(first+rowsAtOnce, rows); row++ {
					text = append(appendRow(text, row), '\n')
				}
				err := <-mine
				if err == nil {
					_, err = w.Write(text)
				}
				failed = err
				next <- err
				if err != nil {
					return
				}
			}
		})
	}
	turns[0] <- nil
	all.Wait()
	return failed
}

// exact is a number in the fewest digits that are read back as the same bits.
func exact(x float64) string { return string(appendExact(nil, x)) }

// appendExact appends it to a text.
func appendExact(text []byte, x float64) []byte { return strconv.AppendFloat(text, x, 'g', -1, 64) }

// object prints the JSON object that --json promises.
func (o *output) object(v any) error {
	if !o.json {
		return nil
	}
	return json.NewEncoder(o.stdout).Encode(v)
}
