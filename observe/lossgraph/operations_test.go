package lossgraph

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// application applies an operation to y, or to y and numbers near 1.
type application struct {
	name string
	f    func(y *G.Node) *G.Node
}

// some is data between ½ and 1½.
func some(y *G.Node, seed uint64, shape ...int) *G.Node {
	return G.Must(Data(y.Graph(), uniform(rand.New(rand.NewPCG(seed, 1)), size(shape), 0.5, 1.5), shape...))
}

func uniform(r *rand.Rand, n int, low, high float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = low + (high-low)*r.Float64()
	}
	return v
}

func one(f func(*G.Node) (*G.Node, error)) func(*G.Node) *G.Node {
	return func(y *G.Node) *G.Node { return G.Must(f(y)) }
}

// applications are all operations that suit a shape.
func applications(shape []int) []application {
	list := slices.Concat(elementwise(), pairs(shape))
	for axis := range shape {
		list = append(list, alongAxis(axis)...)
	}
	switch len(shape) {
	case 0:
		list = slices.DeleteFunc(list, func(a application) bool { return a.name == "MinBetween" || a.name == "MaxBetween" }) // refuse numbers
	case 1:
		list = append(list, vectors(shape[0])...)
	case 2:
		list = append(list, matrices(shape[0], shape[1])...)
	case 3:
		list = append(list, batches(shape)...)
	}
	return list
}

func elementwise() []application {
	xent := func(y *G.Node) *G.Node { return G.Must(G.BinaryXent(G.Must(G.Sigmoid(y)), some(y, 5, y.Shape()...))) }
	return []application{
		{"Abs", one(G.Abs)}, {"Sin", one(G.Sin)}, {"Cos", one(G.Cos)}, {"Exp", one(G.Exp)}, {"Log", one(G.Log)}, {"Neg", one(G.Neg)}, {"Square", one(G.Square)},
		{"Sqrt", one(G.Sqrt)}, {"Inverse", one(G.Inverse)}, {"Cube", one(G.Cube)}, {"Tanh", one(G.Tanh)}, {"Sigmoid", one(G.Sigmoid)}, {"Log1p", one(G.Log1p)},
		{"Expm1", one(G.Expm1)}, {"Softplus", one(G.Softplus)}, {"Rectify", one(G.Rectify)}, {"Mish", one(G.Mish)}, {"Ravel", one(G.Ravel)},
		{"LeakyRelu", func(y *G.Node) *G.Node { return G.Must(G.LeakyRelu(y, 0.3)) }},
		{"BinaryXent", xent},
		// pairs that gorgonia replaces by one operation
		{"Log(1+y)", func(y *G.Node) *G.Node { return G.Must(G.Log(G.Must(G.Add(G.NewConstant(1.0), y)))) }},
		{"Log(1+y) after a 1 of gorgonia", func(y *G.Node) *G.Node {
			x, z := xent(y), G.Must(G.Add(y, G.NewConstant(1.0)))
			return G.Must(G.Add(x, G.Must(G.HadamardProd(G.Must(G.Log(z)), G.Must(G.Add(G.Must(G.Square(y)), z))))))
		}},
		{"Log(Sigmoid)", func(y *G.Node) *G.Node { return G.Must(G.Log(G.Must(G.Sigmoid(y)))) }},
		{"Log1p(Exp)", func(y *G.Node) *G.Node { return G.Must(G.Log1p(G.Must(G.Exp(y)))) }},
		{"Log1p(-Sigmoid)", func(y *G.Node) *G.Node { return G.Must(G.Log1p(G.Must(G.Neg(G.Must(G.Sigmoid(y)))))) }},
		{"Exp-1", func(y *G.Node) *G.Node { return G.Must(G.Sub(G.Must(G.Exp(y)), G.NewConstant(1.0))) }},
		{"1-Sigmoid", func(y *G.Node) *G.Node { return G.Must(G.Sub(G.NewConstant(1.0), G.Must(G.Sigmoid(y)))) }},
		{"Neg(Neg)", func(y *G.Node) *G.Node { return G.Must(G.Neg(G.Must(G.Neg(y)))) }},
	}
}

// pairs are operations on two values, each with every mix of arrays and numbers, and reductions over all
// axes.
func pairs(shape []int) []application {
	var list []application
	for _, op := range []struct {
		name string
		f    func(a, b *G.Node) (*G.Node, error)
	}{{"Add", G.Add}, {"Sub", G.Sub}, {"HadamardProd", G.HadamardProd}, {"HadamardDiv", G.HadamardDiv}, {"Pow", G.Pow}} {
		list = append(list,
			application{op.name + "(y, data)", func(y *G.Node) *G.Node { return G.Must(op.f(y, some(y, 3, shape...))) }},
			application{op.name + "(data, y)", func(y *G.Node) *G.Node { return G.Must(op.f(some(y, 3, shape...), y)) }},
			application{op.name + "(y, 1.7)", func(y *G.Node) *G.Node { return G.Must(op.f(y, G.NewConstant(1.7))) }},
			application{op.name + "(number, y)", func(y *G.Node) *G.Node { return G.Must(op.f(some(y, 9), y)) }},
			application{op.name + "(y, y)", func(y *G.Node) *G.Node { return G.Must(op.f(y, y)) }},
			application{op.name + "(y, Mean)", func(y *G.Node) *G.Node { return G.Must(op.f(y, G.Must(G.Mean(y)))) }},
			application{op.name + "(Mean, y)", func(y *G.Node) *G.Node { return G.Must(op.f(G.Must(G.Mean(y)), y)) }})
	}
	for _, op := range []struct {
		name string
		f    func(a, b *G.Node, same bool) (*G.Node, error)
	}{{"Gt", G.Gt}, {"Gte", G.Gte}, {"Lt", G.Lt}, {"Lte", G.Lte}, {"Eq", G.Eq}, {"Ne", G.Ne}} {
		list = append(list,
			application{op.name + "(y, 1)", func(y *G.Node) *G.Node { return G.Must(G.HadamardProd(G.Must(op.f(y, G.NewConstant(1.0), true)), y)) }},
			application{op.name + "(y, data)", func(y *G.Node) *G.Node { return G.Must(G.HadamardProd(G.Must(op.f(y, some(y, 7, shape...), true)), y)) }})
	}
	return append(list,
		application{"MinBetween", func(y *G.Node) *G.Node { return G.Must(G.MinBetween(y, some(y, 3, shape...))) }},
		application{"MaxBetween", func(y *G.Node) *G.Node { return G.Must(G.MaxBetween(some(y, 3, shape...), y)) }},
		application{"Sum", func(y *G.Node) *G.Node { return G.Must(G.Sum(y)) }},
		application{"Mean", func(y *G.Node) *G.Node { return G.Must(G.Mean(y)) }},
		application{"Max", func(y *G.Node) *G.Node { return G.Must(G.Max(y)) }})
}

func alongAxis(axis int) []application {
	list := []application{
		{"Sum along", func(y *G.Node) *G.Node { return G.Must(G.Sum(y, axis)) }},
		{"Mean along", func(y *G.Node) *G.Node { return G.Must(G.Mean(y, axis)) }},
		{"Max along", func(y *G.Node) *G.Node { return G.Must(G.Max(y, axis)) }},
		{"Norm along", func(y *G.Node) *G.Node { return G.Must(G.Norm(y, axis, 2)) }},
		{"Concat", func(y *G.Node) *G.Node {
			return G.Must(G.Concat(axis, y, some(y, 4, y.Shape()...), G.Must(G.Square(y))))
		}},
		{"Slice, the last", func(y *G.Node) *G.Node { return G.Must(Slice(y, axis, y.Shape()[axis]-1, y.Shape()[axis])) }},
		{"Slice, all but the last", func(y *G.Node) *G.Node { return G.Must(Slice(y, axis, 0, max(1, y.Shape()[axis]-1))) }},
	}
	for _, op := range []struct {
		name string
		f    func(a, b *G.Node, left, right []byte) (*G.Node, error)
	}{{"BroadcastAdd", G.BroadcastAdd}, {"BroadcastSub", G.BroadcastSub}, {"BroadcastHadamardProd", G.BroadcastHadamardProd}, {"BroadcastHadamardDiv", G.BroadcastHadamardDiv}} {
		thin := func(y *G.Node) *G.Node {
			shape := y.Shape()
			shape[axis] = 1
			return some(y, 5, shape...)
		}
		over := []byte{byte(axis)}
		list = append(list,
			application{op.name + "(y, data)", func(y *G.Node) *G.Node { return G.Must(op.f(y, thin(y), nil, over)) }},
			application{op.name + "(data, y)", func(y *G.Node) *G.Node { return G.Must(op.f(thin(y), y, over, nil)) }},
			application{op.name + "(y, Mean)", func(y *G.Node) *G.Node { return G.Must(op.f(y, G.Must(G.Mean(y, axis)), nil, over)) }},
			application{op.name + "(Mean, y)", func(y *G.Node) *G.Node { return G.Must(op.f(G.Must(G.Mean(y, axis)), y, over, nil)) }})
	}
	return list
}

func vectors(n int) []application {
	return []application{
		{"Mul(y, data)", func(y *G.Node) *G.Node { return G.Must(G.Mul(y, some(y, 2, n))) }},
		{"Mul(y, y)", func(y *G.Node) *G.Node { return G.Must(G.Mul(y, y)) }},
		{"Mul(matrix, y)", func(y *G.Node) *G.Node { return G.Must(G.Mul(some(y, 3, 2, n), y)) }},
		{"Mul(y, matrix)", func(y *G.Node) *G.Node { return G.Must(G.Mul(y, some(y, 3, n, 2))) }},
		{"outer product", func(y *G.Node) *G.Node {
			return G.Must(G.Mul(G.Must(G.Reshape(y, tensor.Shape{n, 1})), G.Must(G.Reshape(y, tensor.Shape{1, n}))))
		}},
	}
}

func matrices(n, m int) []application {
	return []application{
		{"Transpose", func(y *G.Node) *G.Node { return G.Must(G.Transpose(y)) }},
		{"Mul(y, matrix)", func(y *G.Node) *G.Node { return G.Must(G.Mul(y, some(y, 3, m, 3))) }},
		{"Mul(matrix, y)", func(y *G.Node) *G.Node { return G.Must(G.Mul(some(y, 3, 2, n), y)) }},
		{"Mul(yᵀ, y)", func(y *G.Node) *G.Node { return G.Must(G.Mul(G.Must(G.Transpose(y, 1, 0)), y)) }},
		{"Mul(y, yᵀ)", func(y *G.Node) *G.Node { return G.Must(G.Mul(y, G.Must(G.Transpose(y, 1, 0)))) }},
		{"Mul(y, vector)", func(y *G.Node) *G.Node { return G.Must(G.Mul(y, some(y, 3, m))) }},
		{"Mul(vector, y)", func(y *G.Node) *G.Node { return G.Must(G.Mul(some(y, 3, n), y)) }},
		{"Sum(0, 1)", func(y *G.Node) *G.Node { return G.Must(G.Sum(y, 0, 1)) }},
	}
}

func batches(s []int) []application {
	list := []application{
		{"BatchedMatMul", func(y *G.Node) *G.Node { return G.Must(G.BatchedMatMul(y, some(y, 3, s[0], s[2], 3))) }},
		{"BatchedMatMul, b transposed", func(y *G.Node) *G.Node { return G.Must(G.BatchedMatMul(y, some(y, 3, s[0], 3, s[2]), false, true)) }},
		{"BatchedMatMul, a transposed", func(y *G.Node) *G.Node { return G.Must(G.BatchedMatMul(y, some(y, 3, s[0], s[1], 3), true, false)) }},
		{"BatchedMatMul, both transposed", func(y *G.Node) *G.Node { return G.Must(G.BatchedMatMul(y, some(y, 3, s[0], 3, s[1]), true, true)) }},
		{"Reshape", func(y *G.Node) *G.Node { return G.Must(G.Reshape(y, tensor.Shape{s[0] * s[1], s[2]})) }},
	}
	for _, axes := range [][]int{{2, 1, 0}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}} {
		list = append(list, application{fmt.Sprint("Transpose ", axes), func(y *G.Node) *G.Node { return G.Must(G.Transpose(y, axes...)) }})
	}
	for _, axes := range [][]int{{0, 1}, {0, 2}, {1, 2}} {
		list = append(list,
			application{fmt.Sprint("Sum ", axes), func(y *G.Node) *G.Node { return G.Must(G.Sum(y, axes...)) }},
			application{fmt.Sprint("Mean ", axes), func(y *G.Node) *G.Node { return G.Must(G.Mean(y, axes...)) }},
			application{fmt.Sprint("Max ", axes), func(y *G.Node) *G.Node { return G.Must(G.Max(y, axes...)) }})
	}
	return list
}

// Every operation, between nonlinear ones so that it is the middle of a chain, has the derivative of the
// finite differences, and the bits that gorgonia's TapeMachine gives where it gives any.
func TestOperations(t *testing.T) {
	seen := map[string]bool{}
	shapes := [][]int{{}, {1}, {5}, {1, 5}, {3, 4}, {1, 4, 1}, {3, 2, 4}}
	for _, shape := range shapes {
		for _, a := range applications(shape) {
			t.Run(fmt.Sprintf("%s of %v", a.name, shape), func(t *testing.T) {
				build := func(_ []input, in G.Nodes) (*G.Node, error) {
					z := G.Must(G.Square(a.f(G.Must(G.Add(in[0], G.Must(G.Square(in[0])))))))
					for _, n := range z.Graph().AllNodes() {
						if n.Op() != nil {
							kind, _ := kindOf(n.Op())
							seen[kind] = true
						}
					}
					return G.Sum(G.Must(G.HadamardProd(z, some(z, 77, z.Shape()...))))
				}
				r := rand.New(rand.NewPCG(5, 6))
				x, direction := uniform(r, size(shape), 0.3, 1.3), uniform(r, size(shape), -1, 1)
				g, err := compile([]input{{"y", shape, true}}, build)
				if err != nil {
					t.Fatal(err)
				}
				value, gradient := evaluated(t, g, x)
				along := 0.0
				for i, d := range gradient {
					along += d * direction[i]
				}
				want := slopeAt(func(h float64) float64 {
					moved := slices.Clone(x)
					for i := range moved {
						moved[i] += h * direction[i]
					}
					v, _, err := g.evaluate(context.Background(), [][]float64{moved}, false)
					if err != nil {
						t.Fatal(err)
					}
					return v
				})
				if !near(along, want, 1e-7) {
					t.Errorf("derivative %v, finite difference %v", along, want)
				}
				tape, tapeGradient, err := onTape(build, shape, x)
				if err != nil {
					return // it fails for some of the shapes that work here
				}
				if tape != value || !slices.Equal(tapeGradient, gradient) {
					t.Errorf("TapeMachine gives %v and %v, we %v and %v", tape, tapeGradient, value, gradient)
				}
			})
		}
	}
	for _, kind := range known {
		if !seen[kind] {
			t.Errorf("no test has the operation %s", kind)
		}
	}
}

func evaluated(t *testing.T, g *compiled, x []float64) (float64, []float64) {
	t.Helper()
	value, gradients, err := g.evaluate(context.Background(), [][]float64{x}, true)
	if err != nil {
		t.Fatal(err)
	}
	return value, gradients[0]
}

// onTape computes value and gradient with gorgonia's machine.
func onTape(build builder, shape []int, x []float64) (value float64, gradient []float64, err error) {
	of := G.NewGraph()
	y := G.NewTensor(of, G.Float64, len(shape), G.WithShape(shape...), G.WithName("y"))
	of.AddNode(G.NewConstant(1.0))
	loss := G.Must(build(nil, G.Nodes{y}))
	gradients := must(G.Grad(loss, y))
	if err := G.Let(y, newValue(x, shape)); err != nil {
		return 0, nil, err
	}
	if err := G.NewTapeMachine(of).RunAll(); err != nil {
		return 0, nil, err
	}
	v, err := numbers(loss.Value(), 1)
	if err != nil {
		return 0, nil, err
	}
	gradient, err = numbers(gradients[0].Value(), len(x))
	return v[0], gradient, err
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// slopeAt is df/dh at 0 by Richardson extrapolation of central differences, error O(h⁴).
func slopeAt(f func(h float64) float64) float64 {
	const h = 1e-3
	wide, narrow := (f(h)-f(-h))/(2*h), (f(h/2)-f(-h/2))/h
	return (4*narrow - wide) / 3
}

func near(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*(1+math.Abs(a)+math.Abs(b))
}
