package network

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/internal/recent"
	"github.com/neurograd/neurograd/param"
)

// SecondOrder is an [Objective] with second derivatives, which products with Hessians need. The losses of
// package observe are.
type SecondOrder interface {
	Objective
	// PushPull returns the value; it writes the derivative with respect to y.Data to cotangent, and the change
	// of that along a tangent of y.Data, ∂²L/∂y²·tangent, to dcotangent.
	PushPull(y Trajectory, tangent, cotangent, dcotangent []float64) (float64, error)
}

// HessianVector returns the loss, its gradient g and the product H·v of its second derivative with a
// direction, all with respect to the free vector θ of the parameters:
//
//	H·v = d/dε g(θ + ε·v) at ε = 0,
//
// exact through the whole run, delays and noise included, by one forward and one reverse pass: about twice
// the time of a [Simulation.Gradient], however many values are free, and up to four times where weights or
// delays are. It keeps to Options.Memory in the same way. The value has the bits of [Simulation.Value]; the
// gradient is that of Gradient but for rounding. At a kink of the loss (a bound, a whole step under linear
// reads) H is that of one side.
//
// Errors: those of Gradient; a direction of another length than the free vector, or not finite; a loss that
// is no [SecondOrder]; a transform that is no [param.SecondOrder]; Options.GradientWindow, as a truncated
// gradient is not the derivative of a loss; a tangent that is not finite, as a [DivergenceError].
func (s *Simulation) HessianVector(ctx context.Context, p *param.Tree, loss Objective, direction []float64) (value float64, gradient, product []float64, err error) {
	v, err := s.values(p)
	if err != nil {
		return 0, nil, nil, err
	}
	curved, err := s.secondOrder(p, loss, direction)
	if err != nil {
		return 0, nil, nil, err
	}
	value, c, err := s.curvature(ctx, p, v, curved, direction)
	if err != nil {
		return 0, nil, nil, err
	}
	for _, g := range []engine.Gradient{c.Gradient, c.Product} {
		s.pullDelays(p, v, g)
		s.pullWeights(p, v, g)
	}
	tangents := p.Pushforward(direction)
	s.bendDelays(v, c, tangents)
	s.bendWeights(v, c, tangents)
	slopes := func(i int) []float64 { return c.Gradient.Leaves[i] }
	bends, err := p.PullbackTangent(direction, slopes)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("network: %w", err)
	}
	product = p.Pullback(func(i int) []float64 { return c.Product.Leaves[i] })
	for k, b := range bends {
		product[k] += b
	}
	return value, p.Pullback(slopes), product, nil
}

// Hessian returns the loss, its gradient and its second derivative [i][j] with respect to the free vector, by
// one [Simulation.HessianVector] per free value. The two products that give an entry are averaged, so that
// the matrix is symmetric to the last bit.
func (s *Simulation) Hessian(ctx context.Context, p *param.Tree, loss Objective) (value float64, gradient []float64, hessian [][]float64, err error) {
	if _, err := s.values(p); err != nil {
		return 0, nil, nil, err
	}
	if p.NumFree() == 0 {
		return 0, nil, nil, errNothingFree
	}
	hessian = make([][]float64, p.NumFree())
	for i := range hessian {
		direction := make([]float64, len(hessian))
		direction[i] = 1
		if value, gradient, hessian[i], err = s.HessianVector(ctx, p, loss, direction); err != nil {
			return 0, nil, nil, err
		}
		for j := range i {
			mean := (hessian[i][j] + hessian[j][i]) / 2
			hessian[i][j], hessian[j][i] = mean, mean
		}
	}
	return value, gradient, hessian, nil
}

// secondOrder checks what the second derivative takes beside valid parameters.
func (s *Simulation) secondOrder(p *param.Tree, loss Objective, direction []float64) (SecondOrder, error) {
	switch n := p.NumFree(); {
	case n == 0:
		return nil, errNothingFree
	case len(direction) != n:
		return nil, fmt.Errorf("network: a direction has %d numbers, the free vector %d; give one for each of Tree.ThetaNames", len(direction), n)
	case s.options.GradientWindow > 0:
		return nil, fmt.Errorf("network: second derivatives with Options.GradientWindow %d; truncated gradients are no derivatives of the loss: prepare without a window", s.options.GradientWindow)
	}
	for k, x := range direction {
		if !finite(x) {
			return nil, fmt.Errorf("network: the direction is %v for %s; wanted finite numbers", x, p.ThetaNames()[k])
		}
	}
	if loss == nil {
		return nil, errors.New("network: no loss")
	}
	curved, ok := loss.(SecondOrder)
	if !ok {
		return nil, fmt.Errorf("network: a loss of type %T has no second derivatives; use a loss of package observe, or give it the method PushPull of network.SecondOrder", loss)
	}
	return curved, nil
}

// curvature is the loss, with its gradient and second derivative with respect to the leaves and delays.
func (s *Simulation) curvature(ctx context.Context, p *param.Tree, v engine.Values, loss SecondOrder, direction []float64) (float64, engine.Curvature, error) {
	none := engine.Curvature{}
	y, err := s.window(loss)
	if err != nil {
		return 0, none, err
	}
	linear, err := s.linearised.get(s.engine, s.free(p), v.Shapes)
	if err != nil {
		return 0, none, err
	}
	along := s.pushDelays(v, s.pushWeights(v, p.Pushforward(direction), 1), 1)
	tangent := make([]float64, len(y.Data))
	// Beside what a gradient keeps there are the tangents and a second cotangent.
	tape, err := s.withinMemory(32*int64(len(y.Data)), func(normals engine.Normals, budget int64) (*engine.Tape, error) {
		return linear.Tape(ctx, v, normals, along, budget, &engine.Recording{From: y.From, Data: y.Data, Tangents: tangent})
	})
	if err != nil {
		return 0, none, s.explainTangent(err)
	}
	cotangent, dcotangent := make([]float64, len(y.Data)), make([]float64, len(y.Data))
	value, err := loss.PushPull(y, tangent, cotangent, dcotangent)
	if err := s.checkLoss(value, err); err != nil {
		return 0, none, err
	}
	size := s.assembly.spec.RowSize
	row := make([]float64, 2*size)
	c, err := linear.Reverse(ctx, tape, v, along, func(n int) []float64 {
		if n < y.From {
			return nil
		}
		at := (n - y.From) * size
		copy(row, dcotangent[at:at+size])
		copy(row[size:], cotangent[at:at+size])
		return row
	})
	return value, c, err
}

// explainTangent is explain for a run with tangents, whose states are followed by their tangents.
func (s *Simulation) explainTangent(err error) error {
	var bad *engine.NonFiniteError
	states := len(s.assembly.spec.Next)
	if !errors.As(err, &bad) || bad.State < states {
		return s.explain(err)
	}
	of := *bad
	of.State -= states
	err = s.explain(&of)
	var d *DivergenceError
	if errors.As(err, &d) {
		d.State = "the tangent of " + d.State
	}
	return err
}

// linearised are the engines with tangents by what is free, made when they are first asked for. The last few are kept.
type linearised struct {
	mu     sync.Mutex
	byFree recent.Cache[string, *engine.Linearised]
}

// maxLinearised is how many.
const maxLinearised = 16

func (l *linearised) get(e *engine.Engine, free engine.Free, shapes [][]int) (*engine.Linearised, error) {
	key := strconv.FormatBool(free.Delays)
	for i, f := range free.Leaves {
		if f {
			key += " " + strconv.Itoa(i)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if made, ok := l.byFree.Get(key); ok {
		return made, nil
	}
	made, err := e.Linearise(free, shapes)
	if err != nil {
		return nil, err
	}
	l.byFree.Limit = maxLinearised
	l.byFree.Put(key, made)
	return made, nil
}
