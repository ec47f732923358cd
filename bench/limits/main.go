// Limits measures how far the phases of a step are from what a core can do: each one beside the same loop in C with
// vector intrinsics, and beside the time that its fused multiply-adds alone would take, on this machine, in turn.
//
//	go run ./bench/limits -c ../shared/limits
//
// The C programs are written for AVX-512. Where the processor has none they are compiled with pairs of AVX2 vectors in
// the place of its vectors: the same loops, though not always the best ones for sixteen registers. The table is Markdown.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/neurograd/neurograd/bench/internal/phase"
	"github.com/neurograd/neurograd/internal/machine"
	"github.com/neurograd/neurograd/internal/native"
)

func main() {
	folder := flag.String("c", "../shared/limits", "folder of the C programs")
	compiler := flag.String("cc", "gcc", "C compiler")
	reps := flag.Int("reps", 5, "repetitions")
	flag.Parse()
	if err := report(*compiler, *folder, max(*reps, 1)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// programs are the C programs that are run.
var programs = []string{peak, "step", "basic", "short", "lanes", "noise"}

func report(compiler, folder string, reps int) error {
	bin, err := os.MkdirTemp("", "neurograd-limits-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(bin)
	c, err := build(compiler, folder, bin, programs)
	if err != nil {
		return err
	}
	list, err := lines(folder)
	if err != nil {
		return err
	}
	figures := make([]figure, len(list))
	var rate float64 // fused multiply-adds per ns
	for range reps {
		for _, program := range programs {
			text, err := c.run(program)
			if err != nil {
				return err
			}
			if program == peak {
				r, err := least(text, []string{number("peak:")})
				if err != nil {
					return err
				}
				rate = max(rate, r)
			}
			for i := range list {
				if list[i].program == program {
					if err := figures[i].measure(list[i], c, text); err != nil {
						return err
					}
				}
			}
		}
	}
	ours := "plain Go"
	if form := native.Chosen(); form != nil {
		ours = "machine code for " + form.String()
	}
	fmt.Printf("%s. Ours: %s, one core. C: %s %s. ns; smallest (median) of %d repetitions in turn.\n", machine.Read().Processor, ours, compiler, c.how, reps)
	fmt.Printf("Floor: the fused multiply-adds of the sums alone at %.0f per ns, the peak that was measured.\n\n", rate)
	fmt.Println("| phase | floor | C | ours | ours / C | ours also does |\n|---|---|---|---|---|---|")
	for i := range list {
		fmt.Println(figures[i].row(list[i], rate))
	}
	return nil
}

// figure is what was measured for a line, one number per repetition, ns.
type figure struct{ c, ours []float64 }

// measure reads the C program's figure and times ours.
func (f *figure) measure(l line, c *suite, text string) error {
	patterns := l.c
	if c.wide {
		patterns = append(slices.Clone(l.c), l.wide...)
	}
	theirs, err := least(text, patterns)
	if err != nil {
		return err
	}
	f.c = append(f.c, theirs)
	if l.work.Work == nil {
		return nil
	}
	ours, err := best(l.work)
	f.ours = append(f.ours, ours)
	return err
}

// best is the smallest mean time per unit over five spans of at least 30 ms, as the C programs take it.
func best(p phase.Phase) (float64, error) {
	least := 0.0
	for span := range 6 {
		var spent time.Duration
		units := 0
		for spent < 30*time.Millisecond {
			t, err := p.Work()
			if err != nil {
				return 0, err
			}
			spent, units = spent+t, units+p.Units
		}
		mean := float64(spent.Nanoseconds()) / float64(units)
		if span == 1 || span > 1 && mean < least { // the first one warms up
			least = mean
		}
	}
	return least, nil
}

// row is the line as Markdown.
func (f *figure) row(l line, rate float64) string {
	floor, ours, ratio := "", "—", "—"
	if l.terms > 0 {
		floor = fmt.Sprintf("%.0f", float64(l.terms)/rate)
	}
	cMin, cMedian := summary(f.c)
	if len(f.ours) > 0 {
		min, median := summary(f.ours)
		ours, ratio = fmt.Sprintf("%s (%s)", digits(min), digits(median)), fmt.Sprintf("%.2f (%.2f)", min/cMin, median/cMedian)
	}
	return "| " + strings.Join([]string{l.name, floor, fmt.Sprintf("%s (%s)", digits(cMin), digits(cMedian)), ours, ratio, l.more}, " | ") + " |"
}

// digits writes ns: whole ones, but for what is less than 100.
func digits(ns float64) string {
	if ns < 100 {
		return fmt.Sprintf("%.1f", ns)
	}
	return fmt.Sprintf("%.0f", ns)
}

func summary(x []float64) (min, median float64) {
	slices.Sort(x)
	return x[0], phase.Median(x)
}
