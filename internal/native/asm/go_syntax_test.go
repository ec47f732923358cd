package asm

import (
	"fmt"
	"slices"
	"strings"
)

// goLine is the call of Emit in the language of Go's assembler: the operands in reverse, a mask before the destination,
// what else is particular to EVEX in the name.
func goLine(c operandCase) string {
	var list []string
	for i, op := range c.ops {
		list = append(list, goOperand(op))
		if k := destinationMask(op); i == 0 && k != 0 {
			list = append(list, fmt.Sprintf("K%d", k))
		}
	}
	if c.inst != CMP {
		slices.Reverse(list)
	}
	return goName(c) + " " + strings.Join(list, ", ")
}

func destinationMask(op Operand) uint8 {
	switch op := op.(type) {
	case Reg:
		return op.mask()
	case Mem:
		return op.mask.number()
	}
	return 0
}

// goName is the instruction's name. Those of general registers have their length in it, as has a conversion that the
// destination does not tell.
func goName(c operandCase) string {
	name := c.inst.String()
	f := &table[c.inst].forms[0]
	switch {
	case c.inst == RET || c.inst == PREFETCHT0:
	case c.inst == IMUL && len(c.ops) == 3:
		name = "IMUL3Q"
	case c.inst == MOV && shortMove(c):
		name = "MOVL"
	case f.vex == 0 && f.evex == 0:
		name += "Q"
	case c.inst == VFPCLASSPD, c.inst == VCVTPD2DQ && c.ops[1].(Reg).class() != zmm:
		name += lengthLetter(c.ops[1])
	}
	if m, at := memory(c.ops); at >= 0 && m.broadcast {
		name += ".BCST"
	}
	if len(c.ops) > 0 {
		if dst, ok := c.ops[0].(Reg); ok && dst.zeroes() {
			name += ".Z"
		}
	}
	return name
}

// lengthLetter is X, Y or Z.
func lengthLetter(vector Operand) string { return string('X' + rune(vector.(Reg).class()-xmm)) }

// shortMove reports whether a number is moved that four bytes without sign hold: as MOVL, which clears the upper half,
// this is two bytes shorter than the MOVQ that Go's assembler takes literally.
func shortMove(c operandCase) bool {
	_, toRegister := c.ops[0].(Reg)
	imm, ok := c.ops[1].(Imm)
	return toRegister && ok && imm.fits('u')
}

func goOperand(op Operand) string {
	switch op := op.(type) {
	case Reg:
		return goReg(op)
	case Imm:
		return fmt.Sprintf("$%d", int64(op))
	case Mem:
		if op.constant != 0 {
			return fmt.Sprintf("constant<>+%d(SB)", op.disp)
		}
		s := fmt.Sprintf("%d(%s)", op.disp, goReg(op.base))
		if op.index != 0 {
			s += fmt.Sprintf("(%s*%d)", goReg(op.index), op.scale)
		}
		return s
	}
	panic("no operand of Go's assembler")
}

func goReg(r Reg) string {
	n := r.number()
	switch c := r.class(); {
	case c == general && n < 8:
		return []string{"AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI"}[n]
	case c == general:
		return fmt.Sprintf("R%d", n)
	case c == mask:
		return fmt.Sprintf("K%d", n)
	default:
		return fmt.Sprintf("%c%d", 'X'+rune(c-xmm), n)
	}
}
