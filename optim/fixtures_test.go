package optim

import (
	"context"
	"fmt"
	"testing"

	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/param"
)

// bowl stands in for a simulation: its loss is Σ_i (θ_i − 1)², whatever objective is given. at, if set, may
// replace what is computed at a call (counted from 0).
type bowl struct {
	modes *[]Mode // of each call
	at    func(call int, loss float64, grad []float64) (float64, []float64, error)
}

func newBowl() bowl { return bowl{modes: new([]Mode)} }

func (b bowl) compute(m Mode, p *param.Tree) (float64, []float64, error) {
	*b.modes = append(*b.modes, m)
	loss, grad := 0.0, []float64{}
	for _, v := range p.Theta() {
		loss += (v - 1) * (v - 1)
		grad = append(grad, 2*(v-1))
	}
	if b.at == nil {
		return loss, grad, nil
	}
	return b.at(len(*b.modes)-1, loss, grad)
}

func (b bowl) Gradient(_ context.Context, p *param.Tree, _ network.Objective) (float64, []float64, error) {
	return b.compute(Adjoint, p)
}

func (b bowl) TangentGradient(_ context.Context, p *param.Tree, _ network.Objective) (float64, []float64, error) {
	return b.compute(Forward, p)
}

var anyLoss = observe.All().Mean(observe.OverAll)

// tree has n free values 0, by the path dynamics.J_N, and a fixed one.
func tree(t testing.TB, n int) *param.Tree {
	t.Helper()
	p, err := param.New(
		param.Leaf{Path: "coupling.delayed.G", Value: []float64{0.75}},
		param.Leaf{Path: "dynamics.J_N", Shape: []int{n}, Value: make([]float64, n), Regions: n, Free: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// recorder is a callback that notes what it is told, and stops or fails where asked to.
type recorder struct {
	log    []string
	events []Event
	thetas [][]float64
	end    *Result
	step   func(e *Event) error
	begin  error
	finish error
}

func (r *recorder) Begin(p Plan) error {
	r.log = append(r.log, "begin "+p.String())
	return r.begin
}

func (r *recorder) Step(e *Event) error {
	r.log = append(r.log, fmt.Sprintf("step %d/%d", e.Step, e.Steps))
	r.events = append(r.events, *e)
	r.thetas = append(r.thetas, e.Params().Theta())
	if r.step == nil {
		return nil
	}
	return r.step(e)
}

func (r *recorder) End(result *Result) error {
	r.log = append(r.log, "end "+result.Why)
	r.end = result
	return r.finish
}

// jumpy is an optimiser that visits given values, all entries alike.
type jumpy []float64

func (jumpy) String() string             { return "jumpy" }
func (j jumpy) Start(int) (State, error) { return &jumping{to: j}, nil }

type jumping struct {
	to   []float64
	next int
}

func (j *jumping) Step(at Point) error {
	if j.next == len(j.to) {
		return fmt.Errorf("no more jumps")
	}
	for i := range at.Theta {
		at.Theta[i] = j.to[j.next]
	}
	j.next++
	return nil
}
