package native

import (
	"math"
	"math/bits"
	"testing"
)

// TestUniforms compares the uniform numbers with the definition: counters whose first word overflows and any key.
func TestUniforms(t *testing.T) { eachForm(t, testUniforms) }

func testUniforms(t *testing.T, f *Form) {
	p, err := f.NewPhilox()
	if err != nil {
		t.Fatal(err)
	}
	for _, first := range []uint32{0, 1, 1<<32 - 5} {
		counter, key := [4]uint32{first, 2, 1 << 31, 7}, [2]uint32{0xDEADBEEF, first}
		for _, n := range []int{8, 16, 64} {
			a, b := make([]float64, n), make([]float64, n)
			p.Uniforms(a, b, counter, key)
			for i := range n {
				c := counter
				c[0] += uint32(i)
				if wantA, wantB := uniforms(c, key); a[i] != wantA || b[i] != wantB {
					t.Fatalf("counter %v: %v, %v, want %v, %v", c, a[i], b[i], wantA, wantB)
				}
			}
		}
	}
}

// uniforms are those of one counter.
func uniforms(c [4]uint32, key [2]uint32) (a, b float64) {
	for range philoxRounds {
		high0, low0 := bits.Mul32(multiplier0, c[0])
		high1, low1 := bits.Mul32(multiplier1, c[2])
		c = [4]uint32{high1 ^ c[1] ^ key[0], low1, high0 ^ c[3] ^ key[1], low0}
		key[0], key[1] = key[0]+weyl0, key[1]+weyl1
	}
	number := func(high, low uint32) float64 {
		return math.Float64frombits((uint64(high)<<32|uint64(low))>>12 | oneBits)
	}
	return 2 - number(c[0], c[1]), number(c[2], c[3]) - 1
}
