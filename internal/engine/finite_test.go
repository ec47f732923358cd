package engine

import (
	"math"
	"testing"
)

// A number that is not finite is found at every place of arrays of every length.
func TestAllFinite(t *testing.T) {
	for n := range 20 {
		values := make([]float64, n)
		for i := range values {
			values[i] = math.MaxFloat64 * float64(1-2*(i%2))
		}
		if !allFinite(values) {
			t.Errorf("%d finite numbers", n)
		}
		for i, was := range values {
			for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				values[i] = bad
				if allFinite(values) {
					t.Errorf("%v at %d of %d is not found", bad, i, n)
				}
			}
			values[i] = was
		}
	}
}
