package lossgraph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
)

// Leaves are nodes that give the values of a simulation's leaves, by path: "dynamics.J_N".
type Leaves map[string]*gorgonia.Node

// Trajectory is the node of the samples that a simulation records, from sample number from to the end of
// the run, a tensor [samples][variables][regions]. The leaves named in given have the values of their
// nodes: scalars for one number, tensors of the leaf's shape for others; where a leaf can be regional,
// either. All other leaves have their values in p, which must not change while the graph is in use.
// Transforms of the given leaves play no part: what leads to their values is the graph.
//
// The node has derivatives with respect to all given leaves, of first order: forward it is a run of the
// simulation, backward another one with the adjoint ([network.Simulation.GradientByPath]), so that
// nothing is kept between the two. Compute it in a [Function], which can be cancelled and passes on the
// simulation's errors as they are; gorgonia's own machines work too.
//
// Errors: no simulation, parameters of another one, a path that it does not have, nodes of a shape that
// the leaf cannot take, no leaves at all, a first sample that the run does not have.
func Trajectory(sim *network.Simulation, p *param.Tree, from int, given Leaves) (*gorgonia.Node, error) {
	if sim == nil || p == nil {
		return nil, errors.New("lossgraph: Trajectory without a simulation or parameters; wanted one from network.Prepare, and those of its Params()")
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	if from < 0 || from >= sim.Steps() {
		return nil, fmt.Errorf("lossgraph: Trajectory from sample %d of a run of %d; wanted 0 to %d", from, sim.Steps(), sim.Steps()-1)
	}
	paths, err := inOrder(p, given)
	if err != nil {
		return nil, err
	}
	s := &simulated{sim: sim, params: p.Clone().Fix("*"), from: from, paths: paths, out: []int{sim.Steps() - from, len(sim.Variables()), len(sim.Regions())}}
	var nodes gorgonia.Nodes
	for _, path := range paths {
		n := given[path]
		if n == nil {
			return nil, fmt.Errorf("lossgraph: Trajectory: no node for leaf %q; wanted one, or its value in the parameters", path)
		}
		shape := []int(n.Shape())
		s.params.Transform(path, nil).Free(path).SetShaped(path, shape, make([]float64, size(shape)))
		nodes, s.shapes = append(nodes, n), append(s.shapes, shape)
	}
	if err := s.params.Err(); err != nil {
		return nil, fmt.Errorf("lossgraph: Trajectory: %w", err)
	}
	y, err := gorgonia.ApplyOp(forward{operation{fmt.Sprintf("trajectory %d of %s", serial.Add(1), strings.Join(paths, ", "))}, s}, nodes...)
	if err != nil {
		return nil, fmt.Errorf("lossgraph: Trajectory: %w", err)
	}
	return y, nil
}

// serial numbers the trajectories of the process: operations with one text are taken for one.
var serial atomic.Uint64

// inOrder lists the given paths in the order of the tree.
func inOrder(p *param.Tree, given Leaves) ([]string, error) {
	if len(given) == 0 {
		return nil, errors.New("lossgraph: Trajectory of no given leaves; wanted at least one, such as \"dynamics.J_N\": without them the trajectory is a constant, see lossgraph.Data")
	}
	var paths []string
	for _, path := range p.Paths() {
		if _, ok := given[path]; ok {
			paths = append(paths, path)
		}
	}
	if len(paths) == len(given) {
		return paths, nil
	}
	var unknown []string
	for path := range given {
		if !p.Has(path) {
			unknown = append(unknown, path)
		}
	}
	_, err := p.Leaf(slices.Min(unknown))
	return nil, fmt.Errorf("lossgraph: Trajectory: %w", err)
}

// simulated is a simulation as a function of some of its leaves.
type simulated struct {
	sim    *network.Simulation
	params *param.Tree // with the given leaves free and without transforms
	from   int
	paths  []string
	shapes [][]int // of the given leaves
	out    []int   // of the trajectory
}

// at are the parameters with values of the given leaves.
func (s *simulated) at(leaves []gorgonia.Value) (*param.Tree, error) {
	p := s.params.Clone()
	for i, path := range s.paths {
		x, err := numbers(leaves[i], size(s.shapes[i]))
		if err != nil {
			return nil, err
		}
		p.SetShaped(path, s.shapes[i], x)
	}
	return p, p.Err()
}

// packed is the shape of the values of all given leaves in a row.
func (s *simulated) packed() []int {
	n := 0
	for _, shape := range s.shapes {
		n += size(shape)
	}
	return []int{n}
}

// forward is the operation from the given leaves to the trajectory.
type forward struct {
	operation
	*simulated
}

func (f forward) Arity() int { return len(f.shapes) }

func (f forward) Type() hm.Type {
	return functionType(append(slices.Clone(f.shapes), f.out)...)
}

func (f forward) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) {
	return slices.Clone(f.out), nil
}

func (f forward) Do(leaves ...gorgonia.Value) (gorgonia.Value, error) {
	return f.doContext(context.Background(), leaves)
}

func (f forward) doContext(ctx context.Context, leaves []gorgonia.Value) (gorgonia.Value, error) {
	p, err := f.at(leaves)
	if err != nil {
		return nil, err
	}
	cut := &seam{from: f.from}
	if _, err := f.sim.Value(ctx, p, cut); err != nil {
		return nil, err
	}
	return newValue(cut.samples, f.out), nil
}

func (f forward) DiffWRT(inputs int) []bool { return slices.Repeat([]bool{true}, inputs) }

// SymDiff gives the gradients of all leaves by one node, since one reverse pass computes them all, and
// cuts each out of it.
func (f forward) SymDiff(leaves gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	all, err := gorgonia.ApplyOp(reverse{operation{"gradient of " + f.text}, f.simulated}, append(slices.Clone(leaves), grad)...)
	if err != nil {
		return nil, err
	}
	var gradients gorgonia.Nodes
	from := 0
	for _, shape := range f.shapes {
		g, err := Slice(all, 0, from, from+size(shape))
		switch {
		case err != nil:
		case len(shape) == 0:
			g, err = gorgonia.Sum(g)
		default:
			g, err = gorgonia.Reshape(g, slices.Clone(shape))
		}
		if err != nil {
			return nil, err
		}
		gradients = append(gradients, g)
		from += size(shape)
	}
	return gradients, nil
}

// reverse is the operation from the given leaves and a cotangent of the trajectory to the cotangents of the
// leaves, in a row. It has no derivatives.
type reverse struct {
	operation
	*simulated
}

func (r reverse) Arity() int { return len(r.shapes) + 1 }

func (r reverse) Type() hm.Type {
	return functionType(append(slices.Clone(r.shapes), r.out, r.packed())...)
}

func (r reverse) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) { return r.packed(), nil }

func (r reverse) Do(operands ...gorgonia.Value) (gorgonia.Value, error) {
	return r.doContext(context.Background(), operands)
}

func (r reverse) doContext(ctx context.Context, operands []gorgonia.Value) (gorgonia.Value, error) {
	last := len(operands) - 1
	p, err := r.at(operands[:last])
	if err != nil {
		return nil, err
	}
	cotangent, err := numbers(operands[last], size(r.out))
	if err != nil {
		return nil, err
	}
	_, gradients, err := r.sim.GradientByPath(ctx, p, &seam{from: r.from, cotangent: cotangent})
	if err != nil {
		return nil, err
	}
	var all []float64
	for _, path := range r.paths {
		all = append(all, gradients[path]...)
	}
	return newValue(all, r.packed()), nil
}

// seam is where the trajectory ends and the rest of the graph begins: an objective that notes the
// samples, and hands over a cotangent that was computed elsewhere. Its value has no meaning.
type seam struct {
	from               int
	samples, cotangent []float64
}

func (s *seam) Window(samples, variables, nodes int) (int, error) { return s.from, nil }

func (s *seam) Value(y network.Trajectory) (float64, error) {
	s.samples = y.Data
	return 0, nil
}

func (s *seam) Pull(y network.Trajectory, cotangent []float64) (float64, error) {
	copy(cotangent, s.cotangent)
	return 0, nil
}

func (s *seam) Push(network.Trajectory, []float64, int, []float64) (float64, error) {
	return 0, errors.New("lossgraph: a trajectory in a graph has no tangents; wanted Gradient")
}
