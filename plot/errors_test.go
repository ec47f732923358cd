package plot

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestErrorsOfData(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	two := [][]float64{{1, 2}}
	for name, c := range map[string]struct {
		p    Panel
		want []string // parts of the message
	}{
		"no series":        {TimeSeries{}, []string{"TimeSeries.Series has 0 regions", "give"}},
		"empty series":     {TimeSeries{Series: [][]float64{{}}}, []string{"Series[0] has 0 samples", "give"}},
		"unequal":          {TimeSeries{Time: ramp(3), Series: [][]float64{{1, 2, 3}, {1, 2}}}, []string{"Series[1] has 2 samples", "TimeSeries.Time has 3", "give"}},
		"unequal, no time": {TimeSeries{Series: [][]float64{{1, 2, 3}, {1, 2}}}, []string{"Series[1] has 2 samples", "Series[0] has 3"}},
		"all NaN":          {TimeSeries{Series: [][]float64{{nan, inf}, {nan, -inf}}}, []string{"none of the 4 points of TimeSeries is finite", "diverged"}},
		"NaN times":        {TimeSeries{Time: []float64{nan, nan}, Series: two}, []string{"none of the 2 points"}},
		"highlight":        {TimeSeries{Series: two, Highlight: []Highlight{{Series: 1}}}, []string{"Highlight[0] names region 1 of 1", "from 0 to 0"}},
		"line at NaN":      {TimeSeries{Series: two, Lines: []HLine{{Value: 1}, {Value: nan, Label: "Mean"}}}, []string{`Lines[1] ("Mean") is at NaN`, "leave the line out"}},
		"width":            {TimeSeries{Series: two, Width: -1}, []string{"TimeSeries.Width is -1 inches", "2 to 100"}},
		"height NaN":       {TimeSeries{Series: two, Height: nan}, []string{"TimeSeries.Height is NaN inches"}},
		"line width":       {TimeSeries{Series: two, LineWidth: -2}, []string{"TimeSeries.LineWidth is -2 points"}},
		"too many pixels":  {TimeSeries{Series: two, Width: 100, Height: 100}, []string{"225 million pixels", "200"}},
		"scatter unequal":  {Scatter{X: ramp(3), Y: ramp(2)}, []string{"Scatter.X has 3", "Scatter.Y has 2", "give"}},
		"scatter empty":    {Scatter{}, []string{"empty", "give"}},
		"scatter NaN":      {Scatter{X: []float64{nan, 1}, Y: []float64{1, nan}}, []string{"none of the 2 points of Scatter"}},
		"scatter size":     {Scatter{X: ramp(2), Y: ramp(2), Size: inf}, []string{"Scatter.Size is +Inf"}},
		"no curves":        {Lines{}, []string{"Lines.Curves has 0 curves"}},
		"empty curve":      {Lines{Curves: []Curve{{Name: "loss"}}}, []string{`Curves[0] ("loss") has 0 numbers`}},
		"curve unequal":    {Lines{Curves: []Curve{{X: ramp(2), Y: ramp(3)}}}, []string{"Curves[0] has 2 numbers in X, 3 in Y", "leave X empty"}},
		"log of ≤ 0":       {Lines{LogY: true, Curves: []Curve{{Y: []float64{0, -1}}}}, []string{"none of the 2 points", "LogY"}},
		"log dots":         {Scatter{LogY: true, X: ramp(1), Y: ramp(1)}, []string{"none of the 1 points of Scatter", "LogY"}},
		"heat map empty":   {HeatMap{}, []string{"HeatMap.Z is empty", "give"}},
		"heat map ragged":  {HeatMap{Z: [][]float64{{1, 2}, {1}}}, []string{"HeatMap.Z[1] has 1 numbers, Z[0] has 2"}},
		"heat map of NaN":  {HeatMap{Z: [][]float64{{nan, inf}}}, []string{"none of the 2 numbers of HeatMap.Z is finite"}},
		"log heat map":     {HeatMap{Z: [][]float64{{0, -1}}, Log: true}, []string{"none of the 2 numbers", "set Log to false"}},
		"ends of colours":  {HeatMap{Z: two, Low: 2, High: 1}, []string{"HeatMap.Low and High are 2 and 1", "Low < High"}},
		"ends of logs":     {HeatMap{Z: two, High: 1, Log: true}, []string{"are 0 and 1", "0 < Low < High"}},
		"places":           {HeatMap{Z: two, X: ramp(3)}, []string{"HeatMap.X has 3 numbers", "2 cells"}},
		"places fall":      {HeatMap{Z: two, X: []float64{2, 1}}, []string{"HeatMap.X[1] is 1", "increase"}},
		"place NaN":        {HeatMap{Z: two, Y: []float64{nan}}, []string{"HeatMap.Y[0] is NaN"}},
		"log place":        {HeatMap{Z: two, X: ramp(2), LogX: true}, []string{"HeatMap.X[0] is 0", "logarithmic"}},
		"places too far":   {HeatMap{Z: two, X: []float64{-1.7e308, 1.7e308}}, []string{"HeatMap.X reaches"}},
		"heat map size":    {HeatMap{Z: two, Width: 1}, []string{"HeatMap.Width is 1 inches", "or 0 for 6"}},
		"log across":       {Lines{LogX: true, Curves: []Curve{{Y: []float64{1}}}}, []string{"none of the 1 points", "set LogX to false"}},
		"band unequal":     {Lines{Curves: []Curve{{Name: "a", Y: ramp(3), Low: ramp(3)}}}, []string{`Curves[0] ("a") has 3 numbers in Low, 0 in High, 3 in Y`, "no band"}},
		"scatter colours":  {Scatter{X: ramp(2), Y: ramp(2), Z: ramp(3)}, []string{"Scatter.Z has 3 numbers, Scatter.X has 2", "leave Z empty"}},
		"colours of NaN":   {Scatter{X: ramp(1), Y: ramp(1), Z: []float64{nan}}, []string{"none of the 1 numbers of Scatter.Z is finite"}},
		"ends of dots":     {Scatter{X: ramp(2), Y: ramp(2), Z: ramp(2), Low: 1, High: nan}, []string{"Scatter.Low and High are 1 and NaN"}},
		"family empty":     {Family{}, []string{"Family.Y is empty", "give"}},
		"family colours":   {Family{Y: two}, []string{"Family.Z has 0 numbers, Family.Y has 1 curves"}},
		"family ragged":    {Family{Y: [][]float64{{1, 2}, {1}}, Z: ramp(2)}, []string{"Family.Y[1] has 1 numbers, wanted 2"}},
		"family of NaN":    {Family{Y: [][]float64{{1}, {2}}, Z: []float64{1, nan}}, []string{"Family.Z[1] is NaN", "Log"}},
		"no samples":       {Histogram{}, []string{"Histogram.Samples has 0 samples"}},
		"histogram NaN":    {Histogram{Samples: []Sample{{X: []float64{nan}}}}, []string{"none of the values of Histogram is finite"}},
		"log histogram":    {Histogram{Samples: []Sample{{X: []float64{0}}}, LogX: true}, []string{"finite and > 0", "set LogX to false"}},
		"bins":             {Histogram{Samples: []Sample{{X: ramp(2)}}, Bins: -1}, []string{"Histogram.Bins is -1", "or 0"}},
		"log line at 0":    {Lines{LogY: true, Curves: []Curve{{Y: []float64{1, 2}}}, Lines: []HLine{{Value: 0}}}, []string{"Lines.Lines[0] is at 0", "logarithmic"}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "p.png")
			if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
				t.Fatal(err)
			}
			checkMessage(t, c.p.Save(path), c.want)
			if old, _ := os.ReadFile(path); string(old) != "old" {
				t.Errorf("the file that was there before changed to %d bytes", len(old))
			}
		})
	}
}

func TestErrorsOfScatterMatrix(t *testing.T) {
	two := []Column{{Label: "a", Values: ramp(2)}, {Label: "b", Values: ramp(2)}}
	for _, c := range []struct {
		m    ScatterMatrix
		want []string
	}{
		{ScatterMatrix{Columns: two[:1]}, []string{"Columns has 1 columns", "give 2 to 12"}},
		{ScatterMatrix{Columns: []Column{two[0], {Label: "c", Values: ramp(3)}}}, []string{`Columns[1] ("c") has 3 numbers, Columns[0] has 2`}},
		{ScatterMatrix{Columns: []Column{two[0], {Label: "c", Values: []float64{math.NaN(), 0}, Log: true}}}, []string{`Columns[1] ("c") has no number`, "leave it out"}},
		{ScatterMatrix{Columns: two, Z: ramp(3)}, []string{"ScatterMatrix.Z has 3 numbers, Columns[0] has 2"}},
		{ScatterMatrix{Columns: two, Z: ramp(2), Low: 2, High: 1}, []string{"ScatterMatrix.Low and High are 2 and 1"}},
		{ScatterMatrix{Columns: two, Size: -1}, []string{"ScatterMatrix.Size is -1 points"}},
		{ScatterMatrix{Columns: two, Width: 1}, []string{"ScatterMatrix.Width is 1 inches", "or 0 for 5"}},
		{ScatterMatrix{Columns: two, Width: 3}, []string{"ScatterMatrix.Width and Height are 3 and 5 inches", "at least 4 for 2 columns, or 0 for 5"}},
		{ScatterMatrix{Columns: two, Width: 100, Height: 100}, []string{"225 million pixels"}},
	} {
		checkMessage(t, c.m.Save(filepath.Join(t.TempDir(), "p.png")), c.want)
	}
	checkMessage(t, ScatterMatrix{Columns: two}.Save("p.gif"), []string{".png, .svg or .pdf"})
}

func TestErrorsOfStack(t *testing.T) {
	ok := Scatter{X: ramp(2), Y: ramp(2)}
	path := filepath.Join(t.TempDir(), "p.png")
	checkMessage(t, Stack(path), []string{"no panels"})
	checkMessage(t, Stack(path, ok, nil), []string{"panel 2", "nil"})
	checkMessage(t, Stack(path, ok, (*Scatter)(nil)), []string{"panel 2", "nil"})
	checkMessage(t, Stack(path, ok, Scatter{}), []string{"panel 2 of 2", "empty"})
	checkMessage(t, Stack("p.gif", ok), []string{".png, .svg or .pdf"})
}

func TestErrorsOfPaths(t *testing.T) {
	p := Scatter{X: ramp(2), Y: ramp(2), Width: 2, Height: 2}
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	folder := filepath.Join(dir, "folder.png")
	locked := filepath.Join(dir, "locked")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{folder, locked} {
		if err := os.Mkdir(f, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string][]string{
		"p.jpg":                           {`"p.jpg" has the extension ".jpg"`, ".png, .svg or .pdf"},
		"picture":                         {"has no extension", ".png, .svg or .pdf"},
		"":                                {"has no extension"},
		filepath.Join(dir, "no", "p.png"): {"the folder", "does not exist", "create it"},
		filepath.Join(file, "p.png"):      {"is a file, not a folder"},
		folder:                            {"it is a folder", "add a file name"},
	} {
		checkMessage(t, p.Save(path), want)
	}
	if err := os.Chmod(locked, 0o555); err != nil {
		t.Fatal(err)
	}
	if probe := os.WriteFile(filepath.Join(locked, "probe"), nil, 0o644); probe != nil { // not so for root
		checkMessage(t, p.Save(filepath.Join(locked, "p.png")), []string{"no permission", "locked"})
	}
	if err := p.Save(filepath.Join(dir, "good.png")); err != nil {
		t.Error(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".plot-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v %v", left, err)
	}
}

func checkMessage(t *testing.T, err error, want []string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want one with %q", want)
		return
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q lacks %q", err, w)
		}
	}
	if !strings.Contains(err.Error(), "plot: ") || strings.Count(err.Error(), "\n") > 3 {
		t.Errorf("error %q lacks the package or is too long", err)
	}
}
