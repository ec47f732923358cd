package network_test

import (
	"math"
	"slices"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// tvbRun is a run of The Virtual Brain, or a group of runs that differ in the integrator.
type tvbRun struct {
	Name     string             `json:"name"`
	Model    string             `json:"model"`
	Params   map[string]float64 `json:"params"`
	Coupling struct {
		Name   string             `json:"name"`
		Params map[string]float64 `json:"params"`
	} `json:"coupling"`
	Delays    bool          `json:"delays"`
	History   [][][]float64 `json:"initial_history"`
	Effective *golden.Array `json:"effective_history"`
	Stimulus  *struct {
		Equation string `json:"equation"`
	} `json:"stimulus"`
	Clamp *struct {
		Indices []int     `json:"indices"`
		Values  []float64 `json:"values"`
	} `json:"clamp"`
	Integrator string       `json:"integrator"`
	Data       golden.Array `json:"data"`
	Runs       []struct {
		Integrator string       `json:"integrator"`
		Data       golden.Array `json:"data"`
	} `json:"runs"`
	// with noise
	Nsig    []float64     `json:"nsig"`
	Ntau    float64       `json:"ntau"`
	Normals *golden.Array `json:"normals"`
	B       *struct {
		Equation string `json:"equation"`
	} `json:"b"`
}

// tvbFile is a file of runs on one connectome.
type tvbFile struct {
	Step    float64     `json:"dt"`
	Speed   float64     `json:"speed"`
	Weights [][]float64 `json:"weights"`
	Lengths [][]float64 `json:"tract_lengths"`
	Groups  []tvbRun    `json:"groups"`
	Special []tvbRun    `json:"special"`
	Runs    []tvbRun    `json:"runs"`
}

// tvbCouplings are The Virtual Brain's couplings, whose factor a is G here.
var tvbCouplings = map[string]func() coupling.Coupling{
	"Linear/Generic2dOscillator":   func() coupling.Coupling { return coupling.Linear("V") },
	"Linear/ReducedWongWang":       func() coupling.Coupling { return coupling.Linear("S") },
	"SigmoidalJansenRit/JansenRit": func() coupling.Coupling { return coupling.SigmoidalJansenRit("y1", "y2") },
	"Kuramoto/Kuramoto":            func() coupling.Coupling { return kuramoto([]string{"theta"}) },
	"Linear/MontbrioPazoRoxin":     func() coupling.Coupling { return coupling.Linear("r", "V") },
}

// tvbDefaults are The Virtual Brain's values of what the models written for these tests give none.
var tvbDefaults = map[string]param.Set{
	"MontbrioPazoRoxin": {"tau": 1, "I": 0, "Delta": 1, "J": 15, "eta": -5, "cr": 1, "cv": 0},
}

// missing says what of a run is not there yet, "" if it can run.
func (r tvbRun) missing() string {
	switch {
	case tvbCouplings[r.Coupling.Name+"/"+r.Model] == nil:
		return "model " + r.Model + " with coupling " + r.Coupling.Name
	case r.Stimulus != nil:
		return "stimulus " + r.Stimulus.Equation + ", held over the step"
	case r.Effective != nil:
		return "defect of the reference: a history longer than the longest delay is misread"
	case r.Ntau != 0:
		return "coloured noise"
	case r.B != nil:
		return "multiplicative noise"
	}
	return ""
}

// network is the run as a network; a coupling computed once per step enters by the input "delayed".
func (r tvbRun) network(f tvbFile) (network.Network, network.Options) {
	m, _ := modelNamed(r.Model)
	set, g := param.Set{}, param.Set{}
	for name, v := range r.Params {
		set[name] = v
	}
	for name, v := range r.Coupling.Params {
		if name == "a" {
			name = "G"
		}
		g[name] = v
	}
	conn := graph.FromDense(f.Weights).WithLengths(f.Lengths)
	if r.Delays {
		conn = conn.Speed(f.Speed)
	}
	net := network.Network{Dynamics: m.With(tvbDefaults[r.Model]).With(set), Graph: conn, History: r.clipped(),
		Coupling: coupling.Set{"delayed": tvbCouplings[r.Coupling.Name+"/"+r.Model]().WithDelays(coupling.Delayed).With(g)}}
	opts := network.Options{}
	if r.Normals != nil {
		var sigma [][]float64
		for _, d := range r.Nsig {
			sigma = append(sigma, []float64{math.Sqrt(2 * d)})
		}
		net.Noise, opts.Normals = noise.Additive{Sigma: sigma}, r.Normals.Data
	}
	return net, opts
}

// limits are the bounds of all states, none where infinite. The Virtual Brain keeps them at every stage
// and in the history, which it clips before use.
func (r tvbRun) limits() (low, high []float64) {
	for i := range r.History[0] {
		bounds, ok := tvbBounds[r.Model]
		if !ok || i > 0 {
			bounds = [2]float64{math.Inf(-1), math.Inf(1)}
		}
		if r.Clamp != nil {
			if c := slices.Index(r.Clamp.Indices, i); c >= 0 {
				bounds = [2]float64{r.Clamp.Values[c], r.Clamp.Values[c]}
			}
		}
		low, high = append(low, bounds[0]), append(high, bounds[1])
	}
	return low, high
}

// clipped is the history within the limits.
func (r tvbRun) clipped() [][][]float64 {
	low, high := r.limits()
	history := make([][][]float64, len(r.History))
	for k, states := range r.History {
		for s, regions := range states {
			row := make([]float64, len(regions))
			for i, x := range regions {
				row[i] = min(max(x, low[s]), high[s])
			}
			history[k] = append(history[k], row)
		}
	}
	return history
}

// tvbBounds are the models' boundaries, of their first states.
var tvbBounds = map[string][2]float64{"ReducedWongWang": {0, 1}, "MontbrioPazoRoxin": {0, math.Inf(1)}}

// method is the integrator, with boundaries and clamps.
func (r tvbRun) method(t *testing.T, integrator string) solver.Solver {
	t.Helper()
	var method solver.Solver
	switch integrator {
	case "EulerDeterministic", "EulerStochastic":
		method = solver.Euler{}
	case "HeunDeterministic", "HeunStochastic":
		method = solver.Heun{}
	case "RungeKutta4thOrderDeterministic":
		method = solver.RK4{}
	default:
		t.Fatalf("no integrator %q", integrator)
	}
	low, high := r.limits()
	return solver.Bounded{Solver: method, Low: low, High: high, EveryStage: true}
}

// compareTVB compares runs and returns how many ran.
func compareTVB(t *testing.T, f tvbFile, least int, tolerance float64, groups ...tvbRun) {
	t.Helper()
	skipped, ran, worst := skips{}, 0, 0.0
	for _, r := range groups {
		runs := r.Runs
		if runs == nil {
			runs = append(runs, struct {
				Integrator string       `json:"integrator"`
				Data       golden.Array `json:"data"`
			}{r.Integrator, r.Data})
		}
		if reason := r.missing(); reason != "" {
			skipped[reason] += len(runs)
			continue
		}
		for _, each := range runs {
			ran++
			net, opts := r.network(f)
			steps, states, nodes := each.Data.Shape[0], each.Data.Shape[1], each.Data.Shape[2]
			sim, err := network.Prepare(net, r.method(t, each.Integrator), network.Grid{End: float64(steps) * f.Step, Step: f.Step}, opts)
			if err != nil {
				t.Fatalf("%s: %v", r.Name, err)
			}
			y, _ := run(t, sim)
			off := worstVariable(y, each.Data.Data, states, nodes)
			worst = max(worst, off)
			if !(off <= tolerance) {
				t.Errorf("%s, delays %v, %s is off by %.1e", r.Name, r.Delays, each.Integrator, off)
			}
		}
	}
	skipped.log(t)
	t.Logf("%d runs; worst error of a variable %.1e", ran, worst)
	if ran < least {
		t.Errorf("%d runs, want at least %d", ran, least)
	}
}

// TestGoldenTVB compares with runs of The Virtual Brain: five models with three integrators, with and
// without delays, with boundaries and with a clamped variable. Its time stamps start at the longest delay
// and are not compared.
func TestGoldenTVB(t *testing.T) {
	var f tvbFile
	golden.Read(t, &f, "golden", "tvb", "trajectories.json")
	compareTVB(t, f, 37, 3e-13, append(f.Groups, f.Special...)...) // suggested: 1e-12
}

// TestGoldenTVBNoise does the same with recorded normals and additive white noise, whose nsig is σ²/2.
func TestGoldenTVBNoise(t *testing.T) {
	var f tvbFile
	golden.Read(t, &f, "golden", "tvb", "stochastic.json")
	compareTVB(t, f, 4, 3e-15, f.Runs...) // suggested: 1e-12
}
