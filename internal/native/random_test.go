package native

import (
	"errors"
	"slices"
	"testing"

	"github.com/neurograd/neurograd/internal/program"
	"github.com/neurograd/neurograd/internal/program/programtest"
)

var (
	nodeCounts = []int{1, 2, 3, 4, 5, 7, 8, 63, 84, 85}
	laneCounts = []int{1, 1, 4, 5, 8, 12}
)

// TestEveryForm makes code of every form on every machine, also of those that it cannot run.
func TestEveryForm(t *testing.T) {
	if _, err := probe(); err != nil {
		t.Skip(err)
	}
	for _, f := range Forms() {
		for seed := range uint64(200) {
			err := programtest.Generate(programtest.Seeded(seed)).Program.Accelerate(func(l *program.Level, repeats func(program.Load) bool) (program.Kernel, error) {
				k, err := f.Compile(l, repeats)
				if err == nil && !allCode(k.(*Kernel)) {
					err = errors.New("code could not be made")
				}
				return k, err
			})
			if err != nil {
				t.Errorf("%v, program %d: %v", f, seed, err)
			}
		}
		for _, n := range []int{1, 8, 85, 400} {
			for _, vectors := range []int{1, 2} {
				if _, err := f.NewDense(n, 84, vectors); err != nil {
					t.Errorf("%v, %d rows, %d vectors: %v", f, n, vectors, err)
				}
			}
		}
		if _, err := f.NewRounds(); err != nil {
			t.Errorf("%v, sums: %v", f, err)
		}
		for _, lanes := range []int{8, 16} {
			if _, err := f.NewLaneDense(84, 84, lanes); err != nil {
				t.Errorf("%v, %d lanes: %v", f, lanes, err)
			}
			for _, weights := range []Weights{OneWeight, LaneWeights, Tangents} {
				if _, err := f.NewLaneSums(1, lanes, weights); err != nil {
					t.Errorf("%v, sums of %d lanes: %v", f, lanes, err)
				}
			}
		}
		if _, err := f.NewCorrelation(32); err != nil {
			t.Errorf("%v, correlation: %v", f, err)
		}
		for _, n := range []int{8, 96} {
			start := make([]int32, n+1)
			for i := range start {
				start[i] = int32(i)
			}
			if _, err := f.NewRecent(n, start, func(int) Term { return Term{} }); err != nil {
				t.Errorf("%v, recent samples: %v", f, err)
			}
		}
	}
}

// allCode makes the code of all variants of a kernel.
func allCode(k *Kernel) bool {
	ok := true
	for _, make := range slices.Concat(k.plain[:], k.lanes[:]) {
		ok = ok && (make == nil || make() != nil)
	}
	return ok
}

// TestRandomPrograms compares machine code with the interpreter, bit for bit.
func TestRandomPrograms(t *testing.T) { eachForm(t, testRandomPrograms) }

func testRandomPrograms(t *testing.T, f *Form) {
	for seed := range programs(t) {
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
