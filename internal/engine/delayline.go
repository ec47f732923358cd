package engine

import (
	"iter"
	"math"
)

// delayPlan is what the delays of a route decide before a run starts.
type delayPlan struct {
	block       int // K
	depth       int // the largest delay in steps
	long, short *edgeList
	backend     *backend
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

// delayLine computes delayed sums step by step. Each source's samples lie contiguous in time in a
// mirrored ring (every sample is written twice, length apart), so the K samples of a long edge are one
// plain run of memory.
type delayLine struct {
	plan   *delayPlan
	length int       // of the ring in samples
	ring   []float64 // [source][2·length]
	sums   []float64 // [target][K]: long edges' part of the sums of the current block
	// By entry, where its sample lies in the ring, counted from the newest one's place.
	longAt, shortAt []int32
	newest          int // number of the newest sample
	// Machine code for the sums; nil if they are added up portably.
	long  *roundSum
	short stepSum
}

func newDelayLine(p *delayPlan) *delayLine {
	length := max(p.depth+p.block+1, oldest+1) // so that the last samples of a source are always there
	d := &delayLine{plan: p, length: length, newest: -1,
		ring: make([]float64, p.long.sources*2*length), sums: make([]float64, p.long.targets*p.block),
		longAt: p.long.places(length), shortAt: p.short.places(length)}
	d.long = p.backend.sumOf(p.block, p.long, func(e int) int { return int(d.longAt[e]) })
	d.short = p.backend.shortSum(p.short, length, d.shortAt)
	return d
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

// fill sets all samples before the first one: those at negative times.
func (d *delayLine) fill(past []float64) {
	for j, v := range past {
		samples := d.ring[j*2*d.length : (j+1)*2*d.length]
		for k := range samples {
			samples[k] = v
		}
	}
}

// set stores a sample of a negative time; those too old to be read are ignored.
func (d *delayLine) set(time int, sample []float64) {
	if -time >= d.length {
		return
	}
	at := time + d.length
	for j, v := range sample {
		samples := d.ring[j*2*d.length:]
		samples[at], samples[at+d.length] = v, v
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
	for j := range sample {
		sample[j] = d.ring[j*2*d.length+at]
	}
}

// size is the number of values that save copies.
func (d *delayLine) size() int { return len(d.ring) / 2 }

// save copies the ring; restore brings it back for a start at that time, which must begin a block.
func (d *delayLine) save(to []float64) {
	for j := range d.plan.long.sources {
		copy(to[j*d.length:(j+1)*d.length], d.ring[j*2*d.length:])
	}
}

func (d *delayLine) restore(from []float64, time int) {
	for j := range d.plan.long.sources {
		samples := from[j*d.length : (j+1)*d.length]
		copy(d.ring[j*2*d.length:], samples)
		copy(d.ring[(j*2+1)*d.length:], samples)
	}
	d.newest = time - 1
}

// push appends the next sample.
func (d *delayLine) push(sample []float64) {
	d.newest++
	at := d.newest % d.length
	for j, v := range sample {
		samples := d.ring[j*2*d.length:]
		samples[at], samples[at+d.length] = v, v
	}
}

// apply computes the sums of the step at which the newest sample is the present one.
func (d *delayLine) apply(out []float64) {
	k := d.newest % d.plan.block
	if k == 0 {
		d.startBlock()
	}
	short, samples := d.plan.short, d.ring[d.newest%d.length:]
	if d.short != nil {
		d.short.add(out, d.sums[k:], d.plan.block, samples)
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
	long, k, samples := d.plan.long, d.plan.block, d.ring[d.newest%d.length:]
	if d.long != nil {
		d.long.sum(d.sums, samples)
		return
	}
	for i := range long.targets {
		acc := d.sums[i*k : (i+1)*k]
		clear(acc)
		for e := long.start[i]; e < long.start[i+1]; e++ {
			axpy(acc, long.weight[e], samples[d.longAt[e]:])
		}
	}
}
