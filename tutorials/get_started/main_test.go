package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The tutorial runs on a shorter simulation and with fewer steps; every section shows what it should.
func TestTutorial(t *testing.T) {
	var text strings.Builder
	out := filepath.Join(t.TempDir(), "pictures")
	if err := tutorial(context.Background(), &text, out, 2_000, 5, 6, 11); err != nil {
		t.Fatal(err)
	}
	rest := text.String()
	for _, want := range []string{ // in this order
		`graph of 84 regions, lh\.R01 … rh\.R42`,
		`All values of the simulation:`,
		`dynamics\.J_N +0\.2609 +nA +\[0, 0\.5\]\n`,
		`coupling\.delayed\.G +0\.75`,
		`noise\.sigma +0\.002`,
		`Simulated 500 samples of \[S\] in 84 regions\n`,
		`Mean activity: 0\.7\d\d\d\n`,
		`Explored 25 combinations of G and J_N: activity up to 0\.9\d{3}, at G = 1\.000, J_N = 0\.500 nA\n`,
		`Current loss: 0\.0\d{5}\n`,
		`Free parameters:\npath .*\ndynamics\.J_N +0\.2609 +nA +\[0, 0\.5\] +free\n`,
		`1 free value: forward mode \(tangents\); Adam, rate 0\.005; 6 steps\n`,
		`step 0/6  loss 0\.0\d+ `,
		`step 5/6  loss 0\.0\d+ `,
		`finished all 6 steps\n`,
		`J_N = 0\.23\d\d nA in all regions\n`, // six steps of at most the rate each
		`Mean activity: 0\.\d{4}, loss: 0\.0\d{5}\n`,
		`Free parameters:\npath .*\ndynamics\.J_N +\[84\] 0\.23\d+ +nA`,
		`84 free values: reverse mode \(adjoint\); Adam, rate 0\.005; 11 steps\n`,
		`step  0/11  loss 0\.0\d+ `,
		`step 10/11  loss 0\.0\d+ `,
		`finished all 11 steps\n`,
		`Best step: 10\n`,
		`Mean activity: 0\.\d{4}, loss: 0\.0\d{5}\n`,
		`Pictures: .*pictures\n$`,
	} {
		at := regexp.MustCompile(want).FindStringIndex(rest)
		if at == nil {
			t.Fatalf("no %q in the rest of the output:\n%s", want, rest)
		}
		rest = rest[at[1]:]
	}
	for _, name := range []string{"simulation.png", "exploration.png", "scalar_fit.png", "regional_fit.png"} {
		if info, err := os.Stat(filepath.Join(out, name)); err != nil || info.Size() < 10_000 {
			t.Errorf("%s: %v, or too small a picture", name, err)
		}
	}
}

func TestTutorialFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := tutorial(context.Background(), &strings.Builder{}, file, 2_000, 2, 1, 1); err == nil {
		t.Error("a file as the folder for the pictures is no error")
	}
}
