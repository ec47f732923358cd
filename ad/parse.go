package ad

import (
	"fmt"
	"math"
	"strings"
)

// Limits that keep hostile or runaway text from exhausting the machine.
const (
	maxNesting = 500     // levels of parentheses, calls, signs and exponents
	maxNodes   = 100_000 // nodes of all trees of a text, functions expanded
	maxName    = 256     // bytes; what is suggested for an unknown name takes time quadratic in it
	maxSource  = 60      // bytes of the text that a message quotes
)

// ParseExpr reads one expression. Line breaks are blanks in it. The symbols are names that stand for
// themselves although they are also a constant or a function, such as E.
func ParseExpr(text string, symbols ...string) (*Tree, error) {
	tokens, err := lex(text, true)
	if err != nil {
		return nil, err
	}
	p := newParser(text, symbols)
	p.tokens = tokens
	tree := p.whole("the expression is empty", "write an expression such as a*x + b")
	if p.err != nil {
		return nil, p.err
	}
	return tree, nil
}

// parser reads one token range after the other by recursive descent. The first error stops it: the token
// in hand becomes an end token, which every loop below understands.
type parser struct {
	text      string
	symbols   map[string]bool // declared by the caller or assigned in the text: no constants, no functions
	functions map[string]*function
	tokens    []token
	next      int
	parameter map[string]int // of the function whose body is read: 1 + index
	nesting   int
	nodes     int
	err       *ParseError
}

func newParser(text string, symbols []string) *parser {
	p := &parser{text: text, symbols: map[string]bool{}, functions: map[string]*function{}}
	for _, name := range symbols {
		p.symbols[name] = true
	}
	return p
}

// tok is the token in hand; behind the last one, or after an error, an end token.
func (p *parser) tok() token {
	if p.err == nil && p.next < len(p.tokens) {
		return p.tokens[p.next]
	}
	return token{kind: tokenEnd, pos: p.last(), end: p.last()}
}

// last is the offset behind the token that was read last.
func (p *parser) last() int {
	if p.next == 0 || len(p.tokens) == 0 {
		return 0
	}
	return p.tokens[min(p.next, len(p.tokens))-1].end
}

func (p *parser) accept(mark string) bool {
	if !p.tok().is(mark) {
		return false
	}
	p.next++
	return true
}

// fail keeps the first error and returns a tree that nobody will see.
func (p *parser) fail(pos, end int, remedy, format string, args ...any) *Tree {
	if p.err == nil {
		p.err = &ParseError{Text: p.text, Pos: pos, End: end, Message: fmt.Sprintf(format, args...), Remedy: remedy}
	}
	return &Tree{}
}

// source is a token as the user wrote it, in quotes; only a number can be too long to be shown.
func (p *parser) source(t token) string {
	if text := p.text[t.pos:t.end]; t.kind == tokenNumber && len(text) > maxSource {
		return fmt.Sprintf("%q", text[:maxSource]+"…")
	}
	return fmt.Sprintf("%q", p.text[t.pos:t.end])
}

// enter and leave count nesting around a recursive call.
func (p *parser) enter() {
	if p.nesting++; p.nesting > maxNesting {
		p.fail(p.tok().pos, p.tok().end, splitRemedy, "the expression is nested more than %d levels deep", maxNesting)
	}
}

func (p *parser) leave() { p.nesting-- }

const splitRemedy = "split it with intermediate variables"

// add checks a new node against the limits.
func (p *parser) add(t *Tree) *Tree {
	for i, arg := range t.Args {
		depth := arg.depth
		if t.nests(i) {
			depth++
		}
		t.depth = max(t.depth, depth)
	}
	if t.depth > maxNesting {
		return p.fail(t.Pos, t.End, splitRemedy, "the expression is nested more than %d levels deep", maxNesting)
	}
	if p.nodes++; p.nodes > maxNodes {
		return p.fail(t.Pos, t.End, "use intermediate variables instead of functions of functions",
			"the equations have more than %d terms after functions are expanded", maxNodes)
	}
	return t
}

// call is the op of that name applied to args, written at pos to end.
func (p *parser) call(name string, pos, end int, args ...*Tree) *Tree {
	return p.add(&Tree{Kind: Call, Name: name, Args: args, Pos: pos, End: end})
}

func (p *parser) number(value float64, name string, pos, end int) *Tree {
	return p.add(&Tree{Kind: Number, Value: value, Name: name, Pos: pos, End: end})
}

// whole reads an expression that takes up all tokens in hand.
func (p *parser) whole(empty, remedy string) *Tree {
	if t := p.tok(); t.kind == tokenEnd {
		return p.fail(t.pos, t.end, remedy, "%s", empty)
	}
	tree := p.expression()
	if t := p.tok(); t.kind != tokenEnd {
		return p.unexpected(t)
	}
	return tree
}

// unexpected is the error for a token behind a complete expression.
func (p *parser) unexpected(t token) *Tree {
	switch {
	case t.kind == tokenNumber, t.kind == tokenName, t.is("("), t.is("True"), t.is("False"):
		return p.fail(t.pos, t.end, "write a product with *", "an operator is missing before %s", p.source(t))
	case t.is("not"), t.is("!"):
		return p.fail(t.pos, t.end, "write and or or before it", "an operator is missing before %s", p.source(t))
	case t.is("="):
		return p.fail(t.pos, t.end, "compare with ==; write one equation per line", "= inside an expression")
	case t.is("'"):
		return p.fail(t.pos, t.end, "give the right-hand side a name and use that", "a derivative may only stand left of =")
	case t.is("else"):
		return p.fail(t.pos, t.end, "write a if condition else b", "else without if")
	}
	return p.fail(t.pos, t.end, "finish the expression before it", "unexpected %s", p.source(t))
}

// nested reads an expression one level down: in parentheses, or an argument.
func (p *parser) nested() *Tree {
	p.enter()
	defer p.leave()
	return p.expression()
}

// expression reads what may stand anywhere: a if condition else b, or a chain of operators.
func (p *parser) expression() *Tree {
	pos := p.tok().pos
	value := p.binary(levelOr)
	if !p.accept("if") {
		return value
	}
	condition := p.binary(levelOr)
	if t := p.tok(); !p.accept("else") {
		return p.fail(t.pos, t.end, "write a if condition else b", "if without else")
	}
	other := p.nested()
	return p.call("where", pos, p.last(), condition, value, other)
}

// operators are the binary operators but the power, which binds tighter than a sign.
var operators = map[string]string{
	"or": "or", "and": "and", "<": "less", "<=": "lesseq", ">": "greater", ">=": "greatereq", "==": "equal",
	"!=": "notequal", "+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod",
}

// binary reads operands joined by operators that bind at least as tightly as level; equal ones group to
// the left.
func (p *parser) binary(level int) *Tree {
	pos := p.tok().pos
	left := p.negation(level)
	for {
		t := p.tok()
		op, ok := operators[t.text]
		if t.kind != tokenMark || !ok || forms[op].level < level {
			return left
		}
		p.next++
		right := p.binary(forms[op].level + 1)
		left = p.call(op, pos, p.last(), left, right)
		if t := p.tok(); forms[op].level == levelCompare && forms[operators[t.text]].level == levelCompare && t.kind == tokenMark {
			return p.fail(t.pos, t.end, "write a < b and b < c", "comparisons cannot be chained")
		}
	}
}

// negation reads not, which binds looser than a comparison, or passes on.
func (p *parser) negation(level int) *Tree {
	t := p.tok()
	if !p.accept("not") {
		return p.unary()
	}
	if level > levelNot {
		return p.fail(t.pos, t.end, "write (not a)", "not needs parentheses here")
	}
	p.enter()
	defer p.leave()
	operand := p.binary(levelNot)
	return p.call("not", t.pos, p.last(), operand)
}

// unary reads a sign or ! before an operand: −x^2 is −(x^2), !a == b is (!a) == b.
func (p *parser) unary() *Tree {
	t := p.tok()
	if !p.accept("-") && !p.accept("+") && !p.accept("!") {
		return p.power()
	}
	p.enter()
	defer p.leave()
	operand := p.unary()
	switch t.text {
	case "-":
		return p.call("neg", t.pos, p.last(), operand)
	case "!":
		return p.call("not", t.pos, p.last(), operand)
	}
	return operand
}

// power reads a^b^c as a^(b^c); the exponent may have a sign.
func (p *parser) power() *Tree {
	pos := p.tok().pos
	base := p.operand()
	if !p.accept("^") {
		return base
	}
	p.enter()
	defer p.leave()
	exponent := p.unary()
	return p.call("pow", pos, p.last(), base, exponent)
}

// operand reads a number, a name, a call or a parenthesised expression.
func (p *parser) operand() *Tree {
	t := p.tok()
	switch {
	case t.kind == tokenNumber:
		p.next++
		return p.number(t.value, "", t.pos, t.end)
	case t.kind == tokenName:
		p.next++
		return p.named(t)
	case p.accept("True"):
		return p.number(1, "", t.pos, t.end)
	case p.accept("False"):
		return p.number(0, "", t.pos, t.end)
	case p.accept("("):
		inner := p.nested()
		if end := p.tok(); end.is(",") {
			return p.fail(end.pos, end.end, "pairs (value, condition) belong in Piecewise", "a comma outside the arguments of a function")
		} else if !p.accept(")") {
			return p.unexpected(end)
		}
		return inner
	case t.kind == tokenEnd:
		return p.fail(t.pos, t.end, "a line continues inside parentheses or after a backslash", "an operand is missing at the end")
	case t.is("="):
		return p.unexpected(t)
	}
	return p.fail(t.pos, t.end, "every operator needs its operands, every comma an argument before and after it",
		"an operand is missing before %s", p.source(t))
}

// constants are the named numbers; a symbol of the same name hides them.
var constants = map[string]float64{"pi": math.Pi, "π": math.Pi, "E": math.E}

// named reads what begins with a name: a call, a constant or a symbol.
func (p *parser) named(t token) *Tree {
	name, prefixed := p.stripped(t)
	if p.accept("(") {
		return p.arguments(t, name)
	}
	if prefixed && name == "e" {
		name = "E"
	}
	value, constant := constants[name]
	parameter := p.parameter[name]
	symbol := parameter > 0 || p.symbols[name]
	switch {
	case prefixed && constant && symbol: // its bare name would be read as the symbol
		return p.number(value, "", t.pos, t.end)
	case constant && (prefixed || !symbol):
		return p.number(value, name, t.pos, t.end)
	case !symbol && p.isFunction(name):
		return p.fail(t.pos, t.end, fmt.Sprintf("write %s(…) with its arguments, or choose another name for a symbol", name),
			"%q is a function", name)
	case prefixed:
		return p.fail(t.pos, t.end, "only functions and pi and e may have a prefix", "unknown constant %q", t.text)
	}
	return p.add(&Tree{Kind: Name, Name: name, Pos: t.pos, End: t.end, parameter: parameter})
}

// stripped is a name without the prefix of a Python module.
func (p *parser) stripped(t token) (name string, prefixed bool) {
	module, name, dotted := strings.Cut(t.text, ".")
	if !dotted {
		return t.text, false
	}
	switch module {
	case "np", "numpy", "jnp", "math", "sp":
		if !strings.Contains(name, ".") {
			return name, true
		}
	}
	p.fail(t.pos, t.end, "write the bare name; only np., numpy., jnp., math. and sp. are dropped", "unknown prefix in %q", t.text)
	return t.text, true
}
