package native

import (
	"sync"
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// Philox makes the random words of Philox4x32-10, a vector of counters at a time: each word of a counter lies in the lower
// half of 64 bits, which is what the multiplication reads. What it leaves in the upper halves is never read.
//
// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11
// (2011), doi:10.1145/2063384.2063405.
type Philox struct {
	form  *Form
	args  philoxArgs
	keys  []float64 // bits of the rounds' keys, each repeated
	start []float64 // bits of the counters' words, each repeated
}

// philoxArgs is what the code reads, in this order.
type philoxArgs struct {
	start, keys, a, b unsafe.Pointer
	vectors           int
}

// The constants of the generator.
const (
	philoxRounds = 10
	multiplier0  = 0xD2511F53
	multiplier1  = 0xCD9E8D57
	weyl0        = 0x9E3779B9
	weyl1        = 0xBB67AE85
)

// NewPhilox is a generator with memory of its own; it serves one goroutine at a time.
func (f *Form) NewPhilox() (*Philox, error) {
	if _, err := f.philoxCode(); err != nil {
		return nil, err
	}
	p := &Philox{form: f, keys: aligned.Float64s(2 * philoxRounds * f.width), start: aligned.Float64s(4 * f.width)}
	p.args.keys, p.args.start = unsafe.Pointer(&p.keys[0]), unsafe.Pointer(&p.start[0])
	return p, nil
}

// Uniforms writes the pairs of uniform numbers for counters whose first word counts up from that of the given one:
// of the words w, as the bits of A = w0·2³² + w1 and B = w2·2³² + w3 and with m(X) the number in [1, 2) whose fraction
// bits are the highest bits of X, a = 2 − m(A) and b = m(B) − 1. The arrays hold a multiple of 8 numbers.
func (p *Philox) Uniforms(a, b []float64, counter [4]uint32, key [2]uint32) {
	width := p.form.width
	keys := unsafe.Slice((*uint64)(unsafe.Pointer(&p.keys[0])), len(p.keys))
	for round := range philoxRounds {
		for lane := range width {
			keys[2*round*width+lane], keys[(2*round+1)*width+lane] = uint64(key[0]), uint64(key[1])
		}
		key[0], key[1] = key[0]+weyl0, key[1]+weyl1
	}
	start := unsafe.Slice((*uint64)(unsafe.Pointer(&p.start[0])), len(p.start))
	for word, w := range counter {
		for lane := range width {
			start[word*width+lane] = uint64(w)
			if word == 0 {
				start[lane] += uint64(lane)
			}
		}
	}
	p.args.a, p.args.b, p.args.vectors = unsafe.Pointer(unsafe.SliceData(a)), unsafe.Pointer(unsafe.SliceData(b)), min(len(a), len(b))/width
	code, _ := p.form.philoxCode()
	code.Call(unsafe.Pointer(&p.args))
}

// philoxCodes are the generators that were made, by form.
var philoxCodes sync.Map

func (f *Form) philoxCode() (*loader.Function, error) {
	if made, ok := philoxCodes.Load(f); ok {
		return made.(*loader.Function), nil
	}
	x := &philox{Form: f}
	x.write()
	code, err := load(&x.Assembler)
	if err == nil {
		philoxCodes.Store(f, code)
	}
	return code, err
}

// philox writes the generator.
type philox struct {
	asm.Assembler
	*Form
}

// all is a constant in all elements of a vector.
func (x *philox) all(bits uint64) asm.Mem { return x.splat(&x.Assembler, bits) }

func (x *philox) write() {
	const counters, keys, a, b, vectors = asm.RBX, asm.RDX, asm.R8, asm.R9, asm.RCX
	for i, r := range []asm.Reg{counters, keys, a, b, vectors} {
		x.Emit(asm.MOV, r, asm.At(frame, 8*i))
	}
	next, m0, m1 := x.vector(12), x.vector(13), x.vector(14) // next is the first word of the coming counters
	x.loadSplat(&x.Assembler, m0, multiplier0)
	x.loadSplat(&x.Assembler, m1, multiplier1)
	x.Emit(asm.VMOVUPD, next, asm.At(counters, 0))
	done := x.Label()
	x.Emit(asm.TEST, vectors, vectors)
	x.Emit(asm.JE, done)
	x.Align(32)
	top := x.Here()
	w := [4]asm.Reg{x.vector(0), x.vector(1), x.vector(2), x.vector(3)}
	p0, p1 := x.vector(4), x.vector(5)
	x.Emit(asm.VMOVUPD, w[0], next)
	for i := 1; i < 4; i++ {
		x.Emit(asm.VMOVUPD, w[i], asm.At(counters, i*x.bytes()))
	}
	for round := range philoxRounds {
		x.Emit(asm.VPMULUDQ, p0, w[0], m0)
		x.Emit(asm.VPMULUDQ, p1, w[2], m1)
		x.Emit(asm.VPSRLQ, w[0], p1, asm.Imm(32))
		x.Emit(asm.VPSRLQ, w[2], p0, asm.Imm(32))
		x.xor(&x.Assembler, w[0], w[1], asm.At(keys, 2*round*x.bytes()))
		x.xor(&x.Assembler, w[2], w[3], asm.At(keys, (2*round+1)*x.bytes()))
		w[1], p1 = p1, w[1] // the lower halves of the products
		w[3], p0 = p0, w[3]
	}
	x.uniform(w[0], w[1])
	x.uniform(w[2], w[3])
	x.loadSplat(&x.Assembler, p0, 0x4000000000000000) // 2
	x.Emit(asm.VSUBPD, w[0], p0, w[0])
	x.Emit(asm.VSUBPD, w[2], w[2], x.all(oneBits))
	x.Emit(asm.VMOVUPD, asm.At(a, 0), w[0])
	x.Emit(asm.VMOVUPD, asm.At(b, 0), w[2])
	x.Emit(asm.VPADDQ, next, next, x.all(uint64(x.width)))
	x.Emit(asm.ADD, a, asm.Imm(x.bytes()))
	x.Emit(asm.ADD, b, asm.Imm(x.bytes()))
	x.Emit(asm.DEC, vectors)
	x.Emit(asm.JNE, top)
	x.Bind(done)
	x.Emit(asm.RET)
}

// uniform makes high the number in [1, 2) whose fraction bits are the highest of high·2³² + low.
func (x *philox) uniform(high, low asm.Reg) {
	x.Emit(asm.VPSLLQ, high, high, asm.Imm(32))
	x.Emit(asm.VPSLLQ, low, low, asm.Imm(32)) // drops the upper half
	x.Emit(asm.VPSRLQ, low, low, asm.Imm(32))
	x.Emit(asm.VORPD, high, high, low)
	x.Emit(asm.VPSRLQ, high, high, asm.Imm(12))
	x.Emit(asm.VORPD, high, high, x.all(oneBits))
}
