package lossgraph

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

func normals(r *rand.Rand, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	return v
}

func trajectory(r *rand.Rand, rows, variables, nodes int) network.Trajectory {
	return network.Trajectory{Rows: rows, Variables: variables, Nodes: nodes, Data: normals(r, rows*variables*nodes)}
}

// squaredError is observe.SquaredErrorTo as a graph.
func squaredError(targets []float64) observe.Stage {
	return Loss(func(y *G.Node) (*G.Node, error) {
		target := G.Must(Data(y.Graph(), targets, y.Shape()...))
		return G.Mean(G.Must(G.Square(G.Must(G.Sub(y, target)))))
	})
}

// A loss in gorgonia has the value, gradient and tangents of the same loss of package observe.
func TestAsNative(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	y := trajectory(r, 7, 2, 3)
	over := func(o observe.Observation, axes ...observe.Axis) observe.Observation {
		for _, a := range axes {
			o = o.Mean(a)
		}
		return o
	}
	for _, o := range []observe.Observation{
		observe.All(), observe.Last(5).Variable(1), over(observe.Last(4), observe.OverTime),
		over(observe.Window(2, 6), observe.OverTime, observe.OverNodes), over(observe.All(), observe.OverAll),
	} {
		e, err := o.Evaluate(y)
		if err != nil {
			t.Fatal(err)
		}
		targets := normals(r, len(e.Data))
		native, ours := o.Then(observe.SquaredErrorTo(targets)), o.Then(squaredError(targets))
		want, got := make([]float64, len(y.Data)), make([]float64, len(y.Data))
		value, err := ours.Pull(y, got)
		if err != nil {
			t.Fatalf("%s: %v", ours, err)
		}
		if right, _ := native.Pull(y, want); !near(value, right, 1e-12) || furthest(got, want) > 1e-12 {
			t.Errorf("%s: %v with gradient %v, want %v with %v", ours, value, got, right, want)
		}
		if v, err := ours.Value(y); v != value || err != nil {
			t.Errorf("%s: value %v, %v; Pull gives %v", ours, v, err, value)
		}
		tangents := normals(r, 3*len(y.Data))
		pushed, wanted := make([]float64, 3), make([]float64, 3)
		if v, err := ours.Push(y, tangents, 3, pushed); v != value || err != nil {
			t.Errorf("%s: Push gives %v, %v; Pull %v", ours, v, err, value)
		}
		if _, err := native.Push(y, tangents, 3, wanted); err != nil || furthest(pushed, wanted) > 1e-12 {
			t.Errorf("%s: tangents %v, want %v, %v", ours, pushed, wanted, err)
		}
	}
}

// furthest is the largest difference, relative to the largest number.
func furthest(got, want []float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	difference, largest := 0.0, 1e-300
	for i, w := range want {
		difference = max(difference, math.Abs(got[i]-w))
		largest = max(largest, math.Abs(w))
	}
	return difference / largest
}

// connectivity is the root of the mean squared error of functional connectivity, the correlations of
// y[T][1][N] over time, outside of the diagonal.
func connectivity(target []float64) func(y *G.Node) (*G.Node, error) {
	return func(y *G.Node) (*G.Node, error) {
		rows, nodes := y.Shape()[0], y.Shape()[2]
		x := G.Must(G.Reshape(y, tensor.Shape{rows, nodes}))
		x = G.Must(G.BroadcastSub(x, G.Must(G.Mean(x, 0)), nil, []byte{0}))
		z := G.Must(G.BroadcastHadamardDiv(x, G.Must(G.Sqrt(G.Must(G.Sum(G.Must(G.Square(x)), 0)))), nil, []byte{0}))
		off := make([]float64, nodes*nodes)
		for k := range off {
			if k%(nodes+1) != 0 {
				off[k] = 1
			}
		}
		fc := G.Must(G.Mul(G.Must(G.Transpose(z, 1, 0)), z))
		e := G.Must(G.HadamardProd(G.Must(G.Sub(fc, G.Must(Data(y.Graph(), target, nodes, nodes)))), G.Must(Data(y.Graph(), off, nodes, nodes))))
		return G.Sqrt(G.Must(G.Mean(G.Must(G.Square(e)))))
	}
}

func TestConnectivity(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const rows, nodes = 60, 12
	y, target := trajectory(r, rows, 1, nodes), uniform(r, nodes*nodes, -1, 1)
	loss := observe.All().Then(Loss(connectivity(target)))
	value, err := loss.Value(y)
	if err != nil {
		t.Fatal(err)
	}
	if want := connectivityByLoops(y, target); !near(value, want, 1e-13) {
		t.Errorf("value %v, want %v", value, want)
	}
	gradient := make([]float64, len(y.Data))
	if _, err := loss.Pull(y, gradient); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		direction, along := normals(r, len(y.Data)), 0.0
		for i, d := range direction {
			along += d * gradient[i]
		}
		want := slopeAt(func(h float64) float64 {
			moved := y
			moved.Data = slices.Clone(y.Data)
			for i := range moved.Data {
				moved.Data[i] += h * direction[i]
			}
			return connectivityByLoops(moved, target)
		})
		if !near(along, want, 1e-9) {
			t.Errorf("gradient along a direction %v, finite difference %v", along, want)
		}
	}
}

func connectivityByLoops(y network.Trajectory, target []float64) float64 {
	n, sum := y.Nodes, 0.0
	column := func(i int) []float64 {
		x, mean, square := make([]float64, y.Rows), 0.0, 0.0
		for t := range x {
			x[t] = y.Data[t*n+i]
			mean += x[t] / float64(y.Rows)
		}
		for t := range x {
			x[t] -= mean
			square += x[t] * x[t]
		}
		for t := range x {
			x[t] /= math.Sqrt(square)
		}
		return x
	}
	for i := range n {
		for j := range n {
			correlation := 0.0
			a, b := column(i), column(j)
			for t := range a {
				correlation += a[t] * b[t]
			}
			if i != j {
				sum += math.Pow(correlation-target[i*n+j], 2)
			}
		}
	}
	return math.Sqrt(sum / float64(n*n))
}

// What a graph refuses is the same error in every use of the observation, and names stage and package.
func TestErrorsOfObservations(t *testing.T) {
	y := trajectory(rand.New(rand.NewPCG(5, 6)), 4, 1, 3)
	for _, c := range []struct {
		o    observe.Observation
		want string
	}{
		{observe.Last(2).Then(Loss(G.Square)), "observe: gorgonia graph: lossgraph: the function returned"},
		{observe.All().Then(Loss(nil)), "observe: gorgonia graph: lossgraph: Loss of no function"},
		{observe.All().Then(Loss(sumOf(G.Sqrt))), "observe: gorgonia graph: lossgraph: the loss is NaN"},
		{observe.All().Mean(observe.OverAll).Then(Loss(func(y *G.Node) (*G.Node, error) { return Data(y.Graph(), nil) })), "observe: gorgonia graph: lossgraph: Data of 0 values"},
	} {
		_, value := c.o.Value(y)
		_, pull := c.o.Pull(y, make([]float64, len(y.Data)))
		_, push := c.o.Push(y, y.Data, 1, make([]float64, 1))
		for _, err := range []error{value, pull, push} {
			checkError(t, err, c.want)
		}
		if _, err := c.o.Window(4, 1, 3); err == nil != strings.Contains(c.want, "NaN") || err != nil && err.Error() != value.Error() {
			t.Errorf("Window gives %v, Value %v", err, value)
		}
	}
}

// A loss in gorgonia has no second derivatives, which the error of a product with a Hessian says.
func TestNoHessian(t *testing.T) {
	net := network.Network{Dynamics: models.ReducedWongWang(), Graph: graph.FromDense([][]float64{{0, 1}, {1, 0}}), Coupling: coupling.Set{"delayed": coupling.Linear("S")}}
	sim, err := network.Prepare(net, solver.Euler{}, network.Grid{End: 10, Step: 1}, network.Options{})
	if err != nil {
		t.Fatal(err)
	}
	loss := observe.Last(5).Then(squaredError(make([]float64, 10)))
	_, _, _, err = sim.HessianVector(context.Background(), sim.Params().Free("dynamics.J_N"), loss, []float64{1})
	if err == nil || !strings.Contains(err.Error(), "no second derivatives") || !strings.Contains(err.Error(), "observe.SquaredError") {
		t.Errorf("%v; want an error that names losses with second derivatives", err)
	}
}

func TestDataErrors(t *testing.T) {
	g := G.NewGraph()
	for _, c := range []struct {
		data  func() (*G.Node, error)
		wants string
	}{
		{func() (*G.Node, error) { return Data(nil, []float64{1}) }, "without a graph"},
		{func() (*G.Node, error) { return Data(g, []float64{1, 2}, 3) }, "2 values with shape [3]"},
		{func() (*G.Node, error) { return Data(g, nil, 0) }, "0 values"},
		{func() (*G.Node, error) { return Data(g, []float64{1, math.NaN()}, 2) }, "value 1 is NaN"},
		{func() (*G.Node, error) { return Slice(G.Must(Data(g, []float64{1, 2}, 2)), 1, 0, 1) }, "axis 1 of shape [2]"},
		{func() (*G.Node, error) { return Slice(G.Must(Data(g, []float64{1, 2}, 2)), 0, 1, 1) }, "from 1 up to 1"},
		{func() (*G.Node, error) { return Slice(G.Must(Data(g, []float64{1, 2}, 2)), 0, 0, 3) }, "up to 3"},
	} {
		_, err := c.data()
		checkError(t, err, "lossgraph: ", c.wants, "wanted")
	}
	values := []float64{1, 2}
	n := G.Must(Data(g, values, 2))
	values[0] = 9
	if got := read(t, n.Value(), 2); got[0] != 1 {
		t.Error("Data shares the caller's slice")
	}
}

// small is a simulation of a few regions.
func small(t testing.TB, regions, steps int) *network.Simulation {
	t.Helper()
	weights := make([][]float64, regions)
	for i := range weights {
		weights[i] = make([]float64, regions)
		for j := range weights {
			if i != j {
				weights[i][j] = 1 / float64(1+i+2*j)
			}
		}
	}
	sim, err := network.Prepare(network.Network{
		Dynamics: models.ReducedWongWang().With(param.Set{"w": 0.5, "I_o": 0.32}).Initial(param.Set{"S": 0.3}),
		Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.5})},
		Graph:    graph.FromDense(weights),
		Noise:    noise.Additive{Sigma: 0.002},
	}, solver.Heun{}, network.Grid{End: 4 * float64(steps), Step: 4}, network.Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	return sim
}

// witness is an operation that notices two goroutines in it.
type witness struct {
	operation
	inside *atomic.Bool
}

func (witness) Arity() int    { return 1 }
func (witness) Type() hm.Type { return functionType(nil, nil) }

func (witness) InferShape(...G.DimSizer) (tensor.Shape, error) { return tensor.Shape{}, nil }

func (w witness) Do(v ...G.Value) (G.Value, error) {
	if !w.inside.CompareAndSwap(false, true) {
		return nil, fmt.Errorf("a graph is used twice at a time")
	}
	defer w.inside.Store(false)
	return v[0], nil
}

func (witness) DiffWRT(int) []bool                                  { return []bool{true} }
func (witness) SymDiff(_ G.Nodes, _, grad *G.Node) (G.Nodes, error) { return G.Nodes{grad}, nil }

// Many fits at once, of one simulation and one loss, give what each gives alone.
func TestConcurrentFits(t *testing.T) {
	sim := small(t, 4, 30)
	var graphs atomic.Int32
	loss := observe.Last(10).Mean(observe.OverTime).Then(Loss(func(y *G.Node) (*G.Node, error) {
		graphs.Add(1)
		target := G.Must(Data(y.Graph(), []float64{0.2, 0.3, 0.4, 0.5}, 1, 1, 4))
		e := G.Must(G.Cube(G.Must(G.Abs(G.Must(G.Sub(y, target))))))
		return G.ApplyOp(witness{operation{"witness"}, new(atomic.Bool)}, G.Must(G.Mean(G.Must(G.Rectify(e)))))
	}))
	fit := func(k int) ([]float64, error) {
		p := sim.Params().Set("coupling.delayed.G", 0.3+0.01*float64(k%10)).Free("coupling.delayed.G")
		if k%2 == 0 {
			p.Regional("dynamics.J_N").Free("dynamics.J_N")
		}
		r, err := optim.Fit(context.Background(), sim, loss, p, optim.Adam{Rate: 0.01}, optim.Options{Steps: 3})
		if err != nil {
			return nil, err
		}
		return append(r.Losses, r.Params.Theta()...), nil
	}
	var alone [][]float64
	for k := range 10 {
		r, err := fit(k)
		if err != nil {
			t.Fatal(err)
		}
		alone = append(alone, r)
	}
	var wait sync.WaitGroup
	for k := range 100 {
		wait.Go(func() {
			if r, err := fit(k); err != nil || !slices.Equal(r, alone[k%10]) {
				t.Errorf("fit %d: %v, %v; alone %v", k, r, err, alone[k%10])
			}
		})
	}
	wait.Wait()
	if n := graphs.Load(); n > 2*101 {
		t.Errorf("%d graphs were built for 100 fits at once; wanted two at most for each and for those alone", n)
	}
}

// Large products are shared out among goroutines, and give the same bits in every run.
func TestSameBits(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	y, target := trajectory(r, 150, 1, 100), uniform(r, 100*100, -1, 1)
	first, again := make([]float64, len(y.Data)), make([]float64, len(y.Data))
	for k := range 4 {
		value, err := observe.All().Then(Loss(connectivity(target))).Pull(y, again)
		if k == 0 {
			copy(first, again)
		}
		if err != nil || !slices.Equal(first, again) {
			t.Fatalf("run %d: value %v, %v; another gradient than in the first", k, value, err)
		}
	}
}

// The second call to the same shape builds no graph.
func TestGraphsAreUsedAgain(t *testing.T) {
	built := 0
	loss := observe.All().Then(Loss(func(y *G.Node) (*G.Node, error) {
		built++
		return G.Sum(G.Must(G.Square(y)))
	}))
	r := rand.New(rand.NewPCG(7, 8))
	for _, rows := range []int{3, 3, 5, 3} {
		y := trajectory(r, rows, 1, 2)
		if _, err := loss.Pull(y, make([]float64, len(y.Data))); err != nil {
			t.Fatal(err)
		}
	}
	if built != 4 {
		t.Errorf("%d graphs, want two for each of two shapes", built)
	}
}

func BenchmarkConnectivity(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	y := trajectory(r, 500, 1, 84)
	target := uniform(r, 84*84, -1, 1)
	gradient := make([]float64, len(y.Data))
	for name, loss := range map[string]func() observe.Stage{
		"kept": func() func() observe.Stage { s := Loss(connectivity(target)); return func() observe.Stage { return s } }(),
		"new":  func() observe.Stage { return Loss(connectivity(target)) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := observe.All().Then(loss()).Pull(y, gradient); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
