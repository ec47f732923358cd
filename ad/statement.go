package ad

import (
	"slices"
	"strings"
)

// Equations are the statements of equation text in the order written.
type Equations struct {
	Text       string
	Statements []Statement
}

// Statement is one equation: Target = Expr, or d Target/dt = Expr.
type Statement struct {
	Target     string
	Derivative bool
	Expr       *Tree // functions defined in the text are expanded
	Pos        int   // offset of Target in the text
}

// Parse reads equations, one per line or separated by semicolons:
//
//	u = w*S + I          # an assignment
//	f(x) = x/(1 + x)     # a function, expanded where it is used
//	S' = -S/tau + f(u)   # a derivative; also dS/dt = …, d/dt S = …, d/dt * S = …
//
// A line goes on inside parentheses and after a trailing backslash; # starts a comment. Powers are ^ or **,
// group to the right and bind tighter than a sign; the truth values are 1 and 0. pi, π and E are constants
// unless assigned in the text or listed in symbols, the names that stand for themselves although they are
// also a constant or a function. Functions are the ops of the table, their usual synonyms (ln, Abs, np.exp),
// a if c else b and Piecewise, which become where, and Heaviside, which is 1 at 0. Complex numbers are
// refused. The error is a [*ParseError].
func Parse(text string, symbols ...string) (*Equations, error) {
	tokens, err := lex(text, false)
	if err != nil {
		return nil, err
	}
	p := newParser(text, symbols)
	heads := p.heads(tokens)
	equations := &Equations{Text: text}
	for _, h := range heads {
		if h.function != nil {
			p.define(h.function)
			continue
		}
		p.tokens, p.next = h.body, 1
		tree := p.whole("the right-hand side is empty", "write an expression, or 0")
		equations.Statements = append(equations.Statements,
			Statement{Target: h.target.text, Derivative: h.derivative, Expr: tree, Pos: h.target.pos})
	}
	if p.err != nil {
		return nil, p.err
	}
	return equations, nil
}

// head is a statement whose left side is read. body begins with the =.
type head struct {
	target     token
	derivative bool
	function   *function
	body       []token
}

// heads splits the tokens into statements and reads what stands left of each =, so that names are known
// before any right-hand side is read.
func (p *parser) heads(tokens []token) []head {
	var heads []head
	first := 0
	for i, t := range tokens {
		if t.kind != tokenBreak && t.kind != tokenEnd {
			continue
		}
		if i > first {
			p.tokens, p.next = tokens[first:i], 0
			heads = append(heads, p.head())
		}
		first = i + 1
	}
	assigned := map[string]head{}
	for _, h := range heads {
		p.checkTarget(h, assigned)
		assigned[h.target.text] = h
	}
	return heads
}

// head reads name =, name' =, dname/dt =, d/dt name =, d/dt * name = or name(parameters) =.
func (p *parser) head() head {
	all := p.tokens
	equals := 0
	for equals < len(all) && !all[equals].is("=") {
		equals++
	}
	start, end := all[0].pos, all[len(all)-1].end
	if equals == len(all) {
		remedy := "write name = expression, or x' = expression"
		if _, operator := operators[all[0].text]; operator {
			remedy = "a line continues inside parentheses or after a backslash"
		} else if slices.ContainsFunc(all, func(t token) bool { return t.is("==") }) {
			remedy = "write an equation with a single ="
		}
		p.fail(start, end, remedy, "this is no equation: it has no =")
		return head{}
	}
	if equals == 0 {
		p.fail(start, all[0].end, "write name = expression", "the name left of = is missing")
		return head{}
	}
	left := all[:equals]
	h := head{target: left[0], body: all[equals:]}
	switch shape := shapeOf(left); {
	case shape == "x":
	case shape == "x '":
		h.derivative = true
	case shape == "x / dt" && left[0].text[0] == 'd' && isNameStart(second(left[0].text)):
		h.derivative = true
		h.target.text, h.target.pos = left[0].text[1:], left[0].pos+1
	case shape == "d / dt x", shape == "d / dt * x":
		h.derivative, h.target = true, left[len(left)-1]
	case strings.HasPrefix(shape, "x (") && left[equals-1].is(")"):
		h.function = p.signature(left, h.body)
	default:
		p.badTarget(left, shape)
	}
	return h
}

// shapeOf is the left side of an equation with x for every name but d and dt where these make d/dt.
func shapeOf(left []token) string {
	words := make([]string, len(left))
	for i, t := range left {
		switch {
		case t.kind == tokenNumber:
			words[i] = "1"
		case t.kind != tokenName:
			words[i] = t.text
		case i == 2 && t.text == "dt":
			words[i] = "dt"
		case i == 0 && t.text == "d" && len(left) > 3 && left[2].text == "dt":
			words[i] = "d"
		default:
			words[i] = "x"
		}
	}
	return strings.Join(words, " ")
}

func (p *parser) badTarget(left []token, shape string) {
	pos, end := left[0].pos, left[len(left)-1].end
	const forms = "write name = …, x' = …, dx/dt = …, d/dt x = … or f(x, y) = …"
	switch {
	case shape == "1":
		p.fail(pos, end, "write a name left of =", "a number cannot be assigned to")
	case shape == "x ' '":
		p.fail(left[1].pos, end, "write two equations: x' = v and v' = …", "only first derivatives are supported")
	case shape == "x / dt":
		p.fail(pos, end, "write dx/dt = … or d/dt x = …", "the name of the state is missing")
	case keywords[left[0].text] && len(left) == 1:
		p.fail(pos, end, "choose another name", "%q cannot be a name", left[0].text)
	default:
		p.fail(pos, end, forms, "what stands left of = is neither a name nor a derivative nor a function")
	}
}

// checkTarget refuses names that are taken and records those that now are.
func (p *parser) checkTarget(h head, assigned map[string]head) {
	name := h.target.text
	if p.err != nil {
		return
	}
	before, twice := assigned[name]
	fail := func(remedy, format string, args ...any) { p.fail(h.target.pos, h.target.end, remedy, format, args...) }
	_, constant := constants[name]
	switch {
	case strings.Contains(name, "."):
		fail("leave out what stands before the dot", "a name has no dot, got %q", name)
	case h.function != nil && p.symbols[name] && !twice, h.function != nil && constant:
		fail("choose another name for the function", "%q is already a symbol", name)
	case !p.symbols[name] && p.functions[name] == nil && p.isFunction(name):
		fail("choose another name, such as my_"+name, "%q is a function of the language", name)
	case twice && (h.function != nil) != (before.function != nil):
		fail("choose different names", "%q is both a function and a symbol", name)
	case twice && h.derivative && before.derivative:
		fail("add the terms up in one equation", "the derivative of %q is given twice", name)
	case twice && h.derivative != before.derivative:
		fail("a state has a derivative, any other variable one assignment", "%q has both a derivative and an assignment", name)
	case twice:
		fail("remove one of the two, or choose another name", "%q is defined twice", name)
	}
	if h.function != nil {
		p.functions[name] = h.function
	} else {
		p.symbols[name] = true
	}
}

// Symbols lists the names that the equations use but do not define, each once, in order of first use.
func (e *Equations) Symbols() []string {
	seen := map[string]bool{}
	for _, s := range e.Statements {
		seen[s.Target] = true
	}
	var names []string
	for _, s := range e.Statements {
		for _, name := range s.Expr.Symbols() {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// String is the equations as plain text, one per line, functions expanded; [Parse] reads it as the same
// equations if the same symbols are declared.
func (e *Equations) String() string {
	var b strings.Builder
	for _, s := range e.Statements {
		b.WriteString(s.Target)
		if s.Derivative {
			b.WriteString("'")
		}
		b.WriteString(" = ")
		s.Expr.write(&b)
		b.WriteString("\n")
	}
	return b.String()
}
