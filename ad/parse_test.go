package ad

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

// evalTree computes a tree with Go's own operators: the independent reading of what a text means.
func evalTree(t *Tree, env map[string]float64) float64 {
	if t.Kind == Number {
		return t.Value
	}
	if t.Kind == Name {
		return env[t.Name]
	}
	var x [3]float64
	for i, arg := range t.Args {
		x[i] = evalTree(arg, env)
	}
	is := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	switch t.Name {
	case "add":
		return x[0] + x[1]
	case "sub":
		return x[0] - x[1]
	case "mul":
		return x[0] * x[1]
	case "div":
		return x[0] / x[1]
	case "mod":
		return x[0] - x[1]*math.Floor(x[0]/x[1])
	case "neg":
		return -x[0]
	case "pow":
		return math.Pow(x[0], x[1])
	case "less":
		return is(x[0] < x[1])
	case "lesseq":
		return is(x[0] <= x[1])
	case "greater":
		return is(x[0] > x[1])
	case "greatereq":
		return is(x[0] >= x[1])
	case "equal":
		return is(x[0] == x[1])
	case "notequal":
		return is(x[0] != x[1])
	case "and":
		return is(x[0] != 0 && x[1] != 0)
	case "or":
		return is(x[0] != 0 || x[1] != 0)
	case "not":
		return is(x[0] == 0)
	case "where":
		if x[0] != 0 {
			return x[1]
		}
		return x[2]
	case "clip":
		return min(max(x[0], x[1]), x[2])
	case "min":
		return min(x[0], x[1])
	case "max":
		return max(x[0], x[1])
	case "floor":
		return math.Floor(x[0])
	case "abs":
		return math.Abs(x[0])
	case "exp":
		return math.Exp(x[0])
	case "log":
		return math.Log(x[0])
	case "sqrt":
		return math.Sqrt(x[0])
	}
	panic("no value for " + t.Name)
}

func TestMeaning(t *testing.T) {
	env := map[string]float64{"a": 2, "b": 3, "c": 5, "lambda": 7, "in": 11, "τ_s": 13, "e": 17, "I": 19}
	cases := []struct {
		text string
		want float64
	}{
		{"1", 1}, {".5", 0.5}, {"1.", 1}, {"1e-3", 1e-3}, {"1E5", 1e5}, {"1.5e+2", 150}, {"0.1", 0.1},
		{"2^3^2", 512}, {"2**3**2", 512}, {"(2^3)^2", 64}, {"-2^2", -4}, {"(-2)^2", 4}, {"2**-1", 0.5}, {"2^-2^2", 1.0 / 16},
		{"-2^-2", -0.25}, {"2^+3", 8}, {"--3", 3}, {"+-+3", -3}, {"10 - 4 - 3", 3}, {"10 - (4 - 3)", 9}, {"24/4/3", 2}, {"24/(4/3)", 18},
		{"2*-3", -6}, {"2 + 3*4", 14}, {"(2 + 3)*4", 20}, {"2*3^2", 18}, {"-2*3", -6}, {"7 % 4 * 2", 6}, {"2*7 % 4", 2}, {"-7 % 3", 2}, {"7 % -3", -2},
		{"1 + 2 < 4", 1}, {"2 <= 2", 1}, {"2 >= 3", 0}, {"2 != 3", 1}, {"2 ≤ 1", 0}, {"2 ≥ 1", 1}, {"2 ≠ 2", 0}, {"2·3 − 1×4", 2},
		{"1 or 0 and 0", 1}, {"(1 or 0) and 0", 0}, {"not 1 or 1", 1}, {"not (1 or 1)", 0}, {"not 0 and 0", 0}, {"not 2 == 3", 1}, {"!2 == 0", 1},
		{"1 | 0 & 0", 1}, {"1 || 0 && 0", 1}, {"~0", 1}, {"a < b & b < c", 1}, {"(a > b) | (b < c)", 1}, {"not not 3", 1}, {"(not a) == 0", 1}, {"1 and not 0", 1},
		{"a if 1 else b", 2}, {"a if 0 else b", 3}, {"a if 0 else b if 0 else c", 5}, {"a if 0 else b if 1 else c", 3}, {"(a if 1 else b) if 0 else c", 5},
		{"a + 1 if a > b else c*2", 10}, {"1 + (2 if a < b else 3)", 3}, {"a if b > 2 and c > 4 else c", 2},
		{"where(a > b, a, b)", 3}, {"Piecewise((a, a > b), (b, True))", 3}, {"Piecewise((a, a > b), (b, b > c), (c, 1))", 5}, {"Piecewise((a, True))", 2},
		{"Piecewise((1, a < b), (2, a < c), (3, True))", 1}, {"True + True", 2}, {"False", 0}, {"clip(c, a, b)", 3},
		{"min(c, b, a)", 2}, {"max(a, c, b, 4)", 5}, {"exp(1) - E", 0}, {"np.exp(0) + jnp.sqrt(4) + numpy.abs(-1) + math.floor(2.5) + sp.log(1)", 6},
		{"np.pi - pi", 0}, {"math.e - E", 0}, {"np.E - E", 0}, {"π - pi", 0}, {"lambda + in + τ_s + e + I", 67}, {"ceil(2.2)", 3}, {"ceil(-2.2)", -2}, {"square(-3)", 9},
		{"Heaviside(-1)", 0}, {"Heaviside(0)", 1}, {"Heaviside(2)", 1}, {"Heaviside(0, 0.5)", 0.5}, {"np.heaviside(2, 0.5)", 1}, {"heaviside(-2, 0.5)", 0},
		{"( 1 +\n 2 ) # three", 3}, {"\uFEFF1 +\r\n\t2", 3}, {"1 + \\\n 2", 3}, {"add(sub(a, b), neg(c))", -6}, {"not(a)", 0}, {"And(1, 1, 0)", 0}, {"Or(0, 0, 1)", 1}, {"And(1, 2, 3)", 1},
	}
	for _, c := range cases {
		tree, err := ParseExpr(c.text)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := evalTree(tree, env); got != c.want {
			t.Errorf("%s = %v, want %v", c.text, got, c.want)
		}
		again, err := ParseExpr(tree.String())
		if err != nil || !again.Equal(tree) {
			t.Errorf("%s is printed as %s, which is another tree (%v)", c.text, tree, err)
		}
	}
}

// Every synonym builds the very tree of what it stands for.
func TestSynonyms(t *testing.T) {
	cases := map[string]string{
		"ln(x)": "log(x)", "arctan(x)": "atan(x)", "logistic(x)": "sigmoid(x)", "expit(x)": "sigmoid(x)", "Abs(x)": "abs(x)",
		"fabs(x)": "abs(x)", "absv(x)": "abs(x)", "sgn(x)": "sign(x)", "Mod(x, y)": "x % y", "remainder(x, y)": "mod(x, y)",
		"power(x, y)": "x^y", "pow(x, y)": "x^y", "square(x)": "x^2", "Min(x, y)": "min(x, y)", "minimum(x, y)": "min(x, y)",
		"Max(x, y, z)": "max(max(x, y), z)", "maximum(x, y)": "max(x, y)", "logical_and(x, y)": "x and y", "And(x, y)": "x and y",
		"logical_or(x, y)": "x or y", "Or(x, y)": "x or y", "logical_not(x)": "not x", "Not(x)": "not x", "ceil(x)": "-floor(-x)",
		"Heaviside(x)": "where(x >= 0, 1, 0)", "heaviside(x, y)": "where(x > 0, 1, where(x == 0, y, 0))",
		"Piecewise((x, y > 0), (z, True))": "where(y > 0, x, z)", "x if y else z": "where(y, x, z)", "np.log(x)": "log(x)", "True": "1",
		"x**y": "x^y", "x && y || !z": "x and y or not z", "x & y | ~z": "x and y or not z", "less(x, y)": "x < y",
	}
	for text, plain := range cases {
		got, err := ParseExpr(text)
		if err != nil {
			t.Error(err)
			continue
		}
		if want, _ := ParseExpr(plain); !got.Equal(want) {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	for name, op := range synonyms {
		if lookup(op) == nil {
			t.Errorf("%s stands for %s, which is no op", name, op)
		}
		if !slices.ContainsFunc(slices.Collect(maps.Keys(cases)), func(text string) bool { return strings.HasPrefix(text, name+"(") }) {
			t.Errorf("synonym %s is not tested", name)
		}
	}
	for op := range forms {
		if lookup(op) == nil {
			t.Errorf("the operator %s is no op", op)
		}
	}
}

// Plain text has no more parentheses than the tree needs.
func TestString(t *testing.T) {
	cases := map[string]string{
		"((a)+(b))+c": "a + b + c", "a+(b+c)": "a + (b + c)", "a-(b-c)": "a - (b - c)", "(a*b)/c": "a*b/c", "a*(b/c)": "a*(b/c)", "a/(b*c)": "a/(b*c)",
		"(a^b)^c": "(a^b)^c", "a^(b^c)": "a^b^c", "a^(-b)": "a^-b", "(-a)^b": "(-a)^b", "-(a^b)": "-a^b", "(-a)*b": "-a*b", "-(a*b)": "-(a*b)", "a*(-b)": "a*-b",
		"a^(b*c)": "a^(b*c)", "-(-a)": "--a", "(a<b) and (b<c)": "a < b and b < c", "(a and b) or c": "a and b or c", "a and (b or c)": "a and (b or c)",
		"not (a == b)": "not a == b", "(!a) == b": "(not a) == b", "!a": "not a", "-(!a)": "-(not a)", "(a<b) < c": "(a < b) < c", "min((a), b)": "min(a, b)", "min(min(a, b), c)": "min(a, b, c)", "min(a, min(b, c))": "min(a, min(b, c))",
		"1e-9 + 1E5 + 0.50": "1e-09 + 100000 + 0.5", "a % (b % c)": "a % (b % c)", "2*pi*E": "2*pi*E",
		"where(a if b else c, 1, 0)": "where(where(b, a, c), 1, 0)",
	}
	for text, want := range cases {
		tree, err := ParseExpr(text)
		if err != nil {
			t.Error(err)
			continue
		}
		if tree.String() != want {
			t.Errorf("%s is printed as %s, want %s", text, tree, want)
		}
	}
}

func TestStatements(t *testing.T) {
	text := `# a comment; with a semicolon
x' = -x + \
     y            # continued
d/dt * y = (x
	- y);  dz/dt = u
d/dt τ = E
u = f(x, g(y)); in = x_dot + let
f(p, q) = p*g(q) + shift
g(p) = p^2 + p; x_dot = 1
`
	e, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	want := `x' = -x + y
y' = x - y
z' = u
τ' = E
u = x*((y^2 + y)^2 + (y^2 + y)) + shift
in = x_dot + let
x_dot = 1
`
	if e.String() != want {
		t.Errorf("got\n%swant\n%s", e, want)
	}
	for _, s := range e.Statements {
		if !strings.HasPrefix(text[s.Pos:], s.Target) {
			t.Errorf("the place of %s is %q", s.Target, text[s.Pos:])
		}
	}
	if got, want := e.Symbols(), []string{"shift", "let"}; !slices.Equal(got, want) {
		t.Errorf("symbols %v, want %v", got, want)
	}
	again, err := Parse(e.String())
	if err != nil || !slices.EqualFunc(e.Statements, again.Statements, sameStatement) {
		t.Errorf("%s is read as\n%s (%v)", e, again, err)
	}
}

func sameStatement(a, b Statement) bool {
	return a.Target == b.Target && a.Derivative == b.Derivative && a.Expr.Equal(b.Expr)
}

// A name that is assigned or declared hides the constant or function of that name; parameters hide both.
func TestScopes(t *testing.T) {
	cases := []struct {
		text    string
		symbols []string
		want    string
		free    []string
	}{
		{"x = E + pi", nil, "x = E + pi\n", nil},
		{"x = E + pi", []string{"E"}, "x = E + pi\n", []string{"E"}},
		{"E' = -E + np.e", nil, "E' = -E + 2.718281828459045\n", nil},
		{"f(E) = E*x; y = f(2) + E", nil, "y = 2*x + E\n", []string{"x"}},
		{"f(x) = g(x) + 1; g(y) = x*y; z = f(3)", nil, "z = x*3 + 1\n", []string{"x"}},
		{"f(x, y) = g(y, x); g(x, y) = x - y; z = f(1, 2)", nil, "z = 2 - 1\n", nil},
		{"x = sign + sign(2)", []string{"sign"}, "x = sign + sign(2)\n", []string{"sign"}},
		{"f() = 3; x = f()", nil, "x = 3\n", nil},
		{"re = 1; im = 2; I = re", nil, "re = 1\nim = 2\nI = re\n", nil},
		{"re(x) = x; y = re(1)", nil, "y = 1\n", nil},
		{"d/dt S = d; d = 2; dt = 1; y = d/dt", nil, "S' = d\nd = 2\ndt = 1\ny = d/dt\n", nil},
		{"", nil, "", nil}, {"\n;;# nothing\n", nil, "", nil},
	}
	for _, c := range cases {
		e, err := Parse(c.text, c.symbols...)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if e.String() != c.want || !slices.Equal(e.Symbols(), c.free) {
			t.Errorf("%s is %s with symbols %v, want %s with %v", c.text, e, e.Symbols(), c.want, c.free)
		}
	}
}

// The place of a node is what was written, so that errors found later mark it.
func TestPlaces(t *testing.T) {
	text := "x' = a*(b + c) - f(-d)\nf(y) = y + sqrt(unknown)"
	e, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	e.Statements[0].Expr.walk(func(node *Tree) { got = append(got, text[node.Pos:node.End]) })
	want := []string{"a*(b + c) - f(-d)", "a*(b + c)", "a", "b + c", "b", "c", "y + sqrt(unknown)", "-d", "d", "sqrt(unknown)", "unknown"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	node := e.Statements[0].Expr.Args[1].Args[1].Args[0]
	err = ErrorAt(text, node, "unknown symbol %q\ndeclare it as a parameter", node.Name)
	wantError := "ad: unknown symbol \"unknown\"\n  f(y) = y + sqrt(unknown)\n                  ^^^^^^^\n  declare it as a parameter"
	if err.Error() != wantError {
		t.Errorf("got\n%v\nwant\n%s", err, wantError)
	}
	var parseError *ParseError
	if !errors.As(err, &parseError) || parseError.Pos != node.Pos {
		t.Errorf("ErrorAt returns %#v", err)
	}
	for _, odd := range []*Tree{nil, {Pos: -5, End: -9}, {Pos: 1 << 40, End: 1 << 41}, {Pos: 30, End: 2}} {
		if n := strings.Count(ErrorAt(text, odd, "odd").Error(), "\n"); n != 2 {
			t.Errorf("an error at %v has %d line breaks", odd, n)
		}
	}
}

// Text that would take too long, too much stack or too much memory is refused.
func TestLimits(t *testing.T) {
	double := "f0(x) = x + x\n"
	for i := 1; i < 40; i++ {
		double += fmt.Sprintf("f%d(x) = f%d(f%d(x))\n", i, i-1, i-1)
	}
	pairs := strings.Repeat("(a, b), ", 600) + "(c, True)"
	cases := map[string]string{
		strings.Repeat("(", 501) + "x" + strings.Repeat(")", 501):         "nested",
		strings.Repeat("(", 200_000) + strings.Repeat(")", 200_000):       "nested",
		strings.Repeat("-", 501) + "x":                                    "nested",
		strings.Repeat("2^", 501) + "x":                                   "nested",
		strings.Repeat("not ", 501) + "x":                                 "nested",
		strings.Repeat("exp(", 501) + "x" + strings.Repeat(")", 501):      "nested",
		strings.Repeat("a if b else ", 501) + "x":                         "nested",
		"Piecewise(" + pairs + ")":                                        "nested",
		strings.Repeat("x + ", 60_000) + "x":                              "more than",
		strings.Repeat("(", 500) + "x" + strings.Repeat(")", 500):         "",
		strings.Repeat("-", 500) + "x":                                    "",
		strings.Repeat("x + ", 40_000) + "x":                              "",
		"min(" + strings.Repeat("x, ", 2000) + "x)":                       "",
		"x" + strings.Repeat("1", maxName-1):                              "",
		"x" + strings.Repeat("1", maxName):                                "this name has 257 bytes; at most 256 are read",
		"x ." + strings.Repeat("1", 100_000):                              "missing before \"." + strings.Repeat("1", maxSource-1) + "…\"\n",
		strings.Repeat("((x + 1)*", 250) + "x" + strings.Repeat(")", 250): "",
	}
	for text, want := range cases {
		tree, err := ParseExpr(text)
		if want != "" {
			checkMessage(t, err, want)
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if again, err := ParseExpr(tree.String()); err != nil || !again.Equal(tree) {
			t.Errorf("%.40s… does not survive printing: %v", text, err)
		}
		if tree.LaTeX() == "" {
			t.Errorf("%.40s… has no LaTeX", text)
		}
	}
	_, err := Parse(double + "y = f39(z)")
	checkMessage(t, err, "more than")
	_, err = Parse("f(x) = 1 - (1 - x)\ng(x) = " + strings.Repeat("f(", 300) + "x" + strings.Repeat(")", 300))
	checkMessage(t, err, "nested")
}

func checkMessage(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "\n") > 3 {
		t.Errorf("got %.300v, want an error with %q", err, want)
	}
}

// badEquations has every kind of error of [Parse] as users see it.
var badEquations = []struct{ text, want string }{
	// Unknown and misused names.
	{"x' = -x + sgimoid(y)", "unknown function \"sgimoid\", did you mean \"sigmoid\"?|          ^^^^^^^|for a product write sgimoid*(…); a function of your own is defined as sgimoid(x) = …"},
	{"rate(v) = v; x = rtae(2)", "unknown function \"rtae\", did you mean \"rate\"?|                 ^^^^|for a product write rtae*(…); a function of your own is defined as rtae(x) = …"},
	{"V = 1; x = V(t - tau)", "\"V\" is a symbol, not a function|           ^|for a product write V*(…); delays belong to the coupling"},
	{"x = exp + 1", "\"exp\" is a function|    ^^^|write exp(…) with its arguments, or choose another name for a symbol"},
	{"x = scipy.special.expit(y)", "unknown prefix in \"scipy.special.expit\"|    ^^^^^^^^^^^^^^^^^^^|write the bare name; only np., numpy., jnp., math. and sp. are dropped"},
	{"x = np.tau", "unknown constant \"np.tau\"|    ^^^^^^|only functions and pi and e may have a prefix"},
	// Calls.
	{"x = sigmoid(a, b)", "sigmoid takes 1 argument, got 2|    ^^^^^^^^^^^^^|write sigmoid(a)"},
	{"x = where(a, b)", "where takes 3 arguments, got 2|    ^^^^^^^^^^^|write where(a, b, c)"},
	{"x = ln()", "ln takes 1 argument, got 0|    ^^^^|write ln(a)"},
	{"x = min(a)", "min takes at least 2 arguments, got 1|    ^^^^^^|write min(a, b)"},
	{"x = Heaviside(a, b, c)", "Heaviside takes 1 or 2 arguments, got 3|    ^^^^^^^^^^^^^^^^^^|write Heaviside(a)"},
	{"f(x, y) = x; z = f(1)", "f takes 2 arguments, got 1|                 ^^^^|write f(a, b)"},
	{"x = clip(a, , c)", "an operand is missing before \",\"|            ^|every operator needs its operands, every comma an argument before and after it"},
	{"x = clip(a, b,)", "an operand is missing before \")\"|              ^|every operator needs its operands, every comma an argument before and after it"},
	{"x = clip(a, a_min=0)", "= inside an expression|                 ^|compare with ==; write one equation per line"},
	{"x = fmod(a, b)", "fmod is not supported|    ^^^^|write mod(a, b) or a % b, whose result has the sign of b"},
	{"x = log10(a)", "log10 is not supported|    ^^^^^|write log(x)/log(10)"},
	{"x = past(y, tau)", "past values are not supported in equations|    ^^^^|declare a delayed coupling and use its input"},
	{"x = Piecewise(a, b)", "Piecewise takes pairs (value, condition)|              ^|write Piecewise((value, condition), …, (value, True))"},
	{"x = Piecewise((a, b, c))", "a pair (value, condition) of Piecewise has 2 entries, got 3|              ^^^^^^^^^|write Piecewise((value, condition), …, (value, True))"},
	{"x = Piecewise((a, b > 0))", "Piecewise has no value where none of its conditions holds|    ^^^^^^^^^^^^^^^^^^^^^|write Piecewise((value, condition), …, (value, True))"},
	{"x = Piecewise((a, True), (b, c))", "a pair behind (value, True) is never reached|                         ^|write Piecewise((value, condition), …, (value, True))"},
	{"x = Piecewise((a, True) b)", "an operator is missing before \"b\"|                        ^|write a product with *"},
	// Complex numbers.
	{"z = 1 + 2.5j", "complex numbers are not supported|        ^^^^|write the real and imaginary part as two variables"},
	{"z = complex(1, 2)", "complex numbers are not supported|    ^^^^^^^|write the real and imaginary part as two variables"},
	{"z = np.real(w)", "complex numbers are not supported|    ^^^^^^^|write the real and imaginary part as two variables"},
	// Operators.
	{"x = a +", "an operand is missing at the end|       ^|a line continues inside parentheses or after a backslash"},
	{"x = a * / b", "an operand is missing before \"/\"|        ^|every operator needs its operands, every comma an argument before and after it"},
	{"x = 2a", "an operator is missing before \"a\"|     ^|write a product with *"},
	{"x = (a)(b)", "an operator is missing before \"(\"|       ^|write a product with *"},
	{"x = a not b", "an operator is missing before \"not\"|      ^^^|write and or or before it"},
	{"x = a < b <= c", "comparisons cannot be chained|          ^^|write a < b and b < c"},
	{"x = a == not b", "not needs parentheses here|         ^^^|write (not a)"},
	{"x = a if b", "if without else|          ^|write a if condition else b"},
	{"x = a else b", "else without if|      ^^^^|write a if condition else b"},
	{"x = (a, b)", "a comma outside the arguments of a function|      ^|pairs (value, condition) belong in Piecewise"},
	{"x = a, b", "unexpected \",\"|     ^|finish the expression before it"},
	{"x = y'", "a derivative may only stand left of =|     ^|give the right-hand side a name and use that"},
	{"x = y = z", "= inside an expression|      ^|compare with ==; write one equation per line"},
	{"x = a // b", "// is not an operator here|      ^^|write a floor division as floor(a/b); a comment starts with #"},
	// Parentheses and characters.
	{"x = (a + f(b)\ny = 2", "this parenthesis is never closed|    ^|add the missing )"},
	{"x = (a; y = 2", "this parenthesis is never closed|    ^|add the missing )"},
	{"x = a + b)", "this parenthesis was never opened|         ^|remove it, or add the missing ("},
	{"x = a[0]", "the character '[' has no meaning here|     ^|group with round parentheses ( )"},
	{"x = a²", "the character '²' has no meaning here|     ^|write a square as x^2"},
	{"x₁ = a", "the character '₁' has no meaning here| ^|write a subscript as _1"},
	{"x = a ? b", "the character '?' has no meaning here|      ^|use letters, digits, _ and the operators + - * / % ^ ( ) , < > = ! & |"},
	{"dv/dt = a : volt", "the character ':' has no meaning here|          ^|leave out units and types; write an equation with a single ="},
	{"x = a \\ b", "the character '\\\\' has no meaning here|      ^|a backslash continues a line only as its last character"},
	{"x = 1e999", "this number is too large for float64|    ^^^^^|the largest is about 1.8e308: rescale the equation"},
	// Left sides.
	{"x' =", "the right-hand side is empty|    ^|write an expression, or 0"},
	{"f(x) = # nothing", "the right-hand side is empty|      ^|write the value of the function"},
	{"= a", "the name left of = is missing|^|write name = expression"},
	{"a + b", "this is no equation: it has no =|^^^^^|write name = expression, or x' = expression"},
	{"x == 3", "this is no equation: it has no =|^^^^^^|write an equation with a single ="},
	{"x = a\n + b", "this is no equation: it has no =| ^^^|a line continues inside parentheses or after a backslash"},
	{"3 = x", "a number cannot be assigned to|^|write a name left of ="},
	{"if = 3", "\"if\" cannot be a name|^^|choose another name"},
	{"a + b = c", "what stands left of = is neither a name nor a derivative nor a function|^^^^^|write name = …, x' = …, dx/dt = …, d/dt x = … or f(x, y) = …"},
	{"x += c", "what stands left of = is neither a name nor a derivative nor a function|^^^|write name = …, x' = …, dx/dt = …, d/dt x = … or f(x, y) = …"},
	{"d/dt = c", "the name of the state is missing|^^^^|write dx/dt = … or d/dt x = …"},
	{"x'' = c", "only first derivatives are supported| ^^|write two equations: x' = v and v' = …"},
	{"np.x = c", "a name has no dot, got \"np.x\"|^^^^|leave out what stands before the dot"},
	{"exp = c", "\"exp\" is a function of the language|^^^|choose another name, such as my_exp"},
	{"add = c", "\"add\" is a function of the language|^^^|choose another name, such as my_add"},
	{"ln' = c", "\"ln\" is a function of the language|^^|choose another name, such as my_ln"},
	{"sigmoid(x) = x", "\"sigmoid\" is a function of the language|^^^^^^^|choose another name, such as my_sigmoid"},
	{"E(x) = x", "\"E\" is already a symbol|^|choose another name for the function"},
	// Defined twice.
	{"x = 1\nx = 2", "\"x\" is defined twice|^|remove one of the two, or choose another name"},
	{"f(x) = 1\nf(x) = 2", "\"f\" is defined twice|^|remove one of the two, or choose another name"},
	{"x' = 1; dx/dt = 2", "the derivative of \"x\" is given twice|         ^|add the terms up in one equation"},
	{"x' = 1; x = 2", "\"x\" has both a derivative and an assignment|        ^|a state has a derivative, any other variable one assignment"},
	{"f(x) = 1; f = 2", "\"f\" is both a function and a symbol|          ^|choose different names"},
	// Functions of the text.
	{"f(x) = f(x - 1)", "\"f\" is used in its own definition|       ^|recursion is not supported: write the function without itself"},
	{"f(x) = g(x); g(x) = 1 + f(x)", "\"f\" is used in its own definition|                        ^|recursion is not supported: write the function without itself"},
	{"f(x, 2) = x", "the parameters of a function are names separated by commas|     ^|write f(x, y) = …"},
	{"f(x,) = x", "the parameters of a function are names separated by commas|   ^|write f(x, y) = …"},
	{"f(x, x) = x", "the parameter \"x\" is listed twice|     ^|give each parameter its own name"},
	{"f(exp) = 1", "\"exp\" is a function of the language|  ^^^|choose another name"},
	{"f(np.x) = 1", "a name has no dot, got \"np.x\"|  ^^^^|leave out what stands before the dot"},
	{"f(g) = g(1); g(x) = x", "\"g\" is a symbol, not a function|       ^|for a product write g*(…); delays belong to the coupling"},
}

func TestErrors(t *testing.T) {
	for _, c := range badEquations {
		e, err := Parse(c.text)
		if err == nil {
			t.Errorf("%q is read as %s", c.text, e)
			continue
		}
		var parseError *ParseError
		if !errors.As(err, &parseError) {
			t.Errorf("%q: %T", c.text, err)
			continue
		}
		message, rest, _ := strings.Cut(c.want, "|")
		carets, remedy, _ := strings.Cut(rest, "|")
		line := strings.Split(c.text, "\n")[strings.Count(c.text[:parseError.Pos], "\n")]
		want := "ad: " + message + "\n  " + line + "\n  " + carets + "\n  " + remedy
		if err.Error() != want {
			t.Errorf("got\n%v\nwant\n%s", err, want)
		}
	}
}

func TestExprErrors(t *testing.T) {
	cases := map[string]string{
		"":           "ad: the expression is empty\n  \n  ^\n  write an expression such as a*x + b",
		"a = 1":      "ad: = inside an expression\n  a = 1\n    ^\n  compare with ==; write one equation per line",
		"a; b":       "ad: the character ';' has no meaning here\n  a; b\n   ^\n  use letters, digits, _ and the operators + - * / % ^ ( ) , < > = ! & |",
		"a +\n\tb c": "ad: an operator is missing before \"c\"\n      b c\n        ^\n  write a product with *",
		"τ + \xff":   "ad: the text is not valid UTF-8\n  τ + �\n      ^\n  save it as UTF-8",
		"αβγ αβγ":    "ad: an operator is missing before \"αβγ\"\n  αβγ αβγ\n      ^^^\n  write a product with *",
		"x(a +\nb)":  "ad: unknown function \"x\", known: ", // the ops in the order of their table
		strings.Repeat("a + ", 100) + "b c" + strings.Repeat(" + a", 100): "ad: an operator is missing before \"c\"\n  …" + strings.Repeat("+ a ", 9) +
			"+ b c" + strings.Repeat(" + a", 14) + " + …\n  " + strings.Repeat(" ", 41) + "^\n  write a product with *",
	}
	for text, want := range cases {
		tree, err := ParseExpr(text)
		if err == nil {
			t.Errorf("%q is read as %s", text, tree)
		} else if err.Error() != want && !(strings.HasSuffix(want, "known: ") && strings.HasPrefix(err.Error(), want)) {
			t.Errorf("%.40q: got\n%v\nwant\n%s", text, err, want)
		}
	}
}
