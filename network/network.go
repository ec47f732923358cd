// Package network assembles a connectome, a model, couplings, noise and a solver into a simulation, runs
// it, and takes its derivatives. What is observed of a run, and how parameters are fitted, is left to
// others.
package network

import (
	"fmt"
	"math"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/stimulus"
)

// Network is a model in every region of a graph, coupled along its edges. Where regions have different
// models, Groups and Routes take the place of the other fields but Graph:
//
//	network.Network{Graph: conn, Groups: []network.Group{
//		{Name: "cortex", Regions: cortical, Dynamics: models.ReducedWongWang()},
//		{Name: "thalamus", Regions: thalamic, Dynamics: models.Generic2dOscillator()},
//	}, Routes: []network.Route{
//		{From: "cortex", To: "thalamus", Coupling: coupling.Linear("S").Into("delayed")},
//		{From: "thalamus", To: "cortex", Coupling: coupling.Linear("V").Into("delayed")},
//	}}
type Network struct {
	Dynamics models.Model
	Coupling coupling.Set
	Graph    *graph.Graph
	Noise    noise.Additive // the zero value: no noise
	Stimulus stimulus.Set   // by external input of the model
	// History, if given, are the states up to the start [row][state][region], one row per step, oldest
	// first; the last row is the initial state, and there must be one row more than the longest delay
	// has steps. Otherwise the initial state of the model has always been.
	History [][][]float64

	Groups []Group
	Routes []Route
}

// Grid is the time of a run in ms: steps of length Step from Start until End is reached.
type Grid struct {
	Start, End, Step float64
	Record           Record
}

// Record says which state sample n is. Auxiliaries of sample n are those at the start of step n in either
// case, evaluated at its first stage.
type Record int

const (
	// AfterStep records the state after step n, at Start + (n+1)·Step, as TVB and TVB-Optim do: the initial
	// state is not recorded.
	AfterStep Record = iota
	// BeforeStep records the state before step n, at Start + n·Step, as PyRates does: the initial state is
	// sample 0, the state at the end of the run is not recorded, and auxiliaries belong to the same time.
	BeforeStep
)

// Steps is ⌈(End − Start)/Step⌉, where a quotient within 10⁻⁹ of an integer counts as that integer.
func (g Grid) Steps() int { return int(math.Ceil((g.End-g.Start)/g.Step - 1e-9)) }

// maxSteps bounds the number of steps of one run.
const maxSteps = 1 << 31

func (g Grid) check() error {
	switch {
	case g.Record != AfterStep && g.Record != BeforeStep:
		return fmt.Errorf("network: Grid.Record is %d; it is network.AfterStep or network.BeforeStep", g.Record)
	case !finite(g.Start) || !finite(g.End):
		return fmt.Errorf("network: time from %v to %v ms; both ends must be finite", g.Start, g.End)
	case !(g.Step > 0) || !finite(g.Step):
		return fmt.Errorf("network: step %v ms; it must be a positive number of ms, for example 1", g.Step)
	case !(g.End > g.Start):
		return fmt.Errorf("network: end %v ms is not after start %v ms; choose a later End", g.End, g.Start)
	case g.Step > (g.End-g.Start)*(1+1e-9):
		return fmt.Errorf("network: step %v ms is longer than the run of %v ms; choose a smaller Step or a later End", g.Step, g.End-g.Start)
	case (g.End-g.Start)/g.Step > maxSteps:
		return fmt.Errorf("network: %.3g steps of %v ms; at most %d are possible: choose a larger Step or an earlier End", (g.End-g.Start)/g.Step, g.Step, maxSteps)
	}
	return nil
}

// Options are the choices of a simulation that change no equation.
type Options struct {
	Seed   uint64 // of the noise
	Stream uint32 // number of the noise stream: other streams of a seed are independent
	// Normals, if not nil, are recorded unit normals [step][noisy state][region] instead of drawn ones,
	// with groups those of one group after another in every step. They become the leaf noise.normals, with groups
	// one for each, which can be freed.
	Normals []float64
	// FirstStep is the number of the grid's step that the run begins with: the run does steps FirstStep to the
	// last. Time and noise are those that the whole run has in these steps, so that a run can be continued,
	// see [Result.History]; Normals, if given, are those of these steps only.
	FirstStep int
	// Record names the states and auxiliaries to record; none means all states. States come first in
	// the result, then auxiliaries, each in the order given.
	Record []string
	// Sampling says which samples are recorded, for example Every(10) or Average(10); none means all. The
	// windows of a loss count recorded samples.
	Sampling Sampling
	// MaxDelay, above 0, is the longest delay in ms that may occur, for fits that change lengths or speed: a
	// longer one is an error, never cut.
	MaxDelay float64
	// GradientWindow, above 0, truncates derivatives: the state and what delays reach back to count as
	// constants at the start of every window of that many steps, the first included, so that a gradient
	// through chaotic dynamics does not explode. Parameters collect the shares of all windows; the
	// derivatives with respect to initial states and histories are 0.
	GradientWindow int
	// Backend is what computes the steps; by itself the fastest that there is. It changes no bit.
	Backend Backend
	// Memory bounds the samples that a run records and what a gradient may keep, in bytes; 0 means
	// 512 MiB.
	Memory int64
}

// defaultMemory is the bound that stands for Options.Memory 0.
const defaultMemory = 512 << 20

func finite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }
