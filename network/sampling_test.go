package network_test

import (
	"context"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// decimated is a loss on every sample of a run that looks at what a sampling records of it: each k-th
// sample, or the mean of each k, from row number from on.
type decimated struct {
	network.Objective
	k       int
	average bool
	from    int
}

func (d decimated) Window(samples, variables, nodes int) (int, error) { return d.k * d.from, nil }

// rows are the rows of the sampled trajectory, by one chain of additions in the order of the samples.
func (d decimated) rows(y network.Trajectory) network.Trajectory {
	size := y.Variables * y.Nodes
	z := y
	z.From, z.Rows, z.Data = d.from, y.Rows/d.k, nil
	for row := range z.Rows {
		last := y.Data[(row*d.k+d.k-1)*size:][:size]
		if !d.average {
			z.Data = append(z.Data, last...)
			continue
		}
		for i := range size {
			sum := y.Data[row*d.k*size+i]
			for s := 1; s < d.k; s++ {
				sum += y.Data[(row*d.k+s)*size+i]
			}
			z.Data = append(z.Data, sum/float64(d.k))
		}
	}
	return z
}

func (d decimated) Value(y network.Trajectory) (float64, error) { return d.Objective.Value(d.rows(y)) }

func (d decimated) Pull(y network.Trajectory, cotangent []float64) (float64, error) {
	z := d.rows(y)
	c := make([]float64, len(z.Data))
	value, err := d.Objective.Pull(z, c)
	clear(cotangent)
	size := y.Variables * y.Nodes
	for at, v := range c {
		row, i := at/size, at%size
		if !d.average {
			cotangent[(row*d.k+d.k-1)*size+i] = v
			continue
		}
		for s := range d.k {
			cotangent[(row*d.k+s)*size+i] = v / float64(d.k)
		}
	}
	return value, err
}

// from is a loss that begins at a row.
type from struct {
	waves
	row int
}

func (f from) Window(samples, variables, nodes int) (int, error) { return f.row, nil }

// TestSampling holds that what is recorded is, to the bit, what the full run gives when it is decimated, and
// so are loss and gradient: states and auxiliaries, recorded after and before the step, in windows.
func TestSampling(t *testing.T) {
	net := network.Network{
		Dynamics: models.ReducedWongWang().Initial(param.Set{"S": []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6}}),
		Coupling: coupling.Set{"delayed": coupling.Linear("S").LinearReads().With(param.Set{"G": 0.2})},
		Graph:    ring(6, true),
		Noise:    noise.Additive{Sigma: 0.01},
	}
	for _, record := range []network.Record{network.AfterStep, network.BeforeStep} {
		for _, window := range []int{0, 10} {
			grid := network.Grid{Start: 2, End: 25.5, Step: 0.5, Record: record} // 47 steps
			opts := network.Options{Seed: 7, Record: []string{"S", "H"}, GradientWindow: window}
			full := prepare(t, net, solver.Heun{}, grid, opts)
			p := full.Params().Free("dynamics.*", "graph.*", "initial_state.S", "noise.sigma")
			all, err := full.Run(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range []decimated{{k: 1}, {k: 5}, {k: 47}, {k: 1, average: true}, {k: 5, average: true}, {k: 5, average: true, from: 3}, {k: 6, from: 2}, {k: 24, average: true}} {
				sampling := network.Every(d.k)
				if d.average {
					sampling = network.Average(d.k)
				}
				opts.Sampling, d.Objective = sampling, from{row: d.from}
				s := prepare(t, net, solver.Heun{}, grid, opts)
				if s.Steps() != 47 || s.Samples() != 47/d.k {
					t.Fatalf("%v: %d steps, %d samples", sampling, s.Steps(), s.Samples())
				}
				checkSampled(t, s, all, p, d, grid)
				value, gradient, err := s.Gradient(t.Context(), p, d.Objective)
				if err != nil {
					t.Fatal(err)
				}
				want, wantGradient, err := full.Gradient(t.Context(), p, d)
				if err != nil {
					t.Fatal(err)
				}
				if value != want {
					t.Errorf("%v: loss %x, of the full run %x", sampling, value, want)
				}
				if diff := firstDifference(gradient, wantGradient); diff != "" {
					t.Errorf("%v: gradient beside that of the full run: %s", sampling, diff)
				}
				_, tangents, err := s.TangentGradient(t.Context(), p, d.Objective)
				if err != nil {
					t.Fatal(err)
				}
				for k, g := range gradient {
					if math.Abs(g-tangents[k]) > 1e-12*(1+math.Abs(g)) {
						t.Errorf("%v, %s: adjoint %v, tangent %v", sampling, p.ThetaNames()[k], g, tangents[k])
					}
				}
			}
		}
	}
}

// checkSampled compares what is recorded with the decimated full run, and its times with their definition.
func checkSampled(t *testing.T, s *network.Simulation, all *network.Result, p *param.Tree, d decimated, grid network.Grid) {
	t.Helper()
	got, err := s.Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	y := network.Trajectory{Rows: len(all.Time), Variables: 2, Nodes: 6, Data: flat(all)}
	if diff := firstDifference(flat(got), decimated{k: d.k, average: d.average}.rows(y).Data); diff != "" {
		t.Errorf("%+v: %s", d, diff)
	}
	for row, time := range got.Time {
		want := all.Time[row*d.k+d.k-1]
		if d.average {
			want = grid.Start + (float64(row*d.k)+float64(d.k)/2)*grid.Step
		}
		if time != want {
			t.Errorf("%+v: row %d is at %v ms, want %v", d, row, time, want)
		}
	}
}

// TestSamplingMemory holds that a long run that records means, and its gradient, take no more memory than
// Options.Memory allows, which the trajectory would exceed.
func TestSamplingMemory(t *testing.T) {
	m := models.Model{Name: "decay", States: []models.State{{Name: "x", Initial: 1}}, Params: []param.Spec{{Name: "k", Default: 1e-3}}, Equations: "dx/dt = -k*x"}
	net := network.Network{Dynamics: m, Graph: graph.FromEdges(4, nil)}
	const steps, memory = 1_000_000, 1 << 20
	s := prepare(t, net, solver.Euler{}, network.Grid{End: steps, Step: 1}, network.Options{Memory: memory, Sampling: network.Average(1000)})
	p := s.Params().Free("dynamics.k", "initial_state.x")
	allocated := func(work func()) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		work()
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	var means *network.Result
	took := allocated(func() {
		var err error
		if means, err = s.Run(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	})
	var gradient []float64
	tookGradient := allocated(func() { gradient = mustGradient(t, s, p, sumOfAll{}) })
	t.Logf("allocated by a run of %d steps: %d KiB, by its gradient: %d KiB; the trajectory would be %d KiB", steps, took>>10, tookGradient>>10, steps*4*8>>10)
	if took > memory || tookGradient > memory+memory/4 {
		t.Errorf("a run took %d bytes, its gradient %d, of %d", took, tookGradient, memory)
	}
	// The mean of (1 − k)ⁿ for n = 1…1000 is a geometric sum.
	q := 1 - 1e-3
	if want := q * (1 - math.Pow(q, 1000)) / (1000 * 1e-3); math.Abs(means.Data[0][0][0]-want) > 1e-12 {
		t.Errorf("first mean %v, want %v", means.Data[0][0][0], want)
	}
	// The sum of all means, of four nodes, is 4x₀·q/(1000·k) = 4x₀(1/k − 1)/1000 up to qᵀ < 10⁻⁴³⁴.
	if want := []float64{-4 / (1e-6 * 1000), 4 * q}; math.Abs(gradient[0]/want[0]-1) > 1e-9 || math.Abs(gradient[1]/want[1]-1) > 1e-9 {
		t.Errorf("gradient %v, want %v", gradient, want)
	}
	plain := prepare(t, net, solver.Euler{}, network.Grid{End: steps, Step: 1}, network.Options{Memory: memory})
	_, err := plain.Run(context.Background(), plain.Params())
	checkMessage(t, err, "1000000 samples", "Options.Memory")
}

// sumOfAll is the sum of all samples.
type sumOfAll struct{ waves }

func (sumOfAll) Value(y network.Trajectory) (sum float64, err error) {
	for _, v := range y.Data {
		sum += v
	}
	return sum, nil
}

func (s sumOfAll) Pull(y network.Trajectory, cotangent []float64) (float64, error) {
	for k := range cotangent {
		cotangent[k] = 1
	}
	return s.Value(y)
}

// TestSamplingErrors holds that samplings that give no sample are refused.
func TestSamplingErrors(t *testing.T) {
	for _, c := range []struct {
		sampling network.Sampling
		wants    []string
	}{
		{network.Every(0), []string{"Every(0)", "20 samples", "from 1 to 20"}},
		{network.Every(-3), []string{"Every(-3)"}},
		{network.Average(0), []string{"Average(0)"}},
		{network.Average(21), []string{"Average(21)", "20 samples"}},
	} {
		s := sound()
		s.opts.Sampling = c.sampling
		_, err := s.prepare()
		checkMessage(t, err, c.wants...)
	}
	s := sound()
	s.opts.Sampling = network.Average(8)
	sim, err := s.prepare()
	if err != nil {
		t.Fatal(err)
	}
	_, err = sim.Value(t.Context(), sim.Params(), newWeighted(nil, 3, 0))
	checkMessage(t, err, "2 samples")
	if names := []string{network.Sampling{}.String(), network.Every(3).String()}; !slices.Equal(names, []string{"every sample", "Every(3)"}) {
		t.Errorf("%q", names)
	}
}
