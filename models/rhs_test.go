package models_test

import (
	"testing"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/models"
)

// rhs is a model's right-hand side as three kinds of expressions: the outputs (slopes of the states, then
// auxiliaries), their tangents along every symbol, and the symbols' cotangents for every output.
type rhs struct {
	model   models.Model
	outputs []ad.Expr
	symbols []string
	push    [][]ad.Expr // [symbol][output]
	pull    [][]ad.Expr // [output][symbol]
	program *program.Instance
	values  []float64   // inputs of the program, by symbol
	results [][]float64 // of the program: outputs, then push, then pull
}

// rightHandSide resolves the equations of a model with a symbol for every state, parameter and channel.
func rightHandSide(t *testing.T, m models.Model) *rhs {
	t.Helper()
	f, arena, known := &rhs{model: m}, ad.NewArena(), map[string]ad.Expr{}
	declare := func(name string) {
		known[name] = arena.Symbol(name)
		f.symbols = append(f.symbols, name)
	}
	for _, s := range m.States {
		declare(s.Name)
	}
	for _, p := range m.Params {
		declare(p.Name)
	}
	for _, in := range append(append([]models.Input{}, m.Inputs...), m.External...) {
		for _, s := range in.Symbols {
			declare(s)
		}
	}
	equations, err := ad.Parse(m.Equations, f.symbols...)
	if err != nil {
		t.Fatal(err)
	}
	resolved, err := equations.Resolve(arena, known)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range m.States {
		f.outputs = append(f.outputs, resolved.Derivatives[s.Name])
	}
	for _, name := range m.Auxiliaries {
		f.outputs = append(f.outputs, resolved.Values[name])
	}
	f.differentiate(arena)
	f.compile(t)
	return f
}

func (f *rhs) differentiate(arena *ad.Arena) {
	all := make([]ad.Expr, len(f.symbols))
	for i, s := range f.symbols {
		all[i] = arena.Symbol(s)
		f.push = append(f.push, ad.Push(f.outputs, all[i:i+1], []ad.Expr{arena.Const(1)}))
	}
	for i := range f.outputs {
		unit := make([]ad.Expr, len(f.outputs))
		unit[i] = arena.Const(1)
		f.pull = append(f.pull, ad.Pull(f.outputs, unit, all))
	}
}

func (f *rhs) compile(t *testing.T) {
	t.Helper()
	var outputs []ad.Output
	for _, list := range append(append([][]ad.Expr{f.outputs}, f.push...), f.pull...) {
		for _, e := range list {
			outputs = append(outputs, ad.Output{Expr: e, Kind: program.Node})
		}
	}
	inputs := make([]program.Input, len(f.symbols))
	for i, s := range f.symbols {
		inputs[i] = program.Input{Name: s, Kind: program.Node, Rate: program.Step}
	}
	p, err := ad.Compile(outputs, inputs)
	if err != nil {
		t.Fatal(err)
	}
	f.program, f.values = p.Instance(1, 1), make([]float64, len(inputs))
	for i := range f.values {
		f.program.In[i] = f.values[i : i+1]
	}
	f.results = make([][]float64, len(outputs))
	for i := range outputs {
		f.results[i] = make([]float64, 1)
		f.program.Out[i] = f.results[i]
	}
}

// evaluation is outputs and Jacobian [output][symbol] at a point, by one way of computing them.
type evaluation struct {
	way      string
	values   []float64
	jacobian [][]float64
}

// at evaluates at a point in four ways: the oracle and the compiled program, each with tangents and with
// cotangents.
func (f *rhs) at(t *testing.T, point map[string]float64) []evaluation {
	t.Helper()
	for i, s := range f.symbols {
		v, ok := point[s]
		if !ok {
			t.Fatalf("%s: the case gives no value for %s", f.model.Name, s)
		}
		f.values[i] = v
	}
	f.program.Once()
	f.program.Step()
	oracle := func(e ad.Expr) float64 {
		v, err := ad.Eval(e, point)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	n, k := len(f.outputs), len(f.symbols)
	ways := []evaluation{{way: "oracle, Push"}, {way: "oracle, Pull"}, {way: "program, Push"}, {way: "program, Pull"}}
	for i, e := range f.outputs {
		rows := make([][]float64, len(ways))
		for j := range k {
			rows[0] = append(rows[0], oracle(f.push[j][i]))
			rows[1] = append(rows[1], oracle(f.pull[i][j]))
			rows[2] = append(rows[2], f.results[n+j*n+i][0])
			rows[3] = append(rows[3], f.results[n+k*n+i*k+j][0])
		}
		for w := range ways {
			ways[w].jacobian = append(ways[w].jacobian, rows[w])
			if w < 2 {
				ways[w].values = append(ways[w].values, oracle(e))
			} else {
				ways[w].values = append(ways[w].values, f.results[i][0])
			}
		}
	}
	return ways
}

// columns picks the Jacobian's columns of some symbols, flat [output][symbol], for outputs from…to.
func (f *rhs) columns(e evaluation, from, to int, symbols []string) []float64 {
	var flat []float64
	for _, row := range e.jacobian[from:to] {
		for _, s := range symbols {
			for j, name := range f.symbols {
				if name == s {
					flat = append(flat, row[j])
				}
			}
		}
	}
	return flat
}
