package lossgraph

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	G "gorgonia.org/gorgonia"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// leaves makes a tree of free leaves, each a number or, by their count, a vector.
func leaves(t testing.TB, values map[string][]float64, order ...string) *param.Tree {
	t.Helper()
	var list []param.Leaf
	for _, path := range order {
		leaf := param.Leaf{Path: path, Value: values[path], Free: true}
		if n := len(leaf.Value); n > 1 {
			leaf.Shape = []int{n}
		}
		list = append(list, leaf)
	}
	p, err := param.New(list...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// meanSquare is the loss behind a trajectory, if there is one.
func meanSquare(y *G.Node, err error) (*G.Node, error) {
	if err != nil {
		return nil, err
	}
	return G.Mean(G.Must(G.Square(G.Must(G.Sub(y, G.NewConstant(0.4))))))
}

// A graph with a transform in front, the trajectory, and a loss behind has the gradient that the
// simulation has for a transformed parameter and the native loss.
func TestFunctionAsFit(t *testing.T) {
	ctx := context.Background()
	sim := small(t, 3, 20)
	p := sim.Params().Regional("dynamics.J_N").Set("dynamics.J_N", 0.25, 0.26, 0.27)
	native := p.Clone().Transform("coupling.delayed.G", param.Log{}).Free("coupling.delayed.G", "dynamics.J_N")
	loss := observe.Last(8).Then(observe.SquaredError(0.4))
	value, gradient, err := sim.Gradient(ctx, native, loss)
	if err != nil {
		t.Fatal(err)
	}
	f := NewFunction(func(in Inputs) (*G.Node, error) {
		return meanSquare(Trajectory(sim, p, sim.Steps()-8, Leaves{
			"coupling.delayed.G": G.Must(G.Exp(G.Must(in.Node("log_G")))),
			"dynamics.J_N":       G.Must(in.Node("J_N")),
		}))
	})
	own := leaves(t, map[string][]float64{"log_G": {math.Log(0.5)}, "J_N": {0.25, 0.26, 0.27}}, "J_N", "log_G")
	got, grad, err := f.Gradient(ctx, own)
	if err != nil {
		t.Fatal(err)
	}
	if names := native.ThetaNames(); names[0] != "dynamics.J_N[0]" {
		t.Fatalf("the order of the free values is %v", names)
	}
	if !near(got, value, 1e-13) || furthest(grad, gradient) > 1e-12 {
		t.Errorf("%v with gradient %v, want %v with %v", got, grad, value, gradient)
	}
	if v, err := f.Value(ctx, own); v != got || err != nil {
		t.Errorf("Value gives %v, %v, Gradient %v", v, err, got)
	}
	// the same with a transform of the tree in place of the graph's, and with a part fixed
	own.Fix("J_N").Transform("log_G", param.Bounded{Lo: -2, Hi: 2})
	_, grad, err = f.Gradient(ctx, own)
	want := slopeAt(func(h float64) float64 {
		theta := own.Theta()
		theta[0] += h
		moved := own.Clone()
		if err := moved.SetTheta(theta); err != nil {
			t.Fatal(err)
		}
		v, err := f.Value(ctx, moved)
		if err != nil {
			t.Fatal(err)
		}
		return v
	})
	if err != nil || len(grad) != 1 || !near(grad[0], want, 1e-9) {
		t.Errorf("gradient %v, %v; finite difference %v", grad, err, want)
	}
}

// Leaves of all shapes, used twice or computed by operations that give views, two simulations and a slice
// of the trajectory in one graph, against finite differences.
func TestTrajectoryInLargerGraph(t *testing.T) {
	ctx := context.Background()
	a, b := small(t, 3, 12), small(t, 3, 9)
	r := rand.New(rand.NewPCG(11, 12))
	f := NewFunction(func(in Inputs) (*G.Node, error) {
		g, scale := G.Must(in.Node("g")), G.Must(in.Node("scale"))
		weights := G.Must(G.HadamardProd(scale, G.Must(Data(in.Graph(), uniform(rand.New(rand.NewPCG(1, 1)), 9, 0, 1), 3, 3))))
		first, err := Trajectory(a, a.Params(), 4, Leaves{"coupling.delayed.G": g, "graph.weights": G.Must(G.Transpose(weights, 1, 0)), "noise.sigma": scale})
		if err != nil {
			return nil, err
		}
		again, err := Trajectory(a, a.Params(), 4, Leaves{"coupling.delayed.G": scale})
		if err != nil {
			return nil, err
		}
		second, err := Trajectory(b, b.Params(), 0, Leaves{"dynamics.J_N": G.Must(in.Node("J_N")), "initial_state.S": G.Must(in.Node("J_N"))})
		if err != nil {
			return nil, err
		}
		last := G.Must(Slice(second, 0, 8, 9))
		return G.Add(G.Must(G.Mean(G.Must(G.Tanh(G.Must(G.HadamardProd(first, again)))))), G.Must(meanSquare(last, nil)))
	})
	own := leaves(t, map[string][]float64{"g": {0.4}, "scale": {0.3}, "J_N": {0.2, 0.25, 0.3}}, "g", "scale", "J_N")
	_, gradient, err := f.Gradient(ctx, own)
	if err != nil {
		t.Fatal(err)
	}
	direction, along := normals(r, len(gradient)), 0.0
	for i, d := range direction {
		along += d * gradient[i]
	}
	want := slopeAt(func(h float64) float64 {
		theta := own.Theta()
		for i, d := range direction {
			theta[i] += h * 0.1 * d
		}
		moved := own.Clone()
		if err := moved.SetTheta(theta); err != nil {
			t.Fatal(err)
		}
		v, err := f.Value(ctx, moved)
		if err != nil {
			t.Fatal(err)
		}
		return v
	})
	if !near(0.1*along, want, 1e-9) {
		t.Errorf("gradient along a direction %v, finite difference %v", 0.1*along, want)
	}
}

// On gorgonia's own machine the trajectory has the same value and gradient, run after run.
func TestTrajectoryOnTapeMachine(t *testing.T) {
	sim := small(t, 3, 10)
	p := sim.Params()
	build := func(_ []input, in G.Nodes) (*G.Node, error) {
		return meanSquare(Trajectory(sim, p, 2, Leaves{"coupling.delayed.G": G.Must(G.Exp(in[0]))}))
	}
	g, err := compile([]input{{"log_G", nil, true}}, build)
	if err != nil {
		t.Fatal(err)
	}
	value, gradient := evaluated(t, g, []float64{-0.5})
	for range 2 {
		tape, tapeGradient, err := onTape(build, nil, []float64{-0.5})
		if err != nil || tape != value || !slices.Equal(gradient, tapeGradient) {
			t.Errorf("%v with %v on gorgonia's machine, %v; wanted %v with %v", tape, tapeGradient, err, value, gradient)
		}
	}
	of := G.NewGraph()
	y := G.Must(Trajectory(sim, p, 2, Leaves{"coupling.delayed.G": G.NewScalar(of, G.Float64, G.WithName("g"))}))
	if a, b := y.Op().Type(), y.Op().Type(); a == b {
		t.Error("a type is given out twice, which gorgonia would put back to its pool twice")
	}
	if other := G.Must(Trajectory(sim, p, 3, Leaves{"coupling.delayed.G": of.AllNodes()[0]})); other == y {
		t.Error("two trajectories are one node")
	}
}

// A graph finds the baseline and the slope by which J_N was made from a map.
func TestMinimize(t *testing.T) {
	ctx := context.Background()
	sim := small(t, 3, 40)
	p := sim.Params()
	areas := []float64{-1, 0, 1}
	truth := p.Clone().Regional("dynamics.J_N").Set("dynamics.J_N", 0.22, 0.25, 0.28)
	res, err := sim.Run(ctx, truth)
	if err != nil {
		t.Fatal(err)
	}
	var target []float64
	for _, row := range res.Data[20:] {
		target = append(target, row[0]...)
	}
	f := NewFunction(func(in Inputs) (*G.Node, error) {
		jn := G.Must(G.Add(G.Must(in.Node("baseline")), G.Must(G.HadamardProd(G.Must(in.Node("slope")), G.Must(Data(in.Graph(), areas, 3))))))
		y, err := Trajectory(sim, p, 20, Leaves{"dynamics.J_N": jn})
		if err != nil {
			return nil, err
		}
		return G.Mean(G.Must(G.Square(G.Must(G.Sub(y, G.Must(Data(in.Graph(), target, 20, 1, 3)))))))
	})
	own := leaves(t, map[string][]float64{"baseline": {0.2609}, "slope": {0}}, "baseline", "slope")
	fit, err := optim.Minimize(ctx, f, own, optim.Adam{Rate: 0.003}, optim.Options{Steps: 150})
	if err != nil {
		t.Fatal(err)
	}
	if b, s := fit.Best.Values("baseline")[0], fit.Best.Values("slope")[0]; !near(b, 0.25, 1e-3) || !near(s, 0.03, 1e-3) {
		t.Errorf("baseline %v, slope %v after %d steps (loss %v); made with 0.25, 0.03", b, s, fit.Steps, fit.BestLoss)
	}
}

// One function at many points at once.
func TestConcurrentFunctions(t *testing.T) {
	sim := small(t, 3, 20)
	f := NewFunction(func(in Inputs) (*G.Node, error) {
		return meanSquare(Trajectory(sim, sim.Params(), 4, Leaves{"coupling.delayed.G": G.Must(G.Exp(G.Must(in.Node("log_G"))))}))
	})
	at := func(k int) (float64, []float64, error) {
		return f.Gradient(context.Background(), leaves(t, map[string][]float64{"log_G": {-0.1 * float64(k)}}, "log_G"))
	}
	var values []float64
	for k := range 8 {
		value, gradient, err := at(k)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, value, gradient[0])
	}
	var wait sync.WaitGroup
	for k := range 40 {
		wait.Go(func() {
			if value, gradient, err := at(k % 8); err != nil || value != values[2*(k%8)] || gradient[0] != values[2*(k%8)+1] {
				t.Errorf("point %d: %v, %v, %v; alone %v", k, value, gradient, err, values[2*(k%8):][:2])
			}
		})
	}
	wait.Wait()
}

func TestTrajectoryErrors(t *testing.T) {
	sim := small(t, 3, 10)
	p := sim.Params()
	of := G.NewGraph()
	number := G.NewScalar(of, G.Float64, G.WithName("number"))
	vector := G.NewVector(of, G.Float64, G.WithShape(2), G.WithName("vector"))
	for _, c := range []struct {
		name  string
		sim   *network.Simulation
		p     *param.Tree
		from  int
		given Leaves
		want  []string
	}{
		{"no simulation", nil, p, 0, Leaves{"dynamics.J_N": number}, []string{"without a simulation", "network.Prepare"}},
		{"no parameters", sim, nil, 0, Leaves{"dynamics.J_N": number}, []string{"parameters"}},
		{"sticky error", sim, sim.Params().Set("J_N", 1), 0, Leaves{"dynamics.J_N": number}, []string{`did you mean "dynamics.J_N"`}},
		{"too late", sim, p, 10, Leaves{"dynamics.J_N": number}, []string{"from sample 10 of a run of 10", "0 to 9"}},
		{"too early", sim, p, -1, Leaves{"dynamics.J_N": number}, []string{"from sample -1"}},
		{"no leaves", sim, p, 0, nil, []string{"no given leaves", "dynamics.J_N"}},
		{"misspelt", sim, p, 0, Leaves{"dynamics.J_M": number, "dynamics.w": number}, []string{`no leaf "dynamics.J_M"`, `did you mean "dynamics.J_N"`}},
		{"nil node", sim, p, 0, Leaves{"dynamics.J_N": nil}, []string{`no node for leaf "dynamics.J_N"`}},
		{"shape", sim, p, 0, Leaves{"dynamics.J_N": vector}, []string{`"dynamics.J_N" has shape scalar, got shape [2]`, "[3]"}},
		{"float32", sim, p, 0, Leaves{"dynamics.J_N": G.NewScalar(of, G.Float32, G.WithName("single"))}, []string{"lossgraph: Trajectory", "float32"}},
		{"two graphs", sim, p, 0, Leaves{"dynamics.J_N": number, "dynamics.w": G.NewScalar(G.NewGraph(), G.Float64)}, []string{"lossgraph: Trajectory", "same graph"}},
		{"weights", sim, p, 0, Leaves{"graph.weights": number}, []string{`"graph.weights" has shape [3][3]`}},
	} {
		_, err := Trajectory(c.sim, c.p, c.from, c.given)
		t.Run(c.name, func(t *testing.T) { checkError(t, err, c.want...) })
	}
}

func TestFunctionErrors(t *testing.T) {
	sim := small(t, 3, 10)
	own := leaves(t, map[string][]float64{"G": {0.5}, "idle": {1}}, "G", "idle").Fix("idle")
	f := NewFunction(func(in Inputs) (*G.Node, error) {
		return meanSquare(Trajectory(sim, sim.Params(), 0, Leaves{"coupling.delayed.G": G.Must(in.Node("G"))}))
	})
	gradient := func(f *Function, p *param.Tree) error {
		_, _, err := f.Gradient(context.Background(), p)
		return err
	}
	misspelt := NewFunction(func(in Inputs) (*G.Node, error) { return in.Node("GG") })
	for _, c := range []struct {
		name string
		err  error
		want []string
	}{
		{"no function", gradient(NewFunction(nil), own), []string{"NewFunction of no function"}},
		{"no parameters", gradient(f, nil), []string{"no parameters", "param.New"}},
		{"empty", gradient(f, must(param.New())), []string{"no parameter"}},
		{"sticky", gradient(f, own.Clone().Free("H")), []string{`no leaf "H"`}},
		{"nothing free", gradient(f, own.Clone().Fix("*")), []string{"no parameter is free"}},
		{"not used", gradient(f, own.Clone().Free("idle")), []string{"does not depend on idle"}},
		{"misspelt", gradient(misspelt, own), []string{`no parameter "GG", did you mean "G"`}},
	} {
		t.Run(c.name, func(t *testing.T) { checkError(t, c.err, c.want...) })
	}

	// Errors of the simulation come as they are.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := f.Gradient(ctx, own); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled gradient: %v", err)
	}
	var diverged *network.DivergenceError
	if _, err := f.Value(context.Background(), own.Clone().Set("G", 1e300)); !errors.As(err, &diverged) {
		t.Errorf("a run that diverges: %v", err)
	}
	if err := gradient(f, own); err != nil {
		t.Errorf("after errors: %v", err)
	}

	// Delays read at the nearest step have no derivative.
	delayed, err := network.Prepare(network.Network{Dynamics: models.ReducedWongWang(), Coupling: coupling.Set{"delayed": coupling.Linear("S")},
		Graph: graph.FromDense([][]float64{{0, 1}, {1, 0}}).WithDelays([][]float64{{0, 5}, {7, 0}})}, solver.Heun{}, network.Grid{End: 10, Step: 1}, network.Options{})
	if err != nil {
		t.Fatal(err)
	}
	nearest := NewFunction(func(in Inputs) (*G.Node, error) {
		tau := G.Must(G.HadamardProd(G.Must(in.Node("tau")), G.Must(Data(in.Graph(), []float64{0, 1, 1, 0}, 2, 2))))
		return meanSquare(Trajectory(delayed, delayed.Params(), 0, Leaves{"graph.delays": tau}))
	})
	err = gradient(nearest, leaves(t, map[string][]float64{"tau": {5}}, "tau"))
	checkError(t, err, "nearest step", "LinearReads")
	if strings.HasPrefix(err.Error(), "lossgraph") {
		t.Errorf("%v has another package before its own", err)
	}
}
