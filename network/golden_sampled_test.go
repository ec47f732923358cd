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

// samplesOf are data of any of the shapes that a sampled stimulus takes.
func samplesOf(a golden.Array) any {
	if len(a.Shape) < 3 {
		return setting(a)
	}
	data, at := make([][][]float64, a.Shape[0]), 0
	for k := range data {
		for range a.Shape[1] {
			data[k] = append(data[k], a.Data[at:at+a.Shape[2]])
			at += a.Shape[2]
		}
	}
	return data
}

// TestGoldenSampledStimuli compares stimuli sampled in time with the reference as TestGoldenStimuli does,
// within, on and outside of their knots, in one channel and two: all six.
func TestGoldenSampledStimuli(t *testing.T) {
	const tolerance = 2e-15 // suggested: 1e-12
	var file struct {
		Data []struct {
			Interpolation string       `json:"interpolation"`
			Knots         []float64    `json:"knots"`
			Data          golden.Array `json:"data"`
			Times         []float64    `json:"times"`
			Values        golden.Array `json:"values"`
		} `json:"data"`
	}
	golden.Read(t, &file, "golden", "tvboptim", "stimulus.json")
	integrators := map[int]models.Model{
		1: {Name: "integrator", States: []models.State{{Name: "x"}}, Equations: "dx/dt = u",
			External: []models.Input{{Name: "u", Symbols: []string{"u"}}}},
		2: {Name: "two integrators", States: []models.State{{Name: "x"}, {Name: "y"}}, Equations: "dx/dt = a\ndy/dt = b",
			External: []models.Input{{Name: "u", Symbols: []string{"a", "b"}}}},
	}
	interpolations := map[string]stimulus.Interpolation{"linear": stimulus.Linear, "cubic": stimulus.Cubic}
	worst := 0.0
	for k, g := range file.Data {
		between, ok := interpolations[g.Interpolation]
		if !ok {
			t.Fatalf("case %d: interpolation %q", k, g.Interpolation)
		}
		s := stimulus.Sampled(stimulus.Samples{Data: samplesOf(g.Data), Times: g.Knots, Between: between, Outside: stimulus.Continue})
		var values []float64
		for _, at := range g.Times {
			net := network.Network{Dynamics: integrators[g.Values.Shape[1]], Graph: graph.FromEdges(g.Values.Shape[2], nil), Stimulus: stimulus.Set{"u": s}}
			y, _ := run(t, prepare(t, net, solver.Euler{}, network.Grid{Start: at, End: at + 1, Step: 1}, network.Options{}))
			values = append(values, y...)
		}
		off := golden.MaxError(values, g.Values.Data)
		worst = max(worst, off)
		if !(off <= tolerance) {
			t.Errorf("case %d, %s of shape %v: values are off by %.1e", k, g.Interpolation, g.Data.Shape, off)
		}
	}
	t.Logf("%d stimuli, worst error %.1e", len(file.Data), worst)
	if len(file.Data) < 6 {
		t.Errorf("%d stimuli ran, want at least 6", len(file.Data))
	}
}
