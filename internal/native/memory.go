package native

import "github.com/neurograd/neurograd/internal/native/loader"

// CodeInUse is the number of bytes of machine code in the process; code that nobody uses any more is freed with the next
// collection of garbage.
func CodeInUse() int64 { return loader.InUse() }
