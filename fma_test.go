package neurograd_test

import (
	"bufio"
	"bytes"
	"go/ast"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A compiler for arm64, or for amd64 from v3 on, may contract x*y + z to a fused multiply-add, which rounds
// once instead of twice, so that the same program would give other bits there. Go forbids that where the
// product is converted, float64(x*y) + z. The tests of this file look for places where the conversion was
// forgotten: at every fused instruction that was compiled, the source must say math.FMA.

// fusedTargets are builds for which the compiler contracts.
var fusedTargets = []struct {
	name        string
	environment []string
	instruction *regexp.Regexp
}{
	{"arm64", []string{"GOARCH=arm64"}, regexp.MustCompile(`^FN?M(ADD|SUB)[SD]$`)},
	{"amd64 v3", []string{"GOARCH=amd64", "GOAMD64=v3"}, regexp.MustCompile(`^VFN?M(ADD|SUB)[0-9]+S[SD]$`)},
}

// borrowed are packages whose arithmetic is that of a large library, which would have to be compiled, too.
var borrowed = []string{"observe/lossgraph", "sweep/parquet"}

func TestFusedOnlyWhereWritten(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("the go command is not on the PATH: nothing to compile with")
	}
	text := sourceLines(t)
	var targets []string
	for _, p := range packages(mustSources(t)) {
		if decides(p) && !slices.Contains(borrowed, p) {
			targets = append(targets, "./"+p)
		}
	}
	for _, target := range fusedTargets {
		t.Run(target.name, func(t *testing.T) {
			t.Parallel()
			seen := 0
			for _, at := range fusedPositions(t, goTool, targets, target.environment, target.instruction) {
				line, ok := text[at]
				if ok && strings.Contains(line, "math.FMA(") {
					seen++
					continue
				}
				if file, _, _ := strings.Cut(at, ":"); inexactIn[file] != "" {
					continue
				}
				t.Errorf("%s: a product and a sum are fused; write math.FMA or float64(product): %s", at, strings.TrimSpace(line))
			}
			if seen == 0 {
				t.Error("not even math.FMA gave a fused instruction: the listing is not understood")
			}
		})
	}
}

// fusedPositions are the positions "file:line" of the fused instructions in the compiler's listing.
func fusedPositions(t *testing.T, goTool string, targets, environment []string, instruction *regexp.Regexp) []string {
	cmd := exec.Command(goTool, append([]string{"build", "-gcflags=-S"}, targets...)...)
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux"), environment...)
	listing, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, listing[max(0, len(listing)-2000):])
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	var positions []string
	known := map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(listing))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		// offset, count, (file:line), instruction, operands, separated by tabs but for the second blank
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[2], "(") || !instruction.MatchString(fields[3]) {
			continue
		}
		at := strings.Trim(fields[2], "()")
		if rel, err := filepath.Rel(root, at); err == nil {
			at = filepath.ToSlash(rel)
		}
		if !known[at] {
			known[at] = true
			positions = append(positions, at)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return positions
}

// sourceLines are the lines of the module's sources by "file:line".
func sourceLines(t *testing.T) map[string]string {
	text := map[string]string{}
	for _, f := range mustSources(t) {
		data, err := os.ReadFile(filepath.FromSlash(f.path))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(data), "\n") {
			text[f.path+":"+strconv.Itoa(i+1)] = line
		}
	}
	return text
}

// TestNoProductBesideFMA covers what the listing cannot tell: a line that says math.FMA and has a bare
// product in a sum as well. Index expressions are integers and pass.
func TestNoProductBesideFMA(t *testing.T) {
	for _, f := range mustSources(t) {
		if !decides(f.pkg) {
			continue
		}
		calls := map[int]bool{}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "FMA" {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "math" {
					calls[f.line(s)] = true
				}
			}
			return true
		})
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.IndexExpr, *ast.SliceExpr:
				return false
			case *ast.BinaryExpr:
				if (n.Op == token.ADD || n.Op == token.SUB) && (isProduct(n.X) || isProduct(n.Y)) && calls[f.line(n)] {
					t.Errorf("%s:%d: a bare product in a sum beside math.FMA; write float64(product)", f.path, f.line(n))
				}
			}
			return true
		})
	}
}

func isProduct(e ast.Expr) bool {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.UnaryExpr:
			e = x.X
		case *ast.BinaryExpr:
			return x.Op == token.MUL
		default:
			return false
		}
	}
}
