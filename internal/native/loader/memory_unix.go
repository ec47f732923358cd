//go:build amd64 && (linux || darwin)

package loader

import (
	"fmt"
	"syscall"
)

// allocate maps memory for writing, copies the code there and makes it executable, which ends the writing.
func allocate(code []byte) ([]byte, error) {
	memory, err := syscall.Mmap(-1, 0, len(code), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("loader: no memory for %d bytes of code: mmap: %w", len(code), err)
	}
	copy(memory, code)
	if err := syscall.Mprotect(memory, syscall.PROT_READ|syscall.PROT_EXEC); err != nil {
		free(memory)
		return nil, fmt.Errorf("loader: the system refuses executable memory: mprotect: %w", err)
	}
	return memory, nil
}

// free gives the memory back. It can fail only where nothing was mapped.
func free(memory []byte) { _ = syscall.Munmap(memory) }
