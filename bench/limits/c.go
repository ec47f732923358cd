package main

import (
	"embed"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/neurograd/neurograd/internal/machine"
)

// own holds a program that measures the peak rate, and intrinsics of AVX-512 for processors that have none.
//
//go:embed c
var own embed.FS

// suite is the C programs, compiled.
type suite struct {
	from string // folder of the sources and data
	bin  string
	wide bool // AVX-512 is there
	how  string
}

// build compiles the programs of a folder, for AVX-512 where the processor has it, else for AVX2 through the header in c.
func build(compiler, from, bin string, names []string) (*suite, error) {
	if _, err := exec.LookPath(compiler); err != nil {
		return nil, fmt.Errorf("limits: no C compiler %q: install gcc, or name another by -cc", compiler)
	}
	features := machine.Read().Features
	s := &suite{from: from, bin: bin, wide: slices.Contains(features, "AVX-512F") && slices.Contains(features, "AVX-512DQ")}
	flags := []string{"-mavx2", "-mfma", "-I" + bin}
	s.how = "AVX2, a pair of vectors in the place of one of AVX-512"
	if s.wide {
		flags, s.how = []string{"-march=native"}, "AVX-512"
	} else if !machine.AVX2() {
		return nil, errors.New("limits: the C programs need a processor with AVX2 or AVX-512")
	}
	if err := s.unpack(); err != nil {
		return nil, err
	}
	// -fno-toplevel-reorder: a matrix that is never written must not be known to be 0, or sums of it are left out.
	flags = append(flags, "-O3", "-w", "-fno-toplevel-reorder", "-DVECTOR="+map[bool]string{true: "64", false: "32"}[s.wide])
	for _, name := range names {
		source := filepath.Join(from, name+".c")
		if name == peak {
			source = filepath.Join(bin, "peak.c")
		}
		if _, err := os.Stat(source); err != nil {
			return nil, fmt.Errorf("limits: no %s.c in %s: give the folder of the C programs by -c", name, from)
		}
		out, err := exec.Command(compiler, append(slices.Clone(flags), source, "-o", filepath.Join(bin, name), "-lm")...).CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("limits: %s cannot compile %s: %w\n%s", compiler, source, err, firstLines(string(out), 2))
		}
	}
	return s, nil
}

// unpack writes the embedded files to where the programs are compiled.
func (s *suite) unpack() error {
	files, err := own.ReadDir("c")
	if err != nil {
		return err
	}
	for _, f := range files {
		data, err := own.ReadFile("c/" + f.Name())
		if err == nil && (f.Name() != "immintrin.h" || !s.wide) {
			err = os.WriteFile(filepath.Join(s.bin, f.Name()), data, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// peak is the program that measures the peak rate.
const peak = "peak"

// run runs a program once; it gives what it printed.
func (s *suite) run(name string) (string, error) {
	cmd := exec.Command(filepath.Join(s.bin, name))
	cmd.Dir = s.from // short and lanes read delays84.txt
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("limits: %s: %w", name, err)
	}
	return string(out), nil
}

// least is the smallest of the numbers that patterns find.
func least(text string, patterns []string) (float64, error) {
	best := math.Inf(1)
	for _, p := range patterns {
		m := regexp.MustCompile(p).FindStringSubmatch(text)
		if m == nil {
			return 0, fmt.Errorf("limits: a C program did not print %q, but\n%s", p, firstLines(text, 2))
		}
		v, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			return 0, fmt.Errorf("limits: a C program printed %q: %w", m[0], err)
		}
		best = min(best, v)
	}
	return best, nil
}

// firstLines are as many lines of a text, at most.
func firstLines(text string, n int) string {
	lines := strings.SplitN(text, "\n", n+1)
	return strings.Join(lines[:min(n, len(lines))], "\n")
}
