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

func (a *assembly) addStimuli() error {
	m := a.net.Dynamics
	externals := make([]string, len(m.External))
	for i, in := range m.External {
		externals[i] = in.Name
	}
	names := make([]string, 0, len(a.net.Stimulus))
	for name := range a.net.Stimulus {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s, at := a.net.Stimulus[name], slices.Index(externals, name)
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
			if err := a.addSamples(name, *s.Samples); err != nil {
				return err
			}
			known = append(known, s.Samples.Symbols...)
		}
		equations, err := ad.Parse(s.Equations, known...)
		if err != nil {
			return fmt.Errorf("network: stimulus %q: %w", name, err)
		}
		a.stimuli[name] = equations
		if err := a.addParams("stimulus "+name, "external."+name+".", s.Params, s.Values()); err != nil {
			return err
		}
	}
	return nil
}

// addNoise adds sigma and the wires of the normals.
func (a *assembly) addNoise() error {
	n, states := a.net.Noise, stateNames(a.net.Dynamics)
	if n.Sigma == nil {
		if len(n.States) > 0 {
			return fmt.Errorf("network: noise on %s without sigma; set Sigma, for example 0.01", strings.Join(n.States, ", "))
		}
		return a.addNormals()
	}
	a.noisy = n.States
	if len(a.noisy) == 0 {
		a.noisy = states
	}
	for i, s := range a.noisy {
		if !slices.Contains(states, s) {
			return fmt.Errorf("network: noise on state %q, which model %s does not have%s", s, a.net.Dynamics.Name, suggest.Hint(s, states))
		}
		if slices.Contains(a.noisy[:i], s) {
			return fmt.Errorf("network: noise names state %q twice; name it once", s)
		}
	}
	v, shape, err := param.Set{"noise.sigma": n.Sigma}.Value("noise.sigma")
	if err == nil {
		err = engine.CheckLeaf("noise.sigma", shape, len(a.noisy), a.nodes)
	}
	if err != nil {
		return fmt.Errorf("network: noise: %w", err)
	}
	leaf := a.addLeaf(param.Leaf{Path: "noise.sigma", Value: v, Shape: shape, Meaning: "noise per √ms", Regions: a.nodes}, len(a.noisy))
	for row, s := range a.noisy {
		a.spec.Params = append(a.spec.Params, engine.Param{Symbol: sigmaSymbol(row), Leaf: leaf, Row: row})
		a.spec.Noise = append(a.spec.Noise, a.addWire("z."+s))
	}
	return a.addNormals()
}

func sigmaSymbol(row int) string { return "noise.sigma#" + strconv.Itoa(row) }

// increments are the noise increments σ·√h·z by state.
func (a *assembly) increments() []ad.Expr {
	states := stateNames(a.net.Dynamics)
	xi := make([]ad.Expr, len(states))
	for row, s := range a.noisy {
		sigma := a.arena.Symbol(sigmaSymbol(row)).Mul(a.arena.Const(math.Sqrt(a.grid.Step)))
		xi[slices.Index(states, s)] = sigma.Mul(a.arena.Symbol("z." + s))
	}
	return xi
}
