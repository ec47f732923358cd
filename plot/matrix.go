package plot

import (
	"fmt"
	"image/color"
)

// ScatterMatrix is a picture of samples of several quantities, such as the points of a sweep: for every pair of them a field of dots, one per
// sample, and on the diagonal a histogram of each. With Z the colours of the dots show a further quantity, such as a result, and there is a
// colour bar.
//
// Samples with a NaN or infinite number in a pair are left out of its field, and of all if their Z is such; on logarithmic axes and colours
// numbers ≤ 0 are too. It is an error if there are fewer than two columns or more than 12, if they or Z differ in length, if one has no number
// that can be shown, if Low ≥ High, or if the picture is too small. It is no [Panel].
type ScatterMatrix struct {
	Title   string
	Columns []Column // from left to right, and from the top down

	Z         []float64     // one number per sample, shown by the colour; empty: all dots have the same
	ZLabel    string        // of the colour bar
	Log       bool          // logarithmic colours
	Low, High float64       // of the colours; both 0: least and largest number of Z
	Colors    []color.Color // from Low to High, mixed between; nil: Viridis

	Size float64 // diameter of a dot in points (1/72 inch); 0: 4

	Width, Height float64 // in inches, at least 1 and 1.5 for each column; 0: 1 and 2 for each
}

// Column is one quantity of a [ScatterMatrix].
type Column struct {
	Label  string    // with the unit
	Values []float64 // one number per sample
	Log    bool      // logarithmic axes
}

// mostColumns is how many columns a matrix may have; fields of more would be too small to see.
const mostColumns = 12

// Save writes the picture to path; the extension, .png, .svg or .pdf, chooses the format. The file appears
// complete or not at all.
func (m ScatterMatrix) Save(path string) error {
	format, err := formatOf(path)
	if err != nil {
		return err
	}
	l, err := m.layout()
	if err != nil {
		return err
	}
	if err := checkArea(l.width, l.height); err != nil {
		return err
	}
	sheet := format.open(l.width, l.height)
	l.draw(pen{sheet})
	return writeFile(path, sheet.encode)
}

// check refuses columns of which there is no picture.
func (m ScatterMatrix) check() error {
	if n := len(m.Columns); n < 2 || n > mostColumns {
		return fmt.Errorf("plot: ScatterMatrix.Columns has %d columns; give 2 to %d", n, mostColumns)
	}
	samples := len(m.Columns[0].Values)
	for i, c := range m.Columns {
		if len(c.Values) != samples {
			return fmt.Errorf("plot: ScatterMatrix.Columns[%d]%s has %d numbers, Columns[0] has %d; give each one per sample",
				i, quoted(c.Label), len(c.Values), samples)
		}
	}
	if len(m.Z) > 0 && len(m.Z) != samples {
		return fmt.Errorf("plot: ScatterMatrix.Z has %d numbers, Columns[0] has %d; give one per sample, or leave Z empty", len(m.Z), samples)
	}
	return nil
}

// figures are the lower triangle, [row][column], and the colour bar.
func (m ScatterMatrix) figures() (rows [][]*figure, bar *colorScale, err error) {
	if err := m.check(); err != nil {
		return nil, nil, err
	}
	size, err := strokeOr("ScatterMatrix.Size", m.Size, 4)
	if err != nil {
		return nil, nil, err
	}
	spot := dots{size: size, color: blackMost}
	if len(m.Z) > 0 {
		if bar, err = newColorScale("ScatterMatrix.Z", m.ZLabel, [][]float64{m.Z}, m.Low, m.High, m.Log, m.Colors); err != nil {
			return nil, nil, err
		}
		spot.z = m.Z
	}
	var axes []axis
	for i, c := range m.Columns {
		h, err := Histogram{Samples: []Sample{{X: c.Values, Color: frameColor}}, LogX: c.Log}.figure()
		if err != nil {
			return nil, nil, fmt.Errorf("plot: ScatterMatrix.Columns[%d]%s has no number that its axis can show; leave it out, or mend the data", i, quoted(c.Label))
		}
		h.x.widen(0.04) // beyond the bins
		axes = append(axes, h.x)
		var row []*figure
		for j, d := range m.Columns[:i] {
			field := spot
			field.x, field.y = d.Values, c.Values
			row = append(row, &figure{x: axes[j], y: axes[i], dots: field, bar: bar})
		}
		rows = append(rows, append(row, h))
	}
	return rows, bar, nil
}

// matrixLayout is a scatter matrix with everything in its place.
type matrixLayout struct {
	*figure                 // the sheet: title, size, colour bar
	labels      []string    // of the columns
	fields      [][]*layout // [row][column] of the lower triangle
	barAt       box
	left, below float64 // distance of labels of axes from the fields
}

// fieldGap is the distance between two fields, in points.
const fieldGap = 14.0

func (m ScatterMatrix) layout() (*matrixLayout, error) {
	rows, bar, err := m.figures()
	if err != nil {
		return nil, err
	}
	n := float64(len(rows))
	sheet, err := newFigureOr("ScatterMatrix", m.Title, "", "", m.Width, m.Height, 1+2*n, 1+2*n)
	if err != nil {
		return nil, err
	}
	if least := 1 + 1.5*n; min(sheet.width, sheet.height) < least {
		return nil, fmt.Errorf("plot: ScatterMatrix.Width and Height are %g and %g inches; give at least %g for %g columns, or 0 for %g", sheet.width, sheet.height, least, n, 1+2*n)
	}
	sheet.bar = bar
	l := &matrixLayout{figure: sheet}
	whole := box{0, 0, pointsPerInch * sheet.width, pointsPerInch * sheet.height}
	for i, row := range rows {
		var line []*layout
		for _, f := range row {
			line = append(line, &layout{figure: f, panel: whole})
		}
		l.fields, l.labels = append(l.fields, line), append(l.labels, oneLine(m.Columns[i].Label))
	}
	l.arrange(whole)
	return l, nil
}

// arrange puts the fields side by side and below each other, all of one size, with room for the labels left and below.
func (l *matrixLayout) arrange(whole box) {
	n := float64(len(l.fields))
	l.below = tickLength + tickGap + capHeight*tickSize
	in := whole.inset(edge)
	in.bottom += l.below + labelGap + labelSize*(capHeight+descent)
	if l.title != "" {
		in.top -= titleSize*(capHeight+descent) + labelGap
	}
	high := (in.height() - (n-1)*fieldGap) / n
	widest := 0.0
	for i, row := range l.fields {
		top := in.top - float64(i)*(high+fieldGap)
		for _, f := range row {
			f.axes.bottom, f.axes.top = snap(top-high), snap(top)
			f.setTicksUp()
		}
		for _, t := range row[0].yticks {
			if i > 0 {
				widest = max(widest, textWidth(tickSize, t.label))
			}
		}
	}
	l.left = tickLength + tickGap + widest
	in.left += l.left + labelGap + labelSize*(capHeight+descent)
	in.right -= tickSize // half of a label at the very right
	wide := (in.width() - (n-1)*fieldGap) / n
	for _, row := range l.fields {
		for j, f := range row {
			left := in.left + float64(j)*(wide+fieldGap)
			f.axes.left, f.axes.right = snap(left), snap(left+wide)
			f.setTicksAcross()
			f.shapes = f.project()
		}
	}
	if l.bar != nil { // in the upper right corner, beside the first histogram
		l.barAt = box{in.left, in.top - high, in.right - l.bar.barRoom() + edge, in.top}
	}
}

func (l *matrixLayout) draw(p pen) {
	whole := box{0, 0, pointsPerInch * l.width, pointsPerInch * l.height}
	p.fill(whole, white)
	end := 0.0 // of the labels below
	for i, row := range l.fields {
		for j, f := range row {
			f.grid(p)
			f.shapes.draw(p, f.figure)
			p.frame(f.axes, axisStyle)
			if i == len(l.fields)-1 {
				end = f.separate(end)
				l.labelAcross(p, f, l.labels[j])
			}
			if j == 0 && i > 0 {
				l.labelUp(p, f, l.labels[i])
			}
		}
	}
	if l.bar != nil {
		l.bar.drawBar(p, l.barAt, whole)
	}
	if l.title != "" {
		p.text(fitSize(titleSize, l.title, whole.width()-2*edge), whole.right/2, whole.top-edge-titleSize*capHeight, 0.5, l.title)
	}
}

// separate takes the labels off ticks where they would touch those of the field before, which end at the given place; it returns where they end.
func (l *layout) separate(end float64) float64 {
	const apart = 4.0
	for i, t := range l.xticks {
		x, half := l.axes.left+t.at*l.axes.width(), textWidth(tickSize, t.label)/2
		switch {
		case t.label == "":
		case x-half < end+apart:
			l.xticks[i].label = ""
		default:
			end = x + half
		}
	}
	return end
}

func (l *matrixLayout) labelAcross(p pen, f *layout, label string) {
	f.ticksAcross(p)
	size := fitSize(labelSize, label, f.axes.width()+fieldGap/2)
	p.text(size, (f.axes.left+f.axes.right)/2, f.axes.bottom-l.below-labelGap-capHeight*labelSize, 0.5, label)
}

func (l *matrixLayout) labelUp(p pen, f *layout, label string) {
	f.ticksUp(p)
	size := fitSize(labelSize, label, f.axes.height()+fieldGap/2)
	p.textUp(size, f.axes.left-l.left-labelGap, (f.axes.bottom+f.axes.top)/2, label)
}
