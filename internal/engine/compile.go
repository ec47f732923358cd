package engine

import (
	"fmt"
	"sync"
	"weak"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/internal/recent"
)

// Engine is a checked network with the programs compiled for it so far. It is safe for concurrent use.
type Engine struct {
	spec      Spec
	params    map[string]int // by symbol
	wires     map[string]int
	strengths map[string]int // route by symbol
	loadedBy  []int          // by wire: a leaf, or computed, or normals
	together  []int          // see Spec.together

	mu           sync.Mutex // guards arena, plans, arrangements and rows
	plans        recent.Cache[string, *plan]
	arrangements recent.Cache[arrangementKey, *arrangement]
	rows         weak.Pointer[rowMemory] // of the last tape that was reversed

	backend *backend // of sums and programs; nil is the portable one
}

// maxPlans bounds how many compiled schedules an engine keeps: a session that frees ever other parameters would else fill
// memory with programs.
const maxPlans = 64

// New checks that every name of the schedule is known and compiles the forward programs for leaves of
// these shapes.
func New(spec Spec, shapes [][]int) (*Engine, error) {
	spec.Every = max(spec.Every, 1)
	spec.place()
	e := &Engine{spec: spec, params: map[string]int{}, wires: map[string]int{}, strengths: map[string]int{},
		loadedBy: spec.loaders(), together: spec.together(), plans: recent.Cache[string, *plan]{Limit: maxPlans}, arrangements: recent.Cache[arrangementKey, *arrangement]{Limit: maxArrangements}}
	if spec.Form != nil {
		e.backend = newBackend(spec.Form)
	}
	for i, p := range spec.Params {
		e.params[p.Symbol] = i
	}
	for i, w := range spec.Wires {
		e.wires[w.Name] = i
	}
	for i, r := range spec.Routes {
		if r.Strength != "" {
			e.strengths[r.Strength] = i
		}
	}
	_, err := e.plan(forward, shapes, nil)
	return e, err
}

// plan returns the programs of a mode for leaves of these shapes, compiling them when they are needed
// first. free marks the leaves that derivatives are taken for or, of runs side by side, that differ.
func (e *Engine) plan(m mode, shapes [][]int, free []bool) (*plan, error) {
	key := planKey(m, shapes, free)
	e.mu.Lock()
	defer e.mu.Unlock()
	if p, ok := e.plans.Get(key); ok {
		return p, nil
	}
	c := &compiler{Engine: e, shapes: shapes, free: free}
	if m == lanesShared || m == lanesOwn {
		c.side = &sideBySide{differ: free, own: m == lanesOwn}
	}
	var p *plan
	var err error
	switch m {
	case forward, lanesShared, lanesOwn:
		p, err = c.forward()
	case reverse:
		p, err = c.reverse()
	case tangent:
		p, err = c.tangent()
	}
	if err != nil {
		return nil, err
	}
	e.plans.Put(key, p)
	return p, nil
}

func planKey(m mode, shapes [][]int, free []bool) string {
	key := []byte{byte(m)}
	for i, s := range shapes {
		b := byte(len(s)) << 2
		for k, n := range s {
			if n == 1 {
				b |= 1 << k
			}
		}
		key = append(key, b)
		if free != nil && free[i] {
			key = append(key, 'f')
		}
	}
	return string(key)
}

// compiler compiles the operations for one mode.
type compiler struct {
	*Engine
	shapes [][]int
	free   []bool
	side   *sideBySide // nil but for runs side by side
}

// inputs are the inputs and bindings for the symbols that expressions use.
func (c *compiler) inputs(exprs []ad.Expr) ([]program.Input, []binding, error) {
	var ins []program.Input
	var binds []binding
	for _, name := range ad.Symbols(exprs...) {
		in, bind, ok := c.symbol(name)
		if !ok {
			return nil, nil, fmt.Errorf("engine: unknown symbol %q", name)
		}
		ins, binds = append(ins, in), append(binds, bind)
	}
	return ins, binds, nil
}

// symbol resolves a name: derivatives of wires, leaves and strengths have a prefix.
func (c *compiler) symbol(name string) (program.Input, binding, bool) {
	prefix, base := "", name
	if len(name) > 2 && name[1] == ':' {
		prefix, base = name[:2], name[2:]
	}
	in := program.Input{Name: name, Kind: program.Node, Rate: program.Step}
	if w, ok := c.wires[base]; ok {
		roles := map[string]role{"": wire, tangentPrefix: tangentOf, cotangentPrefix: cotangentOf, sumPrefix: cotangentOf}
		if prefix == tangentPrefix || c.side.wire(c.loadedBy[w]) {
			in.Kind = program.Full
		}
		return in, binding{roles[prefix], w}, true
	}
	if p, ok := c.params[base]; ok {
		if prefix == sumPrefix {
			return in, binding{gradParam, p}, true
		}
		spec := c.spec.Params[p]
		_, in.Kind = layout(c.shapes[spec.Leaf], spec.Row, c.spec.Nodes[spec.Group])
		in.Rate = program.Once
		if prefix == tangentPrefix {
			in.Kind |= program.Lane
			return in, binding{tangentParam, p}, true
		}
		if c.side.leaf(spec.Leaf) {
			in.Kind |= program.Lane
		}
		return in, binding{param, p}, true
	}
	if r, ok := c.strengths[base]; ok {
		if prefix == sumPrefix {
			return in, binding{gradStrength, r}, true
		}
		in.Rate = program.Once
		if prefix == tangentPrefix {
			in.Kind = program.Full
			return in, binding{tangentStrength, r}, true
		}
		if c.side.leaf(c.spec.Routes[r].Weights) {
			in.Kind = program.Full
		}
		return in, binding{strength, r}, true
	}
	if name == TimeSymbol {
		in.Kind = program.Uniform
		return in, binding{clock, 0}, true
	}
	return in, binding{}, false
}

func (c *compiler) compile(op int, outputs []ad.Output, out []binding) (planOp, error) {
	exprs := make([]ad.Expr, len(outputs))
	for i, o := range outputs {
		exprs[i] = o.Expr
	}
	ins, binds, err := c.inputs(exprs)
	if err != nil {
		return planOp{}, err
	}
	prog, err := ad.Compile(outputs, ins)
	if err == nil && c.backend != nil {
		_ = prog.Accelerate(c.backend.form.Compile) // where the system gives no more memory for code: portably, with the same bits
	}
	return planOp{op: op, program: prog, in: binds, out: out}, err
}

func (c *compiler) forward() (*plan, error) {
	p := &plan{}
	for i := range c.spec.Ops {
		op, err := c.forwardOp(i)
		if err != nil {
			return nil, err
		}
		p.ops = append(p.ops, op)
	}
	return p, nil
}

// forwardOp is an operation as the forward run does it.
func (c *compiler) forwardOp(i int) (planOp, error) {
	op := c.spec.Ops[i]
	if op.Assign == nil {
		return planOp{op: i}, nil
	}
	outputs, binds := c.primal(op)
	return c.compile(i, outputs, binds)
}

func (c *compiler) primal(op Op) ([]ad.Output, []binding) {
	var outputs []ad.Output
	var binds []binding
	for _, a := range op.Assign {
		kind := program.Node
		if c.side != nil {
			kind = program.Full
		}
		outputs = append(outputs, ad.Output{Expr: a.Expr, Kind: kind})
		binds = append(binds, binding{wire, a.Wire})
	}
	return outputs, binds
}

// tangent compiles programs that carry the values and, in lanes, their tangents.
func (c *compiler) tangent() (*plan, error) {
	p := &plan{}
	for i, op := range c.spec.Ops {
		if op.Assign == nil {
			p.ops = append(p.ops, planOp{op: i})
			continue
		}
		outputs, binds := c.primal(op)
		exprs := make([]ad.Expr, len(op.Assign))
		for k, a := range op.Assign {
			exprs[k] = a.Expr
		}
		symbols := c.active(exprs)
		tangents := make([]ad.Expr, len(symbols))
		variables := make([]ad.Expr, len(symbols))
		for k, s := range symbols {
			variables[k] = c.spec.Arena.Symbol(s)
			tangents[k] = c.spec.Arena.Symbol(tangentPrefix + s)
		}
		for k, t := range ad.Push(exprs, variables, tangents) {
			outputs = append(outputs, ad.Output{Expr: t, Kind: program.Full})
			binds = append(binds, binding{tangentOf, op.Assign[k].Wire})
		}
		compiled, err := c.compile(i, outputs, binds)
		if err != nil {
			return nil, err
		}
		p.ops = append(p.ops, compiled)
	}
	return p, nil
}

// active are the symbols of the expressions that carry derivatives: wires that do, free leaves, and the
// strengths of routes with free weights.
func (c *compiler) active(exprs []ad.Expr) []string {
	var names []string
	for _, name := range ad.Symbols(exprs...) {
		if w, ok := c.wires[name]; ok && c.varies(w) {
			names = append(names, name)
		} else if p, ok := c.params[name]; ok && c.free[c.spec.Params[p].Leaf] {
			names = append(names, name)
		} else if r, ok := c.strengths[name]; ok && c.free[c.spec.Routes[r].Weights] {
			names = append(names, name)
		}
	}
	return names
}
