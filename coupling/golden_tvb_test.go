package coupling_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

type tvbCoupling struct {
	Name     string             `json:"name"`
	Defaults map[string]float64 `json:"defaults"`
	Cases    []struct {
		Params  map[string]float64 `json:"params"`
		Weights [][]float64        `json:"weights"`
		X       golden.Array       `json:"x"`
		Output  golden.Array       `json:"output"`
	} `json:"cases"`
}

// TestGoldenTVB compares outputs with The Virtual Brain, whose factor a is G here: at least 12 cases, its
// modes one by one.
func TestGoldenTVB(t *testing.T) {
	const tolerance = 4e-15 // suggested: 1e-13
	var file struct {
		Couplings []json.RawMessage `json:"couplings"`
	}
	golden.Read(t, &file, "golden", "tvb", "couplings.json")
	ran, worst := 0, 0.0
	for _, text := range file.Couplings {
		var g tvbCoupling
		if err := json.Unmarshal(text, &struct{ Name *string }{&g.Name}); err != nil {
			t.Fatal(err)
		}
		made, ok := fromTVB[g.Name]
		if !ok {
			t.Logf("skipped: %s, which is not a coupling here", g.Name)
			continue
		}
		if err := json.Unmarshal(text, &g); err != nil {
			t.Fatal(err)
		}
		for k, c := range g.Cases {
			ran++
			set := param.Set{}
			for _, values := range []map[string]float64{g.Defaults, c.Params} {
				for name, v := range values {
					if name == "a" {
						name = "G"
					}
					set[name] = v
				}
			}
			modes := 1
			if len(c.X.Shape) == 3 {
				modes = c.X.Shape[2]
			}
			for mode := range modes {
				for _, part := range made(ofMode(c.X, mode, modes), ofMode(c.Output, mode, modes)) {
					a := arrangement{coupling: part.coupling.With(set).Instant(), channels: len(part.want), weights: c.Weights, step: 1, method: solver.Euler{},
						states: rows([][][]float64{part.sent}, nil)}
					off := golden.MaxError(a.output(t, a.prepare(t)), slices.Concat(part.want...))
					worst = max(worst, off)
					if !(off <= tolerance) {
						t.Errorf("%s case %d mode %d is off by %.1e", g.Name, k, mode, off)
					}
				}
			}
		}
	}
	t.Logf("%d cases; worst error %.1e", ran, worst)
	if ran < 12 {
		t.Errorf("%d cases ran, want at least 12", ran)
	}
}

// tvbPart is a coupling, the states that are sent, and what arrives by channel.
type tvbPart struct {
	coupling   coupling.Coupling
	sent, want [][]float64
}

// fromTVB writes The Virtual Brain's couplings of coupling variables x with these outputs as ours. There
// a difference is taken for every variable; the sigmoid of two variables is repeated for every variable.
var fromTVB = map[string]func(x, output [][]float64) []tvbPart{
	"Linear": func(x, output [][]float64) []tvbPart {
		return []tvbPart{{coupling.Linear([]string{"p", "q"}[:len(x)]...), x, output}}
	},
	"Difference": func(x, output [][]float64) (parts []tvbPart) {
		for v := range x {
			parts = append(parts, tvbPart{coupling.Difference("p"), x[v : v+1], output[v : v+1]})
		}
		return parts
	},
	"SigmoidalJansenRit": func(x, output [][]float64) (parts []tvbPart) {
		for v := range output {
			parts = append(parts, tvbPart{coupling.SigmoidalJansenRit("p", "q"), x, output[v : v+1]})
		}
		return parts
	},
}

// ofMode picks a mode of an array [variable][node] or [variable][node][mode].
func ofMode(a golden.Array, mode, modes int) [][]float64 {
	variables := make([][]float64, a.Shape[0])
	for v := range variables {
		for i := range a.Shape[1] {
			variables[v] = append(variables[v], a.Data[(v*a.Shape[1]+i)*modes+mode])
		}
	}
	return variables
}
