// Package engine runs a network that has been written as a schedule: elementwise programs alternating
// with weighted, possibly delayed sums. It holds the time loop, its reverse pass and its tangents; it
// does not know models, couplings or solvers.
package engine

import (
	"fmt"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/native"
	"github.com/neurograd/neurograd/internal/program"
)

// Spec is a network as a schedule. One step runs the operations in order; wires carry arrays of one
// value per node between them.
type Spec struct {
	Arena  *ad.Arena
	Nodes  []int // by group
	Wires  []Wire
	Leaves []Leaf
	Params []Param
	Routes []Route
	Ops    []Op

	State   []int // wires of the state at the start of a step
	Next    []int // wires of the state at its end, in the same order
	Initial []int // leaves of the initial state, in the same order; none if History is given
	History []History
	Noise   []int // wires of unit normals that are drawn
	Feeds   []Feed
	Record  []int // recorded wires: those of Next or of State, and auxiliaries
	// Tangents are wires that carry the tangents of Record, in the same order; none but in what Linearise
	// writes. They are recorded as such, and their cotangents follow those of Record.
	Tangents []int
	// Places, by recorded wire, are where its nodes' values lie in a recorded row of RowSize values; nil means
	// that they lie one wire after another.
	Places  [][]int32
	RowSize int
	Every   int  // steps per recorded row; 0 means 1
	Average bool // a row is the mean over its steps, else the values of the last one

	Form *native.Form // of the machine code that programs and sums run as, which the caller knows to be available; nil: portably

	Start, Step float64 // time of step 0 and length of a step, ms
	First       int     // number of the step that the run begins with, as far as time is concerned
	Steps       int
}

// startOf is the time at which step n of the run, counted from 0, starts.
func (s *Spec) startOf(n int) float64 { return s.Start + float64(float64(s.First+n)*s.Step) }

// Wire is an array [nodes of the group].
type Wire struct {
	Name  string // the symbol of the expressions
	Group int
}

// History is a leaf [row][state][node] of the past of consecutive states of Spec.State, oldest row first;
// its last row is the initial state. The histories of a network cover all its states, or there are none.
type History struct {
	Leaf, States int
}

// Leaf is a value from outside with its path. Its array may be one number, one per node, one per row,
// or one per row and node: see [Param].
type Leaf struct {
	Path string
	Rows int
}

// Param is the symbol by which expressions read a row of a leaf.
type Param struct {
	Symbol string
	Leaf   int
	Row    int
	Group  int
	// Elements, if not nil, are the elements of a leaf with more values than the group has nodes, by node.
	Elements []int32
}

// Route carries signals along the edges of a graph, sorted by target, then source.
type Route struct {
	SourceGroup, TargetGroup int
	Targets, Sources         []int32
	Edges                    []int32 // their numbers in the graph, by which weights and delays are listed; nil: all of them
	Structural               []bool  // edges that had a weight when the network was prepared
	Weights                  int     // leaf: one value per edge
	Delayed                  bool
	Linear                   bool    // delays are read by linear interpolation, else at the nearest step
	Shift                    float64 // linear reads: steps that are taken off each delay (stage-time shift)
	Strength                 string  // symbol of Σ_j W_ij, "" if unused
	EdgeGroup                int     // group whose nodes are the edges of the route, where an operation uses it
	// Difference makes linear reads give their derivative with respect to the delay in steps: the older
	// sample minus the newer one, 0 where the delay is cut off.
	Difference bool
}

// Op is one operation of the schedule: expressions, a sum, or a gathering of values onto edges.
type Op struct {
	Group  int
	Assign []Assign // expressions for wires of the group
	Sum    *Sum
	Gather *Gather
}

// Assign computes a wire.
type Assign struct {
	Wire int
	Expr ad.Expr
}

// Sum computes wires To from the signals on wires From over a route, channel by channel.
type Sum struct {
	Route    int
	From, To []int
	// OfEdges sums have a value of every edge on From instead of one of every source, and no delays.
	OfEdges bool
}

// Gather brings values of nodes to the edges of a route: those of the sources, with the route's delays,
// or with Local the present ones of the targets. Wires To belong to the route's group of edges.
type Gather struct {
	Route    int
	From, To []int
	Local    bool
}

// place fills in the places of a schedule that has none.
func (s *Spec) place() {
	if s.Places != nil {
		return
	}
	s.RowSize = 0
	for _, w := range s.Record {
		places := make([]int32, s.Nodes[s.Wires[w].Group])
		for node := range places {
			places[node] = int32(s.RowSize + node)
		}
		s.Places, s.RowSize = append(s.Places, places), s.RowSize+len(places)
	}
}

// together is by recorded wire where its values begin in a row, if they lie there in their order; −1 if they do not.
func (s *Spec) together() []int {
	first := make([]int, len(s.Places))
	for i, places := range s.Places {
		for node, at := range places {
			if at != places[0]+int32(node) {
				first[i] = -1
			}
		}
		if first[i] == 0 && len(places) > 0 {
			first[i] = int(places[0])
		}
	}
	return first
}

// TimeSymbol is the name by which expressions read the time at the start of a step, ms.
const TimeSymbol = "t"

// Values are the leaves' arrays of one run, and how each edge is delayed.
type Values struct {
	Leaves [][]float64
	Shapes [][]int
	Delays []float64 // in steps, by edge of the graph; nil without delays
}

// Free says what derivatives are taken with respect to: leaves by number, and the delays. With a Window
// above 0 they are truncated: the state and everything delays reach back to count as constants at the
// start of every window of that many steps, the first one included.
type Free struct {
	Leaves []bool
	Delays bool
	Window int
}

// cuts reports whether a window starts with step n.
func (f Free) cuts(n int) bool { return f.Window > 0 && n%f.Window == 0 }

// layout says how a row of a leaf is stored: where it starts and whether it has one value per node.
func layout(shape []int, row, nodes int) (offset int, kind program.Kind) {
	switch {
	case len(shape) == 0:
		return 0, program.Uniform
	case len(shape) == 1:
		return 0, program.Node
	}
	if shape[0] == 1 {
		row = 0
	}
	if shape[1] == 1 {
		return row, program.Uniform
	}
	return row * nodes, program.Node
}

// CheckLeaf refuses shapes that a leaf of that many rows, read over that many nodes, cannot have.
func CheckLeaf(path string, shape []int, rows, nodes int) error {
	ok := len(shape) == 0 ||
		len(shape) == 1 && shape[0] == nodes ||
		len(shape) == 2 && (shape[0] == 1 || shape[0] == rows) && (shape[1] == 1 || shape[1] == nodes)
	if ok {
		return nil
	}
	if rows == 1 {
		return fmt.Errorf("network: %s has shape %v; it takes one number, or one per region [%d]", path, shape, nodes)
	}
	return fmt.Errorf("network: %s has shape %v; it takes one number, one per region [%d], one per state [%d][1] or both [%d][%d]", path, shape, nodes, rows, rows, nodes)
}
