package engine

import (
	"slices"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/program"
)

// reverse compiles the schedule backwards. Which wires have a cotangent at which point is known here, so
// that each program either starts a wire's cotangent or adds to it.
func (c *compiler) reverse() (*plan, error) {
	p := &plan{}
	live := make([]bool, len(c.spec.Wires))
	for _, w := range c.spec.Next {
		live[w] = true
	}
	for _, w := range slices.Concat(c.spec.Record, c.spec.Tangents) {
		live[w] = true
	}
	for i := len(c.spec.Ops) - 1; i >= 0; i-- {
		op := c.spec.Ops[i]
		switch {
		case op.Sum != nil:
			p.ops = append(p.ops, pullLinear(i, op.Sum.From, op.Sum.To, live))
			continue
		case op.Gather != nil:
			p.ops = append(p.ops, pullLinear(i, op.Gather.From, op.Gather.To, live))
			continue
		}
		compiled, err := c.pull(i, live)
		if err != nil {
			return nil, err
		}
		p.ops = append(p.ops, compiled)
	}
	for _, w := range c.spec.State {
		if !live[w] {
			p.unused = append(p.unused, w)
			live[w] = true
		}
	}
	if err := c.pullPast(p, live); err != nil {
		return nil, err
	}
	for i, op := range c.spec.Ops {
		if op.Gather == nil && (len(op.Assign) == 0 || !c.onEdges(op.Assign[0].Wire)) {
			continue
		}
		again, err := c.forwardOp(i)
		if err != nil {
			return nil, err
		}
		p.again = append(p.again, again)
	}
	p.saved = c.saved(p)
	return p, nil
}

// pullLinear notes for a sum or gathering which cotangents arrive at it and where they go.
func pullLinear(i int, from, to []int, live []bool) planOp {
	op := planOp{op: i, arrives: make([]bool, len(to)), adds: make([]bool, len(to))}
	for ch, w := range to {
		if live[w] {
			op.arrives[ch], op.adds[ch] = true, live[from[ch]]
			live[from[ch]] = true
		}
	}
	return op
}

// pull compiles the vector-Jacobian product of an elementwise operation, and marks the wires that have a
// cotangent after it.
func (c *compiler) pull(i int, live []bool) (planOp, error) {
	assigns := c.spec.Ops[i].Assign
	exprs, cotangents := make([]ad.Expr, len(assigns)), make([]ad.Expr, len(assigns))
	for k, a := range assigns {
		exprs[k] = a.Expr
		if live[a.Wire] {
			cotangents[k] = c.spec.Arena.Symbol(cotangentPrefix + c.spec.Wires[a.Wire].Name)
		}
	}
	symbols := c.active(exprs)
	variables := make([]ad.Expr, len(symbols))
	for k, s := range symbols {
		variables[k] = c.spec.Arena.Symbol(s)
	}
	var outputs []ad.Output
	var binds []binding
	for k, g := range ad.Pull(exprs, cotangents, variables) {
		if g.IsZero() {
			continue
		}
		_, bind, _ := c.symbol(symbols[k])
		adds := true
		switch bind.role {
		case wire:
			adds = live[bind.index]
			live[bind.index] = true
			bind.role = cotangentOf
		case param:
			bind.role = gradParam
		case strength:
			bind.role = gradStrength
		}
		if adds {
			g = c.spec.Arena.Symbol(sumPrefix + symbols[k]).Add(g)
		}
		outputs = append(outputs, ad.Output{Expr: g, Kind: program.Node})
		binds = append(binds, bind)
	}
	return c.compile(i, outputs, binds)
}

// pullPast compiles the pulling back of signals from before the start: they are functions of the initial
// state, which has a cotangent by then.
func (c *compiler) pullPast(p *plan, stateLive []bool) error {
	for i, op := range c.spec.Ops {
		if op.Assign == nil || !c.feedsDelay(op) {
			continue
		}
		live := append([]bool(nil), stateLive...)
		compiled, err := c.pull(i, live)
		if err != nil {
			return err
		}
		p.past = append(p.past, compiled)
	}
	return nil
}

// feedsDelay reports whether an operation computes signals of a delayed sum.
func (c *compiler) feedsDelay(op Op) bool {
	for _, other := range c.spec.Ops {
		for _, from := range c.delayedReads(other) {
			for _, a := range op.Assign {
				if a.Wire == from {
					return true
				}
			}
		}
	}
	return false
}

// delayedReads are the wires whose past an operation reads.
func (c *compiler) delayedReads(op Op) []int {
	switch {
	case op.Sum != nil && !op.Sum.OfEdges && c.spec.Routes[op.Sum.Route].Delayed:
		return op.Sum.From
	case op.Gather != nil && !op.Gather.Local && c.spec.Routes[op.Gather.Route].Delayed:
		return op.Gather.From
	}
	return nil
}

// onEdges reports whether a wire belongs to the edges of a route. Such wires are not kept for the reverse
// pass, which computes them again.
func (e *Engine) onEdges(wire int) bool {
	for _, r := range e.spec.Routes {
		if r.EdgeGroup > 0 && r.EdgeGroup == e.spec.Wires[wire].Group {
			return true
		}
	}
	return false
}

// saved are the wires the reverse pass reads, without those that are loaded again.
func (c *compiler) saved(p *plan) []int {
	used := make([]bool, len(c.spec.Wires))
	read := func(ops []planOp) {
		for _, op := range ops {
			for _, b := range op.in {
				if b.role == wire {
					used[b.index] = true
				}
			}
		}
	}
	read(p.ops)
	read(p.again)
	for _, op := range c.spec.Ops {
		if op.Gather != nil && c.delayedReads(op) == nil {
			for _, from := range op.Gather.From {
				used[from] = true
			}
		}
	}
	var saved []int
	for w, u := range used {
		if u && c.loadedBy[w] == computed && !c.onEdges(w) {
			saved = append(saved, w)
		}
	}
	return saved
}
