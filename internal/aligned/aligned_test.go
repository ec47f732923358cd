package aligned

import (
	"testing"
	"unsafe"
)

func TestFloat64s(t *testing.T) {
	var arena Arena
	for _, get := range []func(int) []float64{Float64s, arena.Float64s} {
		var all [][]float64
		for round := range 20 {
			for _, n := range []int{0, 1, 7, 8, 9, 84, 1000, block / 4, block/4 + 1, block, 10_000} {
				x := get(n)
				if len(x) != n || cap(x) != (n+7)/8*8 {
					t.Errorf("%d elements became %d of %d", n, len(x), cap(x))
				}
				if cap(x) == 0 {
					continue
				}
				x = x[:cap(x)]
				if at := uintptr(unsafe.Pointer(&x[0])); at%64 != 0 {
					t.Errorf("%d elements begin at %#x", n, at)
				}
				for i, v := range x {
					if v != 0 {
						t.Fatalf("element %d of %d is %g: it is another buffer's", i, n, v)
					}
					x[i] = float64(round + 1)
				}
				all = append(all, x)
			}
		}
		for i, x := range all {
			for _, v := range x {
				if v != float64(i/10+1) {
					t.Fatalf("buffer %d was written by another one", i)
				}
			}
		}
	}
}

// A thousand small buffers take few allocations.
func TestArenaAllocates(t *testing.T) {
	allocations := testing.AllocsPerRun(10, func() {
		var a Arena
		for range 1000 {
			a.Float64s(84)
		}
	})
	if want := 1000.0*88/block + 2; allocations > want {
		t.Errorf("%g allocations, at most %g", allocations, want)
	}
}
