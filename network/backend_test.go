package network_test

import (
	"context"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/machine"
	"github.com/neurograd/neurograd/internal/selfcheck"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// needNative skips a test where there is no machine code.
func needNative(t *testing.T) {
	t.Helper()
	if _, err := network.NativeBackend.Resolve(); err != nil {
		t.Skip(err)
	}
}

// TestBackendsCommitted holds that every backend has the committed bits.
func TestBackendsCommitted(t *testing.T) {
	for _, backend := range []string{"portable", "native", "avx2", "avx512"} {
		t.Run(backend, func(t *testing.T) {
			t.Setenv("NEUROGRAD_BACKEND", backend)
			if _, err := network.AutoBackend.Resolve(); err != nil {
				t.Skip(err)
			}
			for _, c := range selfcheck.Cases() {
				run, gradient, err := c.Compute(context.Background())
				if err != nil || run != c.Run || gradient != c.Gradient {
					t.Errorf("%s: run %#x, gradient %#x, committed are %#x, %#x; %v", c.Name, run, gradient, c.Run, c.Gradient, err)
				}
			}
		})
	}
}

// TestBackends holds that backends have the same bits on networks as large as users', whose sums take all ways:
// dense and sparse, in blocks of any length and without delays, forwards, backwards and with tangents.
func TestBackends(t *testing.T) {
	for _, form := range []string{"avx2", "avx512"} {
		t.Run(form, func(t *testing.T) {
			t.Setenv("NEUROGRAD_BACKEND", form)
			needNative(t)
			compareBackends(t)
		})
	}
}

// compareBackends compares machine code of the form that the environment names with plain Go.
func compareBackends(t *testing.T) {
	ctx := context.Background()
	example := graph.Example().NormalizeMax()
	wongWang := func(g *graph.Graph, send coupling.Coupling) network.Network {
		return network.Network{Dynamics: models.ReducedWongWang(), Graph: g, Coupling: coupling.Set{"delayed": send.With(param.Set{"G": 0.3})}, Noise: noise.Additive{Sigma: 0.002}}
	}
	for name, c := range map[string]struct {
		net  network.Network
		step float64
		free []string
	}{
		"dense":                   {wongWang(example, coupling.Linear("S")), 4, []string{"dynamics.*", "graph.weights"}},
		"sparse":                  {wongWang(example.Sparse(0.05), coupling.Linear("S")), 4, []string{"dynamics.*", "graph.weights"}},
		"short delays":            {wongWang(example.Speed(20), coupling.Linear("S")), 4, []string{"dynamics.*", "graph.weights"}},
		"delays in blocks":        {wongWang(example.Speed(3), coupling.Linear("S")), 1, []string{"dynamics.*", "initial_state.*"}},
		"long delays, sparse":     {wongWang(example.Speed(1).Sparse(0.01), coupling.Linear("S")), 1, []string{"coupling.*", "graph.weights"}},
		"linear reads":            {wongWang(example.Speed(3), coupling.Linear("S").LinearReads()), 2, []string{"graph.*"}},
		"messages":                {wongWang(example.Speed(3).Sparse(0.1), differenceOnEdges()), 2, []string{"coupling.*", "graph.weights"}},
		"many states, one region": {network.Network{Dynamics: models.JansenRit(), Graph: graph.FromDense([][]float64{{1}})}, 1, []string{"dynamics.*"}},
	} {
		run := func(backend network.Backend) (all [][]float64) {
			sim := prepare(t, c.net, solver.Heun{}, network.Grid{End: 150 * c.step, Step: c.step}, network.Options{Seed: 4, Backend: backend})
			p := sim.Params().Free(c.free...)
			loss := observe.Last(100).Mean(observe.OverTime).Then(observe.SquaredError(0.4))
			direction := p.Theta()
			for k := range direction {
				direction[k] *= float64(k%7 - 3)
			}
			_, tangent, err := sim.Push(ctx, p, loss, [][]float64{direction})
			if err != nil {
				t.Fatal(name, err)
			}
			_, gradient, product, err := sim.HessianVector(ctx, p, loss, direction)
			if err != nil {
				t.Fatal(name, err)
			}
			return [][]float64{mustRun(t, sim, p), mustGradient(t, sim, p, loss), tangent, gradient, product}
		}
		portable := run(network.PortableBackend)
		for k, list := range run(network.NativeBackend) {
			if d := firstDifference(list, portable[k]); d != "" {
				t.Errorf("%s: %s differs: %s", name, []string{"run", "gradient", "tangent", "gradient beside the product", "product"}[k], d)
			}
		}
	}
}

func TestBackendErrors(t *testing.T) {
	net := sound()
	net.opts.Backend = 7
	_, err := net.prepare()
	checkMessage(t, err, "Options.Backend is Backend(7)", "PortableBackend")
	t.Setenv("NEUROGRAD_BACKEND", "avx")
	_, err = sound().prepare()
	checkMessage(t, err, `NEUROGRAD_BACKEND is "avx"`, `"portable", "native", "avx2", "avx512", or not set`)
	for name, there := range map[string]bool{"avx2": machine.AVX2(), "avx512": machine.AVX512()} {
		t.Setenv("NEUROGRAD_BACKEND", name)
		if _, err = sound().prepare(); there != (err == nil) {
			t.Errorf("%s: %v, but that this processor has it is %v", name, err, there)
		} else if !there {
			checkMessage(t, err, `NEUROGRAD_BACKEND is "`+name+`": native: machine code for AVX`, "this processor or system lacks", "leave it unset", "one of: portable")
			net := sound()
			net.opts.Backend = network.NativeBackend
			_, err = net.prepare()
			checkMessage(t, err, "no native backend: native: machine code for AVX", "use network.AutoBackend", "leave NEUROGRAD_BACKEND unset")
		}
	}
	net.opts.Backend = network.PortableBackend // needs no environment
	if _, err := net.prepare(); err != nil {
		t.Error(err)
	}
}
