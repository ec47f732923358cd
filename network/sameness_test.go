package network_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
)

// FuzzSameBits draws random networks of all models, couplings, weight rules, delays, solvers and groups, and
// wants the same bits of values and gradients whatever the backend, the memory, the goroutines, the number of
// tangents side by side, or what else is recorded.
func FuzzSameBits(f *testing.F) {
	cases := uint64(24)
	if golden.Long() {
		cases = 400
	}
	for n := range cases {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, n uint64) { checkSameBits(t, anyCase(n)) })
}

// anyCase is the random network of a number.
func anyCase(number uint64) *derivativeCase {
	r := rand.New(rand.NewPCG(number, 5))
	m := models.All()[r.IntN(len(models.All()))]
	list := methods(m.Name)
	method, delays := list[r.IntN(len(list))], r.IntN(3) > 0
	var c *derivativeCase
	if r.IntN(3) == 0 {
		c = groupCase(r.IntN(1<<20), list[r.IntN(5)], delays) // bounds are those of one model
	} else {
		kinds := couplings()
		c = newCase(r.IntN(1<<20), m, kinds[r.IntN(len(kinds))], method, delays)
		if rules := weightRules(); r.IntN(3) == 0 {
			c.net.Coupling["delayed"] = c.net.Coupling["delayed"].Weighted(rules[r.IntN(len(rules))])
		}
	}
	c.steps = 70 + r.IntN(60)
	c.grid.End = c.grid.Start + float64(c.steps)*c.grid.Step
	return c
}

func checkSameBits(t *testing.T, c *derivativeCase) {
	ctx := context.Background()
	prepare := func(o network.Options) (*network.Simulation, *param.Tree) {
		o.Seed = 11
		sim, err := network.Prepare(c.net, c.method, c.grid, o)
		if err != nil {
			t.Fatal(c.name, err)
		}
		p := sim.Params().Free("*")
		for _, path := range []string{"graph.speed", "graph.lengths", "graph.delays"} {
			if p.Has(path) && !c.linear {
				p.Fix(path)
			}
		}
		return sim, p
	}
	sim, p := prepare(network.Options{})
	loss := firstVariable{}
	value, gradient, err := sim.Gradient(ctx, p, loss)
	var diverged *network.DivergenceError
	if errors.As(err, &diverged) {
		t.Skip("diverges: ", err)
	}
	if err != nil {
		t.Fatal(c.name, err)
	}
	same := func(what string, v float64, g []float64, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s, %s: %v", c.name, what, err)
			return
		}
		if math.Float64bits(v) != math.Float64bits(value) {
			t.Errorf("%s, %s: value %v, was %v", c.name, what, v, value)
		}
		for k := range g {
			if math.Float64bits(g[k]) != math.Float64bits(gradient[k]) {
				t.Errorf("%s, %s: gradient[%d] = %v, was %v", c.name, what, k, g[k], gradient[k])
				return
			}
		}
	}
	fewest := int64(math.MaxInt64)
	for memory := int64(1 << 20); memory > 1000; memory = memory * 3 / 4 {
		tight, q := prepare(network.Options{Memory: memory})
		v, g, err := tight.Gradient(ctx, q, loss)
		if err != nil && strings.Contains(err.Error(), "Options.Memory") {
			break
		}
		same("little memory", v, g, err)
		fewest = memory
	}
	if fewest == math.MaxInt64 {
		t.Errorf("%s: no memory below 1 MiB would do", c.name)
	}
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			v, g, err := sim.Gradient(ctx, p, loss)
			same("beside others", v, g, err)
		})
	}
	group.Wait()
	if v, err := sim.Value(ctx, p, loss); err != nil || v != value {
		t.Errorf("%s: value %v by a plain run, was %v; %v", c.name, v, value, err)
	}
	checkLanes(t, c, sim, p, loss, value)
	checkSampling(t, c, prepare)
	plain, q := prepare(network.Options{Backend: network.PortableBackend})
	v, g, err := plain.Gradient(ctx, q, loss)
	same("plain Go", v, g, err)
	checkLanes(t, c, plain, q, loss, value)
	all := append(sim.Variables(), c.auxiliaries()...)
	more, q := prepare(network.Options{Record: all})
	v, g, err = more.Gradient(ctx, q, loss)
	same("more recorded", v, g, err)
}

// checkSampling compares what recorders keep with the samples of a run that keeps all.
func checkSampling(t *testing.T, c *derivativeCase, prepare func(network.Options) (*network.Simulation, *param.Tree)) {
	ctx := context.Background()
	run := func(o network.Options) *network.Result {
		sim, p := prepare(o)
		res, err := sim.Run(ctx, p)
		if err != nil {
			t.Fatal(c.name, err)
		}
		return res
	}
	const k = 5
	whole, every, mean := run(network.Options{}), run(network.Options{Sampling: network.Every(k)}), run(network.Options{Sampling: network.Average(k)})
	for row := range every.Data {
		for v, regions := range every.Data[row] {
			for node, x := range regions {
				sum := whole.Data[row*k][v][node]
				for i := 1; i < k; i++ {
					sum += whole.Data[row*k+i][v][node]
				}
				last := whole.Data[row*k+k-1][v][node]
				if m := mean.Data[row][v][node]; x == x && (x != last || m != sum/k) || x != x && last == last {
					t.Fatalf("%s, row %d: every %v and mean %v, the whole run has %v and %v", c.name, row, x, m, last, sum/k)
				}
			}
		}
	}
	if len(every.Data) != len(whole.Data)/k || len(mean.Data) != len(every.Data) {
		t.Errorf("%s: %d and %d rows of %d samples", c.name, len(every.Data), len(mean.Data), len(whole.Data))
	}
}

// checkLanes compares tangents side by side with each alone.
func checkLanes(t *testing.T, c *derivativeCase, sim *network.Simulation, p *param.Tree, loss network.Objective, value float64) {
	r := rand.New(rand.NewPCG(1, uint64(c.nodes)))
	directions := make([][]float64, 5)
	for k := range directions {
		directions[k] = make([]float64, p.NumFree())
		for i := range directions[k] {
			directions[k][i] = r.NormFloat64()
		}
	}
	v, together, err := sim.Push(context.Background(), p, loss, directions)
	if err != nil || v != value {
		t.Fatalf("%s: value %v with tangents, was %v; %v", c.name, v, value, err)
	}
	for k, d := range directions {
		_, alone, err := sim.Push(context.Background(), p, loss, [][]float64{d})
		if err != nil || math.Float64bits(alone[0]) != math.Float64bits(together[k]) {
			t.Errorf("%s: tangent %d is %v beside others, %v alone; %v", c.name, k, together[k], alone, err)
		}
	}
}

// auxiliaries are those of all groups.
func (c *derivativeCase) auxiliaries() []string {
	names := c.net.Dynamics.Auxiliaries
	for _, g := range c.net.Groups {
		names = append(names, g.Dynamics.Auxiliaries...)
	}
	return names
}

// firstVariable is half the mean square of the first recorded variable, where there is one.
type firstVariable struct{}

func (firstVariable) Window(samples, variables, nodes int) (int, error) { return 7, nil }

func (firstVariable) each(y network.Trajectory, do func(at int, x float64)) float64 {
	var sum float64
	for row := range y.Rows {
		for node := range y.Nodes {
			at := row*y.Variables*y.Nodes + node
			if x := y.Data[at]; x == x {
				do(at, x)
				sum += x * x / 2
			}
		}
	}
	return sum / float64(y.Rows)
}

func (l firstVariable) Value(y network.Trajectory) (float64, error) {
	return l.each(y, func(int, float64) {}), nil
}

func (l firstVariable) Pull(y network.Trajectory, cotangent []float64) (float64, error) {
	return l.each(y, func(at int, x float64) { cotangent[at] = x / float64(y.Rows) }), nil
}

func (l firstVariable) Push(y network.Trajectory, tangents []float64, lanes int, dvalue []float64) (float64, error) {
	clear(dvalue)
	return l.each(y, func(at int, x float64) {
		for lane := range dvalue {
			dvalue[lane] += x / float64(y.Rows) * tangents[at*lanes+lane]
		}
	}), nil
}
