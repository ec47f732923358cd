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

func ExampleTimeSeries_Save() {
	p := plot.TimeSeries{Series: [][]float64{{0.1, 0.2, 0.3}}}
	fmt.Println(p.Save("activity.jpg"))
	// Output: plot: the path "activity.jpg" has the extension ".jpg"; pictures are written as .png, .svg or .pdf: change the extension
}
