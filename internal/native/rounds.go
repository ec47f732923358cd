package native

import (
	"slices"
	"unsafe"

	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// Rounds are weighted sums over lists of entries, one list per target,
//
//	y_i = start_i + Σ_e w_e·s[offset_e],
//
// each one chain of fused multiply-adds in the order of its list. Several targets go side by side, a round of one
// entry of each at a time, because the chain of one alone would wait for itself. Sums over several steps or lanes are [LaneSums].
type Rounds struct{ code *loader.Function }

// roundGroup is how many targets go side by side.
const roundGroup = 8

// NewRounds translates the sums.
func (f *Form) NewRounds() (*Rounds, error) {
	x := &rounds{}
	x.write()
	code, err := load(&x.Assembler)
	if err != nil {
		return nil, err
	}
	return &Rounds{code}, nil
}

// Entry is one term of a sum: where its sample lies, in bytes, and its weight.
type Entry struct {
	Offset int
	Weight float64
}

// List holds the entries of all targets in the order in which they are read. Targets with about as many entries go
// side by side. Several goroutines may use it at once.
type List struct {
	code    *loader.Function
	entries []Entry
	groups  []int       // perGroup for each: of rounds of all its targets; by target the entries beyond them, where it starts from, where it goes
	parts   []roundArgs // for one call each
}

// perGroup is how many numbers a group of targets has: see List.
const perGroup = 1 + 3*roundGroup

// List packs the entries of targets, given where each one's begin. The sum of target i starts from number i·stride of an array.
func (r *Rounds) List(targets int, start []int32, stride int, entry func(e int) Entry) *List {
	l := &List{code: r.code}
	order := make([]int, targets)
	for i := range order {
		order[i] = i
	}
	length := func(i int) int { return int(start[i+1] - start[i]) }
	slices.SortStableFunc(order, func(i, j int) int { return length(j) - length(i) })
	for at := 0; at < targets; at += roundGroup {
		group := order[at:min(at+roundGroup, targets)]
		own := [perGroup]int{}
		if len(group) == roundGroup {
			own[0] = length(group[roundGroup-1])
		}
		first := len(l.entries)
		for round := range own[0] {
			for _, i := range group {
				l.entries = append(l.entries, entry(int(start[i])+round))
			}
		}
		for k := range roundGroup {
			i := group[0] // in the place of a target that is not there: its sum is written first, then that of this one
			if k < len(group) {
				i = group[k]
				own[1+k] = length(i) - own[0]
				for e := range own[1+k] {
					l.entries = append(l.entries, entry(int(start[i])+own[0]+e))
				}
			}
			own[1+roundGroup+k], own[1+2*roundGroup+k] = 8*i*stride, 8*i
		}
		l.groups = append(l.groups, own[:]...)
		l.part(first)
	}
	for i, entry := 0, 0; i < len(l.parts); i++ { // now that the arrays do not move any more
		p := &l.parts[i]
		p.entries, p.groups = unsafe.Pointer(unsafe.SliceData(l.entries[entry:])), unsafe.Pointer(&l.groups[p.first*perGroup])
		entry += p.terms
	}
	return l
}

// part puts the last group, whose entries begin at first, to those of a call, or into one of its own.
func (l *List) part(first int) {
	terms := len(l.entries) - first
	if n := len(l.parts); n == 0 || l.parts[n-1].terms+terms > operationsPerCall {
		l.parts = append(l.parts, roundArgs{first: len(l.groups)/perGroup - 1})
	}
	p := &l.parts[len(l.parts)-1]
	p.count++
	p.terms += terms
}

// roundArgs is what the code reads, in this order, and what it is made of.
type roundArgs struct {
	entries, groups, samples, start, out unsafe.Pointer
	count                                int // of groups
	first, terms                         int // first group, and how many entries there are
}

// Apply computes the sums over samples; start is nil for 0, if the list has a stride of 0.
func (l *List) Apply(out, start, samples []float64) {
	if start == nil {
		start = zero[:]
	}
	for i := range l.parts {
		p := l.parts[i]
		p.samples, p.start, p.out = unsafe.Pointer(unsafe.SliceData(samples)), unsafe.Pointer(unsafe.SliceData(start)), unsafe.Pointer(unsafe.SliceData(out))
		l.code.Call(unsafe.Pointer(&p))
	}
}

// zero is what sums start from that start from nothing.
var zero [1]float64

// rounds writes the sums.
type rounds struct{ asm.Assembler }

// Registers of the sums.
const (
	entries   = asm.RBX
	counts    = asm.RDX // of rounds, by group
	samples   = asm.R8
	starts    = asm.R10
	results   = asm.R9
	groups    = asm.R11 // that are left
	remaining = asm.RCX // rounds of the present group
	offset    = asm.RAX
)

func (x *rounds) write() {
	for i, r := range []asm.Reg{entries, counts, samples, starts, results, groups} {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	x.Align(32)
	top := x.Here()
	for g := range roundGroup {
		x.Emit(asm.MOV, offset, asm.At(counts, 8*(1+roundGroup+g)))
		x.Emit(asm.VMOVSD, asm.X(g), asm.At(starts, 0).Index(offset, 1))
	}
	x.repeat(0, 0, roundGroup)
	for g := range roundGroup {
		x.repeat(1+g, g, 1)
	}
	for g := roundGroup - 1; g >= 0; g-- {
		x.Emit(asm.MOV, offset, asm.At(counts, 8*(1+2*roundGroup+g)))
		x.Emit(asm.VMOVSD, asm.At(results, 0).Index(offset, 1), asm.X(g))
	}
	x.Emit(asm.ADD, counts, asm.Imm(8*perGroup))
	x.Emit(asm.DEC, groups)
	x.Emit(asm.JNE, top)
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
		x.Emit(asm.MOV, offset, asm.At(entries, 16*g))
		x.Emit(asm.VMOVSD, asm.X(15), asm.At(entries, 16*g+8))
		x.Emit(asm.VFMADD231SD, asm.X(first+g), asm.X(15), asm.At(samples, 0).Index(offset, 1))
	}
	x.Emit(asm.ADD, entries, asm.Imm(16*targets))
	x.Emit(asm.DEC, remaining)
	x.Emit(asm.JNE, again)
	x.Bind(next)
}
