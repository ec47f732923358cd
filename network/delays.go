package network

import (
	"fmt"
	"math"

	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/param"
)

// delays are the leaves that delays are made of: τ, or length/speed.
type delays struct {
	tau, lengths, speed int // numbers of the leaves, −1 if absent
}

func (a *assembly) delays() delays {
	return delays{a.leaf("graph.delays"), a.leaf("graph.lengths"), a.leaf("graph.speed")}
}

func (d delays) absent() bool { return d.tau < 0 && d.speed < 0 }

// steps are the delays in steps, by edge; nil if the graph has none.
func (s *Simulation) delaySteps(v engine.Values) ([]float64, error) {
	a := s.assembly
	d := a.delays()
	if d.absent() {
		return nil, nil
	}
	g := a.net.Graph
	steps := make([]float64, len(g.Weights()))
	limit := math.Min(float64(s.memory())/16, math.MaxInt32/4) / float64(a.nodes)
	for e := range steps {
		var ms float64
		if d.tau >= 0 {
			ms = v.Leaves[d.tau][e]
		} else {
			ms = v.Leaves[d.lengths][e] / v.Leaves[d.speed][0]
		}
		steps[e] = ms / a.grid.Step
		if most := s.options.MaxDelay; most > 0 && ms > most {
			labels := g.Labels()
			return nil, fmt.Errorf("network: the delay of %.4g ms from %s to %s is longer than Options.MaxDelay, %.4g ms\nraise MaxDelay, or bound the speed or the lengths by a transform", ms, labels[g.Sources()[e]], labels[g.Targets()[e]], most)
		}
		if !(steps[e] <= limit) {
			labels := g.Labels()
			return nil, fmt.Errorf("network: the delay of %.4g ms from %s to %s takes a history of %.4g steps, more than Options.Memory (%d MiB) holds\nraise the speed or the step, or give more memory",
				ms, labels[g.Sources()[e]], labels[g.Targets()[e]], steps[e], s.memory()>>20)
		}
	}
	return steps, nil
}

// free are the leaves and delays that derivatives are taken with respect to.
func (s *Simulation) free(p *param.Tree) engine.Free {
	f := engine.Free{Leaves: make([]bool, len(s.assembly.spec.Leaves)), Window: s.options.GradientWindow}
	for _, i := range p.FreeLeaves() {
		if isDelay(p.At(i).Path) {
			f.Delays = true
		} else {
			f.Leaves[i] = true
		}
	}
	s.freeWeights(p, &f)
	return f
}

// pullDelays turns the gradient per step of delay into those of the free leaves behind: a delay is
// τ/h = length/(speed·h) steps.
func (s *Simulation) pullDelays(p *param.Tree, v engine.Values, g engine.Gradient) {
	if g.Delays == nil {
		return
	}
	d, h := s.assembly.delays(), s.assembly.grid.Step
	for _, i := range p.FreeLeaves() {
		if !isDelay(p.At(i).Path) {
			continue
		}
		g.Leaves[i] = make([]float64, len(v.Leaves[i]))
		for e, slope := range g.Delays {
			switch i {
			case d.tau:
				g.Leaves[i][e] = slope / h
			case d.lengths:
				g.Leaves[i][e] = slope / (v.Leaves[d.speed][0] * h)
			case d.speed:
				speed := v.Leaves[i][0]
				g.Leaves[i][0] -= slope * v.Leaves[d.lengths][e] / (speed * speed * h)
			}
		}
	}
}

// pushDelays turns the tangents of the leaves behind the delays into those of the delays in steps, and
// takes the former out.
func (s *Simulation) pushDelays(v engine.Values, leaves [][]float64, lanes int) engine.Gradient {
	g := engine.Gradient{Leaves: leaves}
	d, h := s.assembly.delays(), s.assembly.grid.Step
	add := func(leaf int, slope func(e int) float64) {
		if leaf < 0 || leaves[leaf] == nil {
			return
		}
		if g.Delays == nil {
			g.Delays = make([]float64, len(v.Delays)*lanes)
		}
		for e := range v.Delays {
			for lane := range lanes {
				at := e*lanes + lane
				if leaf == d.speed {
					at = lane
				}
				g.Delays[e*lanes+lane] = math.FMA(slope(e), leaves[leaf][at], g.Delays[e*lanes+lane])
			}
		}
		leaves[leaf] = nil
	}
	add(d.tau, func(e int) float64 { return 1 / h })
	add(d.lengths, func(e int) float64 { return 1 / (v.Leaves[d.speed][0] * h) })
	add(d.speed, func(e int) float64 {
		speed := v.Leaves[d.speed][0]
		return -v.Leaves[d.lengths][e] / (speed * speed * h)
	})
	return g
}
