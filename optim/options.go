package optim

import "fmt"

// Options say how a fit runs.
type Options struct {
	Steps     int      // how often the parameters change, at most; above 0, there is no default
	Mode      Mode     // how gradients are taken; Auto unless given
	Callbacks Callback // what looks on; nil for nothing, callbacks.Multi for several
}

// Mode is how the gradient of the loss is taken. All give the same gradient, up to rounding.
type Mode int

const (
	// Auto takes Forward for one free value, and Adjoint for more.
	Auto Mode = iota
	// Forward carries one tangent per free value along with the simulation. Its cost grows with their
	// number, its memory does not grow with the length of the run.
	Forward
	// Adjoint runs the simulation once and then backwards. Its cost does not depend on the number of
	// free values; it keeps what the way back needs.
	Adjoint
)

// mostTangents is up to how many free values Auto takes tangents. Measured with 84 regions, with and
// without delays: one tangent costs about what the way back does, each further one as much again.
const mostTangents = 1

// String is "forward mode (tangents)", "reverse mode (adjoint)" or "auto".
func (m Mode) String() string {
	switch m {
	case Auto:
		return "auto"
	case Forward:
		return "forward mode (tangents)"
	case Adjoint:
		return "reverse mode (adjoint)"
	}
	return fmt.Sprintf("Mode(%d)", int(m))
}

// choose replaces Auto by a mode for so many free values.
func (m Mode) choose(free int) (Mode, error) {
	switch {
	case m < Auto || m > Adjoint:
		return m, fmt.Errorf("optim: Options.Mode is %s; wanted optim.Auto, optim.Forward or optim.Adjoint", m)
	case m != Auto:
		return m, nil
	case free <= mostTangents:
		return Forward, nil
	}
	return Adjoint, nil
}
