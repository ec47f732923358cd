package models

import "github.com/neurograd/neurograd/param"

// JansenRit is a cortical column of pyramidal cells with an excitatory and an inhibitory feedback loop;
// y1 − y2 is proportional to the EEG of the column.
//
//	σ(v) = 2·ν_max/(1 + exp(r·(v0 − v)))
//	dy3/dt = A·a·σ(y1 − y2) − 2a·y3 − a²·y0
//	dy4/dt = A·a·(μ + a_2·J·σ(a_1·J·y0) + c) − 2a·y4 − a²·y1
//	dy5/dt = B·b·a_4·J·σ(a_3·J·y0) − 2b·y5 − b²·y2
//
// with y0' = y3, y1' = y4, y2' = y5 and c = c_instant + c_delayed. Potentials in mV, times in ms.
func JansenRit() Model {
	return Model{
		Name: "JansenRit",
		States: []State{
			{Name: "y0", Initial: 0, Unit: "mV", Lo: -1, Hi: 1, Meaning: "postsynaptic potential of pyramidal cells on interneurons"},
			{Name: "y1", Initial: 5, Unit: "mV", Lo: -500, Hi: 500, Meaning: "excitatory potential on pyramidal cells"},
			{Name: "y2", Initial: 5, Unit: "mV", Lo: -50, Hi: 50, Meaning: "inhibitory potential on pyramidal cells"},
			{Name: "y3", Initial: 0, Unit: "mV/ms", Lo: -6, Hi: 6, Meaning: "derivative of y0"},
			{Name: "y4", Initial: 0, Unit: "mV/ms", Lo: -20, Hi: 20, Meaning: "derivative of y1"},
			{Name: "y5", Initial: 0, Unit: "mV/ms", Lo: -500, Hi: 500, Meaning: "derivative of y2"},
		},
		Params: []param.Spec{
			{Name: "A", Default: 3.25, Unit: "mV", Lo: 2.6, Hi: 9.75, Meaning: "largest excitatory potential"},
			{Name: "B", Default: 22, Unit: "mV", Lo: 17.6, Hi: 110, Meaning: "largest inhibitory potential"},
			{Name: "a", Default: 0.1, Unit: "1/ms", Lo: 0.05, Hi: 0.15, Meaning: "inverse excitatory time constant"},
			{Name: "b", Default: 0.05, Unit: "1/ms", Lo: 0.025, Hi: 0.075, Meaning: "inverse inhibitory time constant"},
			{Name: "v0", Default: 5.52, Unit: "mV", Lo: 3.12, Hi: 6, Meaning: "potential of half the largest firing rate"},
			{Name: "nu_max", Default: 0.0025, Unit: "1/ms", Lo: 0.00125, Hi: 0.00375, Meaning: "half the largest firing rate"},
			{Name: "r", Default: 0.56, Unit: "1/mV", Lo: 0.28, Hi: 0.84, Meaning: "steepness of the sigmoid"},
			{Name: "J", Default: 135, Lo: 65, Hi: 1350, Meaning: "mean number of synapses"},
			{Name: "a_1", Default: 1, Lo: 0.5, Hi: 1.5, Meaning: "synapses on the excitatory loop, of J"},
			{Name: "a_2", Default: 0.8, Lo: 0.4, Hi: 1.2, Meaning: "synapses from the excitatory loop, of J"},
			{Name: "a_3", Default: 0.25, Lo: 0.125, Hi: 0.375, Meaning: "synapses on the inhibitory loop, of J"},
			{Name: "a_4", Default: 0.25, Lo: 0.125, Hi: 0.375, Meaning: "synapses from the inhibitory loop, of J"},
			{Name: "mu", Default: 0.22, Unit: "1/ms", Lo: 0, Hi: 0.22, Meaning: "mean input firing rate"},
		},
		Inputs:      oneInput(),
		Auxiliaries: []string{"sigm_y1_y2", "sigm_y0_1", "sigm_y0_3"},
		Equations: `
			sigm_y1_y2 = 2*nu_max*sigmoid(r*(y1 - y2 - v0))
			sigm_y0_1 = 2*nu_max*sigmoid(r*(a_1*J*y0 - v0))
			sigm_y0_3 = 2*nu_max*sigmoid(r*(a_3*J*y0 - v0))
			dy0/dt = y3
			dy1/dt = y4
			dy2/dt = y5
			dy3/dt = A*a*sigm_y1_y2 - 2*a*y3 - a**2*y0
			dy4/dt = A*a*(mu + a_2*J*sigm_y0_1 + c_instant + c_delayed) - 2*a*y4 - a**2*y1
			dy5/dt = B*b*(a_4*J*sigm_y0_3) - 2*b*y5 - b**2*y2`,
		Source: "Jansen, Rit (1995): Electroencephalogram and visual evoked potential generation in a mathematical model of coupled cortical columns. Biol Cybern 73",
		DOI:    "10.1007/BF00199471",
	}
}
