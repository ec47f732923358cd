package network_test

import (
	"math/rand/v2"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// TestMemoryKeepsBits holds that a gradient in little memory, with normals drawn anew, has the bits of one in
// much.
func TestMemoryKeepsBits(t *testing.T) {
	net := network.Network{Dynamics: models.ReducedWongWang(), Graph: graph.Example().NormalizeMax().Speed(3),
		Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.2})}, Noise: noise.Additive{Sigma: 0.01}}
	var want []float64
	for _, memory := range []int64{0, 1 << 20, 700 << 10} {
		s := prepare(t, net, solver.Heun{}, network.Grid{End: 2400, Step: 4}, network.Options{Seed: 5, Memory: memory})
		from := s.Steps() - 20
		loss := newWeighted(rand.New(rand.NewPCG(1, 2)), from, 20*84)
		got := append(mustGradient(t, s, released(s), loss), mustRun(t, s, s.Params())...)
		if want == nil {
			want = got
		}
		if d := firstDifference(got, want); d != "" {
			t.Errorf("%d bytes: %s", memory, d)
		}
	}
}

// TestRecordedNormals holds that drawn normals are those of noise.Stream, that recorded ones stand for them,
// and that each seed and stream has its own.
func TestRecordedNormals(t *testing.T) {
	const n, steps = 7, 31
	dense := make([][]float64, n)
	for i := range dense {
		dense[i] = make([]float64, n)
	}
	net := network.Network{Dynamics: models.JansenRit(), Graph: graph.FromDense(dense), Noise: noise.Additive{Sigma: 0.01, States: []string{"y4", "y0"}}}
	grid := network.Grid{End: steps, Step: 1}
	run := func(o network.Options) []float64 {
		s := prepare(t, net, solver.Euler{}, grid, o)
		return mustRun(t, s, s.Params())
	}
	drawn := run(network.Options{Seed: 9, Stream: 2})
	normals := make([]float64, (steps+1)*2*n)
	stream := noise.Stream{Seed: 9, Number: 2}
	for k := 0; 2*k < steps; k++ {
		for row, state := range []int{4, 0} {
			even, odd := normals[(4*k+row)*n:], normals[(4*k+2+row)*n:]
			stream.Pair(even[:n], odd[:n], 0, 0, state, k)
		}
	}
	if d := firstDifference(drawn, run(network.Options{Normals: normals[:steps*2*n]})); d != "" {
		t.Errorf("recorded normals: %s", d)
	}
	for _, o := range []network.Options{{Seed: 10, Stream: 2}, {Seed: 9, Stream: 3}, {Seed: 9 + 1<<40, Stream: 2}} {
		if firstDifference(drawn, run(o)) == "" {
			t.Errorf("seed %d, stream %d has the noise of seed 9, stream 2", o.Seed, o.Stream)
		}
	}
}
