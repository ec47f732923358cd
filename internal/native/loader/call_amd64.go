package loader

import "unsafe"

// call calls code with args in RDI. It is written in call_amd64.s. The code keeps no pointer, so that args may lie on the
// caller's stack, which does not move while assembly runs.
//
//go:noescape
func call(code, args unsafe.Pointer)
