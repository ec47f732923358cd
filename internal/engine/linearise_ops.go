package engine

import (
	"slices"
	"strconv"

	"github.com/neurograd/neurograd/ad"
)

// addOp writes an operation of the base with its tangent.
func (l *lineariser) addOp(op Op) {
	switch {
	case op.Sum != nil:
		l.addSum(op)
	case op.Gather != nil:
		l.addGather(op)
	default:
		l.addAssign(op)
	}
}

// addAssign computes values and tangents by one program.
func (l *lineariser) addAssign(op Op) {
	arena := l.spec.Arena
	exprs := make([]ad.Expr, len(op.Assign))
	for k, a := range op.Assign {
		exprs[k] = a.Expr
	}
	c := compiler{Engine: l.base, free: l.free.Leaves}
	var variables, tangents []ad.Expr
	for _, symbol := range c.active(exprs) {
		variables = append(variables, arena.Symbol(symbol))
		tangents = append(tangents, arena.Symbol(tangentName+symbol))
	}
	for k, t := range ad.Push(exprs, variables, tangents) {
		if t.IsZero() {
			t = arena.Const(0)
		}
		if route, ok := l.messages[op.Assign[k].Wire]; ok {
			t = l.carried(t, route)
		}
		op.Assign = append(op.Assign, Assign{l.twin[op.Assign[k].Wire], t})
	}
	l.spec.Ops = append(l.spec.Ops, op)
}

// carried is the tangent of a message, but 0 where it is not finite on an edge without weight: the sum over
// edges takes all of them.
func (l *lineariser) carried(tangent ad.Expr, route int) ad.Expr {
	arena, r := l.spec.Arena, l.base.spec.Routes[route]
	weighted := arena.Call("notequal", arena.Symbol(l.param("edges", r.Weights, r.EdgeGroup, r.Edges)), arena.Const(0))
	isFinite := arena.Call("equal", tangent.Sub(tangent), arena.Const(0))
	return arena.Call("where", arena.Call("or", weighted, isFinite), tangent, arena.Const(0))
}

// param is the symbol by which a group reads a leaf of one row, or these elements of it.
func (l *lineariser) param(name string, leaf, group int, elements []int32) string {
	for _, p := range l.spec.Params {
		if p.Leaf == leaf && p.Group == group {
			return p.Symbol
		}
	}
	symbol := name + "#" + strconv.Itoa(group) + "." + strconv.Itoa(leaf)
	l.spec.Params = append(l.spec.Params, Param{Symbol: symbol, Leaf: leaf, Group: group, Elements: elements})
	return symbol
}

// addSum sums values and tangents over the same route, and adds what the directions of weights and delays
// contribute.
func (l *lineariser) addSum(op Op) {
	s := op.Sum
	var more []int
	if route := l.weights[s.Route]; route >= 0 {
		more = append(more, route)
	}
	if route := l.differences[s.Route]; route >= 0 && !s.OfEdges {
		more = append(more, route)
	}
	own := l.own(s.To, len(more) > 0)
	l.spec.Ops = append(l.spec.Ops, Op{Group: op.Group, Sum: &Sum{Route: s.Route, OfEdges: s.OfEdges,
		From: slices.Concat(s.From, l.twins(s.From)), To: slices.Concat(s.To, own)}})
	var parts [][]ad.Expr
	for _, route := range more {
		to := l.parts(s.To, route)
		l.spec.Ops = append(l.spec.Ops, Op{Group: op.Group, Sum: &Sum{Route: route, OfEdges: s.OfEdges, From: s.From, To: to}})
		parts = append(parts, l.symbols(to))
	}
	l.join(s.To, own, parts)
}

// addGather brings values and tangents to the edges in the same way, and adds what the direction of the
// delays contributes.
func (l *lineariser) addGather(op Op) {
	g := op.Gather
	difference := l.differences[g.Route]
	if g.Local {
		difference = -1
	}
	own := l.own(g.To, difference >= 0)
	l.spec.Ops = append(l.spec.Ops, Op{Group: op.Group, Gather: &Gather{Route: g.Route, Local: g.Local,
		From: slices.Concat(g.From, l.twins(g.From)), To: slices.Concat(g.To, own)}})
	var parts [][]ad.Expr
	if difference >= 0 {
		to := l.parts(g.To, difference)
		l.spec.Ops = append(l.spec.Ops, Op{Group: op.Group, Gather: &Gather{Route: difference, From: g.From, To: to}})
		slopes, delays := l.symbols(to), l.spec.Arena.Symbol(l.param("delays", l.delays, l.base.spec.Wires[g.To[0]].Group, l.base.spec.Routes[g.Route].Edges))
		for ch := range slopes {
			slopes[ch] = delays.Mul(slopes[ch])
		}
		parts = append(parts, slopes)
	}
	l.join(g.To, own, parts)
}

// own are the wires for what the tangents before an operation contribute to those after it: these
// themselves, unless more contributes.
func (l *lineariser) own(wires []int, more bool) []int {
	if more {
		return l.parts(wires, -1)
	}
	return l.twins(wires)
}

// parts are new wires for what one route contributes to the tangents of wires.
func (l *lineariser) parts(wires []int, route int) []int {
	to := make([]int, len(wires))
	for k, w := range wires {
		wire := l.base.spec.Wires[w]
		to[k] = l.addWire(tangentName+wire.Name+"#"+strconv.Itoa(route), wire.Group)
	}
	return to
}

func (l *lineariser) symbols(wires []int) []ad.Expr {
	s := make([]ad.Expr, len(wires))
	for k, w := range wires {
		s[k] = l.spec.Arena.Symbol(l.spec.Wires[w].Name)
	}
	return s
}

// join computes tangents as the sum of their own wires and further parts [part][wire]; without any it has
// nothing to do.
func (l *lineariser) join(wires, own []int, parts [][]ad.Expr) {
	if parts == nil {
		return
	}
	op := Op{Group: l.base.spec.Wires[wires[0]].Group}
	for k, sum := range l.symbols(own) {
		for _, part := range parts {
			sum = sum.Add(part[k])
		}
		op.Assign = append(op.Assign, Assign{l.twin[wires[k]], sum})
	}
	l.spec.Ops = append(l.spec.Ops, op)
}
