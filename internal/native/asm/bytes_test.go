package asm

import (
	"bytes"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// TestSameBytesAsGo writes every form of every instruction, with every register in every place and every kind of
// address, and compares the bytes with those of Go's assembler.
func TestSameBytesAsGo(t *testing.T) {
	var cases []operandCase
	for i := range table {
		for k := range table[i].forms {
			f := &table[i].forms[k]
			if f.enc == "D" {
				continue // jumps have a test of their own
			}
			for _, l := range []lengths{l128, l256, l512} {
				if (f.vex|f.evex)&l != 0 || f.vex|f.evex == 0 && l == l128 {
					cases = append(cases, formCases(Inst(i), f, l)...)
				}
			}
		}
	}
	var lines []string
	for _, c := range cases {
		lines = append(lines, goLine(c))
	}
	want := goBytes(t, lines)
	wrong := 0
	for i, c := range cases {
		var a Assembler
		a.Words(1, 2, 3, 4, 5, 6, 7, 8)
		a.Emit(c.inst, c.ops...)
		if a.err != nil {
			t.Fatalf("%s: %v", lines[i], a.err)
		}
		if !bytes.Equal(a.code, want[i]) {
			t.Errorf("%-50s % x, Go's assembler has % x", lines[i], a.code, want[i])
			if wrong++; wrong > 60 {
				t.Fatal("and more")
			}
		}
	}
	t.Logf("%d instructions", len(cases))
}

// listed is an instruction of the listing of go tool asm -S, dumped a line of the bytes of a function.
var (
	listed = regexp.MustCompile(`^\t0x([0-9a-f]+) \d+ \([^)]*:(\d+)\)\t`)
	dumped = regexp.MustCompile(`^\t0x[0-9a-f]+ ((?:[0-9a-f]{2} )+) `)
)

// goBytes assembles lines with Go's assembler for amd64, which runs on every machine.
func goBytes(t *testing.T, lines []string) [][]byte {
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("the go command is not on the PATH: nothing to assemble with")
	}
	const header = "#include \"textflag.h\"\nDATA constant<>+0(SB)/8, $1\nGLOBL constant<>(SB), RODATA, $64\nTEXT ·f(SB), NOSPLIT|NOFRAME, $0\n"
	first := strings.Count(header, "\n") + 1
	folder := t.TempDir()
	source := filepath.Join(folder, "f.s")
	if err := os.WriteFile(source, []byte(header+strings.Join(lines, "\n")+"\nRET\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(goTool, "tool", "asm", "-S", "-p", "f", "-I", filepath.Join(runtime.GOROOT(), "pkg", "include"), "-o", filepath.Join(folder, "f.o"), source)
	cmd.Env = append(os.Environ(), "GOARCH=amd64", "GOOS=linux")
	var failed bytes.Buffer
	cmd.Stderr = &failed
	listing, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%.3000s", cmd.Args, err, failed.String())
	}
	starts, code := readListing(t, listing, first, len(lines)+1)
	list := make([][]byte, len(lines))
	for i := range lines {
		list[i] = code[starts[i]:starts[i+1]]
	}
	return list
}

// readListing returns the function's bytes and where in them the instructions of its source lines start.
func readListing(t *testing.T, listing []byte, first, count int) (starts []int, code []byte) {
	starts = make([]int, count)
	seen := 0
	inside := false
	for line := range strings.Lines(string(listing)) {
		if line[0] != '\t' {
			inside = strings.Contains(line, " STEXT ")
		} else if m := listed.FindStringSubmatch(line); m != nil {
			number, _ := strconv.Atoi(m[2])
			at, _ := strconv.ParseInt(m[1], 16, 32)
			if i := number - first; i >= 0 && i < count {
				starts[i] = int(at)
				seen++
			}
		} else if m := dumped.FindStringSubmatch(line); m != nil && inside {
			b, err := hex.DecodeString(strings.ReplaceAll(m[1], " ", ""))
			if err != nil {
				t.Fatal(err)
			}
			code = append(code, b...)
		}
	}
	if seen != count {
		t.Fatalf("the listing of Go's assembler has %d instructions of %d: is it still understood?", seen, count)
	}
	return starts, code
}
