// Package disturb makes the Go runtime as restless as it gets while work is done, for tests of machine code, of which the
// runtime knows nothing.
package disturb

import (
	"io"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/neurograd/neurograd/internal/golden"
)

// Time is how long a test should disturb: 10 s among the long checks, else 0.15 s.
func Time() time.Duration {
	if golden.Long() {
		return 10 * time.Second
	}
	return 150 * time.Millisecond
}

// Run calls work in so many goroutines, round after round, for that long and at least twice each. Meanwhile the garbage
// collector runs all the time and after every small allocation, the profiler interrupts, the number of processors
// changes, and goroutines get threads of their own, give them up and stand in line again. The test fails if hardly
// anything was disturbed.
func Run(t testing.TB, length time.Duration, workers int, work func(worker, round int)) {
	t.Helper()
	processors := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(processors)
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	if pprof.StartCPUProfile(io.Discard) == nil { // else one runs already
		defer pprof.StopCPUProfile()
	}
	var rounds, running atomic.Int64
	var wait sync.WaitGroup
	end := time.Now().Add(length)
	running.Store(int64(workers))
	for worker := range workers {
		wait.Go(func() {
			defer running.Add(-1)
			for round := 0; round < 2 || time.Now().Before(end); round++ {
				if round%3 == 1 {
					runtime.LockOSThread()
				}
				work(worker, round)
				if round%3 == 1 {
					runtime.UnlockOSThread()
				}
				runtime.Gosched()
				rounds.Add(1)
			}
		})
	}
	collections := 0
	for ; running.Load() > 0; collections++ {
		runtime.GC()
		if collections%8 == 0 {
			runtime.GOMAXPROCS(1 + (collections/8)%(2*processors))
		}
	}
	wait.Wait()
	if collections < 2 {
		t.Errorf("%d collections are no test", collections)
	}
	t.Logf("%d rounds, %d collections", rounds.Load(), collections)
}
