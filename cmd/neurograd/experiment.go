package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// experiment is what the flags common to fit, run and gradcheck say: a network, a solver and a time grid.
type experiment struct {
	connectome string // file; "" is the example
	speed      float64
	end, step  float64
	sigma      float64
	seed       uint64
	changes    []change
	paramsFile string
	memory     int // MiB

	model    models.Model
	method   solver.Solver
	record   []string
	sampling network.Sampling
	each     int    // samples per recorded one; 0 means all are recorded
	thinned  string // the flag that says so
}

// change is one --set.
type change struct {
	path  string
	value float64
}

// newExperiment is the experiment of the get-started tutorial.
func newExperiment() *experiment {
	return &experiment{end: 10_000, step: 4, sigma: 0.002, seed: 9, memory: 512, model: models.ReducedWongWang(), method: solver.Heun{}}
}

func (e *experiment) addFlags(f *flags) {
	f.text(&e.connectome, "connectome", "FILE", "brain network: .npz, a TVB .zip or folder, or weights.csv,lengths.csv; without it a synthetic example")
	f.number(&e.speed, "speed", "MM_PER_MS", "conduction speed: turns delays on", "a speed in mm/ms above 0, such as 3", positive)
	f.number(&e.end, "end", "MS", "length of the run", "a number of ms above 0, such as 10000", positive)
	f.number(&e.step, "step", "MS", "length of a step", "a number of ms above 0, such as 4", positive)
	f.number(&e.sigma, "sigma", "S", "strength of the noise, per √ms; 0 for none", "a number not below 0, such as 0.002", notNegative)
	f.add("seed", "N", "of the noise", strconv.FormatUint(e.seed, 10), func(text string) error {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return errors.New("wanted a whole number, at least 0")
		}
		e.seed = n
		return nil
	})
	f.add("set", "PATH=VALUE", "give a parameter another value, such as dynamics.w=0.6; may be repeated", "", e.addChange)
	f.text(&e.paramsFile, "params", "FILE", "take parameters from a parameters.json that fit has written")
	f.count(&e.memory, "memory", "MIB", "how much a run may keep in memory", 1)
}

func (e *experiment) addChange(text string) error {
	const wanted = "wanted PATH=VALUE with a finite number, such as dynamics.w=0.6"
	path, number, found := strings.Cut(text, "=")
	x, err := strconv.ParseFloat(number, 64)
	if !found || path == "" || err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return errors.New(wanted)
	}
	e.changes = append(e.changes, change{path, x})
	return nil
}

// prepared is an experiment ready to run.
type prepared struct {
	*experiment
	graph  *graph.Graph // weights divided by the largest
	net    network.Network
	sim    *network.Simulation
	params *param.Tree
}

// prepare checks everything that the flags say. All its errors are the user's to mend.
func (e *experiment) prepare() (*prepared, error) {
	g, err := e.loadGraph()
	if err != nil {
		return nil, inputError{err}
	}
	if err := e.checkGrid(g.N()); err != nil {
		return nil, inputError{err}
	}
	net := defaultNetwork(e.model, e.sigma)
	net.Graph = g
	sim, err := network.Prepare(net, e.method, e.grid(), network.Options{Seed: e.seed, Record: e.record, Sampling: e.sampling, Memory: int64(e.memory) << 20})
	if err != nil {
		return nil, inputError{err}
	}
	p := &prepared{experiment: e, graph: g, net: net, sim: sim, params: sim.Params()}
	if err := p.applyParams(); err != nil {
		return nil, inputError{err}
	}
	return p, nil
}

func (e *experiment) loadGraph() (*graph.Graph, error) {
	g := graph.Example()
	if e.connectome != "" {
		var err error
		if g, err = graph.Load(e.connectome); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				err = fmt.Errorf("--connectome %q: there is no such file; check the path, or leave it out for the example", e.connectome)
			}
			return nil, err
		}
	}
	if g.Err() == nil && !slices.ContainsFunc(g.Weights(), func(w float64) bool { return w != 0 }) {
		return nil, fmt.Errorf("--connectome %q: all weights are 0, so no region receives anything; mend the member \"weights\"", e.connectome)
	}
	g = g.NormalizeMax()
	if e.speed > 0 {
		if g.Err() == nil && g.Lengths() == nil {
			return nil, fmt.Errorf("--speed %v: %s has no tract lengths, so there are no delays; leave out --speed, or add the member \"lengths\" in mm", e.speed, e.connectome)
		}
		g = g.Speed(e.speed)
	}
	return g, g.Err()
}

func (e *experiment) grid() network.Grid { return network.Grid{End: e.end, Step: e.step} }

// checkGrid refuses runs without steps, and runs that memory does not hold.
func (e *experiment) checkGrid(regions int) error {
	if e.step > e.end {
		return fmt.Errorf("--step %v ms is longer than the run of %v ms; choose a smaller --step or a larger --end", e.step, e.end)
	}
	if steps := e.grid().Steps(); e.each > steps {
		return fmt.Errorf("--%s %d records nothing of a run of %d samples; choose a smaller number or a larger --end", e.thinned, e.each, steps)
	}
	variables := max(len(e.record), 1)
	if len(e.record) == 0 {
		variables = len(e.model.States)
	}
	mib := e.end / e.step / float64(max(e.each, 1)) * float64(variables) * float64(regions) * 8 / (1 << 20)
	if mib > float64(e.memory) {
		return fmt.Errorf("%.4g steps of %v ms with %d recorded numbers each take %.4g MiB, --memory allows %d\nchoose a smaller --end or a larger --step, or raise --memory",
			e.end/e.step, e.step, variables*regions, math.Ceil(mib), e.memory)
	}
	return nil
}

// applyParams applies --params and then every --set.
func (p *prepared) applyParams() error {
	if p.paramsFile != "" {
		text, err := os.ReadFile(p.paramsFile)
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("--params %q: there is no such file; give a parameters.json that fit has written", p.paramsFile)
		}
		if err != nil {
			return fmt.Errorf("--params %q: %w; give a parameters.json that fit has written", p.paramsFile, cause(err))
		}
		if err := p.params.Apply(bytes.NewReader(text)); err != nil {
			return fmt.Errorf("--params %q: %w\ngive a parameters.json that fit has written, and the same --connectome and --speed", p.paramsFile, err)
		}
	}
	for _, c := range p.changes {
		if !p.params.Has(c.path) {
			return fmt.Errorf("--set %s=%v: there is no parameter %q%s", c.path, c.value, c.path, p.hint(c.path))
		}
		if err := p.params.Set(c.path, c.value).Err(); err != nil {
			return fmt.Errorf("--set %s=%v: %w", c.path, c.value, err)
		}
	}
	return nil
}

// hint is the path that was probably meant: one that ends in the name given, or the nearest.
func (p *prepared) hint(path string) string {
	if path == "graph.speed" || path == "graph.lengths" {
		return " in a network without delays; --speed turns them on"
	}
	for _, full := range p.params.Paths() {
		if strings.HasSuffix(full, "."+path) {
			return fmt.Sprintf(", did you mean %q?", full)
		}
	}
	return suggest.Hint(path, p.params.Paths())
}

// name is the connectome as reports call it.
func (e *experiment) name() string {
	if e.connectome == "" {
		return "example"
	}
	return e.connectome
}
