package coupling

import "github.com/neurograd/neurograd/param"

// Weights is a rule by which the weights of a coupling follow from those of the graph. It is evaluated once
// per run, for every edge, and differentiated with respect to all that it reads.
type Weights struct {
	// Params are parameters of the rule, one number or one per edge; they are set and named like those of
	// the coupling.
	Params []param.Spec
	// Expression is the weight of the edge from j to i, in terms of the parameters, of W (the weight W_ij of
	// the graph), length (mm, if the graph has lengths), strength (Σ_j W_ij over the coupling's edges) and
	// self (1 for the edge of a node to itself, else 0).
	Expression string
}

// Gains multiplies every weight by a parameter: w·W_ij, w = 1 unless it is set.
func Gains() Weights {
	return Weights{Params: []param.Spec{{Name: "w", Default: 1, Meaning: "factor of the weight"}}, Expression: "w*W"}
}

// LogGains multiplies every weight by the exponential of a parameter, so that it keeps its sign:
// exp(g)·W_ij, g = 0 unless it is set.
func LogGains() Weights {
	return Weights{Params: []param.Spec{{Name: "g", Default: 0, Meaning: "logarithm of the factor of the weight"}}, Expression: "exp(g)*W"}
}

// RowNormalized divides the weights by their sum at the receiver: W_ij / Σ_k W_ik, and 0 where that is 0.
func RowNormalized() Weights {
	return Weights{Expression: "where(strength == 0, 0, W/strength)"}
}

// Laplacian is the graph Laplacian δ_ij·Σ_k W_ik − W_ij. It needs every node's edge to itself, which a
// dense graph has.
func Laplacian() Weights {
	return Weights{Expression: "self*strength - W"}
}

// Weighted returns the coupling with weights that follow from those of the graph by a rule.
func (c Coupling) Weighted(w Weights) Coupling { c.weights = w; return c }

// Weights is the rule given by Weighted; its Expression is "" for the weights of the graph.
func (c Coupling) Weights() Weights { return c.weights }
