package engine

import "fmt"

// start sets the initial state and the signals from before it. A given history is read row by row, else
// the initial state has always been; past is called with every time (−1 stands for all then) whose
// signals are on the wires.
func (r *run) start(load func(time int), past func(time int)) error {
	depth := r.depth()
	if r.spec.History == nil {
		load(0)
		r.signals()
		for _, p := range r.pasts {
			p.line.fill(r.wire[p.wire])
		}
		past(-1)
		return nil
	}
	reach := 0
	for _, p := range r.pasts {
		reach = max(reach, p.reach)
	}
	if rows := r.historyRows(); rows <= reach {
		return fmt.Errorf("network: history has %d rows, the longest delay of %d steps takes %d; give more rows, oldest first", rows, reach, reach+1)
	}
	for time := -depth; time < 0; time++ {
		load(time)
		r.signals()
		for _, p := range r.pasts {
			p.line.set(time, r.wire[p.wire])
		}
		past(time)
	}
	load(0)
	return nil
}

// depth is how many steps back samples are kept.
func (r *run) depth() int {
	depth := 0
	for _, p := range r.pasts {
		depth = max(depth, p.depth)
	}
	return depth
}

// historyRows is the number of rows of the histories, which all have the same.
func (r *run) historyRows() int {
	first := r.spec.History[0]
	return len(r.values.Leaves[first.Leaf]) / r.sizeOf(r.spec.State[:first.States])
}

func (r *run) sizeOf(wires []int) int {
	size := 0
	for _, w := range wires {
		size += r.nodes(w)
	}
	return size
}

// eachHistory calls do with the part of every state's wire in the row of a time ≤ 0, in arrays of the
// histories' layout with lanes numbers per value; nil arrays are passed over. Before the oldest row that
// one is repeated (it is read there with share 0 only).
func (r *run) eachHistory(time int, histories [][]float64, lanes int, do func(row []float64, wire int)) {
	number, states := max(0, r.historyRows()-1+time), r.spec.State
	for i, h := range r.spec.History {
		wires := states[:h.States]
		states = states[h.States:]
		if histories[i] == nil {
			continue
		}
		row := histories[i][number*r.sizeOf(wires)*lanes:]
		for _, w := range wires {
			n := r.nodes(w) * lanes
			do(row[:n], w)
			row = row[n:]
		}
	}
}

// load sets the state at a time ≤ 0, and what leaves feed at the start.
func (r *run) load(time int) {
	r.time[0] = r.spec.startOf(0)
	loadState(r, r.wire, r.leaves, time, r.side.count())
	r.feed(0)
}

// loadState copies the lanes of the state at a time ≤ 0 from the leaves to wires.
func loadState(r *run, wires, leaves [][]float64, time, lanes int) {
	if r.spec.History != nil {
		histories := make([][]float64, len(r.spec.History))
		for i, h := range r.spec.History {
			histories[i] = leaves[h.Leaf]
		}
		r.eachHistory(time, histories, lanes, func(row []float64, w int) { copy(wires[w], row) })
		return
	}
	for i, w := range r.spec.State {
		if leaf := leaves[r.spec.Initial[i]]; leaf != nil {
			spread(wires[w], leaf, lanes)
		}
	}
}

// signals computes what delayed sums read, from the state on the wires.
func (r *run) signals() {
	for i, op := range r.plan.ops {
		if op.program != nil && r.feedsPast(op.op) {
			r.instances[i].Step()
		}
	}
}

func (r *run) feedsPast(op int) bool {
	c := compiler{Engine: r.Engine}
	return c.feedsDelay(r.spec.Ops[op])
}

// spread copies a leaf's lanes per value to every node, repeating a scalar's.
func spread(dst, leaf []float64, lanes int) {
	if len(leaf) == len(dst) {
		copy(dst, leaf)
		return
	}
	for at := 0; at < len(dst); at += lanes {
		copy(dst[at:at+lanes], leaf)
	}
}
