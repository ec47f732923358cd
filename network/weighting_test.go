package network_test

import (
	"context"
	"math"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// weightRules are rules of all kinds for graphs in which weights are 0: RowNormalized jumps where all weights
// of a node are.
func weightRules() []coupling.Weights {
	return []coupling.Weights{coupling.Gains(), coupling.LogGains(),
		{Expression: "W*s/(1 + strength) + q*W^2", Params: []param.Spec{{Name: "s", Default: 1}, {Name: "q", Default: 0.1}}}}
}

// TestWeightRuleDerivatives compares adjoint, tangents and differences, and products with the Hessian, for every rule in networks of one
// group, delays and lengths free, too.
func TestWeightRuleDerivatives(t *testing.T) {
	var w worst
	var second worstHessian
	rules := append(weightRules(), coupling.RowNormalized(), coupling.Laplacian(),
		coupling.Weights{Expression: "where(self, 0, exp(-0.01*length)*W/strength)"})
	for i, rule := range rules {
		for _, kind := range []string{"Linear", "Message"} {
			ruled := func() *derivativeCase {
				c := newCase(2+6*i, models.ReducedWongWang(), kind, solver.Heun{}, true) // dense, linear reads, lengths
				send := c.net.Coupling["delayed"].Weighted(rule)
				c.net.Coupling = coupling.Set{"delayed": send, "instant": coupling.Difference("S").With(param.Set{"G": 0.05}).Weighted(rule)}
				return c
			}
			t.Run(rule.Expression+"/"+kind, func(t *testing.T) {
				ruled().check(t, &w)
				ruled().checkHessian(t, &second)
			})
		}
	}
	t.Logf("adjoint = tangents within %.1e, differences within %.1e, of the gradient within %.1e", w.pair, w.difference, second.difference)
}

// TestWeightRules compares couplings whose weights follow a rule with couplings on graphs whose weights were
// computed beforehand.
func TestWeightRules(t *testing.T) {
	ctx := context.Background()
	weights := [][]float64{{0.5, 1, 0.2}, {0.3, 0, 0}, {2, 0.7, 0.1}}
	lengths := [][]float64{{0, 10, 30}, {10, 0, 20}, {30, 20, 0}}
	strength := []float64{1.7, 0.3, 2.8}
	gain := [][]float64{{1, 2, 3}, {4, 5, 6}, {-1, 0.5, 0.25}}
	decay := coupling.Weights{Params: []param.Spec{{Name: "lambda", Default: 15}}, Expression: "W*exp(-length/lambda)"}
	for _, c := range []struct {
		name string
		rule coupling.Weights
		set  param.Set
		want func(i, j int) float64
	}{
		{"gains", coupling.Gains(), param.Set{"w": gain}, func(i, j int) float64 { return gain[i][j] * weights[i][j] }},
		{"log gains", coupling.LogGains(), param.Set{"g": gain}, func(i, j int) float64 { return math.Exp(gain[i][j]) * weights[i][j] }},
		{"row normalized", coupling.RowNormalized(), nil, func(i, j int) float64 { return weights[i][j] / strength[i] }},
		{"laplacian", coupling.Laplacian(), nil, func(i, j int) float64 {
			if i == j {
				return strength[i] - weights[i][j]
			}
			return -weights[i][j]
		}},
		{"decay", decay, nil, func(i, j int) float64 { return weights[i][j] * math.Exp(-lengths[i][j]/15) }},
	} {
		run := func(g *graph.Graph, send coupling.Coupling) *network.Result {
			net := network.Network{Dynamics: models.ReducedWongWang(), Graph: g.WithLengths(lengths).Speed(5), Coupling: coupling.Set{"delayed": send.With(param.Set{"G": 0.1})}}
			sim, err := network.Prepare(net, solver.Heun{}, network.Grid{End: 40, Step: 2}, network.Options{})
			if err != nil {
				t.Fatal(c.name, err)
			}
			res, err := sim.Run(ctx, sim.Params())
			if err != nil {
				t.Fatal(c.name, err)
			}
			return res
		}
		computed := make([][]float64, 3)
		for i := range computed {
			for j := range 3 {
				computed[i] = append(computed[i], c.want(i, j))
			}
		}
		got := run(graph.FromDense(weights), coupling.Linear("S").Weighted(c.rule).With(c.set))
		want := run(graph.FromDense(computed), coupling.Linear("S"))
		for n, row := range want.Data {
			for i, x := range row[0] {
				if math.Abs(got.Data[n][0][i]-x) > 1e-14 {
					t.Fatalf("%s, step %d, region %d: %v by the rule, %v by weights computed before", c.name, n, i, got.Data[n][0][i], x)
				}
			}
		}
	}
}

// TestWeightsByLength frees the lengths of a graph that has no speed, hence no delays: only the weights' rule
// reads them.
func TestWeightsByLength(t *testing.T) {
	var w worst
	var second worstHessian
	byLength := func() *derivativeCase {
		c := newCase(2, models.ReducedWongWang(), "Linear", solver.Heun{}, false)
		weights, lengths := make([][]float64, c.nodes), make([][]float64, c.nodes)
		for i := range c.nodes {
			weights[i], lengths[i] = c.regions(0.4, 0.2), c.regions(20, 10)
		}
		c.net.Graph, c.linear = graph.FromDense(weights).WithLengths(lengths), true
		rule := coupling.Weights{Params: []param.Spec{{Name: "lambda", Default: 15}}, Expression: "W*exp(-length/lambda)"}
		c.net.Coupling = coupling.Set{"delayed": coupling.Linear("S").Weighted(rule).With(param.Set{"G": 0.3})}
		return c
	}
	byLength().check(t, &w)
	byLength().checkHessian(t, &second)
}
