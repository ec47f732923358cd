package plot

// column is the width, in points, of the columns a long curve is thinned to: half a pixel.
const column = pixel / 2

// polylines are the unbroken pieces of a curve, in points within the axes b, thinned to what the eye can see.
func (c curve) polylines(f *figure, b box) [][]xy {
	var out [][]xy
	var piece []xy
	end := func() {
		if len(piece) > 0 {
			out = append(out, thin(piece))
			piece = nil
		}
	}
	for i := range c.x {
		if !f.x.shows(c.x[i]) || !f.y.shows(c.y[i]) {
			end()
			continue
		}
		if piece == nil {
			piece = make([]xy, 0, len(c.x)-i)
		}
		piece = append(piece, f.locate(b, c.x[i], c.y[i]))
	}
	end()
	return out
}

// locate is where the point (x, y) of the data lies on the sheet.
func (f *figure) locate(b box, x, y float64) xy {
	return xy{b.left + f.x.place(x)*b.width(), b.bottom + f.y.place(y)*b.height()}
}

// thin keeps of each run of points within one column the first, the lowest, the highest and the last, in their order.
// The line then covers nearly the same pixels as before: within a column only its extent shows, and it enters and leaves the
// column where it did. The points given are overwritten.
func thin(pts []xy) []xy {
	kept := pts[:0]
	for start := 0; start < len(pts); {
		col := int(pts[start].x / column)
		low, high, end := start, start, start+1
		for ; end < len(pts) && int(pts[end].x/column) == col; end++ {
			if pts[end].y < pts[low].y {
				low = end
			}
			if pts[end].y > pts[high].y {
				high = end
			}
		}
		// The four may coincide; kept never overtakes the column being read, so it may share the memory.
		four := [4]xy{pts[start], pts[min(low, high)], pts[max(low, high)], pts[end-1]}
		index := [4]int{start, min(low, high), max(low, high), end - 1}
		for k := range four {
			if k == 0 || index[k] != index[k-1] {
				kept = append(kept, four[k])
			}
		}
		start = end
	}
	return kept
}
