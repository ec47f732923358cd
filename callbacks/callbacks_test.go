package callbacks_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/callbacks"
	"github.com/neurograd/neurograd/optim"
)

// untimed replaces the elapsed seconds, which differ from run to run.
func untimed(text string) string {
	return regexp.MustCompile(`\d+\.\d s`).ReplaceAllString(text, "T s")
}

func TestPrint(t *testing.T) {
	const plan = "1 free value: forward mode (tangents); gradient descent, rate 0.25; "
	for _, c := range []struct {
		every, steps int
		want         []string
	}{
		{5, 12, []string{plan + "12 steps",
			"step  0/12  loss 1             T s",
			"step  5/12  loss 0.000976562   T s",
			"step 10/12  loss 9.53674e-07   T s",
			"step 11/12  loss 2.38419e-07   T s",
			"finished all 12 steps"}},
		{2, 3, []string{plan + "3 steps", "step 0/3  loss 1             T s", "step 2/3  loss 0.0625        T s", "finished all 3 steps"}},
		{0, 2, []string{plan + "2 steps", "step 0/2  loss 1             T s", "step 1/2  loss 0.25          T s", "finished all 2 steps"}},
		{7, 1, []string{plan + "1 step", "step 0/1  loss 1             T s", "finished 1 step"}},
	} {
		var b bytes.Buffer
		mustFit(t, c.steps, callbacks.Print{Every: c.every, W: &b})
		if got := untimed(b.String()); got != strings.Join(c.want, "\n")+"\n" {
			t.Errorf("every %d of %d:\n%s\nwant\n%s", c.every, c.steps, got, strings.Join(c.want, "\n"))
		}
	}
}

// Without a writer the lines go to standard error, and standard output stays empty.
func TestPrintToStandardError(t *testing.T) {
	dir := t.TempDir()
	files := map[string]*os.File{}
	for _, name := range []string{"out", "err"} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files[name] = f
	}
	out, err := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = files["out"], files["err"]
	_, fitErr := fit(2, callbacks.Print{})
	os.Stdout, os.Stderr = out, err
	if fitErr != nil {
		t.Fatal(fitErr)
	}
	printed, _ := os.ReadFile(files["out"].Name())
	progress, _ := os.ReadFile(files["err"].Name())
	if len(printed) != 0 || strings.Count(string(progress), "\n") != 4 {
		t.Errorf("standard output %q, standard error %q; want nothing and four lines", printed, progress)
	}
}

type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestPrintToClosedPipe(t *testing.T) {
	if r := mustFit(t, 3, callbacks.Print{W: closedPipe{}}); r.Reason != optim.Finished {
		t.Errorf("the fit ends: %s", r.Why)
	}
}

func TestStopLoss(t *testing.T) {
	// The losses are 1, 1/4, 1/16, …: a loss equal to the threshold is not below it.
	for _, c := range []struct {
		below float64
		step  int
		why   string
	}{
		{0.3, 1, "stopped at step 1 of 5: loss 0.25 is below 0.3"},
		{0.25, 2, "stopped at step 2 of 5: loss 0.0625 is below 0.25"},
		{2, 0, "stopped at step 0 of 5: loss 1 is below 2"},
		{0, 5, "finished all 5 steps"},
	} {
		r := mustFit(t, 5, callbacks.StopLoss{Below: c.below})
		if r.Why != c.why || r.Steps != c.step || r.Params.Theta()[0] != 1-math.Pow(0.5, float64(c.step)) {
			t.Errorf("below %v: %q after %d steps at %v; want %q", c.below, r.Why, r.Steps, r.Params.Theta(), c.why)
		}
	}
}

func TestSaveBest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "best.json")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	// Rate 1.25 makes 1 − J_N grow by −1.5 at each step, so that the first is the best.
	for _, c := range []struct {
		rate, want float64
	}{{0.25, 1 - 1.0/8}, {1.25, 0}} {
		seen := optim.StepFunc(func(e *optim.Event) error {
			if saved := load(t, path); e.Improved && saved != e.Params().Theta()[0] {
				t.Errorf("rate %v, step %d: the file holds %v, want %v", c.rate, e.Step, saved, e.Params().Theta())
			}
			return nil
		})
		if _, err := fitBy(optim.GradientDescent{Rate: c.rate}, 4, callbacks.Multi{callbacks.SaveBest{Path: path}, seen}); err != nil {
			t.Fatal(err)
		}
		if got := load(t, path); got != c.want {
			t.Errorf("rate %v: the file holds %v, want %v", c.rate, got, c.want)
		}
	}
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("files left: %v, %v; want best.json alone", files, err)
	}
}

func load(t *testing.T, path string) float64 {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := tree()
	if err := p.Apply(f); err != nil {
		t.Fatal(err)
	}
	return p.Theta()[0]
}

// A file that cannot be put in its place leaves no part of itself, and the fit its best parameters.
func TestSaveBestFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "best.json")
	if err := os.MkdirAll(filepath.Join(path, "full"), 0o755); err != nil { // a folder is in the way
		t.Fatal(err)
	}
	r, err := fit(3, callbacks.SaveBest{Path: path})
	if err == nil || !strings.Contains(err.Error(), "callbacks: SaveBest to ") || r == nil || r.Reason != optim.Failed || r.BestLoss != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("files left: %v", files)
	}
}

// noter is a callback that notes its calls and returns given errors.
type noter struct {
	name             string
	log              *[]string
	begin, step, end error
}

func (n noter) note(what string, err error) error {
	*n.log = append(*n.log, n.name+" "+what)
	return err
}

func (n noter) Begin(optim.Plan) error    { return n.note("begin", n.begin) }
func (n noter) Step(e *optim.Event) error { return n.note(fmt.Sprint(e.Step), n.step) }
func (n noter) End(*optim.Result) error   { return n.note("end", n.end) }

func TestMulti(t *testing.T) {
	broken, full := errors.New("broken"), errors.New("disk full")
	for _, c := range []struct {
		name  string
		a, b  noter
		log   []string
		why   string // of the result, "" where the fit does not start
		fails []error
	}{
		{name: "in order", log: []string{"a begin", "b begin", "a 0", "b 0", "a 1", "b 1", "a end", "b end"}, why: "finished all 2 steps"},
		{name: "first stop, seen by all", a: noter{step: optim.Stop{Reason: "A"}}, b: noter{step: optim.Stop{Reason: "B"}},
			log: []string{"a begin", "b begin", "a 0", "b 0", "a end", "b end"}, why: "stopped at step 0 of 2: A"},
		{name: "second stops", b: noter{step: optim.Stop{Reason: "B"}},
			log: []string{"a begin", "b begin", "a 0", "b 0", "a end", "b end"}, why: "stopped at step 0 of 2: B"},
		{name: "error before stop", a: noter{step: broken}, b: noter{step: optim.Stop{Reason: "B"}},
			log: []string{"a begin", "b begin", "a 0", "a end", "b end"}, why: "failed at step 0 of 2: callback: broken", fails: []error{broken}},
		{name: "error after stop", a: noter{step: optim.Stop{Reason: "A"}}, b: noter{step: broken},
			log: []string{"a begin", "b begin", "a 0", "b 0", "a end", "b end"}, why: "failed at step 0 of 2: callback: broken", fails: []error{broken}},
		{name: "no beginning", a: noter{begin: broken}, log: []string{"a begin"}, fails: []error{broken}},
		{name: "bad ends", a: noter{end: broken}, b: noter{end: full}, log: []string{"a begin", "b begin", "a 0", "b 0", "a 1", "b 1", "a end", "b end"},
			why: "finished all 2 steps", fails: []error{broken, full}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log []string
			c.a.name, c.a.log = "a", &log
			c.b.name, c.b.log = "b", &log
			r, err := fit(2, callbacks.Multi{c.a, c.b})
			if !slices.Equal(log, c.log) {
				t.Errorf("calls %q\nwant  %q", log, c.log)
			}
			if (err != nil) != (len(c.fails) > 0) {
				t.Errorf("error %v", err)
			}
			for _, want := range c.fails {
				if !errors.Is(err, want) {
					t.Errorf("error %v, want it to wrap %v", err, want)
				}
			}
			if (r == nil) != (c.why == "") || r != nil && r.Why != c.why {
				t.Errorf("result %+v, want %q", r, c.why)
			}
		})
	}
}

func TestBeginErrors(t *testing.T) {
	for _, c := range []struct {
		callback optim.Callback
		want     string
	}{
		{callbacks.Print{Every: -1, W: closedPipe{}}, "callbacks: Print.Every is -1; wanted a number of steps, or 0 for every step"},
		{callbacks.StopLoss{Below: math.NaN()}, "callbacks: StopLoss.Below is NaN; wanted a number, the loss at which to stop"},
		{callbacks.SaveBest{}, `callbacks: SaveBest without a Path; wanted the file to write: SaveBest{Path: "best.json"}`},
		{callbacks.SaveBest{Path: "no/such/best.json"}, `callbacks: SaveBest to "no/such/best.json": "no/such" is no folder; wanted an existing one: make it first`},
		{callbacks.Multi{callbacks.StopLoss{}, nil}, "callbacks: Multi: entry 1 is nil; wanted a callback: leave it out"},
	} {
		r, err := fit(1, c.callback)
		if want := "optim: callback before the first step: " + c.want; r != nil || err == nil || filepath.ToSlash(err.Error()) != want {
			t.Errorf("%v, %v\nwant %s", r, err, want)
		}
	}
}
