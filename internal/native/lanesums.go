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
// each one chain of fused multiply-adds in the order of its list. About eight vectors of sums are in registers at a time: those of
// several targets side by side, or a part of those of one, whose list is then read part by part.
type LaneSums struct {
	weights       Weights
	block, lanes  int              // numbers of a target's sums, and of a step of them
	group         int              // targets side by side
	several, each *loader.Function // for a group, and for one target
}

// sumVectors is about how many vectors of sums are in registers.
const sumVectors = 8

// NewLaneSums translates the sums for so many steps, 1 or a multiple of 8, of so many lanes, a multiple of a vector's elements
// up to 32. Tangents are of one step.
func NewLaneSums(steps, lanes int, weights Weights) (*LaneSums, error) {
	x := laneSums{weights: weights, perStep: lanes / width, vectors: lanes / width, chunks: 1}
	s := &LaneSums{weights: weights, block: steps * lanes, lanes: lanes, group: max(1, sumVectors/x.perStep)}
	if steps > 1 {
		x.vectors *= s.group
		x.chunks = steps / s.group
		s.group = 1
	}
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
	code, err := x.Code()
	if err != nil {
		return nil, err
	}
	return loader.Load(code)
}

// laneSums writes the sums.
type laneSums struct {
	asm.Assembler
	weights Weights
	group   int
	perStep int // vectors of a step
	vectors int // of a target's sums that are in registers at a time
	chunks  int // times that many
}

// Registers of the sums, beside those of rounds.go.
const (
	starts    = asm.R10
	results   = asm.R9
	laneGroup = asm.R11 // groups that are left
	weightAt  = asm.R13
	laneTable = asm.RDI // of the weights: the frame is read before
	first     = asm.R15 // entry of the group
	chunkAt   = asm.R12 // bytes of the sums before the present chunk
	chunkData = asm.RSI // the samples from there on
)

func (x *laneSums) write() {
	for i, r := range []asm.Reg{entries, counts, samples, starts, results, laneGroup, laneTable} {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	data := samples
	if x.chunks > 1 {
		data = chunkData
	}
	group := x.Here()
	var chunk asm.Label
	if x.chunks > 1 {
		x.Emit(asm.MOV, first, entries)
		x.Emit(asm.XOR, chunkAt, chunkAt)
		chunk = x.Here()
		x.Emit(asm.MOV, entries, first)
		x.Emit(asm.LEA, chunkData, asm.At(samples, 0).Index(chunkAt, 1))
	}
	x.begin()
	x.rounds(0, 0, x.group, data)
	if x.group > 1 {
		for g := range x.group {
			x.rounds(1+g, g, 1, data)
		}
	}
	x.finish()
	if x.chunks > 1 {
		x.Emit(asm.ADD, chunkAt, asm.Imm(x.vectors*vectorBytes))
		x.Emit(asm.CMP, chunkAt, asm.Imm(x.chunks*x.vectors*vectorBytes))
		x.Emit(asm.JB, chunk)
	}
	x.Emit(asm.ADD, counts, asm.Imm(8*(1+3*x.group)))
	x.Emit(asm.DEC, laneGroup)
	x.Emit(asm.JNE, group)
	x.Emit(asm.RET)
}

// at is where a vector of a target's sums lies, given the column of the table that says where they begin.
func (x *laneSums) at(base asm.Reg, column, target, vector int) asm.Mem {
	if vector == 0 {
		x.Emit(asm.MOV, offset, asm.At(counts, 8*(1+column*x.group+target)))
		if x.chunks > 1 {
			x.Emit(asm.ADD, offset, chunkAt)
		}
	}
	return asm.At(base, vector*vectorBytes).Index(offset, 1)
}

// begin puts what the sums start from in their registers.
func (x *laneSums) begin() {
	for g := range x.group {
		for v := range x.vectors {
			sum := asm.Y(g*x.vectors + v)
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
		for v := range x.vectors {
			sum, to := asm.Y(g*x.vectors+v), x.at(results, 2, g, v)
			if x.weights == Tangents {
				x.Emit(asm.VADDPD, sum, sum, to)
			}
			x.Emit(asm.VMOVUPD, to, sum)
		}
	}
}

// rounds adds as many entries of each of so many targets as the table says.
func (x *laneSums) rounds(count, target, targets int, data asm.Reg) {
	next := x.Label()
	x.Emit(asm.MOV, remaining, asm.At(counts, 8*count))
	x.Emit(asm.TEST, remaining, remaining)
	x.Emit(asm.JE, next)
	x.Align(32)
	again := x.Here()
	for g := range targets {
		x.term(target+g, g, data)
	}
	x.Emit(asm.ADD, entries, asm.Imm(16*targets))
	x.Emit(asm.DEC, remaining)
	x.Emit(asm.JNE, again)
	x.Bind(next)
}

// term adds entry number e from the present one to the sums of a target.
func (x *laneSums) term(target, e int, data asm.Reg) {
	const factor = 15
	sum := func(v int) asm.Reg { return asm.Y(target*x.vectors + v) }
	x.Emit(asm.MOV, offset, asm.At(entries, 16*e))
	sample := asm.At(data, 0).Index(offset, 1)
	if x.weights == OneWeight {
		x.Emit(asm.VBROADCASTSD, asm.Y(factor), asm.At(entries, 16*e+8))
		for v := range x.vectors {
			x.Emit(asm.VFMADD231PD, sum(v), asm.Y(factor), sample.Plus(v*vectorBytes))
		}
		return
	}
	x.Emit(asm.MOV, weightAt, asm.At(entries, 16*e+8))
	weight := asm.At(laneTable, 0).Index(weightAt, 1)
	if x.weights == Tangents {
		x.Emit(asm.VBROADCASTSD, asm.Y(factor), sample)
		for v := range x.vectors {
			x.Emit(asm.VFMADD231PD, sum(v), asm.Y(factor), weight.Plus(v*vectorBytes))
		}
		return
	}
	for lane := range x.perStep {
		x.Emit(asm.VMOVUPD, asm.Y(factor), weight.Plus(lane*vectorBytes))
		for v := lane; v < x.vectors; v += x.perStep {
			x.Emit(asm.VFMADD231PD, sum(v), asm.Y(factor), sample.Plus(v*vectorBytes))
		}
	}
}
