package sweep_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/sweep"
	"github.com/neurograd/neurograd/sweep/parquet"
)

// randomTable is a table with arrays, special values, failures and rows that are missing.
func randomTable(t *testing.T, r *rand.Rand) *sweep.Table {
	t.Helper()
	columns := []sweep.Column{{Name: "coupling.delayed.G", Axis: true}, {Name: "dynamics.J_N", Axis: true, Shape: []int{1 + r.IntN(3)}}, {Name: "mean"}, {Name: "FC", Shape: []int{2, 1 + r.IntN(3)}}}
	b, err := sweep.NewBuilder(columns[:1+r.IntN(len(columns))])
	if err != nil {
		t.Fatal(err)
	}
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 5e-324, math.MaxFloat64, 0.1}
	n := 0
	for _, c := range b.Table().Columns() {
		n += c.Size()
	}
	for range r.IntN(40) {
		values := make([]float64, n)
		for i := range values {
			values[i] = r.NormFloat64()
			if r.IntN(5) == 0 {
				values[i] = special[r.IntN(len(special))]
			}
		}
		trouble := ""
		switch r.IntN(6) {
		case 0:
			trouble = "V is not finite at 3 ms,\n\"so\" it ends"
		case 1:
			trouble = "missing"
			for i := range values {
				values[i] = math.NaN()
			}
		}
		b.Add(values, trouble)
	}
	return b.Table()
}

// equal compares tables bit for bit; NaN equals NaN. Which columns are axes is compared only if the format keeps it.
func equal(t *testing.T, got, want *sweep.Table, axes bool) {
	t.Helper()
	strip := func(columns []sweep.Column) []sweep.Column {
		for i := range columns {
			columns[i].Axis = columns[i].Axis && axes
		}
		return columns
	}
	same := func(a, b sweep.Column) bool {
		return a.Name == b.Name && a.Axis == b.Axis && slices.Equal(a.Shape, b.Shape)
	}
	if !slices.EqualFunc(strip(got.Columns()), strip(want.Columns()), same) || got.Len() != want.Len() {
		t.Fatalf("%d rows of %v; want %d of %v", got.Len(), got.Columns(), want.Len(), want.Columns())
	}
	for i := range want.Len() {
		a, err := got.Row(i)
		if err != nil {
			t.Fatal(err)
		}
		b, err := want.Row(i)
		if err != nil {
			t.Fatal(err)
		}
		if a.Trouble() != b.Trouble() {
			t.Errorf("row %d: %q; want %q", i, a.Trouble(), b.Trouble())
		}
		for k := range b.Values {
			if math.Float64bits(a.Values[k]) != math.Float64bits(b.Values[k]) && !(math.IsNaN(a.Values[k]) && math.IsNaN(b.Values[k])) {
				t.Errorf("row %d, number %d: %v; want %v", i, k, a.Values[k], b.Values[k])
			}
		}
	}
}

func TestRoundTrips(t *testing.T) {
	formats := map[string]struct {
		axes bool
		trip func(*sweep.Table) (*sweep.Table, error)
	}{
		"CSV": {false, func(table *sweep.Table) (*sweep.Table, error) {
			var b bytes.Buffer
			if err := table.WriteCSV(&b); err != nil {
				return nil, err
			}
			return sweep.ReadCSV(&b)
		}},
		"JSON lines": {true, func(table *sweep.Table) (*sweep.Table, error) {
			var b bytes.Buffer
			if err := table.WriteJSONL(&b); err != nil {
				return nil, err
			}
			return sweep.ReadJSONL(&b)
		}},
		"npz": {true, func(table *sweep.Table) (*sweep.Table, error) {
			var b bytes.Buffer
			if err := table.WriteNPZ(&b); err != nil {
				return nil, err
			}
			return sweep.ReadNPZ(bytes.NewReader(b.Bytes()), int64(b.Len()))
		}},
		"Parquet": {true, func(table *sweep.Table) (*sweep.Table, error) {
			var b bytes.Buffer
			if err := parquet.Write(&b, table); err != nil {
				return nil, err
			}
			return parquet.Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
		}},
	}
	for name, f := range formats {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for range 60 {
				want := randomTable(t, r)
				got, err := f.trip(want)
				if err != nil {
					t.Fatal(err)
				}
				equal(t, got, want, f.axes)
			}
		})
	}
}

func TestReadersRefuse(t *testing.T) {
	for _, text := range []string{"", "a,a\n1,2\n", "a[0],a[2]\n1,2\n", "a[x]\n1\n", "a,b\n1,x\n", "a,b\n1\n", "a[0,0],a[1]\n1,2\n", "a[-1]\n1\n", "a[99999999999999999999]\n"} {
		if _, err := sweep.ReadCSV(strings.NewReader(text)); err == nil {
			t.Errorf("CSV %q is accepted", text)
		}
	}
	for _, text := range []string{"", "{}", "{\"columns\":[]}", "{\"columns\":[{\"name\":\"a\"}]}\n{}", "{\"columns\":[{\"name\":\"a\"}]}\n{\"a\":[1]}", "{\"columns\":[{\"name\":\"a\",\"shape\":[2]}]}\n{\"a\":[1]}",
		"{\"columns\":[{\"name\":\"a\",\"shape\":[0]}]}", "{\"columns\":[{\"name\":\"a\"}]}\n{\"a\":\"x\"}"} {
		if _, err := sweep.ReadJSONL(strings.NewReader(text)); err == nil {
			t.Errorf("JSON lines %q are accepted", text)
		}
	}
	if _, err := sweep.ReadNPZ(strings.NewReader("PK"), 2); err == nil {
		t.Error("npz: two bytes are accepted")
	}
	if _, err := parquet.Read(strings.NewReader("PAR1"), 4); err == nil {
		t.Error("Parquet: four bytes are accepted")
	}
}
