package phase

import (
	"fmt"
	"slices"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/native"
	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/solver"
)

const (
	regions      = 84
	programSteps = 100 // of a program that are timed at once
)

// stepOf is the Heun step of the reduced Wong-Wang model with linear coupling and noise, as expressions.
type stepOf struct {
	arena *ad.Arena
	next  ad.Expr
	wires []string // symbols of one value per node and step; others are parameters
}

func newStep() (stepOf, error) {
	m, a := models.ReducedWongWang(), ad.NewArena()
	known := map[string]ad.Expr{
		"t":         a.Symbol("t"),
		"c_instant": a.Const(0),
		"c_delayed": a.Symbol("G").Mul(a.Symbol("sum")).Add(a.Symbol("b")),
	}
	names := []string{"S", "t", "c_instant", "c_delayed"}
	for _, p := range m.Params {
		known[p.Name] = a.Symbol(p.Name)
		names = append(names, p.Name)
	}
	equations, err := ad.Parse(m.Equations, names...)
	if err != nil {
		return stepOf{}, err
	}
	var failed error
	next := solver.Heun{}.Step(solver.Step{Arena: a, H: 4, T: known["t"], X: []ad.Expr{a.Symbol("S")},
		Noise: []ad.Expr{a.Symbol("sigma").Mul(a.Symbol("z"))},
		Derivative: func(_ ad.Expr, x []ad.Expr) []ad.Expr {
			known["S"] = x[0]
			resolved, err := equations.Resolve(a, known)
			if err != nil {
				failed = err
				return x
			}
			return []ad.Expr{resolved.Derivatives["S"]}
		}})
	return stepOf{a, next[0], []string{"S", "sum", "z"}}, failed
}

// Programs are the elementwise programs of a step of the get-started network with 84 regions: forward, reversed, and
// with one and eight tangents.
func Programs() ([]Phase, error) {
	s, err := newStep()
	if err != nil {
		return nil, err
	}
	forward := []ad.Output{{Expr: s.next, Kind: program.Node}}
	symbols := []ad.Expr{s.arena.Symbol("S"), s.arena.Symbol("sum"), s.arena.Symbol("J_N")}

	var reverse []ad.Output
	for i, g := range ad.Pull([]ad.Expr{s.next}, []ad.Expr{s.arena.Symbol("c:next")}, symbols) {
		if i == 2 { // what a parameter gathers is added up over the steps
			g = s.arena.Symbol("a:J_N").Add(g)
		}
		reverse = append(reverse, ad.Output{Expr: g, Kind: program.Node})
	}
	tangents := ad.Push([]ad.Expr{s.next}, symbols[:2], []ad.Expr{s.arena.Symbol("d:S"), s.arena.Symbol("d:sum")})
	tangent := append(slices.Clone(forward), ad.Output{Expr: tangents[0], Kind: program.Full})

	var phases []Phase
	for _, p := range []struct {
		name    string
		outputs []ad.Output
		lanes   int
	}{
		{"program: step", forward, 1},
		{"program: VJP of the step", reverse, 1},
		{"program: step and JVP, 1 lane", tangent, 1},
		{"program: step and JVP, 8 lanes", tangent, 8},
	} {
		work, size, err := s.timed(p.outputs, p.lanes)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		phases = append(phases, Phase{fmt.Sprintf("%s (%d primitives)", p.name, size), "step", programSteps, work})
	}
	return phases, nil
}

// timed compiles outputs and returns what runs them, and their number of primitives in a step.
func (s stepOf) timed(outputs []ad.Output, lanes int) (work Timed, size int, err error) {
	values := map[string]float64{"S": 0.3, "sum": 0.4, "z": 0.1, "G": 0.75, "b": 0, "sigma": 0.004, "t": 0, "c:next": 1, "a:J_N": 0, "d:S": 1, "d:sum": 0}
	for _, p := range models.ReducedWongWang().Params {
		values[p.Name] = p.Default
	}
	var exprs []ad.Expr
	for _, o := range outputs {
		exprs = append(exprs, o.Expr)
	}
	var inputs []program.Input
	var data [][]float64
	for _, name := range ad.Symbols(exprs...) {
		in := program.Input{Name: name, Kind: program.Uniform, Rate: program.Once}
		switch {
		case name[0] == 'd' && len(name) > 1:
			in.Kind, in.Rate = program.Full, program.Step
		case slices.Contains(s.wires, name) || len(name) > 1 && name[1] == ':':
			in.Kind, in.Rate = program.Node, program.Step
		}
		inputs = append(inputs, in)
		data = append(data, slices.Repeat([]float64{values[name]}, in.Kind.Size(regions, lanes)))
	}
	compiled, err := ad.Compile(outputs, inputs)
	if form := native.Chosen(); err == nil && form != nil {
		err = compiled.Accelerate(form.Compile)
	}
	if err != nil {
		return nil, 0, err
	}
	_, size = compiled.Size()
	x := compiled.Instance(regions, lanes)
	copy(x.In, data)
	for i, o := range outputs {
		x.Out[i] = make([]float64, o.Kind.Size(regions, lanes))
	}
	x.Once()
	return Whole(func() error {
		for range programSteps {
			x.Step()
		}
		return nil
	}), size, nil
}

// Noise is the drawing of unit normals for 84 regions.
func Noise() Phase {
	const pairs = 20
	even, odd := make([]float64, regions), make([]float64, regions)
	return Phase{"noise", "normal", 2 * regions * pairs, Whole(func() error {
		for k := range pairs {
			noise.Stream{Seed: 42}.Pair(even, odd, 0, 0, 0, k)
		}
		return nil
	})}
}
