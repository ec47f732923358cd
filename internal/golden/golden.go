// Package golden finds and reads the reference outputs of other simulators that some tests compare
// with. They are not part of this module: a test that wants them is skipped where they are absent.
package golden

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// Path is the path of a file under the folder "shared" beside the module's root; the test is skipped if
// it is not there.
func Path(t testing.TB, elements ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("golden: no go.mod above the test's folder")
		}
		dir = parent
	}
	path := filepath.Join(append([]string{filepath.Dir(dir), "shared"}, elements...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("reference data absent: %s", filepath.Join(elements...))
	}
	return path
}

// Read decodes a JSON file of reference data into v.
func Read(t testing.TB, v any, elements ...string) {
	t.Helper()
	data, err := os.ReadFile(Path(t, elements...))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", filepath.Join(elements...), err)
	}
}

// Long reports whether the long checks are asked for (environment variable NEUROGRAD_LONG).
func Long() bool { return os.Getenv("NEUROGRAD_LONG") != "" }

// Number is a float64 that may be written as "nan", "inf" or "-inf".
type Number float64

// UnmarshalJSON reads a number or one of the three words.
func (n *Number) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case `"nan"`:
		*n = Number(math.NaN())
		return nil
	case `"inf"`:
		*n = Number(math.Inf(1))
		return nil
	case `"-inf"`:
		*n = Number(math.Inf(-1))
		return nil
	}
	return json.Unmarshal(data, (*float64)(n))
}

// Array is a nested JSON list of numbers of any depth, or one number, flattened row-major.
type Array struct {
	Shape []int
	Data  []float64
}

// UnmarshalJSON flattens the list; lists of unequal length are the caller's to notice in Shape and Data.
func (a *Array) UnmarshalJSON(data []byte) error {
	a.Shape, a.Data = nil, nil
	return a.read(data, 0)
}

func (a *Array) read(data []byte, depth int) error {
	if len(data) == 0 || data[0] != '[' {
		var n Number
		if err := n.UnmarshalJSON(data); err != nil {
			return err
		}
		a.Data = append(a.Data, float64(n))
		return nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil {
		return err
	}
	if len(a.Shape) == depth {
		a.Shape = append(a.Shape, len(items))
	}
	for _, item := range items {
		if err := a.read(item, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// MaxError is max|got − want| / max|want| (absolute where want is all 0); +Inf on different lengths or
// where just one of the two is NaN.
func MaxError(got, want []float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	var diff, size float64
	for i, w := range want {
		g := got[i]
		if math.IsNaN(g) || math.IsNaN(w) {
			if math.IsNaN(g) != math.IsNaN(w) {
				return math.Inf(1)
			}
			continue
		}
		if g != w {
			diff = max(diff, math.Abs(g-w))
		}
		size = max(size, math.Abs(w))
	}
	if size > 0 {
		diff /= size
	}
	return diff
}
