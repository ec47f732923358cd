package ad

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/internal/suggest"
)

// Limits that keep hostile or runaway text from exhausting the machine.
const (
	maxNesting = 500     // levels of parentheses, calls, signs and exponents
	maxNodes   = 100_000 // nodes of all trees of a text, functions expanded
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

// source is a token as the user wrote it, in quotes.
func (p *parser) source(t token) string { return fmt.Sprintf("%q", p.text[t.pos:t.end]) }

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

// synonyms are other names of ops; each computes exactly what its op does.
var synonyms = map[string]string{
	"ln": "log", "arctan": "atan", "logistic": "sigmoid", "expit": "sigmoid", "Abs": "abs", "fabs": "abs", "absv": "abs",
	"sgn": "sign", "Mod": "mod", "remainder": "mod", "power": "pow", "Min": "min", "minimum": "min", "Max": "max",
	"maximum": "max", "logical_and": "and", "And": "and", "logical_or": "or", "Or": "or", "logical_not": "not", "Not": "not",
}

const complexRemedy = "write the real and imaginary part as two variables"

// refused are functions with a remedy of their own; as names of symbols they are free.
var refused = map[string]struct{ message, remedy string }{
	"complex":   {"complex numbers are not supported", complexRemedy},
	"re":        {"complex numbers are not supported", complexRemedy},
	"im":        {"complex numbers are not supported", complexRemedy},
	"real":      {"complex numbers are not supported", complexRemedy},
	"imag":      {"complex numbers are not supported", complexRemedy},
	"conj":      {"complex numbers are not supported", complexRemedy},
	"conjugate": {"complex numbers are not supported", complexRemedy},
	"fmod":      {"fmod is not supported", "write mod(a, b) or a % b, whose result has the sign of b"},
	"log10":     {"log10 is not supported", "write log(x)/log(10)"},
	"log2":      {"log2 is not supported", "write log(x)/log(2)"},
	"past":      {"past values are not supported in equations", "declare a delayed coupling and use its input"},
}

// anyNumber of arguments, for ops that are folded from the left.
const anyNumber = math.MaxInt

// rewritten are functions that are not ops: how many arguments they take and what they stand for.
var rewritten = map[string]struct {
	least, most int
	build       func(p *parser, pos, end int, x []*Tree) *Tree
}{
	"min": {2, anyNumber, fold("min")},
	"max": {2, anyNumber, fold("max")},
	"and": {2, anyNumber, fold("and")},
	"or":  {2, anyNumber, fold("or")},
	"square": {1, 1, func(p *parser, pos, end int, x []*Tree) *Tree {
		return p.call("pow", pos, end, x[0], p.number(2, "", pos, end))
	}},
	"ceil": {1, 1, func(p *parser, pos, end int, x []*Tree) *Tree {
		return p.call("neg", pos, end, p.call("floor", pos, end, p.call("neg", pos, end, x[0])))
	}},
	"Heaviside": {1, 2, heaviside},
	"heaviside": {1, 2, heaviside},
}

func fold(op string) func(p *parser, pos, end int, x []*Tree) *Tree {
	return func(p *parser, pos, end int, x []*Tree) *Tree {
		tree := x[0]
		for _, operand := range x[1:] {
			tree = p.call(op, pos, end, tree, operand)
		}
		return tree
	}
}

// heaviside is 1 for x ≥ 0 and 0 for x < 0 and NaN: the step includes its point, where SymPy's has ½.
// As in NumPy a second argument is the value at 0.
func heaviside(p *parser, pos, end int, x []*Tree) *Tree {
	zero := func() *Tree { return p.number(0, "", pos, end) }
	one := p.number(1, "", pos, end)
	if len(x) == 1 {
		return p.call("where", pos, end, p.call("greatereq", pos, end, x[0], zero()), one, zero())
	}
	at := p.call("where", pos, end, p.call("equal", pos, end, p.copy(x[0]), zero()), x[1], zero())
	return p.call("where", pos, end, p.call("greater", pos, end, x[0], zero()), one, at)
}

// isFunction reports whether a name can be called.
func (p *parser) isFunction(name string) bool {
	op := lookup(name)
	return op != nil && op != opMulz || synonyms[name] != "" || rewritten[name].build != nil || name == "Piecewise" ||
		p.functions[name] != nil
}

// functionNames lists what an unknown function may have been meant to be: the user's own functions, the
// ops, and their other names.
func (p *parser) functionNames() []string {
	names := slices.Sorted(maps.Keys(p.functions))
	for _, name := range opNames() {
		if _, operator := forms[name]; !operator && p.isFunction(name) {
			names = append(names, name)
		}
	}
	names = append(names, "Piecewise")
	names = append(names, slices.Sorted(maps.Keys(rewritten))...)
	return append(names, slices.Sorted(maps.Keys(synonyms))...)
}

// arguments reads what follows "name(" and builds the call.
func (p *parser) arguments(t token, name string) *Tree {
	why, isRefused := refused[name]
	switch {
	case isRefused && p.functions[name] == nil:
		return p.fail(t.pos, t.end, why.remedy, "%s", why.message)
	case name == "Piecewise":
		return p.piecewise(t)
	case p.parameter[name] > 0 || p.symbols[name] && !p.isFunction(name):
		return p.fail(t.pos, t.end, fmt.Sprintf("for a product write %s*(…); delays belong to the coupling", name), "%q is a symbol, not a function", name)
	case !p.isFunction(name):
		return p.fail(t.pos, t.end, fmt.Sprintf("for a product write %s*(…); a function of your own is defined as %s(x) = …", name, name),
			"unknown function %q%s", name, suggest.Hint(name, p.functionNames()))
	}
	args := p.list()
	if p.err != nil {
		return &Tree{}
	}
	return p.apply(t, name, args)
}

// list reads expressions up to the closing parenthesis.
func (p *parser) list() (args []*Tree) {
	if p.accept(")") {
		return nil
	}
	for {
		args = append(args, p.nested())
		if t := p.tok(); !p.accept(",") {
			if !p.accept(")") {
				p.unexpected(t)
			}
			return args
		}
	}
}

// apply builds the call of a known function, written from t up to here.
func (p *parser) apply(t token, name string, args []*Tree) *Tree {
	if f := p.functions[name]; f != nil {
		p.arity(t, name, len(args), len(f.params), len(f.params))
		return p.expand(f, t, args)
	}
	op := name
	if synonyms[name] != "" {
		op = synonyms[name]
	}
	if r := rewritten[op]; r.build != nil {
		if !p.arity(t, name, len(args), r.least, r.most) {
			return &Tree{}
		}
		return r.build(p, t.pos, p.last(), args)
	}
	if !p.arity(t, name, len(args), lookup(op).Arity, lookup(op).Arity) {
		return &Tree{}
	}
	return p.call(op, t.pos, p.last(), args...)
}

// arity reports whether the number of arguments is right, or fails.
func (p *parser) arity(t token, name string, got, least, most int) bool {
	if least <= got && got <= most {
		return true
	}
	wanted := fmt.Sprint(least)
	switch {
	case most == anyNumber:
		wanted = "at least " + wanted
	case most > least:
		wanted = fmt.Sprintf("%d or %d", least, most)
	}
	noun := "arguments"
	if wanted == "1" {
		noun = "argument"
	}
	letters := []string{"a", "b", "c"}
	example := strings.Join(letters[:min(least, len(letters))], ", ")
	if least > len(letters) {
		example += ", …"
	}
	p.fail(t.pos, p.last(), fmt.Sprintf("write %s(%s)", name, example), "%s takes %s %s, got %d", name, wanted, noun, got)
	return false
}

// piecewise reads (value, condition) pairs behind "Piecewise(" and nests them as where(condition, value,
// the rest); the last condition must be True, so that the value is defined everywhere.
func (p *parser) piecewise(t token) *Tree {
	const form = "write Piecewise((value, condition), …, (value, True))"
	var pairs [][2]*Tree
	for {
		at := p.tok()
		if !p.accept("(") {
			return p.fail(at.pos, at.end, form, "Piecewise takes pairs (value, condition)")
		}
		if n := len(pairs); n > 0 && always(pairs[n-1][1]) {
			return p.fail(at.pos, at.end, form, "a pair behind (value, True) is never reached")
		}
		pair := p.list()
		if p.err != nil {
			return &Tree{}
		}
		if len(pair) != 2 {
			return p.fail(at.pos, p.last(), form, "a pair (value, condition) of Piecewise has 2 entries, got %d", len(pair))
		}
		pairs = append(pairs, [2]*Tree(pair))
		if !p.accept(",") {
			break
		}
	}
	if end := p.tok(); !p.accept(")") {
		return p.unexpected(end)
	}
	last := len(pairs) - 1
	if !always(pairs[last][1]) {
		return p.fail(t.pos, p.last(), form, "Piecewise has no value where none of its conditions holds")
	}
	tree := pairs[last][0]
	for i := last - 1; i >= 0; i-- {
		tree = p.call("where", t.pos, p.last(), pairs[i][1], pairs[i][0], tree)
	}
	return tree
}

// always reports whether a condition is True.
func always(condition *Tree) bool { return condition.Kind == Number && condition.Value != 0 }
