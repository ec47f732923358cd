package main

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/neurograd/neurograd/callbacks"
	"github.com/neurograd/neurograd/optim"
)

// On a terminal one line is renewed at each step, over what a longer one before it left.
func TestTicker(t *testing.T) {
	var b bytes.Buffer
	c := &ticker{w: &b}
	plan := optim.Plan{Free: 1, Mode: optim.Forward, Optimizer: "Adam, rate 0.005", Steps: 50}
	for _, err := range []error{
		c.Begin(plan),
		c.Step(&optim.Event{Step: 0, Steps: 50, Loss: 0.0901234, Elapsed: 2 * time.Second}),
		c.Step(&optim.Event{Step: 1, Steps: 50, Loss: 0.08, Elapsed: 3 * time.Second}),
		c.End(&optim.Result{Why: "finished all 50 steps"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := "1 free value: forward mode (tangents); Adam, rate 0.005; 50 steps\n" +
		"\rstep 0/50  loss 0.0901234   2 s, at most 98 s left" +
		"\rstep 1/50  loss 0.08        3 s, at most 72 s left" +
		"\nfinished all 50 steps\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

// Elsewhere there are lines.
func TestProgressElsewhere(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/log")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, p := range []optim.Callback{progress(&bytes.Buffer{}), progress(file)} {
		if _, ok := p.(callbacks.Print); !ok {
			t.Errorf("progress is a %T", p)
		}
	}
}
