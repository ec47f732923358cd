package models

import "github.com/neurograd/neurograd/param"

// Generic2dOscillator is a planar oscillator whose parameters select excitable, bistable, limit-cycle and
// other regimes.
//
//	dV/dt = d·τ·(−f·V³ + e·V² + g·V + α·W + γ·I + γ·(c_delayed + c_instant)) + stimulus
//	dW/dt = (d/τ)·(a + b·V + c·V² − β·W)
//
// V and W have no unit; time is in ms.
func Generic2dOscillator() Model {
	return Model{
		Name: "Generic2dOscillator",
		States: []State{
			{Name: "V", Initial: 0, Lo: -2, Hi: 4, Meaning: "fast variable, like a membrane potential"},
			{Name: "W", Initial: 0, Lo: -6, Hi: 6, Meaning: "slow recovery variable"},
		},
		Params: []param.Spec{
			{Name: "a", Default: -2, Lo: -5, Hi: 5, Meaning: "vertical shift of the W nullcline"},
			{Name: "b", Default: -10, Lo: -20, Hi: 15, Meaning: "linear slope of the W nullcline"},
			{Name: "c", Default: 0, Lo: -10, Hi: 10, Meaning: "parabolic term of the W nullcline"},
			{Name: "d", Default: 0.02, Unit: "1/ms", Lo: 0.0001, Hi: 1, Meaning: "overall time scale"},
			{Name: "e", Default: 3, Lo: -5, Hi: 5, Meaning: "coefficient of V²"},
			{Name: "f", Default: 1, Lo: -5, Hi: 5, Meaning: "coefficient of V³"},
			{Name: "g", Default: 0, Lo: -5, Hi: 5, Meaning: "coefficient of V"},
			{Name: "alpha", Default: 1, Lo: -5, Hi: 5, Meaning: "coupling of W into V"},
			{Name: "beta", Default: 1, Lo: -5, Hi: 5, Meaning: "decay of W"},
			{Name: "gamma", Default: 1, Lo: -1, Hi: 1, Meaning: "strength of I and of the coupling input"},
			{Name: "tau", Default: 1, Lo: 1, Hi: 5, Meaning: "separation of the time scales of V and W"},
			{Name: "I", Default: 0, Lo: -5, Hi: 5, Meaning: "constant input"},
		},
		Inputs:   oneInput(),
		External: []Input{{Name: "stimulus", Symbols: []string{"stimulus"}}},
		Equations: `
			dV/dt = d*tau*(-f*V**3 + e*V**2 + g*V + alpha*W + gamma*I + gamma*c_delayed + gamma*c_instant) + stimulus
			dW/dt = d/tau*(a + b*V + c*V**2 - beta*W)`,
		Source: "Sanz-Leon, Knock, Spiegler, Jirsa (2015): Mathematical framework for large-scale brain network modeling in The Virtual Brain. NeuroImage 111",
		DOI:    "10.1016/j.neuroimage.2015.01.002",
	}
}
