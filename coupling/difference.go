package coupling

import "github.com/neurograd/neurograd/param"

// Difference couples by the difference to the receiver's own present state, diffusively:
//
//	c_i = G·Σ_j W_ij·(x_j(t − τ_ij) − x_i(t))
func Difference(state string) Coupling {
	return Coupling{
		Name:          "Difference",
		Params:        []param.Spec{{Name: "G", Default: 1, Lo: 0, Hi: 10, Meaning: "global coupling"}},
		SourceSymbols: []string{"x"},
		LocalSymbols:  []string{"x_i"},
		Signal:        "s = x",
		Post:          "c = G*(s - x_i*strength)",
		Channels:      []string{"c"},
		source:        []string{state},
	}
}
