package ad

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// LaTeX is the expression in LaTeX's mathematics mode: quotients as fractions, where as cases, names of
// Greek letters as the letters, what follows _ in a name as a subscript, longer names upright.
func (t *Tree) LaTeX() string {
	var w latexWriter
	w.write(t)
	return w.String()
}

// LaTeX is the equations as an align environment, one row each; derivatives carry a dot. It is empty if
// there are none.
func (e *Equations) LaTeX() string {
	if len(e.Statements) == 0 {
		return ""
	}
	rows := make([]string, len(e.Statements))
	for i, s := range e.Statements {
		rows[i] = latexName(s.Target, s.Derivative) + " &= " + s.Expr.LaTeX()
	}
	return "\\begin{align}\n" + strings.Join(rows, " \\\\\n") + "\n\\end{align}"
}

type latexWriter struct {
	strings.Builder
	repeating bool // inside an operand that the template of its op shows twice
}

func (w *latexWriter) write(t *Tree) {
	switch {
	case t.Kind == Number:
		w.WriteString(latexNumber(t))
	case t.Kind == Name:
		w.WriteString(latexName(t.Name, false))
	case t.Name == "where" && len(t.Args) == 3:
		w.cases(t)
	case t.Name == "div" && t.operator() && isNegation(t.Args[0]):
		w.WriteString("-")
		w.template(`\frac{#1}{#2}`, []*Tree{t.Args[0].Args[0], t.Args[1]}, nil)
	case t.Name == "mul" && t.operator() && startsWithDigit(t.Args[1]):
		w.template(`#1 \cdot #2`, t.Args, t)
	default:
		w.call(t)
	}
}

// call writes an op by its template, or as a function of that name.
func (w *latexWriter) call(t *Tree) {
	op := lookup(t.Name)
	if op == nil || op.Arity != len(t.Args) {
		w.function(t)
		return
	}
	if strings.Count(op.LaTeX, "#1") < 2 {
		w.template(op.LaTeX, t.Args, t)
		return
	}
	if w.repeating { // nested repetition would double the length at every level
		w.function(t)
		return
	}
	w.repeating = true
	w.template(op.LaTeX, t.Args, t)
	w.repeating = false
}

func (w *latexWriter) function(t *Tree) {
	w.WriteString(`\operatorname{` + strings.ReplaceAll(t.Name, "_", `\_`) + `}\left(`)
	for i, arg := range t.Args {
		if i > 0 {
			w.WriteString(", ")
		}
		w.write(arg)
	}
	w.WriteString(`\right)`)
}

// template writes the operands in place of #1, #2, #3, in parentheses where t needs them; t is nil where
// none are needed.
func (w *latexWriter) template(form string, operands []*Tree, t *Tree) {
	for {
		text, rest, found := strings.Cut(form, "#")
		w.WriteString(text)
		if !found {
			return
		}
		i := int(rest[0] - '1')
		form = rest[1:]
		if t != nil && latexParenthesised(t, i, text, form) {
			w.WriteString(`\left(`)
			w.write(operands[i])
			w.WriteString(`\right)`)
		} else {
			w.write(operands[i])
		}
	}
}

// cases writes where(condition, a, where(…)) as one block.
func (w *latexWriter) cases(t *Tree) {
	w.WriteString(`\begin{cases} `)
	for t.Kind == Call && t.Name == "where" && len(t.Args) == 3 {
		w.write(t.Args[1])
		w.WriteString(` & \text{if } `)
		w.write(t.Args[0])
		w.WriteString(` \\ `)
		t = t.Args[2]
	}
	w.write(t)
	w.WriteString(` & \text{otherwise} \end{cases}`)
}

// latexParenthesised reports whether operand i of t needs parentheses between the texts before and behind it.
func latexParenthesised(t *Tree, i int, before, behind string) bool {
	operand := t.Args[i]
	level := latexLevel(operand)
	if !t.operator() {
		return !delimited(before, behind) && (level < levelPower || leadingMinus(operand))
	}
	own := forms[t.Name].level
	switch {
	case t.Name == "div", t.Name == "pow" && i == 1:
		return false
	case t.Name == "pow":
		return level < levelAtom
	case t.Name == "not":
		return level < levelUnary
	case t.Name == "neg":
		return level < levelProduct || leadingMinus(operand)
	case own == levelCompare:
		return level <= own
	case i == 0:
		return level < own
	}
	return level <= own || own > levelCompare && leadingMinus(operand)
}

// delimited reports whether the texts around an operand enclose it.
func delimited(before, behind string) bool {
	before, behind = strings.TrimSpace(before), strings.TrimSpace(behind)
	opened := before == ""
	for _, end := range []string{"(", "{", "|", ",", "floor"} {
		opened = opened || strings.HasSuffix(before, end)
	}
	closed := behind == ""
	for _, start := range []string{`\right`, "}", ","} {
		closed = closed || strings.HasPrefix(behind, start)
	}
	return opened && closed
}

// latexLevel is how tightly the LaTeX form of t binds.
func latexLevel(t *Tree) int {
	switch {
	case t.Kind == Number && t.Name == "":
		if math.Signbit(t.Value) {
			return levelUnary
		}
		if strings.Contains(latexNumber(t), " ") {
			return levelProduct
		}
		return levelAtom
	case t.Kind != Call:
		return levelAtom
	case t.Name == "where":
		return levelAny
	case t.Name == "mod":
		return levelCompare // a mod b + c could be read either way
	case t.Name == "div" && t.operator():
		return levelPower // the fraction holds its operands together
	case t.operator():
		return forms[t.Name].level
	}
	return levelPower
}

// leadingMinus reports whether the LaTeX form of t begins with a minus sign.
func leadingMinus(t *Tree) bool {
	for t.Name == "mul" && t.operator() {
		t = t.Args[0]
	}
	return isNegation(t) || t.Name == "div" && t.operator() && isNegation(t.Args[0]) ||
		t.Kind == Number && math.Signbit(t.Value)
}

func isNegation(t *Tree) bool { return t.Name == "neg" && t.operator() }

// startsWithDigit reports whether the LaTeX form of t begins with a digit, which would join a number
// before it.
func startsWithDigit(t *Tree) bool {
	if t.Name == "pow" && t.operator() {
		t = t.Args[0]
	}
	return t.Kind == Number && t.Name == "" && !math.Signbit(t.Value)
}

func latexNumber(t *Tree) string {
	switch t.Name {
	case "":
	case "E":
		return "e"
	default:
		return `\pi`
	}
	text := strconv.FormatFloat(t.Value, 'g', -1, 64)
	mantissa, exponent, scientific := strings.Cut(text, "e")
	if !scientific {
		return text
	}
	power, _ := strconv.Atoi(exponent)
	if mantissa == "1" {
		return fmt.Sprintf("10^{%d}", power)
	}
	return fmt.Sprintf(`%s \cdot 10^{%d}`, mantissa, power)
}

// latexName writes tau_s as \tau_{s}, y0 as y_{0} and, for a derivative, x as \dot{x}.
func latexName(name string, dot bool) string {
	parts := strings.Split(name, "_")
	base := strings.TrimRight(parts[0], "0123456789")
	var subscripts []string
	for i, part := range parts {
		if i == 0 {
			part = part[len(base):]
		}
		if part != "" {
			subscripts = append(subscripts, latexWord(part))
		}
	}
	symbol := latexWord(base)
	if base == "" { // _x: nothing to put a subscript on
		symbol, subscripts = `\mathrm{`+strings.ReplaceAll(name, "_", `\_`)+`}`, nil
	}
	if dot {
		symbol = `\dot{` + symbol + `}`
	}
	if len(subscripts) > 0 {
		symbol += "_{" + strings.Join(subscripts, ",") + "}"
	}
	return symbol
}

func latexWord(word string) string {
	if letter, ok := greek[word]; ok {
		return letter
	}
	if utf8.RuneCountInString(word) == 1 || strings.Trim(word, "0123456789") == "" {
		return word
	}
	return `\mathrm{` + word + `}`
}

// greek maps spelled and single Greek letters to LaTeX. Letters that LaTeX lacks look like Latin ones.
var greek = greekLetters(`α alpha β beta γ gamma δ delta ϵ epsilon ε varepsilon ζ zeta η eta θ theta ϑ vartheta ι iota
	κ kappa λ lambda μ mu ν nu ξ xi π pi ρ rho σ sigma ς varsigma τ tau υ upsilon ϕ phi φ varphi χ chi ψ psi ω omega
	Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega`)

func greekLetters(list string) map[string]string {
	words := strings.Fields(list)
	letters := map[string]string{"lamda": `\lambda`, "ο": "o", "µ": `\mu`}
	for i := 0; i < len(words); i += 2 {
		letters[words[i]] = `\` + words[i+1]
		letters[words[i+1]] = `\` + words[i+1]
	}
	return letters
}
