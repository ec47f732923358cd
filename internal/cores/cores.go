// Package cores counts who computes in this process, so that a run takes a second core only where nobody else wants it. It starts
// no goroutine itself.
//
// The rule: every pass over the steps of a run counts as one, whoever started it. A helper may begin while fewer compute than
// processors may run at a time (GOMAXPROCS), and leaves, where it would only be in the way, as soon as more do. So the workers of a
// sweep, which take all processors, have no helpers, and a run alone has one.
package cores

import (
	"runtime"
	"sync/atomic"
)

var busy, processors atomic.Int64

// Take counts a goroutine that begins to compute, until it calls [Give].
func Take() {
	processors.Store(int64(runtime.GOMAXPROCS(0)))
	busy.Add(1)
}

// Give counts a goroutine out that [Take] or [TakeSpare] has counted.
func Give() { busy.Add(-1) }

// TakeSpare counts a helper, which calls [Give] when it is done, if a processor is free for it.
func TakeSpare() bool {
	for {
		n := busy.Load()
		if n >= processors.Load() {
			return false
		}
		if busy.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// Crowded reports whether more goroutines compute than processors may run.
func Crowded() bool { return busy.Load() > processors.Load() }
