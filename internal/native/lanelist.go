package native

import (
	"math"
	"slices"
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// LaneEntry is one term of a sum: where its samples begin, counted in numbers, and its weight: a number, or which of the lanes'
// weights it has.
type LaneEntry struct {
	At     int
	Weight float64
	Number int
}

// LaneTargets are lists of entries by target: those of target i are Start[i]…Start[i+1]. Tile, if not nil, is the tile that an
// entry's source belongs to, which does not fall within a list: tiles are added one after another, so that the samples of one stay in
// the first-level cache; not for Tangents. The sums start from number i·StartStride of an array, and go to number i·OutStride of another.
type LaneTargets struct {
	Start                  []int32
	Entry                  func(e int) LaneEntry
	Tile                   func(e int) int
	StartStride, OutStride int
}

// LaneList holds entries in the order in which the code reads them. Several goroutines may use it at once.
type LaneList struct {
	sums  *LaneSums
	parts []*lanePart
	zeros []float64
}

// packedEntry is where samples begin, in bytes, and a weight, or where the weights begin, in bytes.
type packedEntry struct {
	offset int
	weight uint64
}

// lanePart is what one call takes. groups has for each group of targets: the number of rounds of all of them; by target the
// entries beyond them, where the sums start from, and where they go, in bytes.
type lanePart struct {
	code    *loader.Function
	later   bool // of a tile that is not the first: it starts from what the others have left
	entries []packedEntry
	groups  []int
	count   int // of groups
}

// laneArgs is what the code reads, in this order.
type laneArgs struct {
	entries, groups, samples, start, out unsafe.Pointer
	count                                int
	weights                              unsafe.Pointer
}

// stretch is the entries of a target in a tile.
type stretch struct{ target, from, to int }

func (r stretch) length() int { return r.to - r.from }

// List packs entries.
func (s *LaneSums) List(t LaneTargets) *LaneList {
	l := &LaneList{sums: s, zeros: aligned.Float64s(s.block)}
	for tile, stretches := range t.tiles() {
		slices.SortStableFunc(stretches, func(a, b stretch) int { return b.length() - a.length() })
		terms := operationsPerCall + 1 // begins a part
		left := 0                      // of the entries
		for _, r := range stretches {
			left += r.length()
		}
		var part *lanePart
		for len(stretches) > 0 {
			size, code := s.group, s.several
			if size > len(stretches) || size == 1 {
				size, code = 1, s.each
			}
			group := stretches[:size]
			stretches = stretches[size:]
			own := group[0].length() * size * s.block / s.form.width
			if terms += own; terms > operationsPerCall || part.code != code {
				terms, part = own, &lanePart{code: code, later: tile > 0}
				l.parts = append(l.parts, part)
				part.entries = make([]packedEntry, 0, min(left, operationsPerCall*s.form.width/s.block))
			}
			for _, r := range group {
				left -= r.length()
			}
			part.add(group, t, s.weights != OneWeight, s.lanes)
		}
	}
	return l
}

// tiles are the stretches by tile; the first one has all targets, be they empty.
func (t LaneTargets) tiles() [][]stretch {
	targets := len(t.Start) - 1
	tiles := [][]stretch{make([]stretch, targets)}
	for i := range targets {
		at, end := int(t.Start[i]), int(t.Start[i+1])
		to := t.endOfTile(at, end, 0)
		tiles[0][i] = stretch{i, at, to}
		for at = to; at < end; at = to {
			tile := t.Tile(at)
			for tile >= len(tiles) {
				tiles = append(tiles, nil)
			}
			to = t.endOfTile(at, end, tile)
			tiles[tile] = append(tiles[tile], stretch{i, at, to})
		}
	}
	return tiles
}

// endOfTile is the first entry from at on that belongs to a later tile.
func (t LaneTargets) endOfTile(at, end, tile int) int {
	if t.Tile == nil {
		return end
	}
	for at < end && t.Tile(at) == tile {
		at++
	}
	return at
}

// add appends a group of targets.
func (p *lanePart) add(group []stretch, t LaneTargets, byNumber bool, lanes int) {
	p.count++
	rounds := group[len(group)-1].length()
	p.groups = append(p.groups, rounds)
	for _, r := range group {
		p.groups = append(p.groups, r.length()-rounds)
	}
	startStride := t.StartStride
	if p.later {
		startStride = t.OutStride
	}
	for _, stride := range []int{startStride, t.OutStride} {
		for _, r := range group {
			p.groups = append(p.groups, 8*r.target*stride)
		}
	}
	entry := func(e int) {
		from := t.Entry(e)
		packed := packedEntry{8 * from.At, math.Float64bits(from.Weight)}
		if byNumber {
			packed.weight = uint64(8 * lanes * from.Number)
		}
		p.entries = append(p.entries, packed)
	}
	for k := range rounds {
		for _, r := range group {
			entry(r.from + k)
		}
	}
	for _, r := range group {
		for e := r.from + rounds; e < r.to; e++ {
			entry(e)
		}
	}
}

// Apply computes the sums over samples: start is what they start from, nil for 0 if the list has a StartStride of 0; with weights by lane these are given, too.
// All arrays must have whole lanes.
func (l *LaneList) Apply(out, start, samples, weights []float64) {
	for _, p := range l.parts {
		from := start
		switch {
		case p.later:
			from = out
		case start == nil:
			from = l.zeros
		}
		args := laneArgs{unsafe.Pointer(unsafe.SliceData(p.entries)), unsafe.Pointer(unsafe.SliceData(p.groups)), unsafe.Pointer(unsafe.SliceData(samples)),
			unsafe.Pointer(unsafe.SliceData(from)), unsafe.Pointer(unsafe.SliceData(out)), p.count, unsafe.Pointer(unsafe.SliceData(weights))}
		p.code.Call(unsafe.Pointer(&args))
	}
}
