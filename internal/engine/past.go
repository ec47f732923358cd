package engine

import "github.com/neurograd/neurograd/internal/program"

// past pulls the cotangents of the signals from before the start back to the states they came from, the
// latest time first. Without a history that is the initial state for all times: their cotangents add up
// before they are pulled back together.
func (b *backward) past() {
	r := b.run
	pull := r.makeInstances(b.reverse.past, b.source)
	if r.spec.History == nil {
		b.clearPastSignals()
		for time := -1; time >= -r.depth(); time-- {
			b.pastCotangents(time)
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
		b.pastCotangents(time)
		b.pullPast(pull, time)
		b.saveHistory(time)
	}
}

func (b *backward) pullPast(pull []*program.Instance, time int) {
	b.run.load(time)
	b.clearFeeds()
	for _, x := range pull {
		x.Step()
	}
	b.pullFeeds(0)
}

// clearPastSignals starts the cotangents of the signals with a past that are no states.
func (b *backward) clearPastSignals() {
	for _, p := range b.run.pasts {
		if !b.isState(p.wire) {
			clear(b.cotangent[p.wire])
		}
	}
}

// pastCotangents adds the cotangents of the signals at a negative time, the times being asked for one
// after another from −1 down.
func (b *backward) pastCotangents(time int) {
	for i := len(b.run.spec.Ops) - 1; i >= 0; i-- {
		op := b.run.spec.Ops[i]
		switch {
		case op.Sum != nil && b.sums[i].lines != nil:
			for ch, from := range op.Sum.From {
				line, c := b.sums[i].lines[ch], b.cotangent[from]
				line.push(b.zero[:line.plan.long.sources])
				line.apply(b.scratch[:len(c)])
				addTo(c, b.scratch[:len(c)])
			}
		case op.Gather != nil && b.gathers[i].steps != nil && -time <= b.gathers[i].depth:
			for ch, from := range op.Gather.From {
				c := b.cotangent[from]
				b.gathers[i].take(time, ch, b.scratch[:len(c)])
				addTo(c, b.scratch[:len(c)])
			}
		}
	}
}

// saveHistory keeps the state's cotangents at a time ≤ 0 as the gradient of the histories' row.
func (b *backward) saveHistory(time int) {
	if time < 0 && -time >= b.run.historyRows() {
		return
	}
	b.run.eachHistory(time, b.histories, 1, func(row []float64, wire int) { copy(row, b.cotangent[wire]) })
}
