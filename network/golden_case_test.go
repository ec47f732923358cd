package network_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/stimulus"
)

// goldenNetwork is a network of the reference files trajectories, noise_trajectories and gradients.
type goldenNetwork struct {
	Name        string                  `json:"name"`
	Mode        string                  `json:"delays_mode"`
	Model       string                  `json:"model"`
	States      []string                `json:"states"`
	Variables   []string                `json:"variables"`
	Params      map[string]golden.Array `json:"params"`
	Weights     [][]float64             `json:"weights"`
	Delays      [][]float64             `json:"delays"`
	Lengths     [][]float64             `json:"lengths"`
	LengthGraph bool                    `json:"length_graph"`
	Speed       float64                 `json:"speed"`
	Start       float64                 `json:"t0"`
	End         float64                 `json:"t1"`
	Step        float64                 `json:"dt"`
	Steps       int                     `json:"n_steps"`
	External    []struct {
		Input  string                  `json:"input"`
		Class  string                  `json:"class"`
		Params map[string]golden.Array `json:"params"`
	} `json:"external"`
	Couplings []goldenCoupling `json:"couplings"`
	Noise     *struct {
		Class   string                  `json:"class"`
		Indices []int                   `json:"state_indices"`
		Params  map[string]golden.Array `json:"params"`
		Z       golden.Array            `json:"z"`
	} `json:"noise"`
	History [][][]float64 `json:"history"`
}

// goldenCoupling is a coupling of the reference into an input.
type goldenCoupling struct {
	Input  string                  `json:"input"`
	Class  string                  `json:"class"`
	Source []string                `json:"source"`
	Local  []string                `json:"local"`
	Params map[string]golden.Array `json:"params"`
	Read   string                  `json:"read"`
}

// goldenSolver is a method of the reference.
type goldenSolver struct {
	Class    string `json:"class"`
	PerStage bool   `json:"recompute_coupling_per_stage"`
	Bounds   *struct {
		Low  golden.Array `json:"low"`
		High golden.Array `json:"high"`
	} `json:"bounds"`
	Horizon int `json:"grad_horizon"` // 0 where it is null
}

// goldenCouplings are the couplings by the reference's names, which tell whether there are delays.
var goldenCouplings = map[string]func(states []string) coupling.Coupling{
	"LinearCoupling":            linear,
	"FastLinearCoupling":        linear,
	"DifferenceCoupling":        difference,
	"SigmoidalJansenRit":        sigmoidal,
	"KuramotoCoupling":          kuramoto,
	"DelayedKuramotoCoupling":   delayed(kuramoto),
	"DelayedLinearCoupling":     delayed(linear),
	"DelayedDifferenceCoupling": delayed(difference),
	"DelayedSigmoidalJansenRit": delayed(sigmoidal),
}

func linear(s []string) coupling.Coupling     { return coupling.Linear(s...).Instant() }
func difference(s []string) coupling.Coupling { return coupling.Difference(s[0]).Instant() }
func sigmoidal(s []string) coupling.Coupling {
	return coupling.SigmoidalJansenRit(s[0], s[1]).Instant()
}

func delayed(of func([]string) coupling.Coupling) func([]string) coupling.Coupling {
	return func(s []string) coupling.Coupling { return of(s).WithDelays(coupling.Delayed) }
}

// missing says what of a network is not there yet, "" if it can run.
func (g goldenNetwork) missing() string {
	if _, ok := modelNamed(g.Model); !ok {
		return "model " + g.Model
	}
	for _, c := range g.Couplings {
		if goldenCouplings[c.Class] == nil {
			return "coupling " + c.Class
		}
	}
	for _, e := range g.External {
		if e.Class != "SineInput" {
			return "stimulus " + e.Class
		}
	}
	if g.Noise != nil && g.Noise.Class != "AdditiveNoise" {
		return "noise " + g.Noise.Class
	}
	return ""
}

// setting is an array as users write it.
func setting(a golden.Array) any {
	switch len(a.Shape) {
	case 0:
		return a.Data[0]
	case 1:
		return a.Data
	}
	rows := make([][]float64, a.Shape[0])
	for i := range rows {
		rows[i] = a.Data[i*a.Shape[1] : (i+1)*a.Shape[1]]
	}
	return rows
}

func settings(arrays map[string]golden.Array) param.Set {
	set := param.Set{}
	for name, a := range arrays {
		set[name] = setting(a)
	}
	return set
}

// network is the case as a network. A history of one row is given as initial values instead, so that
// both ways are compared.
func (g goldenNetwork) network() network.Network {
	m, _ := modelNamed(g.Model)
	net := network.Network{Dynamics: m.With(settings(g.Params)), Coupling: coupling.Set{}, Stimulus: stimulus.Set{}, Graph: graph.FromDense(g.Weights)}
	switch {
	case g.LengthGraph:
		net.Graph = net.Graph.WithLengths(g.Lengths).Speed(g.Speed)
	case g.Delays != nil:
		net.Graph = net.Graph.WithDelays(g.Delays)
	}
	for _, c := range g.Couplings {
		if in := m.Inputs[slices.IndexFunc(m.Inputs, func(in models.Input) bool { return in.Name == c.Input })]; len(in.Symbols) == 2 && len(c.Source) == 1 {
			c.Source = slices.Repeat(c.Source, 2) // the reference repeats it, and multiplies by 0
		}
		made := goldenCouplings[c.Class](c.Source).With(settings(c.Params))
		if len(c.Local) > 0 {
			made = made.Local(c.Local...)
		}
		if c.Read == "linear" {
			made = made.LinearReads()
		}
		net.Coupling[c.Input] = made
	}
	for _, e := range g.External {
		net.Stimulus[e.Input] = stimulus.Sine().With(settings(e.Params))
	}
	if g.Noise != nil {
		net.Noise = noise.Additive{Sigma: setting(g.Noise.Params["sigma"])}
		for _, i := range g.Noise.Indices {
			net.Noise.States = append(net.Noise.States, g.States[i])
		}
	}
	if len(g.History) > 1 {
		net.History = g.History
		return net
	}
	initial := param.Set{}
	for i, s := range g.States {
		initial[s] = g.History[0][i]
	}
	net.Dynamics = net.Dynamics.Initial(initial)
	return net
}

// solver is the method.
func (s goldenSolver) solver(t testing.TB) solver.Solver {
	t.Helper()
	var method solver.Solver
	switch s.Class {
	case "Euler":
		method = solver.Euler{CouplingPerStage: s.PerStage}
	case "Heun":
		method = solver.Heun{CouplingPerStage: s.PerStage}
	case "RungeKutta4":
		method = solver.RK4{CouplingPerStage: s.PerStage}
	default:
		t.Fatalf("no solver %q", s.Class)
	}
	if s.Bounds != nil {
		method = solver.Bounded{Solver: method, Low: s.Bounds.Low.Data, High: s.Bounds.High.Data}
	}
	return method
}

// prepare is the case, ready to run; derivatives are truncated at windows of that many steps, 0 for none.
func (g goldenNetwork) prepare(t testing.TB, method solver.Solver, window int) *network.Simulation {
	t.Helper()
	opts := network.Options{Record: g.Variables, GradientWindow: window}
	if g.Noise != nil {
		opts.Normals = g.Noise.Z.Data
	}
	sim, err := network.Prepare(g.network(), method, network.Grid{Start: g.Start, End: g.End, Step: g.Step}, opts)
	if err != nil {
		t.Fatalf("%s: %v", g.Name, err)
	}
	if sim.Steps() != g.Steps || !slices.Equal(sim.Variables(), g.Variables) {
		t.Fatalf("%s: %d steps of %v, want %d of %v", g.Name, sim.Steps(), sim.Variables(), g.Steps, g.Variables)
	}
	return sim
}

// run simulates and returns the samples, flat, and their times.
func run(t testing.TB, sim *network.Simulation) (data, times []float64) {
	t.Helper()
	res, err := sim.Run(context.Background(), sim.Params())
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(slices.Concat(res.Data...)...), res.Time
}

// worstVariable is the largest error of a variable, relative to that variable's largest magnitude.
func worstVariable(got, want []float64, variables, nodes int) float64 {
	worst := golden.MaxError(got, want)
	for v := range variables {
		worst = max(worst, golden.MaxError(variable(got, v, variables, nodes), variable(want, v, variables, nodes)))
	}
	return worst
}

func variable(y []float64, v, variables, nodes int) []float64 {
	var series []float64
	for at := v * nodes; at < len(y); at += variables * nodes {
		series = append(series, y[at:at+nodes]...)
	}
	return series
}

// skips collects what was not run, by reason.
type skips map[string]int

func (s skips) log(t testing.TB) {
	t.Helper()
	for _, reason := range slices.Sorted(func(yield func(string) bool) {
		for r := range s {
			if !yield(r) {
				return
			}
		}
	}) {
		t.Logf("skipped %d: %s", s[reason], reason)
	}
}

// weightedSum is the loss Σ w·y over all samples.
type weightedSum []float64

func (w weightedSum) Window(samples, variables, nodes int) (int, error) {
	if len(w) != samples*variables*nodes {
		return 0, fmt.Errorf("%d weights for %d samples of %d × %d", len(w), samples, variables, nodes)
	}
	return 0, nil
}

func (w weightedSum) Value(y network.Trajectory) (float64, error) {
	var sum float64
	for k, v := range y.Data {
		sum += w[k] * v
	}
	return sum, nil
}

func (w weightedSum) Pull(y network.Trajectory, cotangent []float64) (float64, error) {
	copy(cotangent, w)
	return w.Value(y)
}

func (w weightedSum) Push(y network.Trajectory, tangents []float64, lanes int, dvalue []float64) (float64, error) {
	clear(dvalue)
	for k, v := range tangents {
		dvalue[k%lanes] += w[k/lanes] * v
	}
	return w.Value(y)
}

// sameBits compares two trajectories bit by bit and names the first difference.
func sameBits(a, b []float64) string {
	for k := range a {
		if a[k] != b[k] {
			return "differs at number " + strconv.Itoa(k)
		}
	}
	return ""
}
