package neurograd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
)

const modulePath = "github.com/neurograd/neurograd"

// sourceFile is a parsed Go file of the module that is no test.
type sourceFile struct {
	path string // from the module's root, with slashes
	pkg  string // the folder: "" for the root
	ast  *ast.File
	set  *token.FileSet
}

// line is the line number of a node.
func (f sourceFile) line(n ast.Node) int { return f.set.Position(n.Pos()).Line }

// lines is the number of lines of the file.
func (f sourceFile) lines() int { return f.set.File(f.ast.FileStart).LineCount() }

// sources parses every Go file of the module but the tests.
var sources = sync.OnceValues(func() ([]sourceFile, error) {
	var files []sourceFile
	set := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && path != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "neurograd-out") {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		slashed := filepath.ToSlash(path)
		folder := ""
		if i := strings.LastIndexByte(slashed, '/'); i >= 0 {
			folder = slashed[:i]
		}
		files = append(files, sourceFile{path: slashed, pkg: folder, ast: file, set: set})
		return nil
	})
	return files, err
})

func mustSources(t *testing.T) []sourceFile {
	t.Helper()
	files, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no Go files found: run the test in the module's root")
	}
	return files
}

// packages are the folders that hold Go files.
func packages(files []sourceFile) []string {
	seen := map[string]bool{}
	for _, f := range files {
		seen[f.pkg] = true
	}
	var list []string
	for p := range seen {
		list = append(list, p)
	}
	sort.Strings(list)
	return list
}
