package network_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/stimulus"
)

// setup is everything that Prepare takes; the cases below spoil one thing each.
type setup struct {
	network.Network
	method solver.Solver
	grid   network.Grid
	opts   network.Options
}

var pair = [][]float64{{0, 1}, {0.5, 0}}

func sound() setup {
	return setup{
		Network: network.Network{
			Dynamics: models.ReducedWongWang(),
			Coupling: coupling.Set{"delayed": coupling.Linear("S")},
			Graph:    graph.FromDense(pair).WithLengths(pair).Speed(1),
			Noise:    noise.Additive{Sigma: 0.01},
		},
		method: solver.Heun{},
		grid:   network.Grid{End: 20, Step: 1},
	}
}

func (s setup) prepare() (*network.Simulation, error) {
	return network.Prepare(s.Network, s.method, s.grid, s.opts)
}

// checkMessage holds for every error: it says what is wanted, in at most four lines.
func checkMessage(t *testing.T, err error, wants ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, wanted %q", wants)
		return
	}
	for _, want := range wants {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not say %q", err, want)
		}
	}
	if lines := strings.Count(err.Error(), "\n") + 1; lines > 4 {
		t.Errorf("%d lines: %v", lines, err)
	}
	if strings.Contains(err.Error(), "%!") {
		t.Errorf("badly formatted: %v", err)
	}
}

// guarded calls f and turns a panic into a failure of the test.
func guarded(t *testing.T, f func() error) error {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("panic: %v", r)
		}
	}()
	return f()
}

// own is a user's own model with an equation to spoil.
func own(equations string) models.Model {
	return models.Model{
		Name:      "Mine",
		States:    []models.State{{Name: "v", Initial: 1}, {Name: "w"}},
		Params:    []param.Spec{{Name: "tau", Default: 10}, {Name: "gain", Default: 2}},
		Inputs:    []models.Input{{Name: "delayed", Symbols: []string{"c"}}},
		Equations: equations,
	}
}

func TestPrepareErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	spoiled := func(change func(s *setup)) func() error {
		return func() error {
			s := sound()
			change(&s)
			_, err := s.prepare()
			return err
		}
	}
	model := func(equations string) func(s *setup) {
		return func(s *setup) {
			s.Dynamics, s.Coupling, s.Noise = own(equations), coupling.Set{"delayed": coupling.Linear("v")}, noise.Additive{}
		}
	}
	edges := func(change func(c *coupling.Coupling)) func(s *setup) {
		return func(s *setup) {
			c := coupling.Linear("S")
			change(&c)
			s.Coupling = coupling.Set{"delayed": c}
		}
	}
	cases := []struct {
		name   string
		change func(s *setup)
		wants  []string
	}{
		{"no graph", func(s *setup) { s.Graph = nil }, []string{"no graph", "graph.Example()"}},
		{"no solver", func(s *setup) { s.method = nil }, []string{"no solver", "solver.Heun{}"}},
		{"no model", func(s *setup) { s.Dynamics = models.Model{} }, []string{"no model"}},
		{"unknown parameter", func(s *setup) { s.Dynamics = s.Dynamics.With(param.Set{"J_M": 1}) }, []string{`"J_M"`, "J_N"}},
		{"unknown initial state", func(s *setup) { s.Dynamics = s.Dynamics.Initial(param.Set{"s": 1}) }, []string{`"s"`, "S"}},
		{"unknown coupling parameter", edges(func(c *coupling.Coupling) { *c = c.With(param.Set{"g": 1}) }), []string{`"g"`, "G"}},
		{"unknown input", func(s *setup) { s.Coupling = coupling.Set{"delaid": coupling.Linear("S")} }, []string{`"delaid"`, "delayed"}},
		{"unknown input by Into", edges(func(c *coupling.Coupling) { *c = c.Into("instan") }), []string{`"instan"`, "instant"}},
		{"unknown state sent", edges(func(c *coupling.Coupling) { *c = coupling.Linear("s") }), []string{`"s"`, "S"}},
		{"no state sent", edges(func(c *coupling.Coupling) { *c = coupling.Linear() }), []string{"0 channels"}},
		{"two states sent", edges(func(c *coupling.Coupling) { *c = coupling.Linear("S", "S") }), []string{"2 channels"}},
		{"unknown local state", edges(func(c *coupling.Coupling) { *c = coupling.Difference("S").Local("R") }), []string{`"R"`}},
		{"name of a coupling", func(s *setup) { s.Coupling = coupling.Set{"a.b": coupling.Linear("S").Into("delayed")} }, []string{`"a.b"`}},
		{"zero coupling", edges(func(c *coupling.Coupling) { *c = coupling.Coupling{} }), nil},
		{"signal with a typo", edges(func(c *coupling.Coupling) { c.Signal = "s = 2*xx" }), []string{`"xx"`, "^"}},
		{"post with a typo", edges(func(c *coupling.Coupling) { c.Post = "c = G*ss" }), []string{`"ss"`, "^"}},
		{"post without its channel", edges(func(c *coupling.Coupling) { c.Post = "d = G*s" }), []string{`"c"`}},
		{"signal that cannot be read", edges(func(c *coupling.Coupling) { c.Signal = "s = (x" }), []string{"^"}},
		{"record", func(s *setup) { s.opts.Record = []string{"SS"} }, []string{`"SS"`}},
		{"record twice", func(s *setup) { s.opts.Record = []string{"S", "S"} }, []string{"twice"}},
		{"array of a parameter", func(s *setup) { s.Dynamics = s.Dynamics.With(param.Set{"w": []float64{1, 2, 3}}) }, []string{"dynamics.w", "[3]", "[2]"}},
		{"array of an initial state", func(s *setup) { s.Dynamics = s.Dynamics.Initial(param.Set{"S": []float64{1}}) }, []string{"initial_state.S", "[1]"}},
		{"matrix of a parameter", func(s *setup) { s.Dynamics = s.Dynamics.With(param.Set{"w": [][]float64{{1, 2}, {3, 4}}}) }, []string{"dynamics.w"}},
		{"text of a parameter", func(s *setup) { s.Dynamics = s.Dynamics.With(param.Set{"w": "0.5"}) }, []string{"dynamics.w", "string"}},
		{"NaN of a parameter", func(s *setup) { s.Dynamics = s.Dynamics.With(param.Set{"w": nan}) }, []string{"w is NaN"}},
		{"infinite initial state", func(s *setup) { s.Dynamics = s.Dynamics.Initial(param.Set{"S": inf}) }, []string{"S is +Inf"}},
		{"sigma < 0", func(s *setup) { s.Noise.Sigma = -0.1 }, []string{"noise.sigma", "-0.1", "negative"}},
		{"sigma NaN", func(s *setup) { s.Noise.Sigma = nan }, []string{"noise.sigma", "NaN"}},
		{"array of sigma", func(s *setup) { s.Noise.Sigma = []float64{1, 2, 3} }, []string{"noise.sigma", "[3]"}},
		{"sigma of no type", func(s *setup) { s.Noise.Sigma = "a" }, []string{"noise.sigma", "string"}},
		{"noisy state", func(s *setup) { s.Noise.States = []string{"R"} }, []string{`"R"`}},
		{"noisy state twice", func(s *setup) { s.Noise.States = []string{"S", "S"} }, []string{"twice"}},
		{"noise without sigma", func(s *setup) { s.Noise = noise.Additive{States: []string{"S"}} }, []string{"sigma"}},
		{"step 0", func(s *setup) { s.grid.Step = 0 }, []string{"step 0"}},
		{"step < 0", func(s *setup) { s.grid.Step = -1 }, []string{"step -1"}},
		{"step NaN", func(s *setup) { s.grid.Step = nan }, []string{"step NaN"}},
		{"step > run", func(s *setup) { s.grid.Step = 30 }, []string{"30", "20"}},
		{"end = start", func(s *setup) { s.grid.Start = 20 }, []string{"end 20", "start 20"}},
		{"end NaN", func(s *setup) { s.grid.End = nan }, []string{"NaN"}},
		{"endless", func(s *setup) { s.grid.End = inf }, []string{"finite"}},
		{"too many steps", func(s *setup) { s.grid.Step = 1e-300 }, []string{"steps"}},
		{"speed 0", func(s *setup) { s.Graph = s.Graph.Speed(0) }, []string{"speed 0"}},
		{"speed < 0", func(s *setup) { s.Graph = s.Graph.Speed(-3) }, []string{"speed -3"}},
		{"speed without lengths", func(s *setup) { s.Graph = graph.FromDense(pair).Speed(3) }, []string{"length"}},
		{"NaN weight", func(s *setup) { s.Graph = graph.FromDense([][]float64{{0, nan}, {1, 0}}) }, []string{"weight", "NaN"}},
		{"rows of weights", func(s *setup) { s.Graph = graph.FromDense([][]float64{{0, 1}, {1}}) }, []string{"row"}},
		{"empty graph", func(s *setup) { s.Graph = graph.FromDense(nil) }, []string{"no rows"}},
		{"huge delay", func(s *setup) { s.Graph = s.Graph.Speed(1e-12) }, []string{"delay", "history", "Options.Memory"}},
		{"recorded normals", func(s *setup) { s.opts.Normals = make([]float64, 7) }, []string{"7", "40"}},
		{"unknown stimulus", func(s *setup) { s.Stimulus = stimulus.Set{"stimulos": stimulus.Sine()} }, []string{`"stimulos"`}},
		{"history and initial values", func(s *setup) {
			s.Dynamics = s.Dynamics.Initial(param.Set{"S": 0.1})
			s.History = [][][]float64{{{0, 0}}}
		}, []string{"history"}},
		{"history with too few regions", func(s *setup) { s.History = [][][]float64{{{0}}} }, []string{"history", "1 regions"}},
		{"history with too many states", func(s *setup) { s.History = [][][]float64{{{0, 0}, {0, 0}}} }, []string{"history", "2 states"}},
		{"empty history", func(s *setup) { s.History = [][][]float64{} }, []string{"history is empty"}},
		{"NaN in the history", func(s *setup) { s.History = [][][]float64{{{0, 0}}, {{nan, 0}}} }, []string{"history", "NaN"}},
		{"bounded without a method", func(s *setup) { s.method = solver.Bounded{} }, []string{"no method inside"}},
		{"bounds that cross", func(s *setup) {
			s.method = solver.Bounded{Solver: solver.Heun{}, Low: []float64{1}, High: []float64{0}}
		}, []string{"bounds", "S"}},
		{"bounded without a method, linear reads", func(s *setup) {
			s.method, s.Coupling = solver.Bounded{}, coupling.Set{"delayed": coupling.Linear("S").LinearReads()}
		}, []string{"no method inside"}},
		{"bounded without a method, message", func(s *setup) {
			c := coupling.Difference("S")
			c.Signal, c.Message, c.Post = "", "m = x - x_i", "c = G*m"
			s.method, s.Coupling = solver.Bounded{}, coupling.Set{"delayed": c}
		}, []string{"no method inside"}},
		{"equation with a typo", model("dv/dt = -v/tua + c\ndw/dt = v - w"), []string{`"tua"`, "tau", "^"}},
		{"equation with an unknown function", model("dv/dt = -v/tau + sine(c)\ndw/dt = v - w"), []string{`"sine"`, "^"}},
		{"equation that ends early", model("dv/dt = -v/(tau + c\ndw/dt = v - w"), []string{"^"}},
		{"missing equation", model("dv/dt = -v/tau + c"), []string{`"w"`}},
		{"equation of no state", model("dv/dt = -v/tau + c\ndw/dt = v - w\ndu/dt = 1"), []string{`"u"`}},
		{"equations in a circle", model("a = b + v\nb = a\ndv/dt = a + c\ndw/dt = v - w"), []string{"^"}},
		{"assigned parameter", model("tau = 3\ndv/dt = -v/tau + c\ndw/dt = v - w"), []string{`"tau"`}},
		{"no equations", model(""), []string{`"v"`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { checkMessage(t, guarded(t, spoiled(c.change)), c.wants...) })
	}
	if _, err := sound().prepare(); err != nil {
		t.Errorf("the sound network: %v", err)
	}
}

func TestParameterErrors(t *testing.T) {
	nan := math.NaN()
	s, err := sound().prepare()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	last := observe.Last(5).Mean(observe.OverAll)
	run := func(p *param.Tree) error { _, err := s.Run(ctx, p); return err }
	fit := func(loss network.Objective, p *param.Tree) error { _, _, err := s.Gradient(ctx, p, loss); return err }
	other := sound()
	other.Dynamics = models.Generic2dOscillator()
	other.Coupling, other.Noise = nil, noise.Additive{}
	stranger, err := other.prepare()
	if err != nil {
		t.Fatal(err)
	}
	larger := sound()
	larger.Graph = graph.FromDense([][]float64{{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}).WithLengths([][]float64{{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}).Speed(1)
	bigger, err := larger.prepare()
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name  string
		err   func() error
		wants []string
	}{
		{"no parameters", func() error { return run(nil) }, []string{"Simulation.Params"}},
		{"unknown path", func() error { return run(s.Params().Set("dynamics.J_M", 1)) }, []string{"dynamics.J_M", "dynamics.J_N"}},
		{"unknown path freed", func() error { return run(s.Params().Free("dynamic.w")) }, []string{"dynamic.w"}},
		{"too many values", func() error { return run(s.Params().Set("dynamics.w", 1, 2)) }, []string{"dynamics.w"}},
		{"NaN", func() error { return run(s.Params().Set("dynamics.w", nan)) }, []string{"dynamics.w", "NaN"}},
		{"sigma", func() error { return run(s.Params().Set("noise.sigma", -1)) }, []string{"noise.sigma", "-1"}},
		{"speed", func() error { return run(s.Params().Set("graph.speed", 0)) }, []string{"graph.speed", "> 0"}},
		{"negative length", func() error { return run(s.Params().Set("graph.lengths", 0, -1, 1, 0)) }, []string{"graph.lengths"}},
		{"slow", func() error { return run(s.Params().Set("graph.speed", 1e-11)) }, []string{"history", "Options.Memory"}},
		{"weights that are no list", func() error { return run(s.Params().Regional("graph.weights")) }, []string{"graph.weights"}},
		{"another simulation", func() error { return run(stranger.Params()) }, []string{"another simulation"}},
		{"a larger simulation", func() error { return run(bigger.Params()) }, []string{"graph.weights", "[3 3]", "[2 2]"}},
		{"nothing free", func() error { return fit(last, s.Params()) }, []string{"free"}},
		{"no loss", func() error { return fit(nil, s.Params().Free("dynamics.w")) }, []string{"loss"}},
		{"window longer than the run", func() error { return fit(observe.Last(21).Mean(observe.OverAll), s.Params().Free("dynamics.w")) }, []string{"21", "20"}},
		{"loss of many numbers", func() error { return fit(observe.Last(2), s.Params().Free("dynamics.w")) }, []string{"one number"}},
		{"speed freed", func() error { return fit(last, s.Params().Free("graph.speed")) }, []string{"graph.speed", "linear", "Fix"}},
		{"lengths freed", func() error { return fit(last, s.Params().Free("graph.*")) }, []string{"graph.lengths", "linear"}},
		{"direction", func() error {
			_, _, err := s.Push(ctx, s.Params().Free("dynamics.w"), last, [][]float64{{1, 2}})
			return err
		}, []string{"direction", "2", "1"}},
		{"no direction", func() error {
			_, _, err := s.Push(ctx, s.Params().Free("dynamics.w"), last, nil)
			return err
		}, nil},
		{"tangents with nothing free", func() error { _, _, err := s.TangentGradient(ctx, s.Params(), last); return err }, []string{"free"}},
		{"tangents of no parameters", func() error { _, _, err := s.TangentGradient(ctx, nil, last); return err }, []string{"Simulation.Params"}},
		{"value of no parameters", func() error { _, err := s.Value(ctx, nil, last); return err }, []string{"Simulation.Params"}},
		{"value of a bad tree", func() error { _, err := s.Value(ctx, s.Params().Set("x", 1), last); return err }, []string{`"x"`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { checkMessage(t, guarded(t, c.err), c.wants...) })
	}
	// Little memory is an error that names the need.
	little := sound()
	little.grid.End, little.opts.Memory = 20000, 2000
	sim, err := little.prepare()
	if err == nil {
		_, _, err = sim.Gradient(ctx, sim.Params().Free("dynamics.w"), last)
	}
	checkMessage(t, err, "Options.Memory")
}

// TestDivergence holds that a run whose state stops being finite says when, where and why.
func TestDivergence(t *testing.T) {
	labels := []string{"left", "right"}
	net := func(m models.Model, c coupling.Coupling) network.Network {
		return network.Network{Dynamics: m, Coupling: coupling.Set{"instant": c}, Graph: graph.FromDense(pair).WithLabels(labels)}
	}
	oscillator := net(models.Generic2dOscillator().Initial(param.Set{"V": []float64{0.5, 3}}), coupling.Linear("V"))
	rate := own("dv/dt = log(w)\ndw/dt = -1 + 0*v*tau*gain + c")
	rate.Inputs[0].Name = "instant"
	cases := []struct {
		name   string
		net    network.Network
		step   float64
		state  string
		region string // "" for any
		expr   string // in the expression, "" for any
	}{
		{"Generic2dOscillator, huge step", oscillator, 500, "V", "", ""},
		{"Generic2dOscillator, huge coupling", net(models.Generic2dOscillator().Initial(param.Set{"V": 1}), coupling.Linear("V").With(param.Set{"G": 1e200})), 1, "V", "", ""},
		{"JansenRit, huge step", net(models.JansenRit(), coupling.SigmoidalJansenRit("y1", "y2")), 1e4, "", "", ""},
		{"logarithm of a negative number", net(rate.Initial(param.Set{"w": []float64{10, 2.5}}), coupling.Linear("w").With(param.Set{"G": 0.})), 1, "v", "right", "log("},
	}
	for _, c := range cases {
		for _, method := range []solver.Solver{solver.Euler{}, solver.RK4{CouplingPerStage: true}} {
			t.Run(c.name+" "+method.Name(), func(t *testing.T) {
				s := prepare(t, c.net, method, network.Grid{End: 3000 * c.step, Step: c.step}, network.Options{})
				loss := observe.Last(1).Mean(observe.OverAll)
				ctx, p := context.Background(), s.Params().Free("dynamics.*")
				_, ran := s.Run(ctx, p)
				_, valued := s.Value(ctx, p, loss)
				_, _, pulled := s.Gradient(ctx, p, loss)
				_, _, pushed := s.TangentGradient(ctx, p, loss)
				for _, err := range []error{ran, valued, pulled, pushed} {
					var d *network.DivergenceError
					if !errors.As(err, &d) {
						t.Fatalf("got %v, want a DivergenceError", err)
					}
					if d.Time <= 0 || math.Mod(d.Time, c.step) != 0 || d.Node < 0 || d.Region != labels[d.Node] || d.Expression == "" || math.Abs(d.Value) <= math.MaxFloat64 {
						t.Errorf("%+v", d)
					}
					if c.state != "" && d.State != c.state || c.region != "" && d.Region != c.region || !strings.Contains(d.Expression, c.expr) {
						t.Errorf("%+v, want state %q, region %q, expression with %q", d, c.state, c.region, c.expr)
					}
					checkMessage(t, err, d.State, d.Region, fmt.Sprintf("%.6g ms", d.Time), d.Expression)
					if err.Error() != ran.Error() {
						t.Errorf("Run says %q, another %q", ran, err)
					}
				}
			})
		}
	}
}

// TestCancel holds that a cancelled context ends a run, a gradient and tangents soon, with its own error.
func TestCancel(t *testing.T) {
	net := network.Network{Dynamics: models.JansenRit(), Graph: graph.Example().NormalizeMax().Speed(3), Coupling: coupling.Set{"delayed": coupling.SigmoidalJansenRit("y1", "y2")}, Noise: noise.Additive{Sigma: 0.001}}
	s := prepare(t, net, solver.RK4{}, network.Grid{End: 200_000, Step: 1}, network.Options{Memory: 64 << 20, Record: []string{"y0"}})
	loss := observe.Last(1).Mean(observe.OverAll)
	p := s.Params().Free("dynamics.mu")
	calls := map[string]func(ctx context.Context) error{
		"value":    func(ctx context.Context) error { _, err := s.Value(ctx, p, loss); return err },
		"gradient": func(ctx context.Context) error { _, _, err := s.Gradient(ctx, p, loss); return err },
		"tangent":  func(ctx context.Context) error { _, _, err := s.TangentGradient(ctx, p, loss); return err },
	}
	for name, call := range calls {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- call(ctx) }()
		time.Sleep(150 * time.Millisecond)
		cancel()
		at := time.Now()
		err := <-done
		if took := time.Since(at); took > 3*time.Second { // about 0.05 s, ten times that with the race detector; the whole run takes far longer
			t.Errorf("%s: ended %v after it was cancelled", name, took)
		}
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want context.Canceled", name, err)
		}
	}
	if err := calls["value"](cancelled()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
}

func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// TestRunBeyondMemory holds that a run whose samples do not fit is refused before it takes any memory.
func TestRunBeyondMemory(t *testing.T) {
	s := sound()
	s.grid = network.Grid{End: 1e9, Step: 1}
	sim, err := s.prepare()
	if err != nil {
		t.Fatal(err)
	}
	_, err = sim.Run(context.Background(), sim.Params())
	checkMessage(t, err, "1000000000 samples", "Options.Memory is 512 MiB", "record less")
}

// TestMaxDelay holds that a delay beyond the bound is an error, when preparing and in a run that changed it.
func TestMaxDelay(t *testing.T) {
	s := sound()
	s.Graph = graph.FromDense(pair).WithLengths([][]float64{{0, 30}, {12, 0}}).Speed(3)
	s.opts.MaxDelay = 10
	sim, err := s.prepare()
	if err != nil {
		t.Fatal(err)
	}
	_, err = sim.Run(context.Background(), sim.Params().Set("graph.speed", 2))
	checkMessage(t, err, "15 ms", "R02 to R01", "MaxDelay, 10 ms")
	s.opts.MaxDelay = 9
	_, err = s.prepare()
	checkMessage(t, err, "10 ms", "MaxDelay, 9 ms")
	s.opts.MaxDelay = -1
	_, err = s.prepare()
	checkMessage(t, err, "MaxDelay -1 ms")
}
