package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/plot"
)

// mostDots bounds how many edges a picture shows as dots; more would only take time.
const mostDots = 20_000

// graphPanels are rows of pictures: the matrices of weights and lengths; the weights by length and the distribution of
// delays. Where there are no lengths, the in-strengths stand beside the weights.
func graphPanels(g *graph.Graph, delays []float64) [][]plot.Panel {
	weights := weightMatrix(g)
	if len(connected(g, g.Lengths())) == 0 {
		strength := g.InStrength()
		regions := make([]float64, len(strength))
		for i := range regions {
			regions[i] = float64(i + 1)
		}
		return [][]plot.Panel{{weights, plot.Scatter{Title: "In-strength", XLabel: "Region", YLabel: "In-strength Σⱼ Wᵢⱼ", X: regions, Y: strength, Width: 5}}}
	}
	lengths := matrixPanel(g, g.Lengths())
	lengths.Title, lengths.Label = "Tract lengths", "Length (mm)"
	second := []plot.Panel{weightsByLength(g)}
	if len(delays) > 0 {
		title := fmt.Sprintf("Delays at %v mm/ms", g.SpeedValue())
		second = append(second, plot.Histogram{Title: title, XLabel: "Delay (ms)", YLabel: "Connections", Samples: []plot.Sample{{X: delays}}, Bins: 40, Width: 5, Height: 3.6})
	}
	return [][]plot.Panel{{weights, lengths}, second}
}

// matrixPanel shows values by edge where the weight is not 0, regions in the order of the file.
func matrixPanel(g *graph.Graph, values []float64) plot.HeatMap {
	z := make([][]float64, g.N())
	for i := range z {
		z[i] = make([]float64, g.N())
		for j := range z[i] {
			z[i][j] = math.NaN()
		}
	}
	for e, w := range g.Weights() {
		if w != 0 {
			z[g.Targets()[e]][g.Sources()[e]] = values[e]
		}
	}
	return plot.HeatMap{XLabel: "Source region", YLabel: "Target region", Z: z, Matrix: true, Width: 5, Height: 4.2}
}

// logarithmic reports whether weights are shown by their logarithms: where they are positive and span two decades.
func logarithmic(weights []float64) bool {
	return slices.Min(weights) > 0 && slices.Max(weights) > 100*slices.Min(weights)
}

// weightMatrix shows the weights, logarithms in at most four decades of colours.
func weightMatrix(g *graph.Graph) plot.HeatMap {
	weights := connected(g, g.Weights())
	m := matrixPanel(g, g.Weights())
	m.Title, m.Label = "Weights", "Weight"
	if len(weights) == 0 {
		m.Z = make([][]float64, g.N())
		for i := range m.Z {
			m.Z[i] = make([]float64, g.N())
		}
		return m
	}
	if logarithmic(weights) {
		m.Log, m.Label, m.High = true, "Weight (log scale)", slices.Max(weights)
		m.Low = max(slices.Min(weights), m.High/1e4)
	}
	return m
}

// weightsByLength shows a dot per edge whose weight is not 0, or per so many of them.
func weightsByLength(g *graph.Graph) plot.Scatter {
	weights, lengths := connected(g, g.Weights()), connected(g, g.Lengths())
	dots := plot.Scatter{Title: "Weight by tract length", XLabel: "Length (mm)", YLabel: "Weight", LogY: logarithmic(weights), Size: 2.5, Width: 5, Height: 3.6}
	stride := (len(weights) + mostDots - 1) / mostDots
	for e := 0; e < len(weights); e += stride {
		dots.X, dots.Y = append(dots.X, lengths[e]), append(dots.Y, weights[e])
	}
	return dots
}
