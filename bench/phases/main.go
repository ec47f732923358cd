// Phases measures where the time of a simulation goes: nanoseconds per step of the coupling sums, of the
// step's program and its derivatives, of the noise, and of whole runs and gradients, for the 84 regions of
// the get-started network, beside what hand-written C takes for the same work; then what a step allocates
// and how the time to set up grows with the network.
//
//	go run ./bench/phases
//
// Figures are medians over repetitions, with the smallest beside them: on a busy machine trust the latter.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"
)

func main() {
	reps := flag.Int("reps", 25, "repetitions of every measurement")
	flag.Parse()
	if err := report(max(*reps, 1)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// row is one line of the table: work() does units of the work, once warm.
type row struct {
	phase string
	unit  string // what the time is per
	c     string // the same in C, ns
	units int
	work  func() error
}

func report(reps int) error {
	fmt.Printf("%s/%s, %s, %d processors; ns, median of %d (smallest)\n\n", runtime.GOOS, runtime.GOARCH, runtime.Version(), runtime.GOMAXPROCS(0), reps)
	for _, part := range []func() ([]row, error){sumRows, programRows, noiseRows, runRows, laneRows} {
		rows, err := part()
		if err != nil {
			return err
		}
		if err := print(rows, reps); err != nil {
			return err
		}
	}
	fmt.Println("C: hand-written AVX-512, gcc -O3, one core of an AMD EPYC, float64.")
	fmt.Println()
	if err := allocations(); err != nil {
		return err
	}
	fmt.Println()
	if err := growth(reps); err != nil {
		return err
	}
	fmt.Println()
	return compiling(reps)
}

func print(rows []row, reps int) error {
	for _, r := range rows {
		times, err := measure(reps, r.work)
		if err != nil {
			return fmt.Errorf("%s: %w", r.phase, err)
		}
		per := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(r.units) }
		c := ""
		if r.c != "" {
			c = "C: " + r.c
		}
		fmt.Printf("%-50s %10.1f (%.1f) per %s %s\n", r.phase, per(times[len(times)/2]), per(times[0]), r.unit, c)
	}
	return nil
}

// measure runs work once to warm up and then so many times; the times are sorted.
func measure(reps int, work func() error) ([]time.Duration, error) {
	if err := work(); err != nil {
		return nil, err
	}
	times := make([]time.Duration, reps)
	for i := range times {
		began := time.Now()
		if err := work(); err != nil {
			return nil, err
		}
		times[i] = time.Since(began)
	}
	slices.Sort(times)
	return times, nil
}
