package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/neurograd/neurograd/internal/suggest"
)

func sweepCommand() command {
	return command{
		name:    "sweep",
		summary: "run a network at every point of a space of parameters",
		details: `"sweep run" simulates the network at every point of the axes, several points at a time, and keeps what is
observed in the folder --out, row by row: started again it goes on with what is missing. Axes vary as in
nested loops, the first one slowest:
  --axis coupling.delayed.G=0:1:32           32 values from 0 to 1; log:LO:HI:N for equal ratios
  --axis dynamics.w=0.5,0.7                  a list
  --axis dynamics.J_N=uniform:0:0.5:32       draws; also normal:MEAN:SD:N, loguniform, lognormal
  --axis "sobol(PATH=… PATH=…)"              draws placed together; also latin, halton, zip
  --axis seed=1,2,3 --axis step=2,4          the seed of the noise, the step in ms
Observations are mean (a number), regions (a mean per region) and error (mean squared distance of the regions' means
from target=X), each with :last=N, :variable=NAME and :name=NAME:
  --observe mean:last=500 --observe error:last=500:target=0.5
"sweep show DIR" prints a summary, with --format the whole table. "sweep best DIR" prints the rows with the smallest
result. "sweep plot DIR" draws it: over one axis a curve, with a band where there are repetitions; over a grid of two a
heat map; else all pairs of axes, with the result as colour. "sweep merge DIR…" joins the folders of all shards in --out.`,
		example: "neurograd sweep run --axis coupling.delayed.G=0:1:32 --axis dynamics.J_N=0:0.5:32 --observe mean:last=500 --out explored",
		define: func(f *flags) action {
			c := newSweeps()
			f.form = "run | show DIR | best DIR | plot DIR | merge DIR…"
			c.addFlags(f)
			return func(ctx context.Context, stdout, stderr io.Writer) error { return c.do(ctx, f, stdout, stderr) }
		},
	}
}

// sweeps is the work of the command.
type sweeps struct {
	*simulation
	sweepFlags
	tableFlags
}

func newSweeps() *sweeps {
	c := &sweeps{simulation: &simulation{experiment: newExperiment()}}
	c.repetitions, c.rows = 1, 10
	return c
}

func (c *sweeps) addFlags(f *flags) {
	c.sweepFlags.addFlags(f)
	c.tableFlags.addFlags(f)
	c.simulation.addFlags(f)
}

// word is one of the things that the command does.
type word struct {
	name  string
	files string // how many folders it takes: "", "DIR" or "DIR…"
	flags []string
	do    func(ctx context.Context, dirs []string, stdout, stderr io.Writer) error
}

func (c *sweeps) words() []word {
	return []word{
		{"run", "", nil, func(ctx context.Context, _ []string, stdout, stderr io.Writer) error {
			return c.run(ctx, stdout, stderr)
		}},
		{"show", "DIR", []string{"format", "json", "quiet"}, func(_ context.Context, dirs []string, stdout, stderr io.Writer) error {
			return c.show(dirs[0], stdout, stderr)
		}},
		{"best", "DIR", []string{"result", "rows", "largest", "json", "quiet"}, func(_ context.Context, dirs []string, stdout, stderr io.Writer) error {
			return c.best(dirs[0], stdout, stderr)
		}},
		{"plot", "DIR", []string{"result", "as", "x", "y", "out", "json", "quiet"}, func(_ context.Context, dirs []string, stdout, stderr io.Writer) error {
			return c.plot(dirs[0], stdout, stderr)
		}},
		{"merge", "DIR…", []string{"out", "json", "quiet"}, func(_ context.Context, dirs []string, stdout, stderr io.Writer) error {
			return c.merge(dirs, stdout, stderr)
		}},
	}
}

func (c *sweeps) do(ctx context.Context, f *flags, stdout, stderr io.Writer) error {
	var names []string
	for _, w := range c.words() {
		names = append(names, w.name)
	}
	if len(f.words) == 0 {
		return wrong("nothing to do is named; wanted one of: sweep %s\nsee \"neurograd help sweep\"", strings.Join(names, ", sweep "))
	}
	for _, w := range c.words() {
		if w.name != f.words[0] {
			continue
		}
		dirs := f.words[1:]
		if w.files == "" && len(dirs) > 0 || w.files == "DIR" && len(dirs) != 1 || w.files == "DIR…" && len(dirs) == 0 {
			wanted := strings.TrimSpace("neurograd sweep " + w.name + " " + w.files)
			return wrong("sweep %s with %d folders; wanted: %s\nsee \"neurograd help sweep\"", w.name, len(dirs), wanted)
		}
		if name, ok := f.foreign(w.flags); ok && w.flags != nil {
			return wrong("sweep %s takes no --%s; it takes --%s\nsee \"neurograd help sweep\"", w.name, name, strings.Join(w.flags, ", --"))
		}
		if (w.name == "run" || w.name == "merge") && !f.given("out") {
			return wrong("no folder for the rows; name one that does not exist yet, or one to go on with: --out DIR")
		}
		return c.explain(w.do(ctx, dirs, stdout, stderr))
	}
	return wrong("unknown word %q%s\nsee \"neurograd help sweep\"", f.words[0], suggest.Hint(f.words[0], names))
}

// explain puts errors of the library in the words of the command.
func (c *sweeps) explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	text := err.Error()
	for _, prefix := range []string{"sweep: ", "space: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	if text == err.Error() {
		return err
	}
	var input inputError
	if errors.As(err, &input) {
		return wrong("%s", text)
	}
	return fmt.Errorf("%s", text)
}
