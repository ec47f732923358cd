package network_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// TestRecordBeforeStep compares the two ways to record: the same states one sample later, with the initial
// one first; and the gradient of a loss that sees the same states, which is the same but for what the
// first sample adds to the initial state's.
func TestRecordBeforeStep(t *testing.T) {
	ctx := context.Background()
	net := network.Network{
		Dynamics: models.ReducedWongWang().Initial(param.Set{"S": []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6}}),
		Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.2})},
		Graph:    ring(6, true),
		Noise:    noise.Additive{Sigma: 0.01},
	}
	prepare := func(record network.Record, end float64) (*network.Simulation, *param.Tree) {
		sim, err := network.Prepare(net, solver.Heun{}, network.Grid{Start: 2, End: end, Step: 0.5, Record: record}, network.Options{Seed: 7, Record: []string{"S", "H"}})
		if err != nil {
			t.Fatal(err)
		}
		return sim, sim.Params().Free("dynamics.w", "initial_state.S", "graph.weights")
	}
	after, p := prepare(network.AfterStep, 12)
	before, q := prepare(network.BeforeStep, 12.5)
	a, err := after.Run(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	b, err := before.Run(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	if b.Time[0] != 2 || !slices.Equal(b.Data[0][0], p.Values("initial_state.S")) {
		t.Errorf("begins at %v with %v", b.Time[0], b.Data[0][0])
	}
	for n := range a.Time {
		if a.Time[n] != b.Time[n+1] || !slices.Equal(a.Data[n][0], b.Data[n+1][0]) || !slices.Equal(a.Data[n][1], b.Data[n][1]) {
			t.Fatalf("sample %d at %v is not sample %d at %v", n, a.Time[n], n+1, b.Time[n+1])
		}
	}
	_, g, err := after.GradientByPath(ctx, p, stateWaves{})
	if err != nil {
		t.Fatal(err)
	}
	_, h, err := before.GradientByPath(ctx, q, stateWaves{shift: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		h["initial_state.S"][i] -= stateWaves{shift: 1}.weight(0, i)
	}
	for path := range g {
		for k := range g[path] {
			if math.Abs(g[path][k]-h[path][k]) > 1e-13*(1+math.Abs(g[path][k])) {
				t.Errorf("%s[%d]: %v after, %v before", path, k, g[path][k], h[path][k])
			}
		}
	}
	_, adjoint, err := before.Gradient(ctx, q, stateWaves{})
	if err != nil {
		t.Fatal(err)
	}
	_, tangents, err := before.TangentGradient(ctx, q, stateWaves{})
	if err != nil {
		t.Fatal(err)
	}
	for k := range adjoint {
		if math.Abs(adjoint[k]-tangents[k]) > 1e-12*(1+math.Abs(adjoint[k])) {
			t.Errorf("%s: adjoint %v, tangent %v", q.ThetaNames()[k], adjoint[k], tangents[k])
		}
	}
}

// stateWaves is a sum of the first variable's samples with weights by their number less shift.
type stateWaves struct{ shift int }

func (s stateWaves) weight(row, node int) float64 { return math.Cos(float64(6*(row-s.shift) + node)) }

func (s stateWaves) Window(samples, variables, nodes int) (int, error) { return 0, nil }

func (s stateWaves) Value(y network.Trajectory) (sum float64, err error) {
	for row := range y.Rows {
		for i := range y.Nodes {
			sum += y.Data[row*y.Variables*y.Nodes+i] * s.weight(row, i)
		}
	}
	return sum, nil
}

func (s stateWaves) Pull(y network.Trajectory, cotangent []float64) (float64, error) {
	clear(cotangent)
	for row := range y.Rows {
		for i := range y.Nodes {
			cotangent[row*y.Variables*y.Nodes+i] = s.weight(row, i)
		}
	}
	return s.Value(y)
}

func (s stateWaves) Push(y network.Trajectory, tangents []float64, lanes int, dvalue []float64) (float64, error) {
	c := make([]float64, len(y.Data))
	v, _ := s.Pull(y, c)
	clear(dvalue)
	for k, w := range c {
		for lane := range dvalue {
			dvalue[lane] += w * tangents[k*lanes+lane]
		}
	}
	return v, nil
}
