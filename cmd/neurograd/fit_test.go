package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/coupling"
	"github.com/neurograd/neurograd/graph"
	"github.com/neurograd/neurograd/models"
	"github.com/neurograd/neurograd/network"
	"github.com/neurograd/neurograd/noise"
	"github.com/neurograd/neurograd/observe"
	"github.com/neurograd/neurograd/optim"
	"github.com/neurograd/neurograd/param"
	"github.com/neurograd/neurograd/solver"
)

// short are the flags of a fit that takes no time.
var short = []string{"--connectome", "three.npz", "--end", "400", "--window", "50", "--steps-scalar", "3", "--steps-regional", "5"}

// libraryFit is what the program does, by the library alone: loss before, after one J_N, after J_N per region.
func libraryFit(t *testing.T, speed float64) (losses [3]float64, jn []float64) {
	t.Helper()
	g, err := graph.Load("three.npz")
	if err != nil {
		t.Fatal(err)
	}
	if g = g.NormalizeMax(); speed > 0 {
		g = g.Speed(speed)
	}
	sim, err := network.Prepare(network.Network{
		Dynamics: models.ReducedWongWang().With(param.Set{"w": 0.5, "I_o": 0.32}).Initial(param.Set{"S": 0.3}),
		Coupling: coupling.Set{"delayed": coupling.Linear("S").With(param.Set{"G": 0.75})},
		Graph:    g,
		Noise:    noise.Additive{Sigma: 0.002, States: []string{"S"}},
	}, solver.Heun{}, network.Grid{End: 400, Step: 4}, network.Options{Seed: 9})
	if err != nil {
		t.Fatal(err)
	}
	loss := observe.Last(50).Mean(observe.OverTime).Then(observe.SquaredError(0.5))
	value := func(p *param.Tree) float64 {
		v, err := sim.Value(t.Context(), p, loss)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	p := sim.Params().Free("dynamics.J_N")
	losses[0] = value(p)
	for k, steps := range []int{3, 5} {
		if k == 1 {
			p.Regional("dynamics.J_N")
		}
		r, err := optim.Fit(t.Context(), sim, loss, p, optim.Adam{Rate: 0.005}, optim.Options{Steps: steps})
		if err != nil {
			t.Fatal(err)
		}
		p = r.Params
		losses[k+1] = value(p)
	}
	return losses, p.Values("dynamics.J_N")
}

// The program gives the numbers of the library, with and without delays, and writes what it says.
func TestFit(t *testing.T) {
	inFolder(t)
	for _, c := range []struct {
		speed float64
		flags []string
	}{{0, nil}, {3, []string{"--speed", "3"}}} {
		want, jn := libraryFit(t, c.speed)
		stdout, stderr, code := neurograd(t, slices.Concat([]string{"fit", "--json", "--out", "results"}, short, c.flags)...)
		if code != exitDone {
			t.Fatalf("exit code %d:\n%s", code, stderr)
		}
		var got fitReport
		d := json.NewDecoder(strings.NewReader(stdout))
		d.DisallowUnknownFields()
		if err := d.Decode(&got); err != nil || d.More() {
			t.Fatalf("not one JSON object: %v\n%s", err, stdout)
		}
		if got.LossBefore != want[0] || got.Scalar.Loss != want[1] || got.Regional.Loss != want[2] || !slices.Equal(got.Regional.JN, jn) {
			t.Errorf("speed %v: losses %v, %v, %v and J_N %v, want %v and %v", c.speed, got.LossBefore, got.Scalar.Loss, got.Regional.Loss, got.Regional.JN, want, jn)
		}
		if got.Scalar.Mode != "tangents" || got.Scalar.Steps != 3 || got.Regional.Steps != 5 || got.Regional.Reason != "finished" || got.Regions != 3 || got.Seed != 9 || got.Interrupted {
			t.Errorf("report %+v, %+v, %+v", got, got.Scalar, got.Regional)
		}
		for _, text := range []string{"1 free value: forward mode (tangents)", "3 free values: ", "step 0/3  loss 0.", "step 4/5  loss 0.", "model: ReducedWongWang, w = 0.5, I_o = 0.32", "loss before the fit: 0."} {
			if !strings.Contains(stderr, text) {
				t.Errorf("no %q in the progress:\n%s", text, stderr)
			}
		}
		checkFitFiles(t, got)
	}
}

// checkFitFiles reads back what a fit wrote.
func checkFitFiles(t *testing.T, r fitReport) {
	t.Helper()
	names := []string{"parameters.json", "parameters.csv", "loss.csv", "activity_before.png", "activity_scalar_fit.png", "activity_regional_fit.png", "j_n_against_in_strength.png", "loss.png"}
	var want []string
	for _, name := range names {
		want = append(want, filepath.Join("results", name))
	}
	entries, err := os.ReadDir("results")
	if err != nil || len(entries) != len(names) || !slices.Equal(r.Files, want) {
		t.Errorf("files %v, in the folder %v, %v; want %v", r.Files, entries, err, want)
	}
	for _, path := range want[3:] {
		data, err := os.ReadFile(path)
		if err == nil {
			_, err = png.Decode(bytes.NewReader(data))
		}
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	var tree map[string]struct{ Value json.RawMessage }
	data, err := os.ReadFile(want[0])
	if err == nil {
		err = json.Unmarshal(data, &tree)
	}
	var jn []float64
	if err == nil {
		err = json.Unmarshal(tree["dynamics.J_N"].Value, &jn)
	}
	if err != nil || !slices.Equal(jn, r.Regional.JN) {
		t.Errorf("parameters.json: J_N %v, %v; want %v", jn, err, r.Regional.JN)
	}
	var regions []string
	jn = nil
	for _, row := range readTable(t, want[1]) {
		if row[0] == "dynamics.J_N" {
			regions, jn = append(regions, row[1]), append(jn, number(t, row[2]))
		}
	}
	if !slices.Equal(regions, []string{"left", "middle", "right"}) || !slices.Equal(jn, r.Regional.JN) {
		t.Errorf("parameters.csv: J_N %v of %v; want %v", jn, regions, r.Regional.JN)
	}
	rows := readTable(t, want[2])
	if len(rows) != 1+3+5 || number(t, rows[1][2]) != r.LossBefore || number(t, rows[4][2]) != r.Scalar.Loss || rows[8][0] != "regional" || rows[8][1] != "4" {
		t.Errorf("loss.csv: %v", rows)
	}
}

func readTable(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// More than four free values are fitted by the adjoint; a loss that is low enough ends the fit; parts
// can be left out.
func TestFitFlags(t *testing.T) {
	inFolder(t)
	decode := func(stdout string) (r fitReport) {
		if err := json.Unmarshal([]byte(stdout), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	example := decode(succeed(t, "fit", "--json", "--quiet", "--no-plots", "--end", "80", "--window", "5", "--steps-scalar", "0", "--steps-regional", "1"))
	if example.Connectome != "example" || example.Regions != 84 || example.Scalar != nil || example.Regional.Mode != "adjoint" || len(example.Regional.JN) != 84 {
		t.Errorf("the example without the first fit: %+v, %+v", example, example.Regional)
	}
	if exists("neurograd-out", "loss.png") || !exists("neurograd-out", "loss.csv") {
		t.Error("--no-plots writes pictures, or no table")
	}
	stopped := decode(succeed(t, slices.Concat([]string{"fit", "--json", "--quiet", "--no-plots"}, short, []string{"--stop-loss", "1"})...))
	if r := stopped.Regional; r.Reason != "stopped" || r.Steps != 0 || r.AtStep != 0 || r.Loss != stopped.Scalar.Loss {
		t.Errorf("--stop-loss 1: %+v", r)
	}
	scalar := decode(succeed(t, slices.Concat([]string{"fit", "--json", "--quiet"}, short, []string{"--steps-regional", "0", "--set", "dynamics.J_N=0.2", "--target", "0.4"})...))
	if jn := scalar.Scalar.JN; scalar.Regional != nil || math.Abs(jn-0.2) > 3*0.0051 || jn == 0.2 || exists("neurograd-out", "activity_regional_fit.png") {
		t.Errorf("--steps-regional 0 --set dynamics.J_N=0.2: %+v", scalar.Scalar)
	}
	if stdout := succeed(t, slices.Concat([]string{"fit", "--quiet", "--no-plots"}, short)...); stdout != "" {
		t.Errorf("--quiet prints %q", stdout)
	}
}

// What a fit wrote can be simulated, and fitted further.
func TestFitAgain(t *testing.T) {
	inFolder(t)
	var first, second fitReport
	for k, r := range []*fitReport{&first, &second} {
		args := slices.Concat([]string{"fit", "--json", "--quiet", "--no-plots"}, short)
		if k == 1 {
			args = append(args, "--steps-scalar", "0", "--params", "neurograd-out/parameters.json")
		}
		if err := json.Unmarshal([]byte(succeed(t, args...)), r); err != nil {
			t.Fatal(err)
		}
	}
	if second.LossBefore != first.Regional.Loss || !(second.Regional.Loss < first.Regional.Loss) {
		t.Errorf("second fit from loss %v to %v, the first ended at %v", second.LossBefore, second.Regional.Loss, first.Regional.Loss)
	}
}

// An interrupted fit writes the best parameters and says so, also as JSON.
func TestInterrupted(t *testing.T) {
	inFolder(t)
	for _, c := range []struct {
		at       string // interrupted when this is printed
		regional bool   // in the second fit
		message  string
	}{
		{"loss before", false, "neurograd fit: interrupted before the first step; nothing was written\n"},
		{"step 0/3", false, "neurograd fit: interrupted; the best parameters so far (loss 0."},
		{"with one J_N for all", false, "neurograd fit: interrupted; the best parameters so far (loss 0."},
		{"step 0/5", true, "neurograd fit: interrupted; the best parameters so far (loss 0."},
	} {
		out := filepath.Join(t.TempDir(), "out")
		ctx, cancel := context.WithCancel(t.Context())
		w := &cancelAt{text: c.at, cancel: cancel}
		var stdout bytes.Buffer
		code := run(ctx, slices.Concat([]string{"fit", "--json", "--out", out}, short), &stdout, w)
		if code != exitInterrupted || !strings.Contains(w.seen.String(), c.message) {
			t.Errorf("at %q: exit code %d:\n%s", c.at, code, w.seen.String())
		}
		if c.at == "loss before" {
			if stdout.Len() > 0 || exists(out, "parameters.json") {
				t.Errorf("interrupted before the first step, but there are results: %s", stdout.String())
			}
			continue
		}
		var r fitReport
		if err := json.Unmarshal(stdout.Bytes(), &r); err != nil || !r.Interrupted || r.Scalar == nil || (r.Regional != nil) != c.regional || len(r.Files) != 3 {
			t.Errorf("at %q: %v, %s", c.at, err, stdout.String())
		}
		succeed(t, "run", "--quiet", "--no-plots", "--connectome", "three.npz", "--end", "40", "--params", filepath.Join(out, "parameters.json"))
	}
}
