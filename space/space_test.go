package space

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// points are all points of a space, each as its text.
func points(t *testing.T, s *Space) []string {
	t.Helper()
	var list []string
	for p, err := range s.All() {
		if err != nil {
			t.Fatal(err)
		}
		if p.Index != len(list) {
			t.Errorf("point %d has index %d", len(list), p.Index)
		}
		list = append(list, p.String())
	}
	return list
}

func same(t *testing.T, what string, got, want *Space) {
	t.Helper()
	if got.Err() != nil || want.Err() != nil {
		t.Fatalf("%s: %v, %v", what, got.Err(), want.Err())
	}
	if !slices.Equal(points(t, got), points(t, want)) {
		t.Errorf("%s: the points of %s are\n%s\nthose of %s\n%s", what, got, strings.Join(points(t, got), "\n"), want, strings.Join(points(t, want), "\n"))
	}
}

// names are paths for random spaces.
var names = strings.Fields("a b c.d c.e f g.h.i j k l m n o p q r s t u v w")

// random spaces take their paths from a list, so that none comes twice.
type generator struct {
	*rand.Rand
	paths []string
}

func (g *generator) path() string {
	p := g.paths[0]
	g.paths = g.paths[1:]
	return p
}

func (g *generator) draws(n int) *Space {
	v := []Values{Uniform(-1, 2, n), Normal(1, 0.5, n), LogUniform(0.1, 3, n), LogNormal(0, 1, n)}[g.IntN(4)]
	if g.IntN(4) == 0 {
		v = v.Each(2, 3)
	}
	return Axis(g.path(), v)
}

func (g *generator) axis(n int) *Space {
	switch g.IntN(5) {
	case 0:
		return Axis(g.path(), Grid(-1, 1.5, n))
	case 1:
		return Axis(g.path(), LogGrid(0.3, 7, n).Broadcast(2))
	case 2:
		list := make([]float64, n)
		for k := range list {
			list[k] = g.NormFloat64()
		}
		return Axis(g.path(), Data(list...))
	case 3:
		list := make([][]float64, n)
		for k := range list {
			list[k] = []float64{g.NormFloat64(), g.Float64()}
		}
		return Axis(g.path(), Data(list...))
	}
	return g.draws(n)
}

// space is a random space of n points, or of any number for n = 0.
func (g *generator) space(depth, n int) *Space {
	if n == 0 && g.IntN(3) > 0 && depth > 0 {
		parts := []*Space{g.space(depth-1, 0), g.space(depth-1, 0)}
		s := Product(parts...)
		if g.IntN(3) == 0 {
			s = s.FirstFastest()
		}
		return g.vary(s)
	}
	if n == 0 {
		n = 1 + g.IntN(5)
	}
	if depth == 0 {
		return g.axis(n)
	}
	switch g.IntN(4) {
	case 0:
		return Zip(g.space(depth-1, n), g.space(depth-1, n))
	case 1:
		return []func(...*Space) *Space{Sobol, Halton, LatinHypercube}[g.IntN(3)](g.draws(n), g.draws(n))
	}
	return g.axis(n)
}

// vary gives a space a seed, or takes a part of it.
func (g *generator) vary(s *Space) *Space {
	switch g.IntN(5) {
	case 0:
		return s.Seed(g.Uint64())
	case 1:
		return s.Every(1 + g.IntN(2))
	case 2:
		return s.Every(-1).Slice(0, (s.Len()+1)/2)
	}
	return s
}

func eachRandom(t *testing.T, check func(t *testing.T, g *generator, s *Space)) {
	t.Helper()
	for seed := range uint64(60) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 8)), paths: names}
		s := g.space(3, 0)
		if s.Err() != nil {
			t.Fatalf("seed %d: %v", seed, s.Err())
		}
		check(t, g, s)
	}
}

// Length, index from both ends and iteration agree.
func TestOrder(t *testing.T) {
	eachRandom(t, func(t *testing.T, g *generator, s *Space) {
		list := points(t, s)
		if len(list) != s.Len() || len(list) == 0 {
			t.Fatalf("%s: %d points, %d iterated", s, s.Len(), len(list))
		}
		for i := range list {
			front, err1 := s.Point(i)
			back, err2 := s.Point(i - len(list))
			if err1 != nil || err2 != nil || front.String() != list[i] || !reflect.DeepEqual(front, back) {
				t.Errorf("%s: point %d is %s and %s, iterated %s; %v, %v", s, i, front, back, list[i], err1, err2)
			}
		}
		for _, i := range []int{len(list), -len(list) - 1, math.MaxInt, math.MinInt} {
			if _, err := s.Point(i); err == nil {
				t.Errorf("%s: point %d is no error", s, i)
			}
		}
	})
}

// Slices are those of the list of points, also of slices.
func TestSlices(t *testing.T) {
	eachRandom(t, func(t *testing.T, g *generator, s *Space) {
		list := points(t, s)
		for range 4 {
			n := len(list)
			from := g.IntN(n)
			to := from + 1 + g.IntN(n-from)
			part := s.Slice(from, to)
			if g.IntN(2) == 0 {
				part = s.Slice(from-n, to)
			}
			list = list[from:to]
			if step := 1 + g.IntN(3); g.IntN(2) == 0 {
				part = part.Every(step)
				var some []string
				for i := 0; i < len(list); i += step {
					some = append(some, list[i])
				}
				list = some
			}
			if g.IntN(2) == 0 {
				part = part.Every(-1)
				list = slices.Clone(list)
				slices.Reverse(list)
			}
			if got := points(t, part); !slices.Equal(got, list) {
				t.Fatalf("%s from %d to %d of %d: %q, want %q", s, from, to, n, got, list)
			}
			s = part
		}
	})
}

// A product by nested loops, a zip side by side, from the points of the parts.
func TestCombinations(t *testing.T) {
	for seed := range uint64(30) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 3)), paths: names}
		n := 1 + g.IntN(4)
		a, b, c := g.space(1, 0), g.space(1, n), g.space(1, n)
		var nested, turned, side []string
		for _, p := range points(t, a) {
			for _, q := range points(t, b) {
				nested = append(nested, p+" "+q)
			}
		}
		for _, q := range points(t, b) {
			for _, p := range points(t, a) {
				turned = append(turned, p+" "+q)
			}
		}
		for i, q := range points(t, b) {
			side = append(side, q+" "+points(t, c)[i])
		}
		for _, x := range []struct {
			got  *Space
			want []string
		}{
			{Product(a, b), nested}, {Product(a, b).FirstFastest(), turned}, {Zip(b, c), side}, {ZipShortest(b, c), side},
		} {
			if got := points(t, x.got); !slices.Equal(got, x.want) {
				t.Errorf("%s: %q, want %q", x.got, got, x.want)
			}
		}
		same(t, "product of one", Product(a), a)
		same(t, "zip of one", Zip(a), a)
		same(t, "products nest", Product(Product(a, b), c), Product(a, Product(b, c)))
		same(t, "flat product", Product(Product(a, b), c), Product(a, b, c))
		same(t, "zips nest", Zip(Zip(b, c)), Zip(b, c))
		same(t, "the whole slice", a.Slice(0, a.Len()), a)
		same(t, "turned twice", a.Every(-1).Every(-1), a)
		if k := Product(a, b, c).Len(); k != a.Len()*n*n {
			t.Errorf("product has %d points, want %d", k, a.Len()*n*n)
		}
	}
}

// A draw depends on seed, path, position and element alone.
func TestDrawsAreTheirOwn(t *testing.T) {
	x, y := Axis("x", Normal(0, 1, 6).Each(3)), Axis("y", Uniform(0, 1, 6))
	value := func(s *Space, path string, i int) []float64 {
		p, err := s.Point(i)
		if err != nil {
			t.Fatal(err)
		}
		return p.Values(path)
	}
	for i := range 6 {
		alone := value(x, "x", i)
		for what, got := range map[string][]float64{
			"beside another":    value(Zip(x, y), "x", i),
			"behind another":    value(Zip(y, x), "x", i),
			"in a product":      value(Product(y, x), "x", i),
			"in a slice":        value(x.Slice(i, 6), "x", 0),
			"of a longer axis":  value(Axis("x", Normal(0, 1, 600).Each(3)), "x", i),
			"of a larger shape": value(Axis("x", Normal(0, 1, 6).Each(7)), "x", i)[:3],
			"under seed 0":      value(x.Seed(0), "x", i),
		} {
			if !slices.Equal(got, alone) {
				t.Errorf("draw %d %s is %v, alone %v", i, what, got, alone)
			}
		}
		for what, got := range map[string][]float64{
			"another seed":       value(x.Seed(1), "x", i),
			"another high seed":  value(x.Seed(1<<32), "x", i),
			"another path":       value(Axis("z", Normal(0, 1, 6).Each(3)), "z", i),
			"the next position":  value(x, "x", (i+1)%6),
			"the next element":   {alone[1], alone[2], alone[0]},
			"a Latin hypercube":  value(LatinHypercube(x), "x", i),
			"a Sobol sequence":   value(Sobol(x), "x", i),
			"a Halton sequence":  value(Halton(x), "x", i),
			"one of them seeded": value(Halton(x).Seed(1), "x", i),
		} {
			if slices.Equal(got, alone) {
				t.Errorf("draw %d of %s is the same", i, what)
			}
		}
	}
	same(t, "an axis keeps its seed", Zip(x.Seed(3), y).Seed(4), Zip(x.Seed(3), y.Seed(4)))
	same(t, "and in a design", Sobol(x.Seed(3), y).Seed(4), Sobol(x.Seed(3), y.Seed(4)))
	same(t, "the last seed counts", x.Seed(3).Seed(4), x.Seed(4))
	same(t, "slices keep it", x.Seed(3).Slice(1, 4).Every(2), x.Slice(1, 4).Every(2).Seed(3))
	same(t, "another axis of a hypercube", first(LatinHypercube(x, y)), first(LatinHypercube(x)))
	same(t, "another axis of a sequence", first(Sobol(x, y)), first(Sobol(x)))
	same(t, "more points of a sequence", Sobol(Axis("y", Uniform(0, 1, 100))).Slice(0, 6), Sobol(y))
	same(t, "more points of Halton", Halton(Axis("y", Uniform(0, 1, 100))).Slice(0, 6), Halton(y))
}

// first is the first axis of a zip or a design, as given values.
func first(s *Space) *Space {
	var list [][]float64
	path := s.Paths()[0]
	for p, err := range s.All() {
		if err != nil {
			return failed("%w", err)
		}
		list = append(list, p.Values(path))
	}
	return Axis(path, Data(list...))
}

// Points of an enormous space are had as easily as others.
func TestEnormous(t *testing.T) {
	s := Product(Axis("a", Grid(0, 1, 1_000_001)), Axis("b", Uniform(0, 1, 1_000_000)), Axis("c", Grid(0, 1, 1_000_001)))
	if want := 1_000_001 * 1_000_000 * 1_000_001; s.Len() != want {
		t.Fatalf("%d points, want %d", s.Len(), want)
	}
	p, err := s.Every(-1).Point(-1 - 7)
	if err != nil || p.Value("a") != 0 || p.Value("c") != 7e-6 {
		t.Errorf("point 7 is %s; %v", p, err)
	}
	too := Product(s, Axis("d", Grid(0, 1, 1000)))
	if too.Err() == nil || too.Len() != 0 {
		t.Errorf("%d points, %v", too.Len(), too.Err())
	}
}

// Grids have the numbers that one would write.
func TestGridNumbers(t *testing.T) {
	for text, want := range map[string][]float64{
		"x=0:1:11":         {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1},
		"x=-1:2:4":         {-1, 0, 1, 2},
		"x=0.3:1:1":        {0.3},
		"x=log:0.001:1:4":  {0.001, 0.01, 0.1, 1},
		"x=log:1e-3:1e3:7": {1e-3, 1e-2, 0.1, 1, 10, 100, 1e3},
		"x=log:0.5:8:5":    {0.5, 1, 2, 4, 8},
		"x=log:0.1:1.6:3":  {0.1, 0.4, 1.6},
		"x=log:2:3:1":      {2},
	} {
		s, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := numbers(t, s, "x"); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	// The logarithm is linear in i.
	g := LogGrid(0.3, 7, 1000)
	for i, x := range numbers(t, Axis("x", g), "x") {
		want := math.Log(0.3) + float64(i)/999*(math.Log(7)-math.Log(0.3))
		if math.Abs(math.Log(x)-want) > 1e-15 {
			t.Errorf("value %d: ln %v = %v, want %v", i, x, math.Log(x), want)
		}
	}
}

func TestGroups(t *testing.T) {
	s := Product(Axis("x", Grid(0, 1, 4)), Axis("a", Data(1, 2, 3).Group("settings")), Axis("n", Data(7, 8).Group("other")), Axis("b", Data(10, 20, 30).Group("settings")))
	explicit := Product(Zip(Axis("a", Data(1, 2, 3)), Axis("b", Data(10, 20, 30))), Zip(Axis("n", Data(7, 8))), Axis("x", Grid(0, 1, 4)))
	same(t, "groups come first", s, explicit)
	if s.String() != explicit.String() {
		t.Errorf("written %s, want %s", s, explicit)
	}
	if s.Len() != 3*2*4 || !slices.Equal(s.Paths(), []string{"a", "b", "n", "x"}) {
		t.Errorf("%d points along %q", s.Len(), s.Paths())
	}
}

func TestPoint(t *testing.T) {
	p, err := Zip(Axis("a", Data(0.5)), Axis("b", Data([][]float64{{1, 2}, {3, 4}, {5, 6}}))).Point(0)
	if err != nil || p.Value("a") != 0.5 || !slices.Equal(p.Values("b"), []float64{1, 2, 3, 4, 5, 6}) || p.Values("c") != nil {
		t.Errorf("%s; %v", p, err)
	}
	if p.String() != "a=0.5 b=[1 2 3 4 …]" {
		t.Errorf("text %q", p)
	}
	p.Values("b")[0], p.Numbers()[1] = 9, 9
	if p.Values("b")[0] != 1 || !slices.Equal(p.Numbers(), []float64{0.5, 1, 2, 3, 4, 5, 6}) {
		t.Error("Values is no copy")
	}
	for path, want := range map[string]string{"c": `no axis along "c"; there are a, b`, "b": `"b" has values of shape [3][2]; use Values`} {
		func() {
			defer func() {
				if text, _ := recover().(string); !strings.Contains(text, want) {
					t.Errorf("Value(%q) panics with %q", path, text)
				}
			}()
			p.Value(path)
		}()
	}
}

func TestCSV(t *testing.T) {
	var b strings.Builder
	s := Product(Axis("coupling.delayed.G", Grid(0, 1, 2)), Axis("dynamics.J_N", Data([]float64{0.1, 0.2}, []float64{1. / 3, -1})))
	if err := s.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	want := "coupling.delayed.G,dynamics.J_N[0],dynamics.J_N[1]\n0,0.1,0.2\n0,0.3333333333333333,-1\n1,0.1,0.2\n1,0.3333333333333333,-1\n"
	if b.String() != want {
		t.Errorf("table\n%s\nwant\n%s", b.String(), want)
	}
}
