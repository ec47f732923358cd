package native

import (
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// Weights says what the terms of [LaneSums] are products of.
type Weights byte

const (
	// OneWeight: an entry's weight is one number for all lanes of its samples.
	OneWeight Weights = iota
	// LaneWeights: it is one number per lane.
	LaneWeights
	// Tangents: it is one number per lane, the sample one number for all lanes; the sums start from 0 and are added, as a
	// whole, to what is there.
	Tangents
)

// LaneSums are weighted sums over lists of entries, one list per target, whose samples have several lanes, or are several
// steps of several lanes:
//
//	y_i[k][l] = start_i[k][l] + Σ_e w_e·s_e[k][l]
//
// each one chain of fused multiply-adds in the order of its list. About twelve vectors of sums are in registers at a time, more than
// the eight whose chains would wait for themselves: those of several targets side by side, or a part of those of one, whose list is
// then read once for every part.
type LaneSums struct {
	form          *Form
	weights       Weights
	block, lanes  int              // numbers of a target's sums, and of a step of them
	group         int              // targets side by side
	several, each *loader.Function // for a group, and for one target
}

// mostSums is how many vectors of sums can be in registers, beside a factor.
const mostSums = 14

// NewLaneSums translates the sums for so many steps, 1 or a multiple of 8, of so many lanes, a multiple of a vector's elements
// up to 32. Tangents are of one step.
func (f *Form) NewLaneSums(steps, lanes int, weights Weights) (*LaneSums, error) {
	x := laneSums{Form: f, weights: weights, perStep: lanes / f.width, vectors: steps * lanes / f.width}
	s := &LaneSums{form: f, weights: weights, block: steps * lanes, lanes: lanes, group: max(1, denseSums/x.vectors)}
	var err error
	if s.each, err = x.load(1); err == nil && s.group > 1 {
		s.several, err = x.load(s.group)
	}
	return s, err
}

// load writes the code for so many targets side by side.
func (x laneSums) load(group int) (*loader.Function, error) {
	x.group = group
	x.write()
	return load(&x.Assembler)
}

// laneSums writes the sums.
type laneSums struct {
	asm.Assembler
	*Form
	weights Weights
	group   int
	perStep int // vectors of a step
	vectors int // of a target's sums
	from    int // first vector of those that are in registers
	held    int // how many are
}

// Registers of the sums, beside those of rounds.go.
const (
	weightAt  = asm.R13
	laneTable = asm.RDI // of the weights: the frame is read before
	first     = asm.R15 // entry of the group
)

func (x *laneSums) write() {
	for i, r := range []asm.Reg{entries, counts, samples, starts, results, groups, laneTable} {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	x.Align(32)
	group := x.Here()
	parts := (x.vectors + mostSums - 1) / mostSums
	if parts > 1 {
		x.Emit(asm.MOV, first, entries)
	}
	for part := range parts {
		x.from = part * x.vectors / parts
		x.held = (part+1)*x.vectors/parts - x.from
		if part > 0 {
			x.Emit(asm.MOV, entries, first)
		}
		x.begin()
		x.rounds(0, 0, x.group)
		if x.group > 1 {
			for g := range x.group {
				x.rounds(1+g, g, 1)
			}
		}
		x.finish()
	}
	x.Emit(asm.ADD, counts, asm.Imm(8*(1+3*x.group)))
	x.Emit(asm.DEC, groups)
	x.Emit(asm.JNE, group)
	x.Emit(asm.RET)
}

// sum is the register of a vector of a target's sums.
func (x *laneSums) sum(target, vector int) asm.Reg { return x.vector(target*x.held + vector) }

// at is where a vector of a target's sums lies, given the column of the table that says where they begin.
func (x *laneSums) at(base asm.Reg, column, target, vector int) asm.Mem {
	if vector == 0 {
		x.Emit(asm.MOV, offset, asm.At(counts, 8*(1+column*x.group+target)))
	}
	return asm.At(base, (x.from+vector)*x.bytes()).Index(offset, 1)
}

// begin puts what the sums start from in their registers.
func (x *laneSums) begin() {
	for g := range x.group {
		for v := range x.held {
			sum := x.sum(g, v)
			if x.weights == Tangents {
				x.Emit(asm.VXORPD, sum, sum, sum)
				continue
			}
			x.Emit(asm.VMOVUPD, sum, x.at(starts, 1, g, v))
		}
	}
}

// finish puts the sums where they go.
func (x *laneSums) finish() {
	for g := range x.group {
		for v := range x.held {
			sum, to := x.sum(g, v), x.at(results, 2, g, v)
			if x.weights == Tangents {
				x.Emit(asm.VADDPD, sum, sum, to)
			}
			x.Emit(asm.VMOVUPD, to, sum)
		}
	}
}

// rounds adds as many entries of each of so many targets as the table says.
func (x *laneSums) rounds(count, target, targets int) {
	next := x.Label()
	x.Emit(asm.MOV, remaining, asm.At(counts, 8*count))
	x.Emit(asm.TEST, remaining, remaining)
	x.Emit(asm.JE, next)
	x.Align(32)
	again := x.Here()
	for g := range targets {
		x.term(target+g, g)
	}
	x.Emit(asm.ADD, entries, asm.Imm(16*targets))
	x.Emit(asm.DEC, remaining)
	x.Emit(asm.JNE, again)
	x.Bind(next)
}

// term adds entry number e from the present one to the sums of a target.
func (x *laneSums) term(target, e int) {
	factor := x.vector(15)
	x.Emit(asm.MOV, offset, asm.At(entries, 16*e))
	sample := func(v int) asm.Mem { return asm.At(samples, (x.from+v)*x.bytes()).Index(offset, 1) }
	if x.weights == OneWeight {
		x.Emit(asm.VBROADCASTSD, factor, asm.At(entries, 16*e+8))
		for v := range x.held {
			x.Emit(asm.VFMADD231PD, x.sum(target, v), factor, sample(v))
		}
		return
	}
	x.Emit(asm.MOV, weightAt, asm.At(entries, 16*e+8))
	weight := func(v int) asm.Mem { return asm.At(laneTable, v%x.perStep*x.bytes()).Index(weightAt, 1) }
	if x.weights == Tangents {
		x.Emit(asm.VBROADCASTSD, factor, asm.At(samples, 0).Index(offset, 1))
		for v := range x.held {
			x.Emit(asm.VFMADD231PD, x.sum(target, v), factor, weight(v))
		}
		return
	}
	for one := range min(x.perStep, x.held) { // the vectors of all steps that have the same weights
		x.Emit(asm.VMOVUPD, factor, weight(x.from+one))
		for v := one; v < x.held; v += x.perStep {
			x.Emit(asm.VFMADD231PD, x.sum(target, v), factor, sample(v))
		}
	}
}
