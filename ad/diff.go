package ad

// Push returns the tangents of the outputs (the Jacobian-vector product) given those of some symbols.
// A structural zero means that an output does not depend on them.
func Push(outputs []Expr, symbols, tangents []Expr) []Expr {
	if len(outputs) == 0 {
		return nil
	}
	a := arenaOf(outputs, symbols)
	if a == nil {
		return make([]Expr, len(outputs))
	}
	t := make([]Expr, len(a.nodes))
	for i, s := range symbols {
		t[s.id] = tangents[i]
	}
	for id, need := range a.needed(outputs) {
		n := a.nodes[id]
		if n.op == nil || !need {
			continue
		}
		var ts [3]Expr
		depends := false
		for k := range n.op.Arity {
			ts[k] = t[n.args[k]]
			depends = depends || !ts[k].IsZero()
		}
		if depends {
			t[id] = n.push(Expr{a, int32(id)}, ts)
		}
	}
	result := make([]Expr, len(outputs))
	for i, y := range outputs {
		if !y.IsZero() {
			result[i] = t[y.id]
		}
	}
	return result
}

// Pull returns the cotangents of the symbols (the vector-Jacobian product) given those of the outputs,
// which may be structural zeros. Only what lies between symbols and outputs is differentiated.
func Pull(outputs, cotangents, symbols []Expr) []Expr {
	a := arenaOf(outputs, symbols)
	if a == nil {
		return make([]Expr, len(symbols))
	}
	count := len(a.nodes)
	depends := a.dependents(symbols)
	c := make([]Expr, count)
	fenced := make([]bool, count)
	for i, y := range outputs {
		if !y.IsZero() && depends[y.id] {
			c[y.id] = c[y.id].add(cotangents[i])
		}
	}
	for id := count - 1; id >= 0; id-- {
		n := a.nodes[id]
		if n.op == nil || c[id].IsZero() {
			continue
		}
		contributions, signs, fence := n.pull(Expr{a, int32(id)}, c[id], fenced[id])
		for k := range n.op.Arity {
			arg := n.args[k]
			if contributions[k].IsZero() || !depends[arg] {
				continue
			}
			if signs[k] {
				c[arg] = c[arg].sub(contributions[k])
			} else {
				c[arg] = c[arg].add(contributions[k])
			}
			fenced[arg] = fenced[arg] || fence
		}
	}
	result := make([]Expr, len(symbols))
	for i, s := range symbols {
		result[i] = c[s.id]
	}
	return result
}

func arenaOf(lists ...[]Expr) *Arena {
	var a *Arena
	for _, list := range lists {
		for _, e := range list {
			if !e.IsZero() {
				a = e.arena
			}
		}
	}
	return a
}

// dependents marks the expressions that depend on one of the symbols.
func (a *Arena) dependents(symbols []Expr) []bool {
	depends := make([]bool, len(a.nodes))
	for _, s := range symbols {
		depends[s.id] = true
	}
	for id, n := range a.nodes {
		if n.op == nil {
			continue
		}
		for k := range n.op.Arity {
			depends[id] = depends[id] || depends[n.args[k]]
		}
	}
	return depends
}

func (n node) operands(a *Arena) [3]Expr {
	var x [3]Expr
	for k := range n.op.Arity {
		x[k] = Expr{a, n.args[k]}
	}
	return x
}

// push is the tangent of one operation.
func (n node) push(y Expr, tangents [3]Expr) Expr {
	x := n.operands(y.arena)
	if n.op.push != nil {
		return n.op.push(x, y, tangents)
	}
	p := n.op.partials(x, y)
	var sum Expr
	for k := range n.op.Arity {
		switch t := tangents[k]; {
		case t.IsZero() || p[k].IsZero():
		case p[k].isConst(-1):
			sum = sum.sub(t)
		default:
			sum = sum.add(t.mul(p[k]))
		}
	}
	return sum
}

// pull returns what one operation adds to its operands' cotangents, the sign (true: to be subtracted),
// and whether they have passed a branch. Past a branch a cotangent of 0 may meet an infinite derivative
// of what was not taken, so products with it are mulz.
func (n node) pull(y, c Expr, fenced bool) (contributions [3]Expr, negative [3]bool, fence bool) {
	x := n.operands(y.arena)
	if n.op.pull != nil {
		return n.op.pull(x, y, c), negative, true
	}
	p := n.op.partials(x, y)
	for k := range n.op.Arity {
		switch {
		case p[k].IsZero():
		case p[k].isConst(1):
			contributions[k] = c
		case p[k].isConst(-1):
			contributions[k], negative[k] = c, true
		case fenced:
			contributions[k] = c.arena.Apply(opMulz, c, p[k])
		default:
			contributions[k] = c.mul(p[k])
		}
	}
	return contributions, negative, fenced
}
