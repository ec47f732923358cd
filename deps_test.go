package neurograd_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rule says what of this module a package may import.
type rule struct {
	pkg  string
	from []string
}

// allowed is the import direction: a package imports only what its row lists, and a row lists only
// packages of rows above it. Only internal/disturb lists internal/golden, and nothing that: both are for tests.
var allowed = []rule{
	{"", nil},
	{"internal/golden", nil},
	{"internal/disturb", []string{"internal/golden"}},
	{"internal/suggest", nil},
	{"internal/wholefile", nil},
	{"internal/recent", nil},
	{"internal/intern", nil},
	{"internal/machine", nil},
	{"internal/cores", nil},
	{"internal/program", []string{"internal/intern"}},
	{"internal/npz", []string{"internal/suggest"}},
	{"internal/program/programtest", []string{"internal/program"}},
	{"internal/aligned", nil},
	{"internal/describe", nil},
	{"internal/native/asm", []string{"internal/intern"}},
	{"internal/native/loader", nil},
	{"internal/native", []string{"internal/intern", "internal/program", "internal/machine", "internal/aligned", "internal/native/asm", "internal/native/loader"}},
	{"internal/elem", []string{"internal/program"}},
	{"internal/philox", []string{"internal/program", "internal/aligned", "internal/native", "internal/elem"}},
	{"ad", []string{"internal/suggest", "internal/intern", "internal/program", "internal/elem"}},
	{"param", []string{"internal/suggest", "internal/program", "internal/elem"}},
	{"graph", []string{"internal/suggest", "internal/program", "internal/elem", "internal/philox", "internal/npz", "internal/wholefile"}},
	{"models", []string{"param"}},
	{"coupling", []string{"param"}},
	{"noise", []string{"internal/philox"}},
	{"space", []string{"internal/suggest", "internal/program", "internal/elem", "internal/philox", "param"}},
	{"stimulus", []string{"param"}},
	{"solver", []string{"ad"}},
	{"internal/engine", []string{"internal/cores", "internal/recent", "internal/program", "internal/aligned", "internal/native", "ad"}},
	{"network", []string{"internal/suggest", "internal/describe", "internal/cores", "internal/recent", "internal/program", "internal/native", "ad", "param", "graph", "models", "coupling", "noise", "stimulus", "solver", "internal/engine"}},
	{"internal/selfcheck", []string{"param", "graph", "models", "coupling", "noise", "solver", "network"}},
	{"observe", []string{"network"}},
	{"observe/lossgraph", []string{"internal/suggest", "param", "network", "observe"}},
	{"optim", []string{"param", "network"}},
	{"space", []string{"internal/suggest", "internal/program", "internal/elem", "internal/philox", "param"}},
	{"sweep", []string{"internal/suggest", "internal/describe", "internal/wholefile", "internal/npz", "param", "network", "observe", "space"}},
	{"sweep/parquet", []string{"sweep"}},
	{"callbacks", []string{"internal/wholefile", "param", "optim"}},
	{"plot", []string{"internal/wholefile"}},
	{"tutorials/get_started", public},
	{"tutorials/axes_and_spaces", public},
	{"tutorials/custom_loss", append([]string{"observe/lossgraph"}, public...)},
	{"cmd/neurograd", append([]string{"space", "sweep", "sweep/parquet", "internal/suggest", "internal/npz", "internal/wholefile", "internal/machine", "internal/native", "internal/selfcheck"}, public...)},
	{"bench/internal/phase", append([]string{"internal/program", "internal/native", "internal/engine"}, public...)},
	{"bench/phases", append([]string{"bench/internal/phase", "internal/program", "internal/native"}, public...)},
	{"bench/limits", append([]string{"bench/internal/phase", "internal/native", "internal/machine"}, public...)},
	{"bench/growth", append([]string{"bench/internal/phase", "internal/machine"}, public...)},
	{"bench/peers", append([]string{"bench/internal/phase", "internal/machine"}, public...)},
}

// public is what a user's program may import, but for observe/lossgraph: that brings in gorgonia, which most
// programs, the command among them, are better off without.
var public = []string{"ad", "param", "graph", "models", "coupling", "noise", "space", "stimulus", "solver", "network", "observe", "optim", "sweep", "callbacks", "plot"}

// foreign are the modules outside of this one and the standard library, by the only packages that may import
// them, so that programs that use none of these packages do not link them.
var foreign = map[string][]string{
	"gonum.org/v1/plot":                  {"plot"},
	"gonum.org/v1/gonum":                 {"tutorials/axes_and_spaces"}, // distributions for draws
	"golang.org/x/sys":                   {"internal/machine", "sweep"},
	"github.com/parquet-go/parquet-go":   {"sweep/parquet"},
	"gorgonia.org/gorgonia":              {"observe/lossgraph", "tutorials/custom_loss"},
	"gorgonia.org/tensor":                {"observe/lossgraph"},
	"github.com/chewxy/hm":               {"observe/lossgraph"}, // types of gorgonia's operations
	"go4.org/unsafe/assume-no-moving-gc": {"observe/lossgraph"},
}

func TestImports(t *testing.T) {
	files := mustSources(t)
	rules := map[string][]string{}
	for _, r := range allowed {
		for _, p := range r.from {
			if _, above := rules[p]; !above {
				t.Errorf("the row of %q lists %q, which no row above it has", r.pkg, p)
			}
		}
		rules[r.pkg] = r.from
	}
	there := packages(files)
	for _, p := range there {
		if _, ok := rules[p]; !ok {
			t.Errorf("package %q has no row in the table: add one with what it may import", p)
		}
	}
	for p := range rules {
		if !slices.Contains(there, p) {
			t.Errorf("the row of %q is of no package: take it out", p)
		}
	}
	for _, f := range files {
		for _, spec := range f.ast.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if why := refuse(f.pkg, path, rules[f.pkg]); why != "" {
				t.Errorf("%s:%d: %s", f.path, f.line(spec), why)
			}
		}
	}
}

// refuse says why a package may not import a path; "" if it may.
func refuse(pkg, path string, from []string) string {
	if inside, ok := strings.CutPrefix(path, modulePath+"/"); ok {
		if !slices.Contains(from, inside) {
			return strconv.Quote(pkg) + " must not import " + strconv.Quote(inside)
		}
		return ""
	}
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return "" // the standard library
	}
	for module, owners := range foreign {
		if path == module || strings.HasPrefix(path, module+"/") {
			if slices.Contains(owners, pkg) {
				return ""
			}
			return "only " + strings.Join(owners, " and ") + " may import " + module
		}
	}
	return path + " is not among the dependencies"
}

func TestRefuse(t *testing.T) {
	for _, c := range []struct {
		pkg, path string
		from      []string
		refused   bool
	}{
		{"ad", "fmt", nil, false},
		{"ad", modulePath + "/internal/elem", []string{"internal/elem"}, false},
		{"ad", modulePath + "/network", []string{"internal/elem"}, true},
		{"plot", "gonum.org/v1/plot/vg", nil, false},
		{"network", "gonum.org/v1/plot/vg", nil, true},
		{"plot", "gonum.org/v1/plotter", nil, true},
		{"space", "gonum.org/v1/gonum/stat/distuv", nil, true},
		{"observe/lossgraph", "gorgonia.org/tensor", nil, false},
		{"tutorials/custom_loss", "gorgonia.org/gorgonia", nil, false},
		{"observe", "gorgonia.org/gorgonia", nil, true},
		{"internal/machine", "golang.org/x/sys/cpu", nil, false},
		{"network", "golang.org/x/sys/cpu", nil, true},
		{"optim", "golang.org/x/exp/rand", nil, true},
	} {
		if got := refuse(c.pkg, c.path, c.from) != ""; got != c.refused {
			t.Errorf("%s importing %s: refused %v, want %v", c.pkg, c.path, got, c.refused)
		}
	}
}
