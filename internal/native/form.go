package native

import (
	"errors"
	"os"
	"sync"

	"github.com/neurograd/neurograd/internal/machine"
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// Form is a kind of machine code: the instructions it uses and the registers it has. What makes code is given its
// form, so that one process can hold code of several.
type Form struct {
	name      string
	width     int                 // elements of a vector
	registers int                 // vector registers
	number    func(n int) asm.Reg // the vector register of a number
	has       func() bool         // whether this machine runs such code
}

// AVX2 is code for processors with AVX2 and fused multiply-adds: vectors of 4 numbers in 16 registers.
var AVX2 = &Form{name: "AVX2", width: 4, registers: 16, number: asm.Y, has: machine.AVX2}

// Forms are all there are, the fastest first.
func Forms() []*Form { return []*Form{AVX2} }

// String is the form's name.
func (f *Form) String() string { return f.name }

// vector is the vector register of a number.
func (f *Form) vector(n int) asm.Reg { return f.number(n) }

// bytes is the size of a vector.
func (f *Form) bytes() int { return 8 * f.width }

// splat is a constant in all elements of a vector.
func (f *Form) splat(x *asm.Assembler, bits uint64) asm.Mem {
	words := make([]uint64, f.width)
	for i := range words {
		words[i] = bits
	}
	return x.Words(words...)
}

// whole is the least number of vectors that hold so many elements.
func (f *Form) whole(elements int) int { return (elements + f.width - 1) / f.width }

// Available says why code of the form cannot run on this machine; nil if it can.
func (f *Form) Available() error {
	if !f.has() {
		return errors.New("native: machine code needs a processor with AVX2 and FMA")
	}
	_, err := probe()
	return err
}

// probe tries whether the system gives executable memory.
var probe = sync.OnceValues(func() (*loader.Function, error) {
	var x asm.Assembler
	x.Emit(asm.RET)
	return load(&x)
})

// load makes a function of what an assembler wrote.
func load(x *asm.Assembler) (*loader.Function, error) {
	code, err := x.Code()
	if err != nil {
		return nil, err
	}
	return loader.Load(code)
}

// Variable is the environment variable that chooses the backend: portable, native, or nothing, which is the fastest
// there is.
const Variable = "NEUROGRAD_BACKEND"

// Wanted is what the environment says.
func Wanted() string { return os.Getenv(Variable) }

// Best is the fastest form that this machine can run, or why there is none.
func Best() (*Form, error) {
	var err error
	for _, f := range Forms() {
		if err = f.Available(); err == nil {
			return f, nil
		}
	}
	return nil, err
}

// Chosen is the form of what needs no other choice, such as the noise; nil if that is to run portably.
func Chosen() *Form {
	if Wanted() == "portable" {
		return nil
	}
	f, _ := Best()
	return f
}
