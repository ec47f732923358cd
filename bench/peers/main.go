// Peers times workloads here and in TVB-Optim on the same machine, run by run in turn, and prints the ratios.
//
//	bench/peers/setup.sh /tmp/peers
//	go run ./bench/peers -python /tmp/peers/bin/python
//
// The workloads are the peer's examples: its get-started network without and with delays, the network of its README, the
// gradient of a loss through that, a fit, and networks of 100 and 400 regions. Each side runs in a process of its own,
// warm and compiled, on two cores; the peer computes once in float64 and once in float32, its default. What is timed gives
// the whole trajectory, or the loss with its gradient, or the fitted parameters. The peer draws its noise when it prepares;
// ours is drawn in the first run and kept, but for the workload that says otherwise. A number of each side's result is printed to
// show that they did the same; their noise differs. The tables are Markdown.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/internal/machine"
)

func main() {
	python := flag.String("python", "", "the interpreter of an environment made by setup.sh")
	connectome := flag.String("graph", "", "a connectome instead of the example: a file or folder")
	only := flag.String("only", "", "only workloads whose name contains this")
	reps := flag.Int("reps", 7, "runs of each side")
	worker := flag.Bool("worker", false, "be our side: read a workload from the standard input")
	flag.Parse()
	var err error
	if *worker {
		err = serve(os.Stdin, os.Stdout)
	} else {
		err = compare(*python, *connectome, *only, max(*reps, 1))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// sides are ours and the peer's two.
const sides = 3

// result is what was measured for a workload, by side.
type result struct {
	name   string
	times  [sides][]float64 // seconds
	values [sides]float64
	first  [sides]float64 // seconds
	peak   [sides]float64 // MB
}

func compare(python, connectome, only string, reps int) error {
	if python == "" {
		return errors.New("peers: no -python given; make an environment by bench/peers/setup.sh DIR and give DIR/bin/python")
	}
	conn := graph.Example()
	if connectome != "" {
		var err error
		if conn, err = graph.Load(connectome); err != nil {
			return err
		}
	}
	var results []*result
	for _, w := range workloads(conn) {
		if !strings.Contains(w.Name, only) {
			continue
		}
		r, err := measure(python, w, reps)
		if err != nil {
			return fmt.Errorf("%s: %w", w.Name, err)
		}
		results = append(results, r)
		fmt.Fprintln(os.Stderr, "measured", w.Name)
	}
	tables(results, reps)
	return nil
}

// measure runs a workload on all sides in turn.
func measure(python string, w workload, reps int) (*result, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r := &result{name: w.Name}
	var running [sides]*process
	for k, side := range [sides]struct {
		name    string
		env     []string
		command []string
	}{
		{"neurograd", []string{"GOMAXPROCS=2"}, []string{self, "-worker"}},
		{"TVB-Optim in float64", []string{"JAX_ENABLE_X64=1"}, []string{python, "-c", script}},
		{"TVB-Optim in float32", []string{"JAX_ENABLE_X64=0"}, []string{python, "-c", script}},
	} {
		if running[k], err = start(side.name, w, side.env, side.command...); err != nil {
			return nil, err
		}
		defer running[k].stop()
		r.first[k] = running[k].first
	}
	for range reps {
		for k, p := range running {
			a, err := p.ask("again")
			if err != nil {
				return nil, err
			}
			r.times[k], r.values[k] = append(r.times[k], a.Seconds), a.Value
		}
	}
	for k, p := range running {
		r.peak[k] = p.peak()
	}
	return r, nil
}

// tables prints what was measured.
func tables(results []*result, reps int) {
	fmt.Printf("%s. Medians of %d runs in turn, two cores each; ms. Ratios above 1: neurograd is faster.\n\n", machine.Read().Processor, reps)
	fmt.Println("| workload | neurograd | TVB-Optim float64 | ratio | TVB-Optim float32 | ratio | a number of each result |\n|---|---|---|---|---|---|---|")
	for _, r := range results {
		var t [sides]float64
		for k := range t {
			slices.Sort(r.times[k])
			t[k] = r.times[k][len(r.times[k])/2] * 1e3
		}
		fmt.Printf("| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.4g, %.4g, %.4g |\n", r.name, t[0], t[1], t[1]/t[0], t[2], t[2]/t[0], r.values[0], r.values[1], r.values[2])
	}
	fmt.Println("\nThe number: mean of the last 500 samples; length of the gradient by J_N; loss after the fit.")
	fmt.Print("\nFrom the start of the process to the first result, s, and the most memory that the process held, MB: neurograd, float64, float32.\n\n")
	fmt.Println("| workload | start | | | memory | | |\n|---|---|---|---|---|---|---|")
	for _, r := range results {
		fmt.Printf("| %s | %.2f | %.1f | %.1f | %.0f | %.0f | %.0f |\n", r.name, r.first[0], r.first[1], r.first[2], r.peak[0], r.peak[1], r.peak[2])
	}
}
