package native

import (
	"errors"
	"os"
	"sync"
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/machine"
	"github.com/neurograd/neurograd/internal/native/asm"
	"github.com/neurograd/neurograd/internal/native/loader"
	"github.com/neurograd/neurograd/internal/program"
)

// Variable is the environment variable that chooses the backend: portable, native, or nothing, which is the fastest
// there is.
const Variable = "NEUROGRAD_BACKEND"

// Wanted is what the environment says.
func Wanted() string { return os.Getenv(Variable) }

// Chosen reports whether to run what needs no other choice, such as the noise, as machine code.
func Chosen() bool { return Wanted() != "portable" && Available() == nil }

// Available says why there is no machine code on this machine; nil if there is.
func Available() error {
	if !machine.AVX2() {
		return errors.New("native: machine code needs a processor with AVX2 and FMA")
	}
	_, err := probe()
	return err
}

// probe tries whether the system gives executable memory.
var probe = sync.OnceValues(func() (*loader.Function, error) {
	var x asm.Assembler
	x.Emit(asm.RET)
	code, err := x.Code()
	if err != nil {
		return nil, err
	}
	return loader.Load(code)
})

// Kernel is a level as machine code. It is immutable: each run has its own [Call].
type Kernel struct {
	code    *loader.Function
	arrays  int
	vectors int // of scratch
	chunk   int // elements of one call
	// lanes is the kernel over nodes and several lanes, of a level of both; nil if there is none.
	lanes func() *Kernel
}

// operationsPerCall bounds the vector operations of one call: the garbage collector waits for it to return.
const operationsPerCall = 1 << 17

// Compile translates a level. repeats says which of its loads are one number for all elements.
func Compile(l *program.Level, repeats func(program.Load) bool) (program.Kernel, error) {
	code, vectors, err := translate(l, repeats)
	if err != nil {
		return nil, err
	}
	f, err := loader.Load(code)
	if err != nil {
		return nil, err
	}
	chunk := max(1, operationsPerCall/(len(l.Code)+len(l.Stores))) * width
	k := &Kernel{code: f, arrays: len(l.Loads) + len(l.Stores), vectors: vectors, chunk: chunk}
	if l.Kind == program.Full {
		k.lanes = sync.OnceValue(func() *Kernel { return compileLanes(l, chunk) })
	}
	return k, nil
}

// Call is a kernel with the memory that it works on. It serves one goroutine at a time.
type Call struct {
	kernel *Kernel
	frame  []unsafe.Pointer // scratch, part, arrays
	part   *part
	count  int
}

// part is the elements from…to of the present call and, of a kernel over nodes and lanes, the number of the node that they
// begin with and how many lanes there are.
type part struct{ from, to, node, lanes int }

// NewCall makes a call over so many elements; its arrays are set by Bind.
func (k *Kernel) NewCall(count int) program.Call {
	c := &Call{kernel: k, frame: make([]unsafe.Pointer, 2+k.arrays), part: new(part), count: count}
	c.frame[0] = unsafe.Pointer(unsafe.SliceData(aligned.Float64s((k.vectors + 1) * width)))
	c.frame[1] = unsafe.Pointer(c.part)
	return c
}

// Bind sets the memory of an array: first the loads of the level, then its stores.
func (c *Call) Bind(array int, data []float64) {
	c.frame[2+array] = unsafe.Pointer(unsafe.SliceData(data))
}

// Run computes all elements.
func (c *Call) Run() {
	for from := 0; from < c.count; from += c.kernel.chunk {
		c.part.from, c.part.to = from, min(from+c.kernel.chunk, c.count)
		c.call()
	}
}

// call computes the present part.
func (c *Call) call() { c.kernel.code.Call(unsafe.Pointer(unsafe.SliceData(c.frame))) }
