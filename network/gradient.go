package network

import (
	"context"
	"errors"
	"fmt"

	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/param"
)

// Trajectory is the recorded samples a loss sees: Data is [Rows][Variables][Nodes], from sample number
// From to the end of the run.
type Trajectory struct {
	From, Rows, Variables, Nodes int
	Data                         []float64
}

// Objective is a differentiable function of the recorded trajectory.
type Objective interface {
	// Window returns the number of the first sample it needs; an error if the run does not suit it.
	Window(samples, variables, nodes int) (from int, err error)
	// Value is the function's value.
	Value(y Trajectory) (float64, error)
	// Pull returns the value, and writes its derivative with respect to y.Data to cotangent.
	Pull(y Trajectory, cotangent []float64) (float64, error)
	// Push returns the value, and writes its tangents [lane] to dvalue, given those of y.Data
	// [row][variable][node][lane].
	Push(y Trajectory, tangents []float64, lanes int, dvalue []float64) (float64, error)
}

// errNothingFree asks for something to differentiate with respect to.
var errNothingFree = errors.New("network: no parameter is free; free one, for example p.Free(\"dynamics.J_N\")")

// window is the memory for the samples that a loss needs.
func (s *Simulation) window(loss Objective) (Trajectory, error) {
	from, err := s.windowOf(loss)
	if err != nil {
		return Trajectory{}, err
	}
	return s.trajectory(from)
}

// windowOf is the number of the first sample that a loss needs.
func (s *Simulation) windowOf(loss Objective) (int, error) {
	if loss == nil {
		return 0, errors.New("network: no loss")
	}
	return loss.Window(s.Samples(), len(s.assembly.variables), s.assembly.nodes)
}

// Value simulates and returns the loss.
func (s *Simulation) Value(ctx context.Context, p *param.Tree, loss Objective) (float64, error) {
	v, err := s.values(p)
	if err != nil {
		return 0, err
	}
	y, err := s.window(loss)
	if err != nil {
		return 0, err
	}
	normals, end := s.normals()
	defer end()
	if err := s.engine.Forward(ctx, v, normals, &engine.Recording{From: y.From, Data: y.Data}); err != nil {
		return 0, s.explain(err)
	}
	value, err := loss.Value(y)
	return value, s.checkLoss(value, err)
}

// checkLoss refuses a loss that looked at what is not there.
func (s *Simulation) checkLoss(value float64, err error) error {
	if err == nil && s.assembly.absent && value != value {
		return errors.New("network: the loss is NaN: it looks at a variable in regions whose group does not have it\nchoose regions by observe's Nodes(sim.Nodes(group)...), and variables that their group has")
	}
	return err
}

// Gradient returns the loss and its gradient with respect to the free vector θ of the parameters, by one
// forward and one reverse pass (the adjoint): the cost does not depend on how many values are free.
func (s *Simulation) Gradient(ctx context.Context, p *param.Tree, loss Objective) (float64, []float64, error) {
	value, grads, err := s.adjoint(ctx, p, loss)
	if err != nil {
		return 0, nil, err
	}
	return value, p.Pullback(func(i int) []float64 { return grads[i] }), nil
}

// GradientByPath returns the loss and its gradient with respect to the values of every free leaf, by
// path and in the leaf's shape, without the transforms of the free vector.
func (s *Simulation) GradientByPath(ctx context.Context, p *param.Tree, loss Objective) (float64, map[string][]float64, error) {
	value, grads, err := s.adjoint(ctx, p, loss)
	if err != nil {
		return 0, nil, err
	}
	byPath := map[string][]float64{}
	for i, g := range grads {
		if g != nil {
			byPath[p.At(i).Path] = g
		}
	}
	return value, byPath, nil
}

func (s *Simulation) adjoint(ctx context.Context, p *param.Tree, loss Objective) (float64, [][]float64, error) {
	v, err := s.values(p)
	if err != nil {
		return 0, nil, err
	}
	if p.NumFree() == 0 {
		return 0, nil, errNothingFree
	}
	y, err := s.window(loss)
	if err != nil {
		return 0, nil, err
	}
	tape, err := s.tape(ctx, v, s.free(p), y)
	if err != nil {
		return 0, nil, err
	}
	cotangent := make([]float64, len(y.Data))
	value, err := loss.Pull(y, cotangent)
	if err := s.checkLoss(value, err); err != nil {
		return 0, nil, err
	}
	size := s.assembly.spec.RowSize
	g, err := tape.Reverse(ctx, func(row int) []float64 {
		if row < y.From {
			return nil
		}
		return cotangent[(row-y.From)*size:][:size]
	})
	if err != nil {
		return 0, nil, err
	}
	s.pullDelays(p, v, g)
	s.pullWeights(p, v, g)
	return value, g.Leaves[:p.Len()], nil
}

// tangentLanes is how many tangents run side by side.
const tangentLanes = 16

// TangentGradient returns what Gradient returns, by carrying a tangent for every free value through the
// run (forward mode): the cost grows with their number, but nothing is kept.
func (s *Simulation) TangentGradient(ctx context.Context, p *param.Tree, loss Objective) (float64, []float64, error) {
	if _, err := s.values(p); err != nil {
		return 0, nil, err
	}
	n := p.NumFree()
	if n == 0 {
		return 0, nil, errNothingFree
	}
	gradient := make([]float64, n)
	var value float64
	for at := 0; at < n; at += tangentLanes {
		directions := make([][]float64, min(tangentLanes, n-at))
		for k := range directions {
			directions[k] = make([]float64, n)
			directions[k][at+k] = 1
		}
		v, d, err := s.Push(ctx, p, loss, directions)
		if err != nil {
			return 0, nil, err
		}
		value = v
		copy(gradient[at:], d)
	}
	return value, gradient, nil
}

// Push returns the loss and its derivatives along directions of the free vector θ, all in one run.
func (s *Simulation) Push(ctx context.Context, p *param.Tree, loss Objective, directions [][]float64) (float64, []float64, error) {
	v, err := s.values(p)
	if err != nil {
		return 0, nil, err
	}
	y, err := s.window(loss)
	if err != nil {
		return 0, nil, err
	}
	lanes := len(directions)
	leaves := make([][]float64, p.Len())
	for lane, d := range directions {
		if len(d) != p.NumFree() {
			return 0, nil, fmt.Errorf("network: a direction has %d numbers, the free vector %d", len(d), p.NumFree())
		}
		tangents := p.Pushforward(d)
		for _, i := range p.FreeLeaves() {
			if leaves[i] == nil {
				leaves[i] = make([]float64, len(tangents[i])*lanes)
			}
			for k, t := range tangents[i] {
				leaves[i][k*lanes+lane] = t
			}
		}
	}
	rec := &engine.Recording{From: y.From, Data: y.Data, Tangents: make([]float64, len(y.Data)*lanes)}
	normals, end := s.normals()
	defer end()
	if err := s.engine.Tangent(ctx, v, normals, s.pushDelays(v, s.pushWeights(v, leaves, lanes), lanes), lanes, s.options.GradientWindow, rec); err != nil {
		return 0, nil, s.explain(err)
	}
	derivatives := make([]float64, lanes)
	value, err := loss.Push(y, rec.Tangents, lanes, derivatives)
	return value, derivatives, s.checkLoss(value, err)
}
