package engine

import "github.com/neurograd/neurograd/internal/program"

// past pulls the cotangents of the signals from before the start back to the states they came from, the
// latest time first. Without a history that is the initial state for all times: their cotangents add up
// before they are pulled back together.
func (b *backward) past() {
	r := b.run
	pull := r.makeInstances(b.reverse.past, b.source)
	if r.spec.History < 0 {
		b.clearPastSignals()
		for time := -1; time >= -r.depth(); time-- {
			b.pastCotangents()
		}
		b.pullPast(pull, 0)
		return
	}
	b.saveHistory(0)
	for time := -1; time >= -r.depth(); time-- {
		for _, w := range r.spec.State {
			clear(b.cotangent[w])
		}
		b.clearPastSignals()
		b.pastCotangents()
		b.pullPast(pull, time)
		b.saveHistory(time)
	}
}

func (b *backward) pullPast(pull []*program.Instance, time int) {
	b.run.load(time)
	for _, x := range pull {
		x.Step()
	}
}

// clearPastSignals starts the cotangents of the signals of delayed sums that are no states.
func (b *backward) clearPastSignals() {
	for i, op := range b.run.spec.Ops {
		if b.sums[i] == nil || b.sums[i].lines == nil {
			continue
		}
		for _, from := range op.Sum.From {
			if !b.isState(from) {
				clear(b.cotangent[from])
			}
		}
	}
}

// pastCotangents adds the cotangents of the signals one step further back.
func (b *backward) pastCotangents() {
	for i := len(b.run.spec.Ops) - 1; i >= 0; i-- {
		back := b.sums[i]
		if back == nil || back.lines == nil {
			continue
		}
		for ch, from := range b.run.spec.Ops[i].Sum.From {
			line, c := back.lines[ch], b.cotangent[from]
			line.push(b.zero[:line.plan.long.sources])
			line.apply(b.scratch[:len(c)])
			addTo(c, b.scratch[:len(c)])
		}
	}
}

// saveHistory keeps the state's cotangents at a time ≤ 0 as the gradient of the history's row.
func (b *backward) saveHistory(time int) {
	if b.history == nil || time < 0 && -time >= b.run.historyRows() {
		return
	}
	row := b.history[b.run.historyRow(time):]
	for _, w := range b.run.spec.State {
		row = row[copy(row, b.cotangent[w]):]
	}
}
