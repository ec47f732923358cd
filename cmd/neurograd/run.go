package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/neurograd/neurograd/internal/npz"
	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/plot"
	"github.com/neurograd/neurograd/solver"
)

func runCommand() command {
	return command{
		name:    "run",
		summary: "simulate a network",
		details: `Simulates a network, by default that of "neurograd fit", and writes its samples as trajectory.npz
(time [T], each variable [T][N], region_labels [N]) and trajectory.csv, and a picture, activity.png.`,
		example: "neurograd run --model JansenRit --step 1 --end 2000 --record y1,y2 --set dynamics.mu=0.15",
		define: func(f *flags) action {
			c := &simulation{experiment: newExperiment()}
			c.addFlags(f)
			return c.do
		},
	}
}

// simulation is the work of the command.
type simulation struct {
	*experiment
	output
	*prepared
}

func (s *simulation) addFlags(f *flags) {
	e := s.experiment
	e.addModelFlags(f)
	f.add("record", "NAMES", "states and auxiliaries to record, separated by commas; without it all states", "", func(text string) error {
		e.record = strings.Split(text, ",")
		if slices.Contains(e.record, "") {
			return errors.New("wanted names separated by commas, such as S,H")
		}
		return nil
	})
	e.addSampling(f, "every", "record only the last of every N samples, for long runs", network.Every)
	e.addSampling(f, "average", "record the mean of every N samples", network.Average)
	e.addFlags(f)
	s.output.addFlags(f)
}

// addSampling declares a flag that thins the samples out.
func (e *experiment) addSampling(f *flags, name, meaning string, sampling func(int) network.Sampling) {
	f.add(name, "N", meaning, "", func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return errors.New("wanted a whole number, at least 1")
		}
		if e.each > 0 {
			return fmt.Errorf("there is --%s %d already; wanted one of --every and --average, once", e.thinned, e.each)
		}
		e.sampling, e.each, e.thinned = sampling(n), n, name
		return nil
	})
}

// addModelFlags declares the flags that choose model and solver.
func (e *experiment) addModelFlags(f *flags) {
	f.add("model", "NAME", "model of a region: "+strings.Join(modelNames(), ", "), e.model.Name, func(text string) error {
		m, ok := findModel(text)
		if !ok {
			return fmt.Errorf("unknown model%s", suggest.Hint(text, modelNames()))
		}
		e.model = m
		return nil
	})
	f.add("solver", "NAME", "method: "+strings.Join(solverNames(), ", "), "heun", func(text string) error {
		for _, method := range solvers() {
			if strings.EqualFold(method.Name(), text) {
				e.method = method
				return nil
			}
		}
		return fmt.Errorf("unknown solver%s", suggest.Hint(text, solverNames()))
	})
}

// findModel is the model of that name, in any letter case.
func findModel(name string) (models.Model, bool) {
	for _, m := range models.All() {
		if strings.EqualFold(m.Name, name) {
			return m, true
		}
	}
	return models.Model{}, false
}

func modelNames() []string {
	var names []string
	for _, m := range models.All() {
		names = append(names, m.Name)
	}
	return names
}

func solvers() []solver.Solver { return []solver.Solver{solver.Euler{}, solver.Heun{}, solver.RK4{}} }

func solverNames() []string {
	var names []string
	for _, method := range solvers() {
		names = append(names, strings.ToLower(method.Name()))
	}
	return names
}

func (s *simulation) do(ctx context.Context, stdout, stderr io.Writer) error {
	began := time.Now()
	var err error
	if s.prepared, err = s.prepare(); err != nil {
		return err
	}
	if err := s.open(stdout, stderr); err != nil {
		return err
	}
	fmt.Fprintf(s.log, "%s\n", s.describe())
	r, err := s.sim.Run(ctx, s.params)
	if err != nil {
		return firstRun(err)
	}
	report := s.report(r)
	for _, name := range r.Variables {
		v := report.Variables[name]
		fmt.Fprintf(s.log, "%s: mean %.6g, from %.6g to %.6g\n", name, v.Mean, v.Min, v.Max)
	}
	if err := s.write(r); err != nil {
		return err
	}
	fmt.Fprintf(s.log, "\nwritten: %s\n", strings.Join(s.files, "\n         "))
	report.Files, report.Elapsed = s.files, time.Since(began).Seconds()
	return s.object(report)
}

// runReport is what run --json prints. Its keys do not change.
type runReport struct {
	Command    string                    `json:"command"`
	Version    string                    `json:"version"`
	Model      string                    `json:"model"`
	Solver     string                    `json:"solver"`
	Connectome string                    `json:"connectome"`
	Regions    int                       `json:"regions"`
	Seed       uint64                    `json:"seed"`
	End        float64                   `json:"end_ms"`
	Step       float64                   `json:"step_ms"`
	Samples    int                       `json:"samples"`
	Variables  map[string]variableReport `json:"variables"`
	Files      []string                  `json:"files"`
	Elapsed    float64                   `json:"elapsed_s"`
}

type variableReport struct {
	Mean float64 `json:"mean"`
	Min  float64 `json:"min"`
	Max  float64 `json:"max"`
}

func (s *simulation) report(r *network.Result) runReport {
	report := runReport{Command: "run", Version: version(), Model: s.net.Dynamics.Name, Solver: strings.ToLower(s.method.Name()), Connectome: s.name(),
		Regions: s.graph.N(), Seed: s.seed, End: s.end, Step: s.step, Samples: len(r.Time), Variables: map[string]variableReport{}}
	for k, name := range r.Variables {
		v := variableReport{Min: r.Data[0][k][0], Max: r.Data[0][k][0]}
		for _, sample := range r.Data {
			for _, x := range sample[k] {
				v.Mean += x
				v.Min, v.Max = min(v.Min, x), max(v.Max, x)
			}
		}
		v.Mean /= float64(len(r.Time) * len(r.Regions))
		report.Variables[name] = v
	}
	return report
}

// write writes the trajectory in both formats and the picture, all at once.
func (s *simulation) write(r *network.Result) error {
	return s.together(
		func(o *output) error {
			return o.write("trajectory.npz", func(w io.Writer) error { return npz.Write(w, trajectory(r)...) })
		},
		func(o *output) error { return writeTable(o, r) },
		func(o *output) error {
			if o.noPlots {
				return nil
			}
			return o.picture("activity.png", s.panels(r)...)
		},
	)
}

// trajectory is the members of trajectory.npz.
func trajectory(r *network.Result) []npz.Array {
	arrays := []npz.Array{{Name: "time", Shape: []int{len(r.Time)}, Floats: r.Time}}
	for v, name := range r.Variables {
		a := npz.Array{Name: name, Shape: []int{len(r.Time), len(r.Regions)}, Floats: make([]float64, 0, len(r.Time)*len(r.Regions))}
		for _, sample := range r.Data {
			a.Floats = append(a.Floats, sample[v]...)
		}
		arrays = append(arrays, a)
	}
	return append(arrays, npz.Array{Name: "region_labels", Shape: []int{len(r.Regions)}, Strings: r.Regions})
}

// writeTable writes trajectory.csv, a row for each sample.
func writeTable(o *output, r *network.Result) error {
	header := []string{"time_ms"}
	for _, name := range r.Variables {
		for _, region := range r.Regions {
			header = append(header, name+" "+region)
		}
	}
	return o.numbers("trajectory.csv", header, len(r.Time), func(line []byte, t int) []byte {
		line = appendExact(line, r.Time[t])
		for _, regions := range r.Data[t] {
			for _, x := range regions {
				line = appendExact(append(line, ','), x)
			}
		}
		return line
	})
}

// panels are one picture per variable, lower the more there are.
func (s *simulation) panels(r *network.Result) []plot.Panel {
	units := map[string]string{}
	for _, state := range s.net.Dynamics.States {
		if state.Unit != "" {
			units[state.Name] = " (" + state.Unit + ")"
		}
	}
	var all []plot.Panel
	for _, name := range r.Variables {
		p := activity("", r, name)
		p.YLabel += units[name]
		if len(r.Variables) > 1 {
			p.Height = 3
		}
		all = append(all, p)
	}
	return all
}
