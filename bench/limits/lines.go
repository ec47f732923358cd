package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/neurograd/neurograd/bench/internal/phase"
	"github.com/neurograd/neurograd/graph"
)

// line is one of the table: ours and the same in C.
type line struct {
	name    string
	program string   // the C program
	c       []string // patterns of its output; the smallest number counts
	wide    []string // further ones, of what only AVX-512 does
	terms   int      // fused multiply-adds that cannot be left out; 0 where the peak rate says nothing
	work    phase.Phase
	more    string // what ours does beyond the C
}

// number is a figure in the output of a C program, behind a text.
func number(after string) string { return after + ` *([0-9.]+)` }

// lines are those of the table; the folder holds delays84.txt.
func lines(folder string) ([]line, error) {
	programs, err := phase.Programs()
	if err != nil {
		return nil, err
	}
	list := []line{
		{name: "step, 84 regions, guarded", program: "step", c: []string{number("fwd guarded")}, work: programs[0],
			more: "quotient exact near 0, scaling by any power of 2"},
		{name: "VJP of the step, guarded", program: "step", c: []string{number("vjp guarded")}, work: programs[1],
			more: "the same"},
		{name: "noise, a normal", program: "noise", c: []string{number("in time:")}, work: phase.Noise()},
	}
	real1, real4, err := realDelays(folder)
	if err != nil {
		return nil, err
	}
	sums, err := sumLines(real1, real4)
	if err != nil {
		return nil, err
	}
	whole, err := wholeStep()
	if err != nil {
		return nil, err
	}
	lanes, err := laneLines(real1)
	return slices.Concat(list, sums, []line{whole}, lanes), err
}

// sumLines are the coupling sums of one run.
func sumLines(real1, real4 delayed) ([]line, error) {
	var err error
	small, large := phase.Scattered(84), phase.Scattered(400)
	checked := "check that all is finite, copy of the state"
	pushed := checked + ", writing of the past"
	of := func(which string) []string {
		return []string{number(`case dt=` + which + `:.*\nper step:.*nested total`), number(`case dt=` + which + `:.*\nper step:.*scalar<16 *\d+ *total`)}
	}
	permuted := func(which string) []string {
		return []string{number(`case dt=` + which + `:.*\nper step:.*total\(b16\+permc\)`)}
	}
	var list []line
	for _, l := range []struct {
		line
		g      *graph.Graph
		delays []float64
	}{
		{line{name: "dense matrix by vector, 84", program: "basic", c: []string{number("matvec 84:")}, more: checked}, small, nil},
		{line{name: "dense matrix by vector, 400", program: "basic", c: []string{number("matvec 400:")}, more: checked}, large, nil},
		{line{name: "delayed sums, 84, delays of 16–75 steps", program: "basic", c: []string{number("N=84 dsum8:"), number("N=84 dsum16:")}, more: pushed}, small, longDelays(84)},
		{line{name: "delayed sums, 400, delays of 16–75 steps", program: "basic", c: []string{number("N=400 dsum8:"), number("N=400 dsum16:")}, more: pushed}, large, longDelays(400)},
		{line{name: "delayed sums, 84, delays at 3 mm/ms, dt 1 ms", program: "short", c: of("1"), wide: permuted("1"), more: pushed}, real1.g, real1.delays},
		{line{name: "delayed sums, 84, delays at 3 mm/ms, dt 4 ms", program: "short", c: of("4"), wide: permuted("4"), more: pushed}, real4.g, real4.delays},
	} {
		if l.work, err = phase.Sums(l.name, l.g, l.delays); err != nil {
			return nil, err
		}
		l.terms = len(l.g.Weights())
		list = append(list, l.line)
	}
	return list, nil
}

// longDelays are as in basic.c, where they are random: 16 to 75 steps, for all edges.
func longDelays(n int) []float64 {
	delays := make([]float64, n*n)
	for e := range delays {
		delays[e] = float64(16 + e*37%60)
	}
	return delays
}

// delayed is a network with a delay in steps for every edge.
type delayed struct {
	g      *graph.Graph
	delays []float64
}

// realDelays reads delays84.txt, whose lines are target, source, delay in steps of 1 ms and of 4 ms.
func realDelays(folder string) (dt1, dt4 delayed, err error) {
	f, err := os.Open(filepath.Join(folder, "delays84.txt"))
	if err != nil {
		return dt1, dt4, fmt.Errorf("limits: %w: give the folder of the C programs by -c", err)
	}
	defer f.Close()
	var edges []graph.Edge
	scan := bufio.NewScanner(f)
	for scan.Scan() {
		var e graph.Edge
		var d1, d4 float64
		if _, err := fmt.Sscan(scan.Text(), &e.Target, &e.Source, &d1, &d4); err != nil {
			return dt1, dt4, fmt.Errorf("limits: %s: line %q: %w", f.Name(), scan.Text(), err)
		}
		e.Weight = float64(1 + e.Source%7)
		edges, dt1.delays, dt4.delays = append(edges, e), append(dt1.delays, d1), append(dt4.delays, d4)
	}
	// The edges are numbered by target, then source, which is the order of the file.
	g := graph.FromEdges(84, edges)
	dt1.g, dt4.g = g, g
	return dt1, dt4, errors.Join(scan.Err(), g.Err())
}

// wholeStep is a step of a run without delays, all but the drawing of noise.
func wholeStep() (line, error) {
	const steps = 2500
	sim, err := phase.GetStarted(graph.Example().NormalizeMax(), 4, steps)
	if err != nil {
		return line{}, err
	}
	p := sim.Params()
	return line{name: "step with dense sums, 84", program: "basic", c: []string{number("both:")},
		work: phase.Phase{Unit: "step", Units: steps, Work: phase.Whole(func() error {
			_, err := sim.Run(context.Background(), p) // the noise of the first run is kept
			return err
		})},
		more: "guard, checks, samples recorded, start of the run"}, nil
}

// laneLines are eight lanes side by side.
func laneLines(real1 delayed) ([]line, error) {
	const terms = 84 * 84 * 8
	long := make([]float64, len(real1.delays)) // as in lanes.c: no delay is shorter than a block
	for e, d := range real1.delays {
		long[e] = max(d, 16)
	}
	list := []line{
		{name: "84 × 84 matrix by 8 lanes", program: "basic", c: []string{number("matmat 84x84x8 lanes:")}, terms: terms},
		{name: "delayed sums, 8 lanes, in blocks of 16 and tiles", program: "lanes", c: []string{number("lanes blocked 16:")}, terms: terms},
		{name: "8 lanes with weights of their own, no delays", program: "lanes", c: []string{number("per-lane weights no delay:")}, terms: terms},
	}
	for i, of := range []struct {
		g      *graph.Graph
		delays []float64
		own    bool
	}{{phase.Scattered(84), nil, false}, {real1.g, long, false}, {phase.Scattered(84), nil, true}} {
		var err error
		if list[i].work, err = phase.LaneSums(list[i].name, of.g, of.delays, of.own); err != nil {
			return nil, err
		}
		list[i].more = "check that all is finite, copy of the state"
	}
	return list, nil
}
