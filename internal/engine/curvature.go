package engine

import (
	"context"
	"math"
	"slices"
)

// Curvature is the gradient of a loss with respect to what is free, and the product of its second
// derivative, the Hessian, with a direction.
type Curvature struct{ Gradient, Product Gradient }

// Tape runs all steps with the tangents along a direction, and keeps what [Linearised.Reverse] needs within
// a budget of bytes. The recorded values go to rec.Data and their tangents to rec.Tangents.
func (l *Linearised) Tape(ctx context.Context, v Values, normals Normals, direction Gradient, budget int64, rec *Recording) (*Tape, error) {
	free := Free{Leaves: make([]bool, len(l.engine.spec.Leaves)), Delays: l.free.Delays}
	copy(free.Leaves, l.free.Leaves)
	for i, leaf := range l.direction {
		if l.free.Leaves[i] {
			free.Leaves[leaf] = true
		}
	}
	for _, c := range l.changes {
		free.Leaves[c.leaf] = true
	}
	if l.delays >= 0 {
		free.Leaves[l.delays] = true
	}
	return l.engine.Tape(ctx, l.values(v, direction), normals, free, budget, rec)
}

// shapes are those of all so many leaves, given those of the base.
func (l *Linearised) shapes(base [][]int, leaves int) [][]int {
	s := make([][]int, leaves)
	copy(s, base)
	for i, leaf := range l.direction {
		if leaf >= 0 {
			s[leaf] = base[i]
		}
	}
	for _, c := range l.changes {
		s[c.leaf] = base[c.weights]
	}
	return s
}

// values joins the values of the base and a direction.
func (l *Linearised) values(v Values, direction Gradient) Values {
	all := Values{Leaves: make([][]float64, len(l.engine.spec.Leaves)), Shapes: l.shapes(v.Shapes, len(l.engine.spec.Leaves)), Delays: v.Delays}
	copy(all.Leaves, v.Leaves)
	for i, leaf := range l.direction {
		switch {
		case leaf >= 0 && l.free.Leaves[i]:
			all.Leaves[leaf] = direction.Leaves[i]
		case leaf >= 0: // a history that is fixed
			all.Leaves[leaf] = make([]float64, len(v.Leaves[i]))
		}
	}
	all.Leaves[l.zero] = []float64{0}
	if l.delays >= 0 {
		all.Leaves[l.delays], all.Shapes[l.delays] = direction.Delays, []int{len(direction.Delays)}
	}
	for _, c := range l.changes {
		product := slices.Clone(v.Leaves[c.weights])
		for e, d := range direction.Delays {
			product[e] *= d
		}
		all.Leaves[c.leaf] = product
	}
	return all
}

// Reverse is the reverse pass of a tape for values and a direction. cotangent(n) are the cotangents of the
// row recorded after step n, first of its values, the loss's second derivative times their tangents, then of
// its tangents, the loss's gradient; or nil where they are 0.
func (l *Linearised) Reverse(ctx context.Context, t *Tape, v Values, direction Gradient, cotangent func(n int) []float64) (Curvature, error) {
	g, err := t.Reverse(ctx, cotangent)
	if err != nil {
		return Curvature{}, err
	}
	count := len(l.base.spec.Leaves)
	c := Curvature{Gradient{Leaves: make([][]float64, count)}, Gradient{Leaves: g.Leaves[:count], Delays: g.Delays}}
	for i, leaf := range l.direction {
		if leaf >= 0 {
			c.Gradient.Leaves[i] = g.Leaves[leaf]
		}
	}
	if l.delays >= 0 {
		c.Gradient.Delays = g.Leaves[l.delays]
	}
	for _, change := range l.changes {
		weights, product := v.Leaves[change.weights], c.Product.Leaves[change.weights]
		for e, slope := range g.Leaves[change.leaf] {
			c.Gradient.Delays[e] = math.FMA(weights[e], slope, c.Gradient.Delays[e])
			if product != nil {
				product[e] = math.FMA(direction.Delays[e], slope, product[e])
			}
		}
	}
	return c, nil
}
