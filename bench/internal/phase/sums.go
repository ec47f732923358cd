package phase

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/internal/native"
)

// sumTerms is about how many terms of sums are timed at once.
const sumTerms = 20_000_000

// Sums are the coupling sums alone: a run of an engine whose step is nothing but x_i ← Σ_j W_ij·x_j(t−d_ij), with delays
// d in steps by edge, nil for none, without the start of the run. Beside the sums a step checks that x is finite and
// copies it.
func Sums(name string, g *graph.Graph, delays []float64) (Phase, error) {
	steps := sumTerms / len(g.Weights())
	e, v, err := sumsOnly(g, delays, steps)
	if err != nil {
		return Phase{}, fmt.Errorf("%s: %w", name, err)
	}
	return Phase{name, "step", steps, func() (time.Duration, error) {
		watch := stopwatch{Context: context.Background()}
		err := e.Forward(&watch, v, nil, nil)
		return time.Since(watch.began), err
	}}, nil
}

// LaneSums are the coupling sums of eight runs side by side, as [Sums] measures those of one; with weights of their own, if
// wanted.
func LaneSums(name string, g *graph.Graph, delays []float64, ownWeights bool) (Phase, error) {
	const lanes = 8
	steps := sumTerms / lanes / len(g.Weights())
	e, v, err := sumsOnly(g, delays, steps)
	if err != nil {
		return Phase{}, fmt.Errorf("%s: %w", name, err)
	}
	values := make([]engine.Values, lanes)
	for k := range values {
		values[k] = v
		values[k].Leaves = [][]float64{v.Leaves[0], {0.5 + 0.01*float64(k)}}
		if ownWeights {
			values[k].Leaves[0] = slices.Clone(v.Leaves[0])
			values[k].Leaves[0][0] *= 1 + 0.01*float64(k)
		}
	}
	none := func(int) []float64 { return nil }
	return Phase{name, "step of all lanes", steps, func() (time.Duration, error) {
		watch := stopwatch{Context: context.Background()}
		failed, err := e.ForwardLanes(&watch, values, []engine.Normals{none}, nil)
		return time.Since(watch.began), errors.Join(append(failed, err)...)
	}}, nil
}

// stopwatch is a context that notes when it is first asked whether to go on, which the engine does when the lists of
// edges are made and the steps begin.
type stopwatch struct {
	context.Context
	began time.Time
}

// Err is nil.
func (s *stopwatch) Err() error {
	if s.began.IsZero() {
		s.began = time.Now()
	}
	return nil
}

// sumsOnly is an engine that only sums. Rows of weights add up to 1, so that values stay normal numbers.
func sumsOnly(g *graph.Graph, delays []float64, steps int) (*engine.Engine, engine.Values, error) {
	n := g.N()
	route := engine.Route{Targets: g.Targets(), Sources: g.Sources(), Structural: make([]bool, len(g.Weights())), Delayed: delays != nil}
	total := make([]float64, n)
	for e, w := range g.Weights() {
		route.Structural[e] = w != 0
		total[g.Targets()[e]] += w
	}
	weights := make([]float64, len(g.Weights()))
	for e, w := range g.Weights() {
		weights[e] = w / total[g.Targets()[e]]
	}
	spec := engine.Spec{Arena: ad.NewArena(), Nodes: []int{n}, Wires: []engine.Wire{{Name: "x"}, {Name: "n"}},
		Leaves: []engine.Leaf{{Path: "weights", Rows: 1}, {Path: "initial", Rows: 1}}, Routes: []engine.Route{route},
		Ops:   []engine.Op{{Sum: &engine.Sum{From: []int{0}, To: []int{1}}}},
		State: []int{0}, Next: []int{1}, Initial: []int{1}, Step: 1, Steps: steps, Form: native.Chosen()}
	v := engine.Values{Leaves: [][]float64{weights, {0.5}}, Shapes: [][]int{{len(weights)}, nil}, Delays: delays}
	e, err := engine.New(spec, v.Shapes)
	return e, v, err
}
