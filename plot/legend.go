package plot

import (
	"fmt"
	"slices"
)

// Distances within the legend, in points.
const (
	sample    = 24.0             // length of the piece of line
	sampleGap = 6.0              // between it and its text
	rowHeight = 1.5 * legendSize // from one row to the next
	boxPad    = 6.0              // between frame and contents
	boxInset  = 8.0              // between frame and axes
	columnGap = 20.0             // between entries in a row
)

// placement is a legend in its place. The zero value draws nothing.
type placement struct {
	frame box // drawn unless empty
	rows  []placed
}

// placed is an entry whose sample begins at x, in a row whose middle is at y.
type placed struct {
	entry
	x, y float64
	size float64 // of the font
}

// legendInside is the first of nine places within the axes where the legend, in a frame, covers no data, and whether
// there is one.
func (l *layout) legendInside() (placement, bool) {
	w, h := 0.0, float64(len(l.legend))*rowHeight+2*boxPad-(rowHeight-legendSize)
	for _, e := range l.legend {
		w = max(w, textWidth(legendSize, e.text))
	}
	w += sample + sampleGap + 2*boxPad
	in := l.axes.inset(boxInset)
	if w > 0.6*in.width() || h > 0.8*in.height() {
		return placement{}, false
	}
	// Places as (across, up), each 0, 0.5 or 1: corners first.
	for _, at := range [9]xy{{1, 1}, {0, 1}, {0, 0}, {1, 0}, {1, 0.5}, {0, 0.5}, {0.5, 1}, {0.5, 0}, {0.5, 0.5}} {
		left, bottom := in.left+at.x*(in.width()-w), in.bottom+at.y*(in.height()-h)
		frame := box{snap(left), snap(bottom), snap(left + w), snap(bottom + h)}
		if l.shapes.touch(frame.inset(-4)) {
			continue
		}
		p := placement{frame: frame}
		for i, e := range l.legend {
			y := frame.top - boxPad - legendSize/2 - float64(i)*rowHeight
			p.rows = append(p.rows, placed{entry: e, x: frame.left + boxPad, y: y, size: legendSize})
		}
		return p, true
	}
	return placement{}, false
}

// legendAbove is the legend in rows between title and axes, and the height it needs. Entries beyond a third
// of the panel's height are counted, not shown.
func (l *layout) legendAbove() (placement, float64) {
	room := l.axes.width()
	rows, column := wrap(l.legend, room)
	if most := max(1, int(l.panel.height()/3/rowHeight)); len(rows) > most {
		shown := 0
		for _, r := range rows[:most-1] {
			shown += len(r)
		}
		rest := entry{text: fmt.Sprintf("… and %d more", len(l.legend)-shown)}
		rows = append(rows[:most-1:most-1], []entry{rest})
	}
	top := l.panel.top - edge
	if l.title != "" {
		top -= titleSize*(capHeight+descent) + labelGap
	}
	start := (l.axes.left+l.axes.right)/2 - min(rowWidth(rows[0], column), room)/2
	var p placement
	for i, row := range rows {
		x := start
		for _, e := range row {
			size := fitSize(legendSize, e.text, room-sample-sampleGap)
			p.rows = append(p.rows, placed{entry: e, x: x, y: top - (float64(i)+0.5)*rowHeight, size: size})
			x += max(entryWidth(e), column) + columnGap
		}
	}
	return p, float64(len(rows))*rowHeight + 2
}

// wrap puts the entries into one row if they fit into room, each as wide as it is; else into rows with columns of equal
// width, which it also returns.
func wrap(entries []entry, room float64) ([][]entry, float64) {
	if rowWidth(entries, 0) <= room {
		return [][]entry{entries}, 0
	}
	column := 0.0
	for _, e := range entries {
		column = max(column, entryWidth(e))
	}
	across := max(1, int((room+columnGap)/(column+columnGap)))
	return slices.Collect(slices.Chunk(entries, across)), column
}

func entryWidth(e entry) float64 { return sample + sampleGap + textWidth(legendSize, e.text) }

// rowWidth is the width of a row whose columns are at least column wide.
func rowWidth(row []entry, column float64) float64 {
	w := columnGap * float64(len(row)-1)
	for _, e := range row {
		w += max(entryWidth(e), column)
	}
	return w
}

func (p placement) draw(pen pen) {
	if p.frame.width() > 0 {
		pen.fill(p.frame, white)
		pen.frame(p.frame, lineStyle{width: 2 * pixel, color: boxColor})
	}
	for _, r := range p.rows {
		if r.patch != nil {
			pen.fill(box{r.x, r.y - 0.4*legendSize, r.x + sample, r.y + 0.4*legendSize}, r.patch)
		}
		switch {
		case r.dot > 0:
			pen.dot(r.dot, r.line.color, xy{r.x + sample/2, r.y})
		case r.line.width > 0:
			pen.line(r.line, xy{r.x, r.y}, xy{r.x + sample, r.y})
		}
		pen.text(r.size, r.x+sample+sampleGap, r.y-capHeight*r.size/2, 0, r.text)
	}
}
