package graph

import (
	"cmp"
	"math"
	"slices"
)

// Edge is one connection of a sparse graph. Target receives, Source sends, both counted from 0; Length is the
// tract length in mm.
type Edge struct {
	Target, Source int
	Weight, Length float64
}

// FromDense is the dense graph of the square matrix weights[target][source].
func FromDense(weights [][]float64) *Graph { return fromDense(weights, nil) }

// fromDense knows the labels, if there are any, before the weights are checked, so that errors can tell them.
func fromDense(weights [][]float64, labels []string) *Graph {
	g := &Graph{n: len(weights), dense: true}
	if g.n == 0 {
		return g.fail("the weights have no rows; give a square matrix, one row per target, one column per source")
	}
	if g.n > math.MaxInt32 {
		return g.fail("%d regions; at most %d are possible", g.n, math.MaxInt32)
	}
	if labels != nil {
		if g = g.WithLabels(labels); g.err != nil {
			return g
		}
	}
	if bad := g.checkSquare("weights", weights); bad != nil {
		return bad
	}
	g.weights = make([]float64, 0, g.n*g.n)
	g.targets = make([]int32, 0, g.n*g.n)
	g.sources = make([]int32, 0, g.n*g.n)
	for i, row := range weights {
		g.weights = append(g.weights, row...)
		for j := range row {
			g.targets = append(g.targets, int32(i))
			g.sources = append(g.sources, int32(j))
		}
	}
	return g.checkWeights()
}

// FromEdges is the sparse graph of n regions with the edges given, in any order; an edge of weight 0 stays an
// edge. The graph has tract lengths if any Length differs from 0. An edge given twice is an error.
func FromEdges(n int, edges []Edge) *Graph {
	g := &Graph{n: n}
	if n <= 0 || n > math.MaxInt32 {
		g.n = 0
		return g.fail("%d regions; a graph has 1 to %d", n, math.MaxInt32)
	}
	sorted := slices.Clone(edges)
	slices.SortStableFunc(sorted, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.Target, b.Target), cmp.Compare(a.Source, b.Source))
	})
	g.weights = make([]float64, len(edges))
	g.targets = make([]int32, len(edges))
	g.sources = make([]int32, len(edges))
	lengths := make([]float64, len(edges))
	hasLengths := false
	for e, edge := range sorted {
		if min(edge.Target, edge.Source) < 0 || max(edge.Target, edge.Source) >= n {
			return (&Graph{n: n}).fail("edge from region %d to region %d of %d; regions are counted from 0 to %d", edge.Source, edge.Target, n, n-1)
		}
		g.targets[e], g.sources[e] = int32(edge.Target), int32(edge.Source)
		g.weights[e], lengths[e] = edge.Weight, edge.Length
		hasLengths = hasLengths || edge.Length != 0
		if e > 0 && edge.Target == sorted[e-1].Target && edge.Source == sorted[e-1].Source {
			return g.fail("the edge %s is given twice: merge the two, for example by adding their weights", g.edge(e))
		}
	}
	g = g.checkWeights()
	if hasLengths {
		return g.WithEdgeLengths(lengths)
	}
	return g
}

// checkSquare is nil if a matrix has one row and one column per region, else the graph with the error.
func (g *Graph) checkSquare(what string, rows [][]float64) *Graph {
	if len(rows) != g.n {
		return g.fail("the matrix of %s has %d rows for %d regions: give one row per target, one column per source", what, len(rows), g.n)
	}
	for i, row := range rows {
		if len(row) != g.n {
			return g.fail("row %d (%s) of the %s has %d entries, %d are wanted: the matrix must be square, one row per target, one column per source",
				i+1, clip(g.label(i)), what, len(row), g.n)
		}
	}
	return nil
}

// checkWeights is the graph, with an error if a weight is not finite.
func (g *Graph) checkWeights() *Graph {
	for e, w := range g.weights {
		if !finite(w) {
			return g.fail("weight %s is %v; weights must be finite numbers: mend the data or set it to 0", g.edge(e), w)
		}
	}
	return g
}
