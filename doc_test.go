package neurograd_test

import (
	"go/ast"
	"go/token"
	"testing"
)

// TestDocComments checks that every package and every exported name of the module is explained where it
// is declared: functions, methods of exported types, types, constants and variables (for these the
// comment of the group or at the end of the line will do).
//
// Without a comment may stay Error, String and the like of standard interfaces, and the methods of a type
// that implements an explained interface of its own package, listed below.
func TestDocComments(t *testing.T) {
	files := mustSources(t)
	explained := map[string]bool{}
	for _, f := range files {
		explained[f.pkg] = explained[f.pkg] || f.ast.Doc != nil
		if f.ast.Name.Name == "main" {
			continue
		}
		for _, d := range f.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Doc == nil && d.Name.IsExported() && needsDoc(f.pkg, d) {
					t.Errorf("%s:%d: %s has no doc comment", f.path, f.line(d), d.Name.Name)
				}
			case *ast.GenDecl:
				checkGroup(t, f, d)
			}
		}
	}
	for pkg, ok := range explained {
		if !ok {
			t.Errorf("package %q has no package comment", pkg)
		}
	}
}

// standard are methods that the interfaces of the standard library explain.
var standard = map[string]bool{"Error": true, "String": true, "Unwrap": true, "UnmarshalJSON": true, "MarshalJSON": true}

// implementations are types whose methods an interface of their package explains.
var implementations = map[string]string{
	"internal/program.Scalar":  "Machine",
	"internal/program.Builder": "Machine",
}

func needsDoc(pkg string, d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	receiver := d.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if generic, ok := receiver.(*ast.IndexExpr); ok {
		receiver = generic.X
	}
	name, ok := receiver.(*ast.Ident)
	return ok && name.IsExported() && !standard[d.Name.Name] && implementations[pkg+"."+name.Name] == ""
}

func checkGroup(t *testing.T, f sourceFile, d *ast.GenDecl) {
	if d.Tok == token.IMPORT {
		return
	}
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
				t.Errorf("%s:%d: type %s has no doc comment", f.path, f.line(s), s.Name.Name)
			}
		case *ast.ValueSpec:
			if d.Doc != nil || s.Doc != nil || s.Comment != nil {
				continue
			}
			for _, name := range s.Names {
				if name.IsExported() {
					t.Errorf("%s:%d: %s has no doc comment", f.path, f.line(name), name.Name)
				}
			}
		}
	}
}
