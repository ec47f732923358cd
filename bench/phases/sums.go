package main

import (
	"context"
	"fmt"
	"math"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/engine"
	"github.com/neurograd/neurograd/internal/native"
)

// sumSteps is how many steps of sums are timed at once, so many that the start of the run does not show.
const sumSteps = 1000

// sumRows are the coupling sums alone: runs of an engine whose step is nothing but x_i ← Σ_j W_ij·x_j(t−τ_ij).
func sumRows() ([]row, error) {
	var rows []row
	for _, c := range []struct {
		phase, c string
		step     float64 // ms; 0 for no delays
	}{
		{"sums: dense matrix by vector", "347–363", 0},
		{"sums: delayed, 3 mm/ms, dt 1 ms", "373–610", 1},
		{"sums: delayed, 3 mm/ms, dt 4 ms", "373–610", 4},
	} {
		e, v, err := sumsOnly(graph.Example(), c.step)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{phase: c.phase, unit: "step", c: c.c, units: sumSteps, work: func() error {
			return e.Forward(context.Background(), v, nil, nil)
		}})
	}
	return rows, nil
}

// sumsOnly is an engine that only sums. Rows of weights add up to 1, so that values stay normal numbers.
func sumsOnly(g *graph.Graph, step float64) (*engine.Engine, engine.Values, error) {
	n := g.N()
	route := engine.Route{Targets: g.Targets(), Sources: g.Sources(), Structural: make([]bool, len(g.Weights())), Delayed: step > 0}
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
		State: []int{0}, Next: []int{1}, Initial: []int{1}, Step: 1, Steps: sumSteps, Form: native.Chosen()}
	v := engine.Values{Leaves: [][]float64{weights, {0.5}}, Shapes: [][]int{{len(weights)}, nil}}
	if step > 0 {
		v.Delays = make([]float64, len(weights))
		for e, length := range g.Lengths() {
			v.Delays[e] = math.RoundToEven(length / 3 / step)
		}
	}
	engine, err := engine.New(spec, v.Shapes)
	if err != nil {
		return nil, v, fmt.Errorf("sums: %w", err)
	}
	return engine, v, nil
}
