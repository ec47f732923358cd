package cores

import (
	"runtime"
	"sync"
	"testing"
)

// TestSpare holds that helpers are counted in only up to the number of processors, and that runs crowd them out.
func TestSpare(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	Take()
	if !TakeSpare() || !TakeSpare() {
		t.Error("one of three processors is taken, and there is no room for two helpers")
	}
	if TakeSpare() || Crowded() {
		t.Error("three of three processors are taken: no room for a helper, and no crowd yet")
	}
	Take()
	if !Crowded() {
		t.Error("four on three processors are no crowd")
	}
	for range 4 {
		Give()
	}
	runtime.GOMAXPROCS(1)
	Take()
	defer Give()
	if TakeSpare() {
		t.Error("there is room for a helper beside a run on one processor")
	}
}

// TestSpareTogether holds that no more helpers than there is room for are counted in when many ask at once.
func TestSpareTogether(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	Take()
	defer Give()
	var asking sync.WaitGroup
	var helpers [16]bool
	for k := range helpers {
		asking.Go(func() { helpers[k] = TakeSpare() })
	}
	asking.Wait()
	count := 0
	for _, in := range helpers {
		if in {
			count++
			Give()
		}
	}
	if count != 3 {
		t.Errorf("%d helpers beside a run on 4 processors, want 3", count)
	}
}
