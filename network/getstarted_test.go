package network_test

import (
	"context"
	"math"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// rateLoss is the mean over regions of (mean of the last samples − target)², written as plain loops.
type rateLoss struct {
	last   int
	target float64
}

func (l rateLoss) Window(samples, variables, nodes int) (int, error) { return samples - l.last, nil }

func (l rateLoss) means(y network.Trajectory) []float64 {
	m := make([]float64, y.Nodes)
	for k, v := range y.Data {
		m[k%y.Nodes] += v / float64(y.Rows)
	}
	return m
}

func (l rateLoss) Value(y network.Trajectory) (float64, error) {
	var loss float64
	for _, m := range l.means(y) {
		loss += (m - l.target) * (m - l.target) / float64(y.Nodes)
	}
	return loss, nil
}

func (l rateLoss) Pull(y network.Trajectory, cotangent []float64) (float64, error) {
	m := l.means(y)
	for k := range cotangent {
		cotangent[k] = 2 * (m[k%y.Nodes] - l.target) / float64(y.Nodes*y.Rows)
	}
	return l.Value(y)
}

func (l rateLoss) Push(y network.Trajectory, tangents []float64, lanes int, dvalue []float64) (float64, error) {
	c := make([]float64, len(y.Data))
	v, _ := l.Pull(y, c)
	for lane := range dvalue {
		dvalue[lane] = 0
		for k, w := range c {
			dvalue[lane] += w * tangents[k*lanes+lane]
		}
	}
	return v, nil
}

func TestGetStarted(t *testing.T) {
	var file struct {
		Runs []struct {
			T1          float64   `json:"t1"`
			Steps       int       `json:"n_steps"`
			PerStage    bool      `json:"recompute_coupling_per_stage"`
			LossSamples int       `json:"n_loss_samples"`
			First       []float64 `json:"first_state"`
			Final       []float64 `json:"final_state"`
			Observation float64   `json:"observation"`
			Loss        float64   `json:"loss"`
			DScalar     float64   `json:"d_loss_d_J_N_scalar"`
			DRegional   []float64 `json:"d_loss_d_J_N_per_region"`
		} `json:"runs"`
	}
	golden.Read(t, &file, "golden", "tvboptim", "get_started.json")
	conn, err := graph.Load(golden.Path(t, "data", "dk_average", "structural.npz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range file.Runs {
		net := network.Network{
			Dynamics: models.ReducedWongWang().With(param.Set{"w": 0.5, "I_o": 0.32}).Initial(param.Set{"S": 0.3}),
			Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.75})},
			Graph:    conn.NormalizeMax(),
		}
		sim, err := network.Prepare(net, solver.Heun{CouplingPerStage: r.PerStage}, network.Grid{End: r.T1, Step: 4}, network.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p := sim.Params()
		res, err := sim.Run(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		first, final := golden.MaxError(res.Data[0][0], r.First), golden.MaxError(res.Data[r.Steps-1][0], r.Final)
		loss := rateLoss{r.LossSamples, 0.5}
		p.Free("dynamics.J_N")
		v, g, err := sim.Gradient(context.Background(), p, loss)
		if err != nil {
			t.Fatal(err)
		}
		_, gt, err := sim.TangentGradient(context.Background(), p, loss)
		if err != nil {
			t.Fatal(err)
		}
		p.Regional("dynamics.J_N")
		_, gr, err := sim.Gradient(context.Background(), p, loss)
		if err != nil {
			t.Fatal(err)
		}
		regional := golden.MaxError(gr, r.DRegional)
		t.Logf("t1 %v per stage %v: first %.1e final %.1e loss %.1e gradient %.1e forward=reverse %.1e regional %.1e", r.T1, r.PerStage, first, final,
			math.Abs(v/r.Loss-1), math.Abs(g[0]/r.DScalar-1), math.Abs(g[0]/gt[0]-1), regional)
		if first > 1e-12 || final > 1e-12 || math.Abs(v/r.Loss-1) > 1e-12 || math.Abs(g[0]/r.DScalar-1) > 1e-8 || math.Abs(g[0]/gt[0]-1) > 1e-12 || regional > 1e-8 {
			t.Error("beyond the tolerances")
		}
	}
}
