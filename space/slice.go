package space

// slice is some points of a space: first, first+step, first+2·step …
type slice struct {
	of          *Space
	first, step int
}

// Slice is the points from … to−1, a space of its own; negative numbers count from the end, and to = [Space.Len] goes to
// the end. Errors: numbers outside, no point between them.
func (s *Space) Slice(from, to int) *Space {
	if s.Err() != nil {
		return s
	}
	first, end := from, to
	if from < 0 {
		first += s.n
	}
	if to < 0 {
		end += s.n
	}
	switch {
	case first < 0 || first > s.n || end < 0 || end > s.n:
		return failed("slice from %d to %d of %d points; wanted 0 … %d, or %d … -1 from the end", from, to, s.n, s.n, -s.n)
	case first >= end:
		return failed("slice from %d to %d of %d points is empty; wanted at least one point", from, to, s.n)
	}
	return s.every(first, 1, end-first)
}

// Every is the points 0, step, 2·step …; a negative step begins with the last point, so that −1 reverses the order. Errors: a step of 0.
func (s *Space) Every(step int) *Space {
	switch {
	case s.Err() != nil:
		return s
	case step > 0:
		return s.every(0, step, (s.n-1)/step+1)
	case step < 0:
		return s.every(s.n-1, step, (s.n-1)/-max(step, -s.n)+1)
	}
	return failed("every 0-th point; wanted a step of at least 1, or at most −1 from the end")
}

// every is n points; a slice of a slice is one of what that is of.
func (s *Space) every(first, step, n int) *Space {
	if n == 1 {
		step = 1 // whatever it was, so that the same point is the same data
	}
	of := slice{of: s, first: first, step: step}
	if inner, ok := s.node.(slice); ok {
		of = slice{of: inner.of, first: inner.first + first*inner.step, step: step * inner.step}
	}
	part := newSpace(of, s.axes, n)
	if of.of != s {
		part.seed = s.seed
	}
	return part
}

func (v slice) parts() []*Space { return nil }

func (v slice) write(dst []float64, i int, seed uint64) error {
	return v.of.write(dst, v.first+i*v.step, seed)
}
