package plot

import "math"

// Distances in points.
const (
	edge       = 10.0 // between anything and the edge of the panel
	tickLength = 4.0
	tickGap    = 4.0 // between tick and its label
	labelGap   = 8.0 // between tick labels and axis label, title and axes
)

// Lines of an even number of pixels, see snap.
var (
	gridStyle = lineStyle{width: 2 * pixel, color: gridColor}
	axisStyle = lineStyle{width: 2 * pixel, color: frameColor}
)

// layout is a panel with everything in its place.
type layout struct {
	*figure
	panel, axes    box
	xticks, yticks []tick
	shapes         shapes
	legendAt       placement
}

// drawRows draws the figures on a sheet of the given size in points: those of a row beside each other, over the whole width,
// the rows below each other. Panels of equal width have equal margins: below each other they have their axes in line.
func drawRows(p pen, rows [][]*figure, width, height float64) {
	p.fill(box{0, 0, width, height}, white)
	var alike [][]*layout
	top := height
	for _, row := range rows {
		w, h := sizeOf(row)
		at, bottom := 0.0, top-pointsPerInch*h
		for _, f := range row {
			next := at + f.width/w
			l := &layout{figure: f, panel: box{at * width, bottom, next * width, top}}
			alike, at = addAlike(alike, l), next
		}
		top = bottom
	}
	for _, panels := range alike {
		drawAlike(p, panels)
	}
}

// sizeOf is the width and height of a row of figures, in inches.
func sizeOf(row []*figure) (width, height float64) {
	for _, f := range row {
		width, height = width+f.width, max(height, f.height)
	}
	return width, height
}

// addAlike adds a panel to those of its width, or begins another list.
func addAlike(lists [][]*layout, l *layout) [][]*layout {
	for i, list := range lists {
		if math.Abs(list[0].panel.width()-l.panel.width()) < pixel {
			lists[i] = append(list, l)
			return lists
		}
	}
	return append(lists, []*layout{l})
}

// drawAlike draws panels of equal width, with equal margins.
func drawAlike(p pen, panels []*layout) {
	left, right := 0.0, 0.0
	for _, l := range panels {
		left = max(left, l.leftMargin())
	}
	for range 2 { // a margin that one panel asks for may give another one other ticks
		for _, l := range panels {
			right = l.rightMargin(left, right)
		}
	}
	for _, l := range panels {
		l.arrange(left, right)
		l.draw(p)
	}
}

// vertical sets the axes' top and bottom, with a strip of the given height between title and axes, and the ticks of
// the vertical axis.
func (l *layout) vertical(strip float64) {
	l.axes.top = l.panel.top - edge - strip
	if l.title != "" {
		l.axes.top -= titleSize*(capHeight+descent) + labelGap
	}
	if l.title == "" && strip == 0 {
		l.axes.top -= 0.3 * tickSize // half of a label at the very top
	}
	l.axes.bottom = l.panel.bottom + edge + tickLength + tickGap + capHeight*tickSize
	if l.xlabel != "" {
		l.axes.bottom += labelGap + labelSize*(capHeight+descent)
	} else {
		l.axes.bottom += descent * tickSize
	}
	l.axes.top, l.axes.bottom = snap(l.axes.top), snap(l.axes.bottom)
	l.setTicksUp()
}

// setTicksUp chooses the ticks of the vertical axis, and of the colour bar.
func (l *layout) setTicksUp() {
	l.yticks = l.y.ticks(func(labels []string, apart float64) bool {
		return len(labels) <= 11 && apart*l.axes.height() >= 2.2*tickSize
	})
	if l.bar != nil {
		l.bar.ticks = l.bar.scale.ticks(func(labels []string, apart float64) bool {
			return len(labels) <= 9 && apart*l.axes.height() >= 2.2*tickSize
		})
	}
}

// leftMargin is the width this panel needs left of its axes.
func (l *layout) leftMargin() float64 {
	l.vertical(0)
	widest := 0.0
	for _, t := range l.yticks {
		widest = max(widest, textWidth(tickSize, t.label))
	}
	left := edge + widest + tickGap + tickLength
	if l.ylabel != "" {
		left += labelSize*(capHeight+descent) + labelGap
	}
	return left
}

// rightMargin is the width, at least the given one, this panel needs right of its axes, of which the last label may stick out by half its width.
// The margin decides on the ticks, and the ticks on the margin, which grows until both agree.
func (l *layout) rightMargin(left, atLeast float64) float64 {
	right := max(edge, atLeast)
	if l.bar != nil {
		right = max(right, l.bar.barRoom())
	}
	for range 20 { // two or three times, in practice
		l.horizontal(left, right)
		need := right
		for _, t := range l.xticks {
			out := textWidth(tickSize, t.label)/2 - (1-t.at)*l.axes.width()
			need = max(need, edge/2+out)
		}
		if need <= right {
			break
		}
		right = need
	}
	return right
}

// horizontal sets the axes' left and right end and the ticks of the horizontal axis.
func (l *layout) horizontal(left, right float64) {
	const least = 20.0 // points of axes that remain, whatever the labels
	l.axes.left, l.axes.right = snap(l.panel.left+left), snap(l.panel.right-right)
	l.axes.right = max(l.axes.right, l.axes.left+least)
	l.setTicksAcross()
}

// setTicksAcross chooses the ticks of the horizontal axis.
func (l *layout) setTicksAcross() {
	l.xticks = l.x.ticks(func(labels []string, apart float64) bool {
		widest := 0.0
		for _, s := range labels {
			widest = max(widest, textWidth(tickSize, s))
		}
		return len(labels) <= 11 && apart*l.axes.width() >= widest+1.2*tickSize
	})
}

// arrange puts everything into place, the legend last: where it would cover data it gets a strip of its own.
func (l *layout) arrange(left, right float64) {
	l.vertical(0)
	l.horizontal(left, right)
	l.squareCells()
	l.shapes = l.project()
	if len(l.legend) == 0 {
		return
	}
	if at, free := l.legendInside(); free {
		l.legendAt = at
		return
	}
	at, strip := l.legendAbove()
	l.vertical(strip)
	l.shapes = l.project()
	l.legendAt = at
}

// squareCells makes the axes of a matrix shorter in one direction, so that its cells become square; the upper left
// corner stays.
func (l *layout) squareCells() {
	if l.cells == nil || !l.cells.square {
		return
	}
	columns, rows := l.x.hi-l.x.lo, l.y.hi-l.y.lo
	size := min(l.axes.width()/columns, l.axes.height()/rows)
	l.axes.right, l.axes.bottom = snap(l.axes.left+size*columns), snap(l.axes.top-size*rows)
	l.setTicksUp()
	l.setTicksAcross()
}

func (l *layout) draw(p pen) {
	a := l.axes
	if l.cells == nil {
		l.grid(p)
	}
	if l.bar != nil {
		l.bar.drawBar(p, a, l.panel)
	}
	l.shapes.draw(p, l.figure)
	p.frame(a, axisStyle)
	l.ticks(p)
	middle := (a.left + a.right) / 2
	if l.title != "" {
		room := l.panel.width() - 2*edge
		size := fitSize(titleSize, l.title, room)
		half := textWidth(size, l.title) / 2
		x := min(max(middle, l.panel.left+edge+half), l.panel.right-edge-half)
		p.text(size, x, l.panel.top-edge-titleSize*capHeight, 0.5, l.title)
	}
	if l.xlabel != "" {
		size := fitSize(labelSize, l.xlabel, a.width())
		below := tickLength + tickGap + capHeight*tickSize + labelGap + capHeight*labelSize
		p.text(size, middle, a.bottom-below, 0.5, l.xlabel)
	}
	if l.ylabel != "" {
		size := fitSize(labelSize, l.ylabel, l.panel.height()-2*edge)
		half := textWidth(size, l.ylabel) / 2
		y := min(max((a.bottom+a.top)/2, l.panel.bottom+edge+half), l.panel.top-edge-half)
		p.textUp(size, l.panel.left+edge+capHeight*labelSize, y, l.ylabel)
	}
	l.legendAt.draw(p)
}

// grid draws a line across the axes at each labelled tick, but for those that lie on the frame.
func (l *layout) grid(p pen) {
	a := l.axes
	for _, t := range l.xticks {
		if x := snap(a.left + t.at*a.width()); t.label != "" && x-a.left > 2*pixel && a.right-x > 2*pixel {
			p.line(gridStyle, xy{x, a.bottom}, xy{x, a.top})
		}
	}
	for _, t := range l.yticks {
		if y := snap(a.bottom + t.at*a.height()); t.label != "" && y-a.bottom > 2*pixel && a.top-y > 2*pixel {
			p.line(gridStyle, xy{a.left, y}, xy{a.right, y})
		}
	}
}

// ticks draws the marks outside the frame and their labels.
func (l *layout) ticks(p pen) {
	l.ticksAcross(p)
	l.ticksUp(p)
}

func (l *layout) ticksAcross(p pen) {
	a := l.axes
	for _, t := range l.xticks {
		x := snap(a.left + t.at*a.width())
		p.line(axisStyle, xy{x, a.bottom}, xy{x, a.bottom - t.length()})
		p.text(tickSize, x, a.bottom-tickLength-tickGap-capHeight*tickSize, 0.5, t.label)
	}
}

func (l *layout) ticksUp(p pen) {
	a := l.axes
	for _, t := range l.yticks {
		y := snap(a.bottom + t.at*a.height())
		p.line(axisStyle, xy{a.left, y}, xy{a.left - t.length(), y})
		p.text(tickSize, a.left-tickLength-tickGap, y-capHeight*tickSize/2, 1, t.label)
	}
}
