package main

import (
	"syscall"
	"time"
	"unsafe"
)

// clock names the time that is measured.
const clock = "time that the thread computes"

// busy is the time for which this thread has had a processor, so that what else the machine does is not in it.
func busy() time.Duration {
	const threadCPUTime = 3 // CLOCK_THREAD_CPUTIME_ID
	var t syscall.Timespec
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, threadCPUTime, uintptr(unsafe.Pointer(&t)), 0); errno != 0 {
		panic(errno) // every Linux has this clock
	}
	return time.Duration(t.Nano())
}
