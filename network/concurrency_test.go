package network_test

import (
	"context"
	"sync"
	"testing"

	"github.com/neurograd/neurograd/network"
)

// TestConcurrency holds that one simulation serves many goroutines, with the bits of one alone; the race
// detector watches.
func TestConcurrency(t *testing.T) {
	compute := func(s *network.Simulation, k int) []float64 {
		ctx, p, loss := context.Background(), s.Params(), lossOf(s)
		p.Set("coupling.delayed.G", 0.1+0.05*float64(k%3))
		switch k % 4 {
		case 0:
			return mustRun(t, s, p)
		case 1:
			p.Free("coupling.delayed.G", "initial_state.*")
		case 2:
			p.Regional("coupling.delayed.G").Free("coupling.delayed.G", "noise.sigma")
		case 3:
			p.Free("dynamics.*")
			_, g, err := s.TangentGradient(ctx, p, loss)
			if err != nil {
				t.Error(err)
			}
			return g
		}
		_, g, err := s.Gradient(ctx, p, loss)
		if err != nil {
			t.Error(err)
		}
		return g
	}
	alone, together := examples(60), examples(60)
	for name, s := range alone {
		if name == "ReducedWongWang Heun" {
			continue
		}
		const workers = 8
		var want, got [workers][]float64
		for k := range workers {
			want[k] = compute(s, k)
		}
		var group sync.WaitGroup
		for k := range workers {
			group.Go(func() { got[k] = compute(together[name], k) })
		}
		group.Wait()
		for k := range workers {
			if d := firstDifference(got[k], want[k]); d != "" {
				t.Errorf("%s, goroutine %d: %s", name, k, d)
			}
		}
	}
}
