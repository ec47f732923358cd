package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/neurograd/neurograd/sweep"
)

// progressReport is a line of sweep run --json. Its keys do not change.
type progressReport struct {
	Event     string  `json:"event"` // "progress", or "done" for the last line
	Folder    string  `json:"folder,omitempty"`
	Total     int     `json:"rows"`
	Done      int     `json:"done"` // with those that were there
	Resumed   int     `json:"resumed"`
	Failed    int     `json:"failed"` // in this run
	Rate      float64 `json:"rows_per_s"`
	Elapsed   float64 `json:"elapsed_s"`
	Remaining float64 `json:"remaining_s"`
}

func sweepReport(p sweep.Progress, event, folder string) progressReport {
	return progressReport{event, folder, p.Total, p.Resumed + p.Done, p.Resumed, p.Failed, p.Rate(), p.Elapsed.Seconds(), p.Remaining().Seconds()}
}

// bar shows the progress: a line that is renewed on a terminal, a line now and then elsewhere, JSON objects with --json.
type bar struct {
	w        io.Writer // for people
	events   io.Writer // nil without --json
	renewed  bool
	before   string // shown before the first progress
	last     sweep.Progress
	told     time.Time
	width    int
	anything bool
}

func newBar(w, events io.Writer, asJSON bool) *bar {
	b := &bar{w: w, renewed: isTerminal(w)}
	if asJSON {
		b.events = events
	}
	return b
}

// show takes the progress of a sweep.
func (b *bar) show(p sweep.Progress) {
	first, changed := b.told.IsZero(), p != b.last
	if b.last = p; first {
		fmt.Fprint(b.w, b.before)
	}
	every := 10 * time.Second
	if b.renewed || b.events != nil {
		every = 200 * time.Millisecond
	}
	if !first && !p.Finished() && time.Since(b.told) < every || !first && !changed {
		return
	}
	b.told = time.Now()
	switch {
	case b.events != nil:
		json.NewEncoder(b.events).Encode(sweepReport(p, "progress", ""))
	case b.renewed:
		line := b.line(p)
		fmt.Fprintf(b.w, "\r%-*s", b.width, line)
		b.width, b.anything = len(line), true
	default:
		fmt.Fprintln(b.w, b.line(p))
	}
}

// line is the progress in words.
func (b *bar) line(p sweep.Progress) string {
	const cells = 20
	there := p.Resumed + p.Done
	var text strings.Builder
	if b.renewed {
		full := cells * there / p.Total
		text.WriteString("[" + strings.Repeat("#", full) + strings.Repeat(".", cells-full) + "] ")
	}
	fmt.Fprintf(&text, "%d/%d rows", there, p.Total)
	if p.Failed > 0 {
		fmt.Fprintf(&text, ", %d failed", p.Failed)
	}
	if p.Done > 0 {
		fmt.Fprintf(&text, ", %.3g rows/s", p.Rate())
		if !p.Finished() {
			fmt.Fprintf(&text, ", %s left", p.Remaining().Round(time.Second))
		}
	} else if p.Resumed > 0 {
		text.WriteString(" were there")
	}
	return text.String()
}

// end leaves the last line.
func (b *bar) end() {
	if b.anything {
		fmt.Fprintln(b.w)
	}
}
