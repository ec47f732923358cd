package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

//go:embed peer.py
var script string

// process is one side at work: this program or the peer's script.
type process struct {
	name  string
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	first float64 // seconds from the start of the process to its first result
}

// start starts a side and waits for its first result. On a machine of more than two cores it gets two, if it can be
// told so.
func start(name string, w workload, env []string, command ...string) (*process, error) {
	if _, err := exec.LookPath("taskset"); err == nil && runtime.NumCPU() > 2 {
		command = append([]string{"taskset", "-c", "0,1"}, command...)
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env, cmd.Stderr = append(os.Environ(), env...), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	job, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	p := &process{name: name, cmd: cmd, in: in, out: bufio.NewReader(out)}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("peers: %w", err)
	}
	_, err = p.ask(string(job))
	p.first = time.Since(began).Seconds()
	if err != nil {
		p.stop()
	}
	return p, err
}

// ask sends a line and reads the answer.
func (p *process) ask(line string) (a answer, err error) {
	if _, err := fmt.Fprintln(p.in, line); err != nil {
		return a, fmt.Errorf("peers: %s does not listen, its errors are above: %w", p.name, err)
	}
	text, err := p.out.ReadBytes('\n')
	if err != nil {
		return a, fmt.Errorf("peers: %s gave no answer, its errors are above: %w", p.name, err)
	}
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fmt.Errorf("peers: %s said %q: %w", p.name, text, err)
	}
	return a, nil
}

func (p *process) stop() {
	p.in.Close()
	_ = p.cmd.Wait() // its errors stand on stderr
}

// peak is the largest memory that the process has held so far, MB; 0 where the system does not tell.
func (p *process) peak() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if kb, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			v, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(kb), " kB"), 64)
			return v * 1024 / 1e6
		}
	}
	return 0
}
