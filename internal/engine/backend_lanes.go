package engine

import "github.com/neurograd/neurograd/internal/native"

// laneBackend is the machine code for sums of several lanes that has been made so far.
type laneBackend struct {
	laneSums  map[laneSumsKey]*native.LaneSums
	laneDense map[[3]int]*native.LaneDense // by rows, columns and lanes
}

type laneSumsKey struct {
	steps, lanes int
	weights      native.Weights
}

func newLaneBackend() laneBackend {
	return laneBackend{map[laneSumsKey]*native.LaneSums{}, map[[3]int]*native.LaneDense{}}
}

// inVectors reports whether there is machine code for so many lanes.
func (b *backend) inVectors(lanes int) bool {
	return b != nil && lanes > 1 && lanes%b.form.LaneMultiple() == 0 && lanes <= MaxLanes
}

// MaxLanes is the largest number of lanes that sums by machine code have.
const MaxLanes = 32

// laneSumsOf is the code for sums of so many steps and lanes; nil without machine code.
func (b *backend) laneSumsOf(steps, lanes int, weights native.Weights) *native.LaneSums {
	if !b.inVectors(lanes) {
		return nil
	}
	return made(b, b.laneSums, laneSumsKey{steps, lanes, weights}, func() (*native.LaneSums, error) { return b.form.NewLaneSums(steps, lanes, weights) })
}

// laneList is the sums over a list of edges in lanes, of so many steps, whose samples begin at place at(e); nil without machine
// code.
func (b *backend) laneList(l *edgeList, steps, lanes int, t native.LaneTargets, at func(e int) int) *native.LaneList {
	weights := native.OneWeight
	if l.laneWeight != nil {
		weights = native.LaneWeights
	}
	code := b.laneSumsOf(steps, lanes, weights)
	if code == nil {
		return nil
	}
	t.Start = l.start
	t.Entry = func(e int) native.LaneEntry {
		return native.LaneEntry{At: at(e) * lanes, Weight: l.weight[e], Number: e}
	}
	return code.List(t)
}

// blockSum is the sums of one run over a list of the plan's long delays, K steps of a source's past at a time as if they were
// lanes; nil without machine code.
func (b *backend) blockSum(p *delayPlan, l *edgeList, places []int32) stepSum {
	code := b.laneSumsOf(1, p.block, native.OneWeight)
	if code == nil {
		return nil
	}
	perTile := p.perTile(blockTileBytes, 1)
	return blockSums{code.List(native.LaneTargets{Start: l.start, OutStride: p.block, Tile: func(e int) int { return int(l.source[e]) / perTile },
		Entry: func(e int) native.LaneEntry { return native.LaneEntry{At: int(places[e]), Weight: l.weight[e]} }})}
}

// laneProductOf is productOf for several lanes.
func (b *backend) laneProductOf(matrix []float64, rows, columns, lanes int) *native.LaneProduct {
	if !b.inVectors(lanes) {
		return nil
	}
	code := made(b, b.laneDense, [3]int{rows, columns, lanes}, func() (*native.LaneDense, error) { return b.form.NewLaneDense(rows, columns, lanes) })
	if code == nil {
		return nil
	}
	return code.Product(matrix)
}

// tileBytes is how many bytes of the past of a tile's sources a block of delayed sums reads if all delays occur: twice a first-level
// cache is quickest, as most delays are shorter than the longest, and the sums that a tile adds to are read and written, too.
const tileBytes = 64 << 10

// blockTileBytes is the same for one run, of which more lies in the first-level cache at a time.
const blockTileBytes = 24 << 10

// perTile is how many sources make a tile whose past takes about so many bytes.
func (p *delayPlan) perTile(bytes, lanes int) int {
	perTile := max(1, bytes/(8*lanes*(p.depth+p.block)))
	if edges := len(p.long.weight); edges > 0 {
		perTile = max(perTile, 4*p.long.sources*p.long.targets/edges) // a target's sums are not fetched for fewer than four edges or so
	}
	return perTile
}

// speedLanes prepares machine code for delayed sums of several lanes.
func (x *packing) speedLanes() {
	b, long, short, block := x.plan.backend, x.plan.long, x.plan.short, x.plan.block
	if !b.inVectors(x.lanes) {
		return
	}
	perTile := x.plan.perTile(tileBytes, x.lanes)
	x.longLanes = b.laneList(long, block, x.lanes, native.LaneTargets{OutStride: block * x.lanes, Tile: func(e int) int { return int(long.source[e]) / perTile }},
		func(e int) int { return int(x.longAt[e]) })
	x.shortLanes = b.laneList(short, 1, x.lanes, native.LaneTargets{StartStride: block * x.lanes, OutStride: x.lanes}, func(e int) int { return int(x.shortAt[e]) })
}
