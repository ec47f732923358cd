package native

import (
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
	"github.com/neurograd/neurograd/internal/program"
)

// A level of nodes and lanes is a loop over the nodes around one over the vectors of a node's lanes. What has one number per
// node is repeated in scratch, anew for every node; what has one per lane is an array that begins again with every node.

// lane is the register of the first lane of the present vector; between two nodes it is the number of the node.
const lane = whole

// Where the numbers of a part are, in bytes.
const (
	partNode  = 16
	partLanes = 24
)

// compileLanes translates a level over nodes and lanes, whose calls take about so many elements; nil on an error.
func compileLanes(l *program.Level, chunk int) *Kernel {
	code, vectors, err := translateLanes(l)
	if err != nil {
		return nil
	}
	f, err := loader.Load(code)
	if err != nil {
		return nil
	}
	return &Kernel{code: f, arrays: len(l.Loads) + len(l.Stores), vectors: vectors, chunk: chunk}
}

// NewLanesCall makes a call over nodes and several lanes; nil if there is no code for them: their number must be a multiple of
// that of a vector's elements.
func (k *Kernel) NewLanesCall(nodes, lanes int) program.Call {
	if k.lanes == nil || lanes%width != 0 {
		return nil
	}
	over := k.lanes()
	if over == nil {
		return nil
	}
	c := over.NewCall(nodes * lanes).(*Call)
	c.part.lanes = lanes
	return &lanesCall{c, max(1, over.chunk/lanes)}
}

// lanesCall is a call that takes whole nodes at a time.
type lanesCall struct {
	*Call
	nodes int
}

// Run computes all elements.
func (c *lanesCall) Run() {
	step := c.nodes * c.part.lanes
	for from := 0; from < c.count; from += step {
		c.part.from, c.part.to, c.part.node = from, min(from+step, c.count), from/c.part.lanes
		c.call()
	}
}

// translateLanes is the code of a level over nodes and lanes, and how many vectors of scratch it takes.
func translateLanes(l *program.Level) (code []byte, vectors int, err error) {
	b := lower(l, func(ld program.Load) bool { return ld.Kind&program.Lane == 0 })
	x := &loop{register: map[int]asm.Reg{}, repeats: map[int]int32{}, lane: map[int]bool{}}
	for i, ld := range l.Loads {
		x.lane[i] = ld.From != program.FromConstant && ld.Kind == program.Lane
	}
	x.enter(b)
	node := x.Here()
	x.Emit(asm.MOV, free, asm.At(frame, framePart))
	x.Emit(asm.MOV, lane, asm.At(free, partNode))
	for i, ld := range l.Loads {
		if slot, used := x.repeats[i]; used && ld.Kind == program.Node {
			x.Emit(asm.MOV, free, asm.At(frame, frameArrays+8*i))
			x.Emit(asm.VBROADCASTSD, asm.Y(0), asm.At(free, 0).Index(lane, 8))
			x.Emit(asm.VMOVUPD, x.spill(slot), asm.Y(0))
		}
	}
	x.Emit(asm.INC, lane)
	x.Emit(asm.MOV, free, asm.At(frame, framePart))
	x.Emit(asm.MOV, asm.At(free, partNode), lane)
	x.Emit(asm.XOR, lane, lane)
	x.Align(32)
	top := x.Here()
	write(b, x, 16, &x.slots)
	x.Emit(asm.ADD, index, asm.Imm(width))
	x.Emit(asm.ADD, lane, asm.Imm(width))
	x.Emit(asm.MOV, free, asm.At(frame, framePart))
	x.Emit(asm.CMP, lane, asm.At(free, partLanes))
	x.Emit(asm.JB, top)
	x.Emit(asm.CMP, index, end)
	x.Emit(asm.JB, node)
	x.Emit(asm.RET)
	code, err = x.Code()
	return code, int(x.slots), err
}
