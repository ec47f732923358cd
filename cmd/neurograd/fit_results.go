package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
)

// fitReport is what fit --json prints. Its keys do not change.
type fitReport struct {
	Command     string          `json:"command"`
	Version     string          `json:"version"`
	Connectome  string          `json:"connectome"`
	Regions     int             `json:"regions"`
	Seed        uint64          `json:"seed"`
	LossBefore  float64         `json:"loss_before"`
	Scalar      *scalarReport   `json:"scalar"`   // null where this fit was left out or not reached
	Regional    *regionalReport `json:"regional"` // likewise
	Interrupted bool            `json:"interrupted"`
	Files       []string        `json:"files"`
	Elapsed     float64         `json:"elapsed_s"`
}

type scalarReport struct {
	JN float64 `json:"J_N"`
	stageReport
}

type regionalReport struct {
	JN []float64 `json:"J_N"` // by region, in the order of the file
	stageReport
}

type stageReport struct {
	Loss   float64 `json:"loss"`    // of J_N
	AtStep int     `json:"at_step"` // the step that J_N belongs to
	Steps  int     `json:"steps"`
	Mode   string  `json:"mode"`   // "tangents" or "adjoint"
	Reason string  `json:"reason"` // "finished", "stopped" or "cancelled"
}

func (s *stage) report() stageReport {
	mode := "tangents"
	if s.result.Mode == optim.Adjoint {
		mode = "adjoint"
	}
	return stageReport{Loss: s.loss, AtStep: s.step, Steps: s.result.Steps, Mode: mode, Reason: s.result.Reason.String()}
}

func (f *fit) report(before float64, cancelled bool) fitReport {
	r := fitReport{Command: "fit", Version: version(), Connectome: f.name(), Regions: f.graph.N(), Seed: f.seed,
		LossBefore: before, Interrupted: cancelled, Files: f.files}
	if f.scalar != nil && f.scalar.step >= 0 {
		r.Scalar = &scalarReport{f.scalar.params.Values(fitted)[0], f.scalar.report()}
	}
	if f.regional != nil && f.regional.step >= 0 {
		r.Regional = &regionalReport{f.regional.params.Values(fitted), f.regional.report()}
	}
	return r
}

// write writes the parameters first, then the history, then, if wanted, the pictures.
func (f *fit) write(ctx context.Context, pictures bool) error {
	best := f.best().params
	if err := f.output.write("parameters.json", best.WriteJSON); err != nil {
		return err
	}
	if err := f.output.write("parameters.csv", func(w io.Writer) error { return best.WriteCSV(w, f.graph.Labels()) }); err != nil {
		return err
	}
	if err := f.table("loss.csv", []string{"fit", "step", "loss"}, append(f.scalar.history("scalar"), f.regional.history("regional")...)); err != nil {
		return err
	}
	if pictures {
		if err := f.pictures(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(f.log, "written: %s\n", strings.Join(f.files, "\n         "))
	return nil
}

// history is the rows of a stage in loss.csv; a stage that was left out has none.
func (s *stage) history(name string) [][]string {
	if s == nil {
		return nil
	}
	var rows [][]string
	for k, loss := range s.result.Losses {
		rows = append(rows, []string{name, strconv.Itoa(k), exact(loss)})
	}
	return rows
}

// pictures shows the activity before and after each fit, what was fitted, and how the loss went.
func (f *fit) pictures(ctx context.Context) error {
	if f.noPlots {
		return nil
	}
	if err := f.activity(ctx, "activity_before.png", "Activity before the Fit", f.params); err != nil {
		return err
	}
	var history [2][]float64
	if f.scalar != nil {
		if err := f.activity(ctx, "activity_scalar_fit.png", "Activity with One J_N for All Regions", f.scalar.params); err != nil {
			return err
		}
		history[0] = f.scalar.result.Losses
	}
	if f.regional != nil {
		if err := f.activity(ctx, "activity_regional_fit.png", "Activity with One J_N per Region", f.regional.params); err != nil {
			return err
		}
		if err := f.picture("j_n_against_in_strength.png", againstStrength(f.graph.InStrength(), f.regional.params.Values(fitted))); err != nil {
			return err
		}
		history[1] = f.regional.result.Losses
	}
	return f.picture("loss.png", losses(history[0], history[1], f.stop))
}

// activity simulates with the parameters and draws all regions, the target and the mean.
func (f *fit) activity(ctx context.Context, name, title string, p *param.Tree) error {
	r, err := f.sim.Run(ctx, p)
	if err != nil {
		return err
	}
	mean, err := f.sim.Value(ctx, p, observe.Last(f.window).Mean(observe.OverAll))
	if err != nil {
		return err
	}
	return f.picture(name, activity(title, r, r.Variables[0], targetAndMean(f.target, mean)...))
}
