package network

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/engine"
)

// receiveOnEdges is receive for a coupling whose messages are computed for every edge: the senders' and
// receivers' states are gathered onto the edges, the messages computed there and summed up.
func (a *assembly) receiveOnEdges(c *coupled, stage int, x []ad.Expr) ([]ad.Expr, error) {
	group := a.edgeGroup(c.route)
	suffix := "@" + strconv.Itoa(stage)
	known := map[string]ad.Expr{}
	gather := func(symbols, states []string, local bool) {
		g := &engine.Gather{Route: c.route, Local: local}
		for k, symbol := range symbols {
			name := "e." + c.name + "." + symbol + suffix
			g.From = append(g.From, a.nodeWire(states[k], stage, x))
			g.To = append(g.To, a.addGroupWire(name, group))
			known[symbol] = a.arena.Symbol(name)
		}
		if len(symbols) > 0 {
			a.spec.Ops = append(a.spec.Ops, engine.Op{Gather: g})
		}
	}
	gather(c.SourceSymbols, c.Source(), false)
	if c.Message != "" {
		gather(c.LocalSymbols, c.LocalStates(), true)
	}
	for _, p := range c.Params {
		if path := c.prefix() + p.Name; a.edgeParams[path] { // others may have one value per region
			known[p.Name] = a.edgeParam(path, group)
		}
	}
	resolved, err := c.signal.Resolve(a.arena, known)
	if err != nil {
		return nil, fmt.Errorf("network: coupling %q: %w", c.name, err)
	}
	op := engine.Op{Group: group}
	sum := &engine.Sum{Route: c.route, OfEdges: true}
	var received []ad.Expr
	for _, channel := range c.signals() {
		name := c.name + "." + channel + suffix
		wire := a.addGroupWire("m."+name, group)
		op.Assign = append(op.Assign, engine.Assign{Wire: wire, Expr: a.carried(resolved.Values[channel], group)})
		sum.From = append(sum.From, wire)
		sum.To = append(sum.To, a.addWire("sum."+name))
		received = append(received, a.arena.Symbol("sum."+name))
	}
	a.spec.Ops = append(a.spec.Ops, op, engine.Op{Sum: sum})
	return received, nil
}

// carried is a message, but 0 where it is not finite on an edge without weight: a dense graph has an edge
// from every node to itself, where differences vanish.
func (a *assembly) carried(message ad.Expr, group int) ad.Expr {
	zero := a.arena.Const(0)
	weighted := a.arena.Call("notequal", a.edgeParam("graph.weights", group), zero)
	isFinite := a.arena.Call("equal", message.Sub(message), zero)
	return a.arena.Call("where", a.arena.Call("or", weighted, isFinite), message, zero)
}

// edgeGroup is the group whose nodes are the edges of a route.
func (a *assembly) edgeGroup(route int) int {
	r := &a.spec.Routes[route]
	if r.EdgeGroup == 0 {
		r.EdgeGroup = len(a.spec.Nodes)
		a.spec.Nodes = append(a.spec.Nodes, len(r.Targets))
	}
	return r.EdgeGroup
}

func (a *assembly) addGroupWire(name string, group int) int {
	w := a.addWire(name)
	a.spec.Wires[w].Group = group
	return w
}

// nodeWire is a wire with a state at a stage.
func (a *assembly) nodeWire(state string, stage int, x []ad.Expr) int {
	i := slices.Index(stateNames(a.net.Dynamics), state)
	if w := a.stateWire(x[i]); w >= 0 {
		return w
	}
	name := "s." + state + "@" + strconv.Itoa(stage)
	for w, wire := range a.spec.Wires {
		if wire.Name == name {
			return w
		}
	}
	w := a.addWire(name)
	a.spec.Ops = append(a.spec.Ops, engine.Op{Assign: []engine.Assign{{Wire: w, Expr: x[i]}}})
	return w
}

// edgeParam is the symbol by which expressions on edges read a leaf.
func (a *assembly) edgeParam(path string, group int) ad.Expr {
	symbol := path + "#edges" + strconv.Itoa(group)
	if !slices.ContainsFunc(a.spec.Params, func(p engine.Param) bool { return p.Symbol == symbol }) {
		a.spec.Params = append(a.spec.Params, engine.Param{Symbol: symbol, Leaf: a.leaf(path), Group: group})
	}
	return a.arena.Symbol(symbol)
}
