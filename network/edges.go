package network

import (
	"fmt"
	"slices"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/engine"
)

// receiveOnEdges is receive for a coupling whose messages are computed for every edge: the senders' and
// receivers' states are gathered onto the edges, the messages computed there and summed up.
func (a *assembly) receiveOnEdges(c *coupled, stage int, x []ad.Expr) ([]ad.Expr, error) {
	edges := a.edgeGroup(c.route)
	known := map[string]ad.Expr{}
	gather := func(symbols, states []string, g *group, local bool) {
		op := &engine.Gather{Route: c.route, Local: local}
		for k, symbol := range symbols {
			name := "e." + c.name + "." + symbol + at(stage)
			op.From = append(op.From, a.nodeWire(g, states[k], stage, x))
			op.To = append(op.To, a.addWire(name, edges))
			known[symbol] = a.arena.Symbol(name)
		}
		if len(symbols) > 0 {
			a.spec.Ops = append(a.spec.Ops, engine.Op{Gather: op})
		}
	}
	if c.delayed && stage > 0 { // what is read of the past stays that of the step's start
		for _, symbol := range c.SourceSymbols {
			known[symbol] = a.arena.Symbol("e." + c.name + "." + symbol + at(0))
		}
	} else {
		gather(c.SourceSymbols, c.Source(), c.from, false)
	}
	if c.Message != "" {
		gather(c.LocalSymbols, c.LocalStates(), c.to, true)
	}
	route := a.spec.Routes[c.route]
	for _, p := range c.Params {
		if path := c.prefix() + p.Name; a.edgeParams[path] { // others may have one value per region
			known[p.Name] = a.param(a.leaf(path), edges, route.Edges)
		}
	}
	resolved, err := c.signal.Resolve(a.arena, known)
	if err != nil {
		return nil, fmt.Errorf("network: coupling %q: %w", c.name, err)
	}
	op := engine.Op{Group: edges}
	sum := &engine.Sum{Route: c.route, OfEdges: true}
	var received []ad.Expr
	for _, channel := range c.signals() {
		name := c.name + "." + channel + at(stage)
		wire := a.addWire("m."+name, edges)
		weights := a.param(route.Weights, edges, route.Edges)
		op.Assign = append(op.Assign, engine.Assign{Wire: wire, Expr: a.carried(resolved.Values[channel], weights)})
		sum.From = append(sum.From, wire)
		sum.To = append(sum.To, a.addWire("sum."+name, c.to.number))
		received = append(received, a.arena.Symbol("sum."+name))
	}
	a.spec.Ops = append(a.spec.Ops, op, engine.Op{Sum: sum})
	return received, nil
}

// carried is a message, but 0 where it is not finite on an edge without weight: a dense graph has an edge
// from every node to itself, where differences vanish.
func (a *assembly) carried(message, weights ad.Expr) ad.Expr {
	zero := a.arena.Const(0)
	weighted := a.arena.Call("notequal", weights, zero)
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

// nodeWire is a wire with a state of a group at a stage.
func (a *assembly) nodeWire(g *group, state string, stage int, x []ad.Expr) int {
	e := of(g, x)[slices.Index(g.states(), state)]
	if w := a.stateWire(e); w >= 0 {
		return w
	}
	name := "v." + g.mark + state + at(stage)
	for w, wire := range a.spec.Wires {
		if wire.Name == name {
			return w
		}
	}
	w := a.addWire(name, g.number)
	a.spec.Ops = append(a.spec.Ops, engine.Op{Group: g.number, Assign: []engine.Assign{{Wire: w, Expr: e}}})
	return w
}
