package coupling_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// The couplings are tested where they work: in a network whose model has the states p and q that are
// sent, the receiver's own state l, and one state per channel of the input that grows by what arrives.
// All but the latter stand still, so one step of length h gives h times the coupling.
func receiver(channels int) models.Model {
	m := models.Model{Name: "receiver", Inputs: []models.Input{{Name: "in"}}, Equations: "dp/dt = 0; dq/dt = 0; dl/dt = 0\n"}
	for _, s := range []string{"p", "q", "l"} {
		m.States = append(m.States, models.State{Name: s})
	}
	for k := range channels {
		m.States = append(m.States, models.State{Name: fmt.Sprint("x", k)})
		m.Inputs[0].Symbols = append(m.Inputs[0].Symbols, fmt.Sprint("c", k))
		m.Equations += fmt.Sprintf("dx%d/dt = c%d\n", k, k)
	}
	return m
}

// byClass are the couplings under the reference's names, sending p (and q) and reading l: those of this
// package, and others as users write them.
var byClass = map[string][]coupling.Coupling{
	"LinearCoupling":     {coupling.Linear("p")},
	"FastLinearCoupling": {coupling.Linear("p")},
	"DifferenceCoupling": {coupling.Difference("p").Local("l")},
	"SigmoidalJansenRit": {coupling.SigmoidalJansenRit("p", "q")},
	"KuramotoCoupling": {
		written(coupling.Coupling{Name: "Kuramoto", LocalSymbols: []string{"x_i"}, Signal: "a = sin(x); b = cos(x)", Post: "c = G*(a*cos(x_i) - b*sin(x_i))"}, 1),
		written(coupling.Coupling{Name: "KuramotoByEdge", LocalSymbols: []string{"x_i"}, Message: "m = sin(x - x_i)", Post: "c = G*m"}, 1),
	},
	"SigmoidCoupling": {written(coupling.Coupling{Name: "Sigmoid", Signal: "s = x", Post: "c = G*sigmoid(slope*(a*s + b - midpoint))"}, 1,
		param.Spec{Name: "a", Default: 1}, param.Spec{Name: "b"}, param.Spec{Name: "slope", Default: 1}, param.Spec{Name: "midpoint"})},
	"DelayedSigmoidCoupling": {written(coupling.Coupling{Name: "Sigmoid", Signal: "s = x", Post: "c = G*sigmoid(slope*(s - midpoint))"}, 1,
		param.Spec{Name: "slope", Default: 1}, param.Spec{Name: "midpoint"})},
	"TanhCoupling": {written(coupling.Coupling{Name: "Tanh", Signal: "s = x", Post: "c = G*tanh(scale*s)"}, 0.5, param.Spec{Name: "scale", Default: 2})},
}

// written is a coupling of one channel from p to l with a parameter G before the others.
func written(c coupling.Coupling, gain float64, params ...param.Spec) coupling.Coupling {
	made := coupling.Linear("p").Local("l")
	made.Params = append([]param.Spec{{Name: "G", Default: gain}}, params...)
	made.Name, made.LocalSymbols, made.Signal, made.Message, made.Post = c.Name, c.LocalSymbols, c.Signal, c.Message, c.Post
	return made
}

// arrangement is a coupling between nodes in given states.
type arrangement struct {
	coupling coupling.Coupling
	channels int
	weights  [][]float64
	delays   [][]float64 // nil: none
	step     float64
	method   solver.Solver
	states   [][][]float64 // [row][p, q, l][node], oldest first
}

func (a arrangement) prepare(t *testing.T) *network.Simulation {
	t.Helper()
	net := network.Network{Dynamics: receiver(a.channels), Graph: graph.FromDense(a.weights), Coupling: coupling.Set{"in": a.coupling}}
	for _, row := range a.states {
		for range a.channels {
			row = append(row, make([]float64, len(a.weights)))
		}
		net.History = append(net.History, row)
	}
	if a.delays != nil {
		net.Graph = net.Graph.WithDelays(a.delays)
	}
	opts := network.Options{}
	for k := range a.channels {
		opts.Record = append(opts.Record, fmt.Sprint("x", k))
	}
	sim, err := network.Prepare(net, a.method, network.Grid{End: a.step, Step: a.step}, opts)
	if err != nil {
		t.Fatal(err)
	}
	return sim
}

// output is what all nodes receive, channel by channel.
func (a arrangement) output(t *testing.T, sim *network.Simulation) []float64 {
	t.Helper()
	res, err := sim.Run(context.Background(), sim.Params())
	if err != nil {
		t.Fatal(err)
	}
	c := slices.Concat(res.Data[0]...)
	for i := range c {
		c[i] /= a.step
	}
	return c
}

// received is the loss Σ cotangent·output.
type received struct {
	cotangent []float64
	step      float64
}

func (r received) Window(_, _, _ int) (int, error) { return 0, nil }

func (r received) Value(y network.Trajectory) (float64, error) {
	var sum float64
	for i, v := range y.Data {
		sum += r.cotangent[i] * v / r.step
	}
	return sum, nil
}

func (r received) Pull(y network.Trajectory, cotangent []float64) (float64, error) {
	for i := range cotangent {
		cotangent[i] = r.cotangent[i] / r.step
	}
	return r.Value(y)
}

func (r received) Push(y network.Trajectory, tangents []float64, lanes int, dvalue []float64) (float64, error) {
	clear(dvalue)
	for k, v := range tangents {
		dvalue[k%lanes] += r.cotangent[k/lanes] * v / r.step
	}
	return r.Value(y)
}

// gradients are the gradients by path in both ways: by the adjoint and by tangents.
func gradients(t *testing.T, sim *network.Simulation, p *param.Tree, loss network.Objective) [2]map[string][]float64 {
	t.Helper()
	_, adjoint, err := sim.GradientByPath(context.Background(), p, loss)
	if err != nil {
		t.Fatal(err)
	}
	_, all, err := sim.TangentGradient(context.Background(), p, loss)
	if err != nil {
		t.Fatal(err)
	}
	tangents := map[string][]float64{}
	for _, i := range p.FreeLeaves() {
		leaf := p.At(i)
		tangents[leaf.Path], all = all[:len(leaf.Value)], all[len(leaf.Value):]
	}
	return [2]map[string][]float64{adjoint, tangents}
}
