package program

import (
	"fmt"
	"sync"
)

// block is the number of elements the portable backend works on at a time: long enough to hide the
// dispatch of an instruction, short enough that a program's registers stay in the first-level cache.
const block = 64

// Instance is a program with the memory to run it over a number of nodes and lanes. The caller sets
// In[i] and Out[i] (lengths: Kind.Size) before Once, which may be called again with others; an output may be the same
// memory as an input of the same kind that nothing but that output depends on (a sum that is added to). An
// instance serves one goroutine.
type Instance struct {
	In, Out [][]float64

	program      *Program
	nodes, lanes int
	slots        [][]float64
	levels       []portableLevel
}

// assigned is a level with registers assigned, which is done once for all instances, when the first one runs portably.
type assigned struct {
	*Level
	once      sync.Once
	code      []Instr     // operands are registers
	chains    [][]float64 // coefficients of the code's polynomials
	stores    []int       // register of each store
	loads     []int       // register of each load
	registers int
}

// portableLevel is a level being run: regs[r] is the current block of register r.
type portableLevel struct {
	*assigned
	regs   [][]float64
	extent int
	call   Call // where a kernel runs the level
}

// Instance allocates what running the program over that many nodes and lanes needs.
func (p *Program) Instance(nodes, lanes int) *Instance {
	x := &Instance{
		In: make([][]float64, len(p.Inputs)), Out: make([][]float64, len(p.Outputs)),
		program: p, nodes: nodes, lanes: lanes, slots: make([][]float64, len(p.Slots)),
	}
	for i, k := range p.Slots {
		x.slots[i] = make([]float64, k.Size(nodes, lanes))
	}
	for i := range p.assigned {
		if call := x.accelerated(i); call != nil {
			x.levels = append(x.levels, portableLevel{assigned: &p.assigned[i], call: call})
			continue
		}
		p.assigned[i].once.Do(func() { p.assigned[i].assign(p.values) })
		x.levels = append(x.levels, p.assigned[i].instance(nodes, lanes))
	}
	return x
}

// instance allocates the registers for a number of nodes and lanes and fills those of constants.
func (a *assigned) instance(nodes, lanes int) portableLevel {
	l := portableLevel{assigned: a, extent: a.Kind.Size(nodes, lanes), regs: make([][]float64, a.registers)}
	size := min(block, max(l.extent, 1))
	memory := make([]float64, size*a.registers)
	for r := range l.regs {
		l.regs[r] = memory[r*size : (r+1)*size]
	}
	for i, ld := range a.Loads {
		if ld.From == FromConstant {
			fill(l.regs[a.loads[i]], ld.Value)
		}
	}
	return l
}

// assign assigns registers: a value's register is free again after its last use; operands that come from
// outside, and values that are stored, keep theirs to the end.
func (pl *assigned) assign(values int) {
	l := pl.Level
	var code []Instr
	code, pl.chains = fuseHorner(l, values)
	const never = -1
	lastUse := make([]int, values)
	for i := range lastUse {
		lastUse[i] = never
	}
	for i, in := range code {
		for _, a := range operands(in) {
			lastUse[a] = i
		}
	}
	for _, s := range l.Stores {
		lastUse[s.Src] = len(code)
	}
	register := make([]int, values)
	for _, ld := range l.Loads {
		register[ld.Dst] = pl.registers
		pl.loads = append(pl.loads, pl.registers)
		pl.registers++
		lastUse[ld.Dst] = len(code)
	}
	var free []int
	for i, in := range code {
		var r [3]int
		for k, a := range operands(in) {
			r[k] = register[a]
		}
		for k, a := range operands(in) {
			if lastUse[a] == i && !contains(operands(in)[:k], a) {
				free = append(free, register[a])
			}
		}
		dst := pl.registers
		if n := len(free); n > 0 {
			dst, free = free[n-1], free[:n-1]
		} else {
			pl.registers++
		}
		register[in.Dst] = dst
		if in.Op == horner {
			r[2] = int(in.C)
		}
		pl.code = append(pl.code, Instr{in.Op, Ref(dst), Ref(r[0]), Ref(r[1]), Ref(r[2])})
	}
	for _, s := range l.Stores {
		pl.stores = append(pl.stores, register[s.Src])
	}
}

func contains(refs []Ref, r Ref) bool {
	for _, x := range refs {
		if x == r {
			return true
		}
	}
	return false
}

// operands are the values an instruction reads.
func operands(in Instr) []Ref {
	switch in.Op {
	case Sqrt, Neg, Abs, Round, Exponent, Mantissa:
		return []Ref{in.A}
	case horner:
		return []Ref{in.A, in.B}
	case FMA, Select:
		return []Ref{in.A, in.B, in.C}
	}
	return []Ref{in.A, in.B}
}

// Once runs the levels that are fixed during a run; call it after setting the inputs of rate Once.
func (x *Instance) Once() {
	x.bind()
	x.run(Once)
}

// Step runs the levels that change from step to step.
func (x *Instance) Step() { x.run(Step) }

func (x *Instance) run(rate Rate) {
	for i := range x.levels {
		l := &x.levels[i]
		if l.Rate != rate {
			continue
		}
		if l.call != nil {
			l.call.Run()
			continue
		}
		x.broadcast(l)
		for at := 0; at < l.extent; {
			m := x.blockAt(l, at)
			x.loadBlock(l, at, m)
			execute(l.code, l.regs, l.chains, m)
			x.storeBlock(l, at, m)
			at += m
		}
	}
}

// blockAt is the length of the block that starts at element at. Where lanes vary it is whole nodes
// unless a node's lanes exceed a block.
func (x *Instance) blockAt(l *portableLevel, at int) int {
	size := block
	if l.Kind == Full && x.lanes > 1 && x.lanes <= block {
		size -= block % x.lanes
	}
	return min(size, l.extent-at)
}

func (x *Instance) source(ld Load) []float64 {
	if ld.From == FromInput {
		in := x.In[ld.Index]
		if len(in) < ld.Kind.Size(x.nodes, x.lanes) {
			panic(fmt.Sprintf("program: input %q has %d values, needs %d", x.program.Inputs[ld.Index].Name, len(in), ld.Kind.Size(x.nodes, x.lanes)))
		}
		return in
	}
	return x.slots[ld.Index]
}

// broadcast fills the registers of uniform operands.
func (x *Instance) broadcast(l *portableLevel) {
	for i, ld := range l.Loads {
		if ld.From != FromConstant && ld.Kind == Uniform && l.Kind != Uniform {
			fill(l.regs[l.loads[i]], x.source(ld)[0])
		}
	}
}

func (x *Instance) loadBlock(l *portableLevel, at, m int) {
	for i, ld := range l.Loads {
		if ld.From == FromConstant || ld.Kind == Uniform && l.Kind != Uniform {
			continue
		}
		r, src := l.loads[i], x.source(ld)
		switch {
		case ld.Kind == l.Kind || ld.Kind == Node && x.lanes == 1:
			l.regs[r] = src[at : at+m]
		case ld.Kind == Node:
			dst := l.regs[r]
			for k := 0; k < m; k++ {
				dst[k] = src[(at+k)/x.lanes]
			}
		default: // a lane operand in a full level
			dst := l.regs[r]
			for k := 0; k < m; k++ {
				dst[k] = src[(at+k)%x.lanes]
			}
		}
	}
}

func (x *Instance) storeBlock(l *portableLevel, at, m int) {
	for i, s := range l.Stores {
		dst := x.slots
		if !s.Slot {
			dst = x.Out
		}
		copy(dst[s.Index][at:at+m], l.regs[l.stores[i]][:m])
	}
}

func fill(x []float64, v float64) {
	for i := range x {
		x[i] = v
	}
}
