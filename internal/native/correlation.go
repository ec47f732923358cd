package native

import (
	"unsafe"

	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// chainsPerEntry is how many sums an entry has: one for the steps of each number mod 8.
const chainsPerEntry = 8

// Correlation adds products of two series in time to the sums of entries, several entries for each target:
//
//	sums_e[k] += λ_i[k + 8m]·s[offset_e + k + 8m],   k = 0…7, m = K/8−1…0,
//
// each one chain of fused multiply-adds, the latest step first.
type Correlation struct {
	form  *Form
	code  *loader.Function
	block int // K
}

// NewCorrelation translates the sums for K = 8, 16, 24 or 32 steps.
func (f *Form) NewCorrelation(block int) (*Correlation, error) {
	x := &correlation{Form: f, block: block}
	x.write()
	code, err := load(&x.Assembler)
	if err != nil {
		return nil, err
	}
	return &Correlation{f, code, block}, nil
}

// Places are where the series of all entries begin. Several goroutines may use them at once.
type Places struct {
	offsets []int  // by entry, in bytes
	counts  []int  // by target: of entries
	parts   []part // of the targets, for one call each
}

// correlationArgs is what the code reads, in this order.
type correlationArgs struct {
	offsets, counts, sums, cotangents, samples unsafe.Pointer
	targets                                    int
}

// Places packs the places of the entries of targets, given where each one's begin.
func (c *Correlation) Places(targets int, start []int32, offset func(e int) int) *Places {
	p := &Places{offsets: make([]int, start[targets]), counts: make([]int, targets)}
	for e := range p.offsets {
		p.offsets[e] = 8 * offset(e)
	}
	cost := 0
	for i := range p.counts {
		p.counts[i] = int(start[i+1] - start[i])
		own := (p.counts[i] + 1) * c.block / c.form.width
		if cost += own; len(p.parts) == 0 || cost > operationsPerCall {
			cost = own
			p.parts = append(p.parts, part{from: i, to: i})
		}
		p.parts[len(p.parts)-1].to++
	}
	return p
}

// Add adds the products of the cotangents [target][K] and the samples to the sums [entry][8].
func (c *Correlation) Add(p *Places, sums, cotangents, samples []float64) {
	if len(p.offsets) == 0 {
		return
	}
	entry := 0
	for _, part := range p.parts {
		if entry == len(p.offsets) {
			return // the last targets have no entries
		}
		args := correlationArgs{unsafe.Pointer(&p.offsets[entry]), unsafe.Pointer(&p.counts[part.from]),
			unsafe.Pointer(&sums[entry*chainsPerEntry]), unsafe.Pointer(&cotangents[part.from*c.block]), unsafe.Pointer(&samples[0]), part.to - part.from}
		c.code.Call(unsafe.Pointer(&args))
		for _, n := range p.counts[part.from:part.to] {
			entry += n
		}
	}
}

// correlation writes the sums.
type correlation struct {
	asm.Assembler
	*Form
	block int
}

func (x *correlation) write() {
	const offsets, counts, sums, cotangents, samples, targets, remaining, offset = asm.RBX, asm.RDX, asm.R9, asm.R11, asm.R8, asm.R10, asm.RCX, asm.RAX
	for i, r := range []asm.Reg{offsets, counts, sums, cotangents, samples, targets} {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	// The cotangents of a target are in the first registers, the sums of an entry in the next ones.
	perEntry := chainsPerEntry / x.width
	held := x.block / x.width
	top := x.Here()
	for v := range held {
		x.Emit(asm.VMOVUPD, x.vector(v), asm.At(cotangents, v*x.bytes()))
	}
	next := x.Label()
	x.Emit(asm.MOV, remaining, asm.At(counts, 0))
	x.Emit(asm.TEST, remaining, remaining)
	x.Emit(asm.JE, next)
	x.Align(32)
	again := x.Here()
	x.Emit(asm.MOV, offset, asm.At(offsets, 0))
	for k := range perEntry {
		x.Emit(asm.VMOVUPD, x.vector(held+k), asm.At(sums, k*x.bytes()))
	}
	for v := held - perEntry; v >= 0; v -= perEntry {
		for k := range perEntry {
			x.Emit(asm.VFMADD231PD, x.vector(held+k), x.vector(v+k), asm.At(samples, (v+k)*x.bytes()).Index(offset, 1))
		}
	}
	for k := range perEntry {
		x.Emit(asm.VMOVUPD, asm.At(sums, k*x.bytes()), x.vector(held+k))
	}
	x.Emit(asm.ADD, offsets, asm.Imm(8))
	x.Emit(asm.ADD, sums, asm.Imm(8*chainsPerEntry))
	x.Emit(asm.DEC, remaining)
	x.Emit(asm.JNE, again)
	x.Bind(next)
	x.Emit(asm.ADD, counts, asm.Imm(8))
	x.Emit(asm.ADD, cotangents, asm.Imm(8*x.block))
	x.Emit(asm.DEC, targets)
	x.Emit(asm.JNE, top)
	x.Emit(asm.RET)
}
