package native

import (
	"testing"

	"github.com/neurograd/neurograd/internal/disturb"
	"github.com/neurograd/neurograd/internal/program/programtest"
)

// Random programs are translated, run and dropped while the runtime is disturbed, with the interpreter's bits.
func TestRandomProgramsDisturbed(t *testing.T) {
	f, err := Best()
	if err != nil {
		t.Skip(err)
	}
	disturb.Run(t, disturb.Time(), 4, func(worker, round int) {
		seed := uint64(worker)<<32 | uint64(round)
		choose := programtest.Seeded(seed)
		l := programtest.Generate(choose)
		if err := l.Program.Accelerate(f.Compile); err != nil {
			t.Error(err)
			return
		}
		if err := l.Check(choose, nodeCounts[round%len(nodeCounts)], laneCounts[round%len(laneCounts)]); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	})
}
