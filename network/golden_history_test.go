package network_test

import (
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/solver"
)

// TestGoldenHistoryRows compares how many rows of history a delay takes with the reference: B+1, where B
// is the number of steps. With that many rows a network must run, whatever way delays are read; with one
// less, linear reads that need them must be refused. Two delays are less than 10⁻⁹ steps above a whole
// number; the reference takes them for that number, here a linear read may want one row more.
func TestGoldenHistoryRows(t *testing.T) {
	var file struct {
		Windows []struct{} `json:"windows"`
		Bounds  []struct {
			MaxDelay float64 `json:"max_delay"`
			Step     float64 `json:"dt"`
			Steps    int     `json:"steps"`
		} `json:"delay_steps_bound"`
	}
	golden.Read(t, &file, "golden", "tvboptim", "history.json")
	differ := 0
	for _, c := range file.Bounds {
		net := network.Network{
			Dynamics: models.ReducedWongWang(),
			Graph:    graph.FromDense([][]float64{{0, 1}, {1, 0}}).WithDelays([][]float64{{0, c.MaxDelay}, {0, 0}}),
		}
		run := func(rows int, how coupling.Coupling) error {
			net.Coupling, net.History = coupling.Set{"delayed": how}, nil
			for range rows {
				net.History = append(net.History, [][]float64{{0.1, 0.2}})
			}
			sim, err := network.Prepare(net, solver.Euler{}, network.Grid{End: 2 * c.Step, Step: c.Step}, network.Options{})
			if err != nil {
				return err
			}
			p := sim.Params().Free("history", "graph.weights")
			if _, err := sim.Run(t.Context(), p); err != nil {
				return err
			}
			_, _, err = sim.Gradient(t.Context(), p, weightedSum{1, 2, 3, 4})
			return err
		}
		for _, how := range []coupling.Coupling{coupling.Linear("S"), coupling.Linear("S").LinearReads()} {
			if err := run(c.Steps+1, how); err != nil {
				differ++
				t.Logf("differs: delay %v ms, step %v ms, linear reads %v: %d rows are enough in the reference, here: %v", c.MaxDelay, c.Step, how.ReadsLinearly(), c.Steps+1, err)
			}
		}
		if c.Steps > 0 && run(c.Steps, coupling.Linear("S").LinearReads()) == nil {
			t.Errorf("delay %v ms, step %v ms: %d rows are not enough", c.MaxDelay, c.Step, c.Steps)
		}
	}
	t.Logf("skipped %d: windows cut from an earlier solution", len(file.Windows))
	t.Logf("%d delays, of which %d differ", len(file.Bounds), differ)
	if len(file.Bounds) < 13 || differ > 0 {
		t.Errorf("%d delays, of which %d differ; want at least 13 and none that differs", len(file.Bounds), differ)
	}
}
