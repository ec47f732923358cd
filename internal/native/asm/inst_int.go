package asm

// Arithmetic on integers.
var (
	VPADDQ   = define("VPADDQ", form{"RVM", "vvw", p66 | m0F | 0xD4, vex, evex | w1, full8})
	VPSUBQ   = define("VPSUBQ", form{"RVM", "vvw", p66 | m0F | 0xFB, vex, evex | w1, full8})
	VPADDD   = define("VPADDD", form{"RVM", "vvw", p66 | m0F | 0xFE, vex, evex, full4})
	VPSUBD   = define("VPSUBD", form{"RVM", "vvw", p66 | m0F | 0xFA, vex, evex, full4})
	VPMULUDQ = define("VPMULUDQ", form{"RVM", "vvw", p66 | m0F | 0xF4, vex, evex | w1, full8})
	VPMULLD  = define("VPMULLD", form{"RVM", "vvw", p66 | m0F38 | 0x40, vex, evex, full4})
)

// Bits of integers: of whole vectors with VEX, by elements of 64 bits with EVEX.
var (
	VPAND  = define("VPAND", form{"RVM", "vvw", p66 | m0F | 0xDB, vex, 0, 0})
	VPANDN = define("VPANDN", form{"RVM", "vvw", p66 | m0F | 0xDF, vex, 0, 0})
	VPOR   = define("VPOR", form{"RVM", "vvw", p66 | m0F | 0xEB, vex, 0, 0})
	VPXOR  = define("VPXOR", form{"RVM", "vvw", p66 | m0F | 0xEF, vex, 0, 0})
	VPANDQ = define("VPANDQ", form{"RVM", "vvw", p66 | m0F | 0xDB, 0, evex | w1, full8})
	// VPANDNQ is not the first source, and the second.
	VPANDNQ = define("VPANDNQ", form{"RVM", "vvw", p66 | m0F | 0xDF, 0, evex | w1, full8})
	VPORQ   = define("VPORQ", form{"RVM", "vvw", p66 | m0F | 0xEB, 0, evex | w1, full8})
	VPXORQ  = define("VPXORQ", form{"RVM", "vvw", p66 | m0F | 0xEF, 0, evex | w1, full8})
	// VPTERNLOGQ is any function of three bits: bit 4a+2b+c of the immediate.
	VPTERNLOGQ = define("VPTERNLOGQ", form{"RVMI", "vvwi", p66 | m0F3A | 0x25, 0, evex | w1, full8})
)

// shift are the shifts by an immediate and by the lowest 64 bits of a vector of 128 bits.
func shift(name string, by, byVector opcode, wide lengths, t tuple) Inst {
	return define(name,
		form{"VMI", "vxi", p66 | m0F | by, l128, 0, 0},
		form{"VMI", "vvi", p66 | m0F | by, l256, 0, 0},
		form{"VMI", "vwi", p66 | m0F | by, 0, evex | wide, t},
		form{"RVM", "vvy", p66 | m0F | byVector, vex, evex | wide, fixed16})
}

// Shifts.
var (
	VPSRLQ = shift("VPSRLQ", 0x73|2*digit, 0xD3, w1, full8)
	VPSLLQ = shift("VPSLLQ", 0x73|6*digit, 0xF3, w1, full8)
	VPSRLD = shift("VPSRLD", 0x72|2*digit, 0xD2, 0, full4)
	VPSLLD = shift("VPSLLD", 0x72|6*digit, 0xF2, 0, full4)
	VPSRAD = shift("VPSRAD", 0x72|4*digit, 0xE2, 0, full4)
	VPSRAQ = define("VPSRAQ",
		form{"VMI", "vwi", p66 | m0F | 0x72 | 4*digit, 0, evex | w1, full8},
		form{"RVM", "vvy", p66 | m0F | 0xE2, 0, evex | w1, fixed16})
	// VPSRLVQ and VPSLLVQ shift each element by its own number.
	VPSRLVQ = define("VPSRLVQ", form{"RVM", "vvw", p66 | m0F38 | 0x45, vex | w1, evex | w1, full8})
	VPSLLVQ = define("VPSLLVQ", form{"RVM", "vvw", p66 | m0F38 | 0x47, vex | w1, evex | w1, full8})
)

// Comparisons of integers.
var (
	VPCMPEQQ = define("VPCMPEQQ",
		form{"RVM", "vvw", p66 | m0F38 | 0x29, vex, 0, 0},
		form{"RVM", "kvw", p66 | m0F38 | 0x29, 0, evex | w1, full8})
	VPCMPGTQ = define("VPCMPGTQ",
		form{"RVM", "vvw", p66 | m0F38 | 0x37, vex, 0, 0},
		form{"RVM", "kvw", p66 | m0F38 | 0x37, 0, evex | w1, full8})
	// VPCMPQ compares signed numbers by the immediate: 0 =, 1 <, 2 ≤, 4 ≠, 5 ≥, 6 >.
	VPCMPQ = define("VPCMPQ", form{"RVMI", "kvwi", p66 | m0F3A | 0x1F, 0, evex | w1, full8})
)

// Permutations of integers.
var (
	VPSHUFD  = define("VPSHUFD", form{"RMI", "vwi", p66 | m0F | 0x70, vex, evex, full4})
	VPBLENDD = define("VPBLENDD", form{"RVMI", "vvwi", p66 | m0F3A | 0x02, vex, 0, 0})
	VPERMQ   = define("VPERMQ",
		form{"RMI", "vwi", p66 | m0F3A | 0x00, l256 | w1, l256up | w1, full8},
		form{"RVM", "vvw", p66 | m0F38 | 0x36, 0, l256up | w1, full8})
	VPBROADCASTQ = define("VPBROADCASTQ",
		form{"RM", "vy", p66 | m0F38 | 0x59, vex, evex | w1, one8},
		form{"RM", "vr", p66 | m0F38 | 0x7C, 0, evex | w1, one8})
)

// VPMOVZXBQ makes numbers of 64 bits of bytes.
var VPMOVZXBQ = define("VPMOVZXBQ", form{"RM", "vy", p66 | m0F38 | 0x32, vex, evex, eighth})

// Conversions: DQ is 32 bits signed, QQ and UQQ 64 bits signed and unsigned.
var (
	VCVTDQ2PD  = define("VCVTDQ2PD", form{"RM", "vg", pF3 | m0F | 0xE6, vex, evex, half4})
	VCVTPD2DQ  = define("VCVTPD2DQ", form{"RM", "hv", pF2 | m0F | 0xE6, vex, evex | w1, full8})
	VCVTQQ2PD  = define("VCVTQQ2PD", form{"RM", "vw", pF3 | m0F | 0xE6, 0, evex | w1, full8})
	VCVTUQQ2PD = define("VCVTUQQ2PD", form{"RM", "vw", pF3 | m0F | 0x7A, 0, evex | w1, full8})
	VCVTPD2QQ  = define("VCVTPD2QQ", form{"RM", "vw", p66 | m0F | 0x7B, 0, evex | w1, full8})
)

// Mask registers.
var (
	KMOVB = define("KMOVB",
		form{"RM", "kc", p66 | m0F | 0x90, l128, 0, 0},
		form{"MR", "mk", p66 | m0F | 0x91, l128, 0, 0},
		form{"RM", "kr", p66 | m0F | 0x92, l128, 0, 0},
		form{"RM", "rk", p66 | m0F | 0x93, l128, 0, 0})
	KMOVW = define("KMOVW",
		form{"RM", "kc", m0F | 0x90, l128, 0, 0},
		form{"MR", "mk", m0F | 0x91, l128, 0, 0},
		form{"RM", "kr", m0F | 0x92, l128, 0, 0},
		form{"RM", "rk", m0F | 0x93, l128, 0, 0})
	KMOVQ = define("KMOVQ",
		form{"RM", "kc", m0F | 0x90, l128 | w1, 0, 0},
		form{"MR", "mk", m0F | 0x91, l128 | w1, 0, 0},
		form{"RM", "kr", pF2 | m0F | 0x92, l128 | w1, 0, 0},
		form{"RM", "rk", pF2 | m0F | 0x93, l128 | w1, 0, 0})
	KANDB  = define("KANDB", form{"RVM", "kkk", p66 | m0F | 0x41, l256, 0, 0})
	KANDNB = define("KANDNB", form{"RVM", "kkk", p66 | m0F | 0x42, l256, 0, 0})
	KORB   = define("KORB", form{"RVM", "kkk", p66 | m0F | 0x45, l256, 0, 0})
	KXORB  = define("KXORB", form{"RVM", "kkk", p66 | m0F | 0x47, l256, 0, 0})
	KXNORB = define("KXNORB", form{"RVM", "kkk", p66 | m0F | 0x46, l256, 0, 0})
	KNOTB  = define("KNOTB", form{"RM", "kk", p66 | m0F | 0x44, l128, 0, 0})
	// KORTESTB sets the zero flag if both masks are zero, and the carry flag if together they are all ones.
	KORTESTB = define("KORTESTB", form{"RM", "kk", p66 | m0F | 0x98, l128, 0, 0})
)
