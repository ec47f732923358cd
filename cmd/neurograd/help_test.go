package main

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

func TestUsage(t *testing.T) {
	want := `neurograd simulates networks of brain regions and fits their parameters by exact gradients.

usage: neurograd COMMAND [flags]

  fit       fit a network so that all regions have the same mean activity
  run       simulate a network
  sweep     run a network at every point of a space of parameters
  models    list the models of a region, or show one
  graph     show a brain network, or convert its file
  gradcheck compare the gradients of a network with finite differences
  doctor    check whether this machine is fit, and describe it for a bug report
  version   print the version
  help      explain a command: neurograd help fit

To begin: neurograd fit
`
	for _, args := range [][]string{{"help"}, {"--help"}, {"-h"}} {
		if got := succeed(t, args...); got != want {
			t.Errorf("neurograd %s:\n%s", args[0], got)
		}
	}
	if stdout, stderr, code := neurograd(t); code != exitInput || stdout != "" || stderr != want {
		t.Errorf("no command: exit code %d, standard output %q, standard error:\n%s", code, stdout, stderr)
	}
}

// Each command explains itself in one way, with all its flags and an example that it accepts.
func TestHelp(t *testing.T) {
	for _, c := range commands() {
		text := succeed(t, "help", c.name)
		for _, args := range [][]string{{c.name, "--help"}, {c.name, "-h"}} {
			if again := succeed(t, args...); again != text {
				t.Errorf("neurograd %s differs from neurograd help %s", strings.Join(args, " "), c.name)
			}
		}
		example, found := strings.CutPrefix(c.example, "neurograd "+c.name)
		if !found || !strings.HasSuffix(text, "\nexample:\n  "+c.example+"\n") {
			t.Errorf("help %s has no example:\n%s", c.name, text)
		}
		f := newFlags(c.name)
		c.define(f)
		if _, err := f.parse(strings.Fields(example)); err != nil {
			t.Errorf("the example of %s: %v", c.name, err)
		}
		for _, v := range f.values {
			if !strings.Contains(text, "\n  "+v.left()+" ") {
				t.Errorf("help %s does not show %s", c.name, v.left())
			}
		}
		for line := range strings.Lines(text) {
			if len([]rune(line)) > 130 {
				t.Errorf("help %s: a line of %d characters: %s", c.name, len([]rune(line)), line)
			}
		}
	}
	if text := succeed(t, "help", "fit"); !strings.Contains(text, "--end MS            length of the run (default 10000)\n") {
		t.Errorf("help fit does not show the default of --end:\n%s", text)
	}
}

func TestVersion(t *testing.T) {
	want := fmt.Sprintf("neurograd %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, args := range []string{"version", "--version"} {
		if got := succeed(t, args); got != want {
			t.Errorf("neurograd %s: %q, want %q", args, got, want)
		}
	}
}
