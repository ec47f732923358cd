package lossgraph

import (
	"errors"
	"hash"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/neurograd/neurograd/observe"
)

// Each test here shows first what bare gorgonia does, and then what this package makes of it.

// bare is a graph of gorgonia's own with an input vector.
func bare(x ...float64) (*G.ExprGraph, *G.Node) {
	g := G.NewGraph()
	return g, G.NewVector(g, G.Float64, G.WithShape(len(x)), G.WithName("y"), G.WithValue(newValue(x, []int{len(x)})))
}

// runTape runs a graph on gorgonia's machine.
func runTape(t *testing.T, g *G.ExprGraph, options ...G.VMOpt) G.VM {
	t.Helper()
	vm := G.NewTapeMachine(g, options...)
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	return vm
}

func read(t *testing.T, v G.Value, n int) []float64 {
	t.Helper()
	x, err := numbers(v, n)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// pulled is the value and the gradient of a loss of a vector.
func pulled(t *testing.T, s observe.Stage, x ...float64) (float64, []float64) {
	t.Helper()
	value, gradient, err := pull(s, x)
	if err != nil {
		t.Fatal(err)
	}
	return value, gradient
}

func pull(s observe.Stage, x []float64) (float64, []float64, error) {
	in, out := observe.Array{Shape: []int{len(x)}, Data: x}, observe.Array{Data: []float64{math.NaN()}}
	if _, err := s.Shape(in.Shape); err != nil {
		return 0, nil, err
	}
	gradient := make([]float64, len(x))
	err := errors.Join(s.Forward(in, out), s.VJP(in, out, []float64{1}, gradient))
	return out.Data[0], gradient, err
}

// wantRefused checks that a loss of a vector is an error that says so.
func wantRefused(t *testing.T, build func(y *G.Node) (*G.Node, error), want ...string) {
	t.Helper()
	_, err := Loss(build).Shape([]int{3})
	checkError(t, err, want...)
}

func checkError(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", want)
	}
	if lines := strings.Count(err.Error(), "\n") + 1; lines > 4 {
		t.Errorf("an error of %d lines: %v", lines, err)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q lacks %q", err, w)
		}
	}
}

func sumOf(f func(*G.Node) (*G.Node, error)) func(*G.Node) (*G.Node, error) {
	return func(y *G.Node) (*G.Node, error) { return G.Sum(G.Must(f(y))) }
}

func TestGradientsDoNotAccumulate(t *testing.T) {
	g, y := bare(1, 2, 3)
	must(G.Grad(G.Must(G.Sum(G.Must(G.Square(y)))), y))
	vm := runTape(t, g, G.BindDualValues(y))
	vm.Reset()
	if err := vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	if twice := read(t, must(y.Grad()), 3); !slices.Equal(twice, []float64{4, 8, 12}) {
		t.Errorf("gorgonia: the second gradient is %v, no longer twice the first", twice)
	}
	loss := Loss(sumOf(G.Square))
	for range 3 {
		if _, gradient := pulled(t, loss, 1, 2, 3); !slices.Equal(gradient, []float64{2, 4, 6}) {
			t.Errorf("gradient %v, want [2 4 6]", gradient)
		}
	}
}

func TestRunsDoNotShareValues(t *testing.T) {
	g, y := bare(1, 2, 3)
	loss := G.Must(G.Sum(G.Must(G.Square(y))))
	vm := runTape(t, g)
	if err := errors.Join(G.Let(y, newValue([]float64{10, 20, 30}, []int{3})), vm.RunAll()); err != nil {
		t.Fatal(err)
	}
	if got := read(t, loss.Value(), 1)[0]; got != 14 {
		t.Errorf("gorgonia: a second run without Reset gives %v, no longer the value of the first", got)
	}
	ours := Loss(sumOf(G.Square))
	_, first := pulled(t, ours, 1, 2, 3)
	value, second := pulled(t, ours, 10, 20, 30)
	if value != 1400 || !slices.Equal(first, []float64{2, 4, 6}) || !slices.Equal(second, []float64{20, 40, 60}) {
		t.Errorf("%v with gradient %v after %v", value, second, first)
	}
}

func TestOneGradPerGraph(t *testing.T) {
	_, y := bare(0.1, 0.2, 0.3)
	tanh := G.Must(G.Tanh(y))
	must(G.Grad(G.Must(G.Sum(G.Must(G.Square(tanh)))), y))
	cube := must(G.Grad(G.Must(G.Sum(G.Must(G.Cube(tanh)))), y))
	runTape(t, y.Graph())
	if got, right := read(t, cube[0].Value(), 3)[0], 3*math.Pow(math.Tanh(0.1)/math.Cosh(0.1), 2); near(got, right, 1e-3) {
		t.Errorf("gorgonia: the gradient of a second loss, %v, is right by now", got)
	}
	wantRefused(t, func(y *G.Node) (*G.Node, error) {
		square := G.Must(G.Sum(G.Must(G.Square(G.Must(G.Tanh(y))))))
		must(G.Grad(square, y))
		return square, nil
	}, "called gorgonia.Grad", "wanted the loss alone")
}

func TestNoSecondOrder(t *testing.T) {
	g, y := bare(0.7)
	loss := G.Must(G.Sum(G.Must(G.Sin(G.Must(G.Square(y))))))
	first := G.Must(G.Sum(must(G.Grad(loss, y))[0]))
	second := must(G.Grad(first, y))
	runTape(t, g)
	x := 0.7
	if got, right := read(t, second[0].Value(), 1)[0], 2*math.Cos(x*x)-4*x*x*math.Sin(x*x); near(got, right, 1e-3) {
		t.Errorf("gorgonia: the second derivative %v is right by now", got)
	}
	wantRefused(t, func(y *G.Node) (*G.Node, error) {
		return G.Sum(must(G.Grad(G.Must(G.Sum(G.Must(G.Square(y)))), y))[0])
	}, "called gorgonia.Grad")
}

// The constants 28.509 and 282.42 have the same hash, and so have y + 53.568 and y + 66.125.
func TestEqualHashes(t *testing.T) {
	for _, c := range []struct {
		a, b float64
		want string
	}{{28.509, 282.42, "same hash"}, {53.568, 66.125, "taken two nodes for one"}} {
		build := func(y *G.Node) (*G.Node, error) {
			a := G.Must(G.Add(y, G.NewConstant(c.a)))
			b := G.Must(G.Add(y, G.NewConstant(c.b)))
			return G.Sum(G.Must(G.HadamardProd(a, b)))
		}
		g := G.NewGraph()
		y := G.NewTensor(g, G.Float64, 3, G.WithShape(1, 1, 3), G.WithName("y"), G.WithValue(newValue([]float64{0, 0, 0}, []int{1, 1, 3})))
		loss := G.Must(build(y))
		runTape(t, g)
		if got := read(t, loss.Value(), 1)[0]; !near(got, 3*c.a*c.a, 1e-12) {
			t.Errorf("gorgonia: %v for 3·%v·%v, no longer the square of the first", got, c.a, c.b)
		}
		_, err := Loss(build).Shape([]int{1, 1, 3})
		checkError(t, err, c.want)
	}
}

func TestManyNodes(t *testing.T) {
	chain := func(length int) func(y *G.Node) (*G.Node, error) {
		return func(y *G.Node) (*G.Node, error) {
			for range length {
				y = G.Must(G.Sin(y))
			}
			return G.Sum(y)
		}
	}
	wantRefused(t, chain(2000), "graph of 200", "at most 2000", "observe.Stage")
	wantRefused(t, chain(700), "at most 2000", "gradient included")
	value, gradient := pulled(t, Loss(chain(300)), 0.5, 1)
	x, slope := 0.5, 1.0
	for range 300 {
		x, slope = math.Sin(x), slope*math.Cos(x)
	}
	if !near(gradient[0], slope, 1e-12) || !(value > x) {
		t.Errorf("a chain of 300: value %v, gradient %v, want %v", value, gradient, slope)
	}
}

// long are vectors that print alike.
func long(at float64) []float64 {
	v := make([]float64, 84)
	v[40] = at
	return v
}

func TestConstants(t *testing.T) {
	product := func(y *G.Node, node func(values []float64) *G.Node) *G.Node {
		a, b := G.Must(G.Add(y, node(long(2)))), G.Must(G.Add(y, node(long(5))))
		return G.Must(G.Sum(G.Must(G.HadamardProd(a, b))))
	}
	constant := func(y *G.Node) (*G.Node, error) {
		return product(y, func(v []float64) *G.Node { return G.NewConstant(newValue(v, []int{84})) }), nil
	}
	unnamed := func(y *G.Node) (*G.Node, error) {
		return product(y, func(v []float64) *G.Node { return G.NodeFromAny(y.Graph(), newValue(v, []int{84})) }), nil
	}
	named := func(y *G.Node) (*G.Node, error) {
		return G.Must(G.Sum(G.Must(G.HadamardProd(
			G.Must(G.Add(y, G.NewConstant(2.0, G.WithName("c")))), G.Must(G.Add(y, G.NewConstant(5.0, G.WithName("c")))))))), nil
	}
	for _, c := range []struct {
		build        func(y *G.Node) (*G.Node, error)
		right, wrong float64
		want         string
	}{
		{constant, 10, 4, "print alike"},
		{unnamed, 10, 4, "an input node of shape (84)"},
		{named, 840, 84 * 4, `constant named "c"`},
	} {
		g, y := bare(make([]float64, 84)...)
		loss := G.Must(c.build(y))
		runTape(t, g)
		if got := read(t, loss.Value(), 1)[0]; got != c.wrong {
			t.Errorf("gorgonia: %v in place of %v, no longer %v", got, c.right, c.wrong)
		}
		_, err := Loss(c.build).Shape([]int{84})
		checkError(t, err, c.want)
	}
	value, _ := pulled(t, Loss(func(y *G.Node) (*G.Node, error) {
		return product(y, func(v []float64) *G.Node { return G.Must(Data(y.Graph(), v, 84)) }), nil
	}), make([]float64, 84)...)
	if value != 10 {
		t.Errorf("with lossgraph.Data: %v, want 10", value)
	}
}

// What gorgonia does wrong with the operations that are refused.
func TestRefusedOperations(t *testing.T) {
	for _, c := range []struct {
		name  string
		f     func(y *G.Node) (*G.Node, error)
		slope float64 // of the sum at y = [2, 2, 2]
	}{
		{"log2", G.Log2, 1 / (2 * math.Ln2)},
		{"invSqrt", G.InverseSqrt, -0.5 / math.Sqrt(8)},
	} {
		g, y := bare(2, 2, 2)
		gradient := must(G.Grad(G.Must(sumOf(c.f)(y)), y))
		runTape(t, g)
		if got := read(t, gradient[0].Value(), 3)[0]; near(got, c.slope, 1e-3) {
			t.Errorf("gorgonia: the derivative of %s, %v, is right by now", c.name, got)
		}
		wantRefused(t, sumOf(c.f), "operation "+c.name+" of gorgonia", "derivative")
	}
	outer := sumOf(func(y *G.Node) (*G.Node, error) { return G.OuterProd(y, G.Must(Data(y.Graph(), []float64{1, 2}, 2))) })
	g, y := bare(1, 2, 3)
	must(G.Grad(G.Must(outer(y)), y))
	if err := G.NewTapeMachine(g).RunAll(); err == nil {
		t.Error("gorgonia: an outer product has a gradient by now")
	}
	wantRefused(t, outer, "a ⊗ b", "gorgonia.Mul")

	second := func(x float64) (value, slope float64) { // the second element of a column's softmax
		g := G.NewGraph()
		y := G.NewMatrix(g, G.Float64, G.WithShape(3, 1), G.WithName("y"), G.WithValue(newValue([]float64{x, 2, 3}, []int{3, 1})))
		element := G.Must(G.HadamardProd(G.Must(G.SoftMax(y)), G.Must(Data(g, []float64{0, 1, 0}, 3, 1))))
		loss := G.Must(G.Sum(element))
		gradient := must(G.Grad(loss, y))
		runTape(t, g)
		return read(t, loss.Value(), 1)[0], read(t, gradient[0].Value(), 3)[0]
	}
	_, slope := second(1)
	if near(slope, slopeAt(func(h float64) float64 { v, _ := second(1 + h); return v }), 1e-3) {
		t.Errorf("gorgonia: the derivative of a column's softmax, %v, is right by now", slope)
	}
	_, y = bare(1, 2, 3)
	if G.Must(G.SoftMax(y)) != G.Must(G.LogSoftMax(y)) {
		t.Error("gorgonia: a softmax is told from its logarithm by now")
	}
	wantRefused(t, sumOf(func(y *G.Node) (*G.Node, error) { return G.SoftMax(y) }), "Softmax", "gorgonia.Exp")

	_, y = bare(make([]float64, 600)...)
	if G.Must(G.Slice(y, G.S(0, 10))) != G.Must(G.Slice(y, G.S(256, 266))) {
		t.Error("gorgonia: slices are told apart by now")
	}
	wantRefused(t, sumOf(func(y *G.Node) (*G.Node, error) { return G.Slice(y, G.S(0, 2)) }), "T[0:2:1", "lossgraph.Slice")
	wantRefused(t, func(y *G.Node) (*G.Node, error) { return G.At(y, 1) }, "At([1])", "no derivative")
	wantRefused(t, sumOf(func(y *G.Node) (*G.Node, error) { return G.Dropout(y, 0.5) }), "Dropout", "differs at every evaluation")
	wantRefused(t, sumOf(func(y *G.Node) (*G.Node, error) {
		return G.Add(y, G.GaussianRandomNode(y.Graph(), G.Float64, 0, 1, 3))
	}), "differs at every evaluation")
	wantRefused(t, sumOf(G.Sign), "sign", "not among the operations")
	wantRefused(t, func(y *G.Node) (*G.Node, error) {
		var v G.Value
		G.Read(y, &v)
		return G.Sum(y)
	}, "leave it out")
}

// The bits of both slices are read, and each goes back to its place.
func TestSlicesApart(t *testing.T) {
	x := make([]float64, 600)
	for i := range x {
		x[i] = float64(i)
	}
	value, gradient := pulled(t, Loss(func(y *G.Node) (*G.Node, error) {
		a, b := G.Must(Slice(y, 0, 0, 2)), G.Must(Slice(y, 0, 256, 258))
		return G.Sum(G.Must(G.HadamardProd(a, b)))
	}), x...)
	want := make([]float64, 600)
	want[0], want[1], want[256], want[257] = 256, 257, 0, 1
	if value != 257 || !slices.Equal(gradient, want) {
		t.Errorf("value %v, gradient %v", value, gradient)
	}
}

// BinaryXent brings gorgonia's own 1 into the graph.
func TestLogTakesNothingApart(t *testing.T) {
	build := func(y *G.Node) *G.Node {
		target := G.Must(Data(y.Graph(), []float64{0.5, 0.5, 0.5}, 3))
		xent := G.Must(G.BinaryXent(G.Must(G.Sigmoid(y)), target))
		shifted := G.Must(G.Add(y, G.NewConstant(1.0)))
		log := G.Must(G.Log(shifted))
		cube := G.Must(G.Cube(y))
		return G.Must(G.Sum(G.Must(G.Add(G.Must(G.Add(xent, log)), G.Must(G.HadamardProd(shifted, cube))))))
	}
	x, right := []float64{0.5, 1, 2}, 0.0
	for _, v := range x {
		p := 1 / (1 + math.Exp(-v))
		right += -0.5*math.Log(p) - 0.5*math.Log(1-p) + math.Log(1+v) + (1+v)*v*v*v
	}
	func() {
		defer func() { _ = recover() }() // what the memory is used for again decides whether it is a panic or a wrong number
		g, y := bare(x...)
		loss := build(y)
		runTape(t, g)
		if got := read(t, loss.Value(), 1)[0]; near(got, right, 1e-3) {
			t.Errorf("gorgonia: %v, right by now", got)
		}
	}()
	if got, _ := pulled(t, Loss(func(y *G.Node) (*G.Node, error) { return build(y), nil }), x...); !near(got, right, 1e-12) {
		t.Errorf("%v, want %v", got, right)
	}
}

// gorgonia's other machine has wrong derivatives for operations that are right on the TapeMachine.
func TestNotTheLispMachine(t *testing.T) {
	build := func(y *G.Node) (*G.Node, error) { return G.Sum(G.Must(G.Max(y, 1))) }
	numbers, right := []float64{1, 2, 4, 3}, []float64{0, 1, 1, 0}
	y := G.NewMatrix(G.NewGraph(), G.Float64, G.WithShape(2, 2), G.WithName("y"), G.WithValue(newValue(numbers, []int{2, 2})))
	G.Must(build(y))
	if err := G.NewLispMachine(y.Graph()).RunAll(); err != nil {
		t.Fatal(err)
	}
	if got := read(t, must(y.Grad()), 4); slices.Equal(got, right) {
		t.Errorf("gorgonia: LispMachine gives %v, which is right by now", got)
	}
	in, gradient := observe.Array{Shape: []int{2, 2}, Data: numbers}, make([]float64, 4)
	if err := Loss(build).VJP(in, observe.Array{}, []float64{1}, gradient); err != nil || !slices.Equal(gradient, right) {
		t.Errorf("%v, %v; want %v", gradient, err, right)
	}
}

// bomb is an operation that panics when it is computed.
type bomb struct{ operation }

func (bomb) Arity() int                                          { return 1 }
func (bomb) Type() hm.Type                                       { return functionType([]int{3}, []int{3}) }
func (bomb) InferShape(...G.DimSizer) (tensor.Shape, error)      { return tensor.Shape{3}, nil }
func (bomb) Do(...G.Value) (G.Value, error)                      { panic("index out of range") }
func (bomb) DiffWRT(int) []bool                                  { return []bool{true} }
func (bomb) SymDiff(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) { return G.Nodes{grad}, nil }
func (b bomb) applied(y *G.Node) (*G.Node, error)                { return G.ApplyOp(b, y) }
func (bomb) WriteHash(h hash.Hash)                               { h.Write([]byte("bomb")) }

// A panic on gorgonia's machine ends the program, since it computes in a goroutine of its own: the
// test starts itself again as a program of its own.
func TestPanics(t *testing.T) {
	if os.Getenv("LOSSGRAPH_PANIC") != "" {
		defer func() { recover() }()
		g, y := bare(1, 2, 3)
		G.Must(bomb{}.applied(y))
		G.NewTapeMachine(g).RunAll()
		return
	}
	if program, err := os.Executable(); err == nil {
		cmd := exec.Command(program, "-test.run", "^TestPanics$")
		cmd.Env = append(os.Environ(), "LOSSGRAPH_PANIC=1")
		if output, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(output), "panic: index out of range") {
			t.Errorf("gorgonia: a panic of an operation can be recovered by now: %v\n%s", err, output)
		}
	}
	_, _, err := pull(Loss(sumOf(bomb{}.applied)), []float64{1, 2, 3})
	checkError(t, err, "panic", "index out of range")

	wantRefused(t, func(y *G.Node) (*G.Node, error) { panic("no") }, "panic", ": no")
	wantRefused(t, func(y *G.Node) (*G.Node, error) {
		return G.Must(nil, errors.New("lossgraph: the function that builds the graph: my own error")), nil
	}, "lossgraph: the function that builds the graph: my own error")
	wantRefused(t, func(y *G.Node) (*G.Node, error) { return G.Sum(nil) }, "panic", "nil pointer")
	wantRefused(t, func(y *G.Node) (*G.Node, error) {
		return G.Add(y, G.NewVector(y.Graph(), G.Float64, G.WithShape(4), G.WithName("z")))
	}, "Shape mismatch")
	wantRefused(t, func(y *G.Node) (*G.Node, error) { G.NewMatrix(y.Graph(), G.Float64, G.WithShape(3)); return y, nil }, "panic", "1 dimensions")
	wantRefused(t, func(y *G.Node) (*G.Node, error) { return nil, errors.New("no data") }, "no data")
}

// A value that is part of a larger one has the data of the whole.
func TestViews(t *testing.T) {
	whole := newValue([]float64{1, 2, 3, 4, 5, 6}, []int{3, 2}).(*tensor.Dense)
	view := must(whole.Slice(nil, G.S(1)))
	if data := view.Data().([]float64); len(data) == 3 {
		t.Error("gorgonia: a view has its own data by now")
	}
	if got := must(numbers(view, 3)); !slices.Equal(got, []float64{2, 4, 6}) {
		t.Errorf("%v, want the second column", got)
	}
	whole.T()
	if got := must(numbers(whole, 6)); !slices.Equal(got, []float64{1, 3, 5, 2, 4, 6}) {
		t.Errorf("%v, want the transposed matrix", got)
	}
}

func TestUnfitLosses(t *testing.T) {
	_, other := bare(1, 2, 3)
	calls := 0
	for _, c := range []struct {
		name  string
		build func(y *G.Node) (*G.Node, error)
		want  []string
	}{
		{"nil", func(*G.Node) (*G.Node, error) { return nil, nil }, []string{"returned no node"}},
		{"another graph", func(*G.Node) (*G.Node, error) { return G.Sum(other) }, []string{"another graph"}},
		{"vector", G.Square, []string{"square", "shape (3)", "wanted one number", "gorgonia.Sum"}},
		{"y itself", func(y *G.Node) (*G.Node, error) { return y, nil }, []string{"returned y of shape (3)"}},
		{"y unused", func(y *G.Node) (*G.Node, error) { return Data(y.Graph(), []float64{1}) }, []string{"does not depend on y", "0 everywhere"}},
		{"a constant", func(y *G.Node) (*G.Node, error) { return y.Graph().AddNode(G.NewConstant(3.0)), nil }, []string{"does not depend on y"}},
		{"no derivative", func(y *G.Node) (*G.Node, error) { return G.Sum(G.Must(G.Gt(y, G.NewConstant(1.0), true))) }, []string{"has no gradient"}},
		{"float32", func(y *G.Node) (*G.Node, error) {
			return G.Sum(G.NewVector(y.Graph(), G.Float32, G.WithShape(3), G.WithName("f")))
		}, []string{"float32", "wanted a float64"}},
		{"not always the same", func(y *G.Node) (*G.Node, error) {
			for calls++; calls%2 == 0; calls++ {
				y = G.Must(G.Square(y))
			}
			return G.Sum(y)
		}, []string{"different graphs", "same graph each time"}},
	} {
		t.Run(c.name, func(t *testing.T) { wantRefused(t, c.build, append(c.want, "lossgraph: ")...) })
	}
	if _, err := Loss(nil).Shape([]int{3}); err == nil {
		t.Error("a loss of no function is no error")
	}
}

func TestNotFinite(t *testing.T) {
	root := Loss(func(y *G.Node) (*G.Node, error) { return G.Sum(G.Must(G.Sqrt(y))) })
	_, _, err := pull(root, []float64{1, -1, 1})
	checkError(t, err, "lossgraph: the loss is NaN", "root")
	_, _, err = pull(root, []float64{4, 0, 4})
	checkError(t, err, "element 1 of y is +Inf", "finite loss")
	if value, gradient := pulled(t, root, 4, 16); value != 6 || !slices.Equal(gradient, []float64{0.25, 0.125}) {
		t.Errorf("after errors: %v, %v", value, gradient)
	}
}
