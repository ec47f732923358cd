package ad

import (
	"strings"
	"testing"
)

func TestLaTeX(t *testing.T) {
	cases := map[string]string{
		// Names and numbers.
		"tau_s": `\tau_{s}`, "τ_s": `\tau_{s}`, "x_1": `x_{1}`, "y0": `y_{0}`, "J_N": `J_{N}`, "I_ext": `I_{\mathrm{ext}}`, "alpha": `\alpha`,
		"Delta": `\Delta`, "rate": `\mathrm{rate}`, "nu_max": `\nu_{\mathrm{max}}`, "a_1_2": `a_{1,2}`, "c_alpha": `c_{\alpha}`, "lambda_": `\lambda`,
		"_x": `\mathrm{\_x}`, "theta1": `\theta_{1}`, "sigm_y1_y2": `\mathrm{sigm}_{\mathrm{y1},\mathrm{y2}}`, "pi": `\pi`, "E": "e",
		"0.5": "0.5", "1e-9": "10^{-9}", "2.5e30": `2.5 \cdot 10^{30}`,
		// Operators.
		"a + b - c": "a + b - c", "a - (b - c)": `a - \left(b - c\right)`, "a*b": `a \, b`, "2*a": `2 \, a`, "a*2": `a \cdot 2`, "a*2^b": `a \cdot {2}^{b}`,
		"(a + b)*c": `\left(a + b\right) \, c`, "a/b/c": `\frac{\frac{a}{b}}{c}`, "-a/b": `-\frac{a}{b}`, "c - -a/b": `c - \left(-\frac{a}{b}\right)`,
		"a*-b": `a \, \left(-b\right)`, "-(a + b)": `-\left(a + b\right)`, "-a*b": `-a \, b`, "-(-a)": `-\left(-a\right)`, "a + -b*c": `a + \left(-b \, c\right)`,
		"x^2": "{x}^{2}", "(a + b)^(c + d)": `{\left(a + b\right)}^{c + d}`, "(a^b)^c": `{\left({a}^{b}\right)}^{c}`, "(-a)^2": `{\left(-a\right)}^{2}`, "(a/b)^2": `{\left(\frac{a}{b}\right)}^{2}`,
		"a % b + c": `\left(a \bmod b\right) + c`, "sqrt(a + b)": `\sqrt{a + b}`, "sin(x)^2": `{\left(\sin\left(x\right)\right)}^{2}`, "abs(x)": `\left|x\right|`,
		"exp(-x)": "e^{-x}", "log1p(a - b)": `\ln\left(1 + \left(a - b\right)\right)`,
		"linoid(a - b)":     `\frac{a - b}{1 - e^{-\left(a - b\right)}}`,
		"linoid(linoid(x))": `\frac{\operatorname{linoid}\left(x\right)}{1 - e^{-\operatorname{linoid}\left(x\right)}}`,
		"max(a, b)":         `\max\left(a, b\right)`,
		// Truth values.
		"a < b and not c": `a < b \wedge \neg c`, "a == b or a != c": `a = b \vee a \ne c`, "not (a >= b)": `\neg \left(a \ge b\right)`, "(a or b) and c": `\left(a \vee b\right) \wedge c`,
		"where(a > 0, b, c)":          `\begin{cases} b & \text{if } a > 0 \\ c & \text{otherwise} \end{cases}`,
		"a if b else c if d else 0":   `\begin{cases} a & \text{if } b \\ c & \text{if } d \\ 0 & \text{otherwise} \end{cases}`,
		"2*where(a > 0, b, c)":        `2 \, \left(\begin{cases} b & \text{if } a > 0 \\ c & \text{otherwise} \end{cases}\right)`,
		"where(a > 0, b, c)/(x - y)":  `\frac{\begin{cases} b & \text{if } a > 0 \\ c & \text{otherwise} \end{cases}}{x - y}`,
		"exp(where(a > 0, b, c) + d)": `e^{\left(\begin{cases} b & \text{if } a > 0 \\ c & \text{otherwise} \end{cases}\right) + d}`,
	}
	for text, want := range cases {
		tree, err := ParseExpr(text)
		if err != nil {
			t.Error(err)
		} else if got := tree.LaTeX(); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
	unknown := &Tree{Kind: Call, Name: "my_op", Args: []*Tree{{Kind: Number, Value: -2}, {Kind: Name, Name: "x"}}}
	if got, want := unknown.LaTeX(), `\operatorname{my\_op}\left(-2, x\right)`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEquationsLaTeX(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"empty", "", ""},
		{"ReducedWongWang", `
x = w*J_N*S + I_o + J_N*c
u = a*x - b
H = u/(1 - exp(-d*u))
dS/dt = -S/tau_s + (1 - S)*H*gamma`, `\begin{align}
x &= w \, J_{N} \, S + I_{o} + J_{N} \, c \\
u &= a \, x - b \\
H &= \frac{u}{1 - e^{-d \, u}} \\
\dot{S} &= -\frac{S}{\tau_{s}} + \left(1 - S\right) \, H \, \gamma
\end{align}`},
		{"JansenRit", `
sigm(v) = 2*nu_max/(1 + exp(r*(v0 - v)))
y0' = y3
y1' = y4
y2' = y5
y3' = A*a*sigm(y1 - y2) - 2*a*y3 - a**2*y0
y4' = A*a*(mu + a_2*J*sigm(a_1*J*y0) + c) - 2*a*y4 - a**2*y1
y5' = B*b*(a_4*J*sigm(a_3*J*y0)) - 2*b*y5 - b**2*y2`, `\begin{align}
\dot{y}_{0} &= y_{3} \\
\dot{y}_{1} &= y_{4} \\
\dot{y}_{2} &= y_{5} \\
\dot{y}_{3} &= A \, a \, \frac{2 \, \nu_{\mathrm{max}}}{1 + e^{r \, \left(v_{0} - \left(y_{1} - y_{2}\right)\right)}} - 2 \, a \, y_{3} - {a}^{2} \, y_{0} \\
\dot{y}_{4} &= A \, a \, \left(\mu + a_{2} \, J \, \frac{2 \, \nu_{\mathrm{max}}}{1 + e^{r \, \left(v_{0} - a_{1} \, J \, y_{0}\right)}} + c\right) - 2 \, a \, y_{4} - {a}^{2} \, y_{1} \\
\dot{y}_{5} &= B \, b \, \left(a_{4} \, J \, \frac{2 \, \nu_{\mathrm{max}}}{1 + e^{r \, \left(v_{0} - a_{3} \, J \, y_{0}\right)}}\right) - 2 \, b \, y_{5} - {b}^{2} \, y_{2}
\end{align}`},
		{"MontbrioPazoRoxin", "d/dt r = (Delta/(pi*tau) + 2*V*r)/tau; d/dt * V = (V^2 + eta + tau*J*r + I - (pi*tau*r)^2)/tau", `\begin{align}
\dot{r} &= \frac{\frac{\Delta}{\pi \, \tau} + 2 \, V \, r}{\tau} \\
\dot{V} &= \frac{{V}^{2} + \eta + \tau \, J \, r + I - {\left(\pi \, \tau \, r\right)}^{2}}{\tau}
\end{align}`},
	}
	for _, c := range cases {
		e, err := Parse(c.text)
		if err != nil {
			t.Error(err)
		} else if got := e.LaTeX(); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// The length of the LaTeX form stays in proportion to the tree, whatever the templates repeat.
func TestLaTeXLength(t *testing.T) {
	tree, err := ParseExpr(strings.Repeat("linoid(", 400) + "x" + strings.Repeat(")", 400))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(tree.LaTeX()); n > 400*100 {
		t.Errorf("400 calls make %d characters", n)
	}
}
