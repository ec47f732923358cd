package program

// Kernel is a level of a program in another form than the portable one: machine code.
type Kernel interface {
	// NewCall is the kernel over so many elements; nil if there is none.
	NewCall(count int) Call
	// NewLanesCall is the kernel of a level of nodes and lanes over several of these; nil if there is none.
	NewLanesCall(nodes, lanes int) Call
}

// Call is a kernel with the memory it works on.
type Call interface {
	// Bind sets the memory of an array: first the level's loads, then its stores, numbered through.
	// Constants have none.
	Bind(array int, data []float64)
	Run()
}

// Compiler makes kernels. repeats tells which loads of the level are one number for all elements.
type Compiler func(l *Level, repeats func(Load) bool) (Kernel, error)

// Accelerate lets instances made from now on run what changes from step to step by kernels. On an error the program
// stays as it is. It must not be called while others use the program.
func (p *Program) Accelerate(compile Compiler) error {
	kernels := make([]Kernel, len(p.Levels))
	for i := range p.Levels {
		l := &p.Levels[i]
		if l.Rate == Once {
			continue // not worth the time of translating it
		}
		k, err := compile(l, l.repeats)
		if err != nil {
			return err
		}
		kernels[i] = k
	}
	p.kernels = kernels
	return nil
}

// repeats tells which loads are one number for all elements, if there is one lane.
func (l *Level) repeats(ld Load) bool {
	return ld.Kind&Node == 0 && l.Kind&Node != 0 || ld.Kind == Uniform && l.Kind == Lane
}

// accelerated is the call of a level in an instance, nil if it runs portably.
func (x *Instance) accelerated(level int) Call {
	l := &x.program.Levels[level]
	if x.program.kernels == nil || x.program.kernels[level] == nil {
		return nil
	}
	if l.Kind == Full && x.lanes > 1 {
		return x.program.kernels[level].NewLanesCall(x.nodes, x.lanes)
	}
	return x.program.kernels[level].NewCall(l.Kind.Size(x.nodes, x.lanes))
}

// bind hands the instance's arrays to the calls of its levels.
func (x *Instance) bind() {
	for i := range x.levels {
		l := &x.levels[i]
		if l.call == nil {
			continue
		}
		for k, ld := range l.Loads {
			if ld.From != FromConstant {
				l.call.Bind(k, x.source(ld))
			}
		}
		for k, s := range l.Stores {
			dst := x.slots
			if !s.Slot {
				dst = x.Out
			}
			l.call.Bind(len(l.Loads)+k, dst[s.Index][:s.Kind.Size(x.nodes, x.lanes)]) // a shorter one is a panic, as portably
		}
	}
}
