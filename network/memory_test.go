package network_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/solver"
)

// TestEnoughMemory holds that the amount of Options.Memory that an error names is the least with which the gradient can be
// taken, that every larger one is enough too, and that the bits are those of a gradient that is not short of memory.
func TestEnoughMemory(t *testing.T) {
	named := func(err error) (bytes int64) {
		t.Helper()
		if err == nil {
			t.Fatal("no error")
		}
		first, rest, _ := strings.Cut(err.Error(), "\n")
		_, rest, ok := strings.Cut(rest, "(")
		if _, scan := fmt.Sscanf(rest, "%d bytes), shorten the run", &bytes); !ok || scan != nil || !strings.HasPrefix(first, "network: derivatives through ") || strings.Contains(rest, "\n") {
			t.Fatalf("the error is %v", err)
		}
		return bytes
	}
	delayed := graph.Example().NormalizeMax().Speed(3)
	for name, c := range map[string]struct {
		graph *graph.Graph
		noise noise.Additive
		free  string
		steps int
		last  int // samples that the loss looks at
	}{
		"short":                 {graph.FromDense([][]float64{{0, 1}, {1, 0}}), noise.Additive{}, "dynamics.w", 20, 1},
		"long":                  {delayed, noise.Additive{}, "graph.weights", 600, 1},
		"noise kept":            {delayed, noise.Additive{Sigma: 0.01}, "dynamics.w", 130, 70},
		"noise drawn anew":      {delayed, noise.Additive{Sigma: 0.01}, "dynamics.w", 900, 1},
		"noise anew, then kept": {graph.Example().NormalizeMax(), noise.Additive{Sigma: 0.01}, "dynamics.w", 400, 300},
		"odd steps":             {delayed, noise.Additive{Sigma: 0.01}, "graph.weights", 333, 2},
	} {
		gradient := func(memory int64) ([]float64, error) {
			net := network.Network{Dynamics: models.ReducedWongWang(), Graph: c.graph, Coupling: coupling.Set{"delayed": coupling.Linear("S")}, Noise: c.noise}
			if !c.graph.HasDelays() {
				net.Coupling = coupling.Set{"instant": coupling.Linear("S")}
			}
			s, err := network.Prepare(net, solver.Euler{}, network.Grid{End: float64(c.steps), Step: 1}, network.Options{Memory: memory, Seed: 2})
			if err != nil {
				return nil, err
			}
			loss := stateWavesFrom{from: c.steps - c.last}
			_, g, err := s.Gradient(t.Context(), s.Params().Free(c.free), loss)
			return g, err
		}
		want, err := gradient(0)
		if err != nil {
			t.Fatal(err)
		}
		var bytes int64
		for from, enough := int64(16), 0; enough < 3 && from < 1<<30; from += from / 3 {
			got, err := gradient(from)
			switch {
			case err == nil: // what one memory is enough for, a larger one is
				if d := firstDifference(got, want); bytes == 0 || from < bytes || d != "" {
					t.Errorf("%s: in %d bytes, %d being the least: %s", name, from, bytes, d)
				}
				enough++
			case strings.HasPrefix(err.Error(), "network: derivatives through "):
				if again := named(err); from >= again || bytes != 0 && again != bytes {
					t.Errorf("%s: with %d bytes %d are named, before that %d", name, from, again, bytes)
				}
				bytes = named(err)
			case bytes != 0: // below that not even samples and delays have room
				t.Errorf("%s: %v", name, err)
			}
		}
		got, err := gradient(bytes)
		if d := firstDifference(got, want); err != nil || d != "" {
			t.Errorf("%s: with the %d bytes that were named: %v %s", name, bytes, err, d)
		}
		if _, err = gradient(bytes - 1); named(err) != bytes {
			t.Errorf("%s: with one byte less than the %d that were named: %v", name, bytes, err)
		}
		t.Logf("%s: %d bytes", name, bytes)
	}
}

// stateWavesFrom is stateWaves of the samples from number from on.
type stateWavesFrom struct {
	stateWaves
	from int
}

func (s stateWavesFrom) Window(samples, _, _ int) (int, error) {
	if s.from >= samples {
		return 0, errors.New("too few samples")
	}
	return s.from, nil
}
