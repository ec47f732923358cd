// Package coupling holds what a node sends to others and how the sums are received, one file each,
// declared as data. It knows no delays and computes nothing.
package coupling

import (
	"strconv"

	"github.com/neurograd/neurograd/param"
)

// Coupling says what node j sends to node i. If it separates, j sends signals s(x_j) and i receives
//
//	c_i = post(Σ_j W_ij·s(x_j(t − τ_ij)), x_i, Σ_j W_ij)
//
// or, if it has a Message m instead of a signal, post(Σ_j W_ij·m(x_j(t − τ_ij), x_i), …). W_ij is the
// weight from source j to target i; a diagonal entry couples a node to itself.
type Coupling struct {
	Name   string
	Params []param.Spec
	// SourceSymbols are the names that the sender's states have in Signal; LocalSymbols those of the
	// receiver's states in Post.
	SourceSymbols, LocalSymbols []string
	// Signal assigns one name per channel that is sent. Post assigns one name per channel of the model's
	// input from the sums, which have the signals' names; strength is Σ_j W_ij.
	Signal, Post string
	// Message, instead of Signal, is what an edge carries where that cannot be written as a function of
	// the sender alone: it may use the receiver's states too and is evaluated for every edge. Its
	// parameters are one number or one per edge.
	Message string
	// Channels are the names that Post assigns and the input receives.
	Channels []string

	source, local []string
	values        param.Set
	input         string
	delays        Delays
	linear        bool
	weights       Weights
}

// Set holds the couplings of a network by name. A coupling enters the model's input of the same name
// unless Into says otherwise; several may enter the same input and add up.
type Set map[string]Coupling

// Delays says whether a coupling uses the delays of the graph.
type Delays int

// The choices.
const (
	ByInput Delays = iota // as the model's input says: "instant" inputs have none
	Instantaneous
	Delayed
)

// With returns the coupling with other parameter values: numbers, or one value per region.
func (c Coupling) With(values param.Set) Coupling {
	c.values = c.values.With(values)
	return c
}

// Into returns the coupling connected to that input of the model instead of the one of its own name.
func (c Coupling) Into(input string) Coupling { c.input = input; return c }

// From returns the coupling sending these states of the sender, one for each of SourceSymbols.
func (c Coupling) From(states ...string) Coupling { c.source = states; return c }

// Local returns the coupling with other states of the receiver than those of the sender.
func (c Coupling) Local(states ...string) Coupling { c.local = states; return c }

// WithDelays returns the coupling with or without the delays of the graph, whatever its input says.
func (c Coupling) WithDelays(d Delays) Coupling { c.delays = d; return c }

// Instant returns the coupling without the delays of the graph.
func (c Coupling) Instant() Coupling { return c.WithDelays(Instantaneous) }

// LinearReads returns the coupling with the senders' states of delays that are no whole number of steps
// interpolated linearly between two steps, instead of taken from the nearest one: the delays, and lengths
// and speed behind them, can then be differentiated. A signal that is not just a state is then computed
// for every edge.
func (c Coupling) LinearReads() Coupling { c.linear = true; return c }

// ReadsLinearly reports whether delays are read by linear interpolation.
func (c Coupling) ReadsLinearly() bool { return c.linear }

// Source are the sender's states.
func (c Coupling) Source() []string { return c.source }

// LocalStates are the receiver's states that Post reads; by default the sender's.
func (c Coupling) LocalStates() []string {
	if c.local == nil {
		return c.source
	}
	return c.local
}

// Values are the parameter values set by With.
func (c Coupling) Values() param.Set { return c.values }

// Input is the model's input that the coupling enters if it has that name in its network.
func (c Coupling) Input(name string) string {
	if c.input != "" {
		return c.input
	}
	return name
}

// Delays is the choice made by WithDelays or Instant.
func (c Coupling) Delays() Delays { return c.delays }

// All lists the couplings, sending states named by their own symbols.
func All() []Coupling {
	return []Coupling{Linear("x"), SigmoidalJansenRit("y1", "y2"), Difference("x")}
}

// numbered is the name of channel k: without a number where there is just one.
func numbered(name string, k, channels int) string {
	if channels == 1 {
		return name
	}
	return name + strconv.Itoa(k)
}
