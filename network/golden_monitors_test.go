package network_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/stimulus"
)

// monitored runs a network whose recorded variables are the given series [step][variable][node], sample n
// at start + (n+1)·step, and returns what a sampling records of it: the series drive it, and auxiliaries
// hand them on.
func monitored(t *testing.T, series golden.Array, start, step float64, sampling network.Sampling) (data, times []float64) {
	t.Helper()
	rows, variables, nodes := series.Shape[0], series.Shape[1], series.Shape[2]
	m := models.Model{Name: "player", States: []models.State{{Name: "x"}}, Equations: "dx/dt = 0*x", External: []models.Input{{Name: "u"}}}
	for v := range variables {
		m.External[0].Symbols = append(m.External[0].Symbols, fmt.Sprint("u", v))
		m.Auxiliaries = append(m.Auxiliaries, fmt.Sprint("h", v))
		m.Equations += fmt.Sprintf("\nh%d = u%d", v, v)
	}
	s := stimulus.Sampled(stimulus.Samples{Data: samplesOf(series), Start: start, Interval: step, Between: stimulus.Nearest})
	net := network.Network{Dynamics: m, Graph: graph.FromEdges(nodes, nil), Stimulus: stimulus.Set{"u": s}}
	return run(t, prepare(t, net, solver.Euler{}, network.Grid{Start: start, End: start + float64(rows)*step, Step: step}, network.Options{Record: m.Auxiliaries, Sampling: sampling}))
}

// TestGoldenDownsampling compares Every with the reference's downsampling, values to the bit and times: all
// eight. Its temporal averages are known to be wrong.
func TestGoldenDownsampling(t *testing.T) {
	var file struct {
		Series map[string]struct {
			Step  float64      `json:"dt"`
			Start float64      `json:"t0"`
			Data  golden.Array `json:"ys"`
		} `json:"series"`
		Cases []struct {
			Series   string       `json:"series"`
			Monitor  string       `json:"monitor"`
			Period   float64      `json:"period"`
			Variable *int         `json:"voi"`
			Offset   float64      `json:"t_offset"`
			Times    []float64    `json:"ts"`
			Data     golden.Array `json:"ys"`
		} `json:"downsampling"`
	}
	golden.Read(t, &file, "golden", "tvboptim", "monitors.json")
	ran := 0
	for k, g := range file.Cases {
		if g.Monitor == "TemporalAverage" {
			continue
		}
		ran++
		in := file.Series[g.Series]
		start := in.Start + g.Offset
		got, times := monitored(t, in.Data, start, in.Step, network.Every(int(math.RoundToEven(g.Period/in.Step))))
		if g.Variable != nil {
			got = variable(got, *g.Variable, in.Data.Shape[1], in.Data.Shape[2])
		}
		if !slices.Equal(got, g.Data.Data) || !slices.Equal(times, g.Times) {
			t.Errorf("case %d: %s of %s every %v ms differs", k, g.Monitor, g.Series, g.Period)
		}
	}
	if ran != 8 {
		t.Errorf("%d cases ran, want 8", ran)
	}
}

// TestGoldenTVBSampling compares Every and Average with The Virtual Brain's monitors SubSample and
// TemporalAverage, values and times: all seven that begin with the first step.
func TestGoldenTVBSampling(t *testing.T) {
	const tolerance = 2e-15 // suggested: 1e-12
	var file struct {
		Simple struct {
			Step  float64      `json:"dt"`
			Input golden.Array `json:"input"`
			Cases []struct {
				Monitor  string `json:"monitor"`
				Settings struct {
					Variables []int `json:"variables_of_interest"`
				} `json:"settings"`
				First  int          `json:"first_step"`
				Every  int          `json:"istep"`
				Times  []float64    `json:"time"`
				Output golden.Array `json:"output"`
			} `json:"cases"`
		} `json:"simple"`
	}
	golden.Read(t, &file, "golden", "tvb", "monitors.json")
	in := file.Simple
	skipped, ran, worst := skips{}, 0, 0.0
	for k, g := range in.Cases {
		sampling := network.Every(g.Every)
		switch {
		case strings.HasPrefix(g.Monitor, "Raw") || strings.HasSuffix(g.Monitor, "lAverage") && g.Monitor != "TemporalAverage":
			skipped["monitor "+g.Monitor]++
			continue
		case g.First != 1:
			skipped["a run that continues another: the reference would begin with zeros"]++
			continue
		case g.Monitor == "TemporalAverage":
			sampling = network.Average(g.Every)
		}
		ran++
		all, times := monitored(t, in.Input, 0, in.Step, sampling)
		var got []float64
		variables := g.Settings.Variables
		if variables == nil {
			variables = []int{0, 1, 2}
		}
		for row := range times {
			for _, v := range variables {
				at := (row*in.Input.Shape[1] + v) * in.Input.Shape[2]
				got = append(got, all[at:at+in.Input.Shape[2]]...)
			}
		}
		off := golden.MaxError(got, g.Output.Data)
		worst = max(worst, off)
		if !(off <= tolerance) || !slices.Equal(times, g.Times) {
			t.Errorf("case %d: %v is off by %.1e, at %v, want %v", k, sampling, off, times, g.Times)
		}
	}
	skipped.log(t)
	t.Logf("%d cases, worst error %.1e", ran, worst)
	if ran != 7 {
		t.Errorf("%d cases ran, want 7", ran)
	}
}
