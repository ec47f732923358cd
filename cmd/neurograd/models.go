package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/neurograd/neurograd/ad"
	"github.com/neurograd/neurograd/internal/suggest"
	"github.com/neurograd/neurograd/models"
)

func modelsCommand() command {
	return command{
		name:    "models",
		summary: "list the models of a region, or show one",
		details: `Lists the models: number of states and parameters, and the paper. "models show NAME" shows one of them:
states with initial value and parameters with default, inputs, equations and DOI.`,
		example: "neurograd models show JansenRit --latex",
		define: func(f *flags) action {
			c := &modelList{}
			f.form = "[show NAME]"
			f.toggle(&c.latex, "latex", "print the equations of the model as LaTeX and nothing else")
			f.toggle(&c.json, "json", "print one JSON object and nothing else; of one model it has the LaTeX too")
			return func(_ context.Context, stdout, _ io.Writer) error { return c.do(f.words, stdout) }
		},
	}
}

// modelList is the work of the command.
type modelList struct {
	output
	latex bool
}

func (c *modelList) do(words []string, stdout io.Writer) error {
	c.stdout = stdout
	switch {
	case len(words) == 0 && c.latex:
		return wrong("--latex prints the equations of one model; name it: neurograd models show %s --latex", modelNames()[0])
	case len(words) == 0:
		return c.list()
	case words[0] != "show":
		return wrong("unknown word %q, wanted \"show\"; to show a model: neurograd models show %s", words[0], modelNames()[0])
	case len(words) != 2:
		return wrong("show takes the name of one model, got %d; known: %s", len(words)-1, strings.Join(modelNames(), ", "))
	}
	m, ok := findModel(words[1])
	if !ok {
		return wrong("unknown model %q%s", words[1], suggest.Hint(words[1], modelNames()))
	}
	r, err := reportModel(m)
	switch {
	case err != nil:
		return err
	case c.json:
		return c.object(r)
	case c.latex:
		_, err = fmt.Fprintln(stdout, r.LaTeX)
		return err
	}
	return r.print(stdout)
}

// modelLine is a model in the list of models --json. Its keys do not change.
type modelLine struct {
	Name       string `json:"name"`
	States     int    `json:"states"`
	Parameters int    `json:"parameters"`
	Source     string `json:"source"`
	DOI        string `json:"doi"`
}

func (c *modelList) list() error {
	var lines []modelLine
	for _, m := range models.All() {
		lines = append(lines, modelLine{m.Name, len(m.States), len(m.Params), m.Source, m.DOI})
	}
	if c.json {
		return c.object(map[string]any{"command": "models", "version": version(), "models": lines})
	}
	t := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "model\tstates\tparameters\tsource")
	for _, l := range lines {
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\n", l.Name, l.States, l.Parameters, l.Source)
	}
	return t.Flush()
}

// modelReport is what models show --json prints. Its keys do not change.
type modelReport struct {
	Command     string        `json:"command"`
	Version     string        `json:"version"`
	Name        string        `json:"name"`
	States      []valueReport `json:"states"`
	Parameters  []valueReport `json:"parameters"`
	Inputs      []inputReport `json:"inputs"`
	Auxiliaries []string      `json:"auxiliaries"`
	Equations   []string      `json:"equations"`
	LaTeX       string        `json:"latex"`
	Source      string        `json:"source"`
	DOI         string        `json:"doi"`
}

// valueReport is a state with its initial value, or a parameter with its default.
type valueReport struct {
	Name    string    `json:"name"`
	Value   float64   `json:"value"`
	Unit    string    `json:"unit"`
	Range   []float64 `json:"range"` // two numbers, or none if no range is stated
	Meaning string    `json:"meaning"`
}

type inputReport struct {
	Name    string   `json:"name"`
	Symbols []string `json:"symbols"`
	Kind    string   `json:"kind"` // instant, delayed or stimulus
}

func reportModel(m models.Model) (modelReport, error) {
	r := modelReport{Command: "models show", Version: version(), Name: m.Name, Auxiliaries: append([]string{}, m.Auxiliaries...), Source: m.Source, DOI: m.DOI}
	var symbols []string
	for _, s := range m.States {
		r.States = append(r.States, valueReport{s.Name, s.Initial, s.Unit, bounds(s.Lo, s.Hi), s.Meaning})
		symbols = append(symbols, s.Name)
	}
	for _, p := range m.Params {
		r.Parameters = append(r.Parameters, valueReport{p.Name, p.Default, p.Unit, bounds(p.Lo, p.Hi), p.Meaning})
		symbols = append(symbols, p.Name)
	}
	for _, in := range m.Inputs {
		kind := "delayed"
		if in.Instant {
			kind = "instant"
		}
		r.Inputs = append(r.Inputs, inputReport{in.Name, in.Symbols, kind})
		symbols = append(symbols, in.Symbols...)
	}
	for _, in := range m.External {
		r.Inputs = append(r.Inputs, inputReport{in.Name, in.Symbols, "stimulus"})
		symbols = append(symbols, in.Symbols...)
	}
	for line := range strings.Lines(m.Equations) {
		if line = strings.TrimSpace(line); line != "" {
			r.Equations = append(r.Equations, line)
		}
	}
	equations, err := ad.Parse(m.Equations, symbols...)
	if err != nil {
		return r, fmt.Errorf("equations of %s: %w", m.Name, err)
	}
	r.LaTeX = equations.LaTeX()
	return r, nil
}

// bounds is a range as a pair, empty if none is stated.
func bounds(lo, hi float64) []float64 {
	if lo == 0 && hi == 0 {
		return []float64{}
	}
	return []float64{lo, hi}
}

func (r modelReport) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s\n%s\nDOI %s\n", r.Name, r.Source, r.DOI)
	table := func(title, value string, rows []valueReport) {
		fmt.Fprintf(t, "\n%s\t%s\tunit\trange\tmeaning\n", title, value)
		for _, v := range rows {
			unit, span := v.Unit, "-"
			if unit == "" {
				unit = "-"
			}
			if len(v.Range) == 2 {
				span = exact(v.Range[0]) + " to " + exact(v.Range[1])
			}
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", v.Name, exact(v.Value), unit, span, v.Meaning)
		}
	}
	table("state", "initial", r.States)
	table("parameter", "default", r.Parameters)
	fmt.Fprint(t, "\ninput\tkind\tsymbols\n")
	for _, in := range r.Inputs {
		fmt.Fprintf(t, "%s\t%s\t%s\n", in.Name, in.Kind, strings.Join(in.Symbols, ", "))
	}
	if len(r.Auxiliaries) > 0 {
		fmt.Fprintf(t, "\nauxiliaries (can be recorded): %s\n", strings.Join(r.Auxiliaries, ", "))
	}
	fmt.Fprint(t, "\nequations\n")
	for _, line := range r.Equations {
		fmt.Fprintf(t, "  %s\n", line)
	}
	return t.Flush()
}
