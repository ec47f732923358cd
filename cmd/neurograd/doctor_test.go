package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/neurograd/neurograd/internal/machine"
	"github.com/neurograd/neurograd/internal/selfcheck"
)

// On a machine that passes all other tests, doctor finds nothing; its text and its object say the same.
func TestDoctor(t *testing.T) {
	inFolder(t)
	var r doctorReport
	if err := json.Unmarshal([]byte(succeed(t, "doctor", "--json")), &r); err != nil {
		t.Fatal(err)
	}
	if !r.OK || r.Command != "doctor" || r.Go != runtime.Version() || r.Platform != runtime.GOOS+"/"+runtime.GOARCH || r.Cores < 1 || r.Backend != backend() {
		t.Errorf("%+v", r)
	}
	if cases := selfcheck.Cases(); len(r.Checks) != 2+len(cases) || len(r.Speed) != len(cases) {
		t.Errorf("%d checks and %d speeds for %d runs", len(r.Checks), len(r.Speed), len(cases))
	}
	for _, s := range r.Speed {
		if s.Regions != 84 || !(s.Step > 0 && s.Gradient > 0) {
			t.Errorf("%+v", s)
		}
	}
	if exists(".probe-*") {
		t.Error("the probe is still there")
	}
}

// examine runs a doctor on an invented machine with one case, and returns its text without the measured times.
func examine(t *testing.T, info machine.Info, folder string, change func(c *selfcheck.Case)) (text string, err error) {
	t.Helper()
	c := selfcheck.Cases()[0]
	change(&c)
	var stdout, stderr bytes.Buffer
	d := &doctor{cases: []selfcheck.Case{c}, folder: folder, machine: func() machine.Info { return info }}
	err = d.do(t.Context(), &stdout, &stderr)
	if stderr.Len() > 0 {
		t.Errorf("standard error: %s", stderr.String())
	}
	return regexp.MustCompile(`[0-9.e+]+ µs`).ReplaceAllString(stdout.String(), "T µs"), err
}

func TestDoctorText(t *testing.T) {
	t.Setenv("GOGC", "200")
	good := machine.Info{Processor: "A Processor", Features: []string{"AVX2", "FMA"}, Memory: 8 << 30, Available: 6 << 30}
	tail := "\nReducedWongWang Heun: T µs a step, T µs with its part of a gradient\n"
	text, err := examine(t, good, t.TempDir(), func(*selfcheck.Case) {})
	head, rest, _ := strings.Cut(text, "processor ")
	want := `   A Processor
features     AVX2 FMA
cores        ` + fmt.Sprintf("%d, of which %d are used (GOMAXPROCS)", runtime.NumCPU(), min(runtime.NumCPU(), runtime.GOMAXPROCS(0))) + `
memory       8.0 GiB, 6.0 GiB available
backend      ` + backend() + `
environment  GOGC=200

ok     memory: 6.0 GiB available
ok     folder: the present folder can be written
ok     bits of ReducedWongWang Heun: run and gradient are those of every platform
` + tail
	if rest != want || err != nil || !strings.HasPrefix(head, "neurograd    "+version()) || !strings.Contains(head, "\ngo           "+runtime.Version()+", "+runtime.GOOS+"/"+runtime.GOARCH) {
		t.Errorf("error %v, got\n%s\nwant …\n%s", err, text, want)
	}

	poor := machine.Info{Memory: 4 << 30, Available: 300 << 20}
	text, err = examine(t, poor, "absent", func(c *selfcheck.Case) { c.Gradient ^= 1 })
	_, rest, _ = strings.Cut(text, "processor ")
	_, rest, _ = strings.Cut(rest, "memory  ")
	want = `     4.0 GiB, 0.3 GiB available
backend      ` + backend() + `
environment  GOGC=200

FAILS  memory: 0.3 GiB available
       a gradient keeps up to 512 MiB unless --memory says otherwise: free some memory, or give a smaller --memory, such as --memory 64
FAILS  folder: the present folder cannot be written: no such file or directory
       results go to neurograd-out in the present folder: change to another, or name one by --out
FAILS  bits of ReducedWongWang Heun: the gradient hashes to 0xaeb7a3c210f921e5, wanted 0xaeb7a3c210f921e4
       results of this program cannot be trusted on this machine: build it anew with an unchanged compiler, and report this output
` + tail
	if runtime.GOOS == "windows" {
		want = strings.Replace(want, "no such file or directory", "The system cannot find the path specified.", 1)
	}
	if rest != want || fmt.Sprint(err) != "3 of 3 checks fail" || report(&bytes.Buffer{}, "doctor", err) != exitFailed {
		t.Errorf("error %v, got\n%s\nwant …\n%s", err, text, want)
	}
	if !strings.Contains(text, "\nprocessor    not known\nfeatures     not known (without FMA, which is then computed in software, much slower)\n") {
		t.Errorf("got\n%s", text)
	}
}

// What went wrong in a check is what the check found.
func TestCheckBits(t *testing.T) {
	for _, c := range []struct {
		change func(c *selfcheck.Case)
		want   string
	}{
		{func(c *selfcheck.Case) { c.Run ^= 1 }, "the run hashes to 0x2abd5f992efeb454, wanted 0x2abd5f992efeb455"},
		{func(c *selfcheck.Case) { c.Run, c.Gradient = 1, 2 }, "run and gradient hash to 0x2abd5f992efeb454 and 0xaeb7a3c210f921e5, wanted 0x1 and 0x2"},
		{func(c *selfcheck.Case) { c.Step = -1 }, "network: "},
	} {
		of := selfcheck.Cases()[0]
		c.change(&of)
		if got := checkBits(t.Context(), of); got.OK || !strings.HasPrefix(got.Found, c.want) || got.Remedy == "" {
			t.Errorf("got %+v, want %q", got, c.want)
		}
	}
}

// Where the environment wants a backend that there is not, that alone fails, and its remedy is one of the command line.
func TestNoBackend(t *testing.T) {
	inFolder(t)
	wanted := []string{"avx"}
	if !machine.AVX512() {
		wanted = append(wanted, "avx512")
	}
	for _, name := range wanted {
		t.Setenv("NEUROGRAD_BACKEND", name)
		_, stderr, code := neurograd(t, "run", "--no-plots")
		lines := strings.Split(strings.TrimSpace(stderr), "\n")
		if code != exitInput || len(lines) != 2 || !strings.Contains(lines[0], `NEUROGRAD_BACKEND is "`+name+`"`) || !strings.HasPrefix(lines[1], "leave it unset") {
			t.Errorf("exit code %d, %s", code, stderr)
		}
		text, err := examine(t, machine.Info{}, t.TempDir(), func(*selfcheck.Case) {})
		if want := `FAILS  backend: network: NEUROGRAD_BACKEND is "` + name + `"`; !strings.Contains(text, want) || !strings.Contains(text, "\n       leave it unset") || fmt.Sprint(err) != "1 of 3 checks fail" {
			t.Errorf("error %v, got\n%s\nwant %s", err, text, want)
		}
	}
}
