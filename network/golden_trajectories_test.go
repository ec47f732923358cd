package network_test

import (
	"math"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
)

// goldenRuns is a file of the reference: groups of runs of one network by several methods.
type goldenRuns struct {
	Groups []struct {
		goldenNetwork
		Times []float64 `json:"ts"`
		Runs  []struct {
			ID     string        `json:"id"`
			Solver goldenSolver  `json:"solver"`
			Ys     *golden.Array `json:"ys"`
			SameAs string        `json:"bit_identical_to"`
		} `json:"runs"`
	} `json:"groups"`
}

// TestGoldenTrajectories compares runs with the reference: three models of the library and others as users write them, all solvers, delays of all kinds.
func TestGoldenTrajectories(t *testing.T) {
	compareRuns(t, "trajectories.json", 119, 6e-13)
}

// TestGoldenNoise does the same with recorded normals.
func TestGoldenNoise(t *testing.T) {
	compareRuns(t, "noise_trajectories.json", 54, 8e-14)
}

// compareRuns compares all runs of a file of which nothing is missing; that many at least there must be.
// The tolerance the reference suggests is 1e-11, of the whole array; here it holds by variable.
func compareRuns(t *testing.T, file string, least int, tolerance float64) {
	var content goldenRuns
	golden.Read(t, &content, "golden", "tvboptim", file)
	skipped, ran, worst, late := skips{}, 0, 0.0, 0.0
	for _, g := range content.Groups {
		if reason := g.missing(); reason != "" {
			skipped[reason] += len(g.Runs)
			continue
		}
		want, ours := map[string][]float64{}, map[string][]float64{}
		for _, r := range g.Runs {
			if r.Ys != nil {
				want[r.ID] = r.Ys.Data
			}
		}
		for _, r := range g.Runs {
			ran++
			y, times := run(t, g.prepare(t, r.Solver.solver(t), 0))
			ours[r.ID] = y
			expected := want[r.ID]
			if r.SameAs != "" {
				expected = want[r.SameAs]
				if where := sameBits(y, ours[r.SameAs]); where != "" {
					t.Errorf("%s has not the bits of %s: %s", r.ID, r.SameAs, where)
				}
			}
			off := worstVariable(y, expected, len(g.Variables), len(g.Weights))
			worst = max(worst, off)
			for k, at := range g.Times {
				late = max(late, math.Abs(times[k]-at))
			}
			if !(off <= tolerance) {
				t.Errorf("%s is off by %.1e", r.ID, off)
			}
		}
	}
	skipped.log(t)
	t.Logf("%d runs; worst error of a variable %.1e, of a time %.1e ms", ran, worst, late)
	if !(late <= 1e-12) {
		t.Errorf("times are off by %v ms", late)
	}
	if ran < least {
		t.Errorf("%d runs, want at least %d", ran, least)
	}
}
