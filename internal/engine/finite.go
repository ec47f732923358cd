package engine

import (
	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/program"
)

// NonFiniteError reports the first step whose result is not finite, with the values that the expression
// of that state variable had at that node.
type NonFiniteError struct {
	Step, State, Node int // State is an index of Spec.Next
	Values            map[string]float64
}

func (e *NonFiniteError) Error() string { return "engine: a state is not finite" }

// check looks for a state that is not finite after step n.
func (r *run) check(n int) error {
	for s, w := range r.spec.Next {
		if allFinite(r.wire[w]) {
			continue
		}
		for node, v := range r.wire[w] {
			if v-v != 0 {
				return &NonFiniteError{Step: n, State: s, Node: node, Values: r.valuesAt(node, 0, r.spec.Wires[w].Group)}
			}
		}
	}
	return nil
}

// allFinite reports whether all numbers are finite: those that are not differ from themselves less themselves, which is added up
// in four chains that do not wait for each other.
func allFinite(values []float64) bool {
	var a, b, c, d float64
	for len(values) >= 4 {
		v := (*[4]float64)(values)
		a += v[0] - v[0]
		b += v[1] - v[1]
		c += v[2] - v[2]
		d += v[3] - v[3]
		values = values[4:]
	}
	for _, v := range values {
		a += v - v
	}
	return a+b+c+d == 0
}

// valuesAt are all symbols at one node of a group in one lane.
func (r *run) valuesAt(node, lane, group int) map[string]float64 {
	values := map[string]float64{TimeSymbol: r.time[0]}
	for w, spec := range r.spec.Wires {
		if spec.Group == group {
			values[spec.Name] = pick(r.wire[w], node, lane, r.perNode(w))
		}
	}
	for p, spec := range r.spec.Params {
		if spec.Group != group {
			continue
		}
		lanes := r.perValue(spec.Leaf)
		row := r.paramRow(r.leaves, p, lanes)
		at := node
		if _, kind := layout(r.values.Shapes[spec.Leaf], spec.Row, r.spec.Nodes[group]); kind == program.Uniform {
			at = 0
		}
		values[spec.Symbol] = pick(row, at, lane, lanes)
	}
	for i, route := range r.spec.Routes {
		if route.Strength != "" && route.TargetGroup == group {
			values[route.Strength] = pick(r.strengths[i], node, lane, r.perValue(route.Weights))
		}
	}
	return values
}

// pick is the value of a node in a lane, in an array of so many lanes, which may be one for all.
func pick(values []float64, node, lane, lanes int) float64 {
	return values[node*lanes+min(lane, lanes-1)]
}

// Culprit is the first subexpression of a failed step that was not finite, and its value; the zero
// expression if none can be named.
func (e *Engine) Culprit(bad *NonFiniteError) (ad.Expr, float64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	group := e.spec.Wires[e.spec.Next[bad.State]].Group
	for _, op := range e.spec.Ops {
		if op.Group != group {
			continue // the values are those of one node
		}
		for _, a := range op.Assign {
			if culprit, value := ad.Culprit(a.Expr, bad.Values); !culprit.IsZero() {
				return culprit, value
			}
		}
	}
	return ad.Expr{}, 0
}
