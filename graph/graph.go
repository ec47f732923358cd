// Package graph holds brain networks: regions, the weights between them, and delays or tract lengths with a
// conduction speed; it reads them from files and generates an example. It holds no dynamics and no coupling.
//
// Weights, lengths and delays are listed by edge, sorted by target, then by source. A dense graph has all N²
// edges, so its list is the matrix [target][source] row by row; a sparse graph has only the edges stored.
// A matrix given by the user is always [target][source]: row i holds what region i receives.
package graph

import (
	"fmt"
	"math"
	"slices"
)

// Graph is a brain network. It is immutable: each modifier returns a changed copy, and any number of
// goroutines may read one. Slices returned by its methods are shared and must not be written to.
//
// Data that cannot be right make an error that stays: the modifiers that follow return the graph as it is,
// [Graph.Err] tells what happened, and a simulation cannot be prepared with it.
type Graph struct {
	n       int
	labels  []string // nil: R01, R02, …
	centres [][3]float64
	dense   bool
	targets []int32
	sources []int32
	weights []float64
	lengths []float64
	delays  []float64
	speed   float64
	origin  string // for Info
	err     error
}

// N is the number of regions.
func (g *Graph) N() int { return g.n }

// Labels are the names of the regions: "R01", "R02", … where none were given.
func (g *Graph) Labels() []string {
	if g.labels != nil {
		return g.labels
	}
	labels := make([]string, g.n)
	for i := range labels {
		labels[i] = g.label(i)
	}
	return labels
}

// label is the name of region i.
func (g *Graph) label(i int) string {
	if g.labels != nil {
		return g.labels[i]
	}
	return fmt.Sprintf("R%0*d", max(2, len(fmt.Sprint(g.n))), i+1)
}

// Centres are the positions (x, y, z) of the regions in mm, nil where unknown.
func (g *Graph) Centres() [][3]float64 { return g.centres }

// Dense reports whether all N² edges are listed.
func (g *Graph) Dense() bool { return g.dense }

// Targets are the regions that receive, by edge.
func (g *Graph) Targets() []int32 { return g.targets }

// Sources are the regions that send, by edge.
func (g *Graph) Sources() []int32 { return g.sources }

// Weights are the connection weights, by edge.
func (g *Graph) Weights() []float64 { return g.weights }

// Lengths are the tract lengths in mm, by edge, nil where unknown.
func (g *Graph) Lengths() []float64 { return g.lengths }

// Delays are the delays in ms, by edge, where they were given themselves, else nil; [Graph.EdgeDelays] has
// those of lengths and speed too.
func (g *Graph) Delays() []float64 { return g.delays }

// SpeedValue is the conduction speed in mm/ms (the same number as in m/s), 0 where none was given.
func (g *Graph) SpeedValue() float64 { return g.speed }

// Err is the first error of the graph's making, nil where there was none.
func (g *Graph) Err() error { return g.err }

// change is a copy for a modifier to write to.
func (g *Graph) change() *Graph {
	c := *g
	return &c
}

// fail is the graph with an error that stays.
func (g *Graph) fail(format string, args ...any) *Graph {
	c := g.change()
	c.err = fmt.Errorf("graph: "+format, args...)
	return c
}

// edge names an edge in errors.
func (g *Graph) edge(e int) string {
	return fmt.Sprintf("from %s to %s", clip(g.label(int(g.sources[e]))), clip(g.label(int(g.targets[e]))))
}

// NormalizeMax divides the weights by the largest magnitude among them.
func (g *Graph) NormalizeMax() *Graph {
	if g.err != nil {
		return g
	}
	var largest float64
	for _, w := range g.weights {
		largest = max(largest, math.Abs(w))
	}
	if largest == 0 {
		return g.fail("NormalizeMax: all %d weights are 0, so there is no largest one to divide by: leave out NormalizeMax or mend the weights", len(g.weights))
	}
	c := g.change()
	c.weights = make([]float64, len(g.weights))
	for e, w := range g.weights {
		c.weights[e] = w / largest
	}
	return c
}

// Sparse keeps only the edges with |weight| > threshold, with their lengths and delays.
func (g *Graph) Sparse(threshold float64) *Graph {
	if g.err != nil {
		return g
	}
	if !(threshold >= 0) || math.IsInf(threshold, 1) {
		return g.fail("Sparse: threshold %v; it must be a finite number ≥ 0: 0 keeps every weight that is not 0", threshold)
	}
	c := g.change()
	c.dense = false
	kept := make([]int, 0, len(g.weights))
	for e, w := range g.weights {
		if math.Abs(w) > threshold {
			kept = append(kept, e)
		}
	}
	c.targets = pick(g.targets, kept)
	c.sources = pick(g.sources, kept)
	c.weights = pick(g.weights, kept)
	c.lengths = pick(g.lengths, kept)
	c.delays = pick(g.delays, kept)
	return c
}

// pick is the list of the values at the positions kept; nil stays nil.
func pick[T any](values []T, kept []int) []T {
	if values == nil {
		return nil
	}
	out := make([]T, len(kept))
	for i, e := range kept {
		out[i] = values[e]
	}
	return out
}

// WithLabels names the regions; each label must be given once and not be empty.
func (g *Graph) WithLabels(labels []string) *Graph {
	if g.err != nil {
		return g
	}
	if len(labels) != g.n {
		return g.fail("%d labels for %d regions: give one label per region", len(labels), g.n)
	}
	first := make(map[string]int, len(labels))
	for i, label := range labels {
		if label == "" {
			return g.fail("label %d of %d is empty: name every region", i+1, g.n)
		}
		if j, seen := first[label]; seen {
			return g.fail("regions %d and %d are both labelled %s: labels must differ", j+1, i+1, clip(label))
		}
		first[label] = i
	}
	c := g.change()
	c.labels = slices.Clone(labels)
	return c
}

// WithCentres gives the positions (x, y, z) of the regions in mm.
func (g *Graph) WithCentres(centres [][3]float64) *Graph {
	if g.err != nil {
		return g
	}
	if len(centres) != g.n {
		return g.fail("%d centres for %d regions: give one position per region", len(centres), g.n)
	}
	for i, centre := range centres {
		for axis, v := range centre {
			if !finite(v) {
				return g.fail("centre of %s has %c = %v; positions must be finite numbers, in mm", clip(g.label(i)), 'x'+rune(axis), v)
			}
		}
	}
	c := g.change()
	c.centres = slices.Clone(centres)
	return c
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
