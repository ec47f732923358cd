package native

import (
	"slices"
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// Rounds are weighted sums over lists of entries, one list per target:
//
//	y_i[k] = start_i[k] + Σ_e w_e·s[offset_e + k],   k = 0…K−1,
//
// each one chain of fused multiply-adds in the order of its list. Several targets go side by side, a round of one
// entry of each at a time, because the chain of one alone would wait for itself.
type Rounds struct {
	form  *Form
	code  *loader.Function
	block int // K
	group int // targets side by side
}

// NewRounds translates the sums for K = 1, 8, 16 or 32.
func (f *Form) NewRounds(block int) (*Rounds, error) {
	x := &rounds{Form: f, block: block, group: f.groupOf(block)}
	x.write()
	code, err := load(&x.Assembler)
	if err != nil {
		return nil, err
	}
	return &Rounds{f, code, block, x.group}, nil
}

// groupOf is as many targets as give eight chains in registers.
func (f *Form) groupOf(block int) int { return max(1, 8*f.width/max(block, f.width)) }

// Entry is one term of a sum: where its samples begin, in bytes, and its weight.
type Entry struct {
	Offset int
	Weight float64
}

// List holds the entries of all targets in the order in which they are read. Targets with about as many entries go
// side by side.
type List struct {
	entries []Entry
	counts  []int // by group: of rounds of all its targets, then of the entries beyond them, target by target
	place   []int // by target: where it goes
	groups  int
	block   int         // K
	out     []float64   // [place][K]
	parts   []roundArgs // for one call each
}

// List packs the entries of targets, given where each one's begin.
func (r *Rounds) List(targets int, start []int32, entry func(e int) Entry) *List {
	l := &List{place: make([]int, targets), groups: (targets + r.group - 1) / r.group, block: r.block}
	order := make([]int, targets)
	for i := range order {
		order[i] = i
	}
	length := func(i int) int { return int(start[i+1] - start[i]) }
	slices.SortStableFunc(order, func(i, j int) int { return length(j) - length(i) })
	for at := 0; at < targets; at += r.group {
		group := order[at:min(at+r.group, targets)]
		rounds := 0
		if len(group) == r.group {
			rounds = length(group[len(group)-1])
		}
		l.counts = append(l.counts, rounds)
		for round := range rounds {
			for _, i := range group {
				l.entries = append(l.entries, entry(int(start[i])+round))
			}
		}
		for k := range r.group {
			rest := 0
			if k < len(group) {
				i := group[k]
				l.place[i] = at + k
				rest = length(i) - rounds
				for e := range rest {
					l.entries = append(l.entries, entry(int(start[i])+rounds+e))
				}
			}
			l.counts = append(l.counts, rest)
		}
	}
	l.out = aligned.Float64s(l.groups * r.group * r.block)
	r.cut(l)
	return l
}

// cut cuts the groups into parts that a call should take.
func (r *Rounds) cut(l *List) {
	perGroup, terms := 1+r.group, 0
	for g, entry := 0, 0; g < l.groups; g++ {
		counts := l.counts[g*perGroup:]
		own := counts[0] * r.group
		for _, rest := range counts[1:perGroup] {
			own += rest
		}
		cost := own * max(1, r.block/r.form.width)
		if terms += cost; len(l.parts) == 0 || terms > operationsPerCall {
			terms = cost
			l.parts = append(l.parts, roundArgs{entries: unsafe.Pointer(unsafe.SliceData(l.entries[entry:])),
				counts: unsafe.Pointer(&counts[0]), out: unsafe.Pointer(&l.out[g*r.group*r.block])})
		}
		l.parts[len(l.parts)-1].groups++
		entry += own
	}
}

// Clear makes the sums start from 0.
func (l *List) Clear() { clear(l.out) }

// Set makes the first sum of target i start from start[i·stride].
func (l *List) Set(start []float64, stride int) {
	for i, p := range l.place {
		l.out[p*l.block] = start[i*stride]
	}
}

// Get copies the sums [target][K].
func (l *List) Get(sums []float64) {
	if l.block == 1 {
		for i, p := range l.place {
			sums[i] = l.out[p]
		}
		return
	}
	for i, p := range l.place {
		copy(sums[i*l.block:(i+1)*l.block], l.out[p*l.block:])
	}
}

// roundArgs is what the code reads, in this order.
type roundArgs struct {
	entries, counts, samples, out unsafe.Pointer
	groups                        int
}

// Apply adds the terms over samples to the sums.
func (r *Rounds) Apply(l *List, samples []float64) {
	for i := range l.parts {
		p := &l.parts[i]
		p.samples = unsafe.Pointer(unsafe.SliceData(samples))
		r.code.Call(unsafe.Pointer(p))
	}
}

// rounds writes the sums.
type rounds struct {
	asm.Assembler
	*Form
	block, group int
}

// Registers of the sums.
const (
	entries   = asm.RBX
	counts    = asm.RDX // of rounds, by group
	samples   = asm.R8
	sums      = asm.R9
	groups    = asm.R10
	remaining = asm.RCX // rounds of the present group
	offset    = asm.RAX
)

func (x *rounds) write() {
	for i, r := range []asm.Reg{entries, counts, samples} {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	x.Emit(asm.MOV, sums, asm.At(frame, 24))
	x.Emit(asm.MOV, groups, asm.At(frame, 32))
	done := x.Label()
	x.Emit(asm.TEST, groups, groups)
	x.Emit(asm.JE, done)
	top := x.Here()
	x.each(func(acc, at int) { x.move(true, acc, at) })
	x.repeat(0, 0, x.group)
	for g := range x.group {
		x.repeat(1+g, g, 1)
	}
	x.each(func(acc, at int) { x.move(false, acc, at) })
	x.Emit(asm.ADD, sums, asm.Imm(8*x.group*x.block))
	x.Emit(asm.ADD, counts, asm.Imm(8*(1+x.group)))
	x.Emit(asm.DEC, groups)
	x.Emit(asm.JNE, top)
	x.Bind(done)
	x.Emit(asm.RET)
}

// repeat adds as many rounds as the group's count says, of one entry of each of so many targets.
func (x *rounds) repeat(count, first, targets int) {
	next := x.Label()
	x.Emit(asm.MOV, remaining, asm.At(counts, 8*count))
	x.Emit(asm.TEST, remaining, remaining)
	x.Emit(asm.JE, next)
	x.Align(32)
	again := x.Here()
	for g := range targets {
		x.term(first+g, g)
	}
	x.Emit(asm.ADD, entries, asm.Imm(16*targets))
	x.Emit(asm.DEC, remaining)
	x.Emit(asm.JNE, again)
	x.Bind(next)
}

// each goes through the registers of the group's sums with their places.
func (x *rounds) each(do func(acc, at int)) {
	for acc := range x.group * x.perTarget() {
		do(acc, acc*8*x.block/x.perTarget())
	}
}

// perTarget is the number of registers of a target's sums.
func (x *rounds) perTarget() int { return max(1, x.block/x.width) }

// move loads or stores a register of sums.
func (x *rounds) move(load bool, acc, at int) {
	inst, r := asm.VMOVUPD, x.vector(acc)
	if x.block == 1 {
		inst, r = asm.VMOVSD, asm.X(acc)
	}
	if load {
		x.Emit(inst, r, asm.At(sums, at))
	} else {
		x.Emit(inst, asm.At(sums, at), r)
	}
}

// term adds entry number e from the present one to the sums of target g of the group.
func (x *rounds) term(g, e int) {
	x.Emit(asm.MOV, offset, asm.At(entries, 16*e))
	if x.block == 1 {
		x.Emit(asm.VMOVSD, asm.X(15), asm.At(entries, 16*e+8))
		x.Emit(asm.VFMADD231SD, asm.X(g), asm.X(15), asm.At(samples, 0).Index(offset, 1))
		return
	}
	weight := x.vector(x.registers - 1)
	x.Emit(asm.VBROADCASTSD, weight, asm.At(entries, 16*e+8))
	for k := range x.perTarget() {
		x.Emit(asm.VFMADD231PD, x.vector(g*x.perTarget()+k), weight, asm.At(samples, x.bytes()*k).Index(offset, 1))
	}
}
