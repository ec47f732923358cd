package engine

import (
	"iter"
	"math"
	"sync"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native"
)

// delayPlan is what the delays of a route decide before a run starts.
type delayPlan struct {
	block       int // K
	depth       int // the largest delay in steps
	long, short *edgeList
	backend     *backend

	mu     sync.Mutex
	packed map[int]*packing // by lanes, made when they are first asked for
}

// blockLengths are the values K may take.
var blockLengths = [...]int{1, 8, 16, 32}

// newDelayPlan classifies the edges for K = block.
func newDelayPlan(b *backend, l *edgeList, block int) *delayPlan {
	p := &delayPlan{block: block, backend: b}
	for _, d := range l.steps {
		p.depth = max(p.depth, int(d))
	}
	least := int32(p.block - 1)
	if p.block == 1 { // no blocks: all are short
		least = math.MaxInt32
	}
	p.long, p.short = l.split(least)
	return p
}

// chooseBlock picks K for samples so many steps old by a fixed cost rule, in units of one multiply-add on
// contiguous data: per step a long edge costs 1 and an eighth of a call that starts it (8/K), a short one a
// gather (8). Ties go to the smaller K.
func chooseBlock(steps iter.Seq[int]) int {
	var count [32]int // by steps; the last one is for all above too
	for d := range steps {
		count[min(d, len(count)-1)]++
	}
	best, bestCost := 1, math.Inf(1)
	for _, k := range blockLengths {
		var cost float64
		for d, n := range count {
			if k > 1 && d >= k-1 {
				cost += float64(float64(n) * (1 + 8/float64(k)))
			} else {
				cost += float64(8 * n)
			}
		}
		if cost < bestCost {
			best, bestCost = k, cost
		}
	}
	return best
}

// packing is the edges of a plan as lines of so many lanes read them. It does not change.
type packing struct {
	plan   *delayPlan
	lanes  int
	length int // of the ring in samples
	// By entry, where its sample lies in the ring, counted from the newest one's place.
	longAt, shortAt []int32
	// Machine code for the sums, of one lane and of several; nil if they are added up portably.
	long       stepSum
	short      stepSum // without memory of its own
	longLanes  *native.LaneList
	shortLanes *native.LaneList
}

func (p *delayPlan) packing(lanes int) *packing {
	p.mu.Lock()
	defer p.mu.Unlock()
	if x := p.packed[lanes]; x != nil {
		return x
	}
	length := max(p.depth+p.block+1, oldest+1) // so that the last samples of a source are always there
	x := &packing{plan: p, lanes: lanes, length: length, longAt: p.long.places(length), shortAt: p.short.places(length)}
	switch b := p.backend; {
	case lanes != 1:
		x.speedLanes()
	default:
		x.long = inHalves(p.long, p.block, p.block, 0, func(part *edgeList, first int) stepSum { return b.blockSum(p, part, x.longAt[first:]) })
		x.short = inHalves(p.short, 1, 1, p.block, func(part *edgeList, first int) stepSum {
			return b.shortSum(part, p.block, length, x.shortAt[first:])
		})
	}
	if p.packed == nil {
		p.packed = map[int]*packing{}
	}
	p.packed[lanes] = x
	return x
}

// delayLine computes delayed sums step by step, of one or several lanes. Each source's samples lie contiguous in time in a
// mirrored ring (every sample is written twice, length apart), so the K samples of a long edge are one
// plain run of memory.
type delayLine struct {
	*packing
	ring   []float64 // [source][2·length][lane]
	sums   []float64 // [target][K][lane]: long edges' part of the sums of the current block
	newest int       // number of the newest sample
	short  stepSum   // of the packing, with memory of its own
	crew   *crew     // that adds up the sums of one lane
}

func newDelayLine(p *delayPlan, lanes int) *delayLine {
	x := p.packing(lanes)
	return &delayLine{packing: x, newest: -1, short: withScratch(x.short), ring: aligned.Float64s(p.long.sources * 2 * x.length * lanes), sums: aligned.Float64s(p.long.targets * p.block * lanes)}
}

// places are where the entries' samples lie in rings of that length: in the mirrored half, so that neither
// looking back nor reading a block on from there leaves the ring.
func (l *edgeList) places(length int) []int32 {
	at := make([]int32, len(l.source))
	for e, j := range l.source {
		at[e] = j*2*int32(length) + int32(length) - l.steps[e]
	}
	return at
}

// store writes a sample to its two places.
func (d *delayLine) store(at int, sample []float64) {
	if d.lanes == 1 {
		for j, v := range sample {
			samples := d.ring[j*2*d.length:]
			samples[at], samples[at+d.length] = v, v
		}
		return
	}
	d.storeLanes(at, sample)
	d.storeLanes(at+d.length, sample)
}

// fill sets all samples before the first one: those at negative times.
func (d *delayLine) fill(past []float64) {
	for at := range d.length {
		d.store(at, past)
	}
}

// set stores a sample of a negative time; those too old to be read are ignored.
func (d *delayLine) set(time int, sample []float64) {
	if -time < d.length {
		d.store(time+d.length, sample)
	}
}

// reset makes all samples 0, and what was summed of them.
func (d *delayLine) reset() {
	clear(d.ring)
	clear(d.sums)
}

// get copies the sample of a time that is still in the ring.
func (d *delayLine) get(time int, sample []float64) {
	at := (time + d.length) % d.length
	for j := range d.plan.long.sources {
		copy(sample[j*d.lanes:(j+1)*d.lanes], d.ring[(j*2*d.length+at)*d.lanes:])
	}
}

// size is the number of values that save copies.
func (d *delayLine) size() int { return len(d.ring) / 2 }

// save copies the ring; restore brings it back for a start at that time, which must begin a block.
func (d *delayLine) save(to []float64) {
	size := d.length * d.lanes
	for j := range d.plan.long.sources {
		copy(to[j*size:(j+1)*size], d.ring[j*2*size:])
	}
}

func (d *delayLine) restore(from []float64, time int) {
	size := d.length * d.lanes
	for j := range d.plan.long.sources {
		samples := from[j*size : (j+1)*size]
		copy(d.ring[j*2*size:], samples)
		copy(d.ring[(j*2+1)*size:], samples)
	}
	d.newest = time - 1
}

// push appends the next sample.
func (d *delayLine) push(sample []float64) {
	d.newest++
	at := d.newest % d.length
	if d.lanes == 1 {
		d.store(at, sample)
		return
	}
	// The second half is written, and copied to the first when that is read as the past again: of several lanes two places a
	// sample would take twice as much of the caches.
	if at == 0 && d.newest > 0 {
		size := d.length * d.lanes
		for j := range d.plan.long.sources {
			copy(d.ring[j*2*size:(j*2+1)*size], d.ring[(j*2+1)*size:])
		}
	}
	d.storeLanes(d.length+at, sample)
}

// apply computes the sums of the step at which the newest sample is the present one.
func (d *delayLine) apply(out []float64) {
	k, lanes := d.newest%d.plan.block, d.lanes
	if k == 0 {
		d.startBlock()
	}
	short, samples := d.plan.short, d.ring[d.newest%d.length*lanes:]
	switch {
	case d.short != nil:
		d.crew.sum(d.short, out, d.sums[k:], samples)
		return
	case d.shortLanes != nil:
		d.shortLanes.Apply(out, d.sums[k*lanes:], samples, short.laneWeight)
		return
	}
	if lanes != 1 {
		for i := range short.targets {
			acc := out[i*lanes : (i+1)*lanes]
			copy(acc, d.sums[(i*d.plan.block+k)*lanes:])
			for e := short.start[i]; e < short.start[i+1]; e++ {
				short.addEntry(acc, int(e), samples[int(d.shortAt[e])*lanes:])
			}
		}
		return
	}
	for i := range out {
		acc := d.sums[i*d.plan.block+k]
		from, to := short.start[i], short.start[i+1]
		places := d.shortAt[from:to]
		for e, w := range short.weight[from:to] {
			acc = math.FMA(w, samples[places[e]], acc)
		}
		out[i] = acc
	}
}

// startBlock computes the long edges' part of the sums of the coming K steps.
func (d *delayLine) startBlock() {
	long, size, samples := d.plan.long, d.plan.block*d.lanes, d.ring[d.newest%d.length*d.lanes:]
	switch {
	case len(long.weight) == 0:
		return // they stay 0
	case d.long != nil:
		d.crew.sum(d.long, d.sums, nil, samples)
		return
	case d.longLanes != nil:
		d.longLanes.Apply(d.sums, nil, samples, long.laneWeight)
		return
	}
	for i := range long.targets {
		acc := d.sums[i*size : (i+1)*size]
		clear(acc)
		for e := long.start[i]; e < long.start[i+1]; e++ {
			long.addEntry(acc, int(e), samples[int(d.longAt[e])*d.lanes:])
		}
	}
}

// applyTangent adds Σ_j dW_ij·s_j(n−d_ij) to the lanes of each target; the line is that of the values, of one lane, and chain
// scratch of one value per lane.
func (d *delayLine) applyTangent(out, dw, chain []float64) {
	lanes, samples := len(chain), d.ring[d.newest%d.length:]
	for i := range d.plan.long.targets {
		clear(chain)
		for _, part := range [...]struct {
			*edgeList
			at []int32
		}{{d.plan.long, d.longAt}, {d.plan.short, d.shortAt}} {
			for e := part.start[i]; e < part.start[i+1]; e++ {
				axpy(chain, samples[part.at[e]], dw[int(part.entry[e])*lanes:])
			}
		}
		addTo(out[i*lanes:(i+1)*lanes], chain)
	}
}
