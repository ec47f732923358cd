package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
)

func gradcheckCommand() command {
	return command{
		name:    "gradcheck",
		summary: "compare the gradients of a network with finite differences",
		details: `Computes the derivatives of a loss with respect to each parameter by the adjoint, by tangents and by
finite differences along one direction per parameter, and compares them. The loss is the mean over regions
of (mean activity - target)^2, the activity being the first state of the model. The exit code is 1 if one
parameter fails: the gradients must agree to 1e-10 of their largest component, the differences to 1e-6, or to 1e-10 of the loss
for a change as large as the value: a smaller derivative is lost in rounding.`,
		example: "neurograd gradcheck --model JansenRit --step 1 --free dynamics.a,dynamics.b,noise.sigma",
		define: func(f *flags) action {
			c := &gradcheck{experiment: newExperiment(), target: 0.5}
			c.end = 200
			c.addModelFlags(f)
			c.experiment.addFlags(f)
			f.add("free", "PATHS", "parameters to check, separated by commas; without it all but the weights", "", func(text string) error {
				c.free = strings.Split(text, ",")
				for _, path := range c.free {
					if path == "" {
						return errors.New("wanted paths separated by commas, such as dynamics.w,noise.sigma")
					}
				}
				return nil
			})
			f.number(&c.target, "target", "X", "mean activity that the loss is 0 at", "a number, such as 0.5", anyNumber)
			f.toggle(&c.json, "json", "print one JSON object at the end and nothing else; progress goes to standard error")
			f.toggle(&c.quiet, "quiet", "print no summary")
			return c.do
		},
	}
}

// gradcheck is the work of the command.
type gradcheck struct {
	*experiment
	output
	free   []string
	target float64

	*prepared
	loss  observe.Observation
	value float64 // of the loss
}

// gradcheckReport is what gradcheck --json prints. Its keys do not change.
type gradcheckReport struct {
	Command    string        `json:"command"`
	Version    string        `json:"version"`
	Model      string        `json:"model"`
	Solver     string        `json:"solver"`
	Connectome string        `json:"connectome"`
	Loss       float64       `json:"loss"`
	Leaves     []comparison  `json:"leaves"`
	LeftOut    []leftOutLeaf `json:"left_out"`
	OK         bool          `json:"ok"`
	Elapsed    float64       `json:"elapsed_s"`
}

// leftOutLeaf is a parameter that cannot be free in this network.
type leftOutLeaf struct {
	Path string `json:"path"`
	Why  string `json:"why"`
}

func (c *gradcheck) do(ctx context.Context, stdout, stderr io.Writer) error {
	began := time.Now()
	c.streams(stdout, stderr)
	var err error
	if c.prepared, err = c.prepare(); err != nil {
		return err
	}
	paths := c.free
	for _, path := range c.free {
		if !c.params.Has(path) {
			return wrong("--free %s: there is no parameter %q%s", path, path, c.hint(path))
		}
	}
	if paths == nil {
		paths = c.params.Paths()
	}
	c.loss = observe.All().Variable(0).Mean(observe.OverTime).Then(observe.SquaredError(c.target))
	fmt.Fprintf(c.log, "%sloss: %s\n", c.describe(), c.loss)
	if c.value, err = c.sim.Value(ctx, c.params, c.loss); err != nil {
		return firstRun(err)
	}
	fmt.Fprintf(c.log, "value of the loss: %.6g\n\n", c.value)
	r := gradcheckReport{Command: "gradcheck", Version: version(), Model: c.net.Dynamics.Name, Solver: strings.ToLower(c.method.Name()), Connectome: c.name(),
		Loss: c.value, Leaves: []comparison{}, LeftOut: []leftOutLeaf{}}
	if err := c.compareAll(ctx, paths, &r); err != nil {
		return err
	}
	if len(r.Leaves) == 0 {
		return wrong("no parameter of this network can be free; nothing was checked")
	}
	if err := r.print(c.log); err != nil {
		return err
	}
	r.Elapsed = time.Since(began).Seconds()
	failed := r.failure()
	return errors.Join(c.object(r), failed)
}

// compareAll fills the report. Without --free, a parameter that cannot be free is left out.
func (c *gradcheck) compareAll(ctx context.Context, paths []string, r *gradcheckReport) error {
	for _, path := range paths {
		if c.free == nil && path == "graph.weights" {
			r.LeftOut = append(r.LeftOut, leftOutLeaf{path, "too many; to check them, name them by --free"})
			continue
		}
		row, err := c.compare(ctx, path)
		var diverged *network.DivergenceError
		switch {
		case errors.Is(err, context.Canceled):
			return interrupted("interrupted; nothing was written")
		case errors.As(err, &diverged):
			return fmt.Errorf("%s: %w", path, err)
		case err != nil:
			why, _, _ := strings.Cut(err.Error(), "\n") // what follows is advice for programmers
			if c.free != nil {
				return wrong("--free %s: %s\nleave it out of --free", path, why)
			}
			r.LeftOut = append(r.LeftOut, leftOutLeaf{path, why})
			continue
		}
		r.Leaves = append(r.Leaves, row)
	}
	return nil
}

// failure is the error of a check that found a wrong derivative.
func (r *gradcheckReport) failure() error {
	var failed []string
	for _, row := range r.Leaves {
		if !row.OK {
			failed = append(failed, row.Path)
		}
	}
	if r.OK = len(failed) == 0; r.OK {
		return nil
	}
	return fmt.Errorf("%d of %d derivatives fail: %s\nrounding or a kink may be the cause: try another --end, --step, --seed or parameter value before trusting the gradient",
		len(failed), len(r.Leaves), strings.Join(failed, ", "))
}

// print writes the table for people.
func (r *gradcheckReport) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "path\tadjoint\ttangents\tdifferences\tadjoint error\tdifferences error\tok")
	for _, row := range r.Leaves {
		verdict := "ok"
		if !row.OK {
			verdict = "FAILS"
		}
		fmt.Fprintf(t, "%s\t%.8g\t%.8g\t%.8g\t%.1e\t%.1e\t%s\n", row.Path, row.Adjoint, row.Tangents, row.Differences, row.AdjointError, row.DifferencesError, verdict)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, l := range r.LeftOut {
		fmt.Fprintf(w, "left out %s: %s\n", l.Path, l.Why)
	}
	return nil
}
