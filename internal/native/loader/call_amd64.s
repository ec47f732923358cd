#include "textflag.h"

// func call(code, args unsafe.Pointer)
//
// NOSPLIT: the code needs no stack but for its return address. Go's caller expects no register to be kept but SP, BP and, by way of the wrapper that the
// compiler puts around assembly, R14 and X15.
TEXT ·call(SB), NOSPLIT, $0-16
	MOVQ code+0(FP), AX
	MOVQ args+8(FP), DI
	CALL AX
	VZEROUPPER
	RET
