package ad

import (
	"math"
	"strconv"
	"strings"
)

// TreeKind says what a node of a [Tree] is.
type TreeKind uint8

// The kinds of node.
const (
	Number TreeKind = iota // Value; Name is "pi" or "E" if the constant was written by name
	Name                   // the symbol Name
	Call                   // the op Name applied to Args; operators are ops too: a+b is add(a, b)
)

// Tree is an expression as it was written: the syntax tree of equation text, user-defined functions
// expanded and synonyms replaced by the ops of the table. A Tree is not changed after parsing.
type Tree struct {
	Kind     TreeKind
	Value    float64
	Name     string
	Args     []*Tree
	Pos, End int // bytes of the source text; nodes that stand for one written call share its place

	parameter int // 1 + index of the parameter of the function body that this Name stands for
	depth     int // nesting of the plain text, as the parser counts it
}

// Levels of binding in plain text and LaTeX, from loose to tight.
const (
	levelAny = iota
	levelOr
	levelAnd
	levelNot
	levelCompare
	levelSum
	levelProduct
	levelUnary
	levelPower
	levelAtom
)

// forms lists the ops that are written as operators, with the level at which they bind.
var forms = map[string]struct {
	text  string
	level int
}{
	"or":        {" or ", levelOr},
	"and":       {" and ", levelAnd},
	"not":       {"not ", levelNot},
	"less":      {" < ", levelCompare},
	"lesseq":    {" <= ", levelCompare},
	"greater":   {" > ", levelCompare},
	"greatereq": {" >= ", levelCompare},
	"equal":     {" == ", levelCompare},
	"notequal":  {" != ", levelCompare},
	"add":       {" + ", levelSum},
	"sub":       {" - ", levelSum},
	"mul":       {"*", levelProduct},
	"div":       {"/", levelProduct},
	"mod":       {" % ", levelProduct},
	"neg":       {"-", levelUnary},
	"pow":       {"^", levelPower},
}

// level is how tightly the plain text of t binds.
func (t *Tree) level() int {
	switch {
	case t.Kind == Number && t.Name == "" && math.Signbit(t.Value):
		return levelUnary
	case t.Kind == Call && t.operator():
		return forms[t.Name].level
	}
	return levelAtom
}

// operator reports whether t is written with an operator rather than as a function call.
func (t *Tree) operator() bool {
	form, ok := forms[t.Name]
	arity := 2
	if form.level == levelNot || form.level == levelUnary {
		arity = 1
	}
	return t.Kind == Call && ok && len(t.Args) == arity
}

// parenthesised reports whether argument i of the operator t must stand in parentheses, so that the text
// is read as this very tree.
func (t *Tree) parenthesised(i int) bool {
	own, child := forms[t.Name].level, t.Args[i].level()
	switch {
	case own == levelNot || own == levelUnary:
		return child < own
	case own == levelPower && i == 1: // the exponent may have a sign and may be a power
		return child < levelUnary
	case own == levelPower, own == levelCompare, i == 1:
		return child <= own
	}
	return child < own
}

// nests reports whether the parser counts a level of nesting for argument i.
func (t *Tree) nests(i int) bool {
	switch {
	case !t.operator():
		return !(i == 0 && t.folds())
	case len(t.Args) == 1 || t.Name == "pow" && i == 1:
		return true
	}
	return t.parenthesised(i)
}

// folds reports whether t continues its first argument: min(min(a, b), c), written min(a, b, c).
func (t *Tree) folds() bool {
	if t.Kind != Call || t.Name != "min" && t.Name != "max" || len(t.Args) != 2 {
		return false
	}
	first := t.Args[0]
	return first.Kind == Call && first.Name == t.Name && len(first.Args) == 2
}

// String is plain text that [ParseExpr] reads as the same tree, with no more parentheses than needed.
// If symbols were declared when t was parsed, the same must be declared to read it again.
func (t *Tree) String() string {
	var b strings.Builder
	t.write(&b)
	return b.String()
}

func (t *Tree) write(b *strings.Builder) {
	switch {
	case t.Kind == Number && t.Name == "":
		b.WriteString(strconv.FormatFloat(t.Value, 'g', -1, 64))
	case t.Kind != Call:
		b.WriteString(t.Name)
	case !t.operator():
		b.WriteString(t.Name + "(")
		t.writeArgs(b)
		b.WriteString(")")
	case len(t.Args) == 1:
		b.WriteString(forms[t.Name].text)
		t.writeOperand(b, 0)
	default:
		t.writeOperand(b, 0)
		b.WriteString(forms[t.Name].text)
		t.writeOperand(b, 1)
	}
}

func (t *Tree) writeOperand(b *strings.Builder, i int) {
	if t.parenthesised(i) {
		b.WriteString("(")
		defer b.WriteString(")")
	}
	t.Args[i].write(b)
}

func (t *Tree) writeArgs(b *strings.Builder) {
	for i, arg := range t.Args {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == 0 && t.folds() {
			arg.writeArgs(b)
		} else {
			arg.write(b)
		}
	}
}

// Equal reports whether two trees are the same expression; places and the names of constants do not count.
func (t *Tree) Equal(u *Tree) bool {
	if t.Kind != u.Kind || len(t.Args) != len(u.Args) {
		return false
	}
	if t.Kind == Number {
		return t.Value == u.Value || t.Value != t.Value && u.Value != u.Value
	}
	if t.Name != u.Name {
		return false
	}
	for i, arg := range t.Args {
		if !arg.Equal(u.Args[i]) {
			return false
		}
	}
	return true
}

// Symbols lists the names in the tree, each once, in order of first use.
func (t *Tree) Symbols() []string {
	var names []string
	seen := map[string]bool{}
	t.walk(func(node *Tree) {
		if node.Kind == Name && !seen[node.Name] {
			seen[node.Name] = true
			names = append(names, node.Name)
		}
	})
	return names
}

// walk visits the nodes in the order in which they are written: arguments from left to right.
func (t *Tree) walk(visit func(*Tree)) {
	visit(t)
	for _, arg := range t.Args {
		arg.walk(visit)
	}
}
