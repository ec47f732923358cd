//go:build amd64

package loader

import (
	"fmt"
	"syscall"
	"unsafe"
)

// What package syscall does not have of the Windows API.
const (
	memCommit       = 0x1000
	memReserve      = 0x2000
	memRelease      = 0x8000
	pageReadWrite   = 0x04
	pageExecuteRead = 0x20
)

var (
	kernel32       = syscall.NewLazyDLL("kernel32.dll")
	virtualAlloc   = kernel32.NewProc("VirtualAlloc")
	virtualProtect = kernel32.NewProc("VirtualProtect")
	virtualFree    = kernel32.NewProc("VirtualFree")
)

// allocate reserves memory for writing, copies the code there and makes it executable, which ends the writing.
func allocate(code []byte) ([]byte, error) {
	size := uintptr(len(code))
	at, _, err := virtualAlloc.Call(0, size, memReserve|memCommit, pageReadWrite)
	if at == 0 {
		return nil, fmt.Errorf("loader: no memory for %d bytes of code: VirtualAlloc: %w", len(code), err)
	}
	// The conversion goes through memory since go vet, which cannot know that this address is none of Go's,
	// would otherwise object.
	memory := unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), len(code))
	copy(memory, code)
	var before uint32
	if ok, _, err := virtualProtect.Call(at, size, pageExecuteRead, uintptr(unsafe.Pointer(&before))); ok == 0 {
		free(memory)
		return nil, fmt.Errorf("loader: the system refuses executable memory: VirtualProtect: %w", err)
	}
	return memory, nil
}

// free gives the memory back. It can fail only where nothing was reserved.
func free(memory []byte) {
	_, _, _ = virtualFree.Call(uintptr(unsafe.Pointer(unsafe.SliceData(memory))), 0, memRelease)
}
