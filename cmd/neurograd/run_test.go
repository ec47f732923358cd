package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/npz"
	"github.com/neurograd/neurograd/models"
)

// Every model runs with every solver, in its default network.
func TestRunModels(t *testing.T) {
	inFolder(t)
	for _, m := range models.All() {
		for _, method := range solverNames() {
			stdout := succeed(t, "run", "--connectome", "three.npz", "--model", strings.ToLower(m.Name), "--solver", method, "--end", "20", "--step", "0.5", "--no-plots", "--json", "--quiet")
			var r runReport
			if err := json.Unmarshal([]byte(stdout), &r); err != nil {
				t.Fatal(err)
			}
			if r.Model != m.Name || r.Solver != method || r.Samples != 40 || len(r.Variables) != len(m.States) {
				t.Errorf("%s, %s: %+v", m.Name, method, r)
			}
		}
	}
}

// Both files hold the same numbers, and the report describes them.
func TestRunFiles(t *testing.T) {
	inFolder(t)
	var r runReport
	stdout := succeed(t, "run", "--connectome", "three.npz", "--speed", "3", "--end", "200", "--record", "H,S", "--json", "--quiet", "--out", "out")
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatal(err)
	}
	archive, err := npz.Open("out/trajectory.npz")
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if names := archive.Names(); !slices.Equal(names, []string{"time", "S", "H", "region_labels"}) {
		t.Errorf("members %v", names)
	}
	read := func(name string) *npz.Array {
		a, err := archive.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	time, s, h := read("time"), read("S"), read("H")
	if regions := read("region_labels").Strings; !slices.Equal(regions, []string{"left", "middle", "right"}) {
		t.Errorf("regions %v", regions)
	}
	if len(time.Floats) != 50 || time.Floats[0] != 4 || time.Floats[49] != 200 || !slices.Equal(s.Shape, []int{50, 3}) {
		t.Errorf("times %v, shape of S %v", time.Floats, s.Shape)
	}
	rows := readTable(t, "out/trajectory.csv")
	if !slices.Equal(rows[0], []string{"time_ms", "S left", "S middle", "S right", "H left", "H middle", "H right"}) || len(rows) != 51 {
		t.Fatalf("%d rows under %v", len(rows), rows[0])
	}
	var sum float64
	for k, row := range rows[1:] {
		for i := range 3 {
			if number(t, row[1+i]) != s.Floats[3*k+i] || number(t, row[4+i]) != h.Floats[3*k+i] || number(t, row[0]) != time.Floats[k] {
				t.Fatalf("row %d of the CSV file is %v, the archive has S %v", k, row, s.Floats[3*k:3*k+3])
			}
			sum += s.Floats[3*k+i]
		}
	}
	if v := r.Variables["S"]; math.Abs(v.Mean-sum/150) > 1e-12 || v.Min != slices.Min(s.Floats) || v.Max != slices.Max(s.Floats) {
		t.Errorf("report of S %+v", v)
	}
	if !exists("out", "activity.png") || len(r.Files) != 3 || r.Connectome != "three.npz" || r.Regions != 3 {
		t.Errorf("report %+v", r)
	}
}

// Flags act: the same seed gives the same bits, another seed, noise or parameter other ones.
func TestRunFlags(t *testing.T) {
	inFolder(t)
	mean := func(flags ...string) float64 {
		var r runReport
		stdout := succeed(t, append([]string{"run", "--connectome", "three.npz", "--end", "200", "--no-plots", "--json", "--quiet"}, flags...)...)
		if err := json.Unmarshal([]byte(stdout), &r); err != nil {
			t.Fatal(err)
		}
		return r.Variables["S"].Mean
	}
	seen := map[float64]string{}
	for _, flags := range []string{"", "--seed 7", "--sigma 0", "--sigma 0.01", "--set dynamics.w=0.6", "--set dynamics.w=0.6 --set dynamics.I_o=0.3", "--step 2", "--speed 1", "--solver rk4"} {
		m := mean(strings.Fields(flags)...)
		if again := mean(strings.Fields(flags)...); again != m {
			t.Errorf("flags %q: mean %v and %v", flags, m, again)
		}
		if other, taken := seen[m]; taken {
			t.Errorf("flags %q and %q give the same", flags, other)
		}
		seen[m] = flags
	}
}

// The summary for people.
func TestRunSummary(t *testing.T) {
	inFolder(t)
	got := succeed(t, "run", "--connectome", "three.npz", "--speed", "2", "--end", "40", "--sigma", "0", "--model", "JansenRit", "--step", "1", "--record", "y1", "--set", "dynamics.mu=0.1", "--no-plots")
	want := `graph of 3 regions, left … right (three.npz)
edges: 9 (dense), density 1, symmetric
weights: 0 to 1; in-strength: mean 1.167, largest 1.5 (left)
lengths: 10 to 30 mm (apart from 0)
delays: up to 15 ms at 2 mm/ms
model: JansenRit, mu = 0.1
coupling: SigmoidalJansenRit of y1, y2, into input "delayed"
noise: none
solver: Heun, 40 steps of 1 ms

y1: mean `
	if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "\n\nwritten: neurograd-out/trajectory.npz\n         neurograd-out/trajectory.csv\n") {
		t.Errorf("got:\n%s\nwant:\n%s…", got, want)
	}
}

func TestRunInterrupted(t *testing.T) {
	inFolder(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	code := run(ctx, []string{"run", "--quiet", "--connectome", "three.npz"}, &stdout, &stderr)
	if code != exitInterrupted || stderr.String() != "neurograd run: interrupted before the first step; nothing was written\n" {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
}

// Thinned out, the samples are those of the whole run, and a run may be longer than memory holds samples.
func TestRunSampling(t *testing.T) {
	inFolder(t)
	series := func(flags ...string) (time, s []float64) {
		succeed(t, append([]string{"run", "--connectome", "three.npz", "--end", "200", "--no-plots", "--quiet", "--out", "out"}, flags...)...)
		for _, row := range readTable(t, "out/trajectory.csv")[1:] {
			time, s = append(time, number(t, row[0])), append(s, number(t, row[1]))
		}
		return time, s
	}
	_, all := series()
	time, each := series("--every", "20")
	if !slices.Equal(time, []float64{80, 160}) || !slices.Equal(each, []float64{all[19], all[39]}) {
		t.Errorf("every 20th: %v at %v", each, time)
	}
	time, means := series("--average", "25")
	var sum float64
	for _, x := range all[:25] {
		sum += x
	}
	if !slices.Equal(time, []float64{50, 150}) || math.Abs(means[0]-sum/25) > 1e-15 {
		t.Errorf("means of 25: %v at %v, the first one should be %v", means, time, sum/25)
	}
	series("--end", "400000", "--memory", "1", "--average", "1000") // 100,000 samples of 3 numbers would not fit
	for _, c := range []struct{ flags, want string }{
		{"--every 0", `--every "0": wanted a whole number, at least 1`},
		{"--average two", `--average "two": wanted`},
		{"--every 2 --average 3", "there is --every 2 already"},
		{"--average 51 --end 200", "--average 51 records nothing of a run of 50 samples"},
	} {
		_, stderr, code := neurograd(t, append([]string{"run", "--connectome", "three.npz"}, strings.Fields(c.flags)...)...)
		if code != exitInput || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit code %d: %s", c.flags, code, stderr)
		}
	}
}
