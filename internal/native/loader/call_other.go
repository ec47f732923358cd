//go:build !amd64

package loader

import "unsafe"

// call is never reached: without allocate there is no Function.
func call(code, args unsafe.Pointer) { panic(ErrUnavailable) }
