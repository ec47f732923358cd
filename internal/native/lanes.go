package native

import (
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/program"
)

// A level of nodes and lanes is a loop over the nodes around one over the vectors of a node's lanes. What has one number per
// node is repeated in scratch, anew for every node; what has one per lane is an array that begins again with every node. Where
// the lanes allow it, two vectors go side by side, operation by operation: most levels are chains in which one operation waits
// for the last, and one chain alone leaves the processor idle.

// lane is the register of the first lane of the present vector; between two nodes it is the number of the node.
const lane = whole

// Where the numbers of a part are, in bytes.
const (
	partNode  = 16
	partLanes = 24
)

// LaneMultiple is what the number of lanes is a multiple of where there is machine code for them.
func (f *Form) LaneMultiple() int { return f.width }

// NewLanesCall makes a call over nodes and several lanes; nil if there is no code for them: their number must be a multiple of
// that of a vector's elements.
func (k *Kernel) NewLanesCall(nodes, lanes int) program.Call {
	width := k.form.width
	if k.lanes[0] == nil || lanes%width != 0 {
		return nil
	}
	over := k.lanes[k.laneTurns(lanes/width)]()
	if over == nil {
		return nil
	}
	c := newCall(over, nodes*lanes)
	c.part.lanes = lanes
	return &lanesCall{c, max(1, over.chunk/lanes)}
}

// laneTurns is which of a kernel's lanes suits so many vectors per node: as many side by side as divide them, and no more than
// for one run.
func (k *Kernel) laneTurns(vectors int) int {
	n, turns := 0, k.turns()
	for n+1 < len(k.lanes) && 2<<n <= turns && vectors%(2<<n) == 0 {
		n++
	}
	return n
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

// translateLanes writes the loop of a level over nodes and lanes, with so many vectors side by side.
func (f *Form) translateLanes(l *program.Level, side int) *loop {
	b := f.lower(l, func(ld program.Load) bool { return ld.Kind&program.Lane == 0 }).several(side)
	x := &loop{Form: f, address: map[int]asm.Reg{}, repeats: map[int]int32{}, lane: map[int]bool{}}
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
			x.Emit(asm.VBROADCASTSD, x.vector(0), asm.At(free, 0).Index(lane, 8))
			x.Emit(asm.VMOVUPD, x.spill(slot), x.vector(0))
		}
	}
	x.Emit(asm.INC, lane)
	x.Emit(asm.MOV, free, asm.At(frame, framePart))
	x.Emit(asm.MOV, asm.At(free, partNode), lane)
	x.Emit(asm.XOR, lane, lane)
	x.Align(32)
	top := x.Here()
	x.write(b, x, x.registers, &x.slots)
	x.Emit(asm.ADD, index, asm.Imm(side*x.width))
	x.Emit(asm.ADD, lane, asm.Imm(side*x.width))
	x.Emit(asm.MOV, free, asm.At(frame, framePart))
	x.Emit(asm.CMP, lane, asm.At(free, partLanes))
	x.Emit(asm.JB, top)
	x.Emit(asm.CMP, index, end)
	x.Emit(asm.JB, node)
	x.Emit(asm.RET)
	return x
}
