package main

import (
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
