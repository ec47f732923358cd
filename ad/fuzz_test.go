package ad

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// fuzzSeeds are texts of every kind, and those that once failed, with the reason.
var fuzzSeeds = []string{
	"x' = -x^2 + 2*-y; dy/dt = where(x<0, 1e-3, .5) # end\nd/dt * z = a if b else c",
	"f(x, y) = x/(1 + exp(-y)); g(E) = f(E, np.e); S = g(pi) + Piecewise((1, x > 0), (2, True))",
	"a = not b and !c == d or e & f | ~g && h || i\nτ_s = (min(a, b, c) +\n max(1., 2)) % 3 \\\n + 1",
	"x = ceil(x) + square(Heaviside(x, np.heaviside(y, 0))) - np.pi**math.e", "x = 1j", "x = a // b", "x = (a\ny = b", "\uFEFFx=1\r\ny=2\t",
	"dr/dt = (Delta/(pi*tau) + 2*V*r)/tau; dV/dt = (V^2 + eta + tau*J*r + I - (pi*tau*r)^2)/tau",
	"S(v) = 2*nu_max/(1 + exp(r*(v0 - v)))\ny0' = y3; y3' = A*a*S(y1 - y2) - 2*a*y3 - a^2*y0\ny4' = A*a*(mu + a2*J*S(a1*J*y0) + c) - 2*a*y4 - a^2*y1",
	"x = w*J_N*S + I_o; H = linoid(d*(a*x - b))/d; dS/dt = -S/tau_s + (1 - S)*H*gamma; m = Mod(atan(x), 2) + floor(tan(S))",
	"th' = omega + K*(c_sin*cos(th) - c_cos*sin(th)) + softplus(sinh(th)) - cosh(log1p(abs(th))) + expm1(sqrt(th**2)) + sign(th)*tanh(clip(th, -1, 1))",
	"x = where(a > 0, a*log(a), 0)^0.5 + a^-3 + 2^a + max(1/a, min(a, b)); y = x if x == x and not b >= 1 else sigmoid(b)",
	"d/dt d=d;A=d%A0", // −3 mod 0.3, which Go's package math rounds to the other end
	"A=ceil(0)%Heaviside(iP^s%ieh^ih^sHdE^ieE^ih^s )", // a negative number to a power that is whole but for rounding
	"d/dt d = dt; dt = d/dt", "E' = E + np.E + e", "x = −1·2×3 ≤ 4", "re = im(1)",
}

func FuzzParse(f *testing.F) {
	for _, seed := range fuzzSeeds {
		f.Add(seed)
	}
	for _, c := range badEquations {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkMemory(t, text)
		checkText(t, text)
		checkPipeline(t, text)
	})
}

// checkMemory holds that reading takes memory in proportion to the text, and at most what the limit on nodes
// allows where functions are expanded.
func checkMemory(t *testing.T, text string) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Parse(text)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > uint64(maxNodes*500+1000*len(text)) {
		t.Fatalf("%d bytes of text took %d bytes to read (%v)", len(text), used, err)
	}
}

// checkText holds for any text: no panic; an error names a place in at most four lines; what can be read
// survives printing; LaTeX is balanced.
func checkText(t *testing.T, text string) {
	if tree, err := ParseExpr(text); err != nil {
		checkError(t, text, err)
	} else {
		again, err := ParseExpr(tree.String())
		if err != nil || !again.Equal(tree) {
			t.Fatalf("%q is printed as %q, which is %v (%v)", text, tree, again, err)
		}
		if again.String() != tree.String() {
			t.Fatalf("%q is printed as %q, and that as %q", text, tree, again)
		}
		checkLaTeX(t, tree.LaTeX())
		tree.walk(func(node *Tree) {
			if node.Pos < 0 || node.End <= node.Pos || node.End > len(text) {
				t.Fatalf("%q: a node lies at %d to %d", text, node.Pos, node.End)
			}
		})
		checkError(t, text, ErrorAt(text, tree, "%s", tree.Name))
	}
	equations, err := Parse(text)
	if err != nil {
		checkError(t, text, err)
		return
	}
	again, err := Parse(equations.String())
	if err != nil || !slices.EqualFunc(equations.Statements, again.Statements, sameStatement) {
		t.Fatalf("%q is printed as %q, which is %v (%v)", text, equations, again, err)
	}
	checkLaTeX(t, equations.LaTeX())
	for _, s := range equations.Statements {
		if !strings.HasPrefix(text[s.Pos:], s.Target) {
			t.Fatalf("%q: %s is not at %d", text, s.Target, s.Pos)
		}
	}
}

func checkError(t *testing.T, text string, err error) {
	message := err.Error()
	lines := strings.Split(message, "\n")
	e := err.(*ParseError)
	if len(lines) < 3 || len(lines) > 4 || len(message) > 10_000 || e.Pos < 0 || e.Pos > len(text) || e.End > len(text) || e.End < e.Pos {
		t.Fatalf("%q: bad error %#v\n%s", text, e, message)
	}
	carets := strings.TrimLeft(lines[2], " ")
	if carets == "" || strings.Trim(carets, "^") != "" || utf8.RuneCountInString(lines[2]) > utf8.RuneCountInString(lines[1])+1 {
		t.Fatalf("%q: bad carets\n%s", text, message)
	}
}

func checkLaTeX(t *testing.T, latex string) {
	if strings.Count(latex, `\left`) != strings.Count(latex, `\right`) || strings.Count(latex, "{") != strings.Count(latex, "}") {
		t.Fatalf("unbalanced: %s", latex)
	}
}

// Random trees, deeper and odder than text found by mutation, are printed and read back.
func TestRandomTrees(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		tree := randomTree(random, 6)
		again, err := ParseExpr(tree.String())
		if err != nil || !again.Equal(tree) {
			t.Fatalf("%s is read as %v (%v)", tree, again, err)
		}
		checkLaTeX(t, tree.LaTeX())
	}
}

func randomTree(random *rand.Rand, depth int) *Tree {
	if depth == 0 || random.IntN(5) == 0 {
		leaves := []*Tree{{Kind: Name, Name: "x"}, {Kind: Name, Name: "τ_s"}, {Kind: Number, Value: 2}, {Kind: Number, Value: 1e-9},
			{Kind: Number, Value: constants["pi"], Name: "pi"}}
		return leaves[random.IntN(len(leaves))]
	}
	op := Ops[random.IntN(len(Ops))]
	if op == opMulz {
		op = opPow
	}
	t := &Tree{Kind: Call, Name: op.Name}
	for range op.Arity {
		t.Args = append(t.Args, randomTree(random, depth-1))
	}
	return t
}

// Random sequences of words of the language reach combinations that mutated bytes do not.
func TestRandomText(t *testing.T) {
	words := []string{"x", "y", "E", "pi", "np.e", "f", "g", "f(", "g(", "f(x) =", "g(E, y) =", "x' =", "dy/dt =", "d/dt z =", "E =", "exp(", "min(", "max(",
		"Piecewise((", "where(", "Heaviside(", ")", ")", ")", "(", ",", ",", "+", "-", "*", "/", "^", "**", "%", "<", "==", "and", "or", "not", "!",
		"if", "else", "True", "1", ".5", "2e3", "\n", "\n", ";", "=", "'", "#", "\\\n", "\t", "τ", "1j", "//", "(x, True)"}
	random := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		var b strings.Builder
		for range 1 + random.IntN(16) {
			b.WriteString(words[random.IntN(len(words))] + " ")
		}
		checkText(t, b.String())
		checkPipeline(t, b.String())
	}
}
