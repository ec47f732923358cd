package loader

import "unsafe"

// call calls code with args in RDI. It is written in call_amd64.s.
func call(code, args unsafe.Pointer)
