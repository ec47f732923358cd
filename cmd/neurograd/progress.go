package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/neurograd/neurograd/callbacks"
	"github.com/neurograd/neurograd/optim"
)

// progress is the callback that shows a fit under way: on a terminal one line that is renewed at each
// step, elsewhere a line every ten steps.
func progress(w io.Writer) optim.Callback {
	if isTerminal(w) {
		return &ticker{w: w}
	}
	return callbacks.Print{Every: 10, W: w}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// ticker is the line that is renewed.
type ticker struct {
	w    io.Writer
	last string
}

// Begin prints the plan.
func (t *ticker) Begin(p optim.Plan) error {
	fmt.Fprintln(t.w, p)
	return nil
}

// Step renews the line: the step, its loss, and how long the rest may take.
func (t *ticker) Step(e *optim.Event) error {
	left := e.Elapsed / time.Duration(e.Step+1) * time.Duration(e.Steps-e.Step-1)
	line := fmt.Sprintf("step %d/%d  loss %-10.6g  %.0f s, at most %.0f s left", e.Step, e.Steps, e.Loss, e.Elapsed.Seconds(), left.Seconds())
	fmt.Fprintf(t.w, "\r%-*s", len(t.last), line) // blanks over what the longer line before leaves
	t.last = line
	return nil
}

// End leaves the last line and prints why the fit ended.
func (t *ticker) End(r *optim.Result) error {
	fmt.Fprintf(t.w, "\n%s\n", r.Why)
	return nil
}
