package npz

import (
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"strings"
	"testing"
)

// FuzzRead reads arbitrary bytes as an archive and as a single array: neither may panic, and what is read
// has as many elements as its shape says and survives being written and read again.
func FuzzRead(f *testing.F) {
	for _, text := range []string{manyTypes, stored, refusedTypes, version2, version3} {
		f.Add(decode(f, text))
	}
	f.Add(npy(dict("<U2", "(2,)"), strings.Repeat("a\x00\x00\x00", 4)))
	f.Add(binary.LittleEndian.AppendUint64(npy(dict(">f8", "(1, 1, 1)"), ""), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		if a, err := ReadNPY(bytes.NewReader(data), "fuzz.npy"); err == nil {
			checkRoundTrip(t, a)
		}
		archive, err := New(bytes.NewReader(data), int64(len(data)), "fuzz.npz")
		if err != nil {
			return
		}
		archive.left = 1 << 24
		for _, name := range archive.Names() {
			if a, err := archive.Read(name); err == nil {
				checkRoundTrip(t, a)
			}
		}
	})
}

func checkRoundTrip(t *testing.T, a *Array) {
	n, ok := product(a.Shape)
	if !ok || len(a.Floats)+len(a.Ints)+len(a.Strings) != n {
		t.Fatalf("shape %v with %d, %d, %d elements", a.Shape, len(a.Floats), len(a.Ints), len(a.Strings))
	}
	a.Rows()
	if a.Name == "" {
		a.Name = "x"
	}
	var out bytes.Buffer
	if err := Write(&out, *a); err != nil {
		t.Fatal(err)
	}
	b, err := open(t, out.Bytes()).Read(a.Name)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range a.Floats {
		if math.Float64bits(v) != math.Float64bits(b.Floats[i]) {
			t.Fatalf("element %d: %v became %v", i, v, b.Floats[i])
		}
	}
	if !reflect.DeepEqual(a.Shape, b.Shape) || !reflect.DeepEqual(a.Ints, b.Ints) || !reflect.DeepEqual(a.Strings, b.Strings) {
		t.Fatalf("got %+v, want %+v", b, a)
	}
}
