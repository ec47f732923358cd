package models_test

import (
	"math"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/models"
)

// goldenJacobian is the derivatives of some outputs with respect to everything.
type goldenJacobian struct {
	State    golden.Array            `json:"d_state"`
	Params   golden.Array            `json:"d_params"`
	Coupling map[string]golden.Array `json:"d_coupling"`
	External map[string]golden.Array `json:"d_external"`
}

type goldenPoint struct {
	State       []float64            `json:"state"`
	Params      map[string]float64   `json:"params"`
	Coupling    map[string][]float64 `json:"coupling"`
	External    map[string][]float64 `json:"external"`
	Derivatives golden.Array         `json:"derivatives"`
	Auxiliaries golden.Array         `json:"auxiliaries"`
	DSlopes     goldenJacobian       `json:"d_derivatives"`
	DAuxiliary  goldenJacobian       `json:"d_auxiliaries"`
}

type goldenModel struct {
	Name        string    `json:"name"`
	States      []string  `json:"states"`
	Initial     []float64 `json:"initial_state"`
	Auxiliaries []string  `json:"auxiliaries"`
	Params      []struct {
		Name    string  `json:"name"`
		Default float64 `json:"default"`
	} `json:"params"`
	Cases []goldenPoint `json:"cases"`
	Edge  []goldenPoint `json:"edge_cases"`
}

// point collects the values of a case by symbol.
func (f *rhs) point(c goldenPoint) map[string]float64 {
	point := map[string]float64{}
	for i, s := range f.model.States {
		point[s.Name] = c.State[i]
	}
	for name, v := range c.Params {
		point[name] = v
	}
	for _, in := range f.model.Inputs {
		for k, s := range in.Symbols {
			point[s] = c.Coupling[in.Name][k]
		}
	}
	for _, in := range f.model.External {
		for k, s := range in.Symbols {
			point[s] = c.External[in.Name][k]
		}
	}
	return point
}

// TestGoldenDeclarations compares names, order, defaults and initial values with the reference.
func TestGoldenDeclarations(t *testing.T) {
	for _, g := range readModels(t) {
		m, ok := modelNamed(g.Name)
		if !ok {
			continue
		}
		for i, s := range m.States {
			if s.Name != g.States[i] || s.Initial != g.Initial[i] {
				t.Errorf("%s: state %s starts at %v, want %s at %v", m.Name, s.Name, s.Initial, g.States[i], g.Initial[i])
			}
		}
		for i, p := range m.Params {
			if p.Name != g.Params[i].Name || p.Default != g.Params[i].Default {
				t.Errorf("%s: parameter %s = %v, want %s = %v", m.Name, p.Name, p.Default, g.Params[i].Name, g.Params[i].Default)
			}
		}
		if len(m.States) != len(g.States) || len(m.Params) != len(g.Params) || len(m.Auxiliaries) != len(g.Auxiliaries) {
			t.Errorf("%s has %d states, %d parameters, %d auxiliaries; want %d, %d, %d", m.Name,
				len(m.States), len(m.Params), len(m.Auxiliaries), len(g.States), len(g.Params), len(g.Auxiliaries))
		}
	}
}

func readModels(t *testing.T) []goldenModel {
	t.Helper()
	var file struct {
		Models []goldenModel `json:"models"`
	}
	golden.Read(t, &file, "golden", "tvboptim", "models_rhs.json")
	return file.Models
}

func modelNamed(name string) (models.Model, bool) {
	for _, m := range models.All() {
		if m.Name == name {
			return m, true
		}
	}
	return models.Model{}, false
}

// TestGoldenRightHandSides compares slopes, auxiliaries and all Jacobians with the reference: at least
// three models of 20 cases each.
func TestGoldenRightHandSides(t *testing.T) {
	const valueTolerance, jacobianTolerance = 1e-13, 3e-14 // suggested: 1e-12, 1e-11
	ran := 0
	var worstValue, worstJacobian float64
	for _, g := range readModels(t) {
		m, ok := modelNamed(g.Name)
		if !ok {
			t.Logf("skipped: %d cases of %s, which is not a model here", len(g.Cases), g.Name)
			continue
		}
		f := rightHandSide(t, m)
		for k, c := range g.Cases {
			ran++
			for _, e := range f.at(t, f.point(c)) {
				value, jacobian := f.errors(e, c)
				worstValue, worstJacobian = max(worstValue, value), max(worstJacobian, jacobian)
				if !(value <= valueTolerance) || !(jacobian <= jacobianTolerance) {
					t.Errorf("%s case %d, %s: values off by %.1e, Jacobian by %.1e", g.Name, k, e.way, value, jacobian)
				}
			}
		}
	}
	t.Logf("%d cases; worst error of values %.1e, of Jacobians %.1e", ran, worstValue, worstJacobian)
	if ran < 60 {
		t.Errorf("%d cases ran, want at least 60", ran)
	}
}

// errors are the worst errors of a case: of slopes and auxiliaries, and of every Jacobian's rows, each
// relative to the largest entry of its array.
func (f *rhs) errors(e evaluation, c goldenPoint) (value, jacobian float64) {
	m, n := f.model, len(f.model.States)
	value = max(golden.MaxError(e.values[:n], c.Derivatives.Data), golden.MaxError(e.values[n:], c.Auxiliaries.Data))
	var states, params []string
	for _, s := range m.States {
		states = append(states, s.Name)
	}
	for _, p := range m.Params {
		params = append(params, p.Name)
	}
	for _, part := range []struct {
		from, to int
		want     goldenJacobian
	}{{0, n, c.DSlopes}, {n, len(f.outputs), c.DAuxiliary}} {
		compare := func(symbols []string, want golden.Array) {
			jacobian = max(jacobian, golden.MaxError(f.columns(e, part.from, part.to, symbols), want.Data))
		}
		compare(states, part.want.State)
		compare(params, part.want.Params)
		for _, in := range m.Inputs {
			compare(in.Symbols, part.want.Coupling[in.Name])
		}
		for _, in := range m.External {
			compare(in.Symbols, part.want.External[in.Name])
		}
	}
	return value, jacobian
}

// TestThreshold takes the point of the reference where the input function of ReducedWongWang is 0/0 as
// written. The reference has NaN there, a defect; H = u/(1 − e^(−du)) = 1/d + u/2 + du²/12 − … around
// u = 0 gives value and derivatives.
func TestThreshold(t *testing.T) {
	ran := 0
	for _, g := range readModels(t) {
		m, ok := modelNamed(g.Name)
		if !ok {
			continue
		}
		for _, c := range g.Edge {
			t.Logf("defect of the reference, not copied: %s has derivative %v", g.Name, c.Derivatives.Data)
			f := rightHandSide(t, m)
			p := f.point(c)
			x := p["w"]*p["J_N"]*p["S"] + p["I_o"] + p["J_N"]*(p["c_instant"]+p["c_delayed"])
			if u := p["a"]*x - p["b"]; u != 0 {
				t.Fatalf("a·x − b = %v, want 0", u)
			}
			ran++
			H := 1 / p["d"]
			dH := map[string]float64{"a": x / 2, "b": -0.5, "d": -H * H, "S": p["a"] / 2 * p["w"] * p["J_N"], "w": p["a"] / 2 * p["J_N"] * p["S"],
				"J_N": p["a"] / 2 * p["w"] * p["S"], "I_o": p["a"] / 2, "c_instant": p["a"] / 2 * p["J_N"], "c_delayed": p["a"] / 2 * p["J_N"]}
			slope := -p["S"]/p["tau_s"] + (1-p["S"])*H*p["gamma"]
			for _, e := range f.at(t, p) {
				near(t, e.way+" slope", e.values[0], slope)
				near(t, e.way+" H", e.values[1], H)
				for j, s := range f.symbols {
					want := (1 - p["S"]) * p["gamma"] * dH[s]
					switch s {
					case "S":
						want += -1/p["tau_s"] - H*p["gamma"]
					case "gamma":
						want = (1 - p["S"]) * H
					case "tau_s":
						want = p["S"] / (p["tau_s"] * p["tau_s"])
					}
					near(t, e.way+" dH/d"+s, e.jacobian[1][j], dH[s])
					near(t, e.way+" slope by "+s, e.jacobian[0][j], want)
				}
			}
		}
	}
	if ran < 1 {
		t.Error("no case at the threshold")
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-15*max(1, math.Abs(want))) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
