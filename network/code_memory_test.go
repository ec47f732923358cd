package network_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/native"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/solver"
)

// codeLeft is the machine code in use when what is garbage has been freed, which cleanups do on their own.
func codeLeft() int64 {
	left, same := native.CodeInUse(), 0
	for same < 5 {
		runtime.GC()
		time.Sleep(2 * time.Millisecond)
		same++
		if now := native.CodeInUse(); now != left {
			left, same = now, 0
		}
	}
	return left
}

func small(t *testing.T) *network.Simulation {
	t.Helper()
	sim, err := network.Prepare(network.Network{Dynamics: models.ReducedWongWang(), Coupling: coupling.Set{"delayed": coupling.Linear("S")},
		Graph: graph.FromDense([][]float64{{0, 1}, {1, 0}})}, solver.Euler{}, network.Grid{End: 3, Step: 1}, network.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return sim
}

// TestCodeOfManySimulations holds that simulations that are gone leave no code behind.
func TestCodeOfManySimulations(t *testing.T) {
	if native.Chosen() == nil {
		t.Skip("no machine code here")
	}
	loss := observe.Last(1).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
	before := codeLeft()
	var made int64
	for range 20 {
		began := native.CodeInUse()
		sim := small(t)
		if _, _, err := sim.Gradient(context.Background(), sim.Params().Free("dynamics.J_N"), loss); err != nil {
			t.Fatal(err)
		}
		made += max(0, native.CodeInUse()-began)
	}
	if left := codeLeft() - before; made == 0 || left > made/10 {
		t.Errorf("of %d bytes of code %d are left", made, left)
	}
}

// TestCodeOfManyGradients frees ever other parameters of one simulation: the code does not grow without bound, and what was
// forgotten comes back with the same bits.
func TestCodeOfManyGradients(t *testing.T) {
	if native.Chosen() == nil {
		t.Skip("no machine code here")
	}
	loss := observe.Last(1).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
	sim := small(t)
	paths := []string{"a", "b", "d", "gamma", "tau_s", "w", "J_N", "I_o"}
	gradient := func(set int) []float64 {
		p := sim.Params()
		for k, path := range paths {
			if set>>k&1 == 1 {
				p.Free("dynamics." + path)
			}
		}
		_, g, err := sim.Gradient(context.Background(), p, loss)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	first := gradient(1)
	inUse := map[int]int64{}
	for set := 1; set <= 160; set++ {
		gradient(set)
		if set == 80 || set == 160 {
			inUse[set] = codeLeft()
		}
	}
	if inUse[160] > inUse[80]*5/4 {
		t.Errorf("%d bytes of code after 80 gradients, %d after 160", inUse[80], inUse[160])
	}
	if again := gradient(1); again[0] != first[0] {
		t.Errorf("the gradient is %v, before it was forgotten %v", again, first)
	}
}
