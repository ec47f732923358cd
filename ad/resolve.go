package ad

import (
	"fmt"
	"slices"

	"github.com/neurograd/neurograd/internal/suggest"
)

// Resolved are the expressions of equations: what each statement assigns, and the time derivatives.
type Resolved struct {
	Values      map[string]Expr
	Derivatives map[string]Expr
}

// Resolve builds the expressions of all statements. known are the names from outside; a name that a
// statement assigns may be used by any other, in any order. Unknown names and circular definitions are errors that show the place.
func (e *Equations) Resolve(a *Arena, known map[string]Expr) (*Resolved, error) {
	r := &resolver{Equations: e, arena: a, known: known, statements: map[string]*Statement{}, busy: map[string]bool{},
		result: &Resolved{Values: map[string]Expr{}, Derivatives: map[string]Expr{}}}
	for i := range e.Statements {
		if s := &e.Statements[i]; !s.Derivative {
			if _, ok := known[s.Target]; ok {
				return nil, ErrorAt(e.Text, &Tree{Pos: s.Pos, End: s.Pos + len(s.Target)}, "%q is given from outside and cannot be assigned; choose another name", s.Target)
			}
			r.statements[s.Target] = s
		}
	}
	for i := range e.Statements {
		s := &e.Statements[i]
		if !s.Derivative {
			if _, err := r.name(s.Target, s.Expr); err != nil {
				return nil, err
			}
			continue
		}
		x, err := r.build(s.Expr)
		if err != nil {
			return nil, err
		}
		r.result.Derivatives[s.Target] = x
	}
	return r.result, nil
}

type resolver struct {
	*Equations
	arena      *Arena
	known      map[string]Expr
	statements map[string]*Statement
	busy       map[string]bool
	result     *Resolved
}

func (r *resolver) build(t *Tree) (Expr, error) {
	switch t.Kind {
	case Number:
		return r.arena.Const(t.Value), nil
	case Name:
		return r.name(t.Name, t)
	}
	op := lookup(t.Name)
	if op == nil || op.Arity != len(t.Args) {
		return Expr{}, ErrorAt(r.Text, t, "no function %s of %d arguments", t.Name, len(t.Args))
	}
	args := make([]Expr, len(t.Args))
	for i, arg := range t.Args {
		x, err := r.build(arg)
		if err != nil {
			return Expr{}, err
		}
		args[i] = x
	}
	return r.arena.Apply(op, args...), nil
}

// name is the expression of a name used at a place.
func (r *resolver) name(name string, at *Tree) (Expr, error) {
	if x, ok := r.known[name]; ok {
		return x, nil
	}
	if x, ok := r.result.Values[name]; ok {
		return x, nil
	}
	if s, ok := r.statements[name]; ok {
		if r.busy[name] {
			return Expr{}, ErrorAt(r.Text, at, "%q is defined by itself; break the circle", name)
		}
		r.busy[name] = true
		defer delete(r.busy, name)
		x, err := r.build(s.Expr)
		if err == nil {
			r.result.Values[name] = x
		}
		return x, err
	}
	return Expr{}, ErrorAt(r.Text, at, "unknown name %q%s", name, suggest.Hint(name, r.names()))
}

// names are all names that could have been meant.
func (r *resolver) names() []string {
	var names []string
	for name := range r.known {
		names = append(names, name)
	}
	for name := range r.statements {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Tree is the expression written out as a tree, for people: shared parts are repeated, and what lies
// deeper than a few levels is shown as ….
func (e Expr) Tree() *Tree { return e.tree(6) }

func (e Expr) tree(depth int) *Tree {
	if e.IsZero() {
		return &Tree{Kind: Number}
	}
	n := e.node()
	switch {
	case n.op == nil && n.sym >= 0:
		return &Tree{Kind: Name, Name: e.arena.symbols[n.sym]}
	case n.op == nil:
		return &Tree{Kind: Number, Value: n.konst}
	case depth == 0:
		return &Tree{Kind: Name, Name: "…"}
	}
	t := &Tree{Kind: Call, Name: n.op.Name}
	for i := range n.op.Arity {
		t.Args = append(t.Args, e.arg(i).tree(depth-1))
	}
	return t
}

// String writes the expression out, see [Expr.Tree].
func (e Expr) String() string { return fmt.Sprint(e.Tree()) }
