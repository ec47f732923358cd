package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/neurograd/neurograd/internal/machine"
	"github.com/neurograd/neurograd/internal/native"
	"github.com/neurograd/neurograd/internal/selfcheck"
	"github.com/neurograd/neurograd/network"
)

func doctorCommand() command {
	return command{
		name:    "doctor",
		summary: "check whether this machine is fit, and describe it for a bug report",
		details: `Prints what a bug report needs: version, platform, processor, memory; and checks this machine: do runs and
gradients have the bits that every platform must give, is there memory for the default budget of a gradient, can the
present folder be written. It measures how long a step takes. The exit code is 1 if a check fails; what fails comes with
a remedy.`,
		example: "neurograd doctor",
		define: func(f *flags) action {
			d := &doctor{cases: selfcheck.Cases(), folder: ".", machine: machine.Read}
			f.toggle(&d.json, "json", "print one JSON object and nothing else")
			return d.do
		},
	}
}

// backend says what computes steps, or in a line why none can be chosen.
func backend() string {
	b, err := network.AutoBackend.Resolve()
	if err != nil {
		why, _, _ := strings.Cut(err.Error(), "\n")
		return why
	}
	form := native.Chosen()
	if b == network.PortableBackend || form == nil {
		return b.String()
	}
	return b.String() + ", " + form.Why()
}

// doctor is the work of the command.
type doctor struct {
	output
	cases   []selfcheck.Case
	folder  string
	machine func() machine.Info
}

// doctorReport is what doctor --json prints. Its keys do not change.
type doctorReport struct {
	Command    string            `json:"command"`
	Version    string            `json:"version"`
	Revision   string            `json:"revision"` // of the source, "" where not known
	Go         string            `json:"go"`
	Platform   string            `json:"platform"`
	Build      map[string]string `json:"build"`       // settings of the compiler
	Settings   map[string]string `json:"environment"` // variables that are set
	Processor  string            `json:"processor"`   // "" where not known
	Features   []string          `json:"features"`
	Cores      int               `json:"cores"`
	GOMAXPROCS int               `json:"gomaxprocs"`
	Memory     uint64            `json:"memory_bytes"`    // 0 where not known
	Available  uint64            `json:"available_bytes"` // 0 where not known
	Backend    string            `json:"backend"`
	Checks     []check           `json:"checks"`
	Speed      []speed           `json:"speed"`
	OK         bool              `json:"ok"`
	Elapsed    float64           `json:"elapsed_s"`
}

// check is one thing that must be right.
type check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Found  string `json:"found"`
	Remedy string `json:"remedy"` // "" where nothing is wrong
}

// speed is what a step of a network takes.
type speed struct {
	Name     string  `json:"name"`
	Regions  int     `json:"regions"`
	Step     float64 `json:"step_us"`
	Gradient float64 `json:"gradient_step_us"` // forward and reverse
}

func (d *doctor) do(ctx context.Context, stdout, stderr io.Writer) error {
	began := time.Now()
	d.streams(stdout, stderr)
	if d.json {
		d.log = io.Discard
	}
	r := d.describe()
	r.print(d.log)
	r.Checks = append(r.Checks, checkMemory(r.Available), d.checkFolder())
	if _, err := network.AutoBackend.Resolve(); err != nil {
		r.Checks = append(r.Checks, noBackend(err))
		d.cases = nil // none can run
	}
	for _, c := range d.cases {
		r.Checks = append(r.Checks, checkBits(ctx, c))
	}
	if ctx.Err() != nil {
		return interrupted("interrupted; the checks are not complete")
	}
	failed := r.printChecks(d.log)
	for _, c := range d.cases {
		s, err := measure(ctx, c)
		if errors.Is(err, context.Canceled) {
			return interrupted("interrupted; the speed was not measured")
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", c.Name, err))
			continue
		}
		fmt.Fprintf(d.log, "%s: %.3g µs a step, %.3g µs with its part of a gradient\n", s.Name, s.Step, s.Gradient)
		r.Speed = append(r.Speed, s)
	}
	r.OK, r.Elapsed = failed == nil, time.Since(began).Seconds()
	return errors.Join(d.object(r), failed)
}

// describe is the report before anything is checked.
func (d *doctor) describe() *doctorReport {
	info := d.machine()
	r := &doctorReport{Command: "doctor", Version: version(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Build: map[string]string{}, Settings: map[string]string{}, Processor: info.Processor, Features: append([]string{}, info.Features...),
		Cores: runtime.NumCPU(), GOMAXPROCS: runtime.GOMAXPROCS(0), Memory: info.Memory, Available: info.Available, Backend: backend(),
		Checks: []check{}, Speed: []speed{}}
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, s := range build.Settings {
			switch s.Key {
			case "vcs.revision":
				r.Revision = s.Value + r.Revision
			case "vcs.modified":
				if s.Value == "true" {
					r.Revision += " with changes"
				}
			case "GOAMD64", "GOARM64", "CGO_ENABLED", "-race", "-gcflags":
				r.Build[s.Key] = s.Value
			}
		}
	}
	for _, name := range []string{"GODEBUG", "GOGC", "GOMAXPROCS", "GOMEMLIMIT"} {
		if value := os.Getenv(name); value != "" {
			r.Settings[name] = value
		}
	}
	return r
}

// print writes the description for people.
func (r *doctorReport) print(w io.Writer) {
	known := func(text string) string {
		if text == "" {
			return "not known"
		}
		return text
	}
	line := func(name, text string) { fmt.Fprintf(w, "%-12s %s\n", name, text) }
	line("neurograd", strings.TrimSpace(r.Version+" "+r.Revision))
	line("go", strings.TrimSpace(r.Go+", "+r.Platform+" "+listed(r.Build)))
	line("processor", known(r.Processor))
	features := known(strings.Join(r.Features, " "))
	if !slices.Contains(r.Features, "FMA") {
		features += " (without FMA, which is then computed in software, much slower)"
	}
	line("features", features)
	line("cores", fmt.Sprintf("%d, of which %d are used (GOMAXPROCS)", r.Cores, min(r.Cores, r.GOMAXPROCS)))
	line("memory", fmt.Sprintf("%s, %s available", gibibytes(r.Memory), gibibytes(r.Available)))
	line("backend", r.Backend)
	if len(r.Settings) > 0 {
		line("environment", listed(r.Settings))
	}
	fmt.Fprintln(w)
}

// listed is "a=1 b=2", in the order of the names.
func listed(settings map[string]string) string {
	var list []string
	for name, value := range settings {
		list = append(list, name+"="+value)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func gibibytes(n uint64) string {
	if n == 0 {
		return "not known"
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}

// printChecks writes the checks and returns the error that names those that fail.
func (r *doctorReport) printChecks(w io.Writer) error {
	failed := 0
	for _, c := range r.Checks {
		if c.OK {
			fmt.Fprintf(w, "ok     %s: %s\n", c.Name, c.Found)
			continue
		}
		failed++
		fmt.Fprintf(w, "FAILS  %s: %s\n       %s\n", c.Name, c.Found, c.Remedy)
	}
	fmt.Fprintln(w)
	if failed == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d checks fail", failed, len(r.Checks))
}

// measure is how long a step of a network takes: the shortest of three runs of some hundred steps.
func measure(ctx context.Context, c selfcheck.Case) (speed, error) {
	const steps = 500
	s, err := c.Prepare(steps)
	if err != nil {
		return speed{}, err
	}
	p, free := s.Params(), selfcheck.Free(s)
	run := func() error { _, err := s.Value(ctx, p, selfcheck.Loss{}); return err }
	gradient := func() error { _, _, err := s.Gradient(ctx, free, selfcheck.Loss{}); return err }
	m := speed{Name: c.Name, Regions: len(s.Regions())}
	if m.Step, err = shortest(run, steps); err != nil {
		return speed{}, err
	}
	m.Gradient, err = shortest(gradient, steps)
	return m, err
}

// shortest is the least time, of three, that work takes, divided by steps, in µs.
func shortest(work func() error, steps int) (float64, error) {
	least := time.Duration(1<<63 - 1)
	for range 3 {
		began := time.Now()
		if err := work(); err != nil {
			return 0, err
		}
		least = min(least, time.Since(began))
	}
	return float64(least.Nanoseconds()) / 1e3 / float64(steps), nil
}
