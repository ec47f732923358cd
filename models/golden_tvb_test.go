package models_test

import (
	"encoding/json"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
)

// tvbOnly are parameters of The Virtual Brain's models that its right-hand sides do not use, since they
// belong to the noise.
var tvbOnly = map[string]bool{"sigma_noise": true, "p_min": true, "p_max": true}

type tvbPoint struct {
	Params     map[string]float64 `json:"params"`
	State      golden.Array       `json:"state"`
	Coupling   golden.Array       `json:"coupling"`
	Derivative golden.Array       `json:"derivative"`
}

type tvbModel struct {
	Name       string   `json:"name"`
	States     []string `json:"state_variables"`
	Parameters map[string]struct {
		Default golden.Array `json:"default"`
	} `json:"parameters"`
	Cases []tvbPoint `json:"cases"`
	Wide  []tvbPoint `json:"wide_cases"`
}

// TestGoldenTVB compares slopes with The Virtual Brain: at least three models of 12 and 8 cases. Its
// coupling variable 0 is what the input "delayed" receives.
func TestGoldenTVB(t *testing.T) {
	const tolerance = 6e-14 // per value; suggested: 1e-12
	var file struct {
		Models []json.RawMessage `json:"models"`
	}
	golden.Read(t, &file, "golden", "tvb", "models_rhs.json")
	ran, worst := 0, 0.0
	for _, text := range file.Models {
		var g tvbModel
		if err := json.Unmarshal(text, &struct{ Name *string }{&g.Name}); err != nil {
			t.Fatal(err)
		}
		m, ok := modelNamed(g.Name)
		if !ok {
			t.Logf("skipped: %s, which is not a model here", g.Name)
			continue
		}
		if err := json.Unmarshal(text, &g); err != nil {
			t.Fatal(err)
		}
		f := rightHandSide(t, m)
		for k, c := range append(g.Cases, g.Wide...) {
			p := map[string]float64{"c_instant": 0, "c_delayed": c.Coupling.Data[0], "stimulus": 0}
			for i, s := range m.States {
				if s.Name != g.States[i] {
					t.Fatalf("%s: state %s, want %s", g.Name, s.Name, g.States[i])
				}
				p[s.Name] = c.State.Data[i]
			}
			for name, v := range g.Parameters {
				if !tvbOnly[name] {
					p[name] = v.Default.Data[0]
				}
			}
			for name, v := range c.Params {
				if !tvbOnly[name] {
					p[name] = v
				}
			}
			ran++
			for _, e := range f.at(t, p) {
				for i := range m.States {
					off := golden.MaxError(e.values[i:i+1], c.Derivative.Data[i:i+1])
					worst = max(worst, off)
					if !(off <= tolerance) {
						t.Errorf("%s case %d, %s: d%s/dt = %v, want %v", g.Name, k, e.way, m.States[i].Name, e.values[i], c.Derivative.Data[i])
					}
				}
			}
		}
	}
	t.Logf("%d cases; worst error of a value %.1e", ran, worst)
	if ran < 60 {
		t.Errorf("%d cases ran, want at least 60", ran)
	}
}
