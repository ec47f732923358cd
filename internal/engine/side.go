package engine

import (
	"math"
	"slices"
)

// sideBySide says what differs between runs that go side by side, in lanes; nil stands for one run. A leaf that is equal in
// all lanes, a wire that such a leaf feeds, and normals that all lanes share, have one number per node; everything else
// [node][lane].
type sideBySide struct {
	lanes  int
	differ []bool // by leaf
	own    bool   // every lane has its own normals
}

// count is the number of lanes.
func (s *sideBySide) count() int {
	if s == nil {
		return 1
	}
	return s.lanes
}

// leaf reports whether a leaf differs in lanes.
func (s *sideBySide) leaf(number int) bool { return s != nil && s.differ[number] }

// wire reports whether a wire differs in lanes, given what loads it: see Spec.loaders.
func (s *sideBySide) wire(loadedBy int) bool {
	switch {
	case s == nil:
		return false
	case loadedBy == computed:
		return true
	case loadedBy == normals:
		return s.own
	}
	return s.differ[loadedBy]
}

// perNode is how many numbers a wire has for every node.
func (r *run) perNode(wire int) int {
	if r.side.wire(r.loadedBy[wire]) {
		return r.side.lanes
	}
	return 1
}

// perValue is how many numbers a leaf has for every value.
func (r *run) perValue(leaf int) int {
	if r.side.leaf(leaf) {
		return r.side.lanes
	}
	return 1
}

// CanShare reports whether runs with these values can go side by side: the shapes of leaves, the delays, and which
// weights are 0 are the same.
func (e *Engine) CanShare(a, b Values) bool {
	if !slices.EqualFunc(a.Shapes, b.Shapes, slices.Equal) {
		return false
	}
	delayed := false
	for _, route := range e.spec.Routes {
		delayed = delayed || route.Delayed
		if !slices.EqualFunc(a.Leaves[route.Weights], b.Leaves[route.Weights], func(x, y float64) bool { return (x == 0) == (y == 0) }) {
			return false
		}
	}
	return !delayed || sameBits(a.Delays, b.Delays)
}

// sameBits reports whether two arrays are the same, bit by bit.
func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// pack lays the leaves of several runs side by side; those of the state's start always, as the state differs.
func (e *Engine) pack(runs []Values, side *sideBySide) [][]float64 {
	leaves := make([][]float64, len(runs[0].Leaves))
	side.differ = make([]bool, len(leaves))
	for _, leaf := range e.spec.Initial {
		side.differ[leaf] = true
	}
	for _, h := range e.spec.History {
		side.differ[h.Leaf] = true
	}
	for i, first := range runs[0].Leaves {
		for _, v := range runs[1:] {
			side.differ[i] = side.differ[i] || !sameBits(first, v.Leaves[i])
		}
		leaves[i] = first
		if !side.differ[i] {
			continue
		}
		leaves[i] = make([]float64, len(first)*side.lanes)
		for lane := range side.lanes {
			for k, x := range runs[min(lane, len(runs)-1)].Leaves[i] {
				leaves[i][k*side.lanes+lane] = x
			}
		}
	}
	return leaves
}
