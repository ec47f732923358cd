package graph

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/internal/suggest"
)

// InStrength is the sum of the weights that each region receives: Σ_j W_ij, [N].
func (g *Graph) InStrength() []float64 {
	strength := make([]float64, g.n)
	for e, w := range g.weights {
		strength[g.targets[e]] += w
	}
	return strength
}

// Density is the fraction of the N(N−1) pairs of two regions whose weight is not 0; 0 for a single region.
func (g *Graph) Density() float64 {
	if g.n < 2 {
		return 0
	}
	count := 0
	for e, w := range g.weights {
		if w != 0 && g.targets[e] != g.sources[e] {
			count++
		}
	}
	return float64(count) / (float64(g.n) * float64(g.n-1))
}

// Index is the position of the region with that label, counted from 0.
func (g *Graph) Index(label string) (int, error) {
	labels := g.Labels()
	if i := slices.Index(labels, label); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("graph: no region %q%s", label, suggest.Hint(label, labels))
}

// Info is a summary of the graph in a few lines.
func (g *Graph) Info() string {
	if g.err != nil {
		return fmt.Sprintf("graph with an error: %v\n", g.err)
	}
	var text strings.Builder
	kind := "sparse"
	if g.dense {
		kind = "dense"
	}
	fmt.Fprintf(&text, "graph of %d regions, %s … %s", g.n, g.label(0), g.label(g.n-1))
	if g.origin != "" {
		fmt.Fprintf(&text, " (%s)", g.origin)
	}
	symmetry := "not symmetric"
	if g.symmetric() {
		symmetry = "symmetric"
	}
	fmt.Fprintf(&text, "\nedges: %d (%s), density %.3g, %s\n", len(g.weights), kind, g.Density(), symmetry)
	if len(g.weights) > 0 {
		strength := g.InStrength()
		strongest := 0
		var sum float64
		for i, s := range strength {
			sum += s
			if s > strength[strongest] {
				strongest = i
			}
		}
		fmt.Fprintf(&text, "weights: %.4g to %.4g; in-strength: mean %.4g, largest %.4g (%s)\n",
			slices.Min(g.weights), slices.Max(g.weights), sum/float64(g.n), strength[strongest], g.label(strongest))
	}
	fmt.Fprintf(&text, "lengths: %s\n", g.lengthsInfo())
	fmt.Fprintf(&text, "delays: %s\n", g.delaysInfo())
	return text.String()
}

func (g *Graph) lengthsInfo() string {
	if len(g.lengths) == 0 {
		return "none"
	}
	shortest := math.Inf(1)
	for _, length := range g.lengths {
		if length > 0 {
			shortest = min(shortest, length)
		}
	}
	if math.IsInf(shortest, 1) {
		return "all 0 mm"
	}
	return fmt.Sprintf("%.4g to %.4g mm (apart from 0)", shortest, g.MaxLength())
}

func (g *Graph) delaysInfo() string {
	switch {
	case !g.HasDelays():
		return "none"
	case g.delays != nil:
		return fmt.Sprintf("given, up to %.4g ms", g.MaxDelay())
	}
	return fmt.Sprintf("up to %.4g ms at %.4g mm/ms", g.MaxDelay(), g.speed)
}

// symmetric reports whether the weight from j to i always equals that from i to j.
func (g *Graph) symmetric() bool {
	start := make([]int, g.n+1) // of the edges of each target
	for _, i := range g.targets {
		start[i+1]++
	}
	for i := range g.n {
		start[i+1] += start[i]
	}
	for e, w := range g.weights {
		i, j := g.targets[e], g.sources[e]
		at, found := slices.BinarySearch(g.sources[start[j]:start[j+1]], i)
		if found && g.weights[start[j]+at] != w || !found && w != 0 {
			return false
		}
	}
	return true
}
