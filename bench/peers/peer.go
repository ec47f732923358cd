package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

//go:embed getstarted.py
var script string

// peer is a running getstarted.py.
type peer struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// startPeer starts the script and waits until it has compiled all cases.
func startPeer(python string) (*peer, error) {
	if python == "" {
		return nil, errors.New("peers: no -python given; make an environment by bench/peers/setup.sh DIR and give DIR/bin/python")
	}
	cmd := exec.Command(python, "-c", script)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("peers: %w", err)
	}
	p := &peer{cmd, in, bufio.NewReader(out)}
	g := connectome()
	job := map[string]any{"weights": square(g.N(), g.Weights()), "lengths": square(g.N(), g.Lengths()), "cases": cases}
	if err := json.NewEncoder(in).Encode(job); err != nil {
		return nil, err
	}
	if line, err := p.out.ReadString('\n'); err != nil || line != "ready\n" {
		p.stop()
		return nil, fmt.Errorf("peers: the script said %q, wanted \"ready\"; its errors are above", line)
	}
	return p, nil
}

func (p *peer) stop() {
	p.in.Close()
	_ = p.cmd.Wait() // its errors stand on stderr
}

// run times one warm run of a case.
func (p *peer) run(k int) (seconds, mean float64, err error) {
	if _, err := fmt.Fprintln(p.in, k); err != nil {
		return 0, 0, err
	}
	line, err := p.out.ReadString('\n')
	if err != nil {
		return 0, 0, err
	}
	var answer struct{ Seconds, Mean float64 }
	err = json.Unmarshal([]byte(line), &answer)
	return answer.Seconds, answer.Mean, err
}

// square is a dense graph's list of edges as a matrix [target][source].
func square(n int, values []float64) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = values[i*n : (i+1)*n]
	}
	return rows
}
