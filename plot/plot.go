// Package plot draws the pictures of a study: the time series of all regions ([TimeSeries]), one quantity against
// another ([Scatter]), named curves such as a loss history ([Lines]), curves by a number ([Family]), a matrix or what a sweep over two
// parameters found ([HeatMap]), how values are spread ([Histogram]), samples of several quantities ([ScatterMatrix]); alone, below each
// other ([Stack]) or in rows ([Rows]). It does not compute what it shows, opens no window and offers no general chart language.
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

// Panel is a picture that can be saved alone or be part of a [Stack] or [Rows]: all but [ScatterMatrix] are panels.
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
		return fmt.Errorf("plot: Stack got no panels; give at least one, such as a TimeSeries")
	}
	rows := make([][]*figure, len(panels))
	for i, p := range panels {
		f, err := figureOf(p, fmt.Sprintf("panel %d of %d", i+1, len(panels)))
		if err != nil {
			return err
		}
		rows[i] = []*figure{f}
	}
	return save(path, rows)
}

// Rows writes rows of panels into one picture, first on top. The panels of a row stand beside each other, as wide in
// proportion as they say, and are as high as the highest; the picture is as wide as the widest row, which the other rows fill too. Panels
// of equal width have equal margins, so that axes below each other are in line. Format and errors are those of [Stack].
func Rows(path string, rows ...[]Panel) error {
	if len(rows) == 0 {
		return fmt.Errorf("plot: Rows got no rows; give at least one, such as []Panel{HeatMap{…}, HeatMap{…}}")
	}
	figures := make([][]*figure, len(rows))
	for i, row := range rows {
		if len(row) == 0 {
			return fmt.Errorf("plot: row %d of %d has no panels; leave it out, or give at least one", i+1, len(rows))
		}
		for k, p := range row {
			f, err := figureOf(p, fmt.Sprintf("panel %d of row %d", k+1, i+1))
			if err != nil {
				return err
			}
			figures[i] = append(figures[i], f)
		}
	}
	return save(path, figures)
}

// figureOf is the figure of a panel; where names the panel in errors.
func figureOf(p Panel, where string) (*figure, error) {
	if isNil(p) {
		return nil, fmt.Errorf("plot: %s is nil; give a panel, such as a TimeSeries", where)
	}
	f, err := p.figure()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	return f, nil
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
	return save(path, [][]*figure{{f}})
}

// save draws rows of figures and writes the file in one go.
func save(path string, rows [][]*figure) error {
	format, err := formatOf(path)
	if err != nil {
		return err
	}
	width, height := 0.0, 0.0
	for _, row := range rows {
		w, h := sizeOf(row)
		width, height = max(width, w), height+h
	}
	if err := checkArea(width, height); err != nil {
		return err
	}
	sheet := format.open(width, height)
	drawRows(pen{sheet}, rows, pointsPerInch*width, pointsPerInch*height)
	return writeFile(path, sheet.encode)
}
