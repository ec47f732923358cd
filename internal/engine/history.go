package engine

// pastLine is what keeps the samples of a wire that delays reach back to.
type pastLine interface {
	fill(past []float64)                  // sets all samples of negative times
	set(time int, sample []float64)       // stores a sample of a negative time; one too old is ignored
	push(sample []float64)                // appends the next sample
	get(time int, sample []float64)       // copies a sample that is still kept
	size() int                            // number of values of a copy
	save(to []float64)                    // copies what is kept
	restore(from []float64, nextTime int) // brings a copy back; the next sample is that of nextTime
	reset()                               // makes all samples 0
}

// tangentLine computes the delayed sums of tangents.
type tangentLine interface {
	pastLine
	apply(out []float64)
}

// history keeps whole samples, one after another in a ring [time][value].
type history struct {
	length, width int
	ring          []float64
	newest        int // number of the newest sample
}

func newHistory(depth, width int) history {
	return history{length: depth + 1, width: width, ring: make([]float64, (depth+1)*width), newest: -1}
}

// row is the sample of a time that is still kept.
func (h *history) row(time int) []float64 {
	at := (time + h.length) % h.length * h.width
	return h.ring[at : at+h.width]
}

func (h *history) fill(past []float64) {
	for at := 0; at < len(h.ring); at += h.width {
		copy(h.ring[at:], past)
	}
}

func (h *history) set(time int, sample []float64) {
	if -time < h.length {
		copy(h.row(time), sample)
	}
}

func (h *history) push(sample []float64) {
	h.newest++
	copy(h.row(h.newest), sample)
}

func (h *history) get(time int, sample []float64) { copy(sample, h.row(time)) }
func (h *history) reset()                         { clear(h.ring) }
func (h *history) size() int                      { return len(h.ring) }
func (h *history) save(to []float64)              { copy(to, h.ring) }
func (h *history) restore(from []float64, nextTime int) {
	copy(h.ring, from)
	h.newest = nextTime - 1
}

// laneLine is a delay line of several lanes, for tangents: samples [source][lane], sums in the same order
// as delayLine's.
type laneLine struct {
	history
	plan  *delayPlan
	lanes int
}

// newTangentLine is a line for so many lanes; a single one goes in blocks like values.
func newTangentLine(p *delayPlan, lanes int) tangentLine {
	if lanes == 1 {
		return newDelayLine(p)
	}
	return newLaneLine(p, lanes)
}

func newLaneLine(p *delayPlan, lanes int) *laneLine {
	return &laneLine{history: newHistory(p.depth, p.long.sources*lanes), plan: p, lanes: lanes}
}

// ago are the lanes of a source that many steps ago.
func (d *laneLine) ago(source, steps int32) []float64 {
	at := d.newest%d.length - int(steps)
	if at < 0 {
		at += d.length
	}
	return d.ring[at*d.width+int(source)*d.lanes:]
}

func (d *laneLine) apply(out []float64) {
	for i := range d.plan.long.targets {
		acc := out[i*d.lanes : (i+1)*d.lanes]
		clear(acc)
		for _, l := range [...]*edgeList{d.plan.long, d.plan.short} {
			for e := l.start[i]; e < l.start[i+1]; e++ {
				axpy(acc, l.weight[e], d.ago(l.source[e], l.steps[e]))
			}
		}
	}
}

// applyTangent adds Σ_j dW_ij·s_j(n−d_ij) to the lanes of each target; d is the primal line, of one lane,
// and chain scratch of one value per lane.
func (d *laneLine) applyTangent(out, dw, chain []float64) {
	lanes := len(chain)
	for i := range d.plan.long.targets {
		clear(chain)
		for _, l := range [...]*edgeList{d.plan.long, d.plan.short} {
			for e := l.start[i]; e < l.start[i+1]; e++ {
				axpy(chain, d.ago(l.source[e], l.steps[e])[0], dw[int(l.entry[e])*lanes:])
			}
		}
		addTo(out[i*lanes:(i+1)*lanes], chain)
	}
}
