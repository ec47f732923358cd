package native

import "slices"

// The order of operations. They are placed from the last one to the first, as late as those that read them allow if a
// processor takes perCycle of them in a cycle: so operations of chains that do not wait for each other alternate, and a value
// is made shortly before it is read. Of the operations that could be placed it is the one that makes the fewest values wait
// for theirs, as registers are few, and with the longest chain before it.
const (
	perCycle = 2
	// valueCycles is how many cycles of a chain a value that waits counts for.
	valueCycles = 80
	// orderWindow is how many operations are looked at: the last ones, in the order given, that are not placed.
	orderWindow = 300
)

// mostTogether is how many vectors go side by side at most, and togetherSize how many operations of theirs there may be:
// their code takes longer to make.
const mostTogether, togetherSize = 4, 1000

// turns is how many vectors a loop does side by side. The operations of one vector wait for each other; there should be as
// many vectors as it takes that operations are left for all cycles of the longest chain. More would only want registers.
func (b *body) turns() int {
	o, todo := b.newOrdering(b.live())
	longest := int32(0)
	for _, v := range todo {
		longest = max(longest, o.depth[v]+b.nodes[v].row.cycles)
	}
	size := max(1, len(todo))
	return max(1, min((perCycle*int(longest)+size-1)/size, mostTogether, togetherSize/max(1, len(b.nodes))))
}

// ordering is a body whose operations are being placed.
type ordering struct {
	*body
	left   []int32 // by value: how many operations that read it are not placed
	depth  []int32 // how many cycles its sources take
	ready  []int32 // the cycle, from the end, from which it can be placed
	wanted []bool  // an operation that reads it is placed, its own is not
	open   []value // those in the window with nothing left
	cycle  int32
}

// ordered is the body with its live values only, their operations in an order that suits the processor.
func (b *body) ordered() *body {
	live := b.live()
	o, todo := b.newOrdering(live)
	placed := make([]value, 0, len(todo))
	inCycle := 0
	for first := len(todo); len(placed) < len(todo); inCycle++ {
		for ; first > 0 && len(todo)-first-len(placed) < orderWindow; first-- {
			if v := todo[first-1]; o.left[v] == 0 {
				o.open = append(o.open, v)
			}
		}
		if inCycle == perCycle {
			o.cycle, inCycle = o.cycle+1, 0
		}
		k := o.best()
		if k < 0 {
			inCycle = 0
			k = o.best()
		}
		v := o.open[k]
		o.open = slices.Delete(o.open, k, k+1)
		o.place(v, todo[first:])
		placed = append(placed, v)
	}
	slices.Reverse(placed)
	return b.rearranged(live, placed)
}

// newOrdering is the ordering of a body before anything is placed, and the values to place.
func (b *body) newOrdering(live []bool) (*ordering, []value) {
	n := len(b.nodes)
	o := &ordering{body: b, left: make([]int32, n), depth: make([]int32, n), ready: make([]int32, n), wanted: make([]bool, n)}
	todo := make([]value, 0, n)
	for v := range b.nodes {
		if !live[v] || b.nodes[v].from != computed {
			continue
		}
		todo = append(todo, value(v))
		o.ready[v] = b.nodes[v].row.cycles
		for _, s := range b.nodes[v].src {
			if s != noValue && b.nodes[s].from == computed {
				o.left[s]++
				o.depth[v] = max(o.depth[v], o.depth[s]+b.nodes[s].row.cycles)
			}
		}
	}
	return o, todo
}

// best is the place among the open values of the one to be placed next; if none can be in this cycle, the cycle goes on to
// where one can and best is −1.
func (o *ordering) best() int {
	best, most, soonest := -1, int32(0), int32(never)
	for k, v := range o.open {
		soonest = min(soonest, o.ready[v])
		if o.ready[v] > o.cycle {
			continue
		}
		worth := o.depth[v] - valueCycles*o.waiting(v)
		if best < 0 || worth > most || worth == most && v > o.open[best] {
			best, most = k, worth
		}
	}
	if best < 0 {
		o.cycle = soonest
	}
	return best
}

// waiting is how many more values wait for their operation if that of v is placed.
func (o *ordering) waiting(v value) (n int32) {
	if o.wanted[v] {
		n = -1
	}
	src := &o.nodes[v].src
	for k, s := range src {
		if s != noValue && o.nodes[s].from == computed && !o.wanted[s] && !slices.Contains(src[:k], s) {
			n++
		}
	}
	return n
}

// place places the operation of a value; window holds the values that may be open, and some placed ones.
func (o *ordering) place(v value, window []value) {
	for _, s := range o.nodes[v].src {
		if s == noValue || o.nodes[s].from != computed {
			continue
		}
		o.wanted[s] = true
		o.ready[s] = max(o.ready[s], o.cycle+o.nodes[s].row.cycles)
		if o.left[s]--; o.left[s] == 0 && s >= window[0] {
			o.open = append(o.open, s)
		}
	}
}

// rearranged is the body with its live values in another order: first what no operation makes, then the values given.
func (b *body) rearranged(live []bool, order []value) *body {
	to := &body{nodes: make([]node, 0, len(b.nodes)), stores: slices.Clone(b.stores)}
	at := make([]value, len(b.nodes))
	put := func(v value) {
		n := b.nodes[v]
		for k, s := range n.src {
			if s != noValue {
				n.src[k] = at[s]
			}
		}
		at[v] = value(len(to.nodes))
		to.nodes = append(to.nodes, n)
	}
	for v, n := range b.nodes {
		if live[v] && n.from != computed {
			put(value(v))
		}
	}
	for _, v := range order {
		put(v)
	}
	for i := range to.stores {
		to.stores[i].value = at[to.stores[i].value]
	}
	return to
}
