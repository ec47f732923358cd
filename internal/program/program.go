// Package program holds straight-line programs over exact primitives: how they are recorded, split into
// levels that run as rarely as they may, and executed by the portable backend. It knows nothing of
// expressions, derivatives or networks.
package program

// Op is an exact primitive; see [Machine] for what each computes.
type Op uint8

// The primitives.
const (
	Add Op = iota
	Sub
	Mul
	Div
	Sqrt
	FMA
	Neg
	Abs
	CopySign
	Min
	Max
	Round
	Less
	LessEq
	Equal
	Select
	Exponent
	Mantissa
	Scale
	input
	constant
	horner // of the portable backend: see fuseHorner
)

// Kind says along which dimensions a value varies; the kind of a result is the union of its operands'
// kinds, which makes a lattice Uniform < Node, Lane < Full.
type Kind uint8

// The kinds.
const (
	Uniform Kind = 0           // one number
	Node    Kind = 1           // one per node: [N]
	Lane    Kind = 2           // one per lane: [B]
	Full    Kind = Node | Lane // one per node and lane: [N][B]
)

// Size is the number of values of the kind for that many nodes and lanes.
func (k Kind) Size(nodes, lanes int) int {
	size := 1
	if k&Node != 0 {
		size *= nodes
	}
	if k&Lane != 0 {
		size *= lanes
	}
	return size
}

// Rate says how often a value changes.
type Rate uint8

// The rates.
const (
	Once Rate = iota // fixed during a run
	Step             // new in every step
)

// Ref names a value of a program.
type Ref int32

// Input is a named value a program reads.
type Input struct {
	Name string
	Kind Kind
	Rate Rate
}

// Output is a value a program writes. A value of a smaller kind is repeated to fill Kind.
type Output struct {
	Value Ref
	Kind  Kind
}

// Instr computes Dst from up to three operands.
type Instr struct {
	Op           Op
	Dst, A, B, C Ref
}

// Source says where a level's operand comes from.
type Source uint8

// The sources of a level's operands.
const (
	FromInput Source = iota
	FromSlot         // a value an earlier level left behind
	FromConstant
)

// Load brings an operand into a level.
type Load struct {
	Dst   Ref
	From  Source
	Index int     // of the input or slot
	Value float64 // of the constant
	Kind  Kind
}

// Store writes a level's value to an output, or to a slot for later levels.
type Store struct {
	Src    Ref
	Slot   bool
	Index  int
	Kind   Kind // of the destination
	Source Kind // of the value
}

// Level is the part of a program that is computed at one rate over one kind: a loop whose body is
// straight-line code in single-assignment form.
type Level struct {
	Rate   Rate
	Kind   Kind
	Loads  []Load
	Code   []Instr
	Stores []Store
}

// Program is a sequence of levels, those of rate Once first. It is immutable.
type Program struct {
	Inputs  []Input
	Outputs []Output
	Levels  []Level
	Slots   []Kind

	values   int // number of values, bounds every Ref
	assigned []assigned
	kernels  []Kernel // by level; nil if all levels run portably
}

// Size is the number of primitives by rate.
func (p *Program) Size() (once, step int) {
	for _, l := range p.Levels {
		if l.Rate == Once {
			once += len(l.Code)
		} else {
			step += len(l.Code)
		}
	}
	return once, step
}
