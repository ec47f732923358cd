package asm

// arithmetic are the forms of an instruction of two operands, n its number among them.
func arithmetic(name string, n opcode) Inst {
	return define(name,
		form{"MI", "qb", rexW | 0x83 | n*digit, 0, 0, 0},
		form{"MI", "qd", rexW | 0x81 | n*digit, 0, 0, 0},
		form{"MR", "qr", rexW | 0x01 | n<<3, 0, 0, 0},
		form{"RM", "rm", rexW | 0x03 | n<<3, 0, 0, 0})
}

// Instructions on general registers.
var (
	MOV = define("MOV",
		form{"MR", "qr", rexW | 0x89, 0, 0, 0},
		form{"RM", "rm", rexW | 0x8B, 0, 0, 0},
		form{"OI", "ru", 0xB8, 0, 0, 0},
		form{"MI", "qd", rexW | 0xC7, 0, 0, 0},
		form{"OI", "ro", rexW | 0xB8, 0, 0, 0})
	LEA  = define("LEA", form{"RM", "rm", rexW | 0x8D, 0, 0, 0})
	ADD  = arithmetic("ADD", 0)
	OR   = arithmetic("OR", 1)
	AND  = arithmetic("AND", 4)
	SUB  = arithmetic("SUB", 5)
	XOR  = arithmetic("XOR", 6)
	CMP  = arithmetic("CMP", 7)
	TEST = define("TEST", form{"MR", "qr", rexW | 0x85, 0, 0, 0}, form{"MI", "qd", rexW | 0xF7, 0, 0, 0})
	INC  = define("INC", form{"M", "q", rexW | 0xFF, 0, 0, 0})
	DEC  = define("DEC", form{"M", "q", rexW | 0xFF | 1*digit, 0, 0, 0})
	NEG  = define("NEG", form{"M", "q", rexW | 0xF7 | 3*digit, 0, 0, 0})
	SHL  = define("SHL", form{"MI", "qi", rexW | 0xC1 | 4*digit, 0, 0, 0})
	SHR  = define("SHR", form{"MI", "qi", rexW | 0xC1 | 5*digit, 0, 0, 0})
	SAR  = define("SAR", form{"MI", "qi", rexW | 0xC1 | 7*digit, 0, 0, 0})
	IMUL = define("IMUL",
		form{"RM", "rq", rexW | m0F | 0xAF, 0, 0, 0},
		form{"RMI", "rqb", rexW | 0x6B, 0, 0, 0},
		form{"RMI", "rqd", rexW | 0x69, 0, 0, 0})
	PREFETCHT0 = define("PREFETCHT0", form{"M", "m", m0F | 0x18 | 1*digit, 0, 0, 0})
	RET        = define("RET", form{"", "", 0xC3, 0, 0, 0})
	VZEROUPPER = define("VZEROUPPER", form{"", "", m0F | 0x77, l128, 0, 0})
)

const jmp opcode = 0xEB

// branch is a jump to a label.
func branch(op opcode) form { return form{"D", "l", op, 0, 0, 0} }

// Jumps: always, and after a comparison of unsigned numbers (B below, A above) or signed ones (L less, G greater).
var (
	JMP = define("JMP", branch(jmp))
	JB  = define("JB", branch(0x72))
	JAE = define("JAE", branch(0x73))
	JE  = define("JE", branch(0x74))
	JNE = define("JNE", branch(0x75))
	JBE = define("JBE", branch(0x76))
	JA  = define("JA", branch(0x77))
	JL  = define("JL", branch(0x7C))
	JGE = define("JGE", branch(0x7D))
	JLE = define("JLE", branch(0x7E))
	JG  = define("JG", branch(0x7F))

	// JC, JNC, JZ and JNZ are the names that go with a test instead of a comparison.
	JC, JNC, JZ, JNZ = JB, JAE, JE, JNE
)
