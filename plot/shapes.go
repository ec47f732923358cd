package plot

import "image/color"

// shapes are the data as they lie on the sheet, in points.
type shapes struct {
	bands  [][][]strip // [band][piece][point]
	bars   [][]box     // [bars][bar]
	curves [][][]xy    // [curve][piece][point]
	lines  [][2]xy
	dots   []spot
	cells  []patch
}

// strip is a point of a band: low and high at one horizontal position.
type strip struct{ x, low, high float64 }

// spot is a dot in its place.
type spot struct {
	xy
	color color.Color
}

// project puts all data onto the sheet.
func (l *layout) project() shapes {
	var s shapes
	if l.cells != nil {
		s.cells = l.cells.patches(l.figure, l.axes)
	}
	for _, b := range l.bands {
		s.bands = append(s.bands, b.pieces(l.figure, l.axes))
	}
	for _, b := range l.bars {
		s.bars = append(s.bars, b.boxes(l.figure, l.axes))
	}
	for _, c := range l.curves {
		s.curves = append(s.curves, c.polylines(l.figure, l.axes))
	}
	for _, h := range l.lines {
		y := l.locate(l.axes, l.x.lo, h.value).y
		s.lines = append(s.lines, [2]xy{{l.axes.left, y}, {l.axes.right, y}})
	}
	for i := range l.dots.x {
		if !l.x.shows(l.dots.x[i]) || !l.y.shows(l.dots.y[i]) {
			continue
		}
		at := spot{l.locate(l.axes, l.dots.x[i], l.dots.y[i]), l.dots.color}
		if l.dots.z != nil {
			if !l.bar.scale.shows(l.dots.z[i]) {
				continue
			}
			at.color = l.bar.color(l.dots.z[i])
		}
		s.dots = append(s.dots, at)
	}
	return s
}

func (s shapes) draw(p pen, f *figure) {
	for _, c := range s.cells {
		p.fill(c.box, c.color)
	}
	for i, pieces := range s.bands {
		for _, piece := range pieces {
			p.polygon(f.bands[i].color, outline(piece)...)
		}
	}
	for i, boxes := range s.bars {
		for _, b := range boxes {
			p.fill(b, f.bars[i].fill)
			p.frame(b, f.bars[i].outline)
		}
	}
	for i, pieces := range s.curves {
		for _, pts := range pieces {
			p.line(f.curves[i].style, pts...)
		}
	}
	for i, ends := range s.lines {
		p.line(f.lines[i].style, ends[0], ends[1])
	}
	for _, at := range s.dots {
		p.dot(f.dots.size, at.color, at.xy)
	}
}

// touch says whether any data lie within b.
func (s shapes) touch(b box) bool {
	for _, pieces := range s.bands {
		for _, piece := range pieces {
			if b.covers(piece) {
				return true
			}
		}
	}
	for _, boxes := range s.bars {
		for _, bar := range boxes {
			if bar.left <= b.right && bar.right >= b.left && bar.bottom <= b.top && bar.top >= b.bottom {
				return true
			}
		}
	}
	for _, pieces := range s.curves {
		for _, pts := range pieces {
			for i, q := range pts {
				if b.crossed(pts[max(i-1, 0)], q) {
					return true
				}
			}
		}
	}
	for _, ends := range s.lines {
		if b.crossed(ends[0], ends[1]) {
			return true
		}
	}
	for _, q := range s.dots {
		if b.crossed(q.xy, q.xy) {
			return true
		}
	}
	return false
}

// crossed says whether the straight line from p to q meets b. Outside means: both ends beyond the same side, or all
// four corners on the same side of the line.
func (b box) crossed(p, q xy) bool {
	if max(p.x, q.x) < b.left || min(p.x, q.x) > b.right || max(p.y, q.y) < b.bottom || min(p.y, q.y) > b.top {
		return false
	}
	side := func(x, y float64) float64 { return (q.x-p.x)*(y-p.y) - (q.y-p.y)*(x-p.x) }
	s1, s2 := side(b.left, b.bottom), side(b.right, b.bottom)
	s3, s4 := side(b.right, b.top), side(b.left, b.top)
	return min(s1, s2, s3, s4) <= 0 && max(s1, s2, s3, s4) >= 0
}
