package native

import (
	"sync"
	"unsafe"

	"github.com/neurograd/neurograd/internal/aligned"
	"github.com/neurograd/neurograd/internal/native/loader"
	"github.com/neurograd/neurograd/internal/program"
)

// Kernel is a level that becomes machine code when it is first called, in as many variants as are needed: what comes after the
// last whole turn of its loop depends on how many elements there are. It is immutable: each run has its own [Call].
type Kernel struct {
	form  *Form
	turns func() int      // vectors that a turn of the loop takes
	chunk int             // elements of one call
	plain [3]func() *code // by the ends of its loop; they return nil where no code can be made
	lanes [3]func() *code // over nodes and several lanes, for 1, 2 and 4 vectors side by side; nil if the level has no lanes
}

// code is a variant of a kernel.
type code struct {
	function *loader.Function
	arrays   int
	scratch  int // numbers of scratch
	chunk    int // elements of one call
}

// operationsPerCall bounds the vector operations of one call: the garbage collector waits for it to return.
const operationsPerCall = 1 << 17

// Compile translates a level. repeats says which of its loads are one number for all elements.
func (f *Form) Compile(l *program.Level, repeats func(program.Load) bool) (program.Kernel, error) {
	if _, err := probe(); err != nil {
		return nil, err
	}
	b := sync.OnceValue(func() *body { return f.lower(l, repeats) })
	turns := func() int {
		if l.Kind&program.Node == 0 {
			return 1
		}
		return b().turns()
	}
	k := &Kernel{form: f, turns: turns, chunk: max(1, operationsPerCall/8/(len(l.Code)+len(l.Stores))) * f.width * 8}
	make := func(write func() *loop) func() *code {
		return sync.OnceValue(func() *code {
			x := write()
			function, err := load(&x.Assembler)
			if err != nil {
				return nil
			}
			return &code{function, len(l.Loads) + len(l.Stores), int(x.slots) * f.width, k.chunk}
		})
	}
	for ends := range k.plain {
		k.plain[ends] = make(func() *loop { return f.translate(b(), turns(), rest(ends)) })
	}
	if l.Kind == program.Full {
		for n := range k.lanes {
			k.lanes[n] = make(func() *loop { return f.translateLanes(l, 1<<n) })
		}
	}
	return k, nil
}

// rest says what a loop has for the elements after the last whole turn.
type rest int

const (
	oneVector      rest = iota // they are no more than a vector
	severalVectors             // they are more
	anyVectors                 // they may be either
)

// restOf is what a loop over so many elements has.
func (k *Kernel) restOf(count int) rest {
	left := count % (k.turns() * k.form.width)
	switch {
	case count > k.chunk:
		return anyVectors
	case left > k.form.width:
		return severalVectors
	}
	return oneVector
}

// Call is a kernel with the memory that it works on. It serves one goroutine at a time.
type Call struct {
	code  *code
	frame []unsafe.Pointer // scratch, part, arrays
	part  *part
	count int
}

// part is the elements from…to of the present call and, of a kernel over nodes and lanes, the number of the node that they
// begin with and how many lanes there are.
type part struct{ from, to, node, lanes int }

// NewCall makes a call over so many elements; its arrays are set by Bind. It is nil where no code can be made.
func (k *Kernel) NewCall(count int) program.Call {
	if code := k.plain[k.restOf(count)](); code != nil {
		return newCall(code, count)
	}
	return nil
}

func newCall(code *code, count int) *Call {
	c := &Call{code: code, frame: make([]unsafe.Pointer, 2+code.arrays), part: new(part), count: count}
	c.frame[0] = unsafe.Pointer(unsafe.SliceData(aligned.Float64s(max(1, code.scratch))))
	c.frame[1] = unsafe.Pointer(c.part)
	return c
}

// Bind sets the memory of an array: first the loads of the level, then its stores.
func (c *Call) Bind(array int, data []float64) {
	c.frame[2+array] = unsafe.Pointer(unsafe.SliceData(data))
}

// Run computes all elements.
func (c *Call) Run() {
	for from := 0; from < c.count; from += c.code.chunk {
		c.part.from, c.part.to = from, min(from+c.code.chunk, c.count)
		c.call()
	}
}

// call computes the present part.
func (c *Call) call() { c.code.function.Call(unsafe.Pointer(unsafe.SliceData(c.frame))) }
