package native

import (
	"sync"
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native/loader"
	"github.com/neurograd/neurograd/internal/program"
)

// Kernel is a level as machine code. It is immutable: each run has its own [Call].
type Kernel struct {
	form       *Form
	code       *loader.Function
	arrays     int
	scratch    int // numbers of scratch
	chunk      int // elements of one call
	operations int // of a vector
	// lanes are the kernels over nodes and several lanes, of a level of both, for 1, 2 and 4 vectors side by side; nil if there
	// are none.
	lanes [3]func() *Kernel
}

// operationsPerCall bounds the vector operations of one call: the garbage collector waits for it to return.
const operationsPerCall = 1 << 17

// Compile translates a level. repeats says which of its loads are one number for all elements.
func (f *Form) Compile(l *program.Level, repeats func(program.Load) bool) (program.Kernel, error) {
	x := f.translate(l, repeats)
	code, err := load(&x.Assembler)
	if err != nil {
		return nil, err
	}
	chunk := max(1, operationsPerCall/8/(len(l.Code)+len(l.Stores))) * f.width * 8
	k := &Kernel{form: f, code: code, arrays: len(l.Loads) + len(l.Stores), scratch: int(x.slots) * f.width, chunk: chunk, operations: x.operations}
	if l.Kind == program.Full {
		for n := range k.lanes {
			k.lanes[n] = sync.OnceValue(func() *Kernel { return f.compileLanes(l, chunk, 1<<n) })
		}
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
	c.frame[0] = unsafe.Pointer(unsafe.SliceData(aligned.Float64s(max(1, k.scratch))))
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
