package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/neurograd/neurograd/graph"
)

func graphCommand() command {
	return command{
		name:    "graph",
		summary: "show a brain network, or convert its file",
		details: `"graph show FILE" summarises a brain network: size, weights, in-strength, lengths and, with --speed,
delays; and draws graph.png: the matrices of weights and lengths (white: no connection), the weights by
length, and the delays. "graph convert FILE OUT" writes it in another format, with the same bits.
FILE and OUT are .npz or lists weights.csv,lengths.csv,regions.csv (.csv, .tsv, .txt); FILE may also be a
TVB .zip or folder.`,
		example: "neurograd graph show weights.csv,lengths.csv --speed 3",
		define: func(f *flags) action {
			c := &graphs{}
			f.form = "show FILE | convert FILE OUT"
			f.number(&c.speed, "speed", "MM_PER_MS", "show: conduction speed, for the delays", "a speed in mm/ms above 0, such as 3", positive)
			c.output.addFlags(f)
			return func(_ context.Context, stdout, stderr io.Writer) error { return c.do(f.words, stdout, stderr) }
		},
	}
}

// graphs is the work of the command.
type graphs struct {
	output
	speed float64
}

func (c *graphs) do(words []string, stdout, stderr io.Writer) error {
	const forms = "\nwanted: neurograd graph show FILE, or: neurograd graph convert FILE OUT"
	switch {
	case len(words) == 0:
		return wrong("nothing to do is named%s", forms)
	case words[0] == "show" && len(words) == 2:
		return c.show(words[1], stdout, stderr)
	case words[0] == "convert" && len(words) == 3:
		return c.convert(words[1], words[2], stdout, stderr)
	case words[0] == "show":
		return wrong("show takes one file, got %d%s", len(words)-1, forms)
	case words[0] == "convert":
		return wrong("convert takes two files, got %d%s", len(words)-1, forms)
	}
	return wrong("unknown word %q%s", words[0], forms)
}

// read is the graph of a file, with the weights as they are there.
func read(file string) (*graph.Graph, error) {
	g, err := graph.Load(file)
	if errors.Is(err, fs.ErrNotExist) {
		missing := file
		if p := (*fs.PathError)(nil); errors.As(err, &p) {
			missing = p.Path
		}
		return nil, wrong("%q: there is no such file; check the path", missing)
	}
	if err != nil {
		return nil, inputError{err}
	}
	return g, nil
}

func (c *graphs) convert(from, to string, stdout, stderr io.Writer) error {
	if c.speed > 0 {
		return wrong("--speed %v: files hold lengths, no speed; leave it out, and give it to the command that reads %s", c.speed, to)
	}
	c.streams(stdout, stderr)
	g, err := read(from)
	if err != nil {
		return err
	}
	if err := g.Save(to); err != nil {
		return inputError{err}
	}
	fmt.Fprintf(c.log, "%s\nwritten: %s\n", g.Info(), to)
	return c.object(map[string]any{"command": "graph convert", "version": version(), "from": from, "to": to, "regions": g.N(), "edges": len(g.Weights())})
}

// graphReport is what graph show --json prints. Its keys do not change.
type graphReport struct {
	Command    string   `json:"command"`
	Version    string   `json:"version"`
	File       string   `json:"file"`
	Regions    int      `json:"regions"`
	Edges      int      `json:"edges"`
	Density    float64  `json:"density"`
	InStrength summary  `json:"in_strength"`
	Lengths    *summary `json:"lengths_mm"` // of edges whose weight is not 0; null where there are none
	Delays     *summary `json:"delays_ms"`  // likewise
	Files      []string `json:"files"`
}

// summary is what a set of numbers is like.
type summary struct {
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
	Mean   float64 `json:"mean"`
	Max    float64 `json:"max"`
}

func (s summary) String() string {
	return fmt.Sprintf("%.4g to %.4g, mean %.4g, median %.4g", s.Min, s.Max, s.Mean, s.Median)
}

// summarise is the summary of values, nil if there are none.
func summarise(values []float64) *summary {
	if len(values) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	s := &summary{Min: sorted[0], Max: sorted[n-1], Median: sorted[n/2]}
	if n%2 == 0 {
		s.Median = (sorted[n/2-1] + sorted[n/2]) / 2
	}
	for _, x := range sorted {
		s.Mean += x / float64(n)
	}
	return s
}

// connected keeps the values, by edge, of those edges whose weight is not 0.
func connected(g *graph.Graph, values []float64) []float64 {
	var kept []float64
	for e, x := range values {
		if g.Weights()[e] != 0 {
			kept = append(kept, x)
		}
	}
	return kept
}

func (c *graphs) show(file string, stdout, stderr io.Writer) error {
	g, err := read(file)
	if err != nil {
		return err
	}
	if c.speed > 0 {
		if g.Lengths() == nil {
			return wrong("--speed %v: %s has no tract lengths, so there are no delays; leave out --speed, or add lengths in mm", c.speed, file)
		}
		if g = g.Speed(c.speed); g.Err() != nil {
			return inputError{g.Err()}
		}
	}
	c.streams(stdout, stderr)
	if !c.noPlots {
		if err := c.open(stdout, stderr); err != nil {
			return err
		}
	}
	delays := connected(g, g.EdgeDelays())
	r := graphReport{Command: "graph show", Version: version(), File: file, Regions: g.N(), Edges: len(g.Weights()), Density: g.Density(),
		InStrength: *summarise(g.InStrength()), Lengths: summarise(connected(g, g.Lengths())), Delays: summarise(delays), Files: []string{}}
	fmt.Fprintf(c.log, "%sin-strength: %s\n", g.Info(), r.InStrength)
	if r.Delays != nil {
		fmt.Fprintf(c.log, "delays (ms) where the weight is not 0: %s\n", r.Delays)
	}
	if err := c.rows("graph.png", graphPanels(g, delays)...); err != nil {
		return err
	}
	if len(c.files) > 0 {
		r.Files = c.files
		fmt.Fprintf(c.log, "\nwritten: %s\n", strings.Join(c.files, "\n         "))
	}
	return c.object(r)
}
