package engine

import (
	"context"
)

// laneAlign is what the number of lanes is rounded up to; lanes that are added repeat the last one.
const laneAlign = 4

// PaddedLanes is the number of lanes that so many runs take.
func PaddedLanes(runs int) int { return (runs + laneAlign - 1) / laneAlign * laneAlign }

// laneRun is several runs side by side.
type laneRun struct {
	*run
	runs    int
	normals []Normals // one for all lanes, or by lane
	failed  []error   // by lane
	left    int       // lanes that have not failed
	sums    []float64 // by lane: scratch of check
}

// ForwardLanes does what Forward does for several runs at once, each with the bits it has alone: values must be such that
// [Engine.CanShare] holds for all. normals is one for all, or one for each run; recs, unless nil, are by run. A run that stops
// being finite has a [*NonFiniteError] in failed and does not stop the others; err is of all of them.
func (e *Engine) ForwardLanes(ctx context.Context, values []Values, normals []Normals, recs []*Recording) (failed []error, err error) {
	side := &sideBySide{lanes: PaddedLanes(len(values)), own: len(normals) > 1}
	leaves := e.pack(values, side)
	kind := lanesShared
	if side.own {
		kind = lanesOwn
	}
	p, err := e.plan(kind, values[0].Shapes, side.differ)
	if err != nil {
		return nil, err
	}
	r := (&run{Engine: e, values: values[0], leaves: leaves, plan: p, lanes: side.lanes, side: side}).allocate(Free{})
	x := &laneRun{run: r, runs: len(values), normals: normals, failed: make([]error, len(values)), left: len(values), sums: make([]float64, side.lanes)}
	r.bind(r.primal)
	if err := r.start(r.load, func(int) {}); err != nil {
		return nil, err
	}
	draw := func(step int) []float64 { return normals[0](step) }
	for n := range e.spec.Steps {
		if n%cancelEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if side.own {
			x.ownNoise(n)
			draw = nil
		}
		r.step(n, draw)
		if x.check(n); x.left == 0 {
			break
		}
		x.record(n, recs)
		r.advance()
	}
	return x.failed, nil
}

// ownNoise puts every lane's normals on the wires.
func (x *laneRun) ownNoise(n int) {
	for lane := range x.side.lanes {
		row := x.normals[min(lane, x.runs-1)](n)
		for _, w := range x.spec.Noise {
			wire := x.wire[w][lane:]
			for node, z := range row[:x.nodes(w)] {
				wire[node*x.side.lanes] = z
			}
			row = row[x.nodes(w):]
		}
	}
}

// check looks for lanes whose state is not finite after step n.
func (x *laneRun) check(n int) {
	lanes := x.side.lanes
	for s, w := range x.spec.Next {
		clear(x.sums)
		for at := 0; at < len(x.wire[w]); at += lanes {
			for lane, v := range x.wire[w][at : at+lanes] {
				x.sums[lane] += v - v
			}
		}
		for lane := range x.runs {
			if x.sums[lane] == 0 || x.failed[lane] != nil {
				continue
			}
			for node := range x.nodes(w) {
				if v := x.wire[w][node*lanes+lane]; v-v != 0 {
					x.failed[lane] = &NonFiniteError{Step: n, State: s, Node: node, Values: x.valuesAt(node, lane, x.spec.Wires[w].Group)}
					x.left--
					break
				}
			}
		}
	}
}

// record records a row of every lane.
func (x *laneRun) record(n int, recs []*Recording) {
	for lane, rec := range recs {
		if x.failed[lane] == nil {
			x.sample(x.spec.Record, n, rec.From, rec.Data, x.wire, columns{lane, 1, x.side.lanes})
		}
	}
}
