package sweep

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/neurograd/neurograd/internal/wholefile"
)

// store is a folder with rows of a sweep: manifest.json, which says what decides the numbers; results.bin, where
// every row has its place, so that the order in which they come leaves no trace; and errors.jsonl with what went wrong in rows
// that failed. A row is there as a whole or not at all: it carries a checksum. One process at a time writes.
type store struct {
	rows
	manifest *manifest
	dir      string
	results  *os.File
	log      *os.File // errors.jsonl while rows are added; nil until there is one
	buffer   []byte
	synced   time.Time
}

// openStore makes the folder a store of these rows, or goes on with the rows that are there.
func openStore(dir string, m *manifest) (*store, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("sweep: the folder for the results cannot be made: %w", err)
	}
	there, err := readManifest(dir)
	switch {
	case errors.Is(err, errNoStore):
		if err := checkEmpty(dir); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	default:
		if err := sameSpec(dir, there.Facts, m.Facts); err != nil {
			return nil, err
		}
		if err := there.sameShape(dir, m); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(filepath.Join(dir, resultsFile), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("sweep: the results cannot be written: %w", err)
	}
	s := &store{manifest: m, dir: dir, results: f, synced: time.Now()}
	s.rows = rows{layout: newLayout(m.Columns), first: m.First, count: m.Count, data: f}
	s.buffer = make([]byte, s.bytes())
	if err := lock(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("sweep: another process writes to the store %s (%w); wait for it, or choose another folder", dir, err)
	}
	err = removeParts(dir)
	if err == nil && there == nil {
		err = m.write(dir)
	}
	if err == nil {
		s.errors, err = readErrors(dir)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return s, nil
}

// checkEmpty refuses to begin a store among other files. What a process that was ended at once may have left is none.
func checkEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if part(e.Name()) {
			continue
		}
		if e.Name() != resultsFile || err != nil || info.Size() > 0 {
			return fmt.Errorf("sweep: the folder %s holds %s and is no store; name an empty folder or one that does not exist", dir, e.Name())
		}
	}
	return nil
}

// part reports whether a file is one of the store's that a process was ended while writing.
func part(name string) bool {
	for _, file := range []string{manifestFile, errorsFile} {
		if is, _ := filepath.Match("."+file+".*.part", name); is {
			return true
		}
	}
	return false
}

// removeParts removes such files.
func removeParts(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	for _, e := range entries {
		if part(e.Name()) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return fmt.Errorf("sweep: %w", err)
			}
		}
	}
	return nil
}

// rowError is a line of errors.jsonl.
type rowError struct {
	Row   int    `json:"row"`
	Error string `json:"error"`
}

// readErrors reads what went wrong by row. A last line that was written by half is left out.
func readErrors(dir string) (map[int]string, error) {
	texts := map[int]string{}
	data, err := os.ReadFile(filepath.Join(dir, errorsFile))
	if errors.Is(err, os.ErrNotExist) {
		return texts, nil
	}
	if err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	for line := range bytes.Lines(data) {
		var e rowError
		if line[len(line)-1] == '\n' && json.Unmarshal(line, &e) == nil {
			texts[e.Row] = e.Error
		}
	}
	return texts, nil
}

// fail notes what went wrong in a row, before the row itself is written.
func (s *store) fail(row int, text string) error {
	if s.log == nil {
		// What was written by half at the end is dropped first.
		if err := writeErrors(s.dir, s.errors); err != nil {
			return err
		}
		f, err := os.OpenFile(filepath.Join(s.dir, errorsFile), os.O_WRONLY|os.O_APPEND, 0o644)
		if err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
		s.log = f
	}
	line, err := json.Marshal(rowError{row, text})
	if err != nil {
		return fmt.Errorf("sweep: row %d: %w", row, err)
	}
	if _, err := s.log.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("sweep: the error of row %d cannot be written: %w", row, err)
	}
	s.errors[row] = text
	return nil
}

// writeErrors writes errors.jsonl anew, in the order of rows.
func writeErrors(dir string, texts map[int]string) error {
	return wholefile.Write(filepath.Join(dir, errorsFile), func(w io.Writer) error {
		b := bufio.NewWriter(w)
		e := json.NewEncoder(b)
		for _, row := range slices.Sorted(maps.Keys(texts)) {
			if err := e.Encode(rowError{row, texts[row]}); err != nil {
				return err
			}
		}
		return b.Flush()
	})
}

// syncEvery is how much work the end of the machine, not of the process, may cost.
const syncEvery = 5 * time.Second

// add keeps a row in the file; a row with a text is one that failed.
func (s *store) add(row int, values []float64, text string) error {
	status := done
	if text != "" {
		status = failed
		if err := s.fail(row, text); err != nil {
			return err
		}
	}
	if err := s.put(row, status, values, s.buffer); err != nil {
		return fmt.Errorf("sweep: row %d cannot be written, the rows before it are kept: %w\nmend this and start the sweep again: it goes on from there", row, err)
	}
	if time.Since(s.synced) > syncEvery {
		s.synced = time.Now()
		return s.sync()
	}
	return nil
}

func (s *store) sync() error {
	if err := s.results.Sync(); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return nil
}

// finish brings the folder into the form it has however the rows came.
func (s *store) finish() error {
	if s.log != nil {
		err := s.log.Close()
		s.log = nil
		if err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	if len(s.errors) > 0 {
		if err := writeErrors(s.dir, s.errors); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	return s.sync()
}

// close gives the folder free; reading goes on from the file.
func (s *store) close() error {
	if s.log != nil {
		s.log.Close()
	}
	return s.results.Close()
}
