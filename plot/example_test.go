package plot_test

import (
	"fmt"
	"image/png"
	"math"
	"os"
	"path/filepath"

	"github.com/neurograd/neurograd/plot"
)

// Two regions around a target, and below them what was fitted to bring them there.
func ExampleStack() {
	time := make([]float64, 200)
	series := [][]float64{make([]float64, 200), make([]float64, 200)}
	for i := range time {
		time[i] = float64(i)
		series[0][i] = 0.4 + 0.1*math.Sin(0.1*time[i])
		series[1][i] = 0.6 + 0.1*math.Cos(0.1*time[i])
	}
	top := plot.TimeSeries{
		Title: "Optimized Neural Activity", XLabel: "Time (ms)", YLabel: "Neural Activity",
		Time: time, Series: series,
		Lines: []plot.HLine{{Value: 0.5, Label: "Target (0.5)"}, {Value: 0.503, Label: "Mean (0.503)"}},
		Width: 6, Height: 3,
	}
	bottom := plot.Scatter{
		Title: "Fitted J_N Parameters", XLabel: "Mean Regionwise Coupling Σᵢ Cᵢⱼ", YLabel: "J_N [nA]",
		X: []float64{0.010, 0.013}, Y: []float64{0.15, 0.18}, Width: 6, Height: 3,
	}
	dir, err := os.MkdirTemp("", "plot")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "fit.png")
	if err := plot.Stack(path, top, bottom); err != nil {
		fmt.Println(err)
		return
	}
	file, err := os.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	picture, err := png.DecodeConfig(file)
	fmt.Println(picture.Width, picture.Height, err)
	// Output: 900 900 <nil>
}

// What a sweep over coupling strength and noise found; a point that diverged stays white.
func ExampleHeatMap() {
	sweep := plot.HeatMap{
		Title: "Mean activity", XLabel: "Coupling strength G", YLabel: "Noise σ", Label: "Mean of S",
		X: []float64{0.1, 1, 10}, LogX: true, Y: []float64{0.01, 0.02},
		Z: [][]float64{{0.2, 0.3, 0.6}, {0.2, 0.4, math.NaN()}},
	}
	dir, err := os.MkdirTemp("", "plot")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	fmt.Println(sweep.Save(filepath.Join(dir, "sweep.pdf")))
	sweep.Y = []float64{0.01}
	fmt.Println(sweep.Save(filepath.Join(dir, "sweep.pdf")))
	// Output:
	// <nil>
	// plot: HeatMap.Y has 1 numbers, HeatMap.Z has 2 cells along it; give one each, or leave it empty to count from 1
}

// A mean over repetitions with a band of one standard deviation to either side.
func ExampleCurve() {
	c := plot.Curve{Name: "mean ± one standard deviation", X: []float64{0.1, 1, 10}, Y: []float64{0.2, 0.3, 0.6},
		Low: []float64{0.19, 0.26, 0.5}, High: []float64{0.21, 0.34, 0.7}}
	dir, err := os.MkdirTemp("", "plot")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	fmt.Println(plot.Lines{XLabel: "Coupling strength G", YLabel: "Mean of S", LogX: true, Curves: []plot.Curve{c}}.Save(filepath.Join(dir, "curve.svg")))
	// Output: <nil>
}

// Three curves over the coupling strength, one for each strength of the noise.
func ExampleFamily() {
	f := plot.Family{
		Title: "Mean activity", XLabel: "Coupling strength G", YLabel: "Mean of S", Label: "Noise σ",
		X: []float64{0, 0.5, 1}, Y: [][]float64{{0.2, 0.3, 0.6}, {0.2, 0.35, 0.65}, {0.25, 0.4, 0.7}}, Z: []float64{0.01, 0.02, 0.05},
	}
	f.Z = f.Z[:2]
	fmt.Println(f.Save("family.png"))
	// Output: plot: Family.Z has 2 numbers, Family.Y has 3 curves; give one each
}

// Two draws, each as a density.
func ExampleHistogram() {
	h := plot.Histogram{XLabel: "Value", YLabel: "Density", Density: true,
		Samples: []plot.Sample{{Name: "first", X: []float64{0.1, 0.4, 0.5}}, {Name: "second", X: []float64{0.2, 0.6, 0.9, 1.3}}}}
	dir, err := os.MkdirTemp("", "plot")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	fmt.Println(h.Save(filepath.Join(dir, "histogram.pdf")))
	// Output: <nil>
}

// Where three parameters of a sweep were drawn, and what it found there.
func ExampleScatterMatrix() {
	m := plot.ScatterMatrix{
		Title: "Samples",
		Columns: []plot.Column{
			{Label: "G", Values: []float64{0.1, 0.7, 0.4, 0.9}},
			{Label: "J_N (nA)", Values: []float64{0.3, 0.1, 0.25, 0.2}},
			{Label: "Noise σ", Values: []float64{0.001, 0.1, 0.01, 1}, Log: true},
		},
		Z: []float64{0.2, 0.3, 0.5, math.NaN()}, ZLabel: "Mean of S",
	}
	dir, err := os.MkdirTemp("", "plot")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "samples.png")
	if err := m.Save(path); err != nil {
		fmt.Println(err)
		return
	}
	file, err := os.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	picture, err := png.DecodeConfig(file)
	fmt.Println(picture.Width, picture.Height, err)
	// Output: 1050 1050 <nil>
}

func ExampleTimeSeries_Save() {
	p := plot.TimeSeries{Series: [][]float64{{0.1, 0.2, 0.3}}}
	fmt.Println(p.Save("activity.jpg"))
	// Output: plot: the path "activity.jpg" has the extension ".jpg"; pictures are written as .png, .svg or .pdf: change the extension
}
