package network_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/cores"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

const aheadRegions, aheadSteps = 40, 1001

// noisy is a network with enough noise for some ten blocks of it, from an odd step on. w is of its dynamics.
func noisy(t testing.TB, w float64, o network.Options) *network.Simulation {
	t.Helper()
	weights := make([][]float64, aheadRegions)
	for i := range weights {
		weights[i] = make([]float64, aheadRegions)
		weights[i][(i+1)%aheadRegions] = 1
	}
	net := network.Network{Dynamics: models.ReducedWongWang().With(param.Set{"w": w}), Graph: graph.FromDense(weights),
		Coupling: coupling.Set{"instant": coupling.Linear("S")}, Noise: noise.Additive{Sigma: 0.01}}
	o.Seed, o.FirstStep = 3, 7
	return prepare(t, net, solver.Euler{}, network.Grid{End: 7 + aheadSteps, Step: 1}, o)
}

// alone waits until nobody computes any more, and no goroutine is left of those that runs have started.
func alone(t *testing.T, goroutines int) {
	t.Helper()
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		cores.Take()
		free := cores.TakeSpare()
		if free {
			cores.Give()
		}
		cores.Give()
		switch n := runtime.NumGoroutine(); {
		case n <= goroutines && free:
			return
		case time.Since(began) > 10*time.Second:
			t.Fatalf("%d goroutines, %d before the runs; a processor is free: %v", n, goroutines, free)
		}
	}
}

// TestNoiseAhead holds that runs and gradients, one or several at a time, on one or more processors, have the noise of the
// stream, whoever draws it.
func TestNoiseAhead(t *testing.T) {
	normals := make([]float64, (aheadSteps+1)*aheadRegions)
	stream := noise.Stream{Seed: 3}
	for k := 4; k <= (7+aheadSteps)/2; k++ { // pair 3 has but its odd step in the run
		from := (2*k - 7) * aheadRegions
		even, odd := normals[from:from+aheadRegions], make([]float64, aheadRegions)
		stream.Pair(even, odd, 0, 0, 0, k)
		copy(normals[from+aheadRegions:], odd)
	}
	stream.Pair(make([]float64, aheadRegions), normals[:aheadRegions], 0, 0, 0, 3)
	compute := func(s *network.Simulation, gradient bool) []float64 {
		if gradient {
			return mustGradient(t, s, s.Params().Free("dynamics.w", "noise.sigma"), lossOf(s))
		}
		return mustRun(t, s, s.Params())
	}
	recorded := noisy(t, 0.9, network.Options{Normals: normals[:aheadSteps*aheadRegions]})
	want := [2][]float64{compute(recorded, false), compute(recorded, true)}
	goroutines := runtime.NumGoroutine()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, processors := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(processors)
		for _, together := range []int{1, 2, 3, 6} {
			s := noisy(t, 0.9, network.Options{})
			var group sync.WaitGroup
			for k := range together {
				group.Go(func() {
					if d := firstDifference(compute(s, k%2 == 1), want[k%2]); d != "" {
						t.Errorf("run %d of %d on %d processors: %s", k, together, processors, d)
					}
				})
			}
			group.Wait()
		}
	}
	runtime.GOMAXPROCS(2)
	alone(t, goroutines)
}

// endsAfter is a context that is cancelled when it has been asked so many times.
type endsAfter struct {
	context.Context
	left atomic.Int64
}

func (e *endsAfter) Err() error {
	if e.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestNoiseAheadEnds holds that runs that are cancelled or diverge leave nobody behind who draws their noise, and that
// the next run has its bits.
func TestNoiseAheadEnds(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	s := noisy(t, 0.9, network.Options{})
	want := mustRun(t, s, s.Params())
	goroutines := runtime.NumGoroutine()
	for asked := range 5 {
		s := noisy(t, 0.9, network.Options{})
		ctx := &endsAfter{Context: context.Background()}
		ctx.left.Store(int64(asked))
		if _, err := s.Run(ctx, s.Params()); !errors.Is(err, context.Canceled) {
			t.Errorf("asked %d times: %v", asked, err)
		}
		ctx.left.Store(int64(asked))
		if _, _, err := s.Gradient(ctx, s.Params().Free("dynamics.w"), lossOf(s)); !errors.Is(err, context.Canceled) {
			t.Errorf("gradient, asked %d times: %v", asked, err)
		}
		alone(t, goroutines)
		if d := firstDifference(mustRun(t, s, s.Params()), want); d != "" {
			t.Errorf("after a run that was asked %d times: %s", asked, d)
		}
	}
	s = noisy(t, 1e300, network.Options{})
	var diverged *network.DivergenceError
	if _, err := s.Run(t.Context(), s.Params()); !errors.As(err, &diverged) {
		t.Errorf("%v instead of a divergence", err)
	}
	alone(t, goroutines)
}
