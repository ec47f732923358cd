package main

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/npz"
)

// neurograd runs the program in the present folder.
func neurograd(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return out.String(), errs.String(), code
}

// succeed runs the program and wants it to end well, with nothing on standard error.
func succeed(t *testing.T, args ...string) string {
	t.Helper()
	stdout, stderr, code := neurograd(t, args...)
	if code != exitDone || stderr != "" {
		t.Fatalf("neurograd %s: exit code %d\n%s", strings.Join(args, " "), code, stderr)
	}
	return stdout
}

// matrix is a square member of a file.
func matrix(name string, columns int, entries ...float64) npz.Array {
	return npz.Array{Name: name, Shape: []int{len(entries) / columns, columns}, Floats: entries}
}

func labels(names ...string) npz.Array {
	return npz.Array{Name: "region_labels", Shape: []int{len(names)}, Strings: names}
}

// three is a brain network of three regions.
var three = []npz.Array{
	matrix("weights", 3, 0, 2, 1, 2, 0, 0.5, 1, 0.5, 0),
	matrix("lengths", 3, 0, 10, 20, 10, 0, 30, 20, 30, 0),
	labels("left", "middle", "right"),
}

// save writes members to a file in the present folder.
func save(t *testing.T, name string, members ...npz.Array) {
	t.Helper()
	var b bytes.Buffer
	if err := npz.Write(&b, members...); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// inFolder goes to a new folder with three.npz and the broken files that the error tests name.
func inFolder(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	weights, lengths, names := three[0], three[1], three[2]
	save(t, "three.npz", three...)
	save(t, "nolengths.npz", weights, names)
	save(t, "nan.npz", matrix("weights", 3, 0, math.NaN(), 1, 2, 0, 0.5, 1, 0.5, 0), names)
	save(t, "negative.npz", weights, matrix("lengths", 3, 0, 10, 20, 10, 0, -30, 20, 30, 0), names)
	save(t, "oblong.npz", matrix("weights", 3, 0, 2, 1, 2, 0, 0.5))
	save(t, "zero.npz", matrix("weights", 2, 0, 0, 0, 0))
	save(t, "twice.npz", weights, labels("left", "left", "right"))
	save(t, "two_labels.npz", weights, labels("left", "right"))
	save(t, "noweights.npz", lengths)
	whole, err := os.ReadFile("three.npz")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"truncated.npz": whole[:len(whole)/2], "garbage.npz": []byte("this is no archive"), "file": nil, "table.csv": []byte("1,2"),
		"text.json": []byte("hello"), "other.json": []byte(`{"dynamics.A": {"value": 1}}`),
	} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir("folder.npz", 0o755); err != nil {
		t.Fatal(err)
	}
}

// exists reports whether a file of the present folder is there, and not empty.
func exists(elements ...string) bool {
	info, err := os.Stat(filepath.Join(elements...))
	return err == nil && info.Size() > 0
}

// cancelAt is a writer that cancels once it has seen a text.
type cancelAt struct {
	text   string
	cancel context.CancelFunc
	seen   strings.Builder
}

func (w *cancelAt) Write(p []byte) (int, error) {
	w.seen.Write(p)
	if strings.Contains(w.seen.String(), w.text) {
		w.cancel()
	}
	return len(p), nil
}
