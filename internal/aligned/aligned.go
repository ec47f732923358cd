// Package aligned allocates float64 buffers that begin at a cache line and hold whole vectors of 64 bytes; Go's own
// slices begin at any multiple of 8.
package aligned

import "unsafe"

const (
	// Bytes is the alignment, a cache line.
	Bytes = 64
	// Floats is how many float64 that are.
	Floats = Bytes / 8

	block = 4096 // float64 an arena allocates at once
)

// Float64s is n zeros, the first one at a multiple of 64 bytes. The capacity is n rounded up to a multiple of 8, so code
// may read and write whole vectors up to there.
func Float64s(n int) []float64 {
	size := roundUp(n)
	raw := make([]float64, size+Floats-1)
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(raw)))/8) & (Floats - 1)
	return raw[skip : skip+n : skip+size]
}

func roundUp(n int) int { return (n + Floats - 1) &^ (Floats - 1) }

// Arena cuts buffers that are used together out of few allocations, each freed with the last of its buffers. The zero
// value is ready for use, by one goroutine.
type Arena struct {
	free []float64 // begins at a multiple of 64 bytes
}

// Float64s is n zeros as the function Float64s returns them.
func (a *Arena) Float64s(n int) []float64 {
	size := roundUp(n)
	if size > block/4 {
		return Float64s(n)
	}
	if size > len(a.free) {
		a.free = Float64s(block)
	}
	cut := a.free[:n:size]
	a.free = a.free[size:]
	return cut
}
