package asm

import "slices"

// operandCase is a call of Emit.
type operandCase struct {
	inst Inst
	ops  []Operand
}

var lowNumbers = []int{0, 5, 7, 8, 13, 15}
var highNumbers = []int{16, 21, 23, 24, 29, 31}
var generalRegs = []Reg{RAX, RCX, RDX, RBX, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15}

// displacements are those where an encoding changes: of one byte, of one byte times any unit, of four bytes.
var displacements = []int{0, 1, 8, 16, 32, 64, 100, 120, 127, 128, 1016, 1024, 2032, 2048, 4064, 4096, 8128, 8192, 100000,
	-1, -8, -16, -64, -128, -129, -1024, -1032, -2048, -4096, -8192, -8256}

// addresses are every kind of address: displacements with a plain base, with one that needs a SIB byte and with one that
// needs a displacement, constants; and every base and index, which do not depend on the length.
func addresses(withRegisters bool) []Operand {
	var list []Operand
	for _, d := range displacements {
		list = append(list, At(RSI, d), At(R9, d).Index(R10, 8))
	}
	list = append(list, At(R12, 8), At(R12, 4096), At(RSP, -64), At(RSP, 123456), Mem{constant: 1}, Mem{constant: 1, disp: 8})
	if !withRegisters {
		return list
	}
	for i, r := range generalRegs {
		list = append(list, At(r, 0), At(r, 24), At(generalRegs[(i+3)%len(generalRegs)], 0).Index(r, 1<<(i%4)))
	}
	for i, base := range []Reg{RSP, RBP, R12, R13} {
		list = append(list, At(base, 0), At(base, 24), At(base, 0).Index(RCX, 1<<i), At(base, 1024).Index(R9, 1<<i), At(base, 1<<20).Index(R12, 1<<i))
	}
	return list
}

var plainAddresses, allAddresses = addresses(false), addresses(true)

// formCases are calls for one form at one length: each operand goes through all registers or addresses while the
// others stay.
func formCases(inst Inst, f *form, length lengths) []operandCase {
	numbers := lowNumbers
	if f.vex&length == 0 || f.evex&length != 0 {
		numbers = slices.Concat(lowNumbers, highNumbers)
	}
	if f.evex&length == 0 {
		numbers = lowNumbers
	}
	choices := make([][]Operand, len(f.args))
	for i := range f.args {
		choices[i] = operandChoices(f, f.args[i], length, numbers)
	}
	var cases []operandCase
	add := func(at, choice int) {
		ops := make([]Operand, len(choices))
		for i, c := range choices {
			ops[i] = c[(i+1)%len(c)]
			if i == at {
				ops[i] = c[choice]
			}
		}
		if f.tuple&masked != 0 {
			ops[0] = ops[0].(Reg).Mask(K(2))
		}
		if c := (operandCase{inst, ops}); !clash(f, ops) && !goElse(c) {
			cases = append(cases, c)
		}
	}
	if len(choices) == 0 {
		return []operandCase{{inst, nil}}
	}
	for i, c := range choices {
		for k := range c {
			add(i, k)
		}
	}
	return append(cases, maskCases(f, length, cases)...)
}

// goElse reports where Go's assembler prefers an encoding that this one does not have: that of RAX and four bytes, which
// is a byte shorter, and the one of shifts by 1. TestGeneral runs these.
func goElse(c operandCase) bool {
	if len(c.ops) != 2 {
		return false
	}
	imm, _ := c.ops[1].(Imm)
	switch c.inst {
	case ADD, OR, AND, SUB, XOR, CMP, TEST:
		return c.ops[0] == RAX && !imm.fits('b')
	case SHL, SHR, SAR:
		return imm == 1
	}
	return false
}

// clash reports whether a gathering names a register twice, which assemblers refuse.
func clash(f *form, ops []Operand) bool {
	var seen []uint8
	for i, op := range ops {
		n := uint8(0)
		switch op := op.(type) {
		case Reg:
			n = op.number()
		case Mem:
			n = op.index.number()
		}
		if slices.Contains(f.gathering(), i) {
			if slices.Contains(seen, n) {
				return true
			}
			seen = append(seen, n)
		}
	}
	return false
}

// gathering are the operands of a gathering, none for other instructions.
func (f *form) gathering() []int {
	switch f.args {
	case "vsv":
		return []int{0, 1, 2}
	case "vs":
		return []int{0, 1}
	}
	return nil
}

// maskCases puts masks on some destinations and broadcasts on some sources.
func maskCases(f *form, length lengths, plain []operandCase) []operandCase {
	if f.evex&length == 0 {
		return nil
	}
	var cases []operandCase
	for i, c := range plain {
		if f.tuple&(masked|unmasked) == 0 && i%3 == 0 {
			k := K(1 + i%7)
			ops := slices.Clone(c.ops)
			switch d := ops[0].(type) {
			case Reg:
				ops[0] = d.Mask(k)
				if d.class() != mask && i%2 == 0 {
					ops[0] = d.MaskZero(k)
				}
			case Mem:
				ops[0] = d.Mask(k)
			}
			cases = append(cases, operandCase{c.inst, ops})
		}
		if m, at := memory(c.ops); at > 0 && i%2 == 0 && f.tuple.broadcasts() {
			ops := slices.Clone(c.ops)
			ops[at] = m.Broadcast()
			cases = append(cases, operandCase{c.inst, ops})
			if d := ops[0].(Reg); i%4 == 0 && d.class() != mask {
				ops = slices.Clone(ops)
				ops[0] = d.MaskZero(K(7))
				cases = append(cases, operandCase{c.inst, ops})
			}
		}
	}
	return cases
}

// memory finds an operand in memory.
func memory(ops []Operand) (m Mem, at int) {
	for i, op := range ops {
		if m, ok := op.(Mem); ok {
			return m, i
		}
	}
	return Mem{}, -1
}

// operandChoices are operands of a kind, registers first.
func operandChoices(f *form, kind byte, length lengths, numbers []int) []Operand {
	var list []Operand
	vectors := func(make func(int) Reg) {
		for _, n := range numbers {
			list = append(list, make(n))
		}
	}
	ofLength := map[lengths]func(int) Reg{l128: X, l256: Y, l512: Z}
	switch kind {
	case 'v', 'w':
		vectors(ofLength[length])
	case 'h', 'g':
		vectors(ofLength[max(length/2, l128)])
	case 'x', 'y':
		vectors(X)
	case 'k', 'c':
		for n := range 8 {
			list = append(list, K(n))
		}
	case 'r', 'q':
		for _, r := range generalRegs {
			list = append(list, r)
		}
	case 'i':
		list = append(list, Imm(0), Imm(1), Imm(3), Imm(0x31))
	case 'b':
		list = append(list, Imm(0), Imm(1), Imm(-1), Imm(8), Imm(127), Imm(-128))
	case 'd':
		list = append(list, Imm(128), Imm(-129), Imm(1000), Imm(-1<<31), Imm(1<<31-1))
	case 'u':
		list = append(list, Imm(1<<31), Imm(1<<32-1))
	case 'o':
		list = append(list, Imm(1<<32), Imm(-1<<31-1), Imm(0x123456789ABCDEF0))
	case 's':
		for i, n := range numbers {
			list = append(list, At(generalRegs[i], displacements[i]).Index(ofLength[length](n), 1<<(i%4)))
		}
		for _, d := range displacements {
			list = append(list, At(R13, d).Index(ofLength[length](9), 8))
		}
	}
	switch kind {
	case 'w', 'g', 'y', 'c', 'q', 'm':
		if length == (f.vex | f.evex).shortest() {
			list = append(list, allAddresses...)
		} else {
			list = append(list, plainAddresses...)
		}
	}
	return list
}
