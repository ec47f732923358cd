package native

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/neurograd/neurograd/internal/machine"
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
)

// Form is a kind of machine code: the instructions it uses and the registers it has. What makes code is given its
// form, so that one process can hold code of several. encode.go has what the instructions differ in.
type Form struct {
	name      string
	width     int                 // elements of a vector
	registers int                 // vector registers
	numbered  func(n int) asm.Reg // the vector register of a number
	masks     bool                // whether truths, and which elements there are, are in mask registers
	lacks     func() []string     // what of it this machine has not
}

var (
	// AVX2 is code for processors with AVX2 and fused multiply-adds: vectors of 4 numbers in 16 registers.
	AVX2 = &Form{name: "AVX2", width: 4, registers: 16, numbered: asm.Y, lacks: machine.LacksAVX2}
	// AVX512 is code for processors with AVX-512: vectors of 8 numbers in 32 registers, and masks.
	AVX512 = &Form{name: "AVX-512", width: 8, registers: 32, numbered: asm.Z, masks: true, lacks: machine.LacksAVX512}
)

// Forms are all there are, the fastest first.
func Forms() []*Form { return []*Form{AVX512, AVX2} }

// String is the form's name.
func (f *Form) String() string { return f.name }

// Available says why code of the form cannot run on this machine; nil if it can.
func (f *Form) Available() error {
	if lacks := f.lacks(); len(lacks) > 0 {
		return fmt.Errorf("native: machine code for %s needs %s, which this processor or system lacks", f, strings.Join(lacks, ", "))
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

// Variable is the environment variable that chooses the backend: portable, native, avx2, avx512, or nothing, which is
// the fastest there is.
const Variable = "NEUROGRAD_BACKEND"

// Wanted is what the environment says.
func Wanted() string { return os.Getenv(Variable) }

// forced are the forms that the environment can name.
var forced = map[string]*Form{"avx2": AVX2, "avx512": AVX512}

// Forced reports whether a name is that of a form.
func Forced(name string) bool { return forced[name] != nil }

// Choices are the values of [Variable] that this machine can do.
func Choices() []string {
	list := []string{"portable"}
	for _, name := range []string{"avx2", "avx512"} {
		if forced[name].Available() == nil {
			list = append(list, name)
		}
	}
	if len(list) > 1 {
		list = append(list, "native")
	}
	return list
}

// Best is the form that the environment names, else the fastest that this machine can run; or why there is none.
func Best() (*Form, error) {
	if f := forced[Wanted()]; f != nil {
		return f, f.Available()
	}
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
	if f, err := Best(); err == nil {
		return f
	}
	return nil
}

// Why says in words which form this is among those there are, and why.
func (f *Form) Why() string {
	if forced[Wanted()] == f {
		return fmt.Sprintf("%s, as %s says", f, Variable)
	}
	for _, better := range Forms() {
		if better == f {
			break
		}
		if lacks := better.lacks(); len(lacks) > 0 {
			return fmt.Sprintf("%s (for %s this machine lacks %s)", f, better, strings.Join(lacks, ", "))
		}
	}
	return f.String()
}
