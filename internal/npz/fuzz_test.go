package npz

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// FuzzRead reads arbitrary bytes as an archive and as a single array: neither may panic, nor take memory that
// the bytes do not account for; an error is short; what is read has as many elements as its shape says and
// survives being written and read again.
func FuzzRead(f *testing.F) {
	for _, text := range []string{manyTypes, stored, refusedTypes, version2, version3} {
		f.Add(decode(f, text))
	}
	f.Add(npy(dict("<U2", "(2,)"), strings.Repeat("a\x00\x00\x00", 4)))
	f.Add(binary.LittleEndian.AppendUint64(npy(dict(">f8", "(1, 1, 1)"), ""), 1))
	for _, header := range []string{dict("<f8", "(1000000000,)"), dict("|S1000000000", "(1,)"), dict("<U3", "(4, 0, 9223372036854775807)"), dict("<f8", "(0,)") + "{"} {
		f.Add(npy(header, "0"))
	}
	f.Add(packed(f, "zeros", npy(dict("|S1", "(3000000,)"), strings.Repeat("\x00", 3_000_000))))
	f.Add(packed(f, "../../escape", npy(dict("|b1", "(2,)"), "\x00\x01"), "long", npy(dict("<i2", "()"), "12")))
	f.Fuzz(func(t *testing.T, data []byte) {
		const left = 1 << 20
		var a *Array
		var err error
		if used := allocated(func() { a, err = ReadNPY(bytes.NewReader(data), "fuzz.npy") }); used > 1<<20+200*len(data) {
			t.Fatalf("an array of %d bytes took %d bytes to read (%v)", len(data), used, err)
		}
		checkRead(t, a, err)
		archive, err := New(bytes.NewReader(data), int64(len(data)), "fuzz.npz")
		if err != nil {
			checkRead(t, nil, err)
			return
		}
		archive.left = left
		for _, name := range archive.Names() {
			unpacked := archive.left
			used := allocated(func() { a, err = archive.Read(name) })
			if err == nil { // after an error it may have been anything up to what was left
				unpacked -= archive.left
			}
			if used > 1<<20+200*len(data)+10*unpacked {
				t.Fatalf("member %q of an archive of %d bytes took %d bytes to read (%v)", name, len(data), used, err)
			}
			checkRead(t, a, err)
		}
	})
}

// packed is a compressed archive of files given as name, contents, name, contents …
func packed(f *testing.F, pairs ...any) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(pairs); i += 2 {
		member, err := w.Create(pairs[i].(string) + ".npy")
		if err != nil {
			f.Fatal(err)
		}
		member.Write(pairs[i+1].([]byte))
	}
	w.Close()
	return out.Bytes()
}

// allocated is how many bytes f allocates.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// checkRead checks an array, or the error instead of it.
func checkRead(t *testing.T, a *Array, err error) {
	if err == nil {
		checkRoundTrip(t, a)
	} else if text := err.Error(); strings.Count(text, "\n") > 3 || len(text) > 4000 {
		t.Fatalf("error %q", text)
	}
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
