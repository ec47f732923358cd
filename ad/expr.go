// Package ad holds expressions: equation text and its syntax trees, hash-consed expression graphs, their
// derivatives (again expressions), and the lowering to programs of exact primitives. It knows nothing of
// brains: names are just symbols.
package ad

import (
	"fmt"
	"math"

	"github.com/neurograd/neurograd/internal/intern"
	"github.com/neurograd/neurograd/internal/program"
)

// Arena owns the expressions of one computation. Equal expressions are one: same operation, same
// operands in the same order, same constant bits. An arena serves one goroutine.
type Arena struct {
	nodes   []node
	known   intern.Table // of nodes that are no symbols
	symbols []string
	byName  map[string]int32
}

type node struct {
	op    *Op // nil for constants and symbols
	args  [3]int32
	konst float64
	sym   int32 // number of a symbol, −1 otherwise
}

// Expr is an expression of an arena. The zero Expr means "exactly zero, structurally": the derivative
// of something that does not depend on the variable.
type Expr struct {
	arena *Arena
	id    int32
}

// NewArena returns an empty arena.
func NewArena() *Arena {
	return &Arena{byName: map[string]int32{}}
}

// IsZero reports whether e is the structural zero.
func (e Expr) IsZero() bool { return e.arena == nil }

// Symbol is the variable of that name.
func (a *Arena) Symbol(name string) Expr {
	if id, ok := a.byName[name]; ok {
		return Expr{a, id}
	}
	id := a.add(node{sym: int32(len(a.symbols))})
	a.symbols = append(a.symbols, name)
	a.byName[name] = id
	return Expr{a, id}
}

// Const is a constant.
func (a *Arena) Const(c float64) Expr {
	bits := math.Float64bits(c)
	hash := intern.Mix(0, bits)
	if id, ok := a.known.Find(hash, func(id int32) bool { return a.nodes[id].op == nil && math.Float64bits(a.nodes[id].konst) == bits }); ok {
		return Expr{a, id}
	}
	id := a.add(node{konst: c, sym: -1})
	a.known.Add(hash, id)
	return Expr{a, id}
}

func (a *Arena) add(n node) int32 {
	a.nodes = append(a.nodes, n)
	return int32(len(a.nodes) - 1)
}

func (e Expr) node() *node { return &e.arena.nodes[e.id] }

// constant is the value of a constant expression.
func (e Expr) constant() (float64, bool) {
	n := e.node()
	return n.konst, n.op == nil && n.sym < 0
}

func (e Expr) isConst(c float64) bool {
	v, ok := e.constant()
	return ok && v == c
}

func (e Expr) arg(i int) Expr { return Expr{e.arena, e.node().args[i]} }

// Apply applies an operation of the table to operands. Operations on constants are computed on the spot
// with the lowered function; x+0, x−0, x·1, x/1, x¹ are x and x·0 is 0 (what is not connected costs
// nothing); nothing else is rewritten.
func (a *Arena) Apply(op *Op, args ...Expr) Expr {
	if len(args) != op.Arity {
		panic(fmt.Sprintf("ad: %s takes %d operands, got %d", op.Name, op.Arity, len(args)))
	}
	if e, ok := simplify(op, args); ok {
		return e
	}
	var ids [3]int32
	allConst := true
	for i, x := range args {
		if x.arena != a {
			panic("ad: operand of another arena")
		}
		ids[i] = x.id
		_, isConst := x.constant()
		allConst = allConst && isConst
	}
	if allConst {
		var x [3]float64
		for i, e := range args {
			x[i], _ = e.constant()
		}
		return a.Const(op.number(x))
	}
	hash := intern.Mix(op.hash, intern.Mix(uint64(ids[0]), uint64(ids[1])<<32|uint64(ids[2])))
	if id, ok := a.known.Find(hash, func(id int32) bool { return a.nodes[id].op == op && a.nodes[id].args == ids }); ok {
		return Expr{a, id}
	}
	id := a.add(node{op: op, args: ids, sym: -1})
	a.known.Add(hash, id)
	return Expr{a, id}
}

// number is the operation on numbers, computed as a compiled program would.
func (op *Op) number(x [3]float64) float64 {
	b := program.NewBuilder(nil)
	var refs [3]program.Ref
	for i := range op.Arity {
		refs[i] = b.Const(x[i])
	}
	y, _ := b.Constant(op.lower(b, refs)) // which it is, being made of constants
	return y
}

func simplify(op *Op, args []Expr) (Expr, bool) {
	switch op {
	case opAdd:
		if args[1].isConst(0) {
			return args[0], true
		}
		if args[0].isConst(0) {
			return args[1], true
		}
	case opSub:
		if args[1].isConst(0) {
			return args[0], true
		}
	case opMul:
		if args[0].isConst(0) || args[1].isConst(0) {
			return args[0].num(0), true
		}
		if args[1].isConst(1) {
			return args[0], true
		}
		if args[0].isConst(1) {
			return args[1], true
		}
	case opDiv, opPow:
		if args[1].isConst(1) {
			return args[0], true
		}
	case opWhere:
		if args[1] == args[2] {
			return args[1], true
		}
		if c, ok := args[0].constant(); ok && c != 0 {
			return args[1], true
		} else if ok {
			return args[2], true
		}
	}
	return Expr{}, false
}

// The arithmetic of derivative rules. A structural zero stays one.

func (e Expr) add(f Expr) Expr {
	switch {
	case e.IsZero():
		return f
	case f.IsZero():
		return e
	}
	return e.arena.Apply(opAdd, e, f)
}

func (e Expr) sub(f Expr) Expr {
	switch {
	case f.IsZero():
		return e
	case e.IsZero():
		return f.neg()
	}
	return e.arena.Apply(opSub, e, f)
}

func (e Expr) mul(f Expr) Expr {
	if e.IsZero() || f.IsZero() || e.isConst(0) || f.isConst(0) {
		return Expr{}
	}
	return e.arena.Apply(opMul, e, f)
}

func (e Expr) div(f Expr) Expr {
	if e.IsZero() {
		return e
	}
	return e.arena.Apply(opDiv, e, f)
}

func (e Expr) neg() Expr {
	if e.IsZero() {
		return e
	}
	return e.arena.Apply(opNeg, e)
}

// num is a constant of e's arena.
func (e Expr) num(c float64) Expr { return e.arena.Const(c) }

// Add, Sub, Mul and the like build expressions in code; structural zeros are allowed.

// Add is e + f.
func (e Expr) Add(f Expr) Expr { return e.add(f) }

// Sub is e − f.
func (e Expr) Sub(f Expr) Expr { return e.sub(f) }

// Mul is e·f.
func (e Expr) Mul(f Expr) Expr { return e.mul(f) }

// Div is e/f.
func (e Expr) Div(f Expr) Expr { return e.div(f) }

// Call applies the named operation of the table; it panics on an unknown name or a wrong number of
// operands, both visible in the caller's source.
func (a *Arena) Call(name string, args ...Expr) Expr {
	op := lookup(name)
	if op == nil {
		panic(fmt.Sprintf("ad: no operation %q", name))
	}
	return a.Apply(op, args...)
}

// Arena is the arena of e.
func (e Expr) Arena() *Arena { return e.arena }
