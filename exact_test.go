package neurograd_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// decides lists the packages whose code decides the bits of results: all but those that only draw,
// print or measure.
func decides(pkg string) bool {
	for _, p := range []string{"", "plot", "cmd", "tutorials", "bench", "internal/golden", "internal/program/programtest"} {
		if pkg == p || p != "" && strings.HasPrefix(pkg, p+"/") {
			return false
		}
	}
	return true
}

// exact are the functions of package math that are exact or correctly rounded, hence the same on every
// architecture, and its names that compute nothing. Others (Exp, Pow, Sin …) differ in the last bit
// between architectures: elementary functions come from internal/elem.
var exact = strings.Fields(`Abs Ceil Copysign FMA Floor Float64bits Float64frombits Inf IsInf IsNaN Max Min NaN
	Float32bits Float32frombits Nextafter Round RoundToEven Signbit Sqrt Trunc
	E MaxFloat64 MaxInt MaxInt32 MaxInt64 MaxUint32 MinInt Pi SmallestNonzeroFloat64`)

// inexactIn are the files that may use all of package math, with the reason.
var inexactIn = map[string]string{
	"ad/op.go":      "the value functions of the operations are the oracle of the tests and of error reports, never of a result",
	"ad/optable.go": "as ad/op.go",
}

func TestNoInexactMath(t *testing.T) {
	used := map[string]bool{}
	for _, f := range mustSources(t) {
		if !decides(f.pkg) {
			continue
		}
		for _, spec := range f.ast.Imports {
			if path := strings.Trim(spec.Path.Value, `"`); strings.HasPrefix(path, "math/rand") || path == "math/cmplx" {
				t.Errorf("%s:%d imports %s: random numbers come from internal/philox, functions from internal/elem", f.path, f.line(spec), path)
			}
			if spec.Name != nil && spec.Path.Value == `"math"` {
				t.Errorf("%s:%d: import math under its own name, this test looks for it", f.path, f.line(spec))
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok || slices.Contains(exact, s.Sel.Name) {
				return true
			}
			if x, ok := s.X.(*ast.Ident); !ok || x.Name != "math" {
				return true
			}
			if inexactIn[f.path] == "" {
				t.Errorf("%s:%d uses math.%s, which is not known to be exact: take it from internal/elem", f.path, f.line(s), s.Sel.Name)
			}
			used[f.path] = true
			return true
		})
	}
	for path := range inexactIn {
		if !used[path] {
			t.Errorf("%s is excepted, but uses nothing inexact: take it off the list", path)
		}
	}
}
