package network_test

import (
	"context"
	"math"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/solver"
)

// TestTapeMemory holds that the gradients of a fit take the memory of their tape from one another.
func TestTapeMemory(t *testing.T) {
	const steps = 20_000
	net := network.Network{Dynamics: models.ReducedWongWang(), Coupling: coupling.Set{"instant": coupling.Linear("S")}, Graph: graph.FromDense([][]float64{{0, 1}, {1, 0}})}
	sim, err := network.Prepare(net, solver.Euler{}, network.Grid{End: steps, Step: 1}, network.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, loss := sim.Params().Free("dynamics.J_N"), observe.Last(1).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection may take what nobody uses
	allocated := func() uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, _, err := sim.Gradient(context.Background(), p, loss); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	const least = steps * 2 * 8 // bytes of a tape: a state of two regions, at least
	if first := allocated(); first < least {
		t.Fatalf("the first gradient has allocated %d bytes, its tape takes %d at least", first, least)
	}
	again := uint64(math.MaxUint64)
	for range 3 {
		again = min(again, allocated())
	}
	if again > least/2 {
		t.Errorf("further gradients have allocated %d bytes, a tape takes %d at least", again, least)
	}
}
