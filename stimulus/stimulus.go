// Package stimulus holds external inputs as functions of time, declared as data.
package stimulus

import (
	"github.com/neurograd/neurograd/param"
)

// Stimulus is an external input. It is evaluated at every stage of a step.
type Stimulus struct {
	Name   string
	Params []param.Spec
	// Equations assigns Channels, one name per channel of the model's external input; t is the time.
	Equations string
	Channels  []string
	Samples   *Samples // values in time that the equations read, if any

	values param.Set
}

// Set holds the stimuli of a network by the model's external input they enter.
type Set map[string]Stimulus

// With returns the stimulus with other parameter values: numbers, or one value per region.
func (s Stimulus) With(values param.Set) Stimulus {
	s.values = s.values.With(values)
	return s
}

// Values are the parameter values set by With.
func (s Stimulus) Values() param.Set { return s.values }

// Sine oscillates: amplitude·sin(2π·frequency·t + phase), the frequency in cycles per ms.
func Sine() Stimulus {
	return Stimulus{
		Name: "Sine",
		Params: []param.Spec{
			{Name: "frequency", Default: 10, Unit: "1/ms", Meaning: "cycles per ms"},
			{Name: "amplitude", Default: 1, Meaning: "largest value"},
			{Name: "phase", Default: 0, Unit: "rad", Meaning: "phase at t = 0"},
		},
		Equations: "u = amplitude*sin(2*pi*frequency*t + phase)",
		Channels:  []string{"u"},
	}
}
