package engine

import "fmt"

// start sets the initial state and the signals from before it. A given history is read row by row, else
// the initial state has always been; past is called with every time (−1 stands for all then) whose
// signals are on the wires.
func (r *run) start(load func(time int), past func(time int)) error {
	depth := r.depth()
	if r.spec.History < 0 {
		load(0)
		r.signals()
		for i, op := range r.spec.Ops {
			if s := r.sums[i]; s != nil {
				for ch, line := range s.lines {
					line.fill(r.wire[op.Sum.From[ch]])
				}
			}
		}
		past(-1)
		return nil
	}
	if rows, reach := r.historyRows(), r.reach(); rows <= reach {
		return fmt.Errorf("network: history has %d rows, the longest delay of %d steps takes %d; give more rows, oldest first", rows, reach, reach+1)
	}
	for time := -depth; time < 0; time++ {
		load(time)
		r.signals()
		for i, op := range r.spec.Ops {
			if s := r.sums[i]; s != nil {
				for ch, line := range s.lines {
					line.set(time, r.wire[op.Sum.From[ch]])
				}
			}
		}
		past(time)
	}
	load(0)
	return nil
}

// depth is the longest delay in steps.
func (r *run) depth() int {
	depth := 0
	for _, s := range r.sums {
		if s != nil && s.plan != nil {
			depth = max(depth, s.plan.depth)
		}
	}
	return depth
}

// reach is how many steps before the start the sums read: depth, less a last sample of share 0.
func (r *run) reach() int {
	reach := 0
	for _, s := range r.sums {
		if s == nil || s.plan == nil {
			continue
		}
		for e, steps := range s.edges.steps {
			if s.edges.tap[e] != 0 {
				reach = max(reach, int(steps))
			}
		}
	}
	return reach
}

// stateSize is the number of values of one state.
func (r *run) stateSize() int {
	size := 0
	for _, w := range r.spec.State {
		size += r.nodes(w)
	}
	return size
}

func (r *run) historyRows() int { return len(r.values.Leaves[r.spec.History]) / r.stateSize() }

// historyRow is where the state at a time ≤ 0 lies in the history; before the oldest row that one is
// repeated (it is read there with share 0 only).
func (r *run) historyRow(time int) int { return max(0, r.historyRows()-1+time) * r.stateSize() }

// load sets the state at a time ≤ 0.
func (r *run) load(time int) {
	r.time[0] = r.spec.Start
	loadState(r, r.wire, r.values.Leaves, time, 1)
}

// loadState copies the lanes of the state at a time ≤ 0 from the leaves to wires.
func loadState(r *run, wires, leaves [][]float64, time, lanes int) {
	if r.spec.History >= 0 {
		row := leaves[r.spec.History]
		if row == nil {
			return
		}
		row = row[r.historyRow(time)*lanes:]
		for _, w := range r.spec.State {
			row = row[copy(wires[w], row):]
		}
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
