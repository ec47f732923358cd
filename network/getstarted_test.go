package network_test

import (
	"math"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// rateLoss is the mean over regions of (mean of the last samples − target)², written as plain loops.
type rateLoss struct {
	last   int
	target float64
}

func (l rateLoss) Window(samples, variables, nodes int) (int, error) { return samples - l.last, nil }

func (l rateLoss) means(y network.Trajectory) []float64 {
	m := make([]float64, y.Nodes)
	for k, v := range y.Data {
		m[k%y.Nodes] += v / float64(y.Rows)
	}
	return m
}

func (l rateLoss) Value(y network.Trajectory) (float64, error) {
	var loss float64
	for _, m := range l.means(y) {
		loss += (m - l.target) * (m - l.target) / float64(y.Nodes)
	}
	return loss, nil
}

func (l rateLoss) Pull(y network.Trajectory, cotangent []float64) (float64, error) {
	m := l.means(y)
	for k := range cotangent {
		cotangent[k] = 2 * (m[k%y.Nodes] - l.target) / float64(y.Nodes*y.Rows)
	}
	return l.Value(y)
}

func (l rateLoss) Push(y network.Trajectory, tangents []float64, lanes int, dvalue []float64) (float64, error) {
	c := make([]float64, len(y.Data))
	v, _ := l.Pull(y, c)
	for lane := range dvalue {
		dvalue[lane] = 0
		for k, w := range c {
			dvalue[lane] += w * tangents[k*lanes+lane]
		}
	}
	return v, nil
}

// getStartedRun is a run of the reference's introductory tutorial, with ten steps of Adam where there are.
type getStartedRun struct {
	End         float64   `json:"t1"`
	Steps       int       `json:"n_steps"`
	PerStage    bool      `json:"recompute_coupling_per_stage"`
	LossSamples int       `json:"n_loss_samples"`
	First       []float64 `json:"first_state"`
	Final       []float64 `json:"final_state"`
	Mean        []float64 `json:"mean_last_100_steps"`
	Observation float64   `json:"observation"`
	Loss        float64   `json:"loss"`
	DScalar     float64   `json:"d_loss_d_J_N_scalar"`
	DRegional   []float64 `json:"d_loss_d_J_N_per_region"`
	AdamScalar  *adamRun  `json:"adam_scalar"`
	AdamRegion  *adamRun  `json:"adam_per_region"`
}

type adamRun struct {
	Steps []struct {
		Loss     float64       `json:"loss"`
		Gradient *golden.Array `json:"gradient"`
		JN       golden.Array  `json:"J_N"`
	} `json:"steps"`
	LossAfter float64 `json:"loss_after"`
}

// getStarted reads the runs and the connectome, and prepares one run.
func getStarted(t *testing.T) (runs []getStartedRun, prepare func(getStartedRun) *network.Simulation) {
	t.Helper()
	var file struct {
		Runs []getStartedRun `json:"runs"`
	}
	golden.Read(t, &file, "golden", "tvboptim", "get_started.json")
	conn, err := graph.Load(golden.Path(t, "data", "dk_average", "structural.npz"))
	if err != nil {
		t.Fatal(err)
	}
	return file.Runs, func(r getStartedRun) *network.Simulation {
		net := network.Network{
			Dynamics: models.ReducedWongWang().With(param.Set{"w": 0.5, "I_o": 0.32}).Initial(param.Set{"S": 0.3}),
			Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.75})},
			Graph:    conn.NormalizeMax(),
		}
		sim, err := network.Prepare(net, solver.Heun{CouplingPerStage: r.PerStage}, network.Grid{End: r.End, Step: 4}, network.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return sim
	}
}

// TestGetStarted compares states, loss and gradients of the three runs.
func TestGetStarted(t *testing.T) {
	// Suggested: 1e-12, 1e-10, 1e-8. The reference's gradients have lost digits near the threshold of H.
	const stateTolerance, lossTolerance, gradientTolerance = 4e-13, 1e-13, 2e-9
	runs, prepare := getStarted(t)
	var worstState, worstLoss, worstGradient float64
	for _, r := range runs {
		sim := prepare(r)
		p := sim.Params()
		res, err := sim.Run(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		mean, observation := make([]float64, len(r.Mean)), 0.0
		for n, sample := range res.Data {
			for i, s := range sample[0] {
				if n >= r.Steps-100 {
					mean[i] += s / 100
				}
				if n >= r.Steps-r.LossSamples {
					observation += s / float64(r.LossSamples*len(mean))
				}
			}
		}
		state := max(golden.MaxError(res.Data[0][0], r.First), golden.MaxError(res.Data[r.Steps-1][0], r.Final), golden.MaxError(mean, r.Mean),
			math.Abs(observation/r.Observation-1))
		worstState = max(worstState, state)

		p.Free("dynamics.J_N")
		loops, adjoint, err := sim.Gradient(t.Context(), p, rateLoss{r.LossSamples, 0.5})
		if err != nil {
			t.Fatal(err)
		}
		objective := observe.Last(r.LossSamples).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
		value, tangents, err := sim.TangentGradient(t.Context(), p, objective)
		if err != nil {
			t.Fatal(err)
		}
		_, regional, err := sim.Gradient(t.Context(), p.Regional("dynamics.J_N"), objective)
		if err != nil {
			t.Fatal(err)
		}
		worstLoss = max(worstLoss, math.Abs(value/r.Loss-1), math.Abs(loops/r.Loss-1))
		worstGradient = max(worstGradient, math.Abs(adjoint[0]/r.DScalar-1), math.Abs(tangents[0]/r.DScalar-1), golden.MaxError(regional, r.DRegional))
		if !(math.Abs(adjoint[0]/tangents[0]-1) <= 1e-12) {
			t.Errorf("t1 %v: the adjoint gives %v, tangents %v", r.End, adjoint[0], tangents[0])
		}
		if !(state <= stateTolerance) || !(worstLoss <= lossTolerance) || !(worstGradient <= gradientTolerance) {
			t.Errorf("t1 %v, per stage %v: states are off by %.1e, loss by %.1e, gradients by %.1e", r.End, r.PerStage, state, worstLoss, worstGradient)
		}
	}
	t.Logf("%d runs; worst error of states %.1e, loss %.1e, gradients %.1e", len(runs), worstState, worstLoss, worstGradient)
	if len(runs) != 3 {
		t.Errorf("%d runs, want 3", len(runs))
	}
}

// TestGetStartedAdam compares ten steps of Adam, for one J_N and for one per region: losses, gradients and
// parameters after each step, and the loss at the end.
func TestGetStartedAdam(t *testing.T) {
	const lossTolerance, gradientTolerance, parameterTolerance = 3e-11, 5e-9, 4e-11 // suggested: 1e-10, 1e-8, 1e-9
	runs, prepare := getStarted(t)
	fits := 0
	var loss, gradient, parameter float64
	for _, r := range runs {
		for regional, want := range []*adamRun{r.AdamScalar, r.AdamRegion} {
			if want == nil {
				continue
			}
			fits++
			sim := prepare(r)
			p := sim.Params().Free("dynamics.J_N")
			if regional == 1 {
				p.Regional("dynamics.J_N")
			}
			objective := observe.Last(r.LossSamples).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
			watch := optim.StepFunc(func(e *optim.Event) error {
				step := want.Steps[e.Step]
				loss = max(loss, math.Abs(e.Loss/step.Loss-1))
				if step.Gradient != nil {
					gradient = max(gradient, golden.MaxError(e.Gradient, step.Gradient.Data))
				}
				if e.Step > 0 {
					parameter = max(parameter, golden.MaxError(e.Params().Values("dynamics.J_N"), want.Steps[e.Step-1].JN.Data))
				}
				return nil
			})
			fit, err := optim.Fit(t.Context(), sim, objective, p, optim.Adam{Rate: 0.005}, optim.Options{Steps: len(want.Steps), Callbacks: watch})
			if err != nil {
				t.Fatal(err)
			}
			parameter = max(parameter, golden.MaxError(fit.Params.Values("dynamics.J_N"), want.Steps[len(want.Steps)-1].JN.Data))
			after, err := sim.Value(t.Context(), fit.Params, objective)
			if err != nil {
				t.Fatal(err)
			}
			loss = max(loss, math.Abs(after/want.LossAfter-1))
			if mode := []optim.Mode{optim.Forward, optim.Adjoint}[regional]; fit.Mode != mode || len(want.Steps) != 10 {
				t.Errorf("t1 %v: %d steps in %v, want 10 in %v", r.End, len(want.Steps), fit.Mode, mode)
			}
		}
	}
	t.Logf("%d fits; worst error of losses %.1e, gradients %.1e, parameters %.1e", fits, loss, gradient, parameter)
	if fits != 4 {
		t.Errorf("%d fits, want 4", fits)
	}
	if !(loss <= lossTolerance) || !(gradient <= gradientTolerance) || !(parameter <= parameterTolerance) {
		t.Error("beyond the tolerances")
	}
}
