package engine

// Feed loads a wire at every step from a leaf whose rows are samples in time: the wire is Σ share·row over
// the taps of the step. Signals from before the start read what step 0 does.
type Feed struct {
	Wire, Leaf int
	At, Stride int  // row k begins at number At + k·Stride of the leaf
	Uniform    bool // a row is one number, else one per node of the wire
	// Taps are the rows read at a step. It may be called for any step in any order, by several goroutines.
	Taps func(step int) [3]Tap
}

// Tap is a row with its share in what is read; one with share 0 is not read.
type Tap struct {
	Row   int
	Share float64
}

// What loads a wire, beside the number of a leaf that feeds it.
const (
	computed = -1 - iota // by an operation, or the state
	normals
)

// loaders tell by wire what loads it.
func (s *Spec) loaders() []int {
	by := make([]int, len(s.Wires))
	for w := range by {
		by[w] = computed
	}
	for _, w := range s.Noise {
		by[w] = normals
	}
	for _, f := range s.Feeds {
		by[f.Wire] = f.Leaf
	}
	return by
}

// varies reports whether a wire carries derivatives: drawn normals do not, and what a leaf feeds does if
// the leaf is free.
func (c *compiler) varies(wire int) bool {
	leaf := c.loadedBy[wire]
	return leaf == computed || leaf >= 0 && c.free[leaf]
}

// row is where a tap's row lies, with lanes numbers per value.
func (f *Feed) row(leaf []float64, tap Tap, size, lanes int) []float64 {
	return leaf[(f.At+tap.Row*f.Stride)*lanes:][:size]
}

// read computes what a wire is at a step, with lanes numbers per value: the taps are added in their order.
func (f *Feed) read(out, leaf []float64, step, lanes int) {
	sum := out
	if f.Uniform {
		sum = out[:lanes]
	}
	first := true
	for _, tap := range f.Taps(step) {
		if tap.Share == 0 {
			continue
		}
		row := f.row(leaf, tap, len(sum), lanes)
		if !first {
			axpy(sum, tap.Share, row)
			continue
		}
		first = false
		for i, x := range row {
			sum[i] = tap.Share * x
		}
	}
	if f.Uniform {
		spread(out, sum, lanes)
	}
}

// pull adds a wire's cotangent at a step to the gradient of the leaf. Where one number serves all nodes,
// their cotangents are added first, in the order of their numbers.
func (f *Feed) pull(gradient, cotangent []float64, step int) {
	if f.Uniform {
		sum := [1]float64{}
		for _, c := range cotangent {
			sum[0] += c
		}
		cotangent = sum[:]
	}
	for _, tap := range f.Taps(step) {
		if tap.Share != 0 {
			axpy(f.row(gradient, tap, len(cotangent), 1), tap.Share, cotangent)
		}
	}
}

// loadFeeds sets the tangents of the wires that leaves feed to what they are at a step; leaves that are nil feed
// nothing.
func (r *run) loadFeeds(step int, wires, leaves [][]float64, lanes int) {
	for i := range r.spec.Feeds {
		f := &r.spec.Feeds[i]
		if leaf := leaves[f.Leaf]; leaf != nil {
			f.read(wires[f.Wire], leaf, step, lanes)
		}
	}
}

// feed sets the wires that leaves feed to what they are at a step of the run.
func (r *run) feed(step int) {
	for i := range r.spec.Feeds {
		f := &r.spec.Feeds[i]
		f.read(r.wire[f.Wire], r.leaves[f.Leaf], step, r.perValue(f.Leaf))
	}
}

// newFeedGradients are zeros for the leaves that feed wires and are free, by leaf.
func (b *backward) newFeedGradients() [][]float64 {
	gradients := make([][]float64, len(b.run.spec.Leaves))
	for _, f := range b.run.spec.Feeds {
		if b.free.Leaves[f.Leaf] && gradients[f.Leaf] == nil {
			gradients[f.Leaf] = make([]float64, len(b.run.values.Leaves[f.Leaf]))
		}
	}
	return gradients
}

// pullFeeds adds the cotangents of fed wires at a step to the gradients of their leaves.
func (b *backward) pullFeeds(step int) {
	for i := range b.run.spec.Feeds {
		f := &b.run.spec.Feeds[i]
		if g := b.fed[f.Leaf]; g != nil {
			f.pull(g, b.cotangent[f.Wire], step)
		}
	}
}

// clearFeeds starts the cotangents of fed wires.
func (b *backward) clearFeeds() {
	for _, f := range b.run.spec.Feeds {
		clear(b.cotangent[f.Wire])
	}
}
