package network_test

import (
	"errors"
	"math"
	"testing"

	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// unbent is a transform without second derivatives, a user's own.
type unbent struct{ param.Log }

func (unbent) PullbackTangent() {}

// doubled is a stage without second derivatives, a user's own.
type doubled struct{}

func (doubled) Shape(in []int) ([]int, error)                      { return in, nil }
func (doubled) Forward(in, out observe.Array) error                { return scale(in.Data, out.Data) }
func (doubled) VJP(_, _ observe.Array, cot, cotIn []float64) error { return scale(cot, cotIn) }
func (doubled) JVP(_, _ observe.Array, tan []float64, _ int, tanOut []float64) error {
	return scale(tan, tanOut)
}
func (doubled) String() string { return "doubled" }

func scale(from, to []float64) error {
	for k, x := range from {
		to[k] = 2 * x
	}
	return nil
}

func TestHessianErrors(t *testing.T) {
	native := observe.Last(5).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
	windowed := sound()
	windowed.opts.GradientWindow = 4
	little := sound()
	little.grid.End, little.opts.Memory = 20000, 2000
	cases := []struct {
		name      string
		setup     setup
		loss      network.Objective
		change    func(p *param.Tree)
		direction []float64
		wants     []string
	}{
		{"nothing free", sound(), native, func(p *param.Tree) { p.Fix("*") }, nil, []string{"no parameter is free"}},
		{"misspelt", sound(), native, func(p *param.Tree) { p.Free("dynamics.J_n") }, nil, []string{"did you mean"}},
		{"too short", sound(), native, nil, []float64{1}, []string{"a direction has 1 numbers, the free vector 2"}},
		{"not finite", sound(), native, nil, []float64{1, math.NaN()}, []string{"the direction is NaN for dynamics.J_N"}},
		{"no loss", sound(), nil, nil, []float64{1, 2}, []string{"no loss"}},
		{"first order", sound(), rateLoss{5, 0.5}, nil, []float64{1, 2}, []string{"network_test.rateLoss has no second derivatives", "observe", "PushPull"}},
		{"own stage", sound(), observe.Last(5).Then(doubled{}).Then(observe.SquaredError(0.5)), nil, []float64{1, 2}, []string{`stage 1 of "last 5 samples, doubled, squared error to 0.5" has no second derivatives`, "observe.SquaredError"}},
		{"own transform", sound(), native, func(p *param.Tree) { p.Transform("dynamics.w", unbent{}) }, []float64{1, 2}, []string{`"dynamics.w": transform log has no second derivatives`}},
		{"window", windowed, native, nil, []float64{1, 2}, []string{"GradientWindow 4", "without a window"}},
		{"long window", sound(), observe.Last(500).Then(observe.SquaredError(1)), nil, []float64{1, 2}, []string{"Last(500)"}},
		{"memory", little, native, nil, []float64{1, 2}, []string{"Options.Memory"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			sim, err := c.setup.prepare()
			if err != nil {
				t.Fatal(err)
			}
			p := sim.Params().Free("dynamics.J_N", "dynamics.w")
			if c.change != nil {
				c.change(p)
			}
			checkMessage(t, guarded(t, func() error {
				_, _, _, err := sim.HessianVector(t.Context(), p, c.loss, c.direction)
				return err
			}), c.wants...)
		})
	}
	sim, err := sound().prepare()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*param.Tree{nil, sim.Params()} {
		_, _, _, err := sim.Hessian(t.Context(), p, native)
		checkMessage(t, err, "parameter")
	}
}

// TestTangentDiverges holds that a tangent that outgrows all numbers, as in a chaotic run whose states stay
// finite, is reported with its state and time.
func TestTangentDiverges(t *testing.T) {
	m := own("dv/dt = 2.9*v*(1 - v)\ndw/dt = 0") // with steps of 1 ms the logistic map
	sim := prepare(t, network.Network{Dynamics: m.Initial(param.Set{"v": 0.3}), Graph: graph.FromDense([][]float64{{0}})},
		solver.Euler{}, network.Grid{End: 4000, Step: 1}, network.Options{})
	p := sim.Params().Free("initial_state.v")
	if _, err := sim.Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	_, _, _, err := sim.HessianVector(t.Context(), p, observe.Last(1).Then(observe.SquaredError(0)), []float64{1})
	var d *network.DivergenceError
	if !errors.As(err, &d) || d.State != "the tangent of v" || d.Time < 500 || d.Time > 4000 {
		t.Errorf("error %v", err)
	}
	checkMessage(t, err, "the tangent of v of")
}
