package models

import "github.com/neurograd/neurograd/param"

// ReducedWongWang is the one-variable dynamic mean field of NMDA synaptic gating in a region.
//
//	x = w·J_N·S + I_o + J_N·(c_instant + c_delayed)
//	H = (a·x − b)/(1 − exp(−d·(a·x − b)))
//	dS/dt = −S/τ_s + (1 − S)·H·γ
//
// H is written with linoid(z) = z/(1−e^−z), which is 1 at the threshold z = 0 where the quotient is 0/0.
// Times are in ms, the rate H in kHz.
func ReducedWongWang() Model {
	return Model{
		Name:   "ReducedWongWang",
		States: []State{{Name: "S", Initial: 0.1, Lo: 0, Hi: 1, Meaning: "fraction of open NMDA channels (synaptic gating)"}},
		Params: []param.Spec{
			{Name: "a", Default: 0.270, Unit: "kHz/nA", Lo: 0, Hi: 0.270, Meaning: "slope of the input function H"},
			{Name: "b", Default: 0.108, Unit: "kHz", Lo: 0, Hi: 1, Meaning: "threshold of the input function H"},
			{Name: "d", Default: 154, Unit: "ms", Lo: 0, Hi: 200, Meaning: "curvature of the input function H"},
			{Name: "gamma", Default: 0.641, Lo: 0, Hi: 1, Meaning: "kinetic parameter"},
			{Name: "tau_s", Default: 100, Unit: "ms", Lo: 50, Hi: 150, Meaning: "NMDA decay time"},
			{Name: "w", Default: 0.6, Lo: 0, Hi: 1, Meaning: "excitatory recurrence"},
			{Name: "J_N", Default: 0.2609, Unit: "nA", Lo: 0, Hi: 0.5, Meaning: "synaptic coupling"},
			{Name: "I_o", Default: 0.33, Unit: "nA", Lo: 0, Hi: 1, Meaning: "external input current"},
		},
		Inputs:      oneInput(),
		Auxiliaries: []string{"H"},
		Equations: `
			x = w*J_N*S + I_o + J_N*c_instant + J_N*c_delayed
			H = linoid(d*(a*x - b)) * (1/d)
			dS/dt = -S/tau_s + (1 - S)*H*gamma`,
		Source: "Deco, Ponce-Alvarez, Mantini, Romani, Hagmann, Corbetta (2013): Resting-state functional connectivity emerges from structurally and dynamically shaped slow linear fluctuations. J Neurosci 33",
		DOI:    "10.1523/JNEUROSCI.1091-13.2013",
	}
}
