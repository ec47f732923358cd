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
	if err := tutorial(context.Background(), &text, out, 600, 21, 21); err != nil {
		t.Fatal(err)
	}
	rest := text.String()
	for _, want := range []string{ // in this order
		`84 regions, 150 samples\n`,
		`A loss of one's own: `,
		`84 free values: reverse mode \(adjoint\); Adam, rate 0\.005; 21 steps\n`,
		`step  0/21  loss 0\.0[3-9]\d+ `,
		`step 20/21  loss 0\.0[0-2]\d+ `,
		`at the start  mean 0\.[67]\d{3}, standard deviation 0\.\d{4}\n`,
		`fitted        mean 0\.[456]\d{3}, standard deviation 0\.\d{4}\n`,
		`Parameters of one's own: `,
		`2 free values: reverse mode \(adjoint\); Adam, rate 0\.01; 21 steps\n`,
		`step  0/21  loss 0\.01\d+ `,
		`step 20/21  loss 0\.000\d+ `,
		`at the start  level -1\.3436, slope 0\.0000\n`,
		`found         level -1\.[45]\d{3}, slope 0\.[01]\d{3}\n`,
		`made with     level -1\.5141, slope 0\.1000\n`,
		`Picture: .*custom_loss\.png\n$`,
	} {
		at := regexp.MustCompile(want).FindStringIndex(rest)
		if at == nil {
			t.Fatalf("no %q in the rest of the output:\n%s", want, rest)
		}
		rest = rest[at[1]:]
	}
	if info, err := os.Stat(filepath.Join(out, "custom_loss.png")); err != nil || info.Size() < 10_000 {
		t.Errorf("custom_loss.png: %v, or too small a picture", err)
	}
}

func TestTutorialFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := tutorial(context.Background(), &strings.Builder{}, file, 600, 1, 1); err == nil {
		t.Error("a file as the folder for the pictures is no error")
	}
}
