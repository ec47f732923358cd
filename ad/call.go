package ad

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/internal/suggest"
)

// synonyms are other names of ops; each computes exactly what its op does.
var synonyms = map[string]string{
	"ln": "log", "arctan": "atan", "logistic": "sigmoid", "expit": "sigmoid", "Abs": "abs", "fabs": "abs", "absv": "abs",
	"sgn": "sign", "Mod": "mod", "remainder": "mod", "power": "pow", "Min": "min", "minimum": "min", "Max": "max",
	"maximum": "max", "logical_and": "and", "And": "and", "logical_or": "or", "Or": "or", "logical_not": "not", "Not": "not",
}

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

const complexRemedy = "write the real and imaginary part as two variables"

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
