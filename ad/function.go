package ad

import (
	"slices"
	"strings"
)

// function is a user-defined function. Its body is read when it is first used, or else at its place.
type function struct {
	name   token
	params []string
	body   []token // from the = on
	tree   *Tree   // once read; its parameters are marked
	open   bool    // being read
}

// signature reads name(parameters).
func (p *parser) signature(left, body []token) *function {
	f := &function{name: left[0], body: body}
	inner := left[2 : len(left)-1]
	for i, t := range inner {
		comma := i%2 == 1
		last := i == len(inner)-1
		switch {
		case comma != t.is(","), comma && last, !comma && t.kind != tokenName:
			p.fail(t.pos, t.end, "write f(x, y) = …", "the parameters of a function are names separated by commas")
		case comma:
			continue
		case strings.Contains(t.text, "."):
			p.fail(t.pos, t.end, "leave out what stands before the dot", "a name has no dot, got %q", t.text)
		case slices.Contains(f.params, t.text):
			p.fail(t.pos, t.end, "give each parameter its own name", "the parameter %q is listed twice", t.text)
		case p.isFunction(t.text):
			p.fail(t.pos, t.end, "choose another name", "%q is a function of the language", t.text)
		}
		f.params = append(f.params, t.text)
	}
	return f
}

// define reads the body of a function, unless that is done.
func (p *parser) define(f *function) {
	if f.tree != nil || p.err != nil {
		return
	}
	tokens, next, parameter := p.tokens, p.next, p.parameter
	p.tokens, p.next, p.parameter = f.body, 1, map[string]int{}
	for i, name := range f.params {
		p.parameter[name] = i + 1
	}
	f.open = true
	tree := p.whole("the right-hand side is empty", "write the value of the function")
	f.open = false
	if p.err == nil {
		f.tree = tree
	}
	p.tokens, p.next, p.parameter = tokens, next, parameter
}

// expand is the body of f with the arguments in place of its parameters.
func (p *parser) expand(f *function, t token, args []*Tree) *Tree {
	if f.open {
		return p.fail(t.pos, t.end, "recursion is not supported: write the function without itself",
			"%q is used in its own definition", f.name.text)
	}
	p.enter()
	defer p.leave()
	p.define(f)
	if p.err != nil {
		return &Tree{}
	}
	return p.substitute(f.tree, args, make([]bool, len(args)))
}

// substitute copies a tree with its parameters replaced by the arguments; an argument that is used again is
// copied, so that the result is a tree. A parameter that an argument itself holds belongs to the function
// around the call and stays.
func (p *parser) substitute(t *Tree, args []*Tree, used []bool) *Tree {
	if i := t.parameter - 1; i >= 0 && args != nil {
		if used[i] {
			return p.copy(args[i])
		}
		used[i] = true
		return args[i]
	}
	if p.err != nil {
		return t
	}
	twin := *t
	twin.Args, twin.depth = nil, 0
	for _, arg := range t.Args {
		twin.Args = append(twin.Args, p.substitute(arg, args, used))
	}
	return p.add(&twin)
}

// copy makes a tree that may be put in a second place.
func (p *parser) copy(t *Tree) *Tree { return p.substitute(t, nil, nil) }
