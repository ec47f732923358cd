package npz

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func decode(t testing.TB, text string) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func open(t testing.TB, data []byte) *Archive {
	t.Helper()
	a, err := New(bytes.NewReader(data), int64(len(data)), "test.npz")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func read(t testing.TB, a *Archive, name string) *Array {
	t.Helper()
	array, err := a.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return array
}

func TestReadsWhatNumPyWrites(t *testing.T) {
	count := make([]int64, 24)
	for i := range count {
		count[i] = int64(i)
	}
	a := open(t, decode(t, manyTypes))
	for _, want := range []Array{
		{Name: "f4be", DType: ">f4", Shape: []int{2, 3}, Floats: []float64{0, 0.25, 0.5, 0.75, 1, 1.25}},
		{Name: "f8", DType: "<f8", Shape: []int{2, 3}, Floats: []float64{-0.25, -0.125, 0, 0.125, 0.25, 0.375}}, // Fortran order
		{Name: "i1", DType: "|i1", Shape: []int{2, 3}, Ints: []int64{-3, -2, -1, 0, 1, 2}},
		{Name: "i2be", DType: ">i2", Shape: []int{2, 3}, Ints: []int64{-3, 997, 1997, 2997, 3997, 4997}},
		{Name: "i4", DType: "<i4", Shape: []int{2, 3}, Ints: []int64{-100000, -99999, -99998, -99997, -99996, -99995}}, // Fortran order
		{Name: "i8", DType: "<i8", Shape: []int{2}, Ints: []int64{math.MinInt64, math.MaxInt64}},
		{Name: "u1", DType: "|u1", Shape: []int{2}, Ints: []int64{0, 255}},
		{Name: "u2", DType: "<u2", Shape: []int{1}, Ints: []int64{65535}},
		{Name: "u4be", DType: ">u4", Shape: []int{1}, Ints: []int64{1<<32 - 1}},
		{Name: "u8", DType: "<u8", Shape: []int{1}, Ints: []int64{math.MaxInt64}},
		{Name: "b1", DType: "|b1", Shape: []int{2}, Ints: []int64{1, 0}},
		{Name: "scalar", DType: "<f8", Shape: []int{}, Floats: []float64{1.5}},
		{Name: "empty", DType: "<f8", Shape: []int{0, 3}, Floats: []float64{}},
		{Name: "text", DType: "<U6", Shape: []int{2, 3}, Strings: []string{"lh.R01", "é🧠", "", "a", "b ", "c"}}, // Fortran order
		{Name: "textbe", DType: ">U3", Shape: []int{2}, Strings: []string{"ab", "c"}},
		{Name: "bytes", DType: "|S2", Shape: []int{2}, Strings: []string{"ab", ""}},
		{Name: "cube", DType: "<i8", Shape: []int{2, 3, 4}, Ints: count}, // Fortran order
		{Name: "word", DType: "<U5", Shape: []int{}, Strings: []string{"atlas"}},
	} {
		if got := read(t, a, want.Name); !reflect.DeepEqual(*got, want) {
			t.Errorf("got  %+v\nwant %+v", *got, want)
		}
	}
	special := read(t, a, "special").Floats
	if !math.IsNaN(special[0]) || !math.IsInf(special[1], 1) || !math.IsInf(special[2], -1) ||
		math.Float64bits(special[3]) != 1<<63 || math.Float64bits(special[4]) != 1 {
		t.Errorf("special values: got %v, want [NaN +Inf -Inf -0 5e-324]", special)
	}
	if got := read(t, open(t, decode(t, stored)), "x"); !reflect.DeepEqual(got.Floats, []float64{0, 1, 2}) {
		t.Errorf("stored member: got %v", got.Floats)
	}
}

func TestHeaderVersions(t *testing.T) {
	for name, text := range map[string]string{"version 2": version2, "version 3": version3} {
		got, err := ReadNPY(bytes.NewReader(decode(t, text)), name)
		if err != nil || !reflect.DeepEqual(got.Ints, []int64{0, 1, 2}) || got.Name != name {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

// npy is a version 1 file with the header and body given.
func npy(header, body string) []byte {
	return append(append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8)), header+body...)
}

func dict(descr, shape string) string {
	return fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, shape)
}

func TestErrorsOfArrays(t *testing.T) {
	eight := strings.Repeat("\x00", 8)
	for _, c := range []struct {
		file []byte
		want string
	}{
		{nil, "npz: a.npy: ends within the .npy header: the file is truncated; copy or write it again"},
		{[]byte("hello, world"), `npz: a.npy: starts with "hello,", which is not the mark of a .npy array: write it with numpy.save or numpy.savez`},
		{[]byte("\x93NUMPY\x04\x01\x00\x00"), "npz: a.npy: .npy format version 4.1 is not read; versions 1, 2 and 3 are"},
		{[]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"), "npz: a.npy: its .npy header claims 4294967295 bytes; at most 65536 are read: the file is damaged or holds a record type"},
		{npy("\xff\xfe", ""), "npz: a.npy: its .npy header is not UTF-8 text: the file is damaged"},
		{npy("[1]", ""), `npz: a.npy: its .npy header "[1]": is no Python dictionary: the file is damaged`},
		{npy("{'descr': '<f8'}", ""), `npz: a.npy: its .npy header "{'descr': '<f8'}": lacks the key "fortran_order"`},
		{npy("{'descr': '<f8', 'descr': '<f8'}", ""), `npz: a.npy: its .npy header "{'descr': '<f8', 'descr': '<f8'}": has the key "descr" twice`},
		{npy("{'x': 1}", ""), `npz: a.npy: its .npy header "{'x': 1}": has the unknown key "x"`},
		{npy("{'descr", ""), `npz: a.npy: its .npy header "{'descr": has a string without an end`},
		{npy("{'shape': (-1,)}", ""), `npz: a.npy: its .npy header "{'shape': (-1,)}": has "-1,)}" where a dimension was expected`},
		{npy("{'shape': (99999999999999999999,)}", ""), `npz: a.npy: its .npy header "{'shape': (99999999999999999999,)}": has the dimension "99999999999999999999", which is out of range`},
		{npy("{'fortran_order': maybe}", ""), `npz: a.npy: its .npy header "{'fortran_order': maybe}": has "maybe}" where True or False was expected`},
		{npy("{'shape': (2 2)}", ""), `npz: a.npy: its .npy header "{'shape': (2 2)}": has "2)}" where a comma or parenthesis was expected`},
		{npy("{'shape': ", ""), `npz: a.npy: its .npy header "{'shape':": ends where a tuple was expected`},
		{npy("{'shape': ("+strings.Repeat("1,", 65)+")}", ""), `npz: a.npy: its .npy header "{'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1…": has more than 64 dimensions`},
		{npy(dict("<f8", "(2,)"), eight), "npz: a.npy: ends within its 2 elements of <f8: the file is truncated; copy or write it again"},
		{npy(dict("<f8", "()"), eight+"x"), "npz: a.npy: holds more bytes than shape () of <f8 needs: the file is damaged"},
		{npy(dict("<f8", "(4294967296, 4294967296)"), eight), "npz: a.npy: claims shape (4294967296, 4294967296) of <f8, more than the 1024 MiB that are read of one file: split it or store less"},
		{npy(dict("|b1", "(134217729,)"), eight), "npz: a.npy: claims shape (134217729,) of |b1, more than the 1024 MiB that are read of one file: split it or store less"},
		{npy(dict("<U2147483647", "(1,)"), eight), "npz: a.npy: claims shape (1,) of <U2147483647, more than the 1024 MiB that are read of one file: split it or store less"},
		{npy(dict("<U100000000", "(1,)"), eight), "npz: a.npy: ends within its 1 elements of <U100000000: the file is truncated; copy or write it again"},
		{npy(dict("<U0", "(9,)"), ""), `npz: a.npy: has element type "<U0"; read are f4 f8, i1 to i8, u1 to u8, b1, U and S: convert it with numpy's astype`},
		{npy(dict("|f8", "()"), eight), `npz: a.npy: has element type "|f8" without a byte order; read are f4 f8, i1 to i8, u1 to u8, b1, U and S: convert it with numpy's astype`},
		{npy(dict("<i+8", "()"), eight), `npz: a.npy: has element type "<i+8"; read are f4 f8, i1 to i8, u1 to u8, b1, U and S: convert it with numpy's astype`},
		{npy(dict("f8", "()"), eight), `npz: a.npy: has element type "f8"; read are f4 f8, i1 to i8, u1 to u8, b1, U and S: convert it with numpy's astype`},
		{npy(dict("<", "()"), eight), `npz: a.npy: has element type "<"; read are f4 f8, i1 to i8, u1 to u8, b1, U and S: convert it with numpy's astype`},
		{npy(dict("|b1", "()"), "\x02"), "npz: a.npy: element 0 is the byte 2 where a boolean is 0 or 1: the file is damaged"},
		{npy(dict("<u8", "(1,)"), strings.Repeat("\xff", 8)), "npz: a.npy: element 0 is 18446744073709551615, beyond the range of int64: save it as float64"},
		{npy(dict("<U1", "()"), "\x00\xd8\x00\x00"), "npz: a.npy: element 0 holds 0xd800, which is no character: the file is damaged"},
		{npy(dict("|S1", "()"), "\xff"), `npz: a.npy: element 0 is "\xff", which is not UTF-8 text: save it as str`},
	} {
		_, err := ReadNPY(bytes.NewReader(c.file), "a.npy")
		if fmt.Sprint(err) != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

func TestRefusedTypesLeaveTheOthersReadable(t *testing.T) {
	a := open(t, decode(t, refusedTypes))
	if got := read(t, a, "weights").Floats; !reflect.DeepEqual(got, []float64{1, 0, 0, 1}) {
		t.Errorf("weights: got %v", got)
	}
	for name, want := range map[string]string{
		"meta":    `npz: test.npz, member "meta": holds Python objects (pickle), which are never read: save plain numbers or strings, e.g. numpy.asarray(x, dtype=float) or dtype=str`,
		"rec":     `npz: test.npz, member "rec": its .npy header "{'descr': [('a', '<f8'), ('b', '<i4')], 'fortran_order': False, 'shape': (2,), }": describes records (a structured dtype), which are not read: save each field as an array of its own`,
		"half":    `npz: test.npz, member "half": has element type "<f2"; read are f4 f8, i1 to i8, u1 to u8, b1, U and S: convert it with numpy's astype`,
		"cplx":    `npz: test.npz, member "cplx": has element type "<c16"; read are f4 f8, i1 to i8, u1 to u8, b1, U and S: convert it with numpy's astype`,
		"when":    `npz: test.npz, member "when": has element type "<M8[D]"; read are f4 f8, i1 to i8, u1 to u8, b1, U and S: convert it with numpy's astype`,
		"weigths": `npz: test.npz has no member "weigths", did you mean "weights"?`,
	} {
		if _, err := a.Read(name); fmt.Sprint(err) != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestDamagedArchives(t *testing.T) {
	data := decode(t, manyTypes)
	for _, cut := range []int{0, 1, 30, len(data) / 2, len(data) - 1} {
		_, err := New(bytes.NewReader(data[:cut]), int64(cut), "cut.npz")
		if err == nil || !strings.Contains(err.Error(), "npz: cut.npz (") || !strings.Contains(err.Error(), "truncated") {
			t.Errorf("cut at %d: got error %v", cut, err)
		}
	}
	plain := decode(t, stored)
	at := bytes.Index(plain, []byte("NUMPY")) + 5 + 2 + 2 + 118 + 4 // within the first element
	plain[at]++
	_, err := open(t, plain).Read("x")
	want := `npz: test.npz, member "x": the file is damaged: zip: checksum error`
	if fmt.Sprint(err) != want {
		t.Errorf("flipped bit: got  %v\nwant %s", err, want)
	}
	var twice bytes.Buffer
	w := zip.NewWriter(&twice)
	w.Create("x.npy")
	w.Create("x.npy")
	w.Close()
	_, err = New(bytes.NewReader(twice.Bytes()), int64(twice.Len()), "twice.npz")
	if want := `npz: twice.npz holds two members "x": write the file anew`; fmt.Sprint(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, err := Open("no such file.npz"); err == nil || !strings.HasPrefix(err.Error(), "npz: open no such file.npz") {
		t.Errorf("absent file: got %v", err)
	}
}

// A small file whose header claims much must not make the reader allocate much, and the budget of an
// archive holds over all of its members.
func TestMemoryFollowsTheInput(t *testing.T) {
	file := npy(dict("<f8", "(134217728,)"), strings.Repeat("\x00", 80)) // claims exactly 1 GiB
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ReadNPY(bytes.NewReader(file), "a.npy")
	runtime.ReadMemStats(&after)
	if err == nil || after.TotalAlloc-before.TotalAlloc > 1<<20 {
		t.Errorf("a file of %d bytes: error %v, %d bytes allocated", len(file), err, after.TotalAlloc-before.TotalAlloc)
	}

	a := open(t, decode(t, stored)) // x is three numbers
	a.left = 50
	for i := range 3 {
		_, err = a.Read("x")
		if (err == nil) != (i < 2) {
			t.Errorf("read %d of 24 bytes with a budget of 50: error %v", i, err)
		}
	}
}

func TestNumbersAndRows(t *testing.T) {
	a := &Array{Name: "w", DType: "<i8", Shape: []int{2, 2}, Ints: []int64{1, 2, 3, 4}}
	rows, err := a.Rows()
	if err != nil || !reflect.DeepEqual(rows, [][]float64{{1, 2}, {3, 4}}) {
		t.Errorf("rows: %v, %v", rows, err)
	}
	for _, c := range []struct {
		array Array
		want  string
	}{
		{Array{Name: "w", Shape: []int{1, 1}, Ints: []int64{-1<<53 - 1}}, `npz: member "w": element 0 is -9007199254740993, beyond the integers that float64 holds (±2^53): save it as float64`},
		{Array{Name: "w", Shape: []int{1, 1}, DType: "<U1", Strings: []string{"a"}}, `npz: member "w" holds strings (<U1); numbers are wanted here`},
		{Array{Name: "w", Shape: []int{1}, Floats: []float64{1}}, `npz: member "w" has shape (1,); a matrix is wanted here`},
		{Array{Name: "w", Shape: []int{1 << 40, 0}, Floats: []float64{}}, `<nil>`},
	} {
		if _, err := c.array.Rows(); fmt.Sprint(err) != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

func TestWriteReadsBack(t *testing.T) {
	arrays := []Array{
		{Name: "weights", Shape: []int{2, 2}, Floats: []float64{0, -0.5, math.Inf(1), 5e-324}},
		{Name: "count", Shape: []int{}, Ints: []int64{math.MinInt64}},
		{Name: "labels", Shape: []int{3}, Strings: []string{"lh.R01", "", "é🧠"}},
		{Name: "none", Shape: []int{0}, Strings: []string{}},
	}
	var first, second bytes.Buffer
	if err := Write(&first, arrays...); err != nil {
		t.Fatal(err)
	}
	if err := Write(&second, arrays...); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("two writes differ (error %v)", err)
	}
	a := open(t, first.Bytes())
	if want := []string{"weights", "count", "labels", "none"}; !reflect.DeepEqual(a.Names(), want) || !a.Has("count") || a.Has("x") {
		t.Errorf("names %v, want %v", a.Names(), want)
	}
	for i, dtype := range []string{"<f8", "<i8", "<U6", "<U1"} {
		want := arrays[i]
		want.DType = dtype
		if got := read(t, a, want.Name); !reflect.DeepEqual(*got, want) {
			t.Errorf("got  %+v\nwant %+v", *got, want)
		}
	}
	// The elements start at a multiple of 64 bytes, as the format asks.
	if at := bytes.IndexByte(first.Bytes()[bytes.Index(first.Bytes(), []byte(magic)):], '\n') + 1; at%64 != 0 {
		t.Errorf("elements start at byte %d", at)
	}
}

func TestWriteErrors(t *testing.T) {
	one := []float64{1}
	for _, c := range []struct {
		arrays []Array
		want   string
	}{
		{[]Array{{Shape: []int{1}, Floats: one}}, `npz: member name "" is empty or given twice; each array needs a name of its own`},
		{[]Array{{Name: "a", Floats: one}, {Name: "a", Floats: one}}, `npz: member name "a" is empty or given twice; each array needs a name of its own`},
		{[]Array{{Name: "a", Shape: []int{2}, Floats: one}}, `npz: member "a": shape (2,) does not fit 1 elements`},
		{[]Array{{Name: "a", Shape: []int{-1, -1}, Floats: one}}, `npz: member "a": shape (-1, -1) does not fit 1 elements`},
		{[]Array{{Name: "a", Shape: []int{1}, Floats: one, Ints: []int64{1}}}, `npz: member "a": 2 of Floats, Ints and Strings are set; exactly one must be`},
		{[]Array{{Name: "a", Shape: []int{1}, Strings: []string{"x\x00"}}}, `npz: member "a": string 0 is "x\x00"; only UTF-8 that does not end in a zero can be written`},
	} {
		if err := Write(&bytes.Buffer{}, c.arrays...); fmt.Sprint(err) != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}
