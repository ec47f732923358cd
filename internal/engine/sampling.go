package engine

// Rows is the number of recorded rows of a run: one per whole period of Spec.Every steps.
func (e *Engine) Rows() int { return e.spec.Steps / e.spec.Every }

// records tells which row step n contributes to, whether it is the first or the last one to do so, and
// whether it contributes at all.
func (e *Engine) records(n int) (row int, first, last, ok bool) {
	every := e.spec.Every
	row, first, last = n/every, n%every == 0, n%every == every-1
	return row, first, last, row < e.Rows() && (last || e.spec.Average)
}

// columns are lanes of arrays that hold so many numbers per value.
type columns struct{ first, count, of int }

// sample records what the wires to record carry after step n, so many lanes of it, in data, which begins with row
// number from. A mean is one chain of additions in the order of the steps, made in its row and divided at
// the end.
func (r *run) sample(record []int, n, from int, data []float64, wires [][]float64, lanes columns) {
	row, first, last, ok := r.records(n)
	if !ok || row < from {
		return
	}
	size := r.spec.RowSize * lanes.count
	recorded := data[(row-from)*size:][:size]
	mean, every := r.spec.Average, float64(r.spec.Every)
	for i, w := range record {
		wire := wires[w][lanes.first:]
		if at := r.together[i]; !mean && lanes.of == 1 && at >= 0 {
			copy(recorded[at:], wire)
			continue
		}
		if !mean && lanes.count == 1 {
			for node, at := range r.spec.Places[i] {
				recorded[at] = wire[node*lanes.of]
			}
			continue
		}
		for node, at := range r.spec.Places[i] {
			out := recorded[int(at)*lanes.count:][:lanes.count]
			for lane, x := range wire[node*lanes.of:][:lanes.count] {
				if mean && !first {
					x = out[lane] + x
				}
				if mean && last {
					x /= every
				}
				out[lane] = x
			}
		}
	}
}

// observed is what an observation of the recorded rows adds to the cotangents at the end of step n, nil
// where that is 0: the row's cotangent, or its share in a mean.
func (b *backward) observed(n int, cotangent func(row int) []float64) []float64 {
	row, _, _, ok := b.run.records(n)
	if !ok {
		return nil
	}
	c := cotangent(row)
	if c == nil || !b.run.spec.Average {
		return c
	}
	share := b.share[:len(c)]
	for i, x := range c {
		share[i] = x / float64(b.run.spec.Every)
	}
	return share
}
