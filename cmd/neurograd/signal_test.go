package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// asProgram makes the test binary be the program.
const asProgram = "NEUROGRAD_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// Ctrl-C at work, as a process: the best parameters are kept and the exit code is 130.
func TestCtrlC(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot send Ctrl-C to another there")
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	inFolder(t)
	// A fit that would take minutes.
	cmd := exec.Command(binary, "fit", "--connectome", "three.npz", "--steps-scalar", "1000000")
	cmd.Env = append(os.Environ(), asProgram+"=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if strings.HasPrefix(strings.TrimLeft(lines.Text(), " "), "step      10/") {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	cmd.Wait() // the exit code is looked at
	want := "neurograd fit: interrupted; the best parameters so far (loss 0."
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.HasPrefix(stderr.String(), want) {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	if !exists(filepath.Join("neurograd-out", "parameters.json")) {
		t.Error("no parameters.json")
	}
	if left, _ := filepath.Glob("neurograd-out/.*"); len(left) > 0 {
		t.Errorf("temporary files %v", left)
	}
}
