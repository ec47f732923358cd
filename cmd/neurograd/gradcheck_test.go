package main

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/solver"
)

// checked runs gradcheck on three regions.
func checked(t *testing.T, args ...string) gradcheckReport {
	t.Helper()
	var r gradcheckReport
	args = append([]string{"gradcheck", "--connectome", "three.npz", "--end", "60", "--quiet", "--json"}, args...)
	if err := json.Unmarshal([]byte(succeed(t, args...)), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// Every parameter of every model passes, with delays and with each solver.
func TestGradcheckModels(t *testing.T) {
	inFolder(t)
	for k, m := range models.All() {
		r := checked(t, "--model", m.Name, "--step", "1", "--speed", "5", "--solver", solverNames()[k%len(solverNames())])
		var paths []string
		for _, row := range r.Leaves {
			paths = append(paths, row.Path)
			if row.Values != 1 {
				t.Errorf("%s: %+v", m.Name, row)
			}
		}
		for _, p := range m.Params {
			if !slices.Contains(paths, "dynamics."+p.Name) {
				t.Errorf("%s: %s is not checked", m.Name, p.Name)
			}
		}
		var left []string
		for _, l := range r.LeftOut {
			left = append(left, l.Path)
		}
		if !r.OK || !slices.Equal(left, []string{"graph.weights", "graph.lengths", "graph.speed"}) {
			t.Errorf("%s: ok %v, left out %v", m.Name, r.OK, left)
		}
	}
}

func TestGradcheckFree(t *testing.T) {
	inFolder(t)
	r := checked(t, "--free", "graph.weights,dynamics.w", "--target", "0.4")
	if len(r.Leaves) != 2 || r.Leaves[0].Path != "graph.weights" || r.Leaves[0].Values != 9 || r.Leaves[1].Path != "dynamics.w" || !r.OK || len(r.LeftOut) != 0 {
		t.Errorf("%+v", r)
	}
	stdout := succeed(t, "gradcheck", "--connectome", "three.npz", "--sigma", "0", "--end", "40")
	for _, want := range []string{
		"\nloss: all samples, variable 0, mean over time, squared error to 0.5\n", "\npath                adjoint ", "\ndynamics.J_N ",
		"\nleft out graph.weights: too many; to check them, name them by --free\nleft out noise.sigma: a step of the differences: network: noise.sigma is -",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is missing in:\n%s", want, stdout)
		}
	}
}

// The differences are the derivative, found without the gradients: the loss (x − 0.5)² for x = the mean of S.
func TestGradcheckDifferences(t *testing.T) {
	inFolder(t)
	e := newExperiment()
	e.connectome, e.end = "three.npz", 4 // one step: the mean of S is S after it
	e.method = solver.Euler{}
	r := checked(t, "--end", "4", "--solver", "euler", "--free", "noise.sigma")
	p, err := e.prepare()
	if err != nil {
		t.Fatal(err)
	}
	at := func(sigma float64) float64 {
		run, err := p.sim.Run(t.Context(), p.params.Clone().Set("noise.sigma", sigma))
		if err != nil {
			t.Fatal(err)
		}
		loss := 0.0
		for _, s := range run.Data[0][0] {
			loss += (s - 0.5) * (s - 0.5) / 3
		}
		return loss
	}
	// An Euler step is linear in sigma, so the loss is a parabola, and any central difference is exact.
	scale := direction([]float64{0.002})[0]
	want := (at(0.003) - at(0.001)) / 0.002 * scale
	if got := r.Leaves[0].Differences; math.Abs(got-want) > 1e-9*math.Abs(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// The verdict fails where a derivative is wrong, and not where rounding is all there is.
func TestGradcheckJudge(t *testing.T) {
	for _, c := range []struct {
		name              string
		adjoint, tangents []float64
		differences, loss float64
		ok                bool
	}{
		{"right", []float64{3, 1}, []float64{3, 1}, 4, 1, true},
		{"within both tolerances", []float64{3, 1}, []float64{3 + 2e-10, 1}, 4 + 3e-6, 1, true},
		{"adjoint off", []float64{3, 1}, []float64{3 + 4e-10, 1}, 4, 1, false},
		{"differences off", []float64{3, 1}, []float64{3, 1}, 4 + 5e-6, 1, false},
		{"all 0", []float64{0, 0}, []float64{0, 0}, 0, 1, true},
		{"rounding for 0", []float64{1e-19, 0}, []float64{-1e-19, 0}, 1e-13, 1, true},
		{"0 for a derivative", []float64{0, 0}, []float64{0, 0}, 1e-9, 1, false},
		{"NaN", []float64{math.NaN(), 0}, []float64{0, 0}, 0, 1, false},
	} {
		r := comparison{Adjoint: c.adjoint[0] + c.adjoint[1], Differences: c.differences}
		if r.judge(c.adjoint, c.tangents, []float64{1, 1}, c.loss); r.OK != c.ok {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
	r := gradcheckReport{Leaves: []comparison{{Path: "a", OK: true}, {Path: "b"}}}
	if err := r.failure(); err == nil || !strings.HasPrefix(err.Error(), "1 of 2 derivatives fail: b\n") || report(&strings.Builder{}, "gradcheck", err) != exitFailed {
		t.Errorf("%v", err)
	}
}

func TestGradcheckInterrupted(t *testing.T) {
	inFolder(t)
	ctx, cancel := context.WithCancel(t.Context())
	var stderr strings.Builder
	code := run(ctx, []string{"gradcheck", "--connectome", "three.npz"}, &cancelAt{text: "value of the loss", cancel: cancel}, &stderr)
	if code != exitInterrupted || stderr.String() != "neurograd gradcheck: interrupted; nothing was written\n" {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}
