package plot

import (
	"image/color"
	"math"
)

// cells are the coloured rectangles of a heat map.
type cells struct {
	*colorScale
	z      [][]float64 // [row][column]
	x, y   []float64   // borders of columns and rows
	square bool
}

// mostCells is how many rows or columns are drawn; more could not be told apart.
const mostCells = 400

// shrink takes means over blocks of rows and columns where there are too many.
func (c *cells) shrink() {
	rows, columns := len(c.z), len(c.z[0])
	high, wide := (rows+mostCells-1)/mostCells, (columns+mostCells-1)/mostCells
	if high == 1 && wide == 1 {
		return
	}
	var z [][]float64
	for i := 0; i < rows; i += high {
		var row []float64
		for j := 0; j < columns; j += wide {
			row = append(row, c.mean(i, min(i+high, rows), j, min(j+wide, columns)))
		}
		z = append(z, row)
	}
	c.z, c.x, c.y = z, every(c.x, wide), every(c.y, high)
}

// mean is that of the numbers of a block that can be shown, NaN if there are none; of logarithms where colours are.
func (c *cells) mean(top, bottom, left, right int) float64 {
	var sum, n float64
	for _, row := range c.z[top:bottom] {
		for _, v := range row[left:right] {
			if !c.scale.shows(v) {
				continue
			}
			if c.scale.log {
				v = math.Log10(v)
			}
			n++
			sum += (v - sum) / n // a running mean does not overflow
		}
	}
	switch {
	case n == 0:
		return math.NaN()
	case c.scale.log:
		return math.Pow(10, sum)
	}
	return sum
}

// every keeps the borders 0, k, 2k … and the last.
func every(borders []float64, k int) []float64 {
	var kept []float64
	for i := 0; i < len(borders)-1; i += k {
		kept = append(kept, borders[i])
	}
	return append(kept, borders[len(borders)-1])
}

// patch is a cell on the sheet.
type patch struct {
	box
	color color.Color
}

// patches are the cells that can be shown, in the order in which they are drawn.
func (c *cells) patches(f *figure, axes box) []patch {
	var list []patch
	for i, row := range c.z {
		for j, v := range row {
			if !c.scale.shows(v) {
				continue
			}
			p, q := f.locate(axes, c.x[j], c.y[i]), f.locate(axes, c.x[j+1], c.y[i+1])
			b := box{snap(p.x), snap(min(p.y, q.y)), snap(q.x), snap(max(p.y, q.y))}
			if c.shown(i, j+1) && c.shown(i+1, j) && c.shown(i+1, j+1) {
				// Viewers of vector pictures leave hair lines between cells that only touch.
				b.right += overlap
				if f.y.down {
					b.bottom -= overlap
				} else {
					b.top += overlap
				}
			}
			list = append(list, patch{b, c.color(v)})
		}
	}
	return list
}

// shown reports whether there is such a cell, with a colour.
func (c *cells) shown(i, j int) bool {
	return i < len(c.z) && j < len(c.z[i]) && c.scale.shows(c.z[i][j])
}

// overlap is how far a cell reaches below those drawn after it, in points.
const overlap = 0.5
