package main

import (
	"fmt"

	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/plot"
)

// activity shows one variable of all regions.
func activity(title string, r *network.Result, variable string, lines ...plot.HLine) plot.TimeSeries {
	return plot.TimeSeries{
		Title: title, XLabel: "Time (ms)", YLabel: variable,
		Time: r.Time, Series: r.Series(variable), Lines: lines,
	}
}

// targetAndMean are the lines of a fit.
func targetAndMean(target, mean float64) []plot.HLine {
	return []plot.HLine{
		{Value: target, Label: fmt.Sprintf("Target (%.4g)", target)},
		{Value: mean, Label: fmt.Sprintf("Mean (%.3f)", mean)},
	}
}

// losses shows the history of both fits one after the other, a loss per step.
func losses(scalar, regional []float64, stop float64) plot.Lines {
	l := plot.Lines{Title: "Loss", XLabel: "Step", YLabel: "Loss", LogY: true}
	at := 0
	for _, c := range []plot.Curve{{Name: "one J_N for all regions", Y: scalar}, {Name: "J_N per region", Y: regional}} {
		for range c.Y {
			c.X = append(c.X, float64(at))
			at++
		}
		if len(c.Y) > 0 {
			l.Curves = append(l.Curves, c)
		}
	}
	if stop > 0 && len(regional) > 0 {
		l.Lines = []plot.HLine{{Value: stop, Label: fmt.Sprintf("Stop (%.4g)", stop), Width: 1.2}}
	}
	return l
}

// againstStrength shows the fitted values by what a region receives.
func againstStrength(strength, values []float64) plot.Scatter {
	return plot.Scatter{
		Title: "Fitted J_N by In-strength", XLabel: "In-strength Σⱼ Wᵢⱼ (weights divided by the largest)", YLabel: "J_N [nA]",
		X: strength, Y: values,
	}
}
