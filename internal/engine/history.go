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
