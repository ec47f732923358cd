package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every section shows what it should.
func TestTutorial(t *testing.T) {
	var text strings.Builder
	out := filepath.Join(t.TempDir(), "pictures")
	if err := tutorial(&text, out); err != nil {
		t.Fatal(err)
	}
	rest := text.String()
	for _, want := range []string{ // in this order
		"Created parameter space with 12 combinations\nCombination 0: coupling=0.00, noise=0.0",
		"Combination 3: coupling=0.67, noise=0.0",
		"an axis of 5 values: [0 0.25 0.5 0.75 1]\n",
		"n = 10: 10 values from 0.000 to 1.000, the second is 0.111\n",
		"with equal ratios: [0.001 0.01 0.1 1]\n",
		"sample 2 in 68 regions: 0.500 in the first, 0.500 in the last\n",
		"same seed, same values, also beside another axis: true\n",
		"another seed, the same values: false\n  100 values: mean 0.50",
		"4: coupling=0.71\n",
		"1: weights=[1 0.8 0.8 1]\n",
		"3: fibonacci=0.1429\n",
		"Normal(0.5, 0.15) mean 0.49",
		"LogNormal(0, 0.5) mean 1.1",  // e^(1/8) = 1.133
		"Beta(2, 5)        mean 0.28", // 2/7 = 0.286
		"Exponential(2)    mean 0.49",
		"Independent draws: [",
		"One draw, broadcast: [",
		"45 combinations, 5 × 3 × 3\n  0: coupling.strength=0.1 coupling.delay=11.77 model.noise_amplitude=0.01\n  1: coupling.strength=0.1 coupling.delay=11.77 model.noise_amplitude=0.02\n",
		"Product: 6 combinations\n  0: a=0 b=0\n  1: a=0 b=1\n",
		"The first axis fastest\n  0: a=0 b=0\n  1: a=0.5 b=0\n",
		"Zip: space: zip of unequal lengths",
		"  0: a=0 b=0\n  1: a=0.5 b=1\n",
		"Total combinations: 12 = 3 settings × 4 param_x",
		"4: setting_a=2 setting_b=20 param_x=0\n",
		"point -1: coupling = 1.000\n  point -2: coupling = 0.800\n",
		"Points 1 to 3\n  0: coupling=0.2 noise=0.0",
		"Every other point\n  0: coupling=0 noise=0.0",
		"As a table\ncoupling,noise\n0,0.0",
		"Latin hypercube 64\n  Sobol           64\n",
		"1024 points, number 500 has G = 0.4839, J_N = 0.1796\n",
		`did you mean "dynamics.J_N"?`,
		"84 free values, J_N = 0.",
		"coupling,noise,activity,ratio,error\n0,0.0",
		"Parameter space: 4 combinations\n",
		"Execution complete: 4 results\n  the first: 100 samples, mean 0.001, peak 0.2",
		"run 3: coupling = 1.50, noise = 0.0",
		"Larger parameter space: 64 combinations\n",
		"one after the other gives the same: true\n  a subset: 10 results\n  coupling: [0.100, 2.000]\n",
		"25 simulations\n  one at a time: ",
		"12 combinations\n   0: G = 0.5429, sigma = 0.001, mean_S = 0.12",
		"   3: G = 0.3343, sigma = 0.001, mean_S = 0.11",
		"G = 0.100: mean_S = 0.10",
		"G = 1.000: mean_S = 0.17",
		"With 10 repetitions: 80 rows, at G = 1.0 from 0.15",
		"Fits from the best 3 of 8 rows\n  from G = 0.5507 to 0.59",
		"  from G = 0.5109 to 0.60",
		"  from G = 0.4985 to 0.59",
		"Interrupted: 20 of 64 rows are in the folder\nThe same sweep again: 20 rows were there, 44 were computed\nAnother model: sweep: the store DIR is of another sweep:\n  own.model: 1 there, 2 here\n",
		"Pictures: ",
	} {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Fatalf("no %q in the rest of the output:\n%s", want, rest)
		}
		rest = after
	}
	for _, name := range []string{"grids.png", "draws.png", "data.png", "distributions.png", "arrays_of_draws.png", "product_and_zip.png", "designs.png", "table.png",
		"sequential.png", "parallel.png", "sweep.png"} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() < 5_000 {
			t.Errorf("%s: %v, or too small a picture", name, err)
		}
	}
	if stores, err := filepath.Glob(filepath.Join(out, "store-*")); err != nil || len(stores) > 0 {
		t.Errorf("a store is left: %v %v", stores, err)
	}
}

func TestTutorialFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := tutorial(&strings.Builder{}, file); err == nil {
		t.Error("a file as the folder for the pictures is no error")
	}
}
