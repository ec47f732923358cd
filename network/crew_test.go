package network_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// TestHalvedSums holds that networks whose sums two goroutines add up have, in runs and gradients, the bits of the portable
// backend, which leaves them to one, and that runs that are cancelled or diverge leave nobody behind.
func TestHalvedSums(t *testing.T) {
	needNative(t)
	const n, steps = 320, 80
	r := rand.New(rand.NewPCG(6, 6))
	weights, lengths := make([][]float64, n), make([][]float64, n)
	for i := range n {
		weights[i], lengths[i] = make([]float64, n), make([]float64, n)
		for j := range n {
			weights[i][j], lengths[i][j] = r.Float64()/n, 150*r.Float64()
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	goroutines := runtime.NumGoroutine()
	for name, g := range map[string]*graph.Graph{"no delays": graph.FromDense(weights), "short delays": graph.FromDense(weights).WithLengths(lengths).Speed(40),
		"long delays": graph.FromDense(weights).WithLengths(lengths).Speed(2)} {
		c := coupling.Set{"delayed": coupling.Linear("S")}
		if !g.HasDelays() {
			c = coupling.Set{"instant": coupling.Linear("S")}
		}
		made := func(w float64, b network.Backend) *network.Simulation {
			net := network.Network{Dynamics: models.ReducedWongWang().With(param.Set{"w": w}), Graph: g, Coupling: c}
			return prepare(t, net, solver.Heun{}, network.Grid{End: steps, Step: 1}, network.Options{Backend: b})
		}
		compute := func(s *network.Simulation) []float64 {
			return append(mustRun(t, s, s.Params()), mustGradient(t, s, s.Params().Regional("dynamics.w").Free("dynamics.w"), lossOf(s))...)
		}
		want := compute(made(0.9, network.PortableBackend))
		for _, processors := range []int{1, 2} {
			runtime.GOMAXPROCS(processors)
			s := made(0.9, network.NativeBackend)
			if d := firstDifference(compute(s), want); d != "" {
				t.Errorf("%s, %d processors: %s", name, processors, d)
			}
		}
		s, ctx := made(0.9, network.NativeBackend), &endsAfter{Context: context.Background()}
		for _, asked := range []int64{1, 3} { // at step 64 of the forward pass, in the reverse pass
			ctx.left.Store(asked)
			if _, _, err := s.Gradient(ctx, s.Params().Free("dynamics.w"), lossOf(s)); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v instead of the end", name, err)
			}
		}
		var diverged *network.DivergenceError
		s = made(1e300, network.NativeBackend)
		if _, err := s.Run(t.Context(), s.Params()); !errors.As(err, &diverged) {
			t.Errorf("%s: %v instead of a divergence", name, err)
		}
		alone(t, goroutines)
	}
}
