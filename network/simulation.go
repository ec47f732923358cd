package network

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// Simulation is a checked network, ready to run. It is immutable and safe for concurrent use.
type Simulation struct {
	assembly *assembly
	engine   *engine.Engine
	params   *param.Tree
	method   solver.Solver
	grid     Grid
	options  Options

	keeping sync.Mutex
	kept    *drawnNormals // nil before the first run

	linearised linearised
}

// Prepare checks a network and makes it ready to run with a method over a time grid.
func Prepare(net Network, method solver.Solver, grid Grid, opts Options) (*Simulation, error) {
	if net.Graph == nil {
		return nil, errors.New("network: no graph: set Graph, for example graph.Example()")
	}
	if err := net.Graph.Err(); err != nil {
		return nil, err
	}
	if method == nil {
		return nil, errors.New("network: no solver: give one, for example solver.Heun{}")
	}
	if err := grid.check(); err != nil {
		return nil, err
	}
	if err := checkFirstStep(grid, opts.FirstStep); err != nil {
		return nil, err
	}
	if opts.GradientWindow < 0 || opts.Memory < 0 {
		return nil, fmt.Errorf("network: Options.GradientWindow %d, Memory %d; neither can be negative, 0 stands for no window and for 512 MiB", opts.GradientWindow, opts.Memory)
	}
	if !(opts.MaxDelay >= 0) {
		return nil, fmt.Errorf("network: Options.MaxDelay %v ms; it cannot be negative, 0 stands for no bound", opts.MaxDelay)
	}
	form, err := opts.Backend.form()
	if err != nil {
		return nil, err
	}
	a, err := assemble(net, method, grid, opts)
	if err != nil {
		return nil, err
	}
	params, err := param.New(a.leaves...)
	if err != nil {
		return nil, err
	}
	s := &Simulation{assembly: a, params: params, method: method, grid: grid, options: opts}
	v, err := s.values(params)
	if err != nil {
		return nil, err
	}
	a.spec.Form = form
	s.engine, err = engine.New(a.spec, v.Shapes)
	return s, err
}

// Params returns every value of the simulation by its path: a copy, the caller's own.
func (s *Simulation) Params() *param.Tree { return s.params.Clone() }

// Steps is the number of steps of a run.
func (s *Simulation) Steps() int { return s.assembly.spec.Steps }

// Samples is the number of recorded samples of a run: one per step, or fewer with Options.Sampling.
func (s *Simulation) Samples() int { return s.engine.Rows() }

// Regions are the labels of the graph's regions.
func (s *Simulation) Regions() []string { return s.assembly.net.Graph.Labels() }

// Variables are the names of what is recorded.
func (s *Simulation) Variables() []string { return slices.Clone(s.assembly.variables) }

// Nodes are the numbers of a group's regions in the graph; nil for an unknown group.
func (s *Simulation) Nodes(group string) []int {
	g := s.assembly.group(group)
	if g == nil {
		return nil
	}
	nodes := make([]int, len(g.nodes))
	for i, node := range g.nodes {
		nodes[i] = int(node)
	}
	return nodes
}

// values checks a tree and hands its leaves to the engine.
func (s *Simulation) values(p *param.Tree) (engine.Values, error) {
	var v engine.Values
	if p == nil {
		return v, errors.New("network: no parameters; use those of Simulation.Params")
	}
	if err := p.Err(); err != nil {
		return v, err
	}
	a := s.assembly
	if p.Len() != len(a.leaves) {
		return v, fmt.Errorf("network: parameters of another simulation: %d leaves, this one has %d; use those of Simulation.Params", p.Len(), len(a.leaves))
	}
	for i := range p.Len() {
		leaf := p.At(i)
		if leaf.Path != a.leaves[i].Path {
			return v, fmt.Errorf("network: parameters of another simulation: leaf %q where this one has %q; use those of Simulation.Params", leaf.Path, a.leaves[i].Path)
		}
		if err := s.checkLeaf(leaf, i); err != nil {
			return v, err
		}
		v.Leaves, v.Shapes = append(v.Leaves, leaf.Value), append(v.Shapes, leaf.Shape)
	}
	var err error
	if v.Delays, err = s.delaySteps(v); err != nil {
		return v, err
	}
	return v, s.deriveWeights(&v)
}

func (s *Simulation) checkLeaf(leaf *param.Leaf, i int) error {
	path, a := leaf.Path, s.assembly
	check := a.checks[i]
	var err error
	switch {
	case check.exact && !slices.Equal(leaf.Shape, a.leaves[i].Shape):
		err = fmt.Errorf("network: %s has shape %v, this simulation takes %v", path, leaf.Shape, a.leaves[i].Shape)
	case check.exact:
	case check.rows == 1:
		err = a.checkShape(path, leaf.Shape, check.nodes)
	default:
		err = engine.CheckLeaf(path, leaf.Shape, check.rows, check.nodes)
	}
	if err != nil {
		return err
	}
	for k, x := range leaf.Value {
		switch {
		case check.sign == notNegative && x < 0:
			return fmt.Errorf("network: %s%s is %v; it must not be negative", path, element(leaf, k), x)
		case check.sign == positive && !(x > 0):
			return fmt.Errorf("network: %s%s is %v %s; it must be > 0", path, element(leaf, k), x, leaf.Unit)
		}
	}
	if leaf.Free && isDelay(path) && !a.delays().absent() && !s.linear() {
		return fmt.Errorf("network: %s is free, but delays are read at the nearest step, whose derivative with respect to delays is 0\nuse linear reads: coupling.Linear(…).LinearReads(), or fix it: Fix(%q)", path, path)
	}
	return nil
}

// isDelay tells the leaves that delays are made of.
func isDelay(path string) bool {
	return path == "graph.speed" || path == "graph.lengths" || path == "graph.delays"
}

// linear reports whether a coupling reads its delays by linear interpolation.
func (s *Simulation) linear() bool {
	for _, r := range s.assembly.spec.Routes {
		if r.Linear {
			return true
		}
	}
	return false
}

// element is "[k]" for arrays.
func element(leaf *param.Leaf, k int) string {
	if len(leaf.Shape) == 0 {
		return ""
	}
	return fmt.Sprintf("[%d]", k)
}

func (s *Simulation) memory() int64 {
	if s.options.Memory > 0 {
		return s.options.Memory
	}
	return defaultMemory
}

// Run simulates and returns what was recorded.
func (s *Simulation) Run(ctx context.Context, p *param.Tree) (*Result, error) {
	v, err := s.values(p)
	if err != nil {
		return nil, err
	}
	y, err := s.trajectory(0)
	if err != nil {
		return nil, err
	}
	normals, end := s.normals()
	defer end()
	if err := s.engine.Forward(ctx, v, normals, &engine.Recording{Data: y.Data}); err != nil {
		return nil, s.explain(err)
	}
	return s.result(y), nil
}
