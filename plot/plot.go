// Package plot draws the pictures of a study: the time series of all regions ([TimeSeries]), one quantity against
// another ([Scatter]), named curves such as a loss history ([Lines]), alone or below each other ([Stack]). It does
// not compute what it shows, opens no window and offers no general chart language.
//
// A picture is a plain value: fill in the fields, call Save. The extension of the path chooses the format:
// .png (150 pixels per inch), .svg or .pdf. Text may hold Greek letters and Unicode sub- and superscripts
// ("Σᵢ Cᵢⱼ", "10⁻³"). Samples that are NaN or infinite leave gaps. Saving changes neither the picture nor the data,
// so several goroutines may save pictures of the same data.
//
// Pictures are for the eye: unlike results, they are not promised to be the same bits on every machine.
package plot

import (
	"fmt"
	"reflect"
)

// Panel is a picture that can be saved alone or be part of a [Stack]: TimeSeries, Scatter and Lines are panels.
type Panel interface {
	// Save writes the picture to path, as .png, .svg or .pdf.
	Save(path string) error

	figure() (*figure, error)
}

// Stack writes the panels below each other, first on top, into one picture. The picture is as wide as the widest
// panel and as high as all panels together; the axes of all panels begin and end at the same horizontal positions.
// The format follows the extension of path, .png, .svg or .pdf. An error names the panel (counted from 1) that
// cannot be drawn, or says why the file cannot be written.
func Stack(path string, panels ...Panel) error {
	if len(panels) == 0 {
		return fmt.Errorf("plot: Stack got no panels; give at least one TimeSeries, Scatter or Lines")
	}
	figures := make([]*figure, len(panels))
	for i, p := range panels {
		if isNil(p) {
			return fmt.Errorf("plot: panel %d of Stack is nil; give a TimeSeries, Scatter or Lines", i+1)
		}
		f, err := p.figure()
		if err != nil {
			return fmt.Errorf("panel %d of %d: %w", i+1, len(panels), err)
		}
		figures[i] = f
	}
	return save(path, figures)
}

// isNil also finds a nil pointer behind the interface, which has methods but no fields to read.
func isNil(p Panel) bool {
	if p == nil {
		return true
	}
	v := reflect.ValueOf(p)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// saveOne writes the picture of a single panel.
func saveOne(path string, p Panel) error {
	f, err := p.figure()
	if err != nil {
		return err
	}
	return save(path, []*figure{f})
}

// save draws the figures below each other and writes the file in one go.
func save(path string, figures []*figure) error {
	format, err := formatOf(path)
	if err != nil {
		return err
	}
	width, height := 0.0, 0.0
	for _, f := range figures {
		width = max(width, f.width)
		height += f.height
	}
	if err := checkArea(width, height); err != nil {
		return err
	}
	sheet := format.open(width, height)
	drawStack(pen{sheet}, figures, pointsPerInch*width, pointsPerInch*height)
	return writeFile(path, sheet.encode)
}
