// Package selfcheck holds runs and gradients that must have the same bits on every platform, with the hashes of
// those bits. Tests and the command's doctor compare them with what this machine computes.
package selfcheck

import (
	"context"
	"hash/fnv"
	"math"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// Case is a network on the example connectome, and the committed hashes of a run of [Steps] steps and of the
// gradient of a loss.
type Case struct {
	Name          string
	Network       network.Network
	Solver        solver.Solver
	Step          float64 // ms
	Run, Gradient uint64
}

// Steps is how long the hashed runs are.
const Steps = 200

// Cases lists them: without and with delays, of one and of several states, by two solvers.
func Cases() []Case {
	conn := graph.Example().NormalizeMax()
	wongWang := network.Network{
		Dynamics: models.ReducedWongWang().With(param.Set{"w": 0.5, "I_o": 0.32}).Initial(param.Set{"S": 0.3}),
		Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.3})},
		Graph:    conn,
		Noise:    noise.Additive{Sigma: 0.002},
	}
	delayed := wongWang
	delayed.Graph = conn.Speed(3)
	jansenRit := network.Network{
		Dynamics: models.JansenRit(),
		Coupling: coupling.Set{"delayed": coupling.SigmoidalJansenRit("y1", "y2").With(param.Set{"G": 10})},
		Graph:    conn.Speed(3),
		Noise:    noise.Additive{Sigma: 0.001, States: []string{"y4"}},
	}
	return []Case{
		{"ReducedWongWang Heun", wongWang, solver.Heun{}, 4, 0x2abd5f992efeb454, 0xaeb7a3c210f921e5},
		{"ReducedWongWang Heun, delays", delayed, solver.Heun{}, 4, 0x7bdecfbc79a1ef32, 0xbefe1288384f8aad},
		{"JansenRit RK4, delays", jansenRit, solver.RK4{}, 1, 0x2f2ba06bd53fa6a4, 0x49314ae44ab428e5},
	}
}

// Prepare is the simulation of that many steps.
func (c Case) Prepare(steps int) (*network.Simulation, error) {
	return network.Prepare(c.Network, c.Solver, network.Grid{End: float64(steps) * c.Step, Step: c.Step}, network.Options{Seed: 42})
}

// Free frees the parameters of a simulation that the hashed gradient is taken with respect to.
func Free(s *network.Simulation) *param.Tree {
	return s.Params().Free("dynamics.*", "coupling.*", "graph.weights", "initial_state.*", "noise.sigma")
}

// Compute is what this machine's hashes of run and gradient are.
func (c Case) Compute(ctx context.Context) (run, gradient uint64, err error) {
	s, err := c.Prepare(Steps)
	if err != nil {
		return 0, 0, err
	}
	p := Free(s)
	r, err := s.Run(ctx, p)
	if err != nil {
		return 0, 0, err
	}
	var samples [][]float64
	for _, row := range r.Data {
		samples = append(samples, row...)
	}
	_, g, err := s.Gradient(ctx, p, Loss{})
	if err != nil {
		return 0, 0, err
	}
	return Hash(samples...), Hash(g), nil
}

// Hash is FNV-1a over the bits of the numbers, one list after the other.
func Hash(values ...[]float64) uint64 {
	h := fnv.New64a()
	var b [8]byte
	for _, list := range values {
		for _, v := range list {
			u := math.Float64bits(v)
			for k := range b {
				b[k] = byte(u >> (8 * k))
			}
			h.Write(b[:])
		}
	}
	return h.Sum64()
}
