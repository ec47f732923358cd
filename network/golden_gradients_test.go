package network_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
)

// goldenGradient is a case of the reference: loss Σ w·y and its gradient by leaf.
type goldenGradient struct {
	goldenNetwork
	Solver    goldenSolver            `json:"solver"`
	Weighting golden.Array            `json:"loss_weights"`
	Loss      float64                 `json:"loss"`
	Gradients map[string]golden.Array `json:"gradients"`
	History   golden.Array            `json:"gradient_history_total"`
}

// TestGoldenGradients compares loss and gradient, by the adjoint and by tangents, with the reference: at
// least ten networks and 163 leaves.
func TestGoldenGradients(t *testing.T) {
	const tolerance = 2e-12 // suggested: 1e-10
	var file struct {
		Cases []goldenGradient `json:"cases"`
	}
	golden.Read(t, &file, "golden", "tvboptim", "gradients.json")
	skipped, ran, leaves, worst := skips{}, 0, 0, 0.0
	for _, g := range file.Cases {
		if reason := g.missing(); reason != "" {
			skipped["networks: "+reason]++
			continue
		}
		sim := g.prepare(t, g.Solver.solver(t), g.Solver.Horizon)
		loss := weightedSum(g.Weighting.Data)
		value, err := sim.Value(context.Background(), sim.Params(), loss)
		if err != nil {
			t.Fatal(err)
		}
		if !(math.Abs(value/g.Loss-1) <= tolerance) {
			t.Errorf("%s: loss %v, want %v", g.Name, value, g.Loss)
		}
		ran++
		n, off := g.compare(t, sim, loss, tolerance, skipped)
		leaves, worst = leaves+n, max(worst, off)
	}
	skipped.log(t)
	t.Logf("%d networks, %d leaves; worst error of a leaf %.1e", ran, leaves, worst)
	if ran < 10 || leaves < 163 {
		t.Errorf("%d networks and %d leaves ran, want at least 10 and 163", ran, leaves)
	}
}

// compare compares the gradients of all leaves and returns how many there were and the worst error.
func (g goldenGradient) compare(t *testing.T, sim *network.Simulation, loss network.Objective, tolerance float64, skipped skips) (leaves int, worst float64) {
	t.Helper()
	p := sim.Params().Free("*")
	if slices.ContainsFunc(g.Couplings, func(c goldenCoupling) bool { return c.Read == "nearest" }) {
		p.Fix("graph.delays")
	}
	_, byPath, err := sim.GradientByPath(context.Background(), p, loss)
	if err != nil {
		t.Fatalf("%s: %v", g.Name, err)
	}
	byTangents := tangentsByPath(t, sim, p, loss)
	want := g.leaves()
	for _, path := range p.Paths() {
		if i, _ := p.Index(path); !p.At(i).Free {
			for _, slope := range g.Gradients[path].Data {
				if slope != 0 {
					t.Errorf("%s: %s is fixed, but has a gradient", g.Name, path)
				}
			}
			skipped["leaves: graph.delays under nearest reads, whose gradient is 0"]++
			delete(want, path)
			continue
		}
		leaves++
		if want[path] == nil {
			t.Errorf("%s: the reference has no gradient of %s", g.Name, path)
		}
		adjoint, tangents := golden.MaxError(byPath[path], want[path]), golden.MaxError(byTangents[path], want[path])
		worst = max(worst, adjoint, tangents)
		if !(adjoint <= tolerance) || !(tangents <= tolerance) {
			t.Errorf("%s: gradient of %s is off by %.1e, by tangents %.1e", g.Name, path, adjoint, tangents)
		}
		delete(want, path)
	}
	for path := range want {
		t.Errorf("%s: no leaf %s", g.Name, path)
	}
	return leaves, worst
}

// leaves are the reference's gradients under our paths. There the present state and the newest row of
// the history are two leaves; their total is the gradient of one history, or of the initial state.
func (g goldenGradient) leaves() map[string][]float64 {
	want := map[string][]float64{}
	for path, a := range g.Gradients {
		switch {
		case path == "noise.z":
			want["noise.normals"] = a.Data
		case !strings.HasPrefix(path, "initial_state."):
			want[path] = a.Data
		}
	}
	if g.History.Shape[0] > 1 {
		want["history"] = g.History.Data
		return want
	}
	n := len(g.Weights)
	for i, s := range g.States {
		want["initial_state."+s] = g.History.Data[i*n : (i+1)*n]
	}
	return want
}

// tangentsByPath is the gradient in forward mode, by leaf.
func tangentsByPath(t *testing.T, sim *network.Simulation, p *param.Tree, loss network.Objective) map[string][]float64 {
	t.Helper()
	_, all, err := sim.TangentGradient(context.Background(), p, loss)
	if err != nil {
		t.Fatal(err)
	}
	byPath := map[string][]float64{}
	for _, i := range p.FreeLeaves() {
		leaf := p.At(i)
		byPath[leaf.Path], all = all[:len(leaf.Value)], all[len(leaf.Value):]
	}
	return byPath
}
