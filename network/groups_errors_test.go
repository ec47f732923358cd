package network_test

import (
	"context"
	"errors"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/param"
)

// soundGroups is two groups of two regions with a route each way.
func soundGroups() setup {
	s := sound()
	four := [][]float64{{0, 1, 2, 0}, {1, 0, 1, 1}, {0, 1, 0, 1}, {1, 1, 1, 0}}
	s.Network = network.Network{
		Graph: graph.FromDense(four).WithLengths(four).Speed(1),
		Groups: []network.Group{
			{Name: "cortex", Regions: []string{"R01", "R02"}, Dynamics: models.ReducedWongWang()},
			{Name: "thalamus", Regions: []string{"R03", "R04"}, Dynamics: models.Generic2dOscillator()},
		},
		Routes: []network.Route{
			{From: "cortex", To: "thalamus", Coupling: coupling.Linear("S").Into("delayed")},
			{From: "thalamus", To: "cortex", Coupling: coupling.Linear("V").Into("delayed")},
		},
	}
	return s
}

func TestGroupErrors(t *testing.T) {
	if _, err := soundGroups().prepare(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		spoil func(s *setup)
		wants []string
	}{
		"model beside groups": {func(s *setup) { s.Dynamics = models.JansenRit() }, []string{"both Groups and", "Routes"}},
		"routes alone":        {func(s *setup) { s.Groups = nil }, []string{"Routes without Groups"}},
		"no name":             {func(s *setup) { s.Groups[0].Name = "" }, []string{`"" cannot name a group`}},
		"dotted name":         {func(s *setup) { s.Groups[0].Name = "a.b" }, []string{`"a.b" cannot name a group`}},
		"same name":           {func(s *setup) { s.Groups[1].Name = "cortex" }, []string{`two groups are named "cortex"`}},
		"no regions":          {func(s *setup) { s.Groups[0].Regions = nil }, []string{`"cortex" has no regions`, "R01"}},
		"unknown region":      {func(s *setup) { s.Groups[0].Regions[1] = "R2" }, []string{`"R2"`, `did you mean "R02"`}},
		"region twice":        {func(s *setup) { s.Groups[1].Regions[0] = "R01" }, []string{`"R01" is in group "cortex" and again in "thalamus"`}},
		"region left out":     {func(s *setup) { s.Groups[1].Regions = s.Groups[1].Regions[:1] }, []string{`"R04" is in no group`}},
		"no model":            {func(s *setup) { s.Groups[1].Dynamics = models.Model{} }, []string{`group "thalamus" has no model`}},
		"unknown group":       {func(s *setup) { s.Routes[0].To = "talamus" }, []string{`"talamus"`, `did you mean "thalamus"`}},
		"same route":          {func(s *setup) { s.Routes = append(s.Routes, s.Routes[0]) }, []string{`two routes are named "cortex_thalamus"`}},
		"bad route name":      {func(s *setup) { s.Routes[0].Name = "a:b" }, []string{`"a:b" cannot name a coupling`}},
		"no input":            {func(s *setup) { s.Routes[0].Coupling = coupling.Linear("S") }, []string{`no coupling input "cortex_thalamus"`, "Into"}},
		"state of the sender": {func(s *setup) { s.Routes[0].Coupling = coupling.Linear("V").Into("delayed") }, []string{`state "V"`, "ReducedWongWang"}},
		"state of the receiver": {func(s *setup) { s.Routes[0].Coupling = coupling.Difference("S").Into("delayed") },
			[]string{`state "S"`, "Generic2dOscillator"}},
		"regional on both sides": {func(s *setup) {
			both := coupling.Linear("S").Into("delayed").With(param.Set{"G": []float64{1, 2}})
			both.Signal = "s = G*x"
			s.Routes[0].Coupling = both
		}, []string{"coupling.cortex_thalamus.G has shape [2]", "one number"}},
		"regional of the other": {func(s *setup) {
			s.Routes[0].Coupling = s.Routes[0].Coupling.With(param.Set{"G": []float64{1, 2, 3, 4}})
		}, []string{"coupling.cortex_thalamus.G", "[2]"}},
		"one history": {func(s *setup) { s.Groups[0].History = [][][]float64{{{0.1, 0.1}}} }, []string{"one has a history and one has none"}},
		"histories of other lengths": {func(s *setup) {
			s.Groups[0].History = [][][]float64{{{0.1, 0.1}}}
			s.Groups[1].History = [][][]float64{{{0.1, 0.1}, {0, 0}}, {{0.1, 0.1}, {0, 0}}}
		}, []string{"2 rows", "1"}},
		"history of the graph": {func(s *setup) {
			s.Groups[0].History = [][][]float64{{{0.1, 0.1, 0.1, 0.1}}}
			s.Groups[1].History = [][][]float64{{{0.1, 0.1}, {0, 0}}}
		}, []string{"4 regions for S", "group has 2"}},
		"noise":               {func(s *setup) { s.Groups[1].Noise = noise.Additive{Sigma: 1, States: []string{"S"}} }, []string{`"S"`, "Generic2dOscillator"}},
		"unknown record":      {func(s *setup) { s.opts.Record = []string{"T"} }, []string{`cannot record "T"`, "no group's model"}},
		"rule's text":         {func(s *setup) { s.ruled(coupling.Weights{Expression: "W*"}) }, []string{"weights of coupling", "W*"}},
		"rule's name":         {func(s *setup) { s.ruled(coupling.Weights{Expression: "W*lenght"}) }, []string{"lenght", "length"}},
		"rule without self":   {func(s *setup) { s.ruled(coupling.Laplacian()) }, []string{"self", "R03"}},
		"rule's parameter":    {func(s *setup) { s.Routes[0].Coupling = s.Routes[0].Coupling.With(param.Set{"w": 2}) }, []string{`no parameter "w"`}},
		"rule gives infinity": {func(s *setup) { s.ruled(coupling.Weights{Expression: "1/W"}) }, []string{"+Inf", "from R"}},
		"rule per region": {func(s *setup) {
			s.ruled(coupling.Gains())
			s.Routes[0].Coupling = s.Routes[0].Coupling.With(param.Set{"w": []float64{1, 2}})
		}, []string{"coupling.cortex_thalamus.w", "one per edge [4 4]"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := soundGroups()
			c.spoil(&s)
			err := guarded(t, func() error { _, err := s.prepare(); return err })
			checkMessage(t, err, c.wants...)
		})
	}
}

// ruled gives the first route weights by a rule.
func (s *setup) ruled(rule coupling.Weights) {
	s.Routes[0].Coupling = s.Routes[0].Coupling.Weighted(rule)
}

// TestGroupDivergence checks that the region of a group is named by its own label.
func TestGroupDivergence(t *testing.T) {
	s := soundGroups()
	s.Groups[1].Dynamics = models.Generic2dOscillator().Initial(param.Set{"V": []float64{0.1, 1e110}})
	sim, err := s.prepare()
	if err != nil {
		t.Fatal(err)
	}
	_, err = sim.Run(context.Background(), sim.Params())
	var d *network.DivergenceError
	if !errors.As(err, &d) || d.Region != "R04" || d.State != "V" || d.Node != 3 || d.Expression == "" {
		t.Errorf("%v; want V of R04 with its expression", err)
	}
}

// TestLossOnAbsent checks that a loss on what a group does not have is an error, and one on the group not.
func TestLossOnAbsent(t *testing.T) {
	ctx, s := context.Background(), soundGroups()
	sim, err := s.prepare()
	if err != nil {
		t.Fatal(err)
	}
	p := sim.Params().Free("groups.cortex.dynamics.J_N")
	blind := observe.Last(5).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
	_, _, err = sim.Gradient(ctx, p, blind)
	checkMessage(t, err, "the loss is NaN", "sim.Nodes")
	_, _, err = sim.TangentGradient(ctx, p, blind)
	checkMessage(t, err, "the loss is NaN")
	_, err = sim.Value(ctx, p, blind)
	checkMessage(t, err, "the loss is NaN")
	seeing := observe.Last(5).Variable(0).Nodes(sim.Nodes("cortex")...).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
	if _, g, err := sim.Gradient(ctx, p, seeing); err != nil || !(g[0] != 0) {
		t.Errorf("gradient %v, %v", g, err)
	}
}
