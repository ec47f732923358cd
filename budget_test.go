package neurograd_test

import (
	"go/ast"
	"testing"
)

const (
	maxLines      = 300 // of a file
	maxModelLines = 80  // of a model or coupling
)

// long are the files that may be longer than maxLines, with the reason.
var long = map[string]string{
	"ad/parse.go": "one recursive-descent grammar, read top to bottom",
}

func TestFileLength(t *testing.T) {
	excepted := map[string]bool{}
	for _, f := range mustSources(t) {
		n := f.lines()
		if _, ok := long[f.path]; ok {
			excepted[f.path] = n > maxLines
			continue
		}
		if n > maxLines {
			t.Errorf("%s has %d lines, at most %d: split it by concept, or give a reason in the list", f.path, n, maxLines)
		}
	}
	for path := range long {
		if !excepted[path] {
			t.Errorf("%s is excepted, but not longer than %d lines or gone: take it off the list", path, maxLines)
		}
	}
}

// TestListed checks that a kind of thing that is declared as data has one short file each and stands in
// the kind's list All.
func TestListed(t *testing.T) {
	for _, kind := range []struct{ pkg, result string }{{"models", "Model"}, {"coupling", "Coupling"}} {
		listed := map[string]bool{}
		byFile := map[string]string{}
		var found []string
		for _, f := range mustSources(t) {
			if f.pkg != kind.pkg {
				continue
			}
			for _, d := range f.ast.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Recv != nil || !fn.Name.IsExported() {
					continue
				}
				if fn.Name.Name == "All" {
					ast.Inspect(fn.Body, func(n ast.Node) bool {
						if call, ok := n.(*ast.CallExpr); ok {
							if name, ok := call.Fun.(*ast.Ident); ok {
								listed[name.Name] = true
							}
						}
						return true
					})
					continue
				}
				if !returns(fn, kind.result) {
					continue
				}
				found = append(found, fn.Name.Name)
				if other, ok := byFile[f.path]; ok {
					t.Errorf("%s holds both %s and %s: one file each", f.path, other, fn.Name.Name)
				}
				byFile[f.path] = fn.Name.Name
				if n := f.lines(); n > maxModelLines {
					t.Errorf("%s has %d lines, at most %d for a declaration", f.path, n, maxModelLines)
				}
			}
		}
		if len(found) == 0 {
			t.Errorf("package %s has no function that returns a %s", kind.pkg, kind.result)
		}
		for _, name := range found {
			if !listed[name] {
				t.Errorf("%s.%s is not in %s.All", kind.pkg, name, kind.pkg)
			}
		}
	}
}

// returns reports whether a function's only result is of that type of its package.
func returns(fn *ast.FuncDecl, typeName string) bool {
	results := fn.Type.Results
	if results == nil || len(results.List) != 1 {
		return false
	}
	name, ok := results.List[0].Type.(*ast.Ident)
	return ok && name.Name == typeName
}
