package ad

import (
	"fmt"

	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/internal/suggest"
)

// Output is an expression a program computes, with the kind of the array it is written to.
type Output struct {
	Expr Expr
	Kind program.Kind
}

// Compile lowers outputs to a program over the inputs, whose names are the symbols of the expressions.
// A symbol that is no input is an error. A structural zero becomes the constant 0.
//
// A sum or difference with a product is one fused multiply-add, by a rule that looks at nothing but the
// expression itself: a + b·c and b·c + a, a − b·c and b·c − a; of two products the right one is fused.
// So an expression has the same bits in every program it occurs in.
func Compile(outputs []Output, inputs []program.Input) (*program.Program, error) {
	b := program.NewBuilder(inputs)
	byName := make(map[string]program.Ref, len(inputs))
	names := make([]string, len(inputs))
	for i, in := range inputs {
		byName[in.Name] = b.Input(i)
		names[i] = in.Name
	}
	exprs := make([]Expr, len(outputs))
	for i, o := range outputs {
		exprs[i] = o.Expr
	}
	result := make([]program.Output, len(outputs))
	a := arenaOf(exprs)
	if a == nil {
		for i, o := range outputs {
			result[i] = program.Output{Value: b.Const(0), Kind: o.Kind}
		}
		return b.Build(result), nil
	}
	refs := make([]program.Ref, len(a.nodes))
	for id, need := range a.needed(exprs) {
		if !need {
			continue
		}
		n := a.nodes[id]
		switch {
		case n.op != nil:
			refs[id] = a.lower(b, n, refs)
		case n.sym >= 0:
			name := a.symbols[n.sym]
			ref, ok := byName[name]
			if !ok {
				return nil, fmt.Errorf("ad: unknown name %q in an expression%s", name, suggest.Hint(name, names))
			}
			refs[id] = ref
		default:
			refs[id] = b.Const(n.konst)
		}
	}
	for i, o := range outputs {
		value := program.Ref(0)
		if o.Expr.IsZero() {
			value = b.Const(0)
		} else {
			value = refs[o.Expr.id]
		}
		result[i] = program.Output{Value: value, Kind: o.Kind}
	}
	return b.Build(result), nil
}

// needed marks the expressions that the outputs are made of.
func (a *Arena) needed(outputs []Expr) []bool {
	need := make([]bool, len(a.nodes))
	for _, e := range outputs {
		if !e.IsZero() {
			need[e.id] = true
		}
	}
	for id := len(a.nodes) - 1; id >= 0; id-- {
		if n := a.nodes[id]; need[id] && n.op != nil {
			for k := range n.op.Arity {
				need[n.args[k]] = true
			}
		}
	}
	return need
}

// lower records one operation; operands of a fused product are recorded in its place.
func (a *Arena) lower(b *program.Builder, n node, refs []program.Ref) program.Ref {
	var x [3]program.Ref
	for k := range n.op.Arity {
		x[k] = refs[n.args[k]]
	}
	if n.op == opAdd || n.op == opSub {
		left, right := a.nodes[n.args[0]], a.nodes[n.args[1]]
		switch {
		case right.op == opMul && n.op == opAdd:
			return b.FMA(refs[right.args[0]], refs[right.args[1]], x[0])
		case right.op == opMul:
			return b.FMA(b.Neg(refs[right.args[0]]), refs[right.args[1]], x[0])
		case left.op == opMul && n.op == opAdd:
			return b.FMA(refs[left.args[0]], refs[left.args[1]], x[1])
		case left.op == opMul:
			return b.FMA(refs[left.args[0]], refs[left.args[1]], b.Neg(x[1]))
		}
	}
	return n.op.lower(b, x)
}

// Symbols are the names that the expressions depend on, in the order of their first use in the arena.
func Symbols(exprs ...Expr) []string {
	a := arenaOf(exprs)
	if a == nil {
		return nil
	}
	var names []string
	for id, need := range a.needed(exprs) {
		if n := a.nodes[id]; need && n.op == nil && n.sym >= 0 {
			names = append(names, a.symbols[n.sym])
		}
	}
	return names
}
