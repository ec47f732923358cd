package network

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/param"
)

func (a *assembly) addStimuli() error { return a.eachGroup(a.addGroupStimuli) }

func (a *assembly) addGroupStimuli(g *group) error {
	m := g.Dynamics
	g.stimuli, g.sampled = map[string]*ad.Equations{}, map[string]*sampled{}
	externals := make([]string, len(m.External))
	for i, in := range m.External {
		externals[i] = in.Name
	}
	names := make([]string, 0, len(g.Stimulus))
	for name := range g.Stimulus {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s, at := g.Stimulus[name], slices.Index(externals, name)
		if at < 0 {
			return fmt.Errorf("network: model %s has no external input %q%s", m.Name, name, suggest.Hint(name, externals))
		}
		if len(s.Channels) != len(m.External[at].Symbols) {
			return fmt.Errorf("network: stimulus %q gives %d channels, the external input takes %d", name, len(s.Channels), len(m.External[at].Symbols))
		}
		known := []string{engine.TimeSymbol}
		for _, p := range s.Params {
			known = append(known, p.Name)
		}
		if s.Samples != nil {
			if err := a.addSamples(g, name, *s.Samples); err != nil {
				return err
			}
			known = append(known, s.Samples.Symbols...)
		}
		equations, err := ad.Parse(s.Equations, known...)
		if err != nil {
			return fmt.Errorf("network: stimulus %q: %w", name, err)
		}
		g.stimuli[name] = equations
		if err := a.addParams("stimulus "+name, g.external(name), s.Params, s.Values(), func(string) *group { return g }); err != nil {
			return err
		}
	}
	return nil
}

// external is the beginning of the paths of a stimulus.
func (g *group) external(name string) string { return g.prefix + "external." + name + "." }

// stimulus is the value of an external input at a time, by channel; nil if it is not connected.
func (a *assembly) stimulus(g *group, name string, t ad.Expr) ([]ad.Expr, error) {
	equations, ok := g.stimuli[name]
	if !ok {
		return nil, nil
	}
	s := g.Stimulus[name]
	known := map[string]ad.Expr{engine.TimeSymbol: t}
	a.paramSymbols(known, equations, g, g.external(name), s.Params)
	if err := a.feedSamples(g, known, name, t); err != nil {
		return nil, err
	}
	resolved, err := equations.Resolve(a.arena, known)
	if err != nil {
		return nil, fmt.Errorf("network: stimulus %q: %w", name, err)
	}
	channels := make([]ad.Expr, len(s.Channels))
	for k, c := range s.Channels {
		e, ok := resolved.Values[c]
		if !ok {
			return nil, fmt.Errorf("network: stimulus %q does not assign its channel %q", name, c)
		}
		channels[k] = e
	}
	return channels, nil
}

// addNoise adds sigma and the wires of the normals.
func (a *assembly) addNoise() error {
	if err := a.eachGroup(a.addGroupNoise); err != nil {
		return err
	}
	return a.addNormals()
}

func (a *assembly) addGroupNoise(g *group) error {
	n, states := g.Noise, g.states()
	if n.Sigma == nil {
		if len(n.States) > 0 {
			return fmt.Errorf("network: noise on %s without sigma; set Sigma, for example 0.01", strings.Join(n.States, ", "))
		}
		return nil
	}
	g.noisy = n.States
	if len(g.noisy) == 0 {
		g.noisy = states
	}
	for i, s := range g.noisy {
		if !slices.Contains(states, s) {
			return fmt.Errorf("network: noise on state %q, which model %s does not have%s", s, g.Dynamics.Name, suggest.Hint(s, states))
		}
		if slices.Contains(g.noisy[:i], s) {
			return fmt.Errorf("network: noise names state %q twice; name it once", s)
		}
	}
	path, nodes := g.prefix+"noise.sigma", len(g.nodes)
	v, shape, err := param.Set{path: n.Sigma}.Value(path)
	if err == nil {
		err = engine.CheckLeaf(path, shape, len(g.noisy), nodes)
	}
	if err != nil {
		return fmt.Errorf("network: noise: %w", err)
	}
	leaf := a.addLeaf(param.Leaf{Path: path, Value: v, Shape: shape, Meaning: "noise per √ms", Regions: nodes},
		leafCheck{rows: len(g.noisy), nodes: nodes, sign: notNegative})
	for row, s := range g.noisy {
		a.spec.Params = append(a.spec.Params, engine.Param{Symbol: g.sigma(row), Leaf: leaf, Row: row, Group: g.number})
		a.spec.Noise = append(a.spec.Noise, a.addWire(g.z(s), g.number))
	}
	return nil
}

// sigma is the symbol of a row of noise.sigma.
func (g *group) sigma(row int) string { return g.prefix + "noise.sigma#" + strconv.Itoa(row) }

// increments are the noise increments σ·√h·z by state.
func (a *assembly) increments() []ad.Expr {
	xi := make([]ad.Expr, len(a.spec.State))
	for _, g := range a.groups {
		for row, s := range g.noisy {
			sigma := a.arena.Symbol(g.sigma(row)).Mul(a.arena.Const(math.Sqrt(a.grid.Step)))
			of(g, xi)[slices.Index(g.states(), s)] = sigma.Mul(a.arena.Symbol(g.z(s)))
		}
	}
	return xi
}
