package main

import (
	"io"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

// After the first collection the collector works as it did before collectLater.
func TestCollectLater(t *testing.T) {
	const percent = 150
	defer debug.SetGCPercent(debug.SetGCPercent(percent))
	t.Setenv("GOGC", "")
	collectLater()
	runtime.GC()
	now := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	for began := time.Now(); time.Since(began) < 10*time.Second; time.Sleep(time.Millisecond) {
		if metrics.Read(now); now[0].Value.Uint64() == percent {
			return
		}
	}
	t.Errorf("%d percent after a collection, want %d", now[0].Value.Uint64(), percent)
}

// A command that only prints makes next to nothing before: the declarations of all commands.
func TestStart(t *testing.T) {
	const most = 200
	if got := testing.AllocsPerRun(10, func() { run(t.Context(), []string{"version"}, io.Discard, io.Discard) }); got > most {
		t.Errorf("version makes %v allocations, wanted at most %d: what a command needs is made when it runs", got, most)
	}
}
