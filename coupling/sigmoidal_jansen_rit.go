package coupling

import "github.com/neurograd/neurograd/param"

// SigmoidalJansenRit sends the firing rate of the pyramidal cells, a sigmoid of the difference of the
// two states given (y1 and y2 of the Jansen-Rit model):
//
//	c_i = G·Σ_j W_ij·(cmin + (cmax − cmin)/(1 + exp(r·(midpoint − (y1_j − y2_j)))))
func SigmoidalJansenRit(y1, y2 string) Coupling {
	return Coupling{
		Name: "SigmoidalJansenRit",
		Params: []param.Spec{
			{Name: "G", Default: 1, Lo: 0, Hi: 100, Meaning: "global coupling"},
			{Name: "cmin", Default: 0, Lo: -1, Hi: 1, Unit: "1/ms", Meaning: "smallest firing rate"},
			{Name: "cmax", Default: 0.005, Lo: -1, Hi: 1, Unit: "1/ms", Meaning: "largest firing rate"},
			{Name: "midpoint", Default: 6, Lo: -100, Hi: 100, Unit: "mV", Meaning: "potential of half the rise"},
			{Name: "r", Default: 0.56, Lo: 0, Hi: 10, Unit: "1/mV", Meaning: "steepness"},
		},
		SourceSymbols: []string{"y1", "y2"},
		Signal:        "s = cmin + (cmax - cmin)*sigmoid(r*(y1 - y2 - midpoint))",
		Post:          "c = G*s",
		Channels:      []string{"c"},
		source:        []string{y1, y2},
	}
}
