package neurograd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadme runs the program of README.md and compares what it prints with what the page says.
func TestReadme(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("the go command is not on the PATH: nothing to run the program with")
	}
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(page), "\r\n", "\n")
	program, rest := fenced(t, text, "```go\n")
	want, _ := fenced(t, rest, "```\n")
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(goTool, "run", file) // in the module's root, where its imports are found
	var stderr strings.Builder
	cmd.Stderr = &stderr
	got, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	if string(got) != want {
		t.Errorf("the program prints\n%swanted, as on the page,\n%s", got, want)
	}
}

// fenced is the first block that the line opens, and the text after it.
func fenced(t *testing.T, text, opening string) (block, rest string) {
	_, after, found := strings.Cut(text, opening)
	block, rest, closed := strings.Cut(after, "```\n")
	if !found || !closed {
		t.Fatalf("README.md has no block %q", opening)
	}
	return block, rest
}

// TestLinks checks that the files that the pages link to exist.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "README.md", "CHANGELOG.md", "bench/README.md") {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, part := range strings.Split(string(data), "](")[1:] {
			target, _, ok := strings.Cut(part, ")")
			if target, _, _ = strings.Cut(target, "#"); !ok || target == "" || strings.Contains(target, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), filepath.FromSlash(target))); err != nil {
				t.Errorf("%s links to %s, which is not there", page, target)
			}
		}
	}
}
