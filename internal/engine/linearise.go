package engine

import (
	"slices"
	"strconv"

	"github.com/neurograd/neurograd/ad"
)

// This file writes a network together with its tangent along one direction of what is free, again as a
// schedule: beside every wire x there is tan.x with its derivative along the direction. Programs get the
// derivatives of their expressions, sums and gatherings a second channel, and what a sum owes to the
// directions of its weights and delays are sums of their own:
//
//	tan.c_i = Σ_j W_ij·tan.s_j + Σ_j dW_ij·s_j + Σ_j W_ij·dd_ij·∂s_j(t − d_ij)/∂d_ij
//
// The reverse pass of that schedule gives second derivatives. With the recorded samples y(θ), their
// tangents ẏ = (∂y/∂θ)·v and a loss L, let φ(θ, v) = ∇L(y)·ẏ, the derivative of L(y(θ)) along v. Then
//
//	∂φ/∂θ = ∇²(L∘y)(θ)·v    and    ∂φ/∂v = ∇(L∘y)(θ),
//
// and the cotangents that the pass starts from are ∂φ/∂ẏ = ∇L(y) and ∂φ/∂y = ∇²L(y)·ẏ. It is Pearlmutter's
// product (Neural Computation 6, 147, 1994) with the roles of the two passes of his method in one schedule.

// Linearised is an engine that carries a tangent of every value along a direction of what is free. It is
// safe for concurrent use.
type Linearised struct {
	base      *Engine
	engine    *Engine // of the schedule with tangents
	free      Free    // of the base
	direction []int   // by leaf of the base: the leaf of its direction; −1 where it is fixed and no history
	zero      int     // leaf 0, the direction of an initial state that is fixed
	delays    int     // leaf of the delays' direction, by edge; −1 where they are fixed
	changes   []change
}

// change is what a route's sums take for weights where they read the derivative with respect to the
// delay: the weight times the direction of the delay.
type change struct{ leaf, weights int }

// tangentName is the prefix of wires, leaves and symbols that carry tangents. Unlike the prefixes of
// derivatives within programs it is part of a name.
const tangentName = "tan."

// Linearise writes the engine's network with tangents and compiles it for leaves of these shapes. Its
// expressions are copies, so its bits do not depend on what else the engine was asked for.
func (e *Engine) Linearise(free Free, shapes [][]int) (*Linearised, error) {
	l := &lineariser{Linearised: &Linearised{base: e, free: free, delays: -1}, twin: make([]int, len(e.spec.Wires)),
		weights: make([]int, len(e.spec.Routes)), differences: make([]int, len(e.spec.Routes)), messages: map[int]int{}}
	ops := l.copySpec()
	l.addLeaves()
	l.addRoutes()
	l.addWires()
	for _, op := range ops {
		l.addOp(op)
	}
	var err error
	l.engine, err = New(l.spec, l.shapes(shapes, len(l.spec.Leaves)))
	return l.Linearised, err
}

// lineariser writes the schedule.
type lineariser struct {
	*Linearised
	spec        Spec
	twin        []int       // by wire of the base: the wire of its tangent, −1 for what does not vary
	weights     []int       // by route of the base: the route whose weights are the direction of its weights, −1
	differences []int       // by route of the base: the route that reads derivatives with respect to delays, −1
	messages    map[int]int // route by wire of edges whose values are summed
}

// copySpec copies the base but for its operations, which it returns with copied expressions.
func (l *lineariser) copySpec() []Op {
	base := &l.base.spec
	l.spec = *base
	l.spec.Arena, l.spec.Ops = ad.NewArena(), nil
	l.spec.Wires, l.spec.Leaves, l.spec.Params = slices.Clone(base.Wires), slices.Clone(base.Leaves), slices.Clone(base.Params)
	l.spec.Routes, l.spec.State, l.spec.Next = slices.Clone(base.Routes), slices.Clone(base.State), slices.Clone(base.Next)
	l.spec.Initial, l.spec.History, l.spec.Feeds = slices.Clone(base.Initial), slices.Clone(base.History), slices.Clone(base.Feeds)
	var exprs []ad.Expr
	for _, op := range base.Ops {
		for _, a := range op.Assign {
			exprs = append(exprs, a.Expr)
		}
	}
	l.base.mu.Lock()
	exprs = l.spec.Arena.Copy(exprs)
	l.base.mu.Unlock()
	ops := slices.Clone(base.Ops)
	for i := range ops {
		ops[i].Assign = slices.Clone(ops[i].Assign)
		for k := range ops[i].Assign {
			ops[i].Assign[k].Expr, exprs = exprs[0], exprs[1:]
		}
	}
	return ops
}

func (l *lineariser) addLeaf(path string, rows int) int {
	l.spec.Leaves = append(l.spec.Leaves, Leaf{Path: path, Rows: rows})
	return len(l.spec.Leaves) - 1
}

// addLeaves adds the directions of the free leaves and the symbols of their rows.
func (l *lineariser) addLeaves() {
	for i, leaf := range l.base.spec.Leaves {
		l.direction = append(l.direction, -1)
		isPast := slices.ContainsFunc(l.base.spec.History, func(h History) bool { return h.Leaf == i })
		if l.free.Leaves[i] || isPast {
			l.direction[i] = l.addLeaf(tangentName+leaf.Path, leaf.Rows)
		}
	}
	l.zero = l.addLeaf("0", 1)
	if l.free.Delays {
		l.delays = l.addLeaf(tangentName+"delays", 1)
	}
	for _, p := range l.base.spec.Params {
		if l.free.Leaves[p.Leaf] {
			l.spec.Params = append(l.spec.Params, Param{Symbol: tangentName + p.Symbol, Leaf: l.direction[p.Leaf], Row: p.Row, Group: p.Group, Elements: p.Elements})
		}
	}
}

// addRoutes adds the routes of the directions of weights and delays.
func (l *lineariser) addRoutes() {
	for i, route := range l.base.spec.Routes {
		l.weights[i], l.differences[i] = -1, -1
		if l.free.Leaves[route.Weights] {
			twin := route
			twin.Weights = l.direction[route.Weights]
			if route.Strength != "" {
				twin.Strength = tangentName + route.Strength
			}
			l.weights[i] = l.addRoute(twin)
		}
		if l.free.Delays && route.Delayed && route.Linear {
			change := change{l.addLeaf("change#"+strconv.Itoa(i), 1), route.Weights}
			l.changes = append(l.changes, change)
			route.Difference, route.Weights, route.Strength = true, change.leaf, ""
			l.differences[i] = l.addRoute(route)
		}
	}
}

func (l *lineariser) addRoute(r Route) int {
	l.spec.Routes = append(l.spec.Routes, r)
	return len(l.spec.Routes) - 1
}

// addWires adds the wires of tangents, those of states and records as such.
func (l *lineariser) addWires() {
	c := compiler{Engine: l.base, free: l.free.Leaves}
	for w, wire := range l.base.spec.Wires {
		l.twin[w] = -1
		if c.varies(w) {
			l.twin[w] = l.addWire(tangentName+wire.Name, wire.Group)
		}
	}
	for _, f := range l.base.spec.Feeds {
		if l.twin[f.Wire] >= 0 {
			f.Wire, f.Leaf = l.twin[f.Wire], l.direction[f.Leaf]
			l.spec.Feeds = append(l.spec.Feeds, f)
		}
	}
	l.spec.State = append(l.spec.State, l.twins(l.base.spec.State)...)
	l.spec.Next = append(l.spec.Next, l.twins(l.base.spec.Next)...)
	l.spec.Tangents = l.twins(l.base.spec.Record)
	for _, leaf := range l.base.spec.Initial {
		if leaf = l.direction[leaf]; leaf < 0 {
			leaf = l.zero
		}
		l.spec.Initial = append(l.spec.Initial, leaf)
	}
	for _, h := range l.base.spec.History {
		l.spec.History = append(l.spec.History, History{l.direction[h.Leaf], h.States})
	}
	for _, op := range l.base.spec.Ops {
		if op.Sum != nil && op.Sum.OfEdges {
			for _, w := range op.Sum.From {
				l.messages[w] = op.Sum.Route
			}
		}
	}
}

func (l *lineariser) addWire(name string, group int) int {
	l.spec.Wires = append(l.spec.Wires, Wire{Name: name, Group: group})
	return len(l.spec.Wires) - 1
}

// twins are the wires of the tangents.
func (l *lineariser) twins(wires []int) []int {
	t := make([]int, len(wires))
	for k, w := range wires {
		t[k] = l.twin[w]
	}
	return t
}
