package network

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/neurograd/neurograd/internal/native"
)

// Backend says what computes the steps of a run. The bits are the same, the speed is not.
type Backend int

const (
	// AutoBackend is what the environment variable NEUROGRAD_BACKEND says: portable, native, or one form of machine
	// code, avx2 or avx512; if it says nothing, machine code where the processor and the system allow it, else plain Go.
	AutoBackend Backend = iota
	// PortableBackend is plain Go.
	PortableBackend
	// NativeBackend is machine code made for the network, on amd64 with AVX2 or AVX-512, in the fastest form there is or
	// the one that NEUROGRAD_BACKEND names; an error where there is none.
	NativeBackend
)

// String is "auto", "portable" or "native".
func (b Backend) String() string {
	switch b {
	case AutoBackend:
		return "auto"
	case PortableBackend:
		return "portable"
	case NativeBackend:
		return "native"
	}
	return fmt.Sprintf("Backend(%d)", int(b))
}

// Resolve is the backend that runs are computed by, PortableBackend or NativeBackend. Errors: a choice that there
// is not, in Options or the environment, and NativeBackend where it cannot be.
func (b Backend) Resolve() (Backend, error) {
	switch form, err := b.form(); {
	case err != nil:
		return b, err
	case form == nil:
		return PortableBackend, nil
	}
	return NativeBackend, nil
}

// form is that of the machine code that runs are computed by; nil for none.
func (b Backend) form() (*native.Form, error) {
	if b == AutoBackend {
		switch name := native.Wanted(); {
		case name == "":
			form, err := native.Best()
			if err != nil {
				warnPortable(err)
			}
			return form, nil
		case name == "portable":
			b = PortableBackend
		case name == "native" || native.Forced(name):
			form, err := native.Best()
			if err != nil {
				return nil, fmt.Errorf("network: %s is %q: %w\nleave it unset, which takes the fastest there is, or set it to one of: %s",
					native.Variable, name, err, strings.Join(native.Choices(), ", "))
			}
			return form, nil
		default:
			return nil, fmt.Errorf("network: %s is %q; it is \"portable\", \"native\", \"avx2\", \"avx512\", or not set\nleave it unset, which takes the fastest there is", native.Variable, name)
		}
	}
	switch b {
	case PortableBackend:
		return nil, nil
	case NativeBackend:
		form, err := native.Best()
		if err != nil {
			return nil, fmt.Errorf("network: no native backend: %w\nuse network.AutoBackend, which takes the fastest there is, and leave %s unset", err, native.Variable)
		}
		return form, nil
	}
	return nil, fmt.Errorf("network: Options.Backend is %v; it is network.AutoBackend, PortableBackend or NativeBackend", b)
}

var warned sync.Once

// warnPortable says once that steps run slower than they might on such a processor.
func warnPortable(why error) {
	if runtime.GOARCH != "amd64" {
		return
	}
	warned.Do(func() {
		fmt.Fprintf(os.Stderr, "neurograd: %v; steps are computed in plain Go, several times slower\n", why)
	})
}
