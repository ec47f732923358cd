package engine

import (
	"slices"
	"sync"
)

// arrangement is the edges of a sum in the order and the form in which runs add them up, for one set of weights and delays. It
// does not change, so that any number of runs use it at once, and the next ones as long as they have the same values.
type arrangement struct {
	backend         *backend
	weights, delays []float64 // of the route's leaves, to know it by; nil if it is not kept
	edges           *edgeList
	plan            *delayPlan // nil without delays

	mu         sync.Mutex         // guards what is made when it is first asked for
	direct     map[int]*directSum // by lanes
	pair       *directPair
	transposed *arrangement
}

// arrangementKey tells arrangements apart that an engine keeps.
type arrangementKey struct {
	route   int
	ofEdges bool
	all     bool // edges without weight, too
}

// Bounds of what an engine keeps of arrangements: how many there are, as many groups have many routes, and entries of each, which
// take 100 to 200 bytes with machine code and what derivatives need.
const (
	maxArrangements = 64
	maxKeptEntries  = 1 << 18
)

// arranged are the edges of a sum for the values of the run: those that are kept, if the values are the same.
func (r *run) arranged(s *Sum, free Free) *arrangement {
	route := &r.spec.Routes[s.Route]
	key := arrangementKey{s.Route, s.OfEdges, free.correlates(route)}
	if r.side.leaf(route.Weights) || len(route.Targets) > maxKeptEntries {
		return r.arrange(s, key.all)
	}
	weights, delays := r.values.Leaves[route.Weights], r.values.Delays
	if !route.Delayed {
		delays = nil
	}
	r.mu.Lock()
	a, ok := r.arrangements.Get(key)
	r.mu.Unlock()
	if ok && sameBits(a.weights, weights) && sameBits(a.delays, delays) {
		return a
	}
	a = r.arrange(s, key.all)
	a.weights, a.delays = slices.Clone(weights), slices.Clone(delays)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.arrangements.Put(key, a)
	return a
}

func (r *run) arrange(s *Sum, all bool) *arrangement {
	route, a := &r.spec.Routes[s.Route], &arrangement{backend: r.backend}
	if s.OfEdges {
		a.edges = r.perLane(r.edgeSums(route), route)
		return a
	}
	a.edges = r.perLane(r.edges(route, r.values, all), route)
	if route.Delayed {
		a.plan = newDelayPlan(r.backend, a.edges, chooseBlock(route.samples(r.values.Delays)))
	}
	return a
}

// inLanes is the sums without delays of so many lanes.
func (a *arrangement) inLanes(lanes int) *directSum {
	a.mu.Lock()
	defer a.mu.Unlock()
	d := a.direct[lanes]
	if d == nil {
		if a.direct == nil {
			a.direct = map[int]*directSum{}
		}
		d = a.backend.newDirectSum(a.edges, lanes)
		a.direct[lanes] = d
	}
	return d
}

// inPairs is the sums without delays of two signals at once; nil where there is no code for them.
func (a *arrangement) inPairs() *directPair {
	one := a.inLanes(1)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pair == nil {
		a.pair = a.backend.newDirectPair(one)
	}
	return a.pair
}

// transpose has the roles of targets and sources swapped.
func (a *arrangement) transpose() *arrangement {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.transposed == nil {
		a.transposed = &arrangement{backend: a.backend, edges: a.edges.transpose()}
		if a.plan != nil {
			a.transposed.plan = newDelayPlan(a.backend, a.transposed.edges, a.plan.block)
		}
	}
	return a.transposed
}

// newLines are the lines of so many channels and lanes, which a crew adds up.
func (a *arrangement) newLines(channels, lanes int, c *crew) []*delayLine {
	lines := make([]*delayLine, channels)
	for ch := range lines {
		lines[ch] = newDelayLine(a.plan, lanes)
		lines[ch].crew = c
	}
	return lines
}
