package space

// Shape is the shape of the values along a path, nil for numbers or if there is no such axis. Where uniform is true all elements of
// every value are the same number.
func (s *Space) Shape(path string) (shape []int, uniform bool) {
	if s.Err() != nil {
		return nil, false
	}
	for _, a := range s.axes {
		if a.path == path {
			list, given := a.from.(listed)
			return a.shape, !a.each && !(given && len(list) > a.n)
		}
	}
	return nil, false
}
