package native

import (
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native/loader"
	"github.com/neurograd/neurograd/internal/program"
)

// Philox is code that draws pairs of numbers: the random words of Philox4x32-10, two uniform numbers made of them, and
// what a program makes of those, all in registers. It is immutable: whoever draws has its own [PhiloxCall].
//
// Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11
// (2011), doi:10.1145/2063384.2063405.
type Philox struct {
	form  *Form
	code  *loader.Function
	slots int32 // vectors of scratch
}

// The constants of the generator.
const (
	philoxRounds = 10
	multiplier0  = 0xD2511F53
	multiplier1  = 0xCD9E8D57
	weyl0        = 0x9E3779B9
	weyl1        = 0xBB67AE85
)

// NewPhilox translates the drawing of what a level makes of the uniform numbers a in (0, 1] and b in [0, 1): its first two
// inputs, per node, and its first two outputs, z0 and z1. Where the level takes a number apart by Exponent or Mantissa, that must
// be positive and normal, as a is.
func (f *Form) NewPhilox(transform *program.Level) (*Philox, error) {
	x := &philox{Form: f}
	x.loop(f.pairs(transform))
	code, err := load(&x.Assembler)
	if err != nil {
		return nil, err
	}
	return &Philox{f, code, x.slots}, nil
}

// PhiloxCall is a drawing with memory of its own. It serves one goroutine at a time.
type PhiloxCall struct {
	form   *Form
	code   *loader.Function
	args   philoxArgs
	words  []uint64 // what the rounds read, each in all elements of a vector
	key    [2]uint32
	z0, z1 []float64 // for fewer pairs than one turn draws
}

// philoxArgs is what the code reads, in this order.
type philoxArgs struct {
	z0, z1, words, scratch unsafe.Pointer
	turns                  int
}

// NewCall makes a drawing.
func (p *Philox) NewCall() *PhiloxCall {
	buffer := aligned.Float64s(philoxWords * p.form.width)
	c := &PhiloxCall{form: p.form, code: p.code, z0: aligned.Float64s(p.form.pairsPerTurn()), z1: aligned.Float64s(p.form.pairsPerTurn()),
		words: unsafe.Slice((*uint64)(unsafe.Pointer(&buffer[0])), len(buffer))}
	c.args.words = unsafe.Pointer(&c.words[0])
	c.args.scratch = unsafe.Pointer(unsafe.SliceData(aligned.Float64s((int(p.slots) + 1) * p.form.width)))
	c.setKey(c.key)
	return c
}

// turnsPerCall bounds the time of a call to some 30 µs: the garbage collector waits for it to return.
const turnsPerCall = 512

// Fill writes the pairs for counters whose first word counts up from that of the given one.
func (c *PhiloxCall) Fill(z0, z1 []float64, counter [4]uint32, key [2]uint32) {
	if c.key != key {
		c.setKey(key)
	}
	c.setFixed(counter)
	z1 = z1[:len(z0)]
	pairsPerTurn := c.form.pairsPerTurn()
	whole := len(z0) - len(z0)%pairsPerTurn
	for from := 0; from < whole; from += turnsPerCall * pairsPerTurn {
		to := min(from+turnsPerCall*pairsPerTurn, whole)
		c.draw(z0[from:to], z1[from:to], counter[0]+uint32(from))
	}
	switch {
	case whole == len(z0):
	case whole > 0: // the last turn draws some pairs again
		from := len(z0) - pairsPerTurn
		c.draw(z0[from:], z1[from:], counter[0]+uint32(from))
	default:
		c.draw(c.z0, c.z1, counter[0])
		copy(z0, c.z0)
		copy(z1, c.z1)
	}
}

// draw writes the pairs of whole turns.
func (c *PhiloxCall) draw(z0, z1 []float64, first uint32) {
	for element := range c.form.width {
		c.words[wordFirst*c.form.width+element] = uint64(first) + uint64(element)
	}
	c.args.z0, c.args.z1, c.args.turns = unsafe.Pointer(&z0[0]), unsafe.Pointer(&z1[0]), len(z0)/c.form.pairsPerTurn()
	c.code.Call(unsafe.Pointer(&c.args))
	c.args.z0, c.args.z1 = nil, nil // what waits for its next use keeps nobody's memory
}

// Where the words are that the rounds read.
const (
	wordFirst   = 0 // the first word of the counters of the first vector
	wordFixed   = 1 // four words: see setFixed
	wordKeys    = 5 // the two keys of every round from the third on, except that the second one of the third is in the word before
	keysFrom    = 2
	philoxWords = wordKeys + 2*(philoxRounds-keysFrom)
)

func (c *PhiloxCall) setWord(word int, x uint32) {
	for element := range c.form.width {
		c.words[word*c.form.width+element] = uint64(x)
	}
}

// setKey writes the keys of the rounds.
func (c *PhiloxCall) setKey(key [2]uint32) {
	c.key = key
	for round := range philoxRounds {
		if round >= keysFrom {
			c.setWord(wordKeys+2*(round-keysFrom), key[0])
			c.setWord(wordKeys+2*(round-keysFrom)+1, key[1])
		}
		key[0], key[1] = key[0]+weyl0, key[1]+weyl1
	}
}

// setFixed writes what the first rounds have in common for all counters, which differ in their first word only: in the
// first round the product of word 2, so that then words 0 and 1 are the same, and in the second one the product of word 0.
func (c *PhiloxCall) setFixed(counter [4]uint32) {
	k0, k1 := c.key[0], c.key[1]
	product := multiplier1 * uint64(counter[2])
	w0, w1 := uint32(product>>32)^counter[1]^k0, uint32(product)
	c.setWord(wordFixed, counter[3]^k1)
	k0, k1 = k0+weyl0, k1+weyl1
	product = multiplier0 * uint64(w0)
	c.setWord(wordFixed+1, w1^k0)
	c.setWord(wordFixed+2, uint32(product>>32)^k1)
	c.setWord(wordFixed+3, uint32(product)^(k1+weyl1))
}
