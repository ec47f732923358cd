package engine

import (
	"context"

	"github.com/neurograd/neurograd/internal/cores"
)

// paddedLanes is the number of lanes that so many runs take: whole vectors of machine code, or a multiple of 4. Runs that are
// added repeat the last one.
func (e *Engine) paddedLanes(runs int) int {
	multiple := 4
	if e.backend != nil {
		multiple = e.backend.form.LaneMultiple()
	}
	return (runs + multiple - 1) / multiple * multiple
}

// laneRun is several runs side by side.
type laneRun struct {
	*run
	runs    int
	normals []Normals // one for all lanes, or by lane
	failed  []error   // by lane
	left    int       // lanes that have not failed
}

// ForwardLanes does what Forward does for several runs at once, each with the bits it has alone: values must be such that
// [Engine.CanShare] holds for all. normals is one for all, or one for each run; recs, unless nil, are by run. A run that stops
// being finite has a [*NonFiniteError] in failed and does not stop the others; err is of all of them.
func (e *Engine) ForwardLanes(ctx context.Context, values []Values, normals []Normals, recs []*Recording) (failed []error, err error) {
	cores.Take()
	defer cores.Give()
	side := &sideBySide{lanes: e.paddedLanes(len(values)), own: len(normals) > 1}
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
	x := &laneRun{run: r, runs: len(values), normals: normals, failed: make([]error, len(values)), left: len(values)}
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
	for s, w := range x.spec.Next {
		if !allFinite(x.wire[w]) {
			x.checkLanes(n, s, w)
		}
	}
}

// checkLanes finds the lanes in which a state is not finite.
func (x *laneRun) checkLanes(n, state, wire int) {
	lanes, values := x.side.lanes, x.wire[wire]
	for lane := range x.runs {
		for at := lane; at < len(values) && x.failed[lane] == nil; at += lanes {
			if v := values[at]; v-v != 0 {
				node := at / lanes
				x.failed[lane] = &NonFiniteError{Step: n, State: state, Node: node, Values: x.valuesAt(node, lane, x.spec.Wires[wire].Group)}
				x.left--
			}
		}
	}
}

// record records a row of every lane.
func (x *laneRun) record(n int, recs []*Recording) {
	for lane := 0; lane < len(recs); lane++ {
		if !x.spec.Average && lane+4 <= len(recs) && x.recordFour(n, lane, recs[lane:lane+4]) {
			lane += 3
			continue
		}
		if rec := recs[lane]; x.failed[lane] == nil {
			x.sample(x.spec.Record, n, rec.From, rec.Data, x.wire, columns{lane, 1, x.side.lanes})
		}
	}
}

// recordFour does what sample does for four lanes that go on, whose numbers lie together; false if there are no such.
func (x *laneRun) recordFour(n, lane int, recs []*Recording) bool {
	row, _, _, ok := x.records(n)
	var rows [4][]float64
	for k, rec := range recs {
		if !ok || x.failed[lane+k] != nil || row < rec.From {
			return false
		}
		rows[k] = rec.Data[(row-rec.From)*x.spec.RowSize:][:x.spec.RowSize]
	}
	for i, w := range x.spec.Record {
		wire := x.wire[w][lane:]
		for node, at := range x.spec.Places[i] {
			values := (*[4]float64)(wire[node*x.side.lanes:])
			rows[0][at], rows[1][at], rows[2][at], rows[3][at] = values[0], values[1], values[2], values[3]
		}
	}
	return true
}
