package plot

// pieces are the unbroken parts of a band, in points within the axes b.
func (c band) pieces(f *figure, b box) [][]strip {
	var all [][]strip
	var piece []strip
	end := func() {
		if len(piece) > 0 {
			all, piece = append(all, piece), nil
		}
	}
	for i := range c.x {
		if !f.x.shows(c.x[i]) || !f.y.shows(c.low[i]) || !f.y.shows(c.high[i]) {
			end()
			continue
		}
		low, high := f.locate(b, c.x[i], c.low[i]), f.locate(b, c.x[i], c.high[i])
		piece = append(piece, strip{low.x, low.y, high.y})
	}
	end()
	return all
}

// outline goes along the lower edge and back along the upper one.
func outline(piece []strip) []xy {
	corners := make([]xy, 2*len(piece))
	for i, s := range piece {
		corners[i], corners[len(corners)-1-i] = xy{s.x, s.low}, xy{s.x, s.high}
	}
	return corners
}

// covers says whether b lies on a part of the band.
func (b box) covers(piece []strip) bool {
	middle := xy{(b.left + b.right) / 2, (b.bottom + b.top) / 2}
	for i, s := range piece {
		if b.crossed(xy{s.x, s.low}, xy{s.x, s.high}) {
			return true
		}
		if i == 0 {
			continue
		}
		r := piece[i-1]
		if b.crossed(xy{r.x, r.low}, xy{s.x, s.low}) || b.crossed(xy{r.x, r.high}, xy{s.x, s.high}) {
			return true
		}
		// No edge meets b: it lies inside if its middle does.
		if at := (middle.x - r.x) / (s.x - r.x); at >= 0 && at <= 1 && middle.y >= r.low+at*(s.low-r.low) && middle.y <= r.high+at*(s.high-r.high) {
			return true
		}
	}
	return false
}

// boxes are the bars in points within the axes a; those of height 0 are left out.
func (c bars) boxes(f *figure, a box) []box {
	var all []box
	for i, h := range c.heights {
		if h == 0 {
			continue
		}
		p, q := f.locate(a, c.borders[i], 0), f.locate(a, c.borders[i+1], h)
		all = append(all, box{snap(p.x), snap(p.y), snap(q.x), snap(q.y)})
	}
	return all
}
