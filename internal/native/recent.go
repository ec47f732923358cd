package native

import (
	"math"
	"slices"
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// Recent are weighted sums over samples of the last 16 steps, one list of terms per target:
//
//	y_i = start_i + Σ_e w_e·s[offset_e + place_e],   place_e = 0…15,
//
// each one chain of fused multiply-adds in the order of its list. The 16 samples of a source lie in two registers, and an
// instruction picks from them for the 8 targets of a vector what each wants. Several goroutines may use it at once.
type Recent struct {
	parts []recentPart
	whole int // targets, in whole vectors
}

// Term is one term of such a sum: where its source's 16 samples begin, in bytes, which of them it is, and its weight.
type Term struct {
	Offset, Place int
	Weight        float64
}

// recentPart is rows of a range of vectors of targets, whose sums are in registers at a time.
type recentPart struct {
	code *loader.Function
	from int // target
	args recentArgs
}

// recentArgs is what the code reads, in this order.
type recentArgs struct {
	rows, samples, out unsafe.Pointer
	count              int
}

// recentWindow is the number of samples to pick from, and recentVectors the most vectors of targets in a group.
const (
	recentWindow  = 16
	recentVectors = 12
)

// recentRow is the terms over one source's samples, at most one for each target.
type recentRow struct {
	offset, turn int // turn: the number of terms over the same source that a target has before
	terms        []Term
}

// NewRecent translates the sums, given where each target's terms begin; those of a target are in the order of their
// offsets. It is nil where the form has no such instruction, or where there are so few terms that lists are faster.
func (f *Form) NewRecent(targets int, start []int32, term func(e int) Term) (*Recent, error) {
	if !f.masks {
		return nil, nil
	}
	r := &Recent{whole: f.whole(targets) * f.width}
	count := (f.whole(targets) + recentVectors - 1) / recentVectors
	made, picks := map[int]*loader.Function{}, 0
	for g := range count {
		from, to := g*f.whole(targets)/count, (g+1)*f.whole(targets)/count
		rows, ordered := recentRows(from*f.width, min(to*f.width, targets), start, term)
		if !ordered {
			return nil, nil
		}
		x := &recent{Form: f, vectors: to - from}
		if made[x.vectors] == nil {
			x.write()
			var err error
			if made[x.vectors], err = load(&x.Assembler); err != nil {
				return nil, err
			}
		}
		picks += len(rows) * x.vectors
		for part := range slices.Chunk(rows, max(1, operationsPerCall/(4*x.vectors))) {
			r.parts = append(r.parts, recentPart{made[x.vectors], from * f.width, recentArgs{rows: x.pack(part), count: len(part)}})
		}
	}
	if int(start[targets]) < picks*termsPerPick {
		return nil, nil
	}
	return r, nil
}

// termsPerPick is how many terms a list adds in the time in which this picks for a vector of targets.
const termsPerPick = 2

// recentRows sorts the terms of some targets by source; it reports whether that keeps the order of every target's.
func recentRows(from, to int, start []int32, term func(e int) Term) (rows []recentRow, ordered bool) {
	known := map[[2]int]int{} // rows by offset and turn
	for i := from; i < to; i++ {
		last, turn := math.MinInt, 0
		for e := start[i]; e < start[i+1]; e++ {
			t := term(int(e))
			switch {
			case t.Offset < last:
				return nil, false
			case t.Offset == last:
				turn++
			default:
				last, turn = t.Offset, 0
			}
			at, ok := known[[2]int{t.Offset, turn}]
			if !ok {
				at = len(rows)
				known[[2]int{t.Offset, turn}] = at
				rows = append(rows, recentRow{t.Offset, turn, make([]Term, to-from)})
				for k := range rows[at].terms {
					rows[at].terms[k].Place = -1
				}
			}
			rows[at].terms[i-from] = t
		}
	}
	slices.SortFunc(rows, func(a, b recentRow) int {
		if a.offset != b.offset {
			return a.offset - b.offset
		}
		return a.turn - b.turn
	})
	return rows, true
}

// pack writes rows as the code reads them: of every vector 8 weights, then of every vector 8 places, a byte each, then
// the offset, then a byte for every vector that says which of its targets have a term.
func (x *recent) pack(rows []recentRow) unsafe.Pointer {
	words := x.rowBytes() / 8
	packed := aligned.Float64s(max(1, words*len(rows)))
	bits := unsafe.Slice((*uint64)(unsafe.Pointer(&packed[0])), len(packed))
	for i, row := range rows {
		own := bits[i*words:]
		for k, t := range row.terms {
			if t.Place < 0 {
				continue
			}
			vector, lane := k/x.width, k%x.width
			own[k] = math.Float64bits(t.Weight)
			own[x.places()/8+vector] |= uint64(t.Place) << (8 * lane)
			own[x.presence()/8+vector/8] |= 1 << (8*(vector%8) + lane)
		}
		own[x.offset()/8] = uint64(row.offset)
	}
	return unsafe.Pointer(&packed[0])
}

// Scratch makes the memory that Sum works in, for one goroutine.
func (r *Recent) Scratch() []float64 { return aligned.Float64s(r.whole) }

// Sum writes the sums over samples that begin with start[target·stride].
func (r *Recent) Sum(y, start []float64, stride int, samples, scratch []float64) {
	for i := range y {
		scratch[i] = start[i*stride]
	}
	for k := range r.parts {
		args := r.parts[k].args
		args.samples, args.out = unsafe.Pointer(unsafe.SliceData(samples)), unsafe.Pointer(&scratch[r.parts[k].from])
		r.parts[k].code.Call(unsafe.Pointer(&args))
	}
	copy(y, scratch)
}

// recent writes the sums of so many vectors of targets.
type recent struct {
	asm.Assembler
	*Form
	vectors int
}

// Where things are in a row, in bytes.
func (x *recent) places() int   { return x.vectors * x.bytes() }
func (x *recent) offset() int   { return x.places() + x.vectors*x.width }
func (x *recent) presence() int { return x.offset() + 8 }
func (x *recent) rowBytes() int { return (x.presence() + recentVectors + 63) &^ 63 }

func (x *recent) write() {
	const row, samples, out, count = asm.RBX, asm.RDX, asm.R8, asm.RCX
	for i, r := range []asm.Reg{row, samples, out, count} {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	for v := range x.vectors {
		x.Emit(asm.VMOVUPD, x.vector(v), asm.At(out, v*x.bytes()))
	}
	older, newer, done := x.vector(x.registers-2), x.vector(x.registers-1), x.Label()
	x.Emit(asm.TEST, count, count)
	x.Emit(asm.JE, done)
	x.Align(32)
	next := x.Here()
	x.Emit(asm.MOV, offset, asm.At(row, x.offset()))
	x.Emit(asm.VMOVUPD, older, asm.At(samples, 0).Index(offset, 1))
	x.Emit(asm.VMOVUPD, newer, asm.At(samples, x.bytes()).Index(offset, 1))
	for v := range x.vectors {
		picked, there := x.vector(recentVectors+v), asm.K(1+v%7)
		x.Emit(asm.KMOVB, there, asm.At(row, x.presence()+v))
		x.Emit(asm.VPMOVZXBQ, picked, asm.At(row, x.places()+v*x.width))
		x.Emit(asm.VPERMI2PD, picked, older, newer)
		x.Emit(asm.VFMADD231PD, x.vector(v).Mask(there), picked, asm.At(row, v*x.bytes()))
	}
	x.Emit(asm.ADD, row, asm.Imm(x.rowBytes()))
	x.Emit(asm.DEC, count)
	x.Emit(asm.JNE, next)
	x.Bind(done)
	for v := range x.vectors {
		x.Emit(asm.VMOVUPD, asm.At(out, v*x.bytes()), x.vector(v))
	}
	x.Emit(asm.RET)
}
