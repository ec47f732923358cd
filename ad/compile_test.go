package ad

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/program"
)

// compiled is a program over columns of values, one column per symbol.
type compiled struct {
	instance *program.Instance
	symbols  []string
	out      [][]float64
}

// compileFor compiles expressions for a number of points. Inputs are the symbols given, in order.
func compileFor(t testing.TB, points int, symbols []string, exprs ...Expr) *compiled {
	t.Helper()
	inputs := make([]program.Input, len(symbols))
	for i, s := range symbols {
		inputs[i] = program.Input{Name: s, Kind: program.Node, Rate: program.Step}
	}
	outputs := make([]Output, len(exprs))
	for i, e := range exprs {
		outputs[i] = Output{Expr: e, Kind: program.Node}
	}
	p, err := Compile(outputs, inputs)
	if err != nil {
		t.Fatal(err)
	}
	c := &compiled{instance: p.Instance(points, 1), symbols: symbols, out: make([][]float64, len(exprs))}
	for i := range c.out {
		c.out[i] = make([]float64, points)
		c.instance.Out[i] = c.out[i]
	}
	return c
}

// at runs the program on columns and returns the outputs, valid until the next call.
func (c *compiled) at(columns ...[]float64) [][]float64 {
	copy(c.instance.In, columns)
	c.instance.Once()
	c.instance.Step()
	return c.out
}

// one runs a program of one point.
func (c *compiled) one(x ...float64) []float64 {
	columns := make([][]float64, len(x))
	for i := range x {
		columns[i] = x[i : i+1]
	}
	c.at(columns...)
	y := make([]float64, len(c.out))
	for i := range y {
		y[i] = c.out[i][0]
	}
	return y
}

func equalBits(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b
}

// grower grows random expressions that are smooth but for where, min, max, clip and abs, and whose values
// stay moderate, so that rounding errors do too.
type grower struct {
	*rand.Rand
	arena   *Arena
	symbols []Expr
}

func newGrower(seed uint64, names ...string) *grower {
	g := &grower{Rand: rand.New(rand.NewPCG(seed, 5)), arena: NewArena()}
	for _, n := range names {
		g.symbols = append(g.symbols, g.arena.Symbol(n))
	}
	return g
}

func (g *grower) leaf() Expr {
	if g.IntN(5) == 0 {
		return g.arena.Const(float64(g.IntN(13)-6) / 4)
	}
	return g.symbols[g.IntN(len(g.symbols))]
}

func (g *grower) grow(depth int) Expr {
	if depth == 0 || g.IntN(9) == 0 {
		return g.leaf()
	}
	sub := func() Expr { return g.grow(depth - 1) }
	one := g.arena.Const(1)
	square := func(x Expr) Expr { return x.Mul(x) }
	call := g.arena.Call
	switch g.IntN(24) {
	case 0, 1, 2:
		return sub().Add(sub())
	case 3, 4:
		return sub().Sub(sub())
	case 5, 6, 7:
		return zeroed(g.arena, sub().Mul(sub()))
	case 8:
		return sub().Div(one.Add(square(sub())).arenaOr(one))
	case 9:
		return call("exp", call("tanh", sub()))
	case 10:
		return call([]string{"sin", "cos", "atan", "tanh", "sigmoid", "softplus", "linoid", "linoid1", "linoid2"}[g.IntN(9)], sub())
	case 11:
		return call("sqrt", one.Add(square(sub())).arenaOr(one))
	case 12:
		return call("log", one.Add(square(sub())).arenaOr(one))
	case 13:
		return call("pow", call("tanh", sub()), g.arena.Const(float64(2+g.IntN(4))))
	case 14:
		return call("pow", one.Add(square(sub())).arenaOr(one), call("sin", sub()))
	case 15:
		return call("neg", sub())
	case 16:
		return call("min", sub(), sub())
	case 17:
		return call("max", sub(), sub())
	case 18:
		return call("clip", sub(), g.arena.Const(-0.7), g.arena.Const(0.8))
	case 19:
		return call("abs", sub())
	case 20, 21:
		return call("where", call("less", g.leaf(), g.leaf()), sub(), sub())
	case 22:
		return call("expm1", call("sin", sub()))
	}
	return call("log1p", call("exp", call("tanh", sub())))
}

// zeroed and arenaOr give structural zeros (x·0) their place among expressions.
func zeroed(a *Arena, e Expr) Expr {
	if e.IsZero() {
		return a.Const(0)
	}
	return e
}

func (e Expr) arenaOr(f Expr) Expr {
	if e.IsZero() {
		return f
	}
	return e
}

var xyz = []string{"x", "y", "z"}

// point draws values of x, y, z.
func (g *grower) point() []float64 {
	return []float64{4*g.Float64() - 2, 4*g.Float64() - 2, 4*g.Float64() - 2}
}

// size is the largest magnitude among the intermediate values of e.
func size(t *testing.T, e Expr, x []float64) float64 {
	values := map[string]float64{}
	for i, n := range xyz {
		values[n] = x[i]
	}
	v, err := e.arena.evalAll([]Expr{e}, values)
	if err != nil {
		t.Fatal(err)
	}
	largest := 1.0
	for _, u := range v {
		largest = max(largest, math.Abs(u))
	}
	return largest
}

// TestCompiledAgainstOracle compares compiled random expressions with the evaluation on package math.
func TestCompiledAgainstOracle(t *testing.T) {
	var worst float64
	for seed := range uint64(400) {
		g := newGrower(seed, xyz...)
		e := g.grow(6)
		c := compileFor(t, 1, xyz, e)
		for range 20 {
			x := g.point()
			got := c.one(x...)[0]
			want, err := Eval(e, map[string]float64{"x": x[0], "y": x[1], "z": x[2]})
			if err != nil {
				t.Fatal(err)
			}
			err1 := math.Abs(got-want) / size(t, e, x)
			worst = max(worst, err1)
			if !(err1 <= 1e-12) && !(got != got && want != want) {
				t.Fatalf("seed %d: %v at %v is %v, want %v", seed, e, x, got, want)
			}
		}
	}
	t.Logf("largest difference from the oracle: %.1e of the largest intermediate value", worst)
}

// TestSameBitsInEveryProgram compiles expressions alone, beside their pulled-back and beside their pushed
// derivatives, and in another order with other inputs: they must have the same bits everywhere.
func TestSameBitsInEveryProgram(t *testing.T) {
	for seed := range uint64(30) {
		g := newGrower(seed, xyz...)
		var exprs []Expr
		for range 3 {
			exprs = append(exprs, g.grow(5))
		}
		exprs = append(exprs, exprs[0].Mul(exprs[1]).Add(exprs[2]), exprs[2].Sub(exprs[0].Mul(exprs[1])), exprs[0].Mul(exprs[1]).Sub(exprs[2]), exprs[0].Mul(exprs[1]))
		for i := range exprs {
			exprs[i] = zeroed(g.arena, exprs[i])
		}
		c := make([]Expr, len(exprs))
		for i := range c {
			c[i] = g.arena.Const(float64(i) + 0.5)
		}
		pulled := Pull(exprs, c, g.symbols)
		pushed := Push(exprs, g.symbols, c[:3])
		again := Pull(pushed, c, g.symbols)

		const points = 40
		columns := make([][]float64, 3)
		for range points {
			for k, v := range g.point() {
				columns[k] = append(columns[k], v)
			}
		}
		all := append(append(append(append([]Expr{}, pulled...), exprs...), pushed...), again...)
		whole := compileFor(t, points, xyz, all...).at(columns...)
		reordered := compileFor(t, points, []string{"z", "x", "y"}, reversed(all)...).at(columns[2], columns[0], columns[1])
		for i, e := range all {
			alone := compileFor(t, points, xyz, e).at(columns...)[0]
			for k := range points {
				if !equalBits(alone[k], whole[i][k]) || !equalBits(alone[k], reordered[len(all)-1-i][k]) {
					t.Fatalf("seed %d, expression %d, %v: alone %x, with others %x, reordered %x", seed, i, e, alone[k], whole[i][k], reordered[len(all)-1-i][k])
				}
			}
		}
	}
}

func reversed(e []Expr) []Expr {
	r := make([]Expr, len(e))
	for i := range e {
		r[len(e)-1-i] = e[i]
	}
	return r
}

// TestFusedForms states the rule of the fused multiply-add form by form.
func TestFusedForms(t *testing.T) {
	a := NewArena()
	x, y, z, w := a.Symbol("x"), a.Symbol("y"), a.Symbol("z"), a.Symbol("w")
	fma := math.FMA
	cases := []struct {
		e    Expr
		want func(x, y, z, w float64) float64
	}{
		{z.Add(x.Mul(y)), func(x, y, z, w float64) float64 { return fma(x, y, z) }},
		{x.Mul(y).Add(z), func(x, y, z, w float64) float64 { return fma(x, y, z) }},
		{z.Sub(x.Mul(y)), func(x, y, z, w float64) float64 { return fma(-x, y, z) }},
		{x.Mul(y).Sub(z), func(x, y, z, w float64) float64 { return fma(x, y, -z) }},
		{x.Mul(y).Add(z.Mul(w)), func(x, y, z, w float64) float64 { return fma(z, w, float64(x*y)) }},
		{x.Mul(y).Sub(z.Mul(w)), func(x, y, z, w float64) float64 { return fma(-z, w, float64(x*y)) }},
		{x.Mul(y).Mul(z), func(x, y, z, w float64) float64 { return float64(float64(x*y) * z) }},
		{x.Add(y).Add(z), func(x, y, z, w float64) float64 { return float64(x+y) + z }},
	}
	r := rand.New(rand.NewPCG(1, 1))
	for i, c := range cases {
		p := compileFor(t, 1, []string{"x", "y", "z", "w"}, c.e)
		for range 200 {
			v := [4]float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
			if got, want := p.one(v[:]...)[0], c.want(v[0], v[1], v[2], v[3]); got != want {
				t.Fatalf("form %d, %v: %x, want %x", i, c.e, got, want)
			}
		}
	}
}

func TestCompileUnknownName(t *testing.T) {
	a := NewArena()
	_, err := Compile([]Output{{Expr: a.Symbol("sigma").Add(a.Symbol("x"))}}, []program.Input{{Name: "sigm"}, {Name: "x"}})
	if err == nil || !strings.Contains(err.Error(), `"sigma"`) || !strings.Contains(err.Error(), `"sigm"`) {
		t.Errorf("got %v, want the unknown name and a suggestion", err)
	}
}

func TestCompileStructuralZero(t *testing.T) {
	a := NewArena()
	for _, exprs := range [][]Expr{{{}}, {{}, a.Symbol("x")}} {
		if y := compileFor(t, 1, []string{"x"}, exprs...).one(3); y[0] != 0 || len(y) == 2 && y[1] != 3 {
			t.Errorf("%v is %v", exprs, y)
		}
	}
}

func TestSymbols(t *testing.T) {
	a := NewArena()
	x, y := a.Symbol("x"), a.Symbol("y")
	a.Symbol("unused")
	if got := fmt.Sprint(Symbols(y.Mul(x), Expr{}, x)); got != "[x y]" {
		t.Errorf("symbols %v", got)
	}
}
