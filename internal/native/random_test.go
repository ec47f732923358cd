package native

import (
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/internal/program/programtest"
)

var (
	nodeCounts = []int{1, 2, 3, 4, 5, 7, 8, 63, 84, 85}
	laneCounts = []int{1, 1, 1, 4, 5}
)

// TestRandomPrograms compares machine code with the interpreter, bit for bit.
func TestRandomPrograms(t *testing.T) { eachForm(t, testRandomPrograms) }

func testRandomPrograms(t *testing.T, f *Form) {
	programs := uint64(2_000)
	if golden.Long() {
		programs = 300_000
	}
	for seed := range programs {
		choose := programtest.Seeded(seed)
		l := programtest.Generate(choose)
		if err := l.Program.Accelerate(f.Compile); err != nil {
			t.Fatal(err)
		}
		size := int(seed) % (len(nodeCounts) * len(laneCounts))
		if err := l.Check(choose, nodeCounts[size/len(laneCounts)], laneCounts[size%len(laneCounts)]); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}
