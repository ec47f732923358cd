//go:build linux || darwin || windows

package loader

import (
	"io"
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/neurograd/neurograd/internal/golden"
)

// stressTime is how long each of these tests runs.
func stressTime() time.Duration {
	if golden.Long() {
		return 10 * time.Second
	}
	return 150 * time.Millisecond
}

// longCall is a number of rounds that takes some 10 µs.
const longCall = 8000

// Code runs right while the collector runs all the time, the profiler interrupts, goroutines move between
// threads, stacks grow and shrink, and the scheduler tries to preempt.
func TestCallsUnderInterruption(t *testing.T) {
	f := mustLoad(t, writeWork)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	if pprof.StartCPUProfile(io.Discard) == nil { // else one runs already
		defer pprof.StopCPUProfile()
	}
	var calls atomic.Int64
	var wait sync.WaitGroup
	end := time.Now().Add(stressTime())
	for worker := range 6 {
		wait.Go(func() {
			for seed := uint64(worker) << 32; time.Now().Before(end); seed++ {
				deep(int(seed%200), func() { check(t, f, seed, 1+int(seed)%longCall) })
				calls.Add(1)
				if seed%3 == 0 {
					runtime.Gosched()
				}
			}
		})
	}
	collections := 0
	for time.Now().Before(end) {
		runtime.GC()
		collections++
	}
	wait.Wait()
	if calls.Load() < 10 || collections < 2 {
		t.Errorf("%d calls and %d collections are no test", calls.Load(), collections)
	}
	t.Logf("%d calls, %d collections", calls.Load(), collections)
}

// deep calls do with that many frames below, so that stacks are of all sizes.
func deep(frames int, do func()) {
	var room [256]byte
	if frames == 0 {
		do()
	} else {
		deep(frames-1, do)
	}
	runtime.KeepAlive(&room)
}

// A goroutine that does nothing but call is stopped between the calls: collections do not wait until it ends by itself.
func TestPreemptedBetweenCalls(t *testing.T) {
	f := mustLoad(t, writeWork)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	var stop atomic.Bool
	var wait sync.WaitGroup
	wait.Go(func() {
		w := &work{buffer: new([bufferLength]float64), rounds: longCall}
		for range 300_000 { // some seconds
			if stop.Load() {
				return
			}
			f.Call(unsafe.Pointer(w))
		}
		t.Error("the collector waited for the calls to end")
	})
	for range 20 {
		runtime.GC()
	}
	stop.Store(true)
	wait.Wait()
}

// Functions come and go while others run.
func TestConcurrentLoads(t *testing.T) {
	mustLoad(t, writeWork)
	var wait sync.WaitGroup
	var loads atomic.Int64
	end := time.Now().Add(stressTime())
	for worker := range 4 {
		wait.Go(func() {
			for seed := uint64(worker) << 32; time.Now().Before(end); seed++ {
				f := mustLoad(t, writeWork)
				var both sync.WaitGroup
				both.Go(func() { check(t, f, seed, 10) })
				check(t, f, ^seed, 100)
				both.Wait()
				loads.Add(1)
			}
		})
	}
	for time.Now().Before(end) {
		runtime.GC()
	}
	wait.Wait()
	t.Logf("%d loads", loads.Load())
}
