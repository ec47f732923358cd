package engine

import (
	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native"
)

// padded are directions with lanes of zeros added.
func (g Gradient) padded(lanes, more int) Gradient {
	pad := func(values []float64) []float64 {
		if values == nil {
			return nil
		}
		wide := aligned.Float64s(len(values) / lanes * more)
		for k := range len(values) / lanes {
			copy(wide[k*more:], values[k*lanes:(k+1)*lanes])
		}
		return wide
	}
	leaves := make([][]float64, len(g.Leaves))
	for i, values := range g.Leaves {
		leaves[i] = pad(values)
	}
	return Gradient{Leaves: leaves, Delays: pad(g.Delays)}
}

// changeList is the machine code for what tangents of a sum's weights change; nil if it is added up portably.
func (r *run) changeList(s *sumRun) *native.LaneList {
	code := r.backend.laneSumsOf(1, r.lanes, native.Tangents)
	if code == nil || r.lanes == 1 {
		return nil
	}
	if s.lines == nil {
		return code.List(native.LaneTargets{Start: s.edges.start, OutStride: r.lanes, Entry: func(e int) native.LaneEntry {
			return native.LaneEntry{At: int(s.edges.source[e]), Number: e}
		}})
	}
	// Of every target the long edges, then the short ones.
	line := s.lines[0]
	var entries []native.LaneEntry
	start := []int32{0}
	add := func(l *edgeList, at []int32, target int) {
		for e := l.start[target]; e < l.start[target+1]; e++ {
			entries = append(entries, native.LaneEntry{At: int(at[e]), Number: int(l.entry[e])})
		}
	}
	for i := range s.plan.long.targets {
		add(s.plan.long, line.longAt, i)
		add(s.plan.short, line.shortAt, i)
		start = append(start, int32(len(entries)))
	}
	return code.List(native.LaneTargets{Start: start, OutStride: r.lanes, Entry: func(e int) native.LaneEntry { return entries[e] }})
}

// samples are what the entries' places count from, given the present values.
func (s *sumRun) samples(channel int, now []float64) []float64 {
	if s.lines == nil {
		return now
	}
	line := s.lines[channel]
	return line.ring[line.newest%line.length:]
}
