package engine

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/neurograd/neurograd/ad"
)

// pairOfGroups is a schedule of two groups of 4 and 3 nodes, with a route of each kind between them: delayed
// sums of a signal by linear interpolation, sums without delays and their strength, messages on delayed
// edges. Unlike a network's its noise, records and groups have no common order.
func pairOfGroups(t *testing.T) (*Engine, Values) {
	t.Helper()
	a := ad.NewArena()
	s := a.Symbol
	h := a.Const(0.1)
	x, y := s("x"), s("y")
	dx := s("k").Mul(s("cx")).Sub(x.Mul(s("strength"))).Add(a.Call("tanh", s("cm")))
	dy := s("cy").Sub(y.Mul(y).Mul(y))
	spec := Spec{
		Arena: a, Nodes: []int{4, 3, 12}, Step: 0.1, Steps: 45,
		Wires:  []Wire{{"z", 1}, {"y", 1}, {"x", 0}, {"s", 0}, {"cy", 1}, {"cx", 0}, {"e", 2}, {"l", 2}, {"m", 2}, {"cm", 0}, {"ny", 1}, {"nx", 0}, {"aux", 1}},
		Leaves: []Leaf{{"w0", 1}, {"w1", 1}, {"k", 1}, {"sigma", 1}, {"x0", 1}, {"y0", 1}, {"g", 1}},
		Params: []Param{{"k", 2, 0, 0, nil}, {"sigma", 3, 0, 1, nil}, {"g", 6, 0, 2, nil}, {"w1#edges", 1, 0, 2, nil}},
		Ops: []Op{
			{Assign: []Assign{{3, a.Call("sin", x.Mul(s("k")))}}},
			{Sum: &Sum{Route: 0, From: []int{3}, To: []int{4}}},
			{Sum: &Sum{Route: 1, From: []int{1}, To: []int{5}}},
			{Gather: &Gather{Route: 2, From: []int{1}, To: []int{6}}},
			{Gather: &Gather{Route: 2, From: []int{2}, To: []int{7}, Local: true}},
			{Group: 2, Assign: []Assign{{8, s("g").Mul(s("e")).Mul(s("e")).Mul(s("l"))}}},
			{Sum: &Sum{Route: 2, From: []int{8}, To: []int{9}, OfEdges: true}},
			{Group: 1, Assign: []Assign{{10, y.Add(h.Mul(dy)).Add(s("sigma").Mul(s("z")))}, {12, s("cy").Mul(s("cy"))}}},
			{Assign: []Assign{{11, x.Add(h.Mul(dx))}}},
		},
		State: []int{1, 2}, Next: []int{10, 11}, Initial: []int{5, 4}, Noise: []int{0}, Record: []int{12, 11, 1},
	}
	there := Route{SourceGroup: 0, TargetGroup: 1, Weights: 0, Delayed: true, Linear: true, Shift: 0.5}
	back := Route{SourceGroup: 1, TargetGroup: 0, Weights: 1, Strength: "strength"}
	r := rand.New(rand.NewPCG(14, 4))
	v := Values{Shapes: [][]int{{12}, {12}, nil, {3}, nil, {3}, {12}}}
	for e := range 12 {
		there.Targets, there.Sources = append(there.Targets, int32(e/4)), append(there.Sources, int32(e%4))
		back.Targets, back.Sources = append(back.Targets, int32(e/3)), append(back.Sources, int32(e%3))
		there.Structural, back.Structural = append(there.Structural, true), append(back.Structural, true)
		v.Delays = append(v.Delays, float64(r.IntN(20))+0.7+0.1*r.Float64())
	}
	v.Delays[3] = 0.2 // cut off by the shift
	onEdges := back
	onEdges.Delayed, onEdges.Linear, onEdges.EdgeGroup, onEdges.Strength = true, true, 2, ""
	spec.Routes = []Route{there, back, onEdges}
	for _, shape := range v.Shapes {
		n := 1
		if len(shape) > 0 {
			n = shape[0]
		}
		leaf := make([]float64, n)
		for k := range leaf {
			leaf[k] = 0.2 + 0.3*r.NormFloat64()
		}
		v.Leaves = append(v.Leaves, leaf)
	}
	v.Leaves[0][5] = 0
	e, err := New(spec, v.Shapes)
	if err != nil {
		t.Fatal(err)
	}
	return e, v
}

// along is values + h·direction.
func along(v Values, direction Gradient, h float64) Values {
	add := func(x, d []float64) []float64 {
		moved := append([]float64(nil), x...)
		for k := range d {
			moved[k] += h * d[k]
		}
		return moved
	}
	moved := Values{Shapes: v.Shapes, Delays: add(v.Delays, direction.Delays)}
	for i := range v.Leaves {
		moved.Leaves = append(moved.Leaves, add(v.Leaves[i], direction.Leaves[i]))
	}
	return moved
}

// TestLinearised compares second derivatives of a schedule of several groups, along a direction over all
// leaves and delays, with extrapolated differences of the gradient, and holds that values have the bits of a
// run without tangents and gradients the numbers of one. The loss is Σ a·y + y²/2 over all recorded numbers.
func TestLinearised(t *testing.T) {
	ctx := context.Background()
	e, v := pairOfGroups(t)
	size := e.spec.RowSize
	r := rand.New(rand.NewPCG(15, 4))
	random := func(n int) []float64 {
		x := make([]float64, n)
		for k := range x {
			x[k] = r.NormFloat64()
		}
		return x
	}
	slope, normal := random(size), random(3)
	normals := func(int) []float64 { return normal }
	free := Free{Leaves: []bool{true, true, true, true, true, true, true}, Delays: true}
	direction := Gradient{Delays: random(12)}
	for _, x := range v.Leaves {
		direction.Leaves = append(direction.Leaves, random(len(x)))
	}
	gradient := func(v Values) (data, gradient []float64) {
		rec := &Recording{Data: make([]float64, size*e.spec.Steps)}
		tape, err := e.Tape(ctx, v, normals, free, 1<<30, rec)
		if err != nil {
			t.Fatal(err)
		}
		row := make([]float64, size)
		g, err := tape.Reverse(ctx, func(n int) []float64 {
			for k := range row {
				row[k] = slope[k] + rec.Data[n*size+k]
			}
			return row
		})
		if err != nil {
			t.Fatal(err)
		}
		return rec.Data, joined(g)
	}
	l, err := e.Linearise(free, v.Shapes)
	if err != nil {
		t.Fatal(err)
	}
	rec := &Recording{Data: make([]float64, size*e.spec.Steps), Tangents: make([]float64, size*e.spec.Steps)}
	tape, err := l.Tape(ctx, v, normals, direction, 1<<30, rec)
	if err != nil {
		t.Fatal(err)
	}
	row := make([]float64, 2*size)
	c, err := l.Reverse(ctx, tape, v, direction, func(n int) []float64 {
		copy(row, rec.Tangents[n*size:(n+1)*size])
		for k, y := range rec.Data[n*size : (n+1)*size] {
			row[size+k] = slope[k] + y
		}
		return row
	})
	if err != nil {
		t.Fatal(err)
	}
	data, first := gradient(v)
	for k := range data {
		if math.Float64bits(data[k]) != math.Float64bits(rec.Data[k]) {
			t.Fatalf("number %d is %x, %x beside a tangent", k, data[k], rec.Data[k])
		}
	}
	difference := func(h float64) []float64 {
		_, plus := gradient(along(v, direction, h))
		_, minus := gradient(along(v, direction, -h))
		for k := range plus {
			plus[k] = (plus[k] - minus[k]) / (2 * h)
		}
		return plus
	}
	wide, narrow := difference(1e-3), difference(5e-4)
	product, again := joined(c.Product), joined(c.Gradient)
	curved := 0
	for k := range product {
		want := (4*narrow[k] - wide[k]) / 3
		if math.Abs(product[k]-want) > 1e-8*(1+math.Abs(want)) {
			t.Errorf("number %d: product %v, differences %v", k, product[k], want)
		}
		if math.Abs(again[k]-first[k]) > 1e-12*(1+math.Abs(first[k])) {
			t.Errorf("number %d: gradient %v, want %v", k, again[k], first[k])
		}
		if product[k] != 0 {
			curved++
		}
	}
	if curved < len(product)-1 { // one delay is cut off
		t.Errorf("%d of %d numbers have curvature", curved, len(product))
	}
}

// joined are the numbers of a gradient in a row.
func joined(g Gradient) []float64 {
	return append(slices.Concat(g.Leaves...), g.Delays...)
}
