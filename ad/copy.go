package ad

// Copy rebuilds expressions of another arena in a, where they compute the same bits. So derivatives of
// them do not depend on what else has been derived in the other arena, nor wait for it.
func (a *Arena) Copy(exprs []Expr) []Expr {
	result := make([]Expr, len(exprs))
	from := arenaOf(exprs)
	if from == nil {
		return result
	}
	copies := make([]Expr, len(from.nodes))
	for id, need := range from.needed(exprs) {
		if !need {
			continue
		}
		n := from.nodes[id]
		switch {
		case n.op != nil:
			var x [3]Expr
			for k := range n.op.Arity {
				x[k] = copies[n.args[k]]
			}
			copies[id] = a.Apply(n.op, x[:n.op.Arity]...)
		case n.sym >= 0:
			copies[id] = a.Symbol(from.symbols[n.sym])
		default:
			copies[id] = a.Const(n.konst)
		}
	}
	for i, e := range exprs {
		if !e.IsZero() {
			result[i] = copies[e.id]
		}
	}
	return result
}
