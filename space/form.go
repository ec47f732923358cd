package space

import (
	"fmt"
	"slices"

	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/param"
)

// form is a space as data, what its text and its JSON say. Which fields there are depends on the kind: "grid", "log",
// "uniform", "loguniform", "normal", "lognormal" (two numbers), "values" (all numbers) and "quantile" (the fingerprint of a foreign
// distribution) are axes; "slice" is part of another space; the rest combine spaces.
type form struct {
	Version      int       `json:"version,omitempty"` // of the outermost
	Seed         *uint64   `json:"seed,omitempty"`
	Kind         string    `json:"kind"`
	Path         string    `json:"path,omitempty"`
	Distribution string    `json:"distribution,omitempty"` // type of a foreign one
	Numbers      []float64 `json:"numbers,omitempty"`
	N            int       `json:"n,omitempty"`
	Shape        []int     `json:"shape,omitempty"`
	Each         bool      `json:"each,omitempty"`
	Group        string    `json:"group,omitempty"`
	Free         bool      `json:"free,omitempty"`
	Transform    string    `json:"transform,omitempty"`
	Bounds       []float64 `json:"bounds,omitempty"` // of transform "bounded"
	Slice        []int     `json:"slice,omitempty"`  // first, step, count
	Of           []form    `json:"of,omitempty"`
}

// family is a kind of axis that is made of two numbers and a count.
type family struct {
	name string
	of   func(a, b float64, n int) Values
	args string // what the two numbers are
}

var families = []family{
	{"grid", Grid, "lo:hi"}, {"log", LogGrid, "lo:hi"}, {"uniform", Uniform, "lo:hi"}, {"loguniform", LogUniform, "lo:hi"},
	{"normal", Normal, "mean:sd"}, {"lognormal", LogNormal, "mean:sd"},
}

// combination is a kind of space that is made of others.
type combination struct {
	name string
	of   func(parts ...*Space) *Space
}

var combinations = []combination{
	{"product", Product}, {"firstfastest", func(parts ...*Space) *Space { return Product(parts...).FirstFastest() }},
	{"zip", Zip}, {"shortest", ZipShortest},
	{methodNames[latin], LatinHypercube}, {methodNames[sobol], Sobol}, {methodNames[halton], Halton},
}

// form is the space as data; the error says what of it data cannot say.
func (s *Space) form() (form, error) {
	var f form
	var err error
	switch node := s.node.(type) {
	case *axis:
		f, err = node.form()
	case *product:
		f.Kind = "product"
		if node.firstFastest {
			f.Kind = "firstfastest"
		}
		f.Of, err = forms(node.factors)
	case *zipped:
		f.Kind = "zip"
		if node.shortest {
			f.Kind = "shortest"
		}
		f.Of, err = forms(node.members)
	case *design:
		f.Kind = methodNames[node.method]
		f.Of, err = forms(node.members)
	case slice:
		f.Kind, f.Slice = "slice", []int{node.first, node.step, s.n}
		f.Of, err = forms([]*Space{node.of})
	}
	f.Seed = s.seed
	return f, err
}

func forms(parts []*Space) ([]form, error) {
	list := make([]form, len(parts))
	var first error
	for k, part := range parts {
		var err error
		list[k], err = part.form()
		first = firstOf(first, err)
	}
	return list, first
}

func (a *axis) form() (form, error) {
	f := form{Path: a.path, N: a.n, Shape: a.shape, Each: a.each, Group: a.group, Free: a.free}
	f.Kind, f.Numbers = a.from.kind()
	if d, ok := a.from.(drawn); ok && f.Kind == "quantile" {
		f.Distribution, f.Numbers = nameOf(d.Distribution), fingerprint(d.Distribution)
	}
	switch t := a.transform.(type) {
	case nil:
	case param.Log:
		f.Transform = "log"
	case param.Bounded:
		f.Transform, f.Bounds = "bounded", []float64{t.Lo, t.Hi}
	default:
		f.Transform = t.String()
		return f, fmt.Errorf("space: axis %q is free under %s, which cannot be written; wanted Log, Bounded or none: give the transform to the tree and Free(nil) to the axis", a.path, t)
	}
	return f, nil
}

// build is the space that the data say; known are the foreign distributions that may stand in it.
func (f *form) build(known []Distribution) *Space {
	s := f.unseeded(known)
	if f.Seed != nil && s.err == nil {
		return s.Seed(*f.Seed)
	}
	return s
}

func (f *form) unseeded(known []Distribution) *Space {
	for _, c := range combinations {
		if c.name == f.Kind {
			return c.of(buildAll(f.Of, known)...)
		}
	}
	if f.Kind == "slice" {
		return f.slice(known)
	}
	v, err := f.values(known)
	if err == nil && f.Free {
		var t param.Transform
		t, err = f.transform()
		v = v.Free(t)
	}
	if err != nil {
		return failed("axis %q: %w", f.Path, err)
	}
	switch {
	case f.Each:
		v = v.Each(f.Shape...)
	case f.Shape != nil && v.shape == nil:
		v = v.Broadcast(f.Shape...)
	}
	return Axis(f.Path, v.Group(f.Group))
}

func buildAll(of []form, known []Distribution) []*Space {
	parts := make([]*Space, len(of))
	for k := range of {
		parts[k] = of[k].build(known)
	}
	return parts
}

// values are those of an axis, without shape where all elements are alike.
func (f *form) values(known []Distribution) (Values, error) {
	for _, family := range families {
		if family.name != f.Kind {
			continue
		}
		if len(f.Numbers) != 2 {
			return Values{}, fmt.Errorf("%d numbers for %s; wanted two, %s", len(f.Numbers), f.Kind, family.args)
		}
		return family.of(f.Numbers[0], f.Numbers[1], f.N), nil
	}
	switch f.Kind {
	case "values":
		return f.listed()
	case "quantile":
		for _, d := range known {
			if nameOf(d) == f.Distribution && slices.Equal(fingerprint(d), f.Numbers) {
				return Draw(d, f.N), nil
			}
		}
		return Values{}, fmt.Errorf("draws from a %s with the quantiles %v at %v; wanted that distribution among those given to Decode", f.Distribution, f.Numbers, probes)
	}
	return Values{}, fmt.Errorf("unknown kind %q%s", f.Kind, suggest.Hint(f.Kind, kinds()))
}

// listed are given numbers, or arrays of the form's shape.
func (f *form) listed() (Values, error) {
	if err := checkCount(f.N); err != nil {
		return Values{}, err
	}
	v := Values{from: listed(slices.Clone(f.Numbers)), n: f.N}
	if len(f.Numbers) != f.N {
		v.shape = slices.Clone(f.Shape)
		if err := checkShape(f.Shape); err != nil || len(f.Numbers) != f.N*v.size() {
			return Values{}, fmt.Errorf("%d numbers for %d values of shape %s", len(f.Numbers), f.N, shapeText(f.Shape))
		}
	}
	for _, x := range f.Numbers {
		if !isFinite(x) {
			return Values{}, fmt.Errorf("%v among the values; wanted finite numbers: mend the data or leave the value out", x)
		}
	}
	return v, nil
}

func (f *form) transform() (param.Transform, error) {
	switch {
	case f.Transform == "":
		return nil, nil
	case f.Transform == "log":
		return param.Log{}, nil
	case f.Transform == "bounded" && len(f.Bounds) == 2:
		t := param.Bounded{Lo: f.Bounds[0], Hi: f.Bounds[1]}
		_, err := t.Size(1)
		return t, err
	}
	return nil, fmt.Errorf("free under %q; wanted nothing, log, or bounded with two bounds", f.Transform)
}

func (f *form) slice(known []Distribution) *Space {
	if len(f.Of) != 1 || len(f.Slice) != 3 {
		return failed("slice of %d spaces by %d numbers; wanted one space and first, step, count", len(f.Of), len(f.Slice))
	}
	return sliceOf(f.Of[0].build(known), f.Slice[0], f.Slice[1], f.Slice[2])
}

// sliceOf is n points of a space, first, first+step …
func sliceOf(of *Space, first, step, n int) *Space {
	if of.Err() != nil {
		return of
	}
	inside := func(i int) bool { return 0 <= i && i < of.n }
	if !inside(first) || n < 1 || n > of.n || step == 0 || step > of.n || step < -of.n ||
		n > 1 && (max(step, -step) > (of.n-1)/(n-1) || !inside(first+(n-1)*step)) {
		return failed("slice of %d points from point %d by steps of %d, of a space of %d points; wanted points inside", n, first, step, of.n)
	}
	return of.every(first, step, n)
}

// kinds are the names of all kinds that text may use.
func kinds() []string {
	var list []string
	for _, f := range families {
		list = append(list, f.name)
	}
	for _, c := range combinations {
		list = append(list, c.name)
	}
	return list
}
