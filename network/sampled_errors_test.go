package network_test

import (
	"math"
	"testing"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/stimulus"
)

// hasty is a method that evaluates its stage at twice the time.
type hasty struct{ solver.Euler }

func (d hasty) Step(s solver.Step) []ad.Expr {
	s.T = s.T.Add(s.T)
	return d.Euler.Step(s)
}

// TestSampledErrors holds that samples which are not what they should be are refused, when preparing and in a
// run with other parameters.
func TestSampledErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	sampledNetwork := func() setup {
		s := sound()
		s.Dynamics, s.Noise = models.Generic2dOscillator(), noise.Additive{}
		s.Coupling = coupling.Set{"delayed": coupling.Linear("V")}
		s.Stimulus = stimulus.Set{"stimulus": stimulus.Sampled(stimulus.Samples{Data: []float64{1, 2, 3}, Interval: 10})}
		return s
	}
	sampled := func(change func(x *stimulus.Samples)) func(s *setup) {
		x := stimulus.Samples{Data: []float64{1, 2, 3}, Interval: 10}
		change(&x)
		return func(s *setup) { s.Stimulus = stimulus.Set{"stimulus": stimulus.Sampled(x)} }
	}
	data := func(data any) func(s *setup) { return sampled(func(x *stimulus.Samples) { x.Data = data }) }
	times := func(times ...float64) func(s *setup) {
		return sampled(func(x *stimulus.Samples) { x.Times, x.Interval = times, 0 })
	}
	cases := []struct {
		name   string
		change func(s *setup)
		wants  []string
	}{
		{"no data", data(nil), []string{`"stimulus"`, "[]float64"}},
		{"text", data("1 2 3"), []string{"string", "[][]float64"}},
		{"no samples", data([]float64{}), []string{"no numbers"}},
		{"no samples of channels", data([][][]float64{}), []string{"no numbers"}},
		{"no channels", data([][][]float64{{}}), []string{"channels"}},
		{"regions", data([][]float64{{1, 2, 3}, {1, 2, 3}, {1, 2, 3}}), []string{"[3 3]", "regions, 2"}},
		{"rows", data([][]float64{{1, 2}, {1}, {1, 2}}), []string{"row 1"}},
		{"rows of channels", data([][][]float64{{{1, 2}}, {{1}}, {{1, 2}}}), []string{"sample 1", "1 regions", "of 2"}},
		{"uneven channels", data([][][]float64{{{1, 2}}, {}, {{1, 2}}}), []string{"sample 1", "no channels"}},
		{"two channels", data([][][]float64{{{1}, {1}}, {{1}, {1}}, {{1}, {1}}}), []string{"2 channels", "takes 1"}},
		{"NaN", data([]float64{1, nan, 3}), []string{"data[1] is NaN"}},
		{"NaN in a channel", data([][][]float64{{{1, 2}}, {{1, nan}}, {{1, 2}}}), []string{"data[1][0][1] is NaN"}},
		{"infinity", data([][]float64{{1}, {inf}, {1}}), []string{"data[1][0] is +Inf"}},
		{"too few times", times(0, 1), []string{"2 times for 3 samples"}},
		{"times out of order", times(0, 5, 4), []string{"sample 2 is at 4 ms", "5 ms"}},
		{"equal times", times(0, 5, 5), []string{"sample 2 is at 5 ms", "increase"}},
		{"NaN time", times(0, nan, 5), []string{"sample 1 is at NaN ms"}},
		{"infinite time", times(0, 5, inf), []string{"sample 2 is at +Inf ms"}},
		{"no interval", sampled(func(x *stimulus.Samples) { x.Interval = 0 }), []string{"0 ms apart", "Times"}},
		{"negative interval", sampled(func(x *stimulus.Samples) { x.Interval = -1 }), []string{"-1 ms apart"}},
		{"NaN interval", sampled(func(x *stimulus.Samples) { x.Interval = nan }), []string{"NaN ms apart"}},
		{"interval lost in the start", sampled(func(x *stimulus.Samples) { x.Start, x.Interval = 1e18, 1 }), []string{"increase"}},
		{"infinite start", sampled(func(x *stimulus.Samples) { x.Start = inf }), []string{"start at +Inf ms"}},
		{"times and interval", sampled(func(x *stimulus.Samples) { x.Times = []float64{1, 2, 3} }), []string{"both Times"}},
		{"interpolation", sampled(func(x *stimulus.Samples) { x.Between = 4 }), []string{"Between is 4", "Cubic"}},
		{"extension", sampled(func(x *stimulus.Samples) { x.Outside = -1 }), []string{"Outside -1", "stimulus.Hold"}},
		{"no symbols", func(s *setup) {
			s.Stimulus = stimulus.Set{"stimulus": {Equations: "u = s", Channels: []string{"u"}, Samples: &stimulus.Samples{Data: []float64{1}}}}
		}, []string{"1 channels", "Symbols names 0"}},
		{"a parameter called data", func(s *setup) {
			x := s.Stimulus["stimulus"]
			x.Params = []param.Spec{{Name: "data"}}
			s.Stimulus["stimulus"] = x
		}, []string{"external.stimulus.data", "twice"}},
		{"solver with times of its own", func(s *setup) { s.method = hasty{} }, []string{"t + t", "plus a constant"}},
		{"normals without noise", func(s *setup) { s.opts.Normals = make([]float64, 40) }, []string{"40 numbers", "wants 0"}},
		{"NaN normal", func(s *setup) {
			s.Noise = noise.Additive{Sigma: 0.1, States: []string{"W"}}
			s.opts.Normals = make([]float64, 40)
			s.opts.Normals[33] = nan
		}, []string{"noise.normals[16][0][1] is NaN"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := sampledNetwork()
			c.change(&s)
			checkMessage(t, guarded(t, func() error { _, err := s.prepare(); return err }), c.wants...)
		})
	}
	prepared := func(change func(s *setup)) *network.Simulation {
		s := sampledNetwork()
		change(&s)
		sim, err := s.prepare()
		if err != nil {
			t.Fatal(err)
		}
		return sim
	}
	sim, more := prepared(func(*setup) {}), prepared(data([]float64{1, 2, 3, 4}))
	_, err := sim.Run(t.Context(), more.Params())
	checkMessage(t, err, "external.stimulus.data", "[4]", "[3]")
	_, err = sim.Run(t.Context(), sim.Params().Set("external.stimulus.data", 1, 2))
	checkMessage(t, err, "external.stimulus.data", "2 values", "3 values")
}
