package space

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
)

// goldenAxis is an axis as spaces.json describes it.
type goldenAxis struct {
	Axis      string
	Low, High float64
	N         int
	Shape     []int
	Values    json.RawMessage
	Group     any
	Size      int
}

// values are the axis of this package that the description means.
func (a goldenAxis) values(t *testing.T) Values {
	t.Helper()
	var v Values
	switch a.Axis {
	case "GridAxis":
		v = Grid(a.Low, a.High, a.N)
	case "LogGridAxis":
		v = LogGrid(a.Low, a.High, a.N)
	case "DataAxis":
		var list golden.Array
		if err := json.Unmarshal(a.Values, &list); err != nil {
			t.Fatal(err)
		}
		n := list.Shape[0]
		switch step := len(list.Data) / n; len(list.Shape) {
		case 1:
			v = Data(list.Data...)
		case 2:
			var rows [][]float64
			for row := range slices.Chunk(list.Data, step) {
				rows = append(rows, row)
			}
			v = Data(rows...)
		case 3:
			var matrices [][][]float64
			for matrix := range slices.Chunk(list.Data, step) {
				matrices = append(matrices, slices.Collect(slices.Chunk(matrix, list.Shape[2])))
			}
			v = Data(matrices...)
		}
	default:
		t.Fatalf("axis %q", a.Axis)
	}
	if len(a.Shape) > 0 {
		v = v.Broadcast(a.Shape...)
	}
	if a.Group != nil {
		v = v.Group(fmt.Sprint(a.Group))
	}
	return v
}

// read collects the axes of a nested description by dotted path.
func (axes Axes) read(t *testing.T, path string, data json.RawMessage) {
	t.Helper()
	var list []json.RawMessage
	if json.Unmarshal(data, &list) == nil {
		for k, item := range list {
			axes.read(t, fmt.Sprintf("%s[%d]", path, k), item)
		}
		return
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return // a number
	}
	if _, ok := fields["axis"]; ok {
		var a goldenAxis
		if err := json.Unmarshal(data, &a); err != nil {
			t.Fatal(err)
		}
		axes[path] = a.values(t)
		return
	}
	for name, item := range fields {
		axes.read(t, strings.TrimPrefix(path+"."+name, "."), item)
	}
}

type goldenPoint map[string]golden.Array

type goldenSpace struct {
	Name, Mode     string
	State          json.RawMessage
	AxisPaths      []string        `json:"axis_paths"`
	ConstructError json.RawMessage `json:"construct_error"`
	Size           int
	Points         json.RawMessage
	Table          struct {
		Columns []string
		Rows    json.RawMessage
	}
	Slices []struct {
		Range  [3]*int `json:"start_stop_step"`
		Error  json.RawMessage
		Size   int
		Points []goldenPoint
	}
	Indices []struct {
		Index int
		Point goldenPoint
		Error json.RawMessage
	}
}

type goldenFile struct {
	Axes []struct {
		goldenAxis
		Values golden.Array
	}
	AxisErrors []struct {
		Axis string
		Args []json.RawMessage
	} `json:"axis_errors"`
	Spaces []goldenSpace
}

func readGolden(t *testing.T) (file goldenFile) {
	golden.Read(t, &file, "golden", "tvboptim", "spaces.json")
	return file
}

// tolerance is 2 ulp of 1 for the values of the file, of the order of 10.
const tolerance = 4e-15

func near(got, want []float64) bool {
	return slices.EqualFunc(got, want, func(g, w float64) bool { return math.Abs(g-w) <= tolerance })
}

func checkPoint(t *testing.T, what string, p Point, want goldenPoint) {
	t.Helper()
	if len(p.Paths()) != len(want) {
		t.Errorf("%s has axes %q, want those of %v", what, p.Paths(), want)
	}
	for path, w := range want {
		_, a := p.find(path)
		if a == nil || !near(p.Values(path), w.Data) || !slices.Equal(a.shape, w.Shape) {
			t.Errorf("%s, %s = %v, want %v of shape %v", what, path, p.Values(path), w.Data, w.Shape)
		}
	}
}

func TestGoldenAxes(t *testing.T) {
	file := readGolden(t)
	for _, c := range file.Axes {
		s := Axis("x", c.values(t))
		if s.Len() != c.Size {
			t.Errorf("%+v has %d points, want %d; %v", c.goldenAxis, s.Len(), c.Size, s.Err())
		}
		var got []float64
		for p := range s.All() {
			got = append(got, p.Values("x")...)
		}
		if !near(got, c.Values.Data) {
			t.Errorf("%+v = %v, want %v", c.goldenAxis, got, c.Values.Data)
		}
	}
	for _, c := range file.AxisErrors {
		var args []float64
		for _, arg := range c.Args {
			var x float64
			_ = json.Unmarshal(arg, &x)
			args = append(args, x)
		}
		of := map[string]func(lo, hi float64, n int) Values{"GridAxis": Grid, "LogGridAxis": LogGrid, "UniformAxis": Uniform,
			"DataAxis":    func(_, _ float64, _ int) Values { return Data[float64]() },
			"NumPyroAxis": func(_, _ float64, n int) Values { return Draw(nil, n) }}[c.Axis]
		args = append(args, 0, 0)
		if err := Axis("x", of(args[0], args[1], int(args[2]))).Err(); err == nil {
			t.Errorf("%s%s is no error", c.Axis, c.Args)
		}
	}
}

// Cases in which a part is cut to the shortest: there it is asked for, here too.
var cutCases = map[string]func(axes Axes) *Space{
	"zip of unequal grids": func(axes Axes) *Space { return ZipShortest(axes.sorted()...) },
	"unequal group members": func(axes Axes) *Space {
		parts := axes.sorted()
		return Product(ZipShortest(parts[:2]...), parts[2])
	},
}

// peerDefect is a slice for which the peer cuts axes before they are shortened.
const peerDefect = "zip of unequal grids -2"

func TestGoldenSpaces(t *testing.T) {
	for _, c := range readGolden(t).Spaces {
		t.Run(c.Name, func(t *testing.T) {
			axes := Axes{}
			axes.read(t, "", c.State)
			var s *Space
			switch {
			case c.Mode == "outer": // a function that does not exist here
				return
			case cutCases[c.Name] != nil:
				refused := axes.Zip()
				if c.Mode == "product" {
					refused = axes.Product()
				}
				if refused.Err() == nil {
					t.Error("unequal lengths are no error")
				}
				s = cutCases[c.Name](axes)
			case c.Mode == "product":
				s = axes.Product()
			case c.Mode == "zip":
				s = axes.Zip()
			}
			if (s.Err() != nil) != (c.ConstructError != nil) {
				t.Fatalf("error %v, want one: %v", s.Err(), c.ConstructError != nil)
			}
			if s.Err() != nil {
				return
			}
			c.check(t, s)
		})
	}
}

func (c *goldenSpace) check(t *testing.T, s *Space) {
	paths := s.Paths()
	slices.Sort(paths)
	want := slices.Clone(c.AxisPaths)
	slices.Sort(want)
	if s.Len() != c.Size || !slices.Equal(paths, want) {
		t.Fatalf("%d points along %q, want %d along %q", s.Len(), paths, c.Size, want)
	}
	var points []goldenPoint
	if json.Unmarshal(c.Points, &points) == nil { // the peer's error in one case
		for i, want := range points {
			p, err := s.Point(i)
			if err != nil {
				t.Fatal(err)
			}
			checkPoint(t, fmt.Sprint("point ", i), p, want)
		}
	}
	for _, index := range c.Indices {
		p, err := s.Point(index.Index)
		if (err != nil) != (index.Error != nil) {
			t.Errorf("point %d: error %v, want one: %v", index.Index, err, index.Error != nil)
		}
		if err == nil {
			checkPoint(t, fmt.Sprint("index ", index.Index), p, index.Point)
		}
	}
	for _, slice := range c.Slices {
		r := slice.Range
		from, to, step := 0, s.Len(), 1
		text := c.Name
		for k, x := range []*int{&from, &to, &step} {
			if r[k] != nil {
				*x = *r[k]
				text += fmt.Sprint(" ", *x)
			}
		}
		if text == peerDefect {
			continue
		}
		part := s.Slice(from, to).Every(step)
		if (part.Err() != nil) != (slice.Error != nil) || slice.Error == nil && part.Len() != slice.Size {
			t.Fatalf("slice%s: %d points, %v; want %d, an error: %v", text, part.Len(), part.Err(), slice.Size, slice.Error != nil)
		}
		for i, want := range slice.Points {
			p, err := part.Point(i)
			if err != nil {
				t.Fatal(err)
			}
			checkPoint(t, fmt.Sprintf("slice%s, point %d", text, i), p, want)
		}
	}
	c.checkTable(t, s)
}

// The columns of the peer are in the order of the paths.
func (c *goldenSpace) checkTable(t *testing.T, s *Space) {
	var rows [][]float64
	if json.Unmarshal(c.Table.Rows, &rows) != nil || rows == nil {
		return // none, or arrays in cells
	}
	for i, row := range rows {
		p, err := s.Point(i)
		if err != nil {
			t.Fatal(err)
		}
		for k, column := range c.Table.Columns {
			if !near([]float64{p.Value(column)}, row[k:k+1]) {
				t.Errorf("row %d: %s = %v, want %v", i, column, p.Value(column), row[k])
			}
		}
	}
}
