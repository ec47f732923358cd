package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
	"github.com/neurograd/neurograd/space"
	"github.com/neurograd/neurograd/sweep"
)

// answer is what both sides say of a run.
type answer struct {
	Seconds float64 `json:"seconds"`
	Value   float64 `json:"value"`
}

// serve is our counterpart of peer.py: a process that runs one workload, line by line.
func serve(in io.Reader, out io.Writer) error {
	lines, answers := bufio.NewReader(in), json.NewEncoder(out)
	var w workload
	job, err := lines.ReadBytes('\n')
	if err != nil {
		return err
	}
	if err := json.Unmarshal(job, &w); err != nil {
		return err
	}
	sim, err := w.prepare()
	if err != nil {
		return err
	}
	for first := true; ; first = false {
		if !first {
			if _, err := lines.ReadString('\n'); err != nil {
				return nil // the parent has all it wants
			}
			if w.Draw { // a simulation that has not drawn its noise
				if sim, err = w.prepare(); err != nil {
					return err
				}
			}
		}
		began := time.Now()
		value, err := w.run(sim)
		if err != nil {
			return err
		}
		if err := answers.Encode(answer{time.Since(began).Seconds(), value()}); err != nil {
			return err
		}
	}
}

func (w workload) prepare() (*network.Simulation, error) {
	g := graph.FromDense(w.Weights)
	if w.Speed > 0 {
		g = g.WithLengths(w.Lengths).Speed(w.Speed)
	}
	net := network.Network{
		Dynamics: models.ReducedWongWang().With(param.Set{"w": w.W, "I_o": w.IO}).Initial(param.Set{"S": w.Start}),
		Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": w.G})},
		Graph:    g,
		Noise:    noise.Additive{Sigma: w.Sigma, States: []string{"S"}},
	}
	var method solver.Solver = solver.Heun{}
	if w.Bounded {
		method = solver.Bounded{Solver: method, Low: []float64{0}, High: []float64{1}}
	}
	return network.Prepare(net, method, network.Grid{End: w.End, Step: w.Step}, network.Options{Seed: 42})
}

// run does the work that is timed. What it returns gives a number of the result, outside of the time.
func (w workload) run(sim *network.Simulation) (func() float64, error) {
	ctx, p := context.Background(), sim.Params()
	loss := observe.Last(500).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
	switch w.Kind {
	case forward:
		r, err := sim.Run(ctx, p)
		return func() float64 { return meanOfLast(r, 500) }, err
	case gradient:
		p.Regional("dynamics.J_N").Free("dynamics.J_N")
		if w.FreeG {
			p.Free("coupling.delayed.G")
		}
		_, slopes, err := sim.GradientByPath(ctx, p, loss)
		return func() float64 { return norm(slopes["dynamics.J_N"]) }, err
	case explore:
		points := space.Product(space.Axis("coupling.delayed.G", space.Grid(0, 1, w.Grid[0])), space.Axis("dynamics.J_N", space.Grid(0, 0.5, w.Grid[1])))
		means := []sweep.Observation{{Name: "mean", Of: observe.Last(500).Mean(observe.OverAll)}}
		table, err := sweep.Run(ctx, sim, p, points, means, sweep.Options{})
		return func() float64 { return meanOfColumn(table, "mean") }, err
	case fitForward, fitReverse:
		mode := optim.Forward
		if w.Kind == fitReverse {
			mode = optim.Adjoint
			p.Regional("dynamics.J_N")
		}
		r, err := optim.Fit(ctx, sim, loss, p.Free("dynamics.J_N"), optim.Adam{Rate: 0.005}, optim.Options{Steps: 50, Mode: mode})
		return func() float64 {
			v, err := sim.Value(ctx, r.Params, loss)
			if err != nil {
				return math.NaN()
			}
			return v
		}, err
	}
	return nil, fmt.Errorf("peers: a workload of kind %q", w.Kind)
}

func meanOfLast(r *network.Result, samples int) float64 {
	sum, n := 0.0, 0
	for _, row := range r.Data[len(r.Data)-samples:] {
		for _, x := range row[0] {
			sum, n = sum+x, n+1
		}
	}
	return sum / float64(n)
}

func meanOfColumn(t *sweep.Table, column string) float64 {
	values, err := t.Floats(column)
	if err != nil {
		return math.NaN()
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func norm(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum = math.FMA(v, v, sum)
	}
	return math.Sqrt(sum)
}
