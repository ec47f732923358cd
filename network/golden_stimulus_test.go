package network_test

import (
	"testing"

	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/stimulus"
)

// TestGoldenStimuli compares values and vector-Jacobian products of stimuli with the reference, in a
// network of dx/dt = u from x = 0: an Euler step of length 1 from time t gives u(t) (the run is a trifle
// longer, so that no rounding makes it shorter than a step). At least three parameter sets.
func TestGoldenStimuli(t *testing.T) {
	const tolerance, productTolerance = 2e-15, 1e-13 // suggested: 1e-12
	var file struct {
		Parametric []struct {
			Class     string                  `json:"class"`
			Params    map[string]golden.Array `json:"params"`
			Times     []float64               `json:"times"`
			Values    golden.Array            `json:"values"`
			Cotangent golden.Array            `json:"cotangent"`
			VJP       map[string]golden.Array `json:"vjp_params"`
		} `json:"parametric"`
	}
	golden.Read(t, &file, "golden", "tvboptim", "stimulus.json")
	integrator := models.Model{Name: "integrator", States: []models.State{{Name: "x"}}, Equations: "dx/dt = u",
		External: []models.Input{{Name: "u", Symbols: []string{"u"}}}}
	skipped, ran, worst, worstProduct := skips{}, 0, 0.0, 0.0
	for _, g := range file.Parametric {
		if g.Class != "SineInput" {
			skipped["stimulus "+g.Class]++
			continue
		}
		ran++
		var values []float64
		sums, tangentSums := map[string][]float64{}, map[string][]float64{}
		nodes := g.Values.Shape[2]
		for k, at := range g.Times {
			net := network.Network{Dynamics: integrator, Graph: graph.FromEdges(nodes, nil), Stimulus: stimulus.Set{"u": stimulus.Sine().With(settings(g.Params))}}
			sim, err := network.Prepare(net, solver.Euler{}, network.Grid{Start: at, End: at + 1, Step: 1}, network.Options{})
			if err != nil {
				t.Fatal(err)
			}
			y, _ := run(t, sim)
			values = append(values, y...)
			p, loss := sim.Params().Free("external.*"), weightedSum(g.Cotangent.Data[k*nodes:(k+1)*nodes])
			_, byPath, err := sim.GradientByPath(t.Context(), p, loss)
			if err != nil {
				t.Fatal(err)
			}
			accumulate(sums, byPath)
			accumulate(tangentSums, tangentsByPath(t, sim, p, loss))
		}
		off, product := golden.MaxError(values, g.Values.Data), 0.0
		for name, want := range g.VJP {
			product = max(product, golden.MaxError(sums["external.u."+name], want.Data), golden.MaxError(tangentSums["external.u."+name], want.Data))
		}
		worst, worstProduct = max(worst, off), max(worstProduct, product)
		if !(off <= tolerance) || !(product <= productTolerance) {
			t.Errorf("%s %v: values are off by %.1e, products by %.1e", g.Class, g.Params, off, product)
		}
	}
	skipped.log(t)
	t.Logf("%d stimuli; worst error of values %.1e, of products %.1e", ran, worst, worstProduct)
	if ran < 3 {
		t.Errorf("%d stimuli ran, want at least 3", ran)
	}
}

// accumulate adds gradients by path.
func accumulate(sums, more map[string][]float64) {
	for path, g := range more {
		if sums[path] == nil {
			sums[path] = make([]float64, len(g))
		}
		for k, v := range g {
			sums[path][k] += v
		}
	}
}
