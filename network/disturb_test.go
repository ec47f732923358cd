package network_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/neurograd/neurograd/internal/disturb"
	"github.com/neurograd/neurograd/internal/selfcheck"
)

// yielding is a context that lets other goroutines go first whenever a run asks whether to go on.
type yielding struct{ context.Context }

func (yielding) Err() error {
	runtime.Gosched()
	return nil
}

// TestDisturbed holds that runs and gradients by machine code have the committed bits while the collector, the profiler
// and the scheduler do what they can, and while simulations come and go: in odd rounds a worker has one of its own,
// whose code is freed under the eyes of the others.
func TestDisturbed(t *testing.T) {
	needNative(t)
	t.Setenv("NEUROGRAD_BACKEND", "native")
	cases := selfcheck.Cases()
	shared := examples(selfcheck.Steps)
	disturb.Run(t, 2*disturb.Time(), 4, func(worker, round int) {
		c, ctx := cases[(worker+round/2)%len(cases)], yielding{context.Background()}
		if round%2 == 1 {
			run, gradient, err := c.Compute(ctx)
			if err != nil || run != c.Run || gradient != c.Gradient {
				t.Errorf("%s: run %#x, gradient %#x, committed are %#x, %#x; %v", c.Name, run, gradient, c.Run, c.Gradient, err)
			}
			return
		}
		s := shared[c.Name]
		_, gradient, err := s.Gradient(ctx, released(s), selfcheck.Loss{})
		if err != nil || selfcheck.Hash(gradient) != c.Gradient {
			t.Errorf("%s: gradient %#x of a shared simulation, committed is %#x; %v", c.Name, selfcheck.Hash(gradient), c.Gradient, err)
		}
	})
}
