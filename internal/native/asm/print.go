package asm

import (
	"fmt"
	"strings"
)

// String is the instruction's name.
func (i Inst) String() string { return table[i].name }

var generalNames = [...]string{"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"}

// String is the register as Intel's manual writes it, such as "zmm3{k1}{z}".
func (r Reg) String() string {
	name := "no register"
	switch c := r.class(); {
	case r.vector():
		name = fmt.Sprintf("%cmm%d", 'x'+rune(c-xmm), r.number())
	case c == mask:
		name = fmt.Sprintf("k%d", r.number())
	case c == general && r.number() < 16:
		name = generalNames[r.number()]
	}
	if r.mask() != 0 {
		name += fmt.Sprintf("{k%d}", r.mask())
	}
	if r.zeroes() {
		name += "{z}"
	}
	return name
}

// String is the address as Intel's manual writes it, such as "[rax+8*rcx+64]".
func (m Mem) String() string {
	var b strings.Builder
	if m.constant != 0 {
		fmt.Fprintf(&b, "[constant %d", m.constant-1)
	} else {
		fmt.Fprintf(&b, "[%v", m.base)
	}
	if m.index != 0 {
		fmt.Fprintf(&b, "+%d*%v", m.scale, m.index)
	}
	if m.disp != 0 {
		fmt.Fprintf(&b, "%+d", m.disp)
	}
	b.WriteByte(']')
	if m.broadcast {
		b.WriteString("{1to*}")
	}
	if m.mask != 0 {
		fmt.Fprintf(&b, "{%v}", m.mask)
	}
	return b.String()
}

// String is the label's number.
func (l Label) String() string { return fmt.Sprintf("label %d", int32(l)) }

// refusal says that an instruction does not have such operands. It copies them, so that those of Emit can stay on the
// stack.
func refusal(inst Inst, ops []Operand) string {
	var list []string
	for _, op := range ops {
		switch op := op.(type) {
		case Reg:
			list = append(list, op.String())
		case Mem:
			list = append(list, op.String())
		case Imm:
			list = append(list, fmt.Sprint(int64(op)))
		case Label:
			list = append(list, op.String())
		}
	}
	return fmt.Sprintf("%v has no form for the operands %s", inst, strings.Join(list, ", "))
}
