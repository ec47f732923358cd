// Package loader puts machine code into executable memory and calls it. It does not know what the code does.
//
// Memory is written first and made executable then, never both at once, and given back when its [Function] is garbage.
// Where the system refuses such memory, or this package has no call for the processor, Load returns an error and its
// caller does without machine code.
package loader

import (
	"errors"
	"runtime"
	"sync/atomic"
	"unsafe"
)

// ErrUnavailable is what Load returns on systems and processors this package does not know.
var ErrUnavailable = errors.New("loader: no machine code on " + runtime.GOOS + "/" + runtime.GOARCH)

// Function is machine code in executable memory. Several goroutines may call it at once, if the code allows that.
type Function struct {
	memory []byte
}

// Load copies code into executable memory. The code must work at every address that is a multiple of 64; its first byte
// is where it is called.
func Load(code []byte) (*Function, error) {
	if len(code) == 0 {
		return nil, errors.New("loader: the code is empty")
	}
	memory, err := allocate(code)
	if err != nil {
		return nil, err
	}
	f := &Function{memory: memory}
	inUse.Add(int64(len(memory)))
	runtime.AddCleanup(f, release, memory)
	return f, nil
}

// inUse is the number of bytes of all code.
var inUse atomic.Int64

// InUse is the number of bytes of all code in executable memory: of all functions that are not garbage, and of those whose
// garbage was not collected yet.
func InUse() int64 { return inUse.Load() }

func release(memory []byte) {
	inUse.Add(-int64(len(memory)))
	free(memory)
}

// Size is the number of bytes of the code. The memory it takes is whole pages.
func (f *Function) Size() int { return len(f.memory) }

// Call calls the code with args in RDI; it returns when the code executes RET.
//
// args is the address of a struct of pointers and numbers. All memory the code works on must be in there as pointers,
// none as a uintptr, of which the garbage collector knows nothing; it then lives, and stays where it is, until Call
// returns.
//
// The code may change every register but RSP, RBP and R14, uses no memory below RSP and calls nothing. It finds the vector
// registers in any state and need not clean them up: the call ends with VZEROUPPER, so it needs a processor with AVX.
//
// A call should take at most 100 µs: the goroutine cannot be stopped within it, and the garbage collector waits for it.
// It is stopped at the beginning of a call, where a Go function looks whether it should; inlined into a loop that spends its
// time in machine code it would not look, and the scheduler's signals would almost never find it outside.
//
//go:noinline
func (f *Function) Call(args unsafe.Pointer) {
	call(unsafe.Pointer(unsafe.SliceData(f.memory)), args)
	runtime.KeepAlive(args)
	runtime.KeepAlive(f)
}
