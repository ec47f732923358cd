// Package philox holds the counter-based random generator Philox4x32-10 and the uniform and normal numbers
// made of its output. It holds no state, no seeds and no streams: a number is a function of a counter and
// a key, whatever the order, the number of workers or the machine.
package philox

import (
	"math"
	"math/bits"
	"sync"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/elem"
	"github.com/neurograd/neurograd/internal/native"
	"github.com/neurograd/neurograd/internal/program"
)

const (
	multiplier0 = 0xD2511F53
	multiplier1 = 0xCD9E8D57
	weyl0       = 0x9E3779B9 // the golden ratio
	weyl1       = 0xBB67AE85 // √3 − 1
	rounds      = 10
)

// Block is the Philox4x32-10 bijection of a counter under a key: four random 32-bit words.
//
// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2,
// 3", SC'11, doi:10.1145/2063384.2063405.
func Block(counter [4]uint32, key [2]uint32) [4]uint32 {
	c, k := counter, key
	for range rounds {
		hi0, lo0 := bits.Mul32(multiplier0, c[0])
		hi1, lo1 := bits.Mul32(multiplier1, c[2])
		c = [4]uint32{hi1 ^ c[1] ^ k[0], lo1, hi0 ^ c[3] ^ k[1], lo0}
		k[0] += weyl0
		k[1] += weyl1
	}
	return c
}

// oneBits is the bit pattern of 1.0: with 52 random bits below it, a number in [1, 2).
const oneBits = 0x3FF << 52

// Uniforms are two uniform numbers, a in (0, 1] and b in [0, 1), both multiples of 2⁻⁵²: with the words w
// of [Block], A = w0·2³² + w1 and B = w2·2³² + w3, and m(X) the number in [1, 2) whose 52 fraction bits are the
// highest bits of X,
//
//	a = 2 − m(A)
//	b = m(B) − 1
func Uniforms(counter [4]uint32, key [2]uint32) (a, b float64) {
	w := Block(counter, key)
	first := uint64(w[0])<<32 | uint64(w[1])
	second := uint64(w[2])<<32 | uint64(w[3])
	a = 2 - math.Float64frombits(first>>12|oneBits)
	b = math.Float64frombits(second>>12|oneBits) - 1
	return a, b
}

// Normals are two independent standard normal numbers, by the transform of Box and Muller of the two
// uniform numbers: z0 = √(−2 ln a)·cos(2πb), z1 = √(−2 ln a)·sin(2πb). The largest magnitude is
// √(104 ln 2) = 8.49.
//
// Source: G. E. P. Box, M. E. Muller, "A note on the generation of random normal deviates", Ann. Math.
// Statist. 29 (1958), doi:10.1214/aoms/1177706645.
func Normals(counter [4]uint32, key [2]uint32) (z0, z1 float64) {
	a, b := Uniforms(counter, key)
	return boxMuller(program.Machine[float64](program.Scalar{}), a, b)
}

func boxMuller[V any](m program.Machine[V], a, b V) (z0, z1 V) {
	r := m.Sqrt(m.Mul(m.Const(-2), elem.LogPositive(m, a)))
	sin, cos := elem.SinCosTurns(m, b)
	return m.Mul(r, cos), m.Mul(r, sin)
}

// batch is how many pairs a program transforms at a time.
const batch = 64

// transform is the transform as a program of uniform numbers.
var transform = sync.OnceValue(func() *program.Program {
	b := program.NewBuilder([]program.Input{{Name: "a", Kind: program.Node, Rate: program.Step}, {Name: "b", Kind: program.Node, Rate: program.Step}})
	z0, z1 := boxMuller(program.Machine[program.Ref](b), b.Input(0), b.Input(1))
	return b.Build([]program.Output{{Value: z0, Kind: program.Node}, {Value: z1, Kind: program.Node}})
})

// code is the same as machine code that makes the uniform numbers, too; nil where there is none.
var code = sync.OnceValue(func() *native.Philox {
	form := native.Chosen()
	if form == nil {
		return nil
	}
	c, err := form.NewPhilox(&transform().Levels[0])
	if err != nil {
		return nil // the portable way has the same bits
	}
	return c
})

// filler fills arrays with normals; it serves one goroutine at a time.
type filler interface {
	Fill(z0, z1 []float64, counter [4]uint32, key [2]uint32)
}

// fillers holds those that are not in use.
var fillers = sync.Pool{New: func() any {
	if c := code(); c != nil {
		return c.NewCall()
	}
	return newPortable()
}}

// FillNormals writes the pairs of [Normals] for counters whose first word counts up from that of the given one:
// the same numbers, many times faster.
func FillNormals(z0, z1 []float64, counter [4]uint32, key [2]uint32) {
	f := fillers.Get().(filler)
	f.Fill(z0, z1, counter, key)
	fillers.Put(f)
}

// portable makes the uniform numbers one by one and transforms a batch of them at a time.
type portable struct{ *program.Instance }

func newPortable() portable {
	x := portable{transform().Instance(batch, 1)}
	for _, arrays := range [][][]float64{x.In, x.Out} {
		for i := range arrays {
			arrays[i] = aligned.Float64s(batch)
		}
	}
	return x
}

func (x portable) Fill(z0, z1 []float64, counter [4]uint32, key [2]uint32) {
	for at := 0; at < len(z0); at += batch {
		n := min(batch, len(z0)-at)
		for i := range n {
			x.In[0][i], x.In[1][i] = Uniforms(counter, key)
			counter[0]++
		}
		x.Step()
		copy(z0[at:at+n], x.Out[0])
		copy(z1[at:at+n], x.Out[1])
	}
}
