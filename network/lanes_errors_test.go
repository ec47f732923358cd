package network_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

func TestLanesRefuse(t *testing.T) {
	sims := examples(200)
	sim, ctx := sims["ReducedWongWang Heun"], context.Background()
	three := []*param.Tree{sim.Params(), sim.Params(), sim.Params()}
	for _, c := range []struct {
		what  string
		trees []*param.Tree
		opts  network.LaneOptions
		want  string
	}{
		{"no trees", nil, network.LaneOptions{}, "no trees to run"},
		{"a late From", three, network.LaneOptions{From: 200}, "the run has the samples 0 to 199"},
		{"a negative From", three, network.LaneOptions{From: -1}, "LaneOptions.From is -1"},
		{"too many lanes", three, network.LaneOptions{Lanes: 33}, "it is a number up to 32"},
		{"negative lanes", three, network.LaneOptions{Lanes: -1}, "LaneOptions.Lanes is -1"},
		{"streams", three, network.LaneOptions{Streams: []uint32{1, 2}}, "2 numbers for 3 trees"},
	} {
		if _, _, err := sim.RunLanes(ctx, c.trees, c.opts); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
	if _, _, err := sim.ValueLanes(ctx, three, firstVariable{}, network.LaneOptions{From: 1}); err == nil || !strings.Contains(err.Error(), "leave it 0") {
		t.Error("From with a loss:", err)
	}
	if _, _, err := sim.ValueLanes(ctx, three, nil, network.LaneOptions{}); err == nil || !strings.Contains(err.Error(), "no loss") {
		t.Error("no loss:", err)
	}
}

// TestLanesOwnErrors wants errors of single trees to leave the others alone.
func TestLanesOwnErrors(t *testing.T) {
	sims := examples(200)
	sim := sims["ReducedWongWang Heun"]
	diverges := sim.Params().Set("dynamics.gamma", 1e300)
	sets := []*param.Tree{sim.Params(), nil, sims["JansenRit RK4, delays"].Params(), sim.Params().Set("dynamics.no", 1), diverges, sim.Params()}
	results, errs, err := sim.RunLanes(context.Background(), sets, network.LaneOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var diverged *network.DivergenceError
	if !errors.As(errs[4], &diverged) || diverged.Expression == "" {
		t.Errorf("what diverges: %v", errs[4])
	}
	for k, want := range []string{"", "no parameters", "another simulation", "dynamics.no", "diverged", ""} {
		switch {
		case want == "" && (errs[k] != nil || results[k] == nil):
			t.Errorf("tree %d: %v", k, errs[k])
		case want != "" && (errs[k] == nil || results[k] != nil || !strings.Contains(errs[k].Error(), want)):
			t.Errorf("tree %d: %v, want %q", k, errs[k], want)
		}
	}
	if d := firstDifference(flat(results[0]), mustRun(t, sim, sim.Params())); d != "" {
		t.Error(d)
	}
}

// TestLanesAllFail wants runs that all diverge, and errors that all have in common, to be those of each alone.
func TestLanesAllFail(t *testing.T) {
	ctx := context.Background()
	sim := examples(200)["ReducedWongWang Heun"]
	conn := graph.Example().NormalizeMax().Speed(3)
	short := prepare(t, network.Network{Dynamics: models.ReducedWongWang(), Coupling: coupling.Set{"delayed": coupling.Linear("S")}, Graph: conn,
		History: slices.Repeat([][][]float64{{make([]float64, conn.N())}}, 25)}, solver.Heun{}, network.Grid{End: 100, Step: 4}, network.Options{})
	slow := short.Params().Set("graph.speed", 0.3)
	for _, c := range []struct {
		sim  *network.Simulation
		tree *param.Tree
	}{{sim, sim.Params().Set("dynamics.gamma", 1e300)}, {short, slow}} {
		_, want := c.sim.Run(ctx, c.tree)
		_, errs, err := c.sim.RunLanes(ctx, []*param.Tree{c.tree, c.tree, c.tree}, network.LaneOptions{})
		for _, e := range errs {
			if err != nil || e == nil || want == nil || e.Error() != want.Error() {
				t.Errorf("%v, want %v; %v", e, want, err)
			}
		}
	}
}

// TestLanesManyPlans runs more sets of delays than wait for each other.
func TestLanesManyPlans(t *testing.T) {
	ctx := context.Background()
	sim := examples(20)["ReducedWongWang Heun, delays"]
	var sets []*param.Tree
	for k := range 90 {
		sets = append(sets, sim.Params().Set("graph.speed", 3+float64(k)))
	}
	sets = append(sets, sets[:5]...)
	results, errs, err := sim.RunLanes(ctx, sets, network.LaneOptions{From: 19})
	if err != nil || errors.Join(errs...) != nil {
		t.Fatal(err, errs)
	}
	for _, k := range []int{0, 3, 50, 89, 92} {
		whole, err := sim.Run(ctx, sets[k])
		if err != nil {
			t.Fatal(err)
		}
		whole.Data = whole.Data[19:]
		if d := firstDifference(flat(results[k]), flat(whole)); d != "" {
			t.Errorf("speed %d: %s", k, d)
		}
	}
}

// TestLanesCancelled wants a cancelled call to say so, before and during the runs.
func TestLanesCancelled(t *testing.T) {
	sim := examples(1_000_000)["ReducedWongWang Heun"]
	sets := []*param.Tree{sim.Params(), sim.Params(), sim.Params(), sim.Params()}
	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	if _, _, err := sim.RunLanes(ctx, sets, network.LaneOptions{From: 999_999}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestLanesMemory wants results that are too large refused, and a loss's samples to be cut into fewer lanes.
func TestLanesMemory(t *testing.T) {
	c := anyCase(3)
	sim := prepare(t, c.net, c.method, c.grid, network.Options{Memory: 200_000})
	sets := make([]*param.Tree, 40)
	for k := range sets {
		sets[k] = sim.Params()
	}
	_, _, err := sim.RunLanes(context.Background(), sets, network.LaneOptions{})
	if err == nil || !strings.Contains(err.Error(), "trees at a time") {
		t.Error(err)
	}
	values, errs, err := sim.ValueLanes(context.Background(), sets, firstVariable{}, network.LaneOptions{Lanes: 32})
	if err != nil || errors.Join(errs...) != nil {
		t.Fatal(err, errs)
	}
	want, err := sim.Value(context.Background(), sets[0], firstVariable{})
	for _, v := range values {
		if err != nil || v != want {
			t.Errorf("%v, want %v; %v", v, want, err)
		}
	}
}
