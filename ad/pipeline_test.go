package ad

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/neurograd/neurograd/internal/program"
)

// checkPipeline takes text that can be read through all that follows: resolved, pulled back, pushed forward,
// compiled and run at a few points. It holds that
//   - only a definition by itself is refused;
//   - values and derivatives are those of the oracle, wherever rounding errors do not decide them;
//   - pulled and pushed derivatives agree;
//   - the values have the same bits without the derivatives beside them.
func checkPipeline(t *testing.T, text string, symbols ...string) {
	equations, err := Parse(text, symbols...)
	if err != nil || len(equations.Statements) == 0 || termsOf(equations) > 300 {
		return
	}
	names := equations.Symbols()
	for _, s := range equations.Statements {
		if s.Derivative {
			names = append(names, s.Target)
		}
	}
	a, known := NewArena(), map[string]Expr{}
	var variables, tangents []Expr
	for i, name := range names {
		known[name] = a.Symbol(name)
		variables = append(variables, known[name])
		tangents = append(tangents, a.Const(float64(i%3)-1.25))
	}
	resolved, err := equations.Resolve(a, known)
	if err != nil {
		checkError(t, text, err)
		return
	}
	var values, cotangents []Expr
	for i, s := range equations.Statements {
		if s.Derivative {
			values = append(values, resolved.Derivatives[s.Target])
		} else {
			values = append(values, resolved.Values[s.Target])
		}
		cotangents = append(cotangents, a.Const(float64(i%2)+0.75))
	}
	pulled := Pull(values, cotangents, variables)
	pushed := Push(values, variables, tangents)
	// The derivative of Σ cᵢ·yᵢ along the tangents, both ways.
	reverse, forward := dot(pulled, tangents), dot(pushed, cotangents)
	all := append(append(append(slices.Clone(values), pulled...), pushed...), reverse, forward)

	whole, alone := compileKinds(t, names, all), compileKinds(t, names, values)
	columns := pointsFor(names)
	got := whole.at(columns...)
	for i, y := range alone.at(columns...) {
		for k := range y {
			if !equalBits(y[k], got[i][k]) {
				t.Fatalf("%q: %s is %x alone, %x beside its derivatives", text, equations.Statements[i].Target, y[k], got[i][k])
			}
		}
	}
	for k := range 3 {
		at := map[string]float64{}
		for i, name := range names {
			at[name] = columns[i][min(k, len(columns[i])-1)]
		}
		ranges := valueRanges(a, all, at)
		for i, y := range all {
			if r := ranges[i]; r.settled && !r.holds(got[i][k]) {
				t.Fatalf("%q: expression %d, %v, at %v is %v, want %v (±%.1e)", text, i, y, at, got[i][k], r.exact, r.spread)
			}
		}
		f, r := ranges[len(all)-1], ranges[len(all)-2]
		if f.settled && r.settled && finite(f.exact) && finite(r.exact) && math.Abs(f.exact-r.exact) > f.tolerance()+r.tolerance() {
			t.Fatalf("%q at %v: pushed %v (±%.1e), pulled %v (±%.1e)", text, at, f.exact, f.spread, r.exact, r.spread)
		}
	}
}

// termsOf is the number of nodes of all trees.
func termsOf(e *Equations) (n int) {
	for _, s := range e.Statements {
		s.Expr.walk(func(*Tree) { n++ })
	}
	return n
}

func dot(x, y []Expr) (sum Expr) {
	for i := range x {
		sum = sum.add(x[i].mul(y[i]))
	}
	return sum
}

// kindOf gives the inputs different kinds and rates, so that the program has several levels.
func kindOf(i int) program.Input {
	return []program.Input{{Kind: program.Node, Rate: program.Step}, {Kind: program.Uniform}, {Kind: program.Node}, {Kind: program.Uniform, Rate: program.Step}}[i%4]
}

func compileKinds(t *testing.T, names []string, exprs []Expr) *compiled {
	inputs := make([]program.Input, len(names))
	for i, name := range names {
		inputs[i] = kindOf(i)
		inputs[i].Name = name
	}
	outputs := make([]Output, len(exprs))
	for i, e := range exprs {
		outputs[i] = Output{Expr: e, Kind: program.Node}
	}
	p, err := Compile(outputs, inputs)
	if err != nil {
		t.Fatal(err)
	}
	c := &compiled{instance: p.Instance(3, 1), symbols: names, out: make([][]float64, len(exprs))}
	for i := range c.out {
		c.out[i] = make([]float64, 3)
		c.instance.Out[i] = c.out[i]
	}
	return c
}

// pointsFor are the values of the inputs, three points or one number.
func pointsFor(names []string) [][]float64 {
	list := []float64{0.5, -1.25, 2, 1e-3, 0, -3, 7, 1, 0.3, -0.01, 40, 1e9}
	columns := make([][]float64, len(names))
	for i := range columns {
		for k := range kindOf(i).Kind.Size(3, 1) {
			columns[i] = append(columns[i], list[(5*i+4*k)%len(list)])
		}
	}
	return columns
}

// valueRange is what the oracle says of an expression: its value, and how far it moves when every operand is
// changed by about a rounding error. It is not settled where such a change decides a comparison, or whether
// the value is finite.
type valueRange struct {
	exact, spread float64
	settled       bool
}

func (r valueRange) tolerance() float64 {
	return 64*r.spread + 1e-13*math.Abs(r.exact) + 1e-290
}

func (r valueRange) holds(got float64) bool {
	if !finite(r.exact) {
		return got == r.exact || got != got && r.exact != r.exact
	}
	return math.Abs(got-r.exact) <= r.tolerance()
}

func valueRanges(a *Arena, exprs []Expr, at map[string]float64) []valueRange {
	random := rand.New(rand.NewPCG(9, 9))
	ranges := make([]valueRange, len(exprs))
	for run := range 7 {
		v, jumps := perturbed(a, exprs, at, random, run > 0)
		for i, e := range exprs {
			var y float64
			settled := true
			if !e.IsZero() {
				y, settled = v[e.id], !jumps[e.id]
			}
			r := &ranges[i]
			if run == 0 {
				*r = valueRange{exact: y, settled: settled}
				continue
			}
			same := y == r.exact || y != y && r.exact != r.exact
			r.settled = r.settled && settled && (same || finite(y) && finite(r.exact))
			if !same {
				r.spread = max(r.spread, math.Abs(y-r.exact))
			}
		}
	}
	return ranges
}

// perturbed evaluates expressions as the oracle does, each use of a computed value changed by up to four
// units in the last place; jumps marks what depends on a comparison, or a rounding down, that a rounding
// error may decide.
func perturbed(a *Arena, exprs []Expr, at map[string]float64, random *rand.Rand, change bool) (v []float64, jumps []bool) {
	v, jumps = make([]float64, len(a.nodes)), make([]bool, len(a.nodes))
	for id, need := range a.needed(exprs) {
		n := a.nodes[id]
		switch {
		case !need:
		case n.op != nil:
			var x [3]float64
			leaves := true
			for k := range n.op.Arity {
				x[k] = v[n.args[k]]
				jumps[id] = jumps[id] || jumps[n.args[k]]
				if a.nodes[n.args[k]].op != nil {
					leaves = false
					if change {
						x[k] *= 1 + float64(random.IntN(9)-4)*0x1p-52
					}
				}
			}
			v[id] = n.op.value(x)
			if change {
				v[id] *= 1 + roughness[n.op.Name]*(2*random.Float64()-1)
			}
			jumps[id] = jumps[id] || undecided(n.op.Name, x, leaves)
		case n.sym >= 0:
			v[id] = at[a.symbols[n.sym]]
		default:
			v[id] = n.konst
		}
	}
	return v, jumps
}

// roughness is the relative error of values of the oracle that are less exact than the compiled ones.
var roughness = map[string]float64{"linoid1": 1e-12, "linoid2": 1e-8}

// undecided reports whether rounding errors decide the value of an operation, or the oracle is no good there.
func undecided(op string, x [3]float64, leaves bool) bool {
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b), 1e-300) }
	switch op {
	case "less", "lesseq", "greater", "greatereq", "equal", "notequal":
		return !leaves && near(x[0], x[1])
	case "floor":
		return !leaves && (near(x[0], math.Round(x[0])) || math.Abs(x[0]) < 1e-9)
	case "mod":
		q := x[0] / x[1]
		return near(q, math.Round(q)) || math.Abs(q) < 1e-9
	case "pow": // a negative number has only whole powers
		return !leaves && x[0] < 0 && near(x[1], math.Round(x[1]))
	case "linoid1", "linoid2":
		return !(math.Abs(x[0]) < 30)
	}
	return false
}

// TestPipeline takes random trees through all of ad; FuzzParse does so with whatever text it finds.
func TestPipeline(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		checkPipeline(t, "u = "+randomTree(random, 3).String()+"; x' = "+randomTree(random, 4).String()+"*u", "x")
	}
}
