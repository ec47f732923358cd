package ad

import (
	"fmt"
	"math"
)

// Eval computes an expression one number at a time on Go's package math, without programs or lowering:
// the oracle that compiled programs are tested against. A symbol without a value is an error.
func Eval(e Expr, values map[string]float64) (float64, error) {
	if e.IsZero() {
		return 0, nil
	}
	v, err := e.arena.evalAll([]Expr{e}, values)
	if err != nil {
		return 0, err
	}
	return v[e.id], nil
}

func (a *Arena) evalAll(exprs []Expr, values map[string]float64) ([]float64, error) {
	v := make([]float64, len(a.nodes))
	for id, need := range a.needed(exprs) {
		if !need {
			continue
		}
		n := a.nodes[id]
		switch {
		case n.op != nil:
			var x [3]float64
			for k := range n.op.Arity {
				x[k] = v[n.args[k]]
			}
			v[id] = n.op.value(x)
		case n.sym >= 0:
			value, ok := values[a.symbols[n.sym]]
			if !ok {
				return nil, fmt.Errorf("ad: no value for %q", a.symbols[n.sym])
			}
			v[id] = value
		default:
			v[id] = n.konst
		}
	}
	return v, nil
}

// Culprit finds the first subexpression of e that is not finite although its operands are, and its
// value. If e is finite at these values, or an operand from outside is already not finite, the zero
// Expr is returned.
func Culprit(e Expr, values map[string]float64) (Expr, float64) {
	if e.IsZero() {
		return Expr{}, 0
	}
	v, err := e.arena.evalAll([]Expr{e}, values)
	if err != nil || finite(v[e.id]) {
		return Expr{}, 0
	}
	for {
		n := e.node()
		if n.op == nil {
			return Expr{}, 0
		}
		next := Expr{}
		for k := range n.op.Arity {
			if !finite(v[n.args[k]]) {
				next = e.arg(k)
				break
			}
		}
		if next.IsZero() {
			return e, v[e.id]
		}
		e = next
	}
}

func finite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }
