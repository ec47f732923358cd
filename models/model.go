// Package models holds neural-mass models, one file each, declared as data: states, parameters, inputs
// and equations with their source. It computes nothing.
package models

import (
	"github.com/neurograd/neurograd/param"
)

// Model is the dynamics of one region.
type Model struct {
	Name        string
	States      []State
	Params      []param.Spec
	Inputs      []Input  // coupling inputs; one that is not connected is 0
	External    []Input  // stimuli; one that is not connected is 0
	Auxiliaries []string // quantities of the equations that can be recorded
	// Equations is text: dx/dt = … for every state, other names as needed; t is the time.
	Equations string
	Source    string
	DOI       string

	values  param.Set
	initial param.Set
}

// State is a state variable.
type State struct {
	Name    string
	Initial float64
	Unit    string
	Lo, Hi  float64 // range in which the variable usually moves; both 0 if none is stated
	Meaning string
}

// Input is what a model receives: Symbols are the names its channels have in the equations.
type Input struct {
	Name    string
	Symbols []string
	// Instant inputs ignore the delays of the graph unless the coupling asks for them.
	Instant bool
}

// With returns the model with other parameter values: numbers, or one value per region.
func (m Model) With(values param.Set) Model {
	m.values = m.values.With(values)
	return m
}

// Initial returns the model with other initial values of states: numbers, or one value per region.
func (m Model) Initial(values param.Set) Model {
	m.initial = m.initial.With(values)
	return m
}

// Values are the parameter values set by With.
func (m Model) Values() param.Set { return m.values }

// InitialValues are the initial values set by Initial.
func (m Model) InitialValues() param.Set { return m.initial }

// oneInput is the pair of inputs most models have: one channel without and one with delays.
func oneInput() []Input {
	return []Input{
		{Name: "instant", Symbols: []string{"c_instant"}, Instant: true},
		{Name: "delayed", Symbols: []string{"c_delayed"}},
	}
}

// All lists the models.
func All() []Model {
	return []Model{ReducedWongWang(), JansenRit(), Generic2dOscillator()}
}
