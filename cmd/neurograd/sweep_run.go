package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/space"
	"github.com/neurograd/neurograd/sweep"
)

// sweepFlags are the flags of sweep run alone.
type sweepFlags struct {
	axes, setups []string // texts: of parameters; of the seed and the step
	observed     []string
	shard        sweep.Shard
	workers      int
	lanes        int
	repetitions  int
	independent  bool
	stop, retry  bool
}

func (s *sweepFlags) addFlags(f *flags) {
	f.add("axis", "PATH=VALUES", "run: an axis, see above; may be repeated", "", func(text string) error {
		if path, ok := oneOfGrid(text); ok {
			return fmt.Errorf("a grid of one value leaves out its upper bound; wanted at least 2 values, or %s= and the one value", path)
		}
		if strings.HasPrefix(text, "seed=") || strings.HasPrefix(text, "step=") {
			s.setups = append(s.setups, text)
		} else {
			s.axes = append(s.axes, text)
		}
		return nil
	})
	f.add("observe", "WHAT", "run: what is kept of every run, see above; may be repeated", "", func(text string) error {
		s.observed = append(s.observed, text)
		return nil
	})
	f.add("shard", "I/N", "run: only part I of N, each in a folder of its own", "", func(text string) (err error) {
		if s.shard, err = sweep.ParseShard(text); err != nil {
			err = errors.New(strings.TrimPrefix(err.Error(), "sweep: "))
		}
		return err
	})
	f.count(&s.workers, "workers", "N", "run: how many processors to use; 0 for all", 0)
	f.count(&s.lanes, "lanes", "N", "run: how many runs side by side on each; 0 lets the sweep choose", 0)
	f.count(&s.repetitions, "repetitions", "N", "run: runs of every point, each with other noise", 1)
	f.toggle(&s.independent, "independent", "run: other noise at every point, not the same for all")
	f.toggle(&s.stop, "stop", "run: end at the first run that fails")
	f.toggle(&s.retry, "retry", "run: run again what failed before")
}

// oneOfGrid reports whether an axis is a grid from one number to another with one value, which its author can hardly mean, and its path.
func oneOfGrid(text string) (path string, ok bool) {
	path, values, _ := strings.Cut(text, "=")
	parts := strings.Split(strings.TrimPrefix(values, "log:"), ":")
	if len(parts) != 3 {
		return path, false
	}
	_, err := strconv.ParseFloat(parts[0], 64)
	return path, err == nil && parts[2] == "1"
}

// run is neurograd sweep run.
func (c *sweeps) run(ctx context.Context, stdout, stderr io.Writer) error {
	if len(c.axes)+len(c.setups) == 0 {
		return wrong("no axis; give one or more, such as --axis coupling.delayed.G=0:1:32")
	}
	if len(c.observed) == 0 {
		return wrong("nothing is observed; give one or more, such as --observe mean:last=500")
	}
	if c.lanes > network.MaxLanes {
		return wrong("--lanes %d; wanted at most %d, or 0 to let the sweep choose", c.lanes, network.MaxLanes)
	}
	var err error
	if c.prepared, err = c.prepare(); err != nil {
		return err
	}
	setups, points, err := c.spaces()
	if err != nil {
		return inputError{err}
	}
	observations, err := c.observations()
	if err != nil {
		return inputError{err}
	}
	if err := c.checkFolder(); err != nil {
		return err
	}
	c.streams(stdout, stderr)
	bar := newBar(c.log, c.stdout, c.json)
	bar.before = c.describe() + "\n" // shown when all has been checked
	table, err := sweep.RunSetups(ctx, setups, points, observations, sweep.Options{Workers: c.workers, Lanes: c.lanes, Repetitions: c.repetitions,
		Independent: c.independent, Stop: c.stop, Retry: c.retry, Store: c.folder, Shard: c.shard, Progress: bar.show})
	bar.end()
	if table == nil && err != nil {
		return inputError{err}
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(c.stderr, "%d of %d rows are kept in %s: the same command goes on with the rest\n", bar.last.Resumed+bar.last.Done, bar.last.Total, c.folder)
	}
	if err != nil {
		return err
	}
	if !c.json {
		fmt.Fprintf(c.log, "\n")
		if err := c.summary(c.log, c.folder, table); err != nil {
			return err
		}
		fmt.Fprintf(c.log, "\nneurograd sweep show %s --format csv prints the table, sweep best and sweep plot look at it\n", c.folder)
	}
	return c.object(sweepReport(bar.last, "done", c.folder))
}

// spaces are the setups and the space of the axes.
func (c *sweeps) spaces() (sweep.Setups, *space.Space, error) {
	setups := sweep.Setups{Of: func(p space.Point) (*network.Simulation, *param.Tree, error) {
		if len(c.setups) == 0 {
			return c.sim, c.params, nil
		}
		e := *c.experiment
		for _, path := range p.Paths() {
			if v := p.Value(path); path == "step" {
				e.step = v
			} else {
				e.seed = uint64(v)
			}
		}
		prepared, err := e.prepare()
		if err != nil {
			return nil, nil, err
		}
		return prepared.sim, prepared.params, nil
	}}
	if len(c.setups) > 0 {
		var err error
		if setups.Over, err = space.Parse(c.setups...); err != nil {
			return setups, nil, err
		}
		if err := checkSetups(setups.Over); err != nil {
			return setups, nil, err
		}
	}
	if len(c.axes) == 0 {
		return setups, nil, nil
	}
	points, err := space.Parse(c.axes...)
	if err != nil {
		return setups, nil, err
	}
	for _, path := range points.Paths() {
		if !c.params.Has(path) {
			return setups, nil, fmt.Errorf("--axis %s: there is no parameter %q%s", path, path, c.hint(path))
		}
	}
	return setups, points, nil
}

// checkSetups refuses seeds and steps that cannot be.
func checkSetups(over *space.Space) error {
	for p, err := range over.All() {
		if err != nil {
			return err
		}
		for _, path := range p.Paths() {
			switch v := p.Value(path); {
			case path == "step" && !(v > 0):
				return fmt.Errorf("--axis step: %v ms; wanted numbers of ms above 0", v)
			case path == "seed" && (v < 0 || v != float64(uint64(v))):
				return fmt.Errorf("--axis seed: %v; wanted whole numbers, at least 0", v)
			}
		}
	}
	return nil
}

// observation kinds.
const kinds = "mean, regions or error"

// observations are what --observe says.
func (c *sweeps) observations() ([]sweep.Observation, error) {
	var all []sweep.Observation
	for _, text := range c.observed {
		o, err := c.observation(text)
		if err != nil {
			return nil, fmt.Errorf("--observe %q: %w", text, err)
		}
		if slices.ContainsFunc(all, func(other sweep.Observation) bool { return other.Name == o.Name }) {
			return nil, fmt.Errorf("--observe %q: there is a result named %q already; add a name of its own, such as %s:name=%s2", text, o.Name, text, o.Name)
		}
		all = append(all, o)
	}
	return all, nil
}

func (c *sweeps) observation(text string) (o sweep.Observation, err error) {
	parts := strings.Split(text, ":")
	kind := parts[0]
	o.Name = kind
	of, variable, target, targeted := observe.All(), 0, 0.0, false
	for _, part := range parts[1:] {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "last":
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 {
				return o, fmt.Errorf("last=%s; wanted a number of samples, such as last=500", value)
			}
			of = observe.Last(n)
		case "variable":
			names := c.sim.Variables()
			if variable = slices.Index(names, value); variable < 0 {
				return o, fmt.Errorf("%q is not recorded; wanted one of %s, or --record it", value, strings.Join(names, ", "))
			}
		case "name":
			o.Name = value
		case "target":
			if target, err = strconv.ParseFloat(value, 64); err != nil {
				return o, fmt.Errorf("target=%s; wanted a number", value)
			}
			targeted = true
		default:
			return o, fmt.Errorf("unknown %q; wanted last=N, variable=NAME, name=NAME, or for error target=X", key)
		}
	}
	if targeted != (kind == "error") {
		return o, errors.New("wanted target=X with error, and with nothing else, such as error:last=500:target=0.5")
	}
	means := of.Variable(variable).Mean(observe.OverTime)
	switch kind {
	case "mean":
		o.Of = means.Mean(observe.OverNodes)
	case "regions":
		o.Of = means
	case "error":
		o.Of = means.Then(observe.SquaredError(target))
	default:
		return o, errors.New("unknown observation; wanted " + kinds)
	}
	return o, nil
}
