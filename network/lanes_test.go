package network_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/golden"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
)

// FuzzLanes draws random networks as FuzzSameBits does, and sets of parameters of which some leaves differ, some have other
// delays or diverge, and wants of each the bits and errors that it has alone.
func FuzzLanes(f *testing.F) {
	cases := uint64(36)
	if golden.Long() {
		cases = 600
	}
	for n := range cases {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, n uint64) {
		r := rand.New(rand.NewPCG(n, 77))
		c := anyCase(n)
		counts := []int{1, 2, 3, 8, 11, 16, 32}
		l := laneCase{Rand: r, c: c, trees: counts[r.IntN(len(counts))], opts: network.Options{Seed: 3, Record: c.record}}
		switch r.IntN(4) {
		case 0:
			l.opts.Sampling = network.Every(3)
		case 1:
			l.opts.Sampling = network.Average(4)
		}
		if r.IntN(3) == 0 {
			l.lanes.Streams = make([]uint32, l.trees)
			for i := range l.lanes.Streams {
				l.lanes.Streams[i] = r.Uint32N(5)
			}
		}
		l.lanes.From = r.IntN(10)
		l.lanes.Lanes = []int{0, 0, 1, 5, 12, 16, 32}[r.IntN(7)]
		for _, backend := range []network.Backend{network.PortableBackend, network.AutoBackend} {
			l.opts.Backend = backend
			l.check(t)
		}
	})
}

// laneCase is a network with sets of parameters to run side by side.
type laneCase struct {
	*rand.Rand
	c     *derivativeCase
	trees int
	opts  network.Options
	lanes network.LaneOptions
}

func (l *laneCase) prepare(t *testing.T, stream uint32) *network.Simulation {
	t.Helper()
	o := l.opts
	o.Stream = stream
	return prepare(t, l.c.net, l.c.method, l.c.grid, o)
}

// sets are the sets of parameters.
func (l *laneCase) sets(base *param.Tree) []*param.Tree {
	differs := map[string]bool{}
	for _, path := range base.Paths() {
		differs[path] = l.IntN(3) == 0
	}
	speeds := 1 + l.IntN(2)*l.IntN(3)
	var sets []*param.Tree
	for k := range l.trees {
		p := base.Clone()
		for i := range p.Len() {
			leaf := p.At(i)
			switch path := leaf.Path; {
			case path == "graph.speed":
				p.Set(path, leaf.Value[0]*(1+0.2*float64(k%speeds)))
			case strings.HasPrefix(path, "graph.") && path != "graph.weights":
			case differs[path]:
				values := append([]float64(nil), leaf.Value...)
				for e := range values {
					values[e] *= 1 + 0.02*(2*l.Float64()-1)
				}
				p.Set(path, values...)
			}
		}
		switch l.IntN(12) {
		case 0: // other edges
			w := p.Values("graph.weights")
			w[l.IntN(len(w))] = 0
			p.Set("graph.weights", w...)
		case 1: // what diverges, likely
			leaf := p.At(l.IntN(p.Len()))
			if !strings.HasPrefix(leaf.Path, "graph.") {
				values := append([]float64(nil), leaf.Value...)
				values[l.IntN(len(values))] = 1e300
				p.Set(leaf.Path, values...)
			}
		case 2: // another shape
			leaf := p.At(l.IntN(p.Len()))
			if leaf.Regions > 0 && len(leaf.Shape) == 0 {
				p.Regional(leaf.Path)
			}
		case 3:
			p.Set("graph.weights", -1)
		}
		sets = append(sets, p)
	}
	return sets
}

func (l *laneCase) check(t *testing.T) {
	ctx := context.Background()
	sim := l.prepare(t, 0)
	sets := l.sets(sim.Params())
	results, errs, err := sim.RunLanes(ctx, sets, l.lanes)
	if err != nil {
		t.Fatal(l.c.name, err)
	}
	loss := firstVariable{}
	valued := l.lanes
	valued.From = 0
	values, valueErrs, err := sim.ValueLanes(ctx, sets, loss, valued)
	if err != nil {
		t.Fatal(l.c.name, err)
	}
	for k, p := range sets {
		alone := sim
		if l.lanes.Streams != nil {
			alone = l.prepare(t, l.lanes.Streams[k])
		}
		where := fmt.Sprintf("%s, tree %d of %d, %+v", l.c.name, k, len(sets), l.lanes)
		res, err := alone.Run(ctx, p)
		if got, want := fmt.Sprint(errs[k]), fmt.Sprint(err); got != want {
			t.Errorf("%s: error %s, alone %s", where, got, want)
			continue
		}
		value, err := alone.Value(ctx, p, loss)
		if got, want := fmt.Sprint(valueErrs[k]), fmt.Sprint(err); got != want {
			t.Errorf("%s: error %s of the loss, alone %s", where, got, want)
		}
		if math.Float64bits(values[k]) != math.Float64bits(value) {
			t.Errorf("%s: loss %v, alone %v", where, values[k], value)
		}
		if res == nil {
			if results[k] != nil {
				t.Errorf("%s: a result with an error", where)
			}
			continue
		}
		res.Data, res.Time = res.Data[l.lanes.From:], res.Time[l.lanes.From:]
		if d := differenceButNaN(flat(results[k]), flat(res)); d != "" {
			t.Errorf("%s: %s", where, d)
		}
		if d := firstDifference(results[k].Time, res.Time); d != "" {
			t.Errorf("%s: times: %s", where, d)
		}
	}
}

// differenceButNaN is firstDifference, with one NaN as good as another.
func differenceButNaN(a, b []float64) string {
	for k := range min(len(a), len(b)) {
		if a[k] != a[k] && b[k] != b[k] {
			a[k] = b[k]
		}
	}
	return firstDifference(a, b)
}
