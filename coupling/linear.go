package coupling

import "github.com/neurograd/neurograd/param"

// Linear sends states as they are, one channel each, and scales the sums:
//
//	c_i = G·Σ_j W_ij·x_j(t − τ_ij) + b
func Linear(states ...string) Coupling {
	c := Coupling{
		Name: "Linear",
		Params: []param.Spec{
			{Name: "G", Default: 1, Lo: 0, Hi: 10, Meaning: "global coupling"},
			{Name: "b", Default: 0, Meaning: "offset"},
		},
		source: states,
	}
	for k := range states {
		x, s, out := numbered("x", k, len(states)), numbered("s", k, len(states)), numbered("c", k, len(states))
		c.SourceSymbols = append(c.SourceSymbols, x)
		c.Channels = append(c.Channels, out)
		c.Signal += s + " = " + x + "\n"
		c.Post += out + " = G*" + s + " + b\n"
	}
	return c
}
